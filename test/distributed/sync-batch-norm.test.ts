// Batch normalisation over two ranks against one process that has all rows.
import { expect, test } from 'vitest';
import { nn } from '../../src/index.ts';
import { runRanks, valuesOf } from './ranks.ts';
import { CASES, normOf, type Outcome, outcomeOf, trained } from './sync-batch-norm_cases.ts';

const distance = (found: readonly number[], wanted: readonly number[]): number => {
  expect(found.length).toBe(wanted.length);
  return Math.max(0, ...found.map((value, i) => Math.abs(value - wanted[i]!)));
};

test('two ranks normalise as one process does, and train to the same weights', async () => {
  type Value = { outcomes: Record<string, Outcome>; weights: number[] } & Record<string, unknown>;
  const results = await runRanks(new URL('./sync-batch-norm_rank.ts', import.meta.url), 2);
  const ranks = valuesOf(results) as [Value, Value];
  for (const [name, found] of Object.entries(CASES)) {
    const total = found.rows.reduce((sum, count) => sum + count, 0);
    const whole = outcomeOf(found, normOf(found, nn.SyncBatchNorm), 0, total);
    const [first, second] = ranks.map(({ outcomes }) => outcomes[name]!) as [Outcome, Outcome];
    const limit = { float32: 2e-5, float64: 1e-12, bfloat16: 0.05 }[found.dtype ?? 'float32'];
    expect(distance([...first.output, ...second.output], whole.output), name).toBeLessThan(limit);
    const gradients = [...first.inputGradient, ...second.inputGradient];
    expect(distance(gradients, whole.inputGradient), name).toBeLessThan(limit);
    whole.gradients.forEach((wanted, i) => {
      const sum = wanted.map((_, j) => first.gradients[i]![j]! + second.gradients[i]![j]!);
      expect(distance(sum, wanted), `${name}: parameter ${i}`).toBeLessThan(10 * limit);
    });
    whole.buffers.forEach((wanted, i) => {
      expect(distance(first.buffers[i]!, wanted), `${name}: buffer ${i}`).toBeLessThan(limit);
    });
    expect(second.buffers).toEqual(first.buffers);
  }
  const alone = trained(
    (net) => net,
    (batch) => batch,
    () => 1,
  );
  expect(distance(ranks[0].weights, alone)).toBeLessThan(1e-5);
  expect(ranks[1].weights).toEqual(ranks[0].weights);
  for (const [rank, { alone, copy, refused, after }] of ranks.entries()) {
    expect(alone).toEqual(rank === 0 ? [[0, 0], [0, 0]] : 'outside'); // biome-ignore format: a matrix
    expect([copy, after]).toEqual([true, [[0], [0]]]);
    expect(refused).toEqual([
      expect.stringMatching(/^Cannot apply SyncBatchNorm: expected more than one value per channel over all ranks/),
      'Cannot apply SyncBatchNorm: expected 3 channels, got [4, 2]',
      expect.stringMatching(/^Cannot differentiate SyncBatchNorm over ranks twice/),
      expect.stringMatching(/^Cannot make SyncBatchNorm: expected a process group .* got all$/),
    ]);
  }
});
