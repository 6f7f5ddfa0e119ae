// Data for a small model, in memory: counts that depend on the stimulus.

import { DataLoader, TensorDataset } from '../../../data/index.ts';
import { manualSeed, rand, randn, type Tensor } from '../../../tensor/index.ts';
import { poisson } from '../../../tensor/ops.generated.ts';
import { GroupedDataset } from '../../data/grouped-dataset.ts';
import type { MultiDatasetData } from '../../trainer/trainer-options.ts';
import { SMALL_DATASETS } from './small-model.ts';

type Sample = { readonly stim: Tensor; readonly robs: Tensor; readonly dfs: Tensor; readonly behavior: Tensor };

/** Counts of units that each look at one pixel. */
function samplesOf(rows: number, units: number): TensorDataset<Sample> {
  const stim = randn([rows, 1, 3, 6, 6]);
  const seen = stim.select(1, 0).select(1, 2).reshape([rows, 36]).narrow(1, 14, units); // [rows, units]
  const robs = poisson(seen.mul(0.8).exp());
  return new TensorDataset({ stim, robs, dfs: rand([rows, units]).gt(0.1).to('float32'), behavior: randn([rows, 2]) });
}

/** The same samples every time. */
export function smallData(options: { readonly rows?: number; readonly batch?: number } = {}): MultiDatasetData {
  const { rows = 20, batch = 6 } = options;
  manualSeed(11);
  const datasets = (count: number): Record<string, TensorDataset<Sample>> =>
    Object.fromEntries(SMALL_DATASETS.map(({ session, cids }) => [session, samplesOf(count, cids.length)]));
  const [trainDsets, valDsets] = [datasets(rows), datasets(9)];
  return {
    names: SMALL_DATASETS.map(({ session }) => session),
    trainDsets,
    trainDataloader: () =>
      new DataLoader({ dataset: new GroupedDataset(trainDsets), batchSize: batch, shuffle: true, seed: 2 }),
    valDataloader: () => new DataLoader({ dataset: new GroupedDataset(valDsets), batchSize: batch }),
  };
}
