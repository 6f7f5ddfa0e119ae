// Ends in the middle: of workers and of processes, while the engine waits for a callback, or with graphs that hold callbacks.

import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { afterAll, describe, expect, it } from 'vitest';
import { liveTensors, ones } from '../../src/index.ts';
import { getNative } from '../../src/tensor/call.ts';
import { bundle, runChild } from '../child.ts';
import { makeGraph, PLACES } from './callbacks.ts';
import type { Task } from './workers/callbacks.ts';

const script = bundle(new URL('workers/callbacks.ts', import.meta.url));
afterAll(() => script.remove());

const start = (task: Task): Worker => new Worker(script.path, { workerData: task });
const counts = (): number[] => [liveTensors(), ...getNative().autogradCounts()];

describe.each([false, true])('with the engine on another thread: %s', (isAside) => {
  describe.each(PLACES)('a worker inside a callback (%s)', (place) => {
    it('may be terminated', async () => {
      const before = counts();
      const worker = start({ place, end: 'wait', isAside });
      expect((await once(worker, 'message'))[0]).toBe('inside');
      expect(await worker.terminate()).toBe(1);
      // Not more: what earlier tests left may have been collected meanwhile.
      for (const [i, count] of counts().entries()) expect(count).toBeLessThanOrEqual(before[i]!);
    });
  });

  // Each place unwinds alike; two are enough.
  describe.each(['backward', 'nested'] as const)('a worker inside a callback (%s)', (place) => {
    it.each([
      ['exit', 7, []],
      ['throw', 1, ['thrown inside']],
    ] as const)('may end by %s', async (end, expected, messages) => {
      const before = counts();
      const worker = start({ place, end, isAside });
      const errors: string[] = [];
      worker.on('error', (error: Error) => errors.push(error.message));
      const exitCode = await new Promise((resolve) => worker.on('exit', resolve)); // once() would reject at the error
      expect([exitCode, errors]).toEqual([expected, messages]);
      for (const [i, count] of counts().entries()) expect(count).toBeLessThanOrEqual(before[i]!);
    });
  });

  it('a worker may end with functions, hooks and checkpoints alive, which go with it', async () => {
    const before = counts();
    const worker = start({ place: 'backward', end: 'graphs', isAside });
    const exit = once(worker, 'exit');
    const [inside] = (await once(worker, 'message')) as [number[]];
    const [functions, references] = before.slice(1) as [number, number];
    expect(inside[0]! - functions).toBeGreaterThanOrEqual(3);
    expect(inside[1]! - references).toBeGreaterThanOrEqual(6);
    expect((await exit)[0]).toBe(0);
    for (const [i, count] of counts().entries()) expect(count).toBeLessThanOrEqual(before[i]!);
  });
});

it('this thread computes on after all that', () => {
  const called: string[] = [];
  for (const place of PLACES) makeGraph(place, () => called.push(place)).backward();
  expect(called).toEqual(PLACES);
  expect(ones([2]).sum().item()).toBe(2);
});

describe.each(['here', 'aside'])('a process inside callbacks, the engine %s', (mode) => {
  const run = (...args: string[]): ReturnType<typeof runChild> =>
    runChild(new URL('children/exit-in-callback.ts', import.meta.url), { args: [mode, ...args] });

  it('may exit', () => {
    const { status, signal, stdout, stderr } = run('exit', 'nested');
    // The handler of its exit makes a backward of its own, inside the one that is in progress.
    expect({ status, signal, stdout, stderr }).toEqual({
      status: 7,
      signal: undefined,
      stdout: 'exit\n4\n',
      stderr: '',
    });
  });

  it('may throw', () => {
    const { status, signal, stdout, stderr } = run('throw', 'nested');
    expect({ status, signal, stdout }).toEqual({ status: 1, signal: undefined, stdout: 'exit\n4\n' });
    expect(stderr).toContain('Error: thrown inside');
  });

  it('may return with graphs alive', () => {
    const { status, signal, stdout, stderr } = run('return', 'backward');
    expect({ status, signal, stdout, stderr }).toEqual({
      status: 0,
      signal: undefined,
      stdout: 'exit\n4\n',
      stderr: '',
    });
  });

  it('may exit beside a worker inside one', () => {
    const { status, signal, stdout, stderr } = run('beside', 'nested');
    expect({ status, signal, stdout, stderr }).toEqual({
      status: 7,
      signal: undefined,
      stdout: 'exit\n4\n',
      stderr: '',
    });
  });
});
