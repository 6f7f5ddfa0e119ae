// What outlives a scope and what does not, over many steps, in this thread and in a worker.

import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { afterAll, describe, expect, it } from 'vitest';
import { bundle } from '../child.ts';
import { cases } from './ownership.ts';

const script = bundle(new URL('workers/ownership.ts', import.meta.url));
afterAll(() => script.remove());

describe('state that outlives a scope', () => {
  it.each(Object.keys(cases))('%s', (name) => cases[name]!());

  it('does so in workers too', async () => {
    const worker = new Worker(script.path);
    const exit = once(worker, 'exit');
    expect((await once(worker, 'message'))[0]).toEqual({ played: Object.keys(cases), failures: [] });
    expect(await exit).toEqual([0]);
  });
});
