// The section `slurm` of an experiment with its defaults, in types that need no other package.

import { slurm } from './experiment-schema.ts';
import type { SlurmConfig } from './experiment-types.generated.ts';

type Defaulted =
  | 'nodes'
  | 'ntasksPerNode'
  | 'gpusPerNode'
  | 'requeue'
  | 'signalSec'
  | 'setup'
  | 'isolated'
  | 'extraArgs';

/** How a job is asked for, with all defaults. */
export type SlurmSettings = Omit<SlurmConfig, Defaulted> & {
  readonly [K in Defaulted]-?: NonNullable<SlurmConfig[K]>;
};

/** What an experiment asks for that says nothing. */
export const slurmDefaults = (): SlurmSettings => slurm.parse({});
