// Everything of this package up to the trainer that an experiment can name.

import { callbacks } from './library/callbacks.ts';
import { collates } from './library/collates.ts';
import { datasets } from './library/datasets.ts';
import { losses } from './library/losses.ts';
import { metrics } from './library/metrics.ts';
import { transforms } from './library/transforms.ts';
import type { Parts } from './registry.ts';

/** By kind and name. Optimizers and schedules are those of `optimization/`; the architectures of `sconce/models` are `modelParts` there. */
export const libraryParts: Parts = {
  datasets,
  losses,
  callbacks,
  metrics,
  transforms,
  collates,
};
