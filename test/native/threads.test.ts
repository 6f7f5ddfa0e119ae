// Threads: how many libtorch uses here and in workers, and that results do not depend on who else computes.

import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { afterAll, describe, expect, it } from 'vitest';
import { liveTensors, numThreads } from '../../src/index.ts';
import { bundle, readChild } from '../child.ts';
import { products } from './threads.ts';

const script = bundle(new URL('workers/compute.ts', import.meta.url));
afterAll(() => script.remove());

async function ask(task: string): Promise<unknown> {
  const worker = new Worker(script.path, { workerData: task });
  const exit = once(worker, 'exit');
  const [message] = await once(worker, 'message');
  expect(await exit).toEqual([0]);
  return message;
}

describe('a process', () => {
  it('takes its threads from OMP_NUM_THREADS, and others when told', () => {
    const environment = { OMP_NUM_THREADS: '2' };
    expect(readChild(new URL('children/threads.ts', import.meta.url), { environment })).toEqual({
      atStart: 2,
      set: 1,
      interop: 3,
      interopBad: 'RangeError: Cannot set threads between operators: expected 1 to 4096, got 0',
      interopAgain: expect.stringMatching(
        /^NativeError: Cannot call setNumInteropThreads: .*cannot set number of interop threads/,
      ),
      bad: [
        'RangeError: Cannot set threads: expected 1 to 4096, got 0',
        'RangeError: Cannot set threads: expected 1 to 4096, got -1',
        expect.stringMatching(/^TypeError: .*an integer/),
        'RangeError: Cannot set threads: expected 1 to 4096, got 5000',
      ],
    });
  });
});

describe('workers', () => {
  it('compute what the main thread computes, bit for bit, all at once', async () => {
    const expected = { products: products(), numThreads: 1 };
    const asked = Array.from({ length: 6 }, () => ask('products'));
    const meanwhile = products();
    for (const answer of await Promise.all(asked)) expect(answer).toEqual(expected);
    expect(meanwhile).toEqual(expected.products);
  });

  it('change their own threads alone', async () => {
    const before = numThreads();
    expect(await ask('threads')).toBe(3);
    expect(numThreads()).toBe(before);
  });

  it('may be terminated in the middle of an operator, several at once', async () => {
    const before = liveTensors();
    const workers = Array.from({ length: 3 }, () => new Worker(script.path, { workerData: 'forever' }));
    await Promise.all(workers.map((worker) => once(worker, 'message')));
    expect(await Promise.all(workers.map((worker) => worker.terminate()))).toEqual([1, 1, 1]);
    expect(liveTensors()).toBeLessThanOrEqual(before);
    expect(products()).toHaveLength(7);
  });
});
