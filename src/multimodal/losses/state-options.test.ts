// Options of losses of batch statistics that no formula has: what is tracked, how a projection ends, what further losses weigh.
import { expect, test } from 'vitest';
import { manualSeed, randn, tensor } from '../../tensor/index.ts';
import { BarlowTwinsLoss } from './barlow-twins-loss.ts';
import { CombinedLoss } from './combined-loss.ts';
import { DecorrelationLoss } from './decorrelation-loss.ts';

test('DecorrelationLoss({ trackFeatureStats: false }) gives the same loss without statistics', () => {
  const visionFeatures = tensor([[1, 2], [-1, -2], [0.5, 0]]); // biome-ignore format: rows
  const [tracked, bare] = [true, false].map((trackFeatureStats) =>
    new DecorrelationLoss({ trackFeatureStats }).forward({ visionFeatures }),
  );
  expect(tracked!.feature_stats).toMatchObject({ vision_low_var_dims: expect.anything() });
  expect(bare).not.toHaveProperty('feature_stats');
  expect(bare!.loss.item()).toBe(tracked!.loss.item());
});

test('BarlowTwinsLoss({ batchNormLastLayer: false }) ends its projection without a norm', () => {
  manualSeed(1);
  const project = (batchNormLastLayer: boolean) => {
    const loss = new BarlowTwinsLoss({ useProjection: true, inputDim: 3, projectionDim: 4, batchNormLastLayer });
    return loss.vision_projection!.forward(randn([6, 3]));
  };
  const [normed, bare] = [project(true), project(false)].map((output) => output.var({ dim: 0, unbiased: false }));
  for (const variance of normed!.toArray() as number[]) expect(variance).toBeCloseTo(1, 2);
  expect(Math.max(...(bare!.toArray() as number[]).map((variance) => Math.abs(variance - 1)))).toBeGreaterThan(0.1);
});

test('CombinedLoss weighs by secondaryLossWeight and tertiaryLossWeight, 0.5 and 0.3 unless told', () => {
  const visionFeatures = tensor([[1, 2], [-1, -2], [0.5, 0]]); // biome-ignore format: rows
  const part = () => new DecorrelationLoss();
  const one = part().forward({ visionFeatures }).loss.item();
  const lossOf = (weights: object): number => {
    const losses = { primaryLoss: part(), secondaryLoss: part(), tertiaryLoss: part() };
    return new CombinedLoss({ ...losses, ...weights }).forward({ visionFeatures }).loss.item();
  };
  expect(lossOf({})).toBeCloseTo(1.8 * one, 5);
  expect(lossOf({ secondaryLossWeight: 2, tertiaryLossWeight: 0 })).toBeCloseTo(3 * one, 5);
});
