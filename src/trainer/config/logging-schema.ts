// The section `logging` of a configuration: what a run writes down, and where.

import { count, flag, section } from './fields.ts';

export const logging = section({
  logScalarsEveryNSteps: count.optional().describe('The same as `logEveryNSteps`'),
  logPerLoaderMetrics: flag
    .default(true)
    .describe("Whether each training loader's own values are logged, as `train/dl_{name}/loss`"),
  logGlobalMetrics: flag.default(true).describe('Whether values over all training loaders are logged, as `train/loss`'),
  logLoaderProportions: flag
    .default(true)
    .describe("Whether an epoch's shares of the loaders are logged under strategy 'weighted'"),
}).describe('What a run writes down');
