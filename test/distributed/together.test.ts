// What ranks decide, print and write together, against one process with batches as large as those of all ranks together.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { expectClose } from './close.ts';
import { runRanks, valuesOf } from './ranks.ts';

const entry = new URL('./together_rank.ts', import.meta.url);
const folder = mkdtempSync(join(tmpdir(), 'sconce-together-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Trained {
  readonly clocks: readonly number[];
  readonly weights: readonly number[];
  readonly buffers: readonly number[];
}
interface Own {
  readonly talk: {
    readonly printed: boolean;
    readonly logged: readonly string[];
    readonly heard: readonly string[];
    readonly warnings: readonly string[];
  };
  readonly stopByOne: readonly number[];
  readonly stopByTime: unknown;
  readonly local: Trained;
  readonly metric: string;
  readonly config: string;
}
interface Results {
  readonly results: Readonly<Record<string, unknown>>;
  readonly own: Own;
}

let alone: Results;
let ranks: readonly [Results, Results];

beforeAll(async () => {
  [alone] = valuesOf(await runRanks(entry, 1, { args: [folder] })) as [Results];
  ranks = valuesOf(await runRanks(entry, 2, { args: [folder] })) as [Results, Results];
}, 60_000);

test.each([
  ['skipped', 'a batch that is not finite on one rank is left out by all'],
  ['early', 'early stopping ends the run where that of one process ends it'],
  ['frozen', 'parameters that are unfrozen inside an epoch are averaged'],
  ['synced', 'ddp.syncBatchNorm has the statistics and gradients of all samples'],
])('%s: %s', (name) => {
  expectClose(ranks[0].results[name], alone.results[name], name);
  expect(ranks[1].results[name]).toEqual(ranks[0].results[name]);
});

test('PredictionWriter writes the rows of all ranks in the order of one process', () => {
  const expected = alone.results.predictions as Record<string, string>;
  const [first, second] = ranks.map(({ results }) => results.predictions as Record<string, string>);
  for (const ending of ['csv', 'jsonl']) {
    expect(expected[`${ending} rows`]).toBe('20');
    expect(Number(first![`${ending} rows`]) + Number(second![`${ending} rows`])).toBe(20);
    for (const name of ['a', 'b', 'c']) expect(first![`${name}.${ending}`]).toBe(expected[`${name}.${ending}`]);
  }
});

test('ddp.unevenInputs: "stop" leaves out the batch that a rank does not have', () => {
  // 17 samples in batches of 8: the last one has a sample of one rank.
  expect((alone.results.stopped as Trained).clocks).toEqual([9, 3, 51]);
  const stopped = ranks.map(({ results }) => results.stopped as Trained);
  expect(stopped[0]!.clocks).toEqual([6, 3, 48]);
  expect(stopped[1]).toEqual(stopped[0]);
});

test('the first rank alone prints and logs; callbacks of the user run on all', () => {
  const logged = expect.arrayContaining(['open', 'train/loss', 'val/loss']);
  const warnings = ['here and there', 'Rank 1: in the last rank'];
  expect(ranks[0].own.talk).toEqual({ printed: true, logged, heard: ['0'], warnings });
  expect(ranks[1].own.talk).toEqual({ printed: false, logged: [], heard: ['1'], warnings: [] });
});

test('an end that one rank asks for comes to all at the next log point', () => {
  expect(alone.own.stopByOne[0]).toBe(3);
  for (const { own } of ranks) expect(own.stopByOne[0]).toBe(4);
});

test('limits and validations by time come to all ranks in the same step', () => {
  expect(ranks[0].own.stopByTime).toMatchObject({ hasValidated: true });
  expect(ranks[1].own.stopByTime).toEqual(ranks[0].own.stopByTime);
});

test('buffers are those of the first rank at the end', () => {
  expect(ranks[1].own.local).toEqual(ranks[0].own.local);
});

test('what ranks cannot do together is refused on all of them', () => {
  expect([alone.own.metric, alone.own.config]).toEqual(['nothing', 'nothing']);
  for (const { own } of ranks) {
    expect(own.metric).toContain(
      'valMetrics.0: expected a metric with state(), loadState() and merge(), since 2 ranks have a part of the samples each, got Object without',
    );
    expect(own.config).toContain('logEveryNSteps: expected the same on all ranks, got 2 on rank 0 and 3 on rank 1');
    expect(own.config).toContain(
      'performance.clipGradNorm: expected the same on all ranks, got 1 on rank 0 and 2 on rank 1',
    );
  }
});
