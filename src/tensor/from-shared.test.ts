// Tensors over a SharedArrayBuffer: no copy either way, memory that lives while anything refers to it, and what is refused.

import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { getNative } from './call.ts';
import { tensor } from './create.ts';
import { type DType, dtypeBytes, dtypes } from './dtype.ts';
import { fromShared } from './from-shared.ts';
import { libtorchVersion } from './process.ts';
import { liveTensors, scope } from './scope.ts';
import type { Tensor } from './tensor.ts';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

/** Buffers that tensors hold, and whatever else native code holds of JavaScript. */
function heldValues(): number {
  liveTensors();
  return getNative().autogradCounts()[1];
}

/** Collects, and lets the event loop run what Node defers. */
async function collect(): Promise<void> {
  for (let i = 0; i < 3; i++) {
    collectGarbage();
    await new Promise((resolve) => setImmediate(resolve));
    liveTensors();
  }
}

/** Takes memory of the sizes that were freed and writes over it. */
function scribble(bytes: number): void {
  for (let i = 0; i < 50; i++) new Uint8Array(new SharedArrayBuffer(bytes)).fill(255);
}

describe('fromShared()', () => {
  it('shows in each what is written to the other, without a copy', () => {
    const elements = new Float32Array(new SharedArrayBuffer(16));
    const x = fromShared(elements, [2, 2], 'float32');
    elements.set([1, 2, 3, 4]);
    expect(x.toArray()).toEqual([[1, 2], [3, 4]]); // biome-ignore format: a matrix
    x.mul_(10);
    expect(elements).toEqual(new Float32Array([10, 20, 30, 40]));
    const twin = fromShared(elements.buffer, [4], 'float32');
    twin.index(3).fill_(7);
    expect([elements[3], x.index(1, 1).item()]).toEqual([7, 7]);
  });

  const isCurrent = libtorchVersion().startsWith('2.13');
  const known = dtypes.filter((dtype) => isCurrent || !/float8|uint(16|32|64)/.test(dtype));
  it.each(known)('takes the bytes as %s', (dtype: DType) => {
    const bytes = new Uint8Array(new SharedArrayBuffer(2 * dtypeBytes(dtype)));
    const x = fromShared(bytes, [2], dtype);
    bytes.fill(1);
    expect([x.dtype, x.shape]).toEqual([dtype, [2]]);
    expect(x.toBytes()).toEqual(new Uint8Array(bytes));
  });

  it('takes the part that a view shows, of any kind', () => {
    const buffer = new SharedArrayBuffer(32);
    const part = fromShared(new DataView(buffer, 8, 16), [2], 'float64');
    part.fill_(0.5);
    expect([...new Float64Array(buffer)]).toEqual([0, 0.5, 0.5, 0]);
  });

  it('may be empty', () => {
    const before = heldValues();
    const x = fromShared(new SharedArrayBuffer(0), [0, 3], 'float32');
    expect([x.shape, x.sum().item()]).toEqual([[0, 3], 0]);
    x.dispose();
    expect(heldValues()).toBe(before);
  });

  it('takes a buffer that grows as long as it is', () => {
    const Growable = SharedArrayBuffer as unknown as new (bytes: number, options: object) => SharedArrayBuffer;
    const buffer = new Growable(8, { maxByteLength: 2 ** 20 });
    const numbers = new Float32Array(buffer); // its length follows the buffer's
    const x = fromShared(numbers, [2], 'float32');
    (buffer as unknown as { grow(bytes: number): void }).grow(2 ** 20);
    numbers.fill(3);
    expect([numbers.length, x.toArray()]).toEqual([2 ** 18, [3, 3]]);
    expect(() => fromShared(buffer, [2], 'float32')).toThrow('expected 8 bytes for shape [2], got 1048576');
  });

  it('keeps the memory while a tensor or a view of it alone is left', async () => {
    const make = (): Tensor => {
      const bytes = new SharedArrayBuffer(4000);
      new Float32Array(bytes).fill(7);
      return fromShared(bytes, [1000], 'float32');
    };
    const whole = make();
    const view = scope(() => make().narrow(0, 10, 5));
    await collect();
    scribble(4000);
    expect([whole.sum().item(), view.toArray()]).toEqual([7000, [7, 7, 7, 7, 7]]);
  });

  it('lets the buffer go with the last tensor over it, whether freed, collected or left by a scope', async () => {
    await collect();
    const [tensors, values] = [liveTensors(), heldValues()];
    const buffers: WeakRef<SharedArrayBuffer>[] = [];
    const make = (): Tensor => {
      const buffer = new SharedArrayBuffer(64);
      buffers.push(new WeakRef(buffer));
      return fromShared(buffer, [16], 'float32');
    };
    const x = make();
    const view = x.narrow(0, 1, 2);
    (() => void make())(); // for the collector
    scope(() => void make().add(1));
    expect(heldValues()).toBeGreaterThan(values);
    x.dispose();
    await collect();
    expect(buffers.map((buffer) => buffer.deref() !== undefined)).toEqual([true, false, false]);
    expect([liveTensors(), heldValues()]).toEqual([tensors + 1, values + 1]);
    view.dispose();
    await collect();
    expect(buffers.map((buffer) => buffer.deref() !== undefined)).toEqual([false, false, false]);
    expect([liveTensors(), heldValues()]).toEqual([tensors, values]);
  });

  it('lets the buffer go with a graph that saved a tensor over it', () => {
    const values = heldValues();
    const x = fromShared(new Float32Array(new SharedArrayBuffer(8)).fill(3), [2], 'float32');
    const weight = tensor([1, 2], { requiresGrad: true });
    const loss = weight.mul(x).sum();
    x.dispose();
    expect(heldValues()).toBe(values + 1);
    loss.backward();
    expect([weight.grad!.toArray(), heldValues()]).toEqual([[3, 3], values]);
  });

  const buffer = new SharedArrayBuffer(32);
  it.each<[string, () => unknown, ErrorConstructor, string]>([
    ['an ordinary typed array', () => fromShared(new Float32Array(2), [2], 'float32'), TypeError, 'Cannot share memory: expected a SharedArrayBuffer or a view of one, got a view of ArrayBuffer; copy it with fromBytes(), or make it with hostBuffer()'],
    ['an ordinary buffer', () => fromShared(new ArrayBuffer(8) as never, [2], 'float32'), TypeError, 'Cannot share memory: expected a SharedArrayBuffer or a view of one, got ArrayBuffer; copy it with fromBytes(), or make it with hostBuffer()'],
    ['what is no memory', () => fromShared(undefined as never, [2], 'float32'), TypeError, 'Cannot share memory: expected a SharedArrayBuffer or a view of one, got undefined'],
    ['another number of bytes', () => fromShared(buffer, [3], 'float32'), RangeError, 'Cannot share memory: expected 12 bytes for shape [3], got 32'],
    ['a negative size', () => fromShared(buffer, [-8], 'float32'), RangeError, 'Cannot share memory: expected sizes that are not negative and fit in memory, got [-8]'],
    ['bytes between the places of a dtype', () => fromShared(new Uint8Array(buffer, 2, 8), [2], 'float32'), RangeError, 'Cannot share memory: expected bytes that begin at a multiple of 4 for float32, got a view that begins 2 beyond one'],
    ['pairs between their places', () => fromShared(new Float64Array(buffer, 8, 2), [1], 'complex128'), RangeError, 'Cannot share memory: expected bytes that begin at a multiple of 16 for complex128, got a view that begins 8 beyond one'],
    ['an ArrayBuffer behind its back', () => getNative().fromShared(6, [1], new Uint8Array(4)), TypeError, 'Cannot share memory: expected a SharedArrayBuffer, got an ArrayBuffer'],
  ])('refuses %s', (_, make, kind, message) => {
    const [tensors, values] = [liveTensors(), heldValues()];
    expect(make).toThrow(kind);
    expect(make).toThrow(message);
    expect(liveTensors()).toBeLessThanOrEqual(tensors);
    expect(heldValues()).toBeLessThanOrEqual(values);
  }); // biome-ignore format: one case a line
});
