// Memory of whole processes: what is not freed by hand is freed, what is too large is refused, and the end is clean.

import { describe, expect, it } from 'vitest';
import { OutOfMemoryError } from '../../src/errors.ts';
import { empty, full, liveTensors, ones, scope, type Tensor, zeros } from '../../src/index.ts';
import { getNative } from '../../src/tensor/call.ts';
import { readChild, runChild } from '../child.ts';

const child = (name: string): URL => new URL(`children/${name}.ts`, import.meta.url);

describe('100,000 tensors in a synchronous loop without a scope', () => {
  it.each([
    ['small ones, which V8 weighs by their objects', 64],
    ['of 64 KiB, 6.5 GB in all', 16_384],
  ])('stay few in memory: %s', (_, numel) => {
    const { grownMiB, mostLive } = readChild(child('unscoped-loop'), { args: [String(numel)] }) as {
      grownMiB: number;
      mostLive: number;
    };
    expect(grownMiB).toBeLessThan(150);
    expect(mostLive).toBeLessThan(50_000);
  });
});

describe('tensors that are collected while Node throws an error of the addon', () => {
  it('are freed, and the error is thrown', () => {
    const run = readChild(child('errors-in-collections'), { nodeOptions: ['--allow-natives-syntax'] });
    const { numThrown, mostLive } = run as { numThrown: number; mostLive: number };
    expect(numThrown).toBe(50);
    expect(mostLive).toBeLessThan(4500); // of 5,000 that are made: when V8 collects differs from version to version
  });
});

describe('a training loop of 20,000 steps', () => {
  it('takes no more memory at its end than near its start', () => {
    const { residentMiB, leaked } = readChild(child('training-loop')) as { residentMiB: number[]; leaked: number };
    expect(leaked).toBe(0);
    // V8's own heap breathes, by up to 10 MiB on Node 24; a leak of one small tensor a step would show as 20.
    const [first, last] = [residentMiB.slice(0, 5), residentMiB.slice(5)].map((part) => Math.min(...part));
    expect(last! - first!).toBeLessThan(14);
  });
});

describe('an allocation that is too large', () => {
  it('is refused before it is made, and the process goes on', () => {
    const before = liveTensors();
    const message =
      /^Cannot run zeros: expected 3725290\.30 GiB of memory to be left, got [\d.]+ GiB; use a smaller batch or model, or free tensors$/;
    expect(() => zeros([1e15])).toThrow(OutOfMemoryError);
    expect(() => zeros([1e15])).toThrow(message);
    expect(() => ones([1_000_000, 1]).add(ones([1]).expand([1, 1_000_000_000]))).toThrow(OutOfMemoryError);
    expect(() => zeros([2 ** 52, 2 ** 40])).toThrow('Cannot run zeros: Storage size calculation overflowed');
    expect(ones([10]).sum().item()).toBe(10);
    expect(scope(() => liveTensors())).toBeLessThan(before + 20);
  });

  it('is refused in the middle of backward, which then works again', () => {
    const x = ones([2000, 1], { requiresGrad: true });
    const y = x.expand([2000, 2 ** 40]);
    expect(() =>
      y.backward(
        ones([1])
          .expand([2000, 2 ** 40])
          .add(0),
      ),
    ).toThrow(OutOfMemoryError);
    x.sum().backward();
    expect(x.grad!.sum().item()).toBe(2000);
  });
});

// What other tests left is freed when the collector finds it, between two looks at the counters too: then once more.
describe('blocks of memory', { retry: 2 }, () => {
  const counters = (): { inUse: number; peak: number; cached: number; system: number } => {
    const [inUse, peak, cached, , system] = getNative().memoryCounters();
    return { inUse, peak, cached, system };
  };

  it.each([
    ['small, in a cache a thread', 1000, 1000, 0],
    ['large, in one of the process', 3_000_000, 3_000_000, 0],
    ['large, for one a little smaller', 3_000_000, 2_600_000, 0],
    ['small, not for one a little smaller', 300, 250, 1],
  ])('are kept and used again: %s', (_, first, numel, fromSystem) => {
    getNative().emptyCache();
    const before = counters();
    empty([first]).dispose();
    const between = counters();
    expect(between.inUse).toBeLessThanOrEqual(before.inUse);
    expect(between.cached - before.cached).toBeGreaterThanOrEqual(first * 4);
    const tensor = empty([numel]);
    expect(counters().system - between.system).toBe(fromSystem);
    // An eighth at most is lost to rounding, a quarter to a larger block.
    expect(counters().inUse - before.inUse).toBeGreaterThanOrEqual(numel * 4);
    expect(counters().inUse - before.inUse).toBeLessThanOrEqual(numel * 4 * 1.25 + 64);
    tensor.dispose();
    getNative().emptyCache();
    expect(counters().cached).toBe(0);
  });

  it('are counted at their peak', () => {
    // What was collected is freed at the end of some native call, and may be so between two of these: a few small blocks at most.
    const SMALL = 1_000_000;
    getNative().resetPeakMemory();
    const before = counters();
    expect(before.peak - before.inUse).toBeLessThan(SMALL);
    empty([1_000_000]).dispose();
    const after = counters();
    expect(after.peak - after.inUse).toBeGreaterThanOrEqual(4_000_000);
    expect(after.inUse).toBeLessThanOrEqual(before.inUse);
    getNative().resetPeakMemory();
    const { peak, inUse } = counters();
    expect(peak - inUse).toBeLessThan(SMALL);
  });

  it('do not overlap, whatever sizes come in whatever order', () => {
    let seed = 7;
    const random = (below: number): number => {
      seed = (seed * 1103515245 + 12345) % 2147483648;
      return seed % below;
    };
    const held: { tensor: Tensor; value: number; numel: number }[] = [];
    for (let i = 0; i < 4000; i++) {
      if (held.length > 60) {
        const [{ tensor, value, numel }] = held.splice(random(held.length), 1) as [(typeof held)[0]];
        expect(tensor.sum().item()).toBe(value * numel);
        tensor.dispose();
      }
      const numel = random(10) === 0 ? 1 + random(300_000) : 1 + random(700);
      held.push({ tensor: full([numel], i % 8), value: i % 8, numel });
    }
  });
});

describe('a process', () => {
  it.each([
    ['at the end of its script', 'return', 0],
    ['by process.exit()', 'exit', 0],
    ['by an error that nobody catches', 'throw', 1],
  ])('ends with live tensors as if there were none: %s', (_, way, status) => {
    const result = runChild(child('exit-with-tensors'), { args: [way], nodeOptions: ['--expose-gc'] });
    expect([result.status, result.signal, result.stdout]).toEqual([status, undefined, '1200\n']);
    expect(result.stderr.includes('Error: thrown')).toBe(way === 'throw');
  });
});
