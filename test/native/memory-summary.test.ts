// What memory is used for, told in numbers and words, and who made the tensors that are left.

import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { beforeEach, describe, expect, it } from 'vitest';
import {
  keep,
  listTensors,
  liveTensors,
  memoryStats,
  memorySummary,
  nn,
  ones,
  releaseMemory,
  resetPeakMemoryStats,
  scope,
  type Tensor,
  type TensorInfo,
  tensor,
  trackTensors,
  zeros,
} from '../../src/index.ts';
import { onTensorMade } from '../../src/tensor/call.ts';

const MIB = 2 ** 20;

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

// What earlier tests left to the collector would go from the counts at any time.
beforeEach(() => {
  for (let i = 0; i < 3; i++) {
    collectGarbage();
    liveTensors();
  }
});

/** The line of this file from which it is called, as stacks write it. */
const here = (): number => Number(/memory-summary\.test\.ts:(\d+)/.exec(new Error().stack!.split('\n')[2]!)![1]);

describe('memoryStats()', () => {
  it('counts tensors and their memory, which views share, by who frees them', () => {
    const kept = ones([1000], { dtype: 'float64' });
    const before = memoryStats().tensors;
    scope(() => {
      kept.narrow(0, 0, 10);
      zeros([100], { dtype: 'int16' });
      scope(() => {
        ones([50], { dtype: 'bool' });
        const { inScopes, outsideScopes, byDtype, numTensors, bytes } = memoryStats().tensors;
        expect(inScopes).toEqual({
          'the scope "epoch"': { numTensors: 2, bytes: 200 },
          'the scope "step"': { numTensors: 1, bytes: 50 },
        });
        expect(outsideScopes).toEqual(before.outsideScopes);
        expect([numTensors - before.numTensors, bytes - before.bytes]).toEqual([3, 250]);
        expect(byDtype.int16).toEqual({ numTensors: 1, bytes: 200 });
      }, 'step');
      expect(Object.keys(memoryStats().tensors.inScopes)).toEqual(['the scope "epoch"']);
    }, 'epoch');
    expect(memoryStats().tensors).toEqual(before);
    kept.dispose();
  });

  it('counts gradients, whether somebody reads them or not', () => {
    const before = memoryStats().tensors.gradients;
    const parameter = new nn.Parameter(ones([256]));
    scope(() => parameter.sum().backward());
    const after = memoryStats().tensors.gradients;
    // The gradient of a sum is one number, expanded; backward writes it out.
    expect([after.numTensors - before.numTensors, after.bytes - before.bytes]).toEqual([1, 1024]);
    parameter.grad = undefined;
    expect(memoryStats().tensors.gradients).toEqual(before);
  });

  it('tells what the allocator has handed out, at most and now', () => {
    resetPeakMemoryStats();
    const before = memoryStats().allocator;
    expect(before.peakBytes).toBe(before.inUseBytes);
    scope(() => {
      ones([8 * MIB]); // 32 MiB
      const during = memoryStats().allocator;
      expect(during.inUseBytes - before.inUseBytes).toBeGreaterThanOrEqual(32 * MIB);
      expect(during.inUseBytes - before.inUseBytes).toBeLessThan(41 * MIB);
      expect(during.numAllocations).toBeGreaterThan(before.numAllocations);
    });
    const after = memoryStats();
    expect(after.allocator.inUseBytes).toBe(before.inUseBytes);
    expect(after.allocator.peakBytes - before.inUseBytes).toBeGreaterThanOrEqual(32 * MIB);
    expect(after.allocator.cachedBytes).toBeGreaterThanOrEqual(32 * MIB);
    expect(after.residentBytes).toBeGreaterThan(32 * MIB);
    expect(after.availableBytes).toBeGreaterThan(32 * MIB);
    releaseMemory();
    expect(memoryStats().allocator.cachedBytes).toBeLessThan(32 * MIB);
    resetPeakMemoryStats();
    expect(memoryStats().allocator.peakBytes).toBe(before.inUseBytes);
  });

  it('takes sparse tensors and those without memory', () => {
    scope(() => {
      zeros([1e6, 1e6], { device: 'meta' });
      tensor([[0, 1]]).toSparse();
      const { inScopes, byDevice } = memoryStats().tensors;
      expect(inScopes['the scope "odd"']).toEqual({ numTensors: 3, bytes: 8 });
      expect(byDevice.meta).toEqual({ numTensors: 1, bytes: 0 });
    }, 'odd');
  });
});

describe('memorySummary()', () => {
  it('says all of it in a table', () => {
    const { result: text } = trackTensors(() =>
      scope(() => {
        ones([512, 1024]).view([1024, 512]);
        return memorySummary({ numLargest: 1 });
      }, 'step'),
    );
    const line = here() - 4;
    const lines = text.split('\n');
    expect(lines[0]).toMatch(/^live tensors {2}\d+ of [\d.]+ (B|KiB|MiB)$/);
    expect(lines[1]).toMatch(/^ {14}outside of scopes: \d+ of /);
    expect(text).toMatch(/^in scopes {5}the scope "step": 2 of 2\.00 MiB$/m);
    expect(text).toMatch(/^by dtype {6}float32: \d+ of /m);
    expect(text).toMatch(
      new RegExp(
        `^largest {7}2\\.00 MiB: float32 \\[(512, 1024|1024, 512)\\] in the scope "step", made at .*memory-summary\\.test\\.ts:${line}:\\d+\\)?$`,
        'm',
      ),
    );
    expect(text).toMatch(/^allocator {5}in use: [\d.]+ \w+, at most [\d.]+ \w+$/m);
    expect(text).toMatch(/^process {7}resident: [\d.]+ [MG]iB$/m);
    expect(text).toMatch(/^machine {7}left: [\d.]+ [MG]iB$/m);
  });
});

describe('listTensors()', () => {
  it('lists the largest memory first, and says who shares it', () => {
    scope(() => {
      const base = ones([200_000]);
      base.view([2, 100_000]);
      const [first, second] = listTensors();
      expect([first, second].map((info) => [info!.memoryBytes, info!.dtype, info!.device, info!.scope])).toEqual([
        [800_000, 'float32', 'cpu', 'the scope "listing"'],
        [800_000, 'float32', 'cpu', 'the scope "listing"'],
      ]);
      expect(first!.memory).toBe(second!.memory);
      expect([first!.shape, second!.shape]).toContainEqual([2, 100_000]);
      expect(first!.madeAt).toBeUndefined();
    }, 'listing');
  });
});

describe('trackTensors()', () => {
  const forgotten: Tensor[] = [];
  function step(): number {
    return scope(() => {
      const x = ones([3]);
      forgotten.push(keep(x.mul(2)));
      return x.sum().item();
    });
  }
  const line = here() - 4;
  const places = (left: readonly TensorInfo[]): unknown[] =>
    left.map(({ shape, madeAt }) => [shape, Number(/memory-summary\.test\.ts:(\d+)/.exec(madeAt!)![1])]);

  it('names the lines that made what a body left behind', () => {
    const { result, left } = trackTensors(step);
    expect(result).toBe(3);
    expect(places(left)).toEqual([[[3], line]]);
    expect(trackTensors(() => scope(() => ones([2]).sum().item())).left).toEqual([]);
    expect(trackTensors(() => ({ handed: [ones([2])] })).left).toEqual([]);
  });

  it('takes an asynchronous body, and one inside another', async () => {
    const { left } = await trackTensors(async () => {
      await Promise.resolve();
      expect(trackTensors(step).left).toHaveLength(1);
      await Promise.resolve();
      step();
    });
    expect(places(left)).toEqual([
      [[3], line],
      [[3], line],
    ]);
    expect(onTensorMade.call).toBeUndefined();
  });

  it('stops when the body throws', async () => {
    const fail = (): never => {
      throw new RangeError('in the body');
    };
    expect(() => trackTensors(fail)).toThrow('in the body');
    expect(onTensorMade.call).toBeUndefined();
    await expect(trackTensors(async () => fail())).rejects.toThrow('in the body');
    expect(onTensorMade.call).toBeUndefined();
  });

  it('forgets tensors that are gone', () => {
    const { left } = trackTensors(() => {
      for (let i = 0; i < 2100; i++) scope(() => void ones([]));
      step();
    });
    expect(places(left)).toEqual([[[3], line]]);
  });
});
