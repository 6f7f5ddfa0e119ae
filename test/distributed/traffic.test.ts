// What data parallel training sends, against what a ring all-reduce has to.
import { expect, test } from 'vitest';
import { libtorchVersion } from '../../src/index.ts';
import { runRanks, valuesOf } from './ranks.ts';

interface Traffic {
  readonly sent: number;
  readonly theory: number;
  readonly gradients: number;
  readonly own: number;
  readonly gloo: readonly number[];
}

test.runIf(process.platform === 'linux')('a step sends the gradients 2 (n - 1) / n times and little more', async () => {
  const values = valuesOf(await runRanks(new URL('./traffic_rank.ts', import.meta.url), 3)) as Traffic[];
  for (const { sent, theory, gradients, own, gloo } of values) {
    expect(gradients).toBe(4 * (201 * 300 + 301 * 40));
    expect(sent).toBeGreaterThanOrEqual(theory);
    expect(sent).toBeLessThan(1.01 * theory + 4096);
    // The thread that moves the bytes lets those go first that it waits for.
    if (!libtorchVersion().startsWith('1.')) expect(gloo.length).toBeGreaterThan(0);
    for (const priority of gloo) expect(priority).toBe(Math.min(19, own + 10));
  }
});
