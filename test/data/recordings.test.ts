// Seed 003's data end to end: recordings cast and tagged, one concatenation, a curriculum, batches grouped by recording; in worker threads too.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import {
  ByDatasetBatchSampler,
  ConcatDataset,
  ContrastWeightedSampler,
  DataLoader,
  type Dataset,
  datasetModule,
  Float32View,
  TaggedDataset,
} from '../../src/data/index.ts';
import { tensor } from '../../src/index.ts';
import { requireCompiled } from '../cli/sconce.ts';
import type { Recording, RecordingOptions } from './modules/recordings.ts';
import { plain } from './playing.ts';

const url = new URL('modules/recordings.ts', import.meta.url);
const sessions: readonly RecordingOptions[] = [{ length: 9, numUnits: 2 }, { length: 14, numUnits: 3 }]; // biome-ignore format: a table
const names = { first: 0, second: 1 };
const scores = {
  first: tensor(Float32Array.from({ length: 9 }, (_, i) => i / 4)),
  second: Array.from({ length: 14 }, (_, i) => 1 + (i % 3)),
};

let folder: string;
let dataset: ConcatDataset<Recording & { readonly datasetIdx: number }>;
beforeAll(async () => {
  await requireCompiled(); // the threads are those of the compiled package
  folder = mkdtempSync(join(tmpdir(), 'sconce-recordings-'));
  vi.stubEnv('TMPDIR', folder);
  const views = await Promise.all(
    sessions.map(
      async (options) =>
        new Float32View(await datasetModule<Dataset<Recording>>(url, { ...options }), { normRemoved: true }),
    ),
  );
  dataset = new ConcatDataset(views.map((view, datasetIdx) => new TaggedDataset(view, datasetIdx)));
});
afterAll(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true });
});

type Loader = DataLoader<Recording & { readonly datasetIdx: number }, unknown>;

function makeLoader(numWorkers: number): { loader: Loader; setStep(step: number): void } {
  const sampler = new ContrastWeightedSampler({
    dataset,
    contrastScoresDict: scores,
    datasetNameToIdx: names,
    warmupSteps: 12,
    stepAt: 'batch',
    seed: 3,
  });
  return {
    loader: new DataLoader({ dataset, batchSize: 3, sampler, numWorkers }),
    setStep: (step) => sampler.setStep(step),
  };
}

/** Plays up to `stop` batches of the epoch, setting the step as a trainer's callback does. */
async function play({ loader, setStep }: ReturnType<typeof makeLoader>, stop: number, step = 0): Promise<unknown[]> {
  const batches: unknown[] = [];
  for await (const batch of loader) {
    batches.push(plain(batch));
    setStep(step + batches.length);
    if (batches.length === stop) break;
  }
  return batches;
}

describe('a curriculum over recordings', () => {
  it('plays batches that are grouped by recording, cast and tagged', async () => {
    const { loader, setStep } = makeLoader(0);
    const [first] = (await play({ loader, setStep }, 1)) as [
      { stim: unknown; robs: unknown; dfs: unknown; datasetIdx: unknown }[],
    ];
    for (const { stim, robs, dfs, datasetIdx } of first) {
      const [, [size], [idx]] = datasetIdx as [string, [number], [number]];
      const { numUnits } = sessions[idx]!;
      expect(stim).toEqual(['float32', [size, 1, 1, 2, 2], expect.anything()]);
      expect(robs).toEqual(['float32', [size, numUnits], expect.anything()]);
      expect(dfs).toEqual(['bool', [size, numUnits], expect.anything()]);
    }
  });

  it('plays the same in worker threads, and goes on there from any batch', async () => {
    const expected = await play(makeLoader(0), 8);
    for (const [stop, numWorkers] of [[1, 2], [5, 0]] as const) {
      const begun = makeLoader(2 - numWorkers);
      const played = await play(begun, stop);
      const resumed = makeLoader(numWorkers);
      resumed.loader.loadState(JSON.parse(JSON.stringify(begun.loader.state())));
      expect([...played, ...(await play(resumed, 8, stop))]).toEqual(expected);
      await Promise.all([begun.loader.close(), resumed.loader.close()]);
    } // biome-ignore format: a table
  });

  it('plays batches of one recording each by ByDatasetBatchSampler, every sample once where it does not shuffle', async () => {
    const batchSampler = new ByDatasetBatchSampler({
      cat: dataset,
      name2idx: names,
      batchSize: 4,
      shuffle: false,
      dropLast: false,
    });
    const counts = [0, 0];
    for await (const batch of new DataLoader({ dataset, batchSampler })) {
      const groups = plain(batch) as { datasetIdx: [string, [number], number[]] }[];
      expect(groups).toHaveLength(1);
      for (const idx of groups[0]!.datasetIdx[2]) counts[idx]!++;
    }
    expect(counts).toEqual([9, 14]);
  });
});

describe('TaggedDataset', () => {
  it('gathers where its base does, and refuses a number that is none', async () => {
    const base = {
      length: 3,
      get: (index: number) => ({ x: index }),
      getBatch: async (rows: Int32Array) => ({ x: tensor(rows) }),
    };
    const tagged = new TaggedDataset(base as never, 4);
    const batch = await tagged.getBatch!(Int32Array.of(2, 0), {
      seed: 0,
      epoch: 0,
      position: 0,
      indices: Int32Array.of(2, 0),
    });
    expect(plain(batch)).toEqual({ x: ['int32', [2], [2, 0]], datasetIdx: ['float32', [2], [4, 4]] });
    expect(() => new TaggedDataset(base as never, -1)).toThrow(
      'Cannot make a TaggedDataset: expected a datasetIdx that is an integer from 0 on, got -1',
    );
  });
});
