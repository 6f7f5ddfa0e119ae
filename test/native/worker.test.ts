// Worker threads: each has tensors of its own, draws from generators alone, and may end at any time.

import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { afterAll, describe, expect, it } from 'vitest';
import { getRngState, liveTensors, manualSeed, ones, rand } from '../../src/index.ts';
import { bundle, readChild } from '../child.ts';

const script = bundle(new URL('workers/train.ts', import.meta.url));
afterAll(() => script.remove());

interface Report {
  readonly losses: number[];
  readonly liveTensors: number;
  readonly numThreads: number;
  readonly refused: Readonly<Record<string, string | undefined>>;
  readonly allowed: Readonly<Record<string, unknown>>;
}

function start(task: object): Worker {
  return new Worker(script.path, { workerData: task });
}

/** Runs a worker to its end. */
async function run(task: object): Promise<{ report: Report; exitCode: number }> {
  const worker = start(task);
  const exit = once(worker, 'exit');
  const [report] = (await once(worker, 'message')) as [Report];
  const [exitCode] = (await exit) as [number];
  return { report, exitCode };
}

describe('a worker', () => {
  it('trains the same from the same seed, alone or beside another', async () => {
    const alone = await run({ seed: 3 });
    const [beside, other] = await Promise.all([run({ seed: 3 }), run({ seed: 4 })]);
    expect(alone.report.losses.at(-1)).toBeLessThan(alone.report.losses[0]! / 2);
    expect(beside.report.losses).toEqual(alone.report.losses);
    expect(other.report.losses).not.toEqual(alone.report.losses);
    expect(alone.exitCode).toBe(0);
  });

  it('has tensors of its own, one thread, and leaves those of this thread alone', async () => {
    const x = ones([2]);
    const before = liveTensors();
    const { report } = await run({ seed: 1, foreign: x.handle });
    expect(report.refused.foreign).toBe(
      'DisposedError: Cannot run shape: expected a live tensor, got one of another thread; send its bytes instead',
    );
    expect(report.liveTensors).toBeGreaterThanOrEqual(51);
    expect(report.numThreads).toBe(1);
    expect(liveTensors()).toBeLessThanOrEqual(before);
    expect(x.toArray()).toEqual([1, 1]);
  });

  it('does not draw from the default generator, which belongs to the process', async () => {
    manualSeed(8);
    const state = getRngState();
    const expected = rand([3]).toArray();
    manualSeed(8);
    const { report } = await run({ seed: 1 });
    const refusal = (operator: string): string =>
      `NativeError: Cannot run ${operator} in a worker: expected a generator, got none; libtorch's default one belongs to the process, so pass { generator } or draw inside withGenerator(), seeded by (seed, epoch, index)`;
    const seeding =
      'NativeError: Cannot seed the default generator in a worker: it belongs to the process; make a Generator instead';
    expect(report.refused).toMatchObject({
      rand: refusal('rand.generator'),
      normal_: refusal('normal_'),
      dropout: `NativeError: Cannot run dropout in a worker: expected an operator that takes a generator, got one that draws from libtorch's default one, which belongs to the process`,
      manualSeed: seeding,
      setRngState: seeding,
    });
    expect(report.allowed).toEqual({ evaluation: 16, noDropout: 16, generator: [4, 4] });
    expect(getRngState()).toEqual(state);
    expect(rand([3]).toArray()).toEqual(expected);
  });

  it.each([
    ['by process.exit() inside', 'exit', 0],
    ['by an error', 'throw', 1],
  ])('may end with live tensors %s', async (_, end, expected) => {
    const worker = start({ seed: 1, end });
    const errors: unknown[] = [];
    worker.on('error', (error) => errors.push(error.message));
    const exitCode = await new Promise((resolve) => worker.on('exit', resolve)); // once() would reject at the error
    expect(exitCode).toBe(expected);
    expect(errors).toEqual(end === 'throw' ? ['thrown with 50 tensors alive'] : []);
  });

  it('may be terminated from outside, at work', async () => {
    const worker = start({ seed: 1, end: 'wait' });
    await once(worker, 'message');
    expect(await worker.terminate()).toBe(1);
    const early = start({ seed: 1, end: 'wait' });
    await once(early, 'online');
    await early.terminate();
    expect(ones([2]).sum().item()).toBe(2);
  });

  it('may start and end twenty times', async () => {
    const before = liveTensors();
    const first = await run({ seed: 5 });
    for (let i = 0; i < 10; i++) {
      const pair = await Promise.all([run({ seed: 5 }), run({ seed: 5, end: 'exit' })]);
      for (const { report, exitCode } of pair) expect([report.losses, exitCode]).toEqual([first.report.losses, 0]);
    }
    expect(liveTensors()).toBeLessThanOrEqual(before);
  });

  it('that loads the addon first leaves the main thread its threads and its draws', () => {
    const read = (args: string[]): Record<'inWorker' | 'inMain', { numThreads: number; drawn: number[] }> =>
      readChild(new URL('workers/first.ts', import.meta.url), { args, environment: { OMP_NUM_THREADS: '2' } }) as never;
    const { inWorker, inMain } = read([]);
    expect(inMain).toEqual(read(['alone']).inMain);
    expect(inWorker).toEqual({ ...inMain, numThreads: 1 });
  });
});
