// Masked losses of counts against PyTorch, value and gradient, and bits per spike against NumPy (test/fixtures/multidataset/poisson.py); then what batches, parts and invalid ones make of it.

import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { MSELoss, PoissonNLLLoss } from '../../nn/index.ts';
import { scope, type Tensor, tensor } from '../../tensor/index.ts';
import { liveTensors } from '../../tensor/scope.ts';
import { settledTensors } from '../../tensor/testing/settled-tensors.ts';
import { PoissonBPSAggregator, poissonBitsPerSpike } from './bits-per-spike.ts';
import { MaskedLoss, MaskedPoissonNLLLoss } from './masked-loss.ts';
import { PoissonObjective } from './poisson-objective.ts';
import { MaskedZIPNLLLoss, ZeroInflatedPoissonNLLLoss } from './zero-inflated-poisson.ts';

interface Made {
  readonly mask: string;
  readonly batch: { readonly rhat: number[][]; readonly robs: number[][]; readonly pi: number[][] };
  readonly dfs: number[] | number[][] | null;
  readonly cases: readonly {
    readonly kind: 'poisson' | 'zip' | 'factorial';
    readonly logInput: boolean;
    readonly loss: number;
    readonly rhat: number[][];
    readonly pi?: number[][];
  }[];
  readonly bits: number[];
}

const fixture = new URL('../../../test/fixtures/multidataset/poisson.json', import.meta.url);
const { made } = JSON.parse(readFileSync(fixture, 'utf8')) as { made: Made[] };

const double = (values: unknown): Tensor => tensor(values as number[][], { dtype: 'float64' });
const far = (actual: Tensor, expected: unknown): number => actual.sub(double(expected)).abs().max().item();

describe.each(made.map((each, i) => [`${i} (mask ${each.mask})`, each] as const))('batch %s', (_name, each) => {
  const { batch, dfs, cases, bits } = each;
  const mask = dfs === null ? {} : { dfs: double(dfs) };

  it.each(cases)('loss $kind, logInput $logInput, is that of PyTorch', ({ kind, logInput, loss, rhat, pi }) => {
    const given = { ...mask, robs: double(batch.robs), rhat: double(batch.rhat), pi: double(batch.pi) };
    given.rhat.requiresGrad_();
    given.pi.requiresGrad_();
    const { pi: _pi, ...without } = given;
    const made =
      kind === 'poisson'
        ? new MaskedLoss(new PoissonNLLLoss({ logInput, reduction: 'none' }))
        : new MaskedZIPNLLLoss({ logInput });
    const value = made.forward(kind === 'factorial' ? without : given);
    expect(value.item()).toBeCloseTo(loss, 12);
    const { sum, count } = made.sums(kind === 'factorial' ? without : given);
    expect(sum.item() / count.item()).toBeCloseTo(loss, 12);
    value.backward();
    expect(far(given.rhat.grad!, rhat)).toBeLessThan(1e-12);
    if (pi) expect(far(given.pi.grad!, pi)).toBeLessThan(1e-12);
  });

  it('bits per spike are those of NumPy, at once, in batches, and put together of parts', () => {
    const { rhat, robs } = { rhat: double(batch.rhat), robs: double(batch.robs) };
    expect(far(poissonBitsPerSpike({ rhat, robs, ...mask }), bits)).toBeLessThan(1e-12);
    const rows = batch.rhat.length;
    const parts = [new PoissonBPSAggregator(), new PoissonBPSAggregator()];
    for (let start = 0; start < rows; start += 2) {
      const cut = (whole: Tensor): Tensor => whole.narrow(0, start, Math.min(2, rows - start));
      const part = { rhat: cut(rhat), robs: cut(robs), ...(dfs ? { dfs: cut(double(dfs)) } : {}) };
      scope(() => parts[(start / 2) % 2]!.update(part));
    }
    parts[0]!.merge(parts[1]!.state());
    expect(far(parts[0]!.bitsPerSpike()!, bits)).toBeLessThan(1e-12);
    const mean = bits.reduce((sum, value) => sum + Math.max(value, 0), 0) / bits.length;
    expect(parts[0]!.compute().bps).toBeCloseTo(mean, 12);
    parts[1]!.reset();
    expect(far(parts[0]!.closure()!, bits)).toBeLessThan(1e-12);
    expect(parts[0]!.compute()).toEqual({});
  });
});

describe('MaskedLoss', () => {
  it('is NaN without a valid element, and takes other names', () => {
    const loss = new MaskedPoissonNLLLoss({ predKey: 'p', targetKey: 't', maskKey: 'm' });
    expect(loss.forward({ p: tensor([[2]]), t: tensor([[0]]), m: tensor([[0]]) }).item()).toBeNaN();
    expect(loss.forward({ p: tensor([[2]]), t: tensor([[0]]), dfs: tensor([[0]]) }).item()).toBe(2);
  });

  it('refuses a loss that is averaged already, unknown options, missing entries and masks of another shape', () => {
    expect(() => new MaskedLoss(new MSELoss() as never)).toThrow(
      "Cannot make a MaskedLoss: lossFn: expected a loss with reduction 'none', got 'mean'",
    );
    expect(() => new MaskedPoissonNLLLoss({ mask: 'm' } as never)).toThrow(/mask: expected one of predKey/);
    expect(() => new MaskedZIPNLLLoss({ eps: 0 })).toThrow('eps: expected a number above 0, got 0');
    expect(() => new ZeroInflatedPoissonNLLLoss({ reduction: 'all' as never })).toThrow(/reduction: expected one of/);
    const [rhat, robs] = [tensor([[1, 2]]), tensor([[1, 2]])];
    expect(() => new MaskedPoissonNLLLoss().forward({ rhat })).toThrow('expected "robs" in the batch, got rhat');
    expect(() => new MaskedPoissonNLLLoss().forward({ rhat, robs, dfs: tensor([[1, 1, 1]]) })).toThrow(
      'Cannot apply a mask: expected one of shape [1, 2], or with 1 in place of a size, got [1, 3]',
    );
  });

  it('refuses counts that would be spread over units or samples, and what is no tensor', () => {
    const rhat = tensor([[1, 2], [3, 4]]); // biome-ignore format: rows
    for (const robs of [tensor([[1], [2]]), tensor([[1, 2]]), tensor([1, 2])])
      for (const loss of [new MaskedPoissonNLLLoss(), new MaskedZIPNLLLoss()])
        expect(() => loss.forward({ rhat, robs, dfs: tensor([1, 1]) })).toThrow(
          `Cannot apply a masked loss: expected rhat and robs of one shape, got [2, 2] and [${robs.shape.join(', ')}]`,
        );
    const objective = new PoissonObjective();
    expect(() => objective.loss(rhat, { datasetIdx: 0, robs: tensor([1, 2]) })).toThrow(
      'expected rhat and robs of one',
    );
    expect(() => objective.loss(rhat, { datasetIdx: 0, robs: [[1, 2]] })).toThrow(
      'expected a tensor "robs" in the batch, got [[1, 2]]',
    );
    expect(() => objective.loss(rhat, { datasetIdx: 0, robs: rhat, dfs: 1 })).toThrow('expected a tensor "dfs"');
  });
});

describe('PoissonBPSAggregator', () => {
  const rhat = tensor([[0.5, 1], [1, 2]]); // biome-ignore format: rows
  const robs = tensor([[0, 1], [2, 2]]); // biome-ignore format: rows

  it('goes on from its state to the same bits', () => {
    const [whole, first, second] = [1, 2, 3].map(() => new PoissonBPSAggregator());
    for (let i = 0; i < 2; i++) whole!.update({ rhat, robs });
    first!.update({ rhat, robs });
    second!.loadState(first!.state());
    second!.update({ rhat, robs });
    expect(second!.bitsPerSpike()!.toArray()).toEqual(whole!.bitsPerSpike()!.toArray());
    expect(() => second!.loadState({ other: 1 })).toThrow(/^Cannot load the state of PoissonBPSAggregator: expected/);
  });

  it('counts units without a value for nothing, and batches that are said to be invalid too', () => {
    const aggregator = new PoissonBPSAggregator();
    aggregator.update({ rhat: tensor([[Number.NaN, 1]]), robs: tensor([[0, 1]]) });
    aggregator.update({ rhat, robs });
    const alone = poissonBitsPerSpike({ rhat: tensor([1, 1, 2]), robs: tensor([1, 1, 2]) });
    expect(aggregator.compute().bps).toBeCloseTo(alone.item(), 12);
    aggregator.reset();
    aggregator.update({ rhat: tensor([[Number.NaN, 1]]), robs: tensor([[0, 1]]) }, tensor(false));
    aggregator.update({ rhat, robs }, tensor(true));
    expect(aggregator.bitsPerSpike()!.toArray()).toEqual(poissonBitsPerSpike({ rhat, robs }).toArray());
  });

  it('refuses shapes that do not fit, and leaves no tensor behind', () => {
    const aggregator = new PoissonBPSAggregator();
    const before = settledTensors();
    scope(() => {
      expect(() => aggregator.update({ rhat, robs: tensor([0, 1]) })).toThrow(
        'Cannot count bits per spike: expected rhat and robs of one shape, [B, N] or [B], got [2, 2] and [2]',
      );
      aggregator.update({ rhat, robs });
    });
    aggregator.compute();
    aggregator.reset();
    expect(liveTensors()).toBe(before);
  });
});
