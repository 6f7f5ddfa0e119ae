// Optimizers whose state lies in parts on two ranks, each against the optimizer alone, to the last bit.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { runRanks, valuesOf } from './ranks.ts';

test('two ranks with a part of the state each train as the optimizer alone', async () => {
  const results = await runRanks(new URL('./zero_rank.ts', import.meta.url), 2);
  const ranks = valuesOf(results) as Record<string, unknown>[];
  for (const [rank, { same, lines, sizes, weights, steps, refused }] of ranks.entries()) {
    const noState =
      /^Cannot give the state of ZeroRedundancyOptimizer: expected that of 2 ranks on this one, got its own/;
    for (const [name, [isFull, ...others]] of Object.entries(same as Record<string, unknown[]>)) {
      if (rank === 1) expect(isFull, name).toBe('true');
      else expect(isFull, name).toMatch(noState);
      expect(others, name).toEqual([true, true, true]);
    }
    expect(sizes).toEqual([96, 72]); // of 96, 16, 48, 6 and 2, the largest first: 96 | 48 16 6 2
    // 4 and 2 more: both to the second rank, whose loss over them it alone takes down.
    expect(lines).toEqual([5, 5, 5, 5, 5, true, [5], [96, 78], [1, 1], 7, 7, false]);
    expect(weights).toEqual(ranks[0]!.weights);
    expect(steps).toEqual(rank === 0 ? [...Array<number>(5).fill(6), 1, 1] : []);
    expect(refused).toEqual([
      expect.stringMatching(/^Cannot make ZeroRedundancyOptimizer: .* got "lr"; hyperparameters stand in defaults$/),
      expect.stringMatching(/got LBFGS, which needs all of them at once$/),
      expect.stringMatching(/expected a class for optimizerClass, got AdamW$/),
      expect.stringMatching(/^Cannot make SGD: expected lr .*got -1$/),
      rank === 0 ? expect.anything() : expect.stringMatching(/^Cannot make ZeroRedundancyOptimizer: .*process 0/),
      rank === 0 ? '7' : expect.stringMatching(noState),
      expect.stringMatching(/^Cannot load a state into ClippedAdamW: expected 2 parameter groups, got 0$/),
    ]);
  }
});

test('the trainer trains with it to the same weights, and either goes on from checkpoints of the other', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'sconce-zero-'));
  try {
    const results = await runRanks(new URL('./zero-trainer_rank.ts', import.meta.url), 2, { args: [folder] });
    for (const found of valuesOf(results) as Record<string, unknown>[]) {
      for (const name of ['zeroThenPlain', 'plainThenZero', 'config', 'configThenPlain'])
        expect(found[name], name).toEqual(found.plain);
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
});
