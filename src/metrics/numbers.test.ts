// Metrics of numbers and of texts at the edge: constants, single samples, what is not a number, large offsets, losses in place of scores.
import { describe, expect, it } from 'vitest';
import { CrossEntropyLoss } from '../nn/index.ts';
import { arange, eye, randn, tensor, zeros } from '../tensor/index.ts';
import {
  BLEUScore,
  CharErrorRate,
  MeanMetric,
  MeanSquaredError,
  PearsonCorrelation,
  Perplexity,
  R2Score,
  RetrievalMRR,
  SpearmanCorrelation,
  WordErrorRate,
} from './index.ts';
import { rankBothWays } from './retrieval/places.ts';

describe('MeanSquaredError', () => {
  it('computes half precision and integers wider than they are', () => {
    const error = new MeanSquaredError();
    error.update(tensor([300, 0]).to('float16'), tensor([0, 0]).to('float16')); // its square is infinite there
    error.update(tensor([3n]), tensor([1n]));
    expect(error.compute()).toEqual({ mse: (300 ** 2 + 4) / 3 });
    expect(() => error.update(zeros([2]), zeros([2, 1]))).toThrow(
      'Cannot update MeanSquaredError: expected preds and target of one shape, got [2] and [2, 1]',
    );
  });
});

describe('R2Score', () => {
  const score = (preds: number[], target: number[]): number | undefined => {
    const r2 = new R2Score();
    for (const [i, value] of preds.entries())
      r2.update(tensor([value], { dtype: 'float64' }), tensor([target[i]!], { dtype: 'float64' }));
    return r2.compute().r2;
  };

  it('has the values of scikit-learn for constant targets and single samples', () => {
    expect(score([0.1, 0.1, 0.1], [0.1, 0.1, 0.1])).toBe(1);
    expect(score([0.1, 0.2, 0.1], [0.1, 0.1, 0.1])).toBe(0);
    expect(score([0.1], [0.1])).toBeNaN();
    expect(score([1e-6, 2e-6, 4e-6], [1e-6, 2e-6, 3e-6])).toBeCloseTo(0.5, 9);
  });

  it('loses no digits where the targets are far from 0', () => {
    expect(score([1e9 + 1, 1e9 + 2, 1e9 + 4], [1e9 + 1, 1e9 + 2, 1e9 + 3])).toBeCloseTo(0.5, 6);
  });
});

describe('PearsonCorrelation', () => {
  it('is NaN for a constant, and stays within -1 and 1', () => {
    const pearson = new PearsonCorrelation();
    pearson.update(tensor([0.1, 0.1, 0.1]), tensor([1, 2, 3]));
    pearson.update(tensor([0.1]), tensor([5]));
    expect(pearson.compute()).toEqual({ pearson: Number.NaN });
    pearson.reset();
    for (let i = 0; i < 9; i++) pearson.update(tensor([i * 0.1, i * 0.3]), tensor([i * 0.7, i * 2.1]));
    expect(Math.abs(pearson.compute().pearson!)).toBeLessThanOrEqual(1);
    expect(pearson.compute().pearson).toBeCloseTo(1, 6);
  });
});

describe('SpearmanCorrelation', () => {
  it('is NaN where a value is, and 1 for any rising function', () => {
    const spearman = new SpearmanCorrelation();
    const x = randn([50]);
    spearman.update(x, x.exp());
    expect(spearman.compute().spearman).toBeCloseTo(1, 12);
    spearman.update(tensor([Number.NaN]), tensor([1]));
    expect(spearman.compute()).toEqual({ spearman: Number.NaN });
  });
});

describe('Perplexity', () => {
  it('has the same value from losses as from scores', () => {
    const [scored, lost] = [new Perplexity({ ignoreIndex: -100 }), new Perplexity({ ignoreIndex: -100 })];
    const criterion = new CrossEntropyLoss();
    for (const target of [tensor([1n, 4n, -100n, 2n]), tensor([-100n, 0n, -100n, -100n])]) {
      const scores = randn([4, 5]);
      scored.update(scores, target);
      lost.updateLoss(criterion.forward(scores, target), target.ne(-100).sum());
    }
    lost.updateLoss(tensor(Number.NaN), 0);
    lost.updateLoss(tensor(Number.NaN), tensor(0n));
    expect(lost.compute().perplexity).toBeCloseTo(scored.compute().perplexity!, 4);
    expect(() => lost.updateLoss(zeros([2]), 1)).toThrow(
      'Cannot update Perplexity: expected a loss of one element, got [2]',
    );
    expect(() => lost.updateLoss(tensor(1), 1.5)).toThrow(
      'Cannot update Perplexity: expected a number of tokens, got 1.5',
    );
  });

  it('is infinite without tokens, and finds those out of range when it is read', () => {
    const perplexity = new Perplexity({ ignoreIndex: -100 });
    perplexity.update(zeros([1, 2, 5]), tensor([[-100n, -100n]]));
    expect(perplexity.compute()).toEqual({ perplexity: Number.POSITIVE_INFINITY });
    perplexity.update(zeros([1, 2, 5]), tensor([[5n, -1n]]));
    expect(() => perplexity.compute()).toThrow(
      'Cannot compute Perplexity: expected targets that are tokens of the vocabulary, got 2 outside of it',
    );
    expect(() => perplexity.update(zeros([1, 5, 2]), tensor([[1n, 1n]]))).toThrow(
      'Cannot update Perplexity: expected scores [N, T, V] with targets [N, T], got [1, 5, 2] and [1, 2]',
    );
  });
});

describe('BLEUScore', () => {
  it('takes tokens, and tells runs of words apart by their borders', () => {
    const bleu = new BLEUScore({ nGram: 2 });
    bleu.update([[1, 2n, 3]], [[['1', '2', '3']]]);
    expect(bleu.compute()).toEqual({ bleu: 1 });
    const other = new BLEUScore({ nGram: 2 });
    other.update([['a b', 'c']], [[['a', 'b c']]]);
    expect(other.compute()).toEqual({ bleu: 0 });
  });

  it('refuses what is no corpus', () => {
    const bleu = new BLEUScore();
    expect(() => bleu.update(['a'], [])).toThrow('expected a list of texts, and of references for each, got 1 and 0');
    expect(() => bleu.update(['a'], ['a' as never])).toThrow(
      'expected a list of references for each text, got "a" for text 0',
    );
    expect(() => bleu.update(['a'], [[]])).toThrow('got [] for text 0');
    expect(() => new BLEUScore({ nGram: 2, weights: [1] })).toThrow('weights: expected 2 numbers, got 1');
  });
});

describe('RetrievalMRR', () => {
  it('looks at the similarities block by block', () => {
    const [left, right] = [randn([23, 4]), randn([23, 4])];
    const leftIds = arange(23, { dtype: 'int64' }).remainder(5);
    const whole = rankBothWays({ left, right, leftIds });
    for (const tile of [
      [3, 7],
      [1, 1],
      [23, 5],
    ] as const)
      expect(rankBothWays({ left, right, leftIds }, tile)).toEqual(whole);
  });

  it('has rank 1 for the identity, and the middle for a model that maps everything to one point', () => {
    const ranks = new RetrievalMRR({ sides: ['a', 'b'] });
    ranks.update(eye(4), eye(4));
    expect(ranks.compute()).toEqual({ a_to_b_mrr: 1, a_to_b_median_rank: 1, b_to_a_mrr: 1, b_to_a_median_rank: 1 });
    ranks.reset();
    ranks.update(zeros([5, 2]), zeros([5, 2]));
    expect(ranks.compute()).toMatchObject({ a_to_b_median_rank: 3 });
  });
});

describe('MeanMetric', () => {
  it('weighs every value by one number, or by its own', () => {
    const mean = new MeanMetric();
    mean.update(tensor([1, 3]), tensor([3, 1]));
    mean.update(tensor([10, 20]), tensor(2));
    expect(mean.compute()).toEqual({ mean: (3 + 3 + 20 + 40) / 8 });
    expect(() => mean.update(zeros([2]), zeros([3]))).toThrow(
      'expected values and weights of one shape, got [2] and [3]',
    );
  });
});

describe('CharErrorRate and WordErrorRate', () => {
  const preds = ['this is the prediction', '', 'abc d', 'ééa  b'];
  const target = ['this is the reference', 'xy z', '', 'éa b c'];

  it('count what torchmetrics counts, over all texts together', () => {
    const [letters, words] = [new CharErrorRate(), new WordErrorRate({ name: 'words' })];
    letters.update(preds, target);
    words.update(preds, target);
    expect(letters.state()).toEqual({ errors: 20, total: 31 });
    expect(words.state()).toEqual({ errors: 7, total: 9 });
    expect({ ...letters.compute(), ...words.compute() }).toEqual({ cer: 20 / 31, words: 7 / 9 });
    letters.update(['there is an other sample'], ['there is another one']);
    expect(letters.state()).toEqual({ errors: 26, total: 51 });
  });

  it('take a letter beyond 16 bits as one, and refuse what is no list of texts', () => {
    const rate = new CharErrorRate();
    rate.update(['😀a'], ['😁a']);
    expect(rate.compute()).toEqual({ cer: 0.5 });
    expect(() => rate.update(['a'], [])).toThrow('expected a target for each text, got 0 for 1');
    expect(() => rate.update('a' as never, ['a'])).toThrow('expected a list of texts, got "a"');
    expect(() => rate.loadState({ errors: -1, total: 2 })).toThrow('expected counts errors and total');
  });
});
