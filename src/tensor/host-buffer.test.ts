// Memory shared between JavaScript and a tensor: no copy either way, and alive while one of them is.

import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { OutOfMemoryError } from '../errors.ts';
import { tensor } from './create.ts';
import { type DType, dtypeBytes, dtypes, type TypedArray } from './dtype.ts';
import { hostBuffer } from './host-buffer.ts';
import { libtorchVersion } from './process.ts';
import { liveTensors, scope } from './scope.ts';
import type { Tensor } from './tensor.ts';
import { settledTensors } from './testing/settled-tensors.ts';

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

  const isCurrent = libtorchVersion().startsWith('2.13');
  const arrays: Readonly<Record<DType, new (length: number) => TypedArray>> = {
    uint8: Uint8Array,
    int8: Int8Array,
    int16: Int16Array,
    int32: Int32Array,
    int64: BigInt64Array,
    float16: Uint16Array,
    float32: Float32Array,
    float64: Float64Array,
    complex32: Uint16Array,
    complex64: Float32Array,
    complex128: Float64Array,
    bool: Uint8Array,
    bfloat16: Uint16Array,
    float8_e5m2: Uint8Array,
    float8_e4m3fn: Uint8Array,
    float8_e5m2fnuz: Uint8Array,
    float8_e4m3fnuz: Uint8Array,
    uint16: Uint16Array,
    uint32: Uint32Array,
    uint64: BigUint64Array,
    float8_e8m0fnu: Uint8Array,
  };
  it.each(dtypes.filter((dtype) => isCurrent || !/float8|uint(16|32|64)/.test(dtype)))(
    'gives %s as its typed array over the same bytes',
    (dtype) => {
      const { data, tensor: x } = hostBuffer(dtype, [3]);
      expect([data.constructor, data.byteLength]).toEqual([arrays[dtype], 3 * dtypeBytes(dtype)]);
      const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
      bytes.fill(1); // of bool a true
      expect([x.dtype, x.toBytes()]).toEqual([dtype, new Uint8Array(bytes)]);
      x.zero_();
      expect(new Uint8Array(bytes)).toEqual(new Uint8Array(bytes.length));
    },
  );

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
    const before = settledTensors();
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
    const before = settledTensors();
    expect(() => hostBuffer('float32', shape)).toThrow(kind);
    expect(() => hostBuffer('float32', shape)).toThrow(message);
    expect(liveTensors()).toBeLessThanOrEqual(before);
  });
});
