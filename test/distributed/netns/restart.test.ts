// Launchers on two hosts whose wire is cut in a training and mended: they start their ranks again, which go on from the newest checkpoint.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { libtorchVersion } from '../../../src/index.ts';
import { programOf, runRanks, valuesOf } from '../ranks.ts';
import { Wire, whyNot } from './wire.ts';

// Calls of the store over a dead network end in time with libtorch 2.
const reason = whyNot() ?? (libtorchVersion().startsWith('1.') ? 'libtorch 1.13' : undefined);
const rank = new URL('./restarted_rank.ts', import.meta.url);

interface Trained {
  readonly firstStep: number;
  readonly step: number;
  readonly weights: readonly number[];
}

/** What ranks print under a launcher, which labels it. */
const printedBy = (stderr: string): Trained[] =>
  stderr.split('\n').flatMap((line) => (/^\[rank \d\] \{/.test(line) ? [JSON.parse(line.slice(9)) as Trained] : []));

/** Cuts the wire when both ranks are in a step, and mends it when a rank has been named that is not there. */
async function launchOverCutWire(folder: string) {
  const [script, launcher] = [programOf(rank), programOf(new URL('./launcher_host.ts', import.meta.url))];
  const wire = await Wire.lay({ delayMs: 20, loss: 0.01, seed: 7 });
  let [said, state] = ['', 'whole' as 'whole' | 'cut' | 'mended'];
  try {
    return await wire.launch(['--enable-source-maps', launcher, script, folder], (text) => {
      said += text;
      if (state === 'whole' && [0, 1].every((each) => said.includes(`[rank ${each}] in step 6`))) {
        state = 'cut';
        wire.cut(1);
      } else if (state === 'cut' && said.includes('got none of rank 1, which ended without a word')) {
        state = 'mended';
        wire.mend(1);
      }
    });
  } finally {
    await wire.take();
  }
}

test.skipIf(reason !== undefined)(
  `launch() over a wire that is cut names the rank, and goes on when it is mended${reason === undefined ? '' : ` (skipped: ${reason})`}`,
  { timeout: 90_000 },
  async () => {
    const folder = mkdtempSync(join(tmpdir(), 'sconce-wire-restart-'));
    try {
      const undisturbed = runRanks(rank, 2, { args: [join(folder, 'undisturbed')] });
      const hosts = await launchOverCutWire(join(folder, 'cut'));
      const [whole] = valuesOf(await undisturbed) as Trained[];
      expect(whole).toMatchObject({ firstStep: 0, step: 12 });
      expect(valuesOf(hosts)).toEqual([0, 1].map(() => ({ exitCode: 0, numRestarts: 1 })));
      for (const { stderr } of hosts) {
        expect(stderr).toMatch(/\[launch\] Rank 0 on machine 0 \(.*\) failed first, with exit code 1:/);
        expect(stderr).toContain('Cannot go on: expected 2 ranks, got none of rank 1, which ended without a word');
        const [trained] = printedBy(stderr);
        expect([4, 6]).toContain(trained!.firstStep);
        expect(trained).toMatchObject({ step: 12, weights: whole!.weights });
      }
    } finally {
      rmSync(folder, { recursive: true });
    }
  },
);
