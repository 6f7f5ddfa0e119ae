// Losses of pairs beside their formulas: gradients by finite differences, tables that fill and come back, draws, functions, and what is refused.

import { describe, expect, it } from 'vitest';
import { ConfigError } from '../../errors.ts';
import { eye, gradcheck, manualSeed, noGrad, randn, scope, type Tensor, tensor } from '../../tensor/index.ts';
import * as multimodal from '../index.ts';
import type { LossInputs, MultimodalLoss } from './multimodal-loss.ts';

const value = (x: unknown): number => Number((x as Tensor).item());
const numbers = (x: Tensor | undefined): number[] => [...x!.flatten().toTypedArray()].map(Number);
const { CLIPLoss, SimCLRLoss, SupervisedContrastiveLoss } = multimodal;

const batch = (rows = 4, dim = 3): LossInputs & { visionFeatures: Tensor; textFeatures: Tensor } => ({
  visionFeatures: randn([rows, dim]),
  textFeatures: randn([rows, dim]),
});

const MAKERS: readonly (readonly [string, () => MultimodalLoss])[] = [
  [
    'CLIPLoss',
    () => new CLIPLoss({ learnableTemperature: true, labelSmoothing: 0.1, useHardNegatives: true, temperature: 0.3 }),
  ],
  ['InfoNCELoss', () => new multimodal.InfoNCELoss({ temperature: 0.3 })],
  ['NTXentLoss', () => new multimodal.NTXentLoss({ temperature: 0.3 })],
  ['SigLIPLoss', () => new multimodal.SigLIPLoss()],
  ['DecoupledLoss', () => new multimodal.DecoupledLoss({ temperature: 0.3 })],
  ['HardNegativeLoss', () => new multimodal.HardNegativeLoss({ temperature: 0.3, miningStrategy: 'hard' })],
  ['DynamicTemperatureLoss', () => new multimodal.DynamicTemperatureLoss({ baseTemperature: 0.15 })],
  ['MixedMultimodalLoss', () => new multimodal.MixedMultimodalLoss({ temperature: 0.3, smallBatchNoise: false })],
  ['SimpleContrastiveLoss', () => new multimodal.SimpleContrastiveLoss()],
  ['SupervisedContrastiveLoss', () => new SupervisedContrastiveLoss({ temperature: 0.3, contrastMode: 'all' })],
  [
    'SimCLRLoss',
    () =>
      new SimCLRLoss({
        inputDim: 2,
        projectionDim: 3,
        temperature: 0.3,
        smallBatchNoise: false,
        lossType: 'supervised',
      }),
  ],
];

describe.each(MAKERS)('%s', (_name, make) => {
  it('has the gradients that finite differences have, also of what it learns', () => {
    manualSeed(3);
    const criterion = make().to('float64');
    const learned = criterion.parameters();
    const sides = ['visionFeatures', 'textFeatures'].map(() => randn([4, 2], { dtype: 'float64', requiresGrad: true }));
    const rest = { matchIds: ['a', 'b', 'a', 'c'], labels: tensor([0n, 1n, 0n, 1n]) };
    const loss = (visionFeatures: Tensor, textFeatures: Tensor) =>
      criterion.forward({ visionFeatures, textFeatures, ...rest }).loss;
    expect(gradcheck(loss, sides)).toBe(true);
    loss(...(sides as [Tensor, Tensor])).backward();
    for (const parameter of learned) {
      const gradients = numbers(parameter.grad);
      const moved = (by: number, at: number): number =>
        noGrad(() => {
          parameter.view([-1]).index(at).add_(by);
          const moved = value(loss(...(sides as [Tensor, Tensor])));
          parameter.view([-1]).index(at).sub_(by);
          return moved;
        });
      for (const [at, gradient] of gradients.entries())
        expect((moved(1e-6, at) - moved(-1e-6, at)) / 2e-6).toBeCloseTo(gradient, 5);
    }
  });

  it('refuses an option that it does not have, and gives no scores where none are wanted', () => {
    const Loss = make().constructor as new (options: object) => MultimodalLoss;
    expect(() => new Loss({ tau: 1 })).toThrow(ConfigError);
    expect(() => new Loss({ metrics: 'no' })).toThrow('metrics: expected true or false, got "no"');
    const quiet = new Loss({ metrics: false, ...(Loss === (SimCLRLoss as unknown) ? { useProjection: false } : {}) });
    const given = { ...batch(4, 2), labels: tensor([0n, 0n, 1n, 1n]) };
    expect(Object.keys(quiet.forward(given))).not.toContain('accuracy');
    expect(Object.keys(make().forward(given))).toEqual(
      expect.arrayContaining(['loss', 'v2t_accuracy', 't2v_accuracy', 'accuracy', 'recalls']),
    );
  });
});

describe('SimCLRLoss', () => {
  const bank = { useProjection: false, inputDim: 3, samplingStrategy: 'memory-bank', memoryBankSize: 6 } as const;

  it('keeps the last rows in its bank, of a batch that is larger than the bank its last', () => {
    const criterion = new SimCLRLoss({ ...bank, normalizeFeatures: false });
    const state = () => criterion.stateDict() as Record<string, Tensor>;
    const rows = (from: number, count: number) => tensor(Array.from({ length: count }, (_, i) => [from + i, 0, 1]));
    const step = (from: number, count: number, matchIds?: string[]) =>
      scope(() =>
        value(
          criterion.forward({
            visionFeatures: rows(from, count),
            textFeatures: rows(-from, count),
            ...(matchIds ? { matchIds } : {}),
          }).bank_fill,
        ),
      );
    const first = () => numbers(state().vision_bank).filter((_, i) => i % 3 === 0);
    expect([step(1, 4), step(5, 4), step(9, 1)]).toEqual([0, expect.closeTo(4 / 6, 6), 1]);
    expect(first()).toEqual([7, 8, 9, 4, 5, 6]);
    expect(numbers(state().bank_ptr)).toEqual([3]);
    step(20, 8, ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h']);
    expect(first().sort()).toEqual([22, 23, 24, 25, 26, 27]);
    expect(numbers(state().bank_size)).toEqual([6]);
  });

  it('goes on from its state as if nothing had been between, and leaves its tables alone in evaluation', () => {
    manualSeed(5);
    const options = { ...bank, smallBatchNoise: false };
    const whole = new SimCLRLoss(options);
    const batches = Array.from({ length: 4 }, (_, i) => ({ ...batch(), matchIds: ['a', 'b', `${i}`, 'd'] }));
    for (const each of batches.slice(0, 2)) whole.forward(each);
    const resumed = new SimCLRLoss(options);
    resumed.loadStateDict(whole.stateDict() as Record<string, Tensor>);
    whole.eval();
    const inBatch = new CLIPLoss().forward(batches[2]!).loss;
    expect(value(whole.forward(batches[2]!).loss)).toBe(value(inBatch));
    whole.train();
    for (const each of batches.slice(2))
      expect(value(resumed.forward(each).loss)).toBe(value(whole.forward(each).loss));
    for (const [name, tensors] of Object.entries(whole.stateDict()))
      expect(numbers(resumed.stateDict()[name] as Tensor), name).toEqual(numbers(tensors as Tensor));
  });

  it('takes a strategy by the size of the data set', () => {
    const of = (datasetSize?: number) =>
      new SimCLRLoss({ inputDim: 2, projectionDim: 2, datasetSize }).samplingStrategy;
    expect([of(999), of(1000), of(9999), of(10_000), of()]).toEqual([
      'global',
      'memory-bank',
      'memory-bank',
      'in-batch',
      'in-batch',
    ]);
    expect(
      new SimCLRLoss({ inputDim: 2, projectionDim: 2, datasetSize: 999 }).stateDict().global_text_embeddings,
    ).toMatchObject({ shape: [999, 2] });
  });

  it('adds noise to similarities of small batches in training, and to no other', () => {
    manualSeed(6);
    const criterion = new SimCLRLoss({ useProjection: false });
    const spread = (rows: number): number => {
      const given = batch(rows);
      const losses = Array.from({ length: 12 }, () => scope(() => value(criterion.forward(given).loss)));
      return Math.max(...losses) - Math.min(...losses);
    };
    expect(spread(4)).toBeGreaterThan(0);
    expect(spread(16)).toBe(0);
    criterion.eval();
    expect(spread(4)).toBe(0);
  });

  it('refuses options that do not go together, and steps without what they need', () => {
    const make = (options: object) => () => new SimCLRLoss(options);
    expect(make({})).toThrow('inputDim: expected the size of the features with useProjection, got none');
    expect(make({ useProjection: false, samplingStrategy: 'memory-bank' })).toThrow(
      'inputDim: expected the size of the features to make its tables',
    );
    expect(make({ ...bank, samplingStrategy: 'global', lossType: 'nt_xent' })).toThrow(
      /samplingStrategy: expected "in-batch" with lossType "nt_xent".*\n.*datasetSize: expected the number.*\n.*memoryBankSize: expected samplingStrategy "memory-bank" beside it, got "global"/,
    );
    const global = new SimCLRLoss({ useProjection: false, inputDim: 3, samplingStrategy: 'global', datasetSize: 5 });
    expect(() => global.forward(batch())).toThrow('expected indices [B] with samplingStrategy "global", got none');
    expect(() => global.forward({ ...batch(), indices: tensor([0n, 1n, 2n, 5n]) })).toThrow(
      'expected indices from 0 to 4',
    );
    expect(() => new SimCLRLoss(bank).forward(batch(4, 2))).toThrow('expected features of inputDim 3, got 2');
    const supervised = new SimCLRLoss({ useProjection: false, lossType: 'supervised' });
    expect(() => supervised.forward(batch())).toThrow('expected labels with lossType "supervised", got none');
  });
});

describe('losses by class', () => {
  it('lose nothing, and have no gradient, where no row has a partner', () => {
    const criterion = new SupervisedContrastiveLoss({ contrastMode: 'intra' });
    const visionFeatures = randn([3, 2], { requiresGrad: true });
    const { loss } = criterion.forward({ visionFeatures, textFeatures: randn([3, 2]), labels: tensor([0n, 1n, 2n]) });
    loss.backward();
    expect([value(loss), ...numbers(visionFeatures.grad)]).toEqual(Array(7).fill(0));
  });

  it('refuse what says nothing of classes', () => {
    const criterion = new SupervisedContrastiveLoss();
    expect(() => criterion.forward(batch())).toThrow('expected labels or similarityScores, got neither');
    expect(() => criterion.forward({ ...batch(), labels: tensor([1n]) })).toThrow(
      'expected labels [4] or [4, C], got [1]',
    );
    expect(() => criterion.forward({ ...batch(), similarityScores: eye(3) })).toThrow(
      'similarityScores [4, 4], got [3, 3]',
    );
    expect(() => new SupervisedContrastiveLoss({ contrastMode: 'intra', excludePairs: true })).toThrow(
      'excludePairs: expected',
    );
  });
});

describe('options that go together', () => {
  it('are told with what is missing beside them', () => {
    expect(() => new multimodal.HardNegativeLoss({ semiHardMargin: 0.1, miningStrategy: 'hard' })).toThrow(
      'semiHardMargin: expected miningStrategy "semi-hard"',
    );
    expect(() => new multimodal.HardNegativeLoss({ hardNegativePercentile: 50 })).toThrow(
      'hardNegativePercentile: expected miningStrategy "hard"',
    );
    expect(() => new multimodal.DynamicTemperatureLoss({ minTemp: 0.3 })).toThrow(
      'minTemp: expected a number up to maxTemp, 0.2, got 0.3',
    );
    const mixed = (lossWeights: object) => () => new multimodal.MixedMultimodalLoss({ lossWeights });
    expect(mixed({ nt_xent: 1 })).toThrow(
      'lossWeights.nt_xent: expected one of infonce, ntXent, supervised, got an unknown option',
    );
    expect(mixed({ infonce: 0 })).toThrow('lossWeights: expected a weight above 0, got none');
    expect(() => new multimodal.SimpleContrastiveLoss().forward({ ...batch(), decorLoss: eye(2) })).toThrow(
      'decorLoss as a tensor of one element, got [2, 2]',
    );
  });
});

describe('functions', () => {
  const unit = (x: Tensor): Tensor => x.div(x.norm({ p: 2, dim: [1], keepdim: true }));

  it('are the losses of the same names, of features as they are', () => {
    const { visionFeatures, textFeatures } = batch();
    const sides = [unit(visionFeatures), unit(textFeatures)] as const;
    const { loss } = new multimodal.NTXentLoss({ temperature: 0.2 }).forward({ visionFeatures, textFeatures });
    expect(value(multimodal.ntXentLoss(...sides, { temperature: 0.2 }))).toBeCloseTo(value(loss), 5);
    const labels = tensor([0n, 1n, 0n, 1n]);
    const criterion = new multimodal.MixedMultimodalLoss({ temperature: 0.2 });
    const mixed = criterion.forward({ visionFeatures, textFeatures, labels });
    const supervised = multimodal.supervisedContrastiveLoss(...sides, labels, { temperature: 0.2 });
    expect(value(supervised)).toBeCloseTo(value(mixed.loss_supervised), 5);
    expect(multimodal.supervisedContrastiveLoss(...sides, labels, { reduction: 'none' }).shape).toEqual([8]);
    expect(() => multimodal.ntXentLoss(...sides, { temperature: -1, tau: 1 } as object)).toThrow(
      /temperature: .*\n.*tau: /,
    );
  });

  it('computeRecallAtK() finds targets among the first k', () => {
    const table = tensor([
      [3, 2, 1],
      [9, 8, 7],
      [1, 3, 2],
    ]);
    const read = (recalls: Record<string, Tensor>) =>
      Object.fromEntries(Object.entries(recalls).map(([name, each]) => [name, value(each)]));
    expect(read(multimodal.computeRecallAtK(table, { k: [1, 9] }))).toEqual({
      'v2t_recall@1': expect.closeTo(1 / 3, 6),
      't2i_recall@1': expect.closeTo(1 / 3, 6),
      'avg_recall@1': expect.closeTo(1 / 3, 6),
      'v2t_recall@9': 1,
      't2i_recall@9': 1,
      'avg_recall@9': 1,
    });
    const targets = { v2tTargets: tensor([0n, 0n, 1n]), t2iTargets: tensor([1n, 1n, 1n]), k: [1] };
    expect(Object.values(read(multimodal.computeRecallAtK(table, targets)))).toEqual([1, 1, 1]);
    expect(() => multimodal.computeRecallAtK(randn([2, 3]))).toThrow('expected similarities [B, B], got [2, 3]');
    expect(() => multimodal.computeRecallAtK(table, { k: [0] })).toThrow(
      'k: expected a list of integers above 0, got [0]',
    );
    expect(() => multimodal.computeRecallAtK(table, { v2tTargets: tensor([0n]) })).toThrow(
      'expected targets [3], got [1]',
    );
  });
});
