// Two hosts whose wire delays by 20 ms and loses one packet of a hundred: they train to the weights of one process, and are told when it is cut.
import { describe, expect, test } from 'vitest';
import { libtorchVersion, optim } from '../../../src/index.ts';
import { batchOf, makeNet, meanSquares, STEPS, weightsOf } from '../parallel_model.ts';
import { programOf, valuesOf } from '../ranks.ts';
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

describe.skipIf(reason !== undefined)(`two hosts${reason === undefined ? '' : ` (skipped: ${reason})`}`, () => {
  test.concurrent('train over a slow wire that loses packets', { timeout: 60_000 }, async () => {
    const ranks = (await onWire('train')) as { weights: number[]; ms: number }[];
    const alone = trainAlone();
    for (const { weights, ms } of ranks) {
      expect(Math.max(...weights.map((value, i) => Math.abs(value - alone[i]!)))).toBeLessThan(1e-6);
      expect(ms).toBeGreaterThan(40); // there and back
    }
    expect(ranks[1]!.weights).toEqual(ranks[0]!.weights);
  });

  test.concurrent('end in time when the wire is cut, and name the other', { timeout: 60_000 }, async () => {
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
    { timeout: 60_000 },
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
});
