// Two and three ranks with different numbers of batches against one process that has those of all.
import { expect, test } from 'vitest';
import { CASES, weightsOfOne } from './join_cases.ts';
import { runRanks, valuesOf } from './ranks.ts';

interface Trained {
  readonly joined: number[];
  readonly weights: number[];
  readonly shadowed: number;
}

const distance = (a: readonly number[], b: readonly number[]): number =>
  Math.max(...a.map((value, i) => Math.abs(value - b[i]!)));

test('ranks with uneven inputs train as one process with the inputs of all', async () => {
  type Value = { trained: Record<string, Trained> } & Record<string, unknown>;
  const results = await runRanks(new URL('./join_rank.ts', import.meta.url), 3);
  const ranks = valuesOf(results) as Value[];
  for (const [name, found] of Object.entries(CASES)) {
    const { batches, stepsAlong = false, accumulate = 1 } = found;
    const all = ranks.slice(0, batches.length).map(({ trained }) => trained[name]!);
    const most = Math.max(...batches);
    // Without steps of their own, optimizers that ended early have a state of their own: what follows the join differs.
    const wanted = weightsOfOne(found, stepsAlong || new Set(batches).size === 1);
    const [first] = all;
    const reached = stepsAlong || new Set(batches).size === 1 ? first!.weights : first!.joined;
    expect(distance(reached, wanted), name).toBeLessThan(name === 'half' ? 2e-2 : 2e-5);
    all.forEach(({ joined, weights, shadowed }, rank) => {
      expect(joined, name).toEqual(first!.joined);
      if (stepsAlong) expect(weights, name).toEqual(first!.weights);
      expect(shadowed, `${name}: rank ${rank}`).toBe(stepsAlong ? (most - batches[rank]!) / accumulate : 0);
    });
  }
  for (const { early, steps, refused, result } of ranks) {
    expect(early).toMatch(/^Cannot go on training: expected as many inputs on each rank, got none left on rank 0/);
    expect(steps).toBe(2);
    expect(refused).toEqual([
      expect.stringMatching(/expected a graph that ranks without inputs need not learn, got staticGraph/),
      expect.stringMatching(/expected gradients that the reducer divides, got compress: "float16"/),
      expect.stringMatching(/got SyncBatchNorm "1"; set throwOnEarlyTermination/),
      expect.stringMatching(/expected the same options on all ranks, got .*false.* on rank 0 and .*true.* on rank 1/),
      expect.stringMatching(/expected options of { divideByInitialWorldSize, .* }, got "enable"/),
    ]);
    expect(result).toBe(ranks.findIndex((each) => each.result === result) + 1);
  }
});
