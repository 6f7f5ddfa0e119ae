// Predictive coding in a whole model: its loss goes over all groups of a batch, trains all of it, and nothing of a step is left behind.
import { expect, test } from 'vitest';
import { liveTensors, manualSeed, randn, scope, type Tensor, tensor } from '../../tensor/index.ts';
import { settledTensors } from '../../tensor/testing/settled-tensors.ts';
import type { PredictiveCodingModulator } from '../network/modulators/predictive-coding-modulator.ts';
import { MultiDatasetModel } from './multi-dataset-model.ts';

const none = { type: 'none' };
const modelConfig = {
  model_type: 'v1multi' as const,
  frontend: { type: 'learnable_temporal', params: { kernel_size: 2, num_channels: 3 } },
  convnet: none,
  modulator: { type: 'pc', params: { behavior_dim: 3, hidden_dim: 4 } },
  recurrent: none,
  readout: { type: 'linear' },
  output_activation: 'softplus',
  lambda_pred: 0.5,
};
const datasetConfigs = [
  { session: 'a', cids: [0, 1, 2] },
  { session: 'b', cids: [0, 1] },
];
const group = (datasetIdx: number, size: number) => ({
  stim: randn([size, 1, 4, 5, 5]).mul(datasetIdx + 1),
  behavior: randn([size, 3]),
  robs: randn([size, 3 - datasetIdx]).abs(),
  dfs: tensor(1).expand([size, 1]),
  datasetIdx,
});

test('the auxiliary loss of a batch is the mean over its groups, and trains the projection of the prediction', () => {
  manualSeed(4);
  const model = new MultiDatasetModel({ modelConfig, datasetConfigs });
  const groups = [group(0, 2), group(1, 5)];
  const modulator = model.model.modulator as PredictiveCodingModulator;
  const squares = groups.map(({ stim, behavior }) => {
    modulator.forward(model.model.frontend.forward(stim), behavior);
    return modulator.takePredictionErrors()[0]!.square().mean().item() as number;
  });
  const { loss, aux_loss: auxiliary } = model.trainingStep(groups);
  expect((auxiliary as Tensor).item()).toBeCloseTo((0.5 * (squares[0]! + squares[1]!)) / 2, 5);
  loss.backward();
  for (const [name, parameter] of model.namedParameters())
    expect([name, (parameter.grad?.abs().sum().item() as number) > 0]).toEqual([name, true]);
});

test('steps in scopes leave no error behind, whether or not somebody asks for it', () => {
  const model = new MultiDatasetModel({ modelConfig, datasetConfigs });
  const groups = [group(0, 2), group(1, 2)];
  scope(() => void model.trainingStep(groups).loss.backward());
  const before = settledTensors();
  for (let step = 0; step < 3; step++) {
    scope(() => void model.forward({ stim: groups[0]!.stim, dsIdx: 0, beh: groups[0]!.behavior }));
    scope(() => void model.trainingStep(groups).loss.backward());
  }
  expect(liveTensors()).toBe(before);
});
