// Values on their way between threads: tensors in memory that both share, everything else by structured clone.

import { types } from 'node:util';
import { getNative, wrap } from '../../tensor/call.ts';
import { type DType, dtypeBytes, dtypeCode } from '../../tensor/dtype.ts';
import { Tensor } from '../../tensor/index.ts';

/** A tensor of a packed value: where its elements lie in the memory. */
interface PackedTensor {
  readonly dtype: DType;
  readonly shape: readonly number[];
  /** Where the elements lie neither in the order of their dimensions nor with gaps, as in channels-last pictures. */
  readonly stride: readonly number[] | undefined;
  readonly offset: number;
  readonly numel: number;
}

/** Fills in what the clone cannot carry: `container[key]`, or a map's value, is tensor number `tensor`; without one it was a Buffer. */
interface Place {
  readonly container: object;
  readonly key: unknown;
  readonly tensor: number | undefined;
}

/** What is posted. It must be posted as one message, since places refer to containers inside the value. */
export interface Packed {
  readonly root: readonly unknown[];
  readonly tensors: readonly PackedTensor[];
  readonly places: readonly Place[];
  /** Begins with an int32, how many of the tensors are in use on the other side, or may yet be. */
  readonly memory: SharedArrayBuffer | undefined;
}

/** What to say of a value that cannot be sent. */
export interface Packing {
  /** What paths begin with, as in `batch`. */
  readonly name: string;
  /** The error for what is at `path`. */
  refuse(path: string, got: string): Error;
}

/** What vector instructions like to find tensors aligned to, as libtorch's own allocator does; also the room for the count before them. */
const ALIGNMENT = 64;
const COUNT_BYTES = Int32Array.BYTES_PER_ELEMENT;

/** Gives memory of at least so many bytes. */
export type Allocate = (bytes: number) => SharedArrayBuffer;

/** Copies a value for another thread. Its tensors stay the caller's.
 *  @throws what `packing.refuse` gives, for functions, symbols, instances of classes, and tensors that are on a device, sparse or recorded for backward. */
export function pack(
  value: unknown,
  packing: Packing,
  allocate: Allocate = (bytes) => new SharedArrayBuffer(bytes),
): Packed {
  return new Packer(packing).pack(value, allocate);
}

/** The value again: its tensors are views of the shared memory, outside any scope, and the caller's. */
export function unpack({ root, tensors, places, memory }: Packed): unknown {
  const made = tensors.map((tensor) => unpackTensor(tensor, memory!, new Uint8Array(memory!, 0, COUNT_BYTES)));
  for (const { container, key, tensor } of places) {
    const value = tensor === undefined ? asBuffer(read(container, key) as Uint8Array) : made[tensor];
    write(container, key, value);
  }
  return root[0];
}

/** Gives the memory of a value that is not unpacked back to the thread that packed it. */
export function release({ memory }: Packed): void {
  if (memory) Atomics.store(new Int32Array(memory, 0, 1), 0, 0);
}

/** Whether every tensor in `memory` has been let go of. */
export function isFree(memory: SharedArrayBuffer): boolean {
  return Atomics.load(new Int32Array(memory, 0, 1), 0) === 0;
}

const read = (container: object, key: unknown): unknown =>
  container instanceof Map ? container.get(key) : (container as Record<PropertyKey, unknown>)[key as PropertyKey];

/** As an own property in every case: assigning to `__proto__` would do something else. */
function write(container: object, key: unknown, value: unknown): void {
  if (container instanceof Map) container.set(key, value);
  else
    Object.defineProperty(container, key as PropertyKey, {
      value,
      writable: true,
      enumerable: true,
      configurable: true,
    });
}

const asBuffer = ({ buffer, byteOffset, byteLength }: Uint8Array): Buffer =>
  Buffer.from(buffer as ArrayBuffer, byteOffset, byteLength);

/** @param users - is counted down when the tensor's memory is not used any more. */
function unpackTensor(place: PackedTensor, memory: SharedArrayBuffer, users?: Uint8Array): Tensor {
  const { dtype, shape, stride, offset, numel } = place;
  const bytes = new Uint8Array(memory, offset, numel * dtypeBytes(dtype));
  const flat = wrap(getNative().fromShared(dtypeCode(dtype), stride ? [numel] : shape, bytes, users));
  if (!stride) return flat;
  const strided = flat.asStrided(shape, stride);
  flat.dispose();
  return strided;
}

class Packer {
  readonly #packing: Packing;
  readonly #tensors: PackedTensor[] = [];
  readonly #sources: Tensor[] = [];
  readonly #places: Place[] = [];
  /** What was met before: an object that comes twice is one object on the other side too, and a cycle ends. */
  readonly #seen = new Map<object, unknown>();
  #bytes = ALIGNMENT;

  constructor(packing: Packing) {
    this.#packing = packing;
  }

  pack(value: unknown, allocate: Allocate): Packed {
    const root: unknown[] = [undefined];
    this.#put(root, 0, value, this.#packing.name);
    const memory = this.#sources.length > 0 ? allocate(this.#bytes) : undefined;
    if (memory) {
      for (const [i, source] of this.#sources.entries()) copyInto(memory, this.#tensors[i]!, source);
      Atomics.store(new Int32Array(memory, 0, 1), 0, this.#sources.length);
    }
    return { root, tensors: this.#tensors, places: this.#places, memory };
  }

  /** Puts the clone of `value` into `container`, or notes what is to be filled in there. */
  #put(container: object, key: unknown, value: unknown, path: string): void {
    let clone: unknown;
    if (value instanceof Tensor) this.#places.push({ container, key, tensor: this.#tensor(value, path) });
    else {
      clone = this.#clone(value, path);
      if (Buffer.isBuffer(value)) this.#places.push({ container, key, tensor: undefined });
    }
    write(container, key, clone);
  }

  #clone(value: unknown, path: string): unknown {
    if (typeof value === 'function' || typeof value === 'symbol') throw this.#packing.refuse(path, `a ${typeof value}`);
    if (typeof value !== 'object' || value === null) return value;
    const known = this.#seen.get(value);
    if (known !== undefined) return known;
    const clone = this.#cloneObject(value, path);
    this.#seen.set(value, clone);
    return clone;
  }

  #cloneObject(value: object, path: string): unknown {
    if (Array.isArray(value)) return this.#fill(value, new Array(value.length), (key) => `${path}[${key}]`);
    if (value instanceof Map) return this.#map(value, path);
    if (value instanceof Set) {
      const clone = new Set<unknown>();
      this.#seen.set(value, clone);
      for (const element of value) clone.add(this.#inside(element, `${path} (an element)`));
      return clone;
    }
    if (ArrayBuffer.isView(value)) return this.#view(value);
    if (types.isAnyArrayBuffer(value) || value instanceof Date || value instanceof RegExp) return value;
    const prototype: unknown = Object.getPrototypeOf(value);
    if (prototype !== Object.prototype && prototype !== null) {
      const name = value.constructor?.name || 'class without a name';
      throw this.#packing.refuse(
        path,
        name === 'Tensor' ? 'a Tensor of another copy of sconce' : `an instance of ${name}`,
      );
    }
    const [symbol] = Object.getOwnPropertySymbols(value);
    if (symbol) throw this.#packing.refuse(path, `an object with the key ${String(symbol)}`);
    return this.#fill(value, {}, (key) => `${path}.${key}`);
  }

  #fill(value: object, clone: object, pathOf: (key: string) => string): object {
    this.#seen.set(value, clone);
    for (const [key, inside] of Object.entries(value)) this.#put(clone, key, inside, pathOf(key));
    return clone;
  }

  #map(value: ReadonlyMap<unknown, unknown>, path: string): Map<unknown, unknown> {
    const clone = new Map<unknown, unknown>();
    this.#seen.set(value, clone);
    for (const [key, inside] of value) {
      const label = typeof key === 'string' ? JSON.stringify(key) : String(key);
      this.#put(clone, this.#inside(key, `${path} (a key)`), inside, `${path}.get(${label})`);
    }
    return clone;
  }

  /** A value in a place that could not be filled in later. */
  #inside(value: unknown, path: string): unknown {
    if (value instanceof Tensor) throw this.#packing.refuse(path, 'a Tensor');
    return this.#clone(value, path);
  }

  /** Of a view of a part, the part alone: the clone of a view takes all of its memory along. */
  #view(view: ArrayBufferView): ArrayBufferView {
    const { buffer, byteOffset, byteLength } = view;
    if (types.isSharedArrayBuffer(buffer) || buffer.byteLength === byteLength) return view;
    if (view instanceof DataView) return new DataView(buffer.slice(byteOffset, byteOffset + byteLength));
    return Buffer.isBuffer(view) ? new Uint8Array(view) : (view as Uint8Array).slice(); // a Buffer's own slice() copies nothing
  }

  #tensor(tensor: Tensor, path: string): number {
    const known = this.#seen.get(tensor);
    if (known !== undefined) return known as number;
    if (tensor.isDisposed) throw this.#packing.refuse(path, 'a Tensor that was disposed of');
    if (tensor.requiresGrad) throw this.#packing.refuse(path, 'a Tensor that requires gradients');
    if (tensor.device !== 'cpu') throw this.#packing.refuse(path, `a Tensor on ${tensor.device}`);
    if (tensor.layout !== 'strided') throw this.#packing.refuse(path, `a ${tensor.layout} Tensor`);
    const { dtype, shape, stride, numel } = tensor;
    const isPermuted = numel > 0 && !isInOrder(shape, stride) && isDense(shape, stride);
    const offset = this.#bytes;
    const index = this.#tensors.push({ dtype, shape, stride: isPermuted ? stride : undefined, offset, numel }) - 1;
    this.#bytes += Math.ceil((numel * dtypeBytes(dtype)) / ALIGNMENT) * ALIGNMENT;
    this.#sources.push(tensor);
    this.#seen.set(tensor, index);
    return index;
  }
}

function copyInto(memory: SharedArrayBuffer, place: PackedTensor, source: Tensor): void {
  const target = unpackTensor(place, memory);
  target.copy_(source);
  target.dispose();
}

/** Whether elements lie one behind the other in the order of their indices. */
function isInOrder(shape: readonly number[], stride: readonly number[]): boolean {
  let expected = 1;
  for (let dim = shape.length - 1; dim >= 0; dim--) {
    if (shape[dim] === 1) continue;
    if (stride[dim] !== expected) return false;
    expected *= shape[dim]!;
  }
  return true;
}

/** Whether elements lie one behind the other in the order of some permutation of the dimensions. */
function isDense(shape: readonly number[], stride: readonly number[]): boolean {
  const order = shape.map((_, dim) => dim).filter((dim) => shape[dim] !== 1);
  order.sort((a, b) => stride[b]! - stride[a]!);
  return isInOrder(
    order.map((dim) => shape[dim]!),
    order.map((dim) => stride[dim]!),
  );
}
