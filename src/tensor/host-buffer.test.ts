// Memory shared between JavaScript and a tensor: no copy either way, and alive while one of them is.

import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { OutOfMemoryError } from '../errors.ts';
import { tensor } from './create.ts';
import { hostBuffer } from './host-buffer.ts';
import { liveTensors, scope } from './scope.ts';
import type { Tensor } from './tensor.ts';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

/** Collects, and lets the event loop run what Node defers: finalizers of array buffers among it. */
async function collect(): Promise<void> {
  for (let i = 0; i < 3; i++) {
    collectGarbage();
    await new Promise((resolve) => setImmediate(resolve));
    liveTensors();
  }
}

/** Takes memory of the sizes that were freed and writes over it. */
function scribble(): void {
  for (let i = 0; i < 50; i++) hostBuffer('float32', [1000]).data.fill(-1 as never);
}

describe('hostBuffer()', () => {
  it('shows in each what is written to the other', () => {
    const { data, tensor: x } = hostBuffer('float32', [2, 2]);
    data.set([1, 2, 3, 4] as never);
    expect(x.toArray()).toEqual([[1, 2], [3, 4]]); // biome-ignore format: a matrix
    x.mul_(10);
    expect(data).toEqual(new Float32Array([10, 20, 30, 40]));
  });

  it.each([
    ['uint8', Uint8Array],
    ['int64', BigInt64Array],
    ['bfloat16', Uint16Array],
    ['bool', Uint8Array],
    ['complex64', Float32Array],
  ] as const)('gives %s as its typed array', (dtype, kind) => {
    const { data, tensor: x } = hostBuffer(dtype, [3]);
    expect(data).toBeInstanceOf(kind);
    expect([x.dtype, data.byteLength]).toEqual([dtype, x.toBytes().length]);
  });

  it('may be empty', async () => {
    for (let i = 0; i < 3; i++) {
      const { data, tensor: x } = hostBuffer('float32', [0, 3]);
      expect([data.length, x.shape]).toEqual([0, [0, 3]]);
      x.dispose();
    }
    await collect();
  });

  it('keeps the memory while the typed array alone is left', async () => {
    const { data, tensor: x } = hostBuffer('float32', [1000]);
    data.fill(7 as never);
    x.dispose();
    await collect();
    scribble();
    expect([...data].every((value) => value === 7)).toBe(true);
  });

  it('keeps the memory while the tensor or a view of it alone is left', async () => {
    const make = (): Tensor => {
      const { data, tensor: x } = hostBuffer('float32', [1000]);
      data.fill(7 as never);
      return x;
    };
    const whole = make();
    const view = scope(() => make().narrow(0, 10, 5));
    await collect();
    scribble();
    expect([whole.sum().item(), view.toArray()]).toEqual([7000, [7, 7, 7, 7, 7]]);
  });

  it('keeps the memory when the array buffer is handed on to another owner', async () => {
    const { data, tensor: x } = hostBuffer('int32', [4]);
    data.fill(3 as never);
    // Node 20 has no transfer(), and copies where it is told to transfer.
    const buffer = data.buffer as ArrayBuffer & { transfer?: () => ArrayBuffer };
    const moved = new Int32Array(buffer.transfer?.() ?? structuredClone(buffer, { transfer: [buffer] }));
    await collect();
    scribble();
    expect(x.toArray()).toEqual([3, 3, 3, 3]);
    x.dispose();
    await collect();
    scribble();
    expect(moved).toEqual(new Int32Array([3, 3, 3, 3]));
  });

  it('belongs to the open scope', () => {
    const before = liveTensors();
    const data = scope(() => hostBuffer('float32', [2]).data);
    expect(liveTensors()).toBeLessThanOrEqual(before);
    data.fill(1 as never);
    expect(data).toEqual(new Float32Array([1, 1]));
  });

  it('can be a leaf and an argument', () => {
    const { data, tensor: x } = hostBuffer('float32', [2]);
    data.fill(2 as never);
    x.requiresGrad = true;
    x.mul(tensor([3, 4]))
      .sum()
      .backward();
    expect(x.grad!.toArray()).toEqual([3, 4]);
  });

  it.each([
    [[-1], RangeError, 'Cannot make a host buffer: expected sizes that are not negative and fit in memory, got [-1]'],
    [[2 ** 52, 2 ** 30], RangeError, 'Cannot make a host buffer: expected sizes that are not negative'],
    [[1.5], TypeError, 'Cannot call hostBuffer: expected an integer within 2^53 for "shape", got 1.5'],
    [[2 ** 50], OutOfMemoryError, 'Cannot call hostBuffer: expected 4194304.00 GiB of memory to be left, got '],
  ])('refuses the shape %j', (shape, kind, message) => {
    const before = liveTensors();
    expect(() => hostBuffer('float32', shape)).toThrow(kind);
    expect(() => hostBuffer('float32', shape)).toThrow(message);
    expect(liveTensors()).toBeLessThanOrEqual(before);
  });
});
