// Pictures that are being made when their thread or process ends, and several threads that make some at once.
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { afterAll, describe, expect, it } from 'vitest';
import { decodeImage } from '../../src/data/index.ts';
import { liveTensors } from '../../src/index.ts';
import { bundle, runChild } from '../child.ts';

const script = bundle(new URL('workers/images.ts', import.meta.url));
afterAll(() => script.remove());

const path = fileURLToPath(new URL('../fixtures/images/jpeg420.jpg', import.meta.url));
const length = 3 * 256 * 256;

describe('pictures under way', () => {
  it('do no harm when their worker is terminated or exits, and others go on', async () => {
    const before = liveTensors();
    const ends = ['wait', 'exit', 'wait', 'finish'] as const;
    const workers = ends.map((end) => new Worker(script.path, { workerData: { path, end, count: 200 } }));
    const here = Array.from({ length: 20 }, () => decodeImage(path, { size: 256 }));
    await Promise.all(
      workers.map(async (worker, i) => {
        const exit = once(worker, 'exit');
        expect(await once(worker, 'message')).toEqual([length]);
        if (ends[i] === 'wait') await worker.terminate();
        await exit;
      }),
    );
    for (const { data } of await Promise.all(here)) expect(data.length).toBe(length);
    expect(liveTensors()).toBe(before);
  });

  it.each(['exit', 'finish'])('do no harm when their process ends: %s', (end) => {
    const task = JSON.stringify({ path, end, count: 300 });
    const { status, signal, stdout, stderr } = runChild(new URL('workers/images.ts', import.meta.url), {
      args: [task],
    });
    expect({ status, signal, stdout, stderr }).toEqual({
      status: 0,
      signal: undefined,
      stdout: `${length}\n`,
      stderr: '',
    });
  });
});
