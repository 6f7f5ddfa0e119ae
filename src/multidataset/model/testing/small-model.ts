// A model of two data sets that trains in no time, and batches for it.

import { manualSeed, rand, randn } from '../../../tensor/index.ts';
import { poisson } from '../../../tensor/ops.generated.ts';
import type { DatasetGroup } from '../../objectives/objective.ts';
import type { MultiDatasetModelOptions } from '../model-options.ts';
import { MultiDatasetModel } from '../multi-dataset-model.ts';

export const SMALL_CONFIG = {
  model_type: 'v1multi',
  frontend: { type: 'none' },
  convnet: {
    type: 'vanilla',
    params: {
      channels: [4],
      block_configs: [{ conv_params: { kernel_size: [2, 3, 3], padding: 0 }, norm_type: 'none', act_type: 'relu' }],
    },
  },
  modulator: { type: 'concat', params: { behavior_dim: 2, encoder_params: { dims: [3] } } },
  readout: { type: 'gaussian', params: { bias: true, initial_std: 0.5, initial_mean_scale: 0.1 } },
  output_activation: 'softplus',
} as const;

export const SMALL_DATASETS = [
  { session: 'Ada_1', cids: [0, 1, 2] },
  { session: 'Ada_2', cids: [5, 9] },
] as const;

export function smallModel(options: Partial<MultiDatasetModelOptions> = {}): MultiDatasetModel {
  manualSeed(4);
  return new MultiDatasetModel({ modelConfig: SMALL_CONFIG, datasetConfigs: SMALL_DATASETS, lr: 1e-2, ...options });
}

/** Samples of a data set. */
export function smallGroup(datasetIdx: number, size = 4): DatasetGroup {
  const units = SMALL_DATASETS[datasetIdx]!.cids.length;
  const dfs = rand([size, units]).gt(0.2).to('float32');
  return {
    ...{ datasetIdx, dfs },
    stim: randn([size, 1, 3, 6, 6]),
    robs: poisson(rand([size, units]).mul(2)),
    behavior: randn([size, 2]),
  };
}
