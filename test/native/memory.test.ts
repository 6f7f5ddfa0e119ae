// Memory of whole processes: what is not freed by hand is freed, what is too large is refused, and the end is clean.

import { describe, expect, it } from 'vitest';
import { OutOfMemoryError } from '../../src/errors.ts';
import { liveTensors, ones, scope, zeros } from '../../src/index.ts';
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

describe('a training loop of 20,000 steps', () => {
  it('takes no more memory at its end than near its start', () => {
    const { residentMiB, leaked } = readChild(child('training-loop')) as { residentMiB: number[]; leaked: number };
    expect(leaked).toBe(0);
    // V8's own heap breathes by a few MiB; a leak of one small tensor a step would show as 20.
    const [first, last] = [residentMiB.slice(0, 5), residentMiB.slice(5)].map((part) => Math.min(...part));
    expect(last! - first!).toBeLessThan(8);
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
