// Memory that threads share: tensors of several threads over one SharedArrayBuffer, and workers that end while they have some.

import { Worker } from 'node:worker_threads';
import { afterAll, describe, expect, it } from 'vitest';
import { fromShared, liveTensors } from '../../src/index.ts';
import { getNative } from '../../src/tensor/call.ts';
import { bundle } from '../child.ts';

const script = bundle(new URL('workers/shared.ts', import.meta.url));
afterAll(() => script.remove());

function heldValues(): number {
  liveTensors();
  return getNative().autogradCounts()[1];
}

describe('a SharedArrayBuffer', () => {
  it.each([
    ['returns', 'return', 0],
    ['exits', 'exit', 7],
    ['throws', 'throw', 1],
    ['is terminated', 'wait', 1],
  ])('is one memory for this thread and a worker, and stays when the worker %s', async (_, end, exitCode) => {
    const values = heldValues();
    const memory = new SharedArrayBuffer(32);
    const x = fromShared(memory, [4], 'float64');
    x.fill_(2);
    const worker = new Worker(script.path, { workerData: { memory, end } });
    const errors: string[] = [];
    worker.on('error', (error) => errors.push(error.message));
    // events.once() would reject at the error, which may come before the message
    const exit = new Promise((resolve) => worker.on('exit', resolve));
    const report = new Promise((resolve) => worker.on('message', resolve));
    expect(await report).toEqual({ seen: [2, 2, 2, 2], liveTensors: 11, last: 102 });
    if (end === 'wait') await worker.terminate();
    expect(await exit).toBe(exitCode);
    expect(errors).toEqual(end === 'throw' ? ['thrown'] : []);
    expect(heldValues()).toBe(values + 1); // this thread's; the worker's went with it
    expect(x.toArray()).toEqual([102, 102, 102, 102]);
    expect([...new Float64Array(memory)]).toEqual([102, 102, 102, 102]);
    x.dispose();
    expect(heldValues()).toBe(values);
  });
});
