// What the numbers against PyTorch (test/parity/multidataset-parts.test.ts) do not tell of modulators: starts, errors of several groups, refusals.
import { expect, test } from 'vitest';
import { ConfigError, ShapeError } from '../../../errors.ts';
import { Dropout } from '../../../nn/index.ts';
import { noGrad, randn, scope } from '../../../tensor/index.ts';
import { stack } from '../../../tensor/ops.generated.ts';
import { MLP } from '../mlp.ts';
import { ConcatModulator } from './concat-modulator.ts';
import { createModulator } from './create-modulator.ts';
import { FiLMModulator } from './film-modulator.ts';
import { PredictiveCodingModulator } from './predictive-coding-modulator.ts';
import { SpatialTransformerModulator } from './spatial-transformer-modulator.ts';

const feats = randn([2, 4, 3, 5, 5]);
const behavior = randn([2, 3]);

test('FiLM and the spatial transformer start as the identity', () => {
  expect(new FiLMModulator(4, { behaviorDim: 3 }).forward(feats, behavior).equal(feats)).toBe(true);
  const transformer = new SpatialTransformerModulator(4, { behaviorDim: 3 });
  expect(transformer.forward(feats, behavior).allclose(feats, { atol: 1e-5 })).toBe(true);
  expect(transformer.theta_head.bias!.toArray()).toEqual([1, 0, 0, 0, 1, 0]);
});

test('predictive coding keeps the errors of every group until they are taken', () => {
  const modulator = new PredictiveCodingModulator(4, { behaviorDim: 3, hiddenDim: 2 });
  const groups = [2, 5, 3].map((size) => ({ feats: randn([size, 4, 3, 4, 4]), behavior: randn([size, 3]) }));
  const outputs = groups.map((group) => modulator.forward(group.feats, group.behavior));
  const errors = modulator.takePredictionErrors();
  expect(errors.map((error) => error.shape)).toEqual([2, 5, 3].map((size) => [size, 4, 1, 4, 4]));
  errors.forEach((error, i) => {
    expect(error.equal(outputs[i]!.narrow(1, 4, 4))).toBe(true);
  });
  expect(modulator.takePredictionErrors()).toEqual([]);

  // The loss of all groups trains what one group alone would train less.
  stack(errors.map((error) => error.square().mean()))
    .mean()
    .backward();
  const together = modulator.beh_emb.weight.grad!.clone();
  const apart = groups.map((group) => {
    modulator.zeroGrad();
    modulator.forward(group.feats, group.behavior);
    modulator.takePredictionErrors()[0]!.square().mean().backward();
    return modulator.beh_emb.weight.grad!.clone();
  });
  expect(together.allclose(stack(apart).mean({ dim: 0 }), { atol: 1e-6 })).toBe(true);
  expect(modulator.output_proj!.weight.grad!.abs().sum().item()).toBeGreaterThan(0);
});

test('predictive coding keeps no errors in evaluation, without gradients, of a copy, and of scopes that have ended', () => {
  const modulator = new PredictiveCodingModulator(4, { behaviorDim: 3 });
  modulator.eval();
  modulator.forward(feats, behavior);
  modulator.train();
  noGrad(() => modulator.forward(feats, behavior));
  expect(modulator.takePredictionErrors()).toEqual([]);
  scope(() => void modulator.forward(feats, behavior));
  expect(modulator.takePredictionErrors()).toEqual([]);
  modulator.forward(feats, behavior);
  expect(modulator.deepCopy().takePredictionErrors()).toEqual([]);
  expect(modulator.takePredictionErrors()).toHaveLength(1);
});

test('createModulator() takes the names of files: n_vars, and a feature_dim that says nothing', () => {
  const made = createModulator({ type: 'concat', params: { n_vars: 3, feature_dim: 128 } }, { featureDim: 4 });
  expect(made.outChannels).toBe(68);
  expect(made.module!.forward(feats, behavior).shape).toEqual([2, 68, 3, 5, 5]);
  expect(createModulator({ type: 'none' }, { featureDim: 4 })).toEqual({ module: undefined, outChannels: 4 });
  expect(createModulator({ type: 'pc' }, { featureDim: 4 }).outChannels).toBe(8);
  expect(createModulator({ type: 'convgru', params: { hidden_dim: null } }, { featureDim: 4 }).outChannels).toBe(4);
});

test('createModulator() names every problem at its place', () => {
  const problemsOf = (type: string, params: Readonly<Record<string, unknown>>): readonly string[] => {
    try {
      createModulator({ type, params }, { featureDim: 4 });
    } catch (error) {
      if (error instanceof ConfigError) return error.problems;
      throw error;
    }
    return [];
  };
  const encoder = { dims: [], activation: 'splitrelu', dropout: 2, type: 'gru', widths: 3 };
  const found = problemsOf('film', { behavior_dim: 0, encoder_params: encoder, dims: [3] });
  expect(found.map((problem) => problem.slice(0, problem.indexOf(':')))).toEqual([
    'modulator.params.behavior_dim',
    'modulator.params.encoder_params.type',
    'modulator.params.encoder_params.dims',
    'modulator.params.encoder_params.activation',
    'modulator.params.encoder_params.dropout',
    'modulator.params.encoder_params.widths',
    'modulator.params.dims',
  ]);
  expect(problemsOf('pc', { kernel_size: 2, hidden_dim: 0, concat_error: 'yes' })).toHaveLength(3);
  expect(problemsOf('concat', { n_vars: 3, behavior_dim: 4 })).toHaveLength(1);
});

test('features and behaviour of other shapes are refused', () => {
  const modulator = new ConcatModulator(4, { behaviorDim: 3 });
  expect(() => modulator.forward(feats, randn([3, 3]))).toThrow(
    new ShapeError('Cannot apply ConcatModulator: expected behavior [2, 3], got [3, 3]'),
  );
  expect(() => modulator.forward(randn([2, 5, 3, 5, 5]), behavior)).toThrow(ShapeError);
  expect(() => new PredictiveCodingModulator(4, { behaviorDim: 3 }).forward(feats.narrow(2, 0, 1), behavior)).toThrow(
    'expected two frames or more',
  );
});

test('an MLP has norms and dropout where it is told, and weights whose gain is at most 1', () => {
  const mlp = new MLP({ inputDim: 3, hiddenDims: [8, 8], outputDim: 2, normType: 'batch', dropout: 0.5 });
  expect(Object.keys(mlp.stateDict())).toEqual([
    ...[0, 1].flatMap((i) =>
      [
        ...['linear.weight', 'linear.bias', 'norm.weight', 'norm.bias', 'norm.running_mean', 'norm.running_var'],
        'norm.num_batches_tracked',
      ].map((name) => `mlp.${i}.${name}`),
    ),
    'mlp.2.weight',
    'mlp.2.bias',
  ]);
  const shares = [...mlp.modules()].flatMap((module) => (module instanceof Dropout ? [module.p] : []));
  expect(shares).toEqual([0.5, 0.5]);
  const spectral = new MLP({ inputDim: 6, outputDim: 6, bias: false, spectralNorm: true });
  expect(Object.keys(spectral.stateDict())).toEqual(['mlp.0.weight_orig', 'mlp.0.weight_u', 'mlp.0.weight_v']);
  for (let i = 0; i < 30; i++) spectral.forward(randn([1, 6]));
  spectral.eval();
  const input = randn([64, 6]);
  const gain = spectral
    .forward(input)
    .norm({ p: 2, dim: 1 })
    .div(input.norm({ p: 2, dim: 1 }));
  expect(gain.max().item()).toBeLessThan(1.001);
  expect(
    () => new MLP({ inputDim: 3, outputDim: 0, hiddenDims: [0], actType: 'splitrelu', normType: 'group' }),
  ).toThrow(/3 problems|4 problems/);
});
