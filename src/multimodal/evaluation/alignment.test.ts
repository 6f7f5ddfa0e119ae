// Alignment of a batch by hand, and of an evaluation against that of one batch that holds everything.
import { describe, expect, it } from 'vitest';
import { manualSeed, ones, randn, type Tensor, tensor } from '../../tensor/index.ts';
import { AlignmentMetric, alignmentMetrics } from './alignment.ts';

const read = (values: object) =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [name, (value as Tensor).item() as number]));

describe('alignmentMetrics()', () => {
  it('has the numbers of the formulas', () => {
    const values = read(
      alignmentMetrics(
        tensor([
          [1, 0],
          [0, 2],
        ]),
        tensor([
          [3, 4],
          [0, 1],
        ]),
      ),
    );
    // Cosines [[0.6, 0], [0.8, 1]].
    expect(values.diag_mean).toBeCloseTo(0.8, 6);
    expect(values.sim_mean).toBeCloseTo(0.6, 6);
    expect(values.alignment_gap).toBeCloseTo(0.2, 6);
    expect(values.alignment_snr).toBeCloseTo(0.2 / (Math.sqrt((0 + 0.36 + 0.04 + 0.16) / 3) + 1e-6), 5);
  });

  it('takes all rows with one id as partners', () => {
    const [vision, text] = [
      tensor([
        [1, 0],
        [0, 2],
      ]),
      tensor([
        [3, 4],
        [0, 1],
      ]),
    ];
    expect(read(alignmentMetrics(vision, text, { matchIds: ['a', 'a'] })).alignment_gap).toBeCloseTo(0, 6);
    expect(read(alignmentMetrics(vision, text, { matchIds: [1, 2] })).diag_mean).toBeCloseTo(0.8, 6);
  });

  it('has no gap in a single pair', () => {
    const values = read(alignmentMetrics(tensor([[1, 0]]), tensor([[3, 4]])));
    expect(values).toEqual({
      diag_mean: values.sim_mean,
      sim_mean: values.sim_mean,
      alignment_gap: 0,
      alignment_snr: 0,
    });
    expect(values.diag_mean).toBeCloseTo(0.6, 6);
    const metric = new AlignmentMetric();
    metric.update(tensor([[1, 0]]), tensor([[3, 4]]));
    expect(metric.compute()).toMatchObject({ alignment_gap: 0, alignment_snr: 0 });
  });

  it('gives no gradients, and refuses sides that do not belong together', () => {
    expect(alignmentMetrics(ones([2, 2]).requiresGrad_(), ones([2, 2])).diag_mean.requiresGrad).toBe(false);
    expect(() => alignmentMetrics(ones([2, 3]), ones([3, 3]))).toThrow(
      'expected both sides of one shape [B, D], got [2, 3] and [3, 3]',
    );
    expect(() => alignmentMetrics(ones([0, 3]), ones([0, 3]))).toThrow('got [0, 3] and [0, 3]');
    expect(() => alignmentMetrics(ones([2, 3]), ones([2, 3]), { matchIds: [1] })).toThrow(
      'expected one match id for each of 2 rows, got 1',
    );
  });
});

describe('AlignmentMetric', () => {
  const parts = () => {
    manualSeed(2);
    const vision = randn([17, 5]);
    return {
      vision,
      text: vision.add(randn([17, 5])),
      ids: tensor(Array.from({ length: 17 }, (_, i) => BigInt((i * 5) % 7))),
    };
  };

  for (const hasIds of [false, true])
    it(`has over batches the numbers of one that holds all${hasIds ? ', with ids' : ''}`, () => {
      const { vision, text, ids } = parts();
      const metric = new AlignmentMetric();
      for (const [start, length] of [
        [0, 6],
        [6, 1],
        [7, 10],
      ] as const)
        metric.update(
          vision.narrow(0, start, length),
          text.narrow(0, start, length),
          hasIds ? ids.narrow(0, start, length) : undefined,
        );
      const whole = read(alignmentMetrics(vision, text, hasIds ? { matchIds: ids } : {}));
      const values = metric.compute();
      for (const [name, value] of Object.entries(whole)) expect(values[name]).toBeCloseTo(value, 5);
      expect(Math.abs(values.alignment_gap!)).toBeGreaterThan(0.1);
    });

  it('takes sides of two lengths', () => {
    const metric = new AlignmentMetric();
    const ids = tensor([1n, 2n]);
    metric.update(
      tensor([
        [1, 0],
        [0, 1],
      ]),
      tensor([
        [1, 0],
        [0, 1],
        [3, 4],
      ]),
      ids,
      tensor([1n, 2n, 2n]),
    );
    // Cosines [[1, 0, 0.6], [0, 1, 0.8]].
    expect(metric.compute().diag_mean).toBeCloseTo(2.8 / 3, 6);
    expect(metric.compute().sim_mean).toBeCloseTo(3.4 / 6, 6);
    expect(() => metric.update(ones([1, 2]), ones([1, 2]))).toThrow('expected ids for every batch or for none');
  });
});
