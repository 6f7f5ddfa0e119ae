// What the losses of pairs share: match ids, what is measured within a batch, temperatures, and what they refuse.

import { describe, expect, it } from 'vitest';
import { ConfigError } from '../../errors.ts';
import { SGD } from '../../optim/index.ts';
import { eye, manualSeed, noGrad, randn, scope, type Tensor, tensor } from '../../tensor/index.ts';
import { CLIPLoss } from './clip-loss.ts';
import { matchCodes } from './match-ids.ts';
import type { LossInputs } from './multimodal-loss.ts';
import { retrievalScores } from './retrieval-scores.ts';

const value = (x: unknown): number => Number((x as Tensor).item());
const values = (x: object): Record<string, number> =>
  Object.fromEntries(Object.entries(x).map(([name, each]) => [name, value(each)]));

describe('matchCodes()', () => {
  const codes = (...ids: (string | number | bigint)[]): bigint[] => [
    ...(matchCodes('L', ids, ids.length, 'cpu').toTypedArray() as BigInt64Array),
  ];

  it('gives equal ids equal numbers, of whatever kind they are, and others different ones', () => {
    expect(codes(1, 1n, '1', -5, '-5', '900719925474099')).toEqual([1n, 1n, 1n, -5n, -5n, 900719925474099n]);
    const texts = ['a', 'b', 'ab', 'ba', '', '01', '1.0', ' 1', '猫', 'a'.repeat(300), '1'.repeat(30)];
    expect(new Set(codes(...texts)).size).toBe(texts.length);
    expect(codes('cat', 0.5, 2n ** 80n)).toEqual(codes('cat', '0.5', String(2n ** 80n)));
    expect(new Set(codes(...Array.from({ length: 20_000 }, (_, i) => `sample-${i}`))).size).toBe(20_000);
  });

  it('takes tensors of integers, and refuses what is no id, and another number of them', () => {
    expect(matchCodes('L', tensor([4, 5], { dtype: 'int32' }), 2, 'cpu').dtype).toBe('int64');
    expect(() => codes('a', true as never)).toThrow(
      'Cannot compute L: expected match ids of texts and numbers, got boolean at 1',
    );
    expect(() => codes(1.5, Number.NaN)).toThrow('expected match ids of texts and numbers, got NaN at 1');
    const visionFeatures = [[1, 0]] as never;
    expect(() => new CLIPLoss().forward({ visionFeatures, textFeatures: tensor([[1, 0]]) })).toThrow(
      'expected tensors visionFeatures and textFeatures, got visionFeatures (a list), textFeatures',
    );
    expect(() => matchCodes('L', ['a'], 2, 'cpu')).toThrow('expected one match id for each of 2 rows, got 1');
    expect(() => matchCodes('L', tensor([0.5]), 1, 'cpu')).toThrow(
      'expected match ids of integers, got float32; give samples BigInts or texts',
    );
    expect(() => matchCodes('L', tensor([[1n]]), 1, 'cpu')).toThrow('for each of 1 rows, got [1, 1]');
    expect(() => matchCodes('L', 'ab' as never, 2, 'cpu')).toThrow(
      'expected match ids as a tensor or a list, got string',
    );
  });
});

describe('retrievalScores()', () => {
  it('counts rows that find a partner among the first k', () => {
    // Row 0 finds column 0 first, row 1 its partner third, row 2 second.
    const similarity = tensor([
      [9, 1, 2],
      [8, 0, 5],
      [3, 7, 6],
    ]);
    const { recalls, ...accuracies } = retrievalScores(similarity, eye(3, { dtype: 'bool' }));
    const third = expect.closeTo(1 / 3, 6);
    const twoThirds = expect.closeTo(2 / 3, 6);
    expect(values(accuracies)).toEqual({
      v2t_accuracy: third,
      t2v_accuracy: twoThirds,
      accuracy: expect.closeTo(0.5, 6),
    });
    expect(values(recalls)).toEqual({
      'v2t_recall@1': third,
      't2i_recall@1': twoThirds,
      'avg_recall@1': expect.closeTo(0.5, 6),
    });
  });

  it('gives ranks up to the size of the batch, with several partners the best one', () => {
    const similarity = eye(12).roll(3, { dims: 1 }); // row i is most like column i + 3
    const ids = tensor([0n, 1n, 2n, 0n, 4n, 5n, 6n, 7n, 8n, 9n, 10n, 11n]);
    const positives = ids.unsqueeze(1).eq(ids.unsqueeze(0));
    const { recalls } = retrievalScores(similarity, positives);
    expect(Object.keys(recalls)).toEqual(
      [1, 5, 10].flatMap((k) => ['v2t', 't2i', 'avg'].map((side) => `${side}_recall@${k}`)),
    );
    expect(value(recalls['v2t_recall@1'])).toBeCloseTo(1 / 12); // row 0 finds 3, its partner
    expect(value(recalls['t2i_recall@1'])).toBeCloseTo(1 / 12);
    // Partners of all other rows are as alike as ten or eleven others, and so stand in their middle: behind 5, before 10.
    expect(value(recalls['v2t_recall@5'])).toBeCloseTo(1 / 12);
    expect(value(recalls['v2t_recall@10'])).toBe(1);
  });

  it('finds nothing in collapsed features and in NaN', () => {
    for (const similarity of [tensor([1]).expand([8, 8]), tensor([Number.NaN]).expand([8, 8])]) {
      const { accuracy, recalls } = retrievalScores(similarity, eye(8, { dtype: 'bool' }));
      expect(value(accuracy)).toBe(0);
      if (Number.isNaN(value(similarity.sum()))) expect(value(recalls['avg_recall@5'])).toBe(0);
    }
  });
});

describe('SimilarityLoss', () => {
  const batch = (rows = 4, dim = 3): LossInputs => ({
    visionFeatures: randn([rows, dim]),
    textFeatures: randn([rows, dim]),
  });

  it('keeps a learned factor at 100 and below, from where it may go down again', () => {
    manualSeed(0);
    const criterion = new CLIPLoss({ learnableTemperature: true, temperature: 0.01 });
    noGrad(() => criterion.logit_scale!.fill_(6));
    const output = criterion.forward(batch());
    expect(value(output.temperature)).toBeCloseTo(0.01);
    expect(value(criterion.logit_scale)).toBeCloseTo(Math.log(100));
    output.loss.backward();
    expect(value(criterion.logit_scale!.grad)).toBeGreaterThan(0);
    new SGD([criterion.logit_scale!], { lr: 0.01 }).step();
    expect(value(criterion.logit_scale)).toBeLessThan(Math.log(100));
    criterion.eval();
    noGrad(() => criterion.logit_scale!.fill_(6));
    expect(value(criterion.forward(batch()).temperature)).toBeCloseTo(0.01);
    expect(value(criterion.logit_scale)).toBe(6);
  });

  it('has its projection and temperature in its state, and no state without them', () => {
    const options = { useProjection: true, inputDim: 3, projectionDim: 5, learnableTemperature: true } as const;
    const names = Object.keys(new CLIPLoss(options).stateDict());
    expect(names.sort()).toEqual(
      ['logit_scale', 'projection.0.bias', 'projection.0.weight', 'projection.2.bias', 'projection.2.weight'].sort(),
    );
    const deep = new CLIPLoss({ ...options, numProjectionLayers: 3, projectionHiddenDim: 7 });
    expect(deep.forward(batch()).loss.shape).toEqual([]);
    expect(deep.projection!.stateDict()['3.weight']!.shape).toEqual([7, 7]);
    expect(Object.keys(new CLIPLoss().stateDict())).toEqual([]);
  });

  it('draws one of several partners with positives of "random", whose mean is the loss with "all"', () => {
    manualSeed(1);
    const inputs = { ...batch(5), matchIds: ['a', 'b', 'a', 'a', 'b'] };
    const wanted = value(new CLIPLoss({ temperature: 0.5 }).forward(inputs).loss);
    const random = new CLIPLoss({ temperature: 0.5, positives: 'random' });
    const draws = Array.from({ length: 400 }, () => scope(() => value(random.forward(inputs).loss)));
    const mean = draws.reduce((sum, each) => sum + each, 0) / draws.length;
    const deviation = Math.sqrt(draws.reduce((sum, each) => sum + (each - mean) ** 2, 0) / draws.length);
    expect(new Set(draws).size).toBeGreaterThan(20);
    expect(Math.abs(mean - wanted)).toBeLessThan((4 * deviation) / Math.sqrt(draws.length));
  });

  it('takes similarities in place of features, half precision, and features that are nothing', () => {
    const { visionFeatures: vision, textFeatures: text } = batch() as { visionFeatures: Tensor; textFeatures: Tensor };
    const criterion = new CLIPLoss({ metrics: false });
    const { loss } = criterion.forward({ visionFeatures: vision, textFeatures: text });
    const unit = (x: Tensor) => x.div(x.norm({ p: 2, dim: [1], keepdim: true }));
    const similarityMatrix = unit(vision).matmul(unit(text).t()).div(0.07);
    expect(value(criterion.forward({ similarityMatrix }).loss)).toBeCloseTo(value(loss), 4);
    const half = criterion.forward({ visionFeatures: vision.to('bfloat16'), textFeatures: text.to('bfloat16') });
    expect(half.loss.dtype).toBe('float32');
    expect(Object.keys(half)).toEqual(['loss']);
    const nothing = tensor(
      [
        [0, 0],
        [0, 0],
      ],
      { requiresGrad: true },
    );
    const { loss: flat } = criterion.forward({ visionFeatures: nothing, textFeatures: nothing });
    flat.backward();
    expect(value(flat)).toBeCloseTo(Math.log(2));
    expect([...nothing.grad!.flatten().toTypedArray()].every((each) => Number.isFinite(Number(each)))).toBe(true);
  });

  it('refuses options, all problems at once, and inputs', () => {
    const make = (options: object) => () => new CLIPLoss(options);
    const wrong = {
      temperature: 0,
      labelSmoothing: 1,
      hardNegativePercentile: 0.9,
      projectionDim: 3,
      reductions: 'mean',
      positives: 'some',
    };
    expect(make(wrong)).toThrow(ConfigError);
    const { problems } = (() => {
      try {
        return { problems: make(wrong)() as never };
      } catch (error) {
        return error as ConfigError;
      }
    })() as ConfigError;
    expect(problems).toEqual([
      'temperature: expected a number above 0, got 0',
      'labelSmoothing: expected a number from 0 to below 1, got 1',
      'hardNegativePercentile: expected a percentile, 0 or a number from 1 to 100, got 0.9',
      expect.stringMatching(/^reductions: expected one of .*labelSmoothing.*, got an unknown option$/),
      'positives: expected one of "all", "random", got "some"',
      'projectionDim: expected useProjection: true beside it, got 3 alone',
      'hardNegativePercentile: expected useHardNegatives: true beside it, got 0.9 alone',
    ]);
    expect(make({ useProjection: true })).toThrow(
      'inputDim: expected the size of the features with useProjection, got none',
    );
    expect(make(null as never)).toThrow('Cannot make CLIPLoss: expected an options object, got null');
    const criterion = new CLIPLoss();
    expect(() => criterion.forward({ visionFeatures: randn([2, 3]) })).toThrow(
      'Cannot compute CLIPLoss: expected tensors visionFeatures and textFeatures, got visionFeatures',
    );
    expect(() => criterion.forward({ visionFeatures: randn([2, 3]), textFeatures: randn([3, 3]) })).toThrow(
      'expected visionFeatures and textFeatures of one shape [B, D], got [2, 3] and [3, 3]',
    );
    expect(() => criterion.forward(batch(0))).toThrow('got [0, 3] and [0, 3]');
    const whole = tensor([[1n]]);
    expect(() => criterion.forward({ visionFeatures: whole, textFeatures: whole })).toThrow(
      'floating features, got int64',
    );
    expect(() => criterion.forward({ similarityMatrix: randn([2, 3]) })).toThrow(
      'a similarityMatrix [B, B], got [2, 3]',
    );
  });
});
