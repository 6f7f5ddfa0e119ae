// Whatever comes in, an error of a known class goes out: memory that is gone, sizes that are none, tensors of other threads, workers that end badly.

import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { afterAll, describe, expect, it } from 'vitest';
import { DisposedError, NativeError, OutOfMemoryError } from '../../src/errors.ts';
import {
  fromBytes,
  fromShared,
  Generator,
  hostBuffer,
  liveTensors,
  ones,
  Tensor,
  tensor,
  zeros,
} from '../../src/index.ts';
import { getNative } from '../../src/tensor/call.ts';
import { bundle } from '../child.ts';

const native = getNative();
const x = ones([2, 3]);
const detach = (buffer: ArrayBufferLike): unknown => structuredClone(buffer, { transfer: [buffer as ArrayBuffer] });

/** ES2024, which Node 20 has and the library's types have not. */
interface Resizable extends ArrayBuffer {
  resize(bytes: number): void;
}
const Growing = ArrayBuffer as unknown as new (bytes: number, options: { maxByteLength: number }) => Resizable;

describe('sizes that are none', () => {
  it.each<[string, () => unknown, new (message: string) => Error, string]>([
    ['NaN', () => zeros([Number.NaN]), TypeError, 'Cannot run zeros: expected an integer within 2^53 for "size", got NaN'],
    ['infinity', () => zeros([Number.POSITIVE_INFINITY]), TypeError, 'Cannot run zeros: expected an integer within 2^53 for "size", got Infinity'],
    ['text', () => zeros(['3'] as never), TypeError, 'Cannot run zeros: expected an integer for "size", got "3"'],
    ['a fraction of a host buffer', () => hostBuffer('float32', [0.5]), TypeError, 'Cannot call hostBuffer: expected an integer within 2^53 for "shape", got 0.5'],
    ['a host buffer beyond 64 bits', () => hostBuffer('float32', [2 ** 53 - 1, 2 ** 53 - 1]), RangeError, 'Cannot make a host buffer: expected sizes that are not negative and fit in memory, got [9007199254740991, 9007199254740991]'],
    ['NaN for a dimension', () => x.sum({ dim: [Number.NaN] }), TypeError, 'Cannot run sum.dim_IntList: expected an integer within 2^53 for "dim", got NaN'],
  ])('are a typed error: %s', (_, run, kind, message) => {
    expect(run).toThrow(kind);
    expect(run).toThrow(new kind(message));
  }); // biome-ignore format: a table

  it('that no machine has are refused before anything is taken', () => {
    const before = liveTensors();
    const tooLarge = [
      () => zeros([1e12]),
      () => zeros([1e9, 1e9]),
      () => hostBuffer('float32', [2 ** 50]),
      () => x.expand([2 ** 40, 2, 3]).clone(),
      () => x.repeat([1e12, 1]),
    ];
    for (const run of tooLarge) expect(run).toThrow(OutOfMemoryError);
    expect(() => zeros([2 ** 40, 2 ** 40, 2 ** 40])).toThrow(NativeError);
    expect(liveTensors()).toBeLessThanOrEqual(before + tooLarge.length);
  });
});

describe('a resize that fails', () => {
  it('leaves the tensor as it was', () => {
    const refusal = new RangeError(
      'Cannot run resize_: expected a tensor whose memory can grow, got one over memory that JavaScript has too',
    );
    for (const shared of [hostBuffer('float32', [2]).tensor, fromShared(new SharedArrayBuffer(8), [2], 'float32')]) {
      expect(() => shared.resize_([1000])).toThrow(refusal);
      expect([shared.shape, shared.toBytes().length]).toEqual([[2], 8]);
    }
    const own = ones([2]);
    expect(() => own.resize_([1e13])).toThrow(OutOfMemoryError);
    expect(own.toArray()).toEqual([1, 1]);
    expect(own.resize_([4]).shape).toEqual([4]);
  });

  it('and one that succeeds is not gone over by backward', () => {
    const leaf = ones([3], { requiresGrad: true });
    const factor = ones([3]);
    const loss = leaf.mul(factor).sum();
    factor.resize_([1]);
    expect(() => loss.backward()).toThrow(
      /expected the tensor of shape .* as it was when it was saved, got one that was changed in place since/,
    );
    const other = leaf.mul(leaf).sum();
    leaf.setData(ones([1]));
    expect(() => other.backward()).toThrow(
      /expected the tensor of shape .* as it was when it was saved, got one that was changed in place since/,
    );
  });
});

describe('memory that goes away', () => {
  it('is an error where bytes are taken from it', () => {
    const values = Float32Array.of(1, 2);
    const bytes = new Uint8Array(values.buffer);
    detach(values.buffer);
    const refusal =
      /^Cannot make a tensor: expected an array that has its memory, got \w+ whose buffer was transferred/;
    expect(() => tensor(values)).toThrow(refusal);
    expect(() => fromBytes(bytes, [2], 'float32')).toThrow(refusal);
    const generator = new Generator(1);
    const state = generator.getState();
    const kept = generator.getState();
    detach(state.buffer);
    expect(() => generator.setState(state)).toThrow(
      new RangeError(`Cannot restore a generator: expected ${kept.length} bytes, got 0`),
    );
    expect(generator.getState()).toEqual(kept);
  });

  it.each([
    ['detached', (buffer: Resizable) => void detach(buffer)],
    ['shrunk', (buffer: Resizable) => buffer.resize(0)],
  ])('while the other arguments are read is seen: %s', (_, lose) => {
    const buffer = new Growing(16, { maxByteLength: 64 });
    const shape = Object.defineProperty([2, 2], 0, {
      get: () => {
        lose(buffer);
        return 2;
      },
    });
    expect(() => native.fromBytes(6, shape, new Uint8Array(buffer))).toThrow(
      new RangeError('Cannot make a tensor from bytes: expected 16 bytes for shape [2, 2], got 0'),
    );
  });

  it('is taken at the size that it has now', () => {
    const buffer = new Growing(16, { maxByteLength: 64 });
    const values = new Float32Array(buffer).fill(2);
    buffer.resize(8);
    expect(tensor(values).toArray()).toEqual([2, 2]);
    buffer.resize(12);
    expect(tensor(values).toArray()).toEqual([2, 2, 0]);
    const list = Float64Array.of(x.handle);
    detach(list.buffer);
    expect(native.gradsOf(list)).toEqual(new Float64Array(0));
  });
});

describe('a tensor', () => {
  it('cannot be cloned or posted: its bytes can', () => {
    const { port1, port2 } = new MessageChannel();
    expect(() => structuredClone(x)).toThrow(/could not be cloned/);
    expect(() => port1.postMessage(x)).toThrow(/could not be cloned/);
    port1.close();
    port2.close();
    expect(fromBytes(structuredClone(x.toBytes()), [2, 3], 'float32').toArray()).toEqual(x.toArray());
  });

  it('whose gradient is known to be zero has one that can be read', () => {
    const leaf = tensor([1, -2], { requiresGrad: true });
    leaf.sign().sum().backward();
    expect(leaf.grad!.toArray()).toEqual([0, 0]);
    const other = tensor([1, -2], { requiresGrad: true });
    other.sgn().sum().backward();
    expect(other.grad!.toArray()).toEqual([0, 0]);
    expect(new Float32Array(native.readStorage(other.grad!.handle))).toEqual(new Float32Array(2));
  });
});

describe('a worker', () => {
  const script = bundle(new URL('workers/leave.ts', import.meta.url));
  afterAll(() => script.remove());
  const start = (task: object): Worker => new Worker(script.path, { workerData: task });
  const exitOf = (worker: Worker): Promise<number> => new Promise((resolve) => worker.on('exit', resolve));

  it.each([
    ['returns', { end: 'return' }, 0, []],
    ['calls process.exit()', { end: 'exit' }, 7, []],
    ['throws', { end: 'throw' }, 1, ['thrown']],
    ['returns from a scope', { end: 'return', isScoped: true }, 0, []],
    ['calls process.exit() inside a scope', { end: 'exit', isScoped: true }, 7, []],
    ['throws inside a scope', { end: 'throw', isScoped: true }, 1, ['thrown']],
  ])('may leave live tensors when it %s', async (_, task, code, messages) => {
    const worker = start(task);
    const errors: string[] = [];
    worker.on('error', (error) => errors.push((error as Error).message));
    expect(await exitOf(worker)).toBe(code);
    expect(errors).toEqual(messages);
    expect(x.sum().item()).toBe(6);
  });

  it.each([
    ['between calls', { end: 'wait' }],
    ['in an operator', { end: 'operator' }],
    ['in an open scope', { end: 'wait', isScoped: true }],
    ['in an operator in an open scope', { end: 'operator', isScoped: true }],
  ])('may be terminated %s', async (_, task) => {
    const worker = start(task);
    await once(worker, 'message');
    expect(await worker.terminate()).toBe(1);
    expect(x.sum().item()).toBe(6);
  });

  it('refuses handles of the main thread, which refuses its own: alive or ended', async () => {
    const worker = start({ end: 'wait', foreign: x.handle });
    const [{ handle, refused }] = (await once(worker, 'message')) as [{ handle: number; refused: string[] }];
    const what = 'got one of another thread; send its bytes instead';
    expect(refused).toEqual([
      `DisposedError: Cannot run read: expected a live tensor, ${what}`,
      expect.stringContaining('another thread'),
      'no error: false',
      `DisposedError: Cannot run backward: expected a live tensor for "roots", ${what}`,
    ]);
    const use = (): number[] => native.shape(handle);
    expect(use).toThrow(new DisposedError(`Cannot run shape: expected a live tensor, ${what}`));
    await worker.terminate();
    expect(use).toThrow(DisposedError);
    expect(native.free(handle)).toBe(false);
    expect(x.toArray()).toEqual(ones([2, 3]).toArray());
  });

  it('may follow another, fifty times', async () => {
    const before = liveTensors();
    for (let i = 0; i < 50; i++) {
      const worker = start({ end: i % 2 === 0 ? 'return' : 'exit', isScoped: i % 3 === 0 });
      expect(await exitOf(worker)).toBe(i % 2 === 0 ? 0 : 7);
    }
    expect(liveTensors()).toBeLessThanOrEqual(before);
  });
});

describe('a receiver that is no tensor', () => {
  it.each([
    ['a plain object', {}],
    ['its prototype', Tensor.prototype],
    ['another class', new Date(0)],
    ['a function', () => 1],
  ])('is a TypeError: %s', (_, receiver) => {
    const add = (): unknown => Tensor.prototype.add.call(receiver as never, x);
    expect(add).toThrow(TypeError);
    expect(add).toThrow('Cannot run add.Tensor: expected a live tensor for "self", got something that is no tensor');
  });
});
