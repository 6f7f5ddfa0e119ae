// Captured steps in worker threads, several at a time: the numbers of the step as it is written, whatever way a worker ends.
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { afterAll, expect, it } from 'vitest';
import { bundle } from '../child.ts';

const script = bundle(new URL('workers/captured.ts', import.meta.url));
afterAll(() => script.remove());

interface Report {
  readonly written: readonly number[];
  readonly captured: readonly number[];
  readonly numReplayed: number;
}

async function run(end: 'return' | 'exit' | 'throw'): Promise<Report> {
  const worker = new Worker(script.path, { workerData: { end } });
  worker.on('error', () => undefined);
  const exit = once(worker, 'exit').catch(() => undefined);
  const [report] = (await once(worker, 'message')) as [Report];
  await exit;
  return report;
}

it('capture() works in workers, three at a time', async () => {
  const reports = await Promise.all([run('return'), run('exit'), run('throw')]);
  for (const { written, captured, numReplayed } of reports) {
    expect(captured).toEqual(written);
    expect(captured).toEqual(reports[0]!.captured);
    expect(numReplayed).toBeGreaterThan(40);
  }
});
