import { expect, test } from 'vitest';
import { formatTick, numberAxis } from './number-axis.ts';

const labels = (values: readonly number[], options: Parameters<typeof numberAxis>[1] = {}): string[] => {
  const { ticks, tickFormat } = numberAxis(values, options);
  return ticks.map(tickFormat);
};

test.each<[what: string, values: number[], options: Parameters<typeof numberAxis>[1], wanted: string[]]>([
  ['whole steps', [0, 3], {}, ['0', '1', '2', '3']],
  ['steps in thousands', [0, 25_000], {}, ['0', '5000', '10k', '15k', '20k', '25k']],
  ['tiny values', [1e-9, 3e-9], { isNice: true }, ['1e-9', '1.5e-9', '2e-9', '2.5e-9', '3e-9']],
  ['huge values', [1e9, 3e9], { isNice: true }, ['1e9', '1.5e9', '2e9', '2.5e9', '3e9']],
  ['a small change of a large value', [123456.701, 123456.703], { isNice: true, numTicks: 2 }, ['123456.701', '123456.702', '123456.703']],
  ['per cents', [0.1, 0.9], { format: 'percent', isNice: true, numTicks: 4 }, ['0%', '20%', '40%', '60%', '80%', '100%']],
  ['sums that are no round binary numbers', [-0.2, 0.1], { isNice: true, numTicks: 3 }, ['-0.2', '-0.1', '0', '0.1']],
  ['a mean of equal numbers beside them', [0.1, 0.1 + 2 ** -56], { isNice: true, numTicks: 2 }, ['0.09', '0.1', '0.11']],
  ['the same on a logarithmic axis', [0.1, 0.1 + 2 ** -56], { scale: 'log', isNice: true, numTicks: 2 }, ['0.09', '0.1', '0.11']],
  ['nothing', [], {}, ['0', '0.2', '0.4', '0.6', '0.8', '1']],
  ['nothing finite', [Number.NaN, Number.POSITIVE_INFINITY], {}, ['0', '0.2', '0.4', '0.6', '0.8', '1']],
  ['one step', [5], {}, ['5']],
  ['nothing but zeros, from zero', [0, 0], { hasZero: true, numTicks: 2 }, ['0', '1']],
  ['a count that is always 0', [0, 0], { isNice: true }, ['0', '1']],
  ['a count that is always 3', [3, 3], { isNice: true }, ['2', '3', '4']],
  ['a share that is always 0', [0, 0], { isNice: true, format: 'percent', numTicks: 2 }, ['0%', '50%', '100%']],
  ['decades', [1e-4, 1e2], { scale: 'log' }, ['0.0001', '0.001', '0.01', '0.1', '1', '10', '100']],
  ['two decades', [1, 100], { scale: 'log' }, ['1', '3', '10', '30', '100']],
  ['less than a decade', [2, 4], { scale: 'log', numTicks: 2 }, ['2', '3', '4']],
  ['zero on a logarithmic axis', [0, -1, 1, 10], { scale: 'log' }, ['1', '2', '5', '10']],
])('numberAxis() of %s has labels that differ', (_, values, options, wanted) => {
  expect(labels(values, options)).toEqual(wanted);
}); // biome-ignore format: a table

test('numberAxis() never gives equal labels, whatever the range', () => {
  for (let power = -12; power <= 12; power += 1) {
    for (const width of [1e-6, 1e-3, 1, 7]) {
      const low = 3.7 * 10 ** power;
      const all = labels([low, low * (1 + width)], { isNice: true });
      expect(all.length).toBeGreaterThan(1);
      expect(new Set(all).size).toBe(all.length);
    }
  }
});

test('formatTick() is short', () => {
  expect([0, 250, 12_000, 3_400_000, 2e-5, -0.05, 1e12].map((value) => formatTick(value))).toEqual(['0', '250', '12k', '3.4M', '2e-5', '-0.05', '1e12']); // biome-ignore format: a row
});
