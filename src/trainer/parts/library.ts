// Everything of this package up to the trainer that an experiment can name.

import { callbacks } from './library/callbacks.ts';
import { collates } from './library/collates.ts';
import { datasets } from './library/datasets.ts';
import { losses } from './library/losses.ts';
import { metrics } from './library/metrics.ts';
import { optimizers } from './library/optimizers.ts';
import { schedulers } from './library/schedulers.ts';
import { transforms } from './library/transforms.ts';
import type { Parts } from './registry.ts';

/** By kind and name. The architectures of `sconce/models` are `modelParts` there. */
export const libraryParts: Parts = {
  datasets,
  losses,
  optimizers,
  schedulers,
  callbacks,
  metrics,
  transforms,
  collates,
};
