// The rule of the loss-driven mix against its formula, and the delay of what it says.
import { describe, expect, it } from 'vitest';
import { DelayedInput } from './delayed-input.ts';
import { LossMix, resolveLossMix } from './loss-mix.ts';

const rounded = (values: readonly number[]): number[] => values.map((value) => Math.round(value * 1e9) / 1e9);

describe('LossMix', () => {
  it('follows its formula', () => {
    const mix = new LossMix(['a', 'b'], { temperature: 0.2, smoothing: 0.25, floor: 0.3 });
    const base = [0.6, 0.4];
    expect(rounded(mix.mixed(base, mix.report({ a: 2, b: 4 })))).toEqual(base); // no rate yet
    const factors = mix.report({ a: 1.8, b: 1 });
    const rates = [(0.25 * 2 + 0.75 * 1.8) / 2, (0.25 * 4 + 0.75 * 1) / 4];
    const weights = rates.map((rate, i) => base[i]! * Math.exp(rate / 0.2));
    const sum = weights[0]! + weights[1]!;
    expect(rounded(mix.mixed(base, factors))).toEqual(
      rounded(weights.map((weight, i) => 0.7 * (weight / sum) + 0.3 * base[i]!)),
    );
    expect(mix.state().a).toEqual({ loss: 0.25 * 2 + 0.75 * 1.8, rate: rates[0] });
  });

  it('gives more turns to the loader whose loss falls slowest, never less than the floor to any', () => {
    const mix = new LossMix(['a', 'b', 'c'], resolveLossMix({ floor: 0.2, temperature: 0.01 }));
    mix.report({ a: 1, b: 1, c: 1 });
    const shares = mix.mixed([1 / 3, 1 / 3, 1 / 3], mix.report({ a: 0.5, b: 0.9, c: 0.7 }));
    expect(shares[1]).toBeGreaterThan(0.8);
    expect(Math.min(...shares)).toBeGreaterThanOrEqual(0.2 / 3);
    expect(shares.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 12);
  });

  it('takes the mean rate for a loader without one, and keeps what is not reported', () => {
    const mix = new LossMix(['a', 'b'], { temperature: 1, smoothing: 0, floor: 0 });
    mix.report({ a: 1 });
    expect(mix.report({ a: 0.5 })).toEqual([1, 1]);
    expect(mix.report({ b: 3 })).toEqual([1, 1]);
    expect(rounded(mix.report({ b: 3 }))).toEqual(rounded([Math.exp(0.5 - 1), 1]));
  });

  it.each([
    ['rises without bounds', [1, 1000], 2],
    ['falls to 0', [1, 0], 0],
    ['rises from 0', [0, 1], 2],
    ['stays 0', [0, 0], 1],
  ])('takes a loss that %s', (_what, losses, rate) => {
    const mix = new LossMix(['a'], { temperature: 0.1, smoothing: 0, floor: 0 });
    for (const loss of losses) expect(mix.mixed([1], mix.report({ a: loss }))).toEqual([1]);
    expect(mix.state().a?.rate).toBe(rate);
  });

  it('keeps the shares where factors leave nothing of them', () => {
    const mix = new LossMix(['a', 'b'], { temperature: 1e-9, smoothing: 0, floor: 0 });
    mix.report({ a: 1, b: 1 });
    expect(mix.mixed([1, 0], mix.report({ a: 0.1, b: 1 }))).toEqual([1, 0]);
  });

  it('refuses what it can not compare, and takes none of it', () => {
    const mix = new LossMix(['a', 'b'], resolveLossMix({}));
    expect(() => mix.report({ a: 1, c: 1 })).toThrow(
      'Cannot take losses: expected those of a, b, got one of "c", which is no loader',
    );
    for (const loss of [-1, Number.NaN, Number.POSITIVE_INFINITY])
      expect(() => mix.report({ a: 1, b: loss })).toThrow(
        `Cannot take losses: expected finite numbers from 0 on, got ${loss} of "b"; report a measure that falls towards 0`,
      );
    expect(mix.state()).toEqual({});
  });
});

describe('DelayedInput', () => {
  const values = (input: DelayedInput<string>, from: number, to: number): string =>
    Array.from({ length: to - from }, (_, i) => input.at(from + i)).join('');

  it('acts a fixed number of batches behind the one that is asked for', () => {
    const input = new DelayedInput('a', { delay: 3, epochLength: 20 });
    input.begin(0);
    input.set('b');
    expect(values(input, 0, 6)).toBe('aaabbb');
    input.request();
    input.request();
    input.set('c');
    input.set('d');
    expect(values(input, 0, 8)).toBe('aaabbddd');
    input.advance(4);
    expect(input.state()).toEqual({ isBegun: true, current: 'b', pending: [{ from: 5, value: 'd' }] });
  });

  it('acts on the next epoch from its beginning where it is set between epochs or too late for one', () => {
    const input = new DelayedInput('a', { delay: 3, epochLength: 4 });
    input.set('b');
    input.reset();
    input.begin(0);
    expect(values(input, 0, 4)).toBe('bbbb');
    for (let i = 0; i < 3; i++) input.request();
    input.set('c');
    expect(values(input, 0, 4)).toBe('bbbb');
    expect(input.state().pending).toEqual([{ from: 4, value: 'c' }]); // however late it was
    input.reset();
    expect(input.at(0)).toBe('c');
  });

  it('goes on from a state, also one of an epoch that has begun and given nothing', () => {
    const input = new DelayedInput('a', { delay: 3, epochLength: 20 });
    input.begin(0);
    const resumed = new DelayedInput('z', { delay: 3, epochLength: 20 });
    resumed.loadState(input.state(), 0);
    input.set('b');
    resumed.set('b');
    resumed.begin(0);
    expect(values(resumed, 0, 6)).toBe(values(input, 0, 6));
    expect(resumed.state()).toEqual(input.state());
  });
});
