// `MultiDatasetDM` with worker threads: they share the recordings, and make the batches that the loop's thread would make.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { BASE, makeRecording, writeFiles, writeRecording } from '../../src/multidataset/data/testing/sessions.ts';
import { MultiDatasetDM } from '../../src/multidataset/index.ts';
import { requireCompiled } from '../cli/sconce.ts';
import { plain } from './playing.ts';

let folder: string;
beforeAll(async () => {
  await requireCompiled(); // the threads are those of the compiled package
  folder = mkdtempSync(join(tmpdir(), 'sconce-dm-workers-'));
  await writeFiles(folder, { 'base.yaml': BASE, 'a.yaml': 'cids: [0, 2]', 'b.yaml': 'cids: [1]' });
  await writeRecording(folder, 'a');
  await writeRecording(folder, 'b', { tensors: makeRecording({ numTrials: 5, size: 6 }) });
});
afterAll(() => rmSync(folder, { recursive: true }));

it.each([false, true])(
  'MultiDatasetDM gives the same batches from worker threads, homogeneous %s',
  async (homogeneousBatches) => {
    const play = async (workers: number): Promise<unknown[]> => {
      const dm = new MultiDatasetDM({ cfgDir: folder, batch: 16, workers, homogeneousBatches, enableCurriculum: true });
      await dm.setup();
      const batches: unknown[] = [];
      for (const loader of [dm.trainDataloader(), dm.valDataloader()])
        for await (const batch of loader) batches.push(plain(batch));
      await dm.close();
      return batches;
    };
    const own = await play(0);
    expect(own.length).toBeGreaterThan(4);
    expect(await play(1)).toEqual(own);
  },
);
