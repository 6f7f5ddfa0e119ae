// A signal to one rank or to several, wherever they are in a training: all stop behind one step, and what goes on ends with the bits of a training that nothing stopped.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { runRanks, valuesOf } from './ranks.ts';

interface Ended {
  readonly ended: string;
  readonly step: number;
  readonly validations: readonly unknown[];
  readonly weights: readonly number[];
}

interface Told {
  readonly whole: Ended;
  readonly stopped: readonly { readonly first: Ended; readonly rest: Ended }[];
}

/** The event in which the signal comes, or the milliseconds behind the start of the training; and which ranks get one. */
const moments = [
  { at: 'fitStart', nth: 1, ranks: [1] },
  { at: 'validationBatchEnd', nth: 1, ranks: [1] }, // of the sanity check
  { at: 'batchEnd', nth: 2, ranks: [0] }, // long before a place where all meet
  { at: 'optimizerStepEnd', nth: 11, ranks: [0, 1] }, // both know, so that they need no look to agree
  { at: 'batchStart', nth: 4, ranks: [0, 1] }, // within a window of two
  { at: 'validationBatchStart', nth: 4, ranks: [1] },
  { at: 'validationEnd', nth: 3, ranks: [0] },
  { at: 'checkpointSaved', nth: 1, ranks: [0] },
  { at: 'epochEnd', nth: 1, ranks: [1] },
  { at: 'epochStart', nth: 2, ranks: [1] },
  { at: 'optimizerStepEnd', nth: 18, ranks: [1] }, // the last one: no step is left to agree in
  { at: 'fitEnd', nth: 1, ranks: [1] },
  { at: 'later', nth: 7, ranks: [0] },
  { at: 'later', nth: 53, ranks: [1] },
];

test('ranks stop behind one step wherever a signal comes, and go on bit for bit', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'sconce-ranks-'));
  try {
    const entry = new URL('./stops_rank.ts', import.meta.url);
    const [first, second] = valuesOf(await runRanks(entry, 2, { args: [folder, JSON.stringify(moments)] })) as [
      Told,
      Told,
    ];
    expect(first.whole).toMatchObject({ ended: 'complete', step: 18 });
    for (const [i, moment] of moments.entries()) {
      const [one, other] = [first.stopped[i]!, second.stopped[i]!];
      const what = JSON.stringify(moment);
      expect([other.first.ended, other.first.step], what).toEqual([one.first.ended, one.first.step]);
      expect(other.first.weights, what).toEqual(one.first.weights);
      if (moment.nth === 11) expect([13, 14], what).toContain(one.first.step);
      if (moment.at !== 'later') expect(one.first.ended, what).toBe('InterruptedError');
      for (const [{ rest }, { whole }] of [
        [one, first],
        [other, second],
      ] as const)
        expect([rest.ended, rest.step, rest.weights], what).toEqual(['complete', whole.step, whole.weights]);
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
}, 60_000);
