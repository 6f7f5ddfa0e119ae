// Two hosts whose wire delays by 20 ms and loses one packet of a hundred: they train to the weights of one process, are told when it is cut, and their launchers start again when it is mended.
// The tests wait for one another's networks most of their time: they run beside each other.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { libtorchVersion, optim } from '../../../src/index.ts';
import { batchOf, makeNet, meanSquares, STEPS, weightsOf } from '../parallel_model.ts';
import { programOf, runRanks, valuesOf } from '../ranks.ts';
import { Wire, whyNot } from './wire.ts';

const reason = whyNot();

/** Runs both ranks. @param onTraining - called once when both train. */
async function onWire(what: string, onTraining: (wire: Wire) => void = () => {}): Promise<unknown[]> {
  const script = programOf(new URL('./wire_rank.ts', import.meta.url));
  const wire = await Wire.lay({ delayMs: 20, loss: 0.01, seed: 7 });
  let numTraining = 0;
  try {
    const results = await wire.run(['--enable-source-maps', script, what], (text) => {
      if (text.includes('training') && ++numTraining === 2) onTraining(wire);
    });
    return valuesOf(results);
  } finally {
    await wire.take();
  }
}

function trainAlone(): number[] {
  const net = makeNet();
  const optimizer = new optim.SGD(net.parameters(), { lr: 0.1, momentum: 0.9 });
  for (let step = 0; step < STEPS; step++) {
    const [input, target] = batchOf(step);
    optimizer.zeroGrad();
    meanSquares(net.forward(input), target).backward();
    optimizer.step();
  }
  return weightsOf(net);
}

const restarted = new URL('./restarted_rank.ts', import.meta.url);

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
  const [script, launcher] = [programOf(restarted), programOf(new URL('./launcher_host.ts', import.meta.url))];
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

describe.skipIf(reason !== undefined)(`two hosts${reason === undefined ? '' : ` (skipped: ${reason})`}`, () => {
  test.concurrent('train over a slow wire that loses packets', { timeout: 120_000 }, async () => {
    const ranks = (await onWire('train')) as { weights: number[]; ms: number }[];
    const alone = trainAlone();
    for (const { weights, ms } of ranks) {
      expect(Math.max(...weights.map((value, i) => Math.abs(value - alone[i]!)))).toBeLessThan(1e-6);
      expect(ms).toBeGreaterThan(40); // there and back
    }
    expect(ranks[1]!.weights).toEqual(ranks[0]!.weights);
  });

  test.concurrent('end in time when the wire is cut, and name the other', { timeout: 120_000 }, async () => {
    const ranks = (await onWire('cut', (wire) => wire.cut(1))) as Record<string, unknown>[];
    for (const [rank, told] of ranks.entries()) {
      expect(told).toMatchObject({ name: 'DistributedError', missingRanks: [1 - rank] });
      expect(told.message).toContain(`rank ${1 - rank}`);
      expect(told.ms).toBeLessThan(10_000);
    }
  });

  // Calls of the store over a dead network end in time with libtorch 2.
  const isOld = libtorchVersion().startsWith('1.');
  test.skipIf(isOld).concurrent.each([0, 1] as const)(
    'are told by every call when the wire of host %i is cut',
    { timeout: 120_000 },
    async (host) => {
      const ranks = (await onWire('average', (wire) => wire.cut(host))) as Record<string, Record<string, unknown>>[];
      for (const [rank, { backward, sum, store }] of ranks.entries()) {
        const missingRanks = [1 - rank];
        const late = `expected rank ${1 - rank} within 2000 ms, got nothing; it is late, cut off, or called another function`;
        expect(backward).toMatchObject({ message: `Cannot average gradients over ranks: ${late}`, missingRanks });
        const before = `expected rank ${1 - rank}, got nothing in time in an earlier call; the group has ended with that`;
        expect(sum).toMatchObject({ message: `Cannot all-reduce: ${before}`, missingRanks });
        // Rank 0 serves the store. Connections to it end by themselves, and their processes without process.exit().
        expect(store!.message).toMatch(
          rank === 0 ? /^nothing$/ : /^Cannot look into a store: expected .* to answer, got/,
        );
        for (const ms of [backward!.ms, sum!.ms, store!.ms ?? 0]) expect(ms).toBeLessThan(6000);
      }
    },
  );

  test
    .skipIf(isOld)
    .concurrent(
      'under launchers name the rank when the wire is cut, and go on from the newest checkpoint when it is mended',
      { timeout: 120_000 },
      async () => {
        const folder = mkdtempSync(join(tmpdir(), 'sconce-wire-restart-'));
        try {
          const undisturbed = runRanks(restarted, 2, { args: [join(folder, 'undisturbed')] });
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
});
