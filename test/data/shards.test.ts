// Tar shards and text lines through the whole loader: shuffled, shared among ranks, stopped at any batch, with workers and without.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  DataLoader,
  type DataLoaderState,
  datasetModule,
  type IterableDataset,
  ShuffleBuffer,
  type TarSample,
  TarShards,
  TextLines,
  writeShards,
} from '../../src/data/index.ts';
import { requireCompiled } from '../cli/sconce.ts';
import type { ShardedOptions, ShardedSample } from './modules/shards.ts';
import { failing, plain, play } from './playing.ts';

let folder: string;
const file = (name: string): string => join(folder, name);
const NUM_SAMPLES = 26;

beforeAll(async () => {
  await requireCompiled();
  folder = mkdtempSync(join(tmpdir(), 'sconce-shards-'));
  const samples = Array.from({ length: NUM_SAMPLES }, (_, i) => ({ __key__: `k${i}`, cls: i, txt: `text ${i}` }));
  await writeShards(file('train-%02d.tar'), samples, { maxSamples: 5 }); // six shards, the last of one sample
  writeFileSync(file('train-03.tar.gz'), gzipSync(readFileSync(file('train-03.tar'))));
});
afterAll(() => rmSync(folder, { recursive: true }));

const shardPaths = (): string[] =>
  ['00', '01', '02', '03', '04', '05'].map((n) => file(`train-${n}.tar${n === '03' ? '.gz' : ''}`));

/** What a loader gives from each of its batches on is what it gives when it is resumed there. */
async function expectExactResume(make: () => DataLoader<unknown>, epoch: number, stop: number): Promise<unknown[]> {
  const loader = make();
  loader.setEpoch(epoch);
  const states: DataLoaderState[] = [loader.state()];
  const batches: unknown[] = [];
  for await (const batch of loader) {
    batches.push(plain(batch));
    states.push(JSON.parse(JSON.stringify(loader.state())));
  }
  const at = stop % states.length;
  const resumed = make();
  resumed.loadState(states[at]!);
  if (at < batches.length) expect(await play(resumed)).toEqual(batches.slice(at));
  return batches;
}

describe('TarShards behind a ShuffleBuffer', () => {
  it('give every sample to one rank, in an order of the epoch, and go on from any batch as if never stopped', async () => {
    const cases = fc.record({
      size: fc.integer({ min: 1, max: 30 }),
      batchSize: fc.integer({ min: 1, max: 6 }),
      numReplicas: fc.integer({ min: 1, max: 3 }),
      shuffle: fc.boolean(),
      epoch: fc.nat(3),
      stop: fc.nat(),
    });
    const check = fc.asyncProperty(cases, async ({ size, batchSize, numReplicas, shuffle, epoch, stop }) => {
      const seen: string[] = [];
      for (let rank = 0; rank < numReplicas; rank++) {
        const make = () => {
          const shards = new TarShards<ShardedSample>(shardPaths(), { shuffle, numReplicas, rank });
          return new DataLoader({ dataset: new ShuffleBuffer(shards, { size }), batchSize });
        };
        const batches = (await expectExactResume(make as () => DataLoader<unknown>, epoch, stop)) as {
          __key__: string[];
        }[];
        seen.push(...batches.flatMap(({ __key__ }) => __key__));
      }
      expect(seen.sort()).toEqual(Array.from({ length: NUM_SAMPLES }, (_, i) => `k${i}`).sort());
    });
    await fc.assert(check, { numRuns: 25 });
  });

  it('give the same batches when workers decode them, from the beginning and from the middle', async () => {
    const options: ShardedOptions = { shards: shardPaths(), size: 8, shuffle: true };
    const url = new URL('modules/shards.ts', import.meta.url);
    const dataset: IterableDataset<TarSample, ShardedSample> = await datasetModule(url, options);
    const load = (numWorkers: number) => new DataLoader({ dataset, batchSize: 4, numWorkers });
    const reference = load(0);
    const expected = await play(reference, 3);
    const state = reference.state();
    expected.push(...(await play(load(0))).slice(3));
    const loader = load(2);
    expect(await play(loader)).toEqual(expected);
    loader.loadState(state);
    expect(await play(loader)).toEqual(expected.slice(3));
    await loader.close();
  });

  it('names shard, key and member where a worker cannot decode', async () => {
    await writeShards(file('bad-%01d.tar'), [
      { __key__: 'ok', cls: 1, txt: '' },
      { __key__: 'bad', cls: 'x', txt: '' },
    ]);
    const url = new URL('modules/shards.ts', import.meta.url);
    const options: ShardedOptions = { shards: [file('bad-0.tar')], size: 0 };
    const dataset: IterableDataset<TarSample, ShardedSample> = await datasetModule(url, options);
    const loader = new DataLoader({ dataset, batchSize: 2, numWorkers: 1 });
    const { error } = await failing(loader);
    expect((error as Error).message).toBe(
      `Cannot load sample 1 of epoch 0 of TarShards of "${file('bad-0.tar')}": Cannot decode "bad.cls" in "${file('bad-0.tar')}" at byte 1536: expected an integer, got "x"`,
    );
    await loader.close();
  });
});

describe('TextLines behind a ShuffleBuffer', () => {
  it('go on from any batch as if never stopped', async () => {
    const text = Array.from({ length: 40 }, (_, i) => `line ${i}`).join('\r\n');
    writeFileSync(file('a.txt'), text);
    writeFileSync(file('b.txt.gz'), gzipSync(text.replaceAll('line', 'Zeile')));
    const check = fc.asyncProperty(
      fc.integer({ min: 1, max: 90 }),
      fc.integer({ min: 1, max: 9 }),
      fc.nat(),
      async (size, batchSize, stop) => {
        const dataset = new ShuffleBuffer(new TextLines([file('a.txt'), file('b.txt.gz')]), { size });
        const make = () => new DataLoader({ dataset, batchSize }) as unknown as DataLoader<unknown>;
        const batches = (await expectExactResume(make, 1, stop)) as string[][];
        expect(new Set(batches.flat()).size).toBe(80);
      },
    );
    await fc.assert(check, { numRuns: 25 });
  });
});
