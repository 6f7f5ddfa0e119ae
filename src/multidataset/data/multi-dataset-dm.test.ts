import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Tensor } from '../../tensor/index.ts';
import type { MultiDatasetDMOptions } from './dm-options.ts';
import { MultiDatasetDM } from './multi-dataset-dm.ts';
import type { MultiDatasetBatch, MultiDatasetGroup } from './sample.ts';
import { BASE, makeRecording, writeFiles, writeRecording } from './testing/sessions.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sconce-dm-'));
  await writeFiles(folder, {
    'parent.yaml': `session_dir: ./sessions\nsessions: [first, second]\ndata_dir: ./recordings\n${BASE}`,
    'sessions/first.yaml': 'cids: [0, 2]',
    'sessions/second.yaml': 'cids: [4, 0, 1]\nlab: yates\nvisual: [1]',
  });
  await writeRecording(join(folder, 'recordings'), 'first');
  await writeRecording(join(folder, 'recordings'), 'second', { tensors: makeRecording({ numTrials: 5, numUnits: 5 }) });
});
afterAll(() => rm(folder, { recursive: true }));

const makeDM = async (options: Partial<MultiDatasetDMOptions> = {}): Promise<MultiDatasetDM> => {
  const dm = new MultiDatasetDM({ cfgDir: join(folder, 'parent.yaml'), batch: 16, ...options });
  await dm.setup();
  return dm;
};
const batchesOf = async (loader: AsyncIterable<MultiDatasetBatch>): Promise<MultiDatasetGroup[][]> => {
  const batches: MultiDatasetGroup[][] = [];
  for await (const batch of loader) batches.push(Array.isArray(batch) ? batch : [batch]);
  return batches;
};
const numbers = (x: Tensor | undefined): number[] => Array.from(x!.toTypedArray() as Float32Array);
/** The frame of each sample of a group: what its first unit with column 0 fires. */
const framesOf = ({ robs, datasetIdx }: MultiDatasetGroup): number[] => numbers(robs.select(1, datasetIdx));

describe('MultiDatasetDM', () => {
  it('serves windows of the recordings, normalised, in groups', async () => {
    const dm = await makeDM();
    expect(dm.names).toEqual(['first', 'second']);
    expect(dm.name2idx).toEqual({ first: 0, second: 1 });
    expect(dm.cfgs.map(({ cids }) => cids)).toEqual([
      [0, 2],
      [4, 0, 1],
    ]);
    // Of each trial of 12 frames, those 4 frames behind its first one: 8.
    expect([dm.trainDsets.first!.length, dm.valDsets.first!.length]).toEqual([8 * 8, 2 * 8]);
    expect([dm.trainDsets.second!.length, dm.valDsets.second!.length]).toEqual([4 * 8, 8]);
    const batches = await batchesOf(dm.trainDataloader());
    expect(batches.length).toBe(6);
    const seen = batches.flat().map((group) => {
      const { stim, robs, dfs, behavior, datasetIdx } = group;
      const frames = framesOf(group);
      const count = frames.length;
      expect(typeof datasetIdx).toBe('number');
      expect([stim.shape, robs.shape, dfs!.shape, behavior!.shape]).toEqual([
        [count, 1, 4, 4, 4],
        [count, [2, 3][datasetIdx]!],
        [count, 1],
        [count, 6],
      ]);
      expect([stim.dtype, robs.dtype, dfs!.dtype, behavior!.dtype]).toEqual(Array(4).fill('float32'));
      const pixels = frames.flatMap((t) =>
        [0, 1, 2, 3].flatMap((lag) =>
          [0, 1, 2, 3].flatMap((y) => [0, 1, 2, 3].map((x) => (((t - lag + 3 * y + 5 * x) % 251) - 127) / 255)),
        ),
      );
      expect(numbers(stim).every((value, at) => Math.abs(value - pixels[at]!) < 1e-7)).toBe(true);
      const positions = frames.flatMap((t) => [Math.sin(t / 3), Math.cos(t / 5)]);
      expect(numbers(behavior!.narrow(1, 4, 2)).every((value, at) => Math.abs(value - positions[at]!) < 1e-6)).toBe(
        true,
      );
      return frames.map((frame) => `${datasetIdx}:${frame}`);
    });
    expect(new Set(seen.flat()).size).toBe(96);
  });

  it('validates every held-out sample once, in one order, whoever asks', async () => {
    const dm = await makeDM({ batch: 5 });
    const loader = dm.valDataloader();
    const first = (await batchesOf(loader)).map((groups) =>
      groups.map((group) => `${group.datasetIdx}: ${framesOf(group)}`),
    );
    const second = (await batchesOf(loader)).map((groups) =>
      groups.map((group) => `${group.datasetIdx}: ${framesOf(group)}`),
    );
    expect(second).toEqual(first);
    expect(first.map(([group]) => group![0])).toEqual(['0', '1', '0', '1', '0', '0']);
    expect(first.every((groups) => groups.length === 1)).toBe(true);
  });
});
