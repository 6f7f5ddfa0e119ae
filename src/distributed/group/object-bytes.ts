// Values of JavaScript as bytes for other ranks: structured clones with the bytes of their tensors behind. Nothing in them is executed when they are read.
import { deserialize, serialize } from 'node:v8';
import { noGrad } from '../../tensor/autograd.ts';
import { type DType, dtypeBytes } from '../../tensor/dtype.ts';
import { tensor } from '../../tensor/from-data.ts';
import { cat } from '../../tensor/ops.generated.ts';
import { Tensor } from '../../tensor/tensor.ts';

/** Where a tensor of the value stands in the clone. */
const PLACE = 'sconce/tensor';

interface Header {
  readonly value: unknown;
  readonly tensors: readonly { readonly dtype: DType; readonly shape: readonly number[] }[];
}

/** The bytes of a value: a tensor of dtype uint8 on the CPU.
 *  @throws {TypeError} for what cannot be sent, with where it stands in the value. */
export function bytesOf(value: unknown): Tensor {
  const tensors: Tensor[] = [];
  const clone = replace(value, 'value', (found) => tensors.push(found) - 1);
  const header: Header = { value: clone, tensors: tensors.map(({ dtype, shape }) => ({ dtype, shape })) };
  const bytes = serialize(header);
  const prefix = new Uint8Array(8 + bytes.length);
  new DataView(prefix.buffer).setFloat64(0, bytes.length);
  prefix.set(bytes, 8);
  return noGrad(() => cat([tensor(prefix), ...tensors.map(contentOf)]));
}

/** The value that bytes say; its tensors are new, on the CPU. */
export function valueFrom(bytes: Tensor): unknown {
  const length = new DataView(arrayOf(bytes, 0, 8).slice().buffer).getFloat64(0);
  const header = deserialize(arrayOf(bytes, 8, length)) as Header;
  let start = 8 + length;
  const tensors = header.tensors.map(({ dtype, shape }) => {
    const count = shape.reduce((product, size) => product * size, 1) * dtypeBytes(dtype);
    const content = noGrad(() => bytes.narrow(0, start, count).clone().view(dtype).view(shape));
    start += count;
    return content;
  });
  return restore(header.value, tensors);
}

const arrayOf = (bytes: Tensor, start: number, length: number): Uint8Array =>
  bytes.narrow(0, start, length).toTypedArray() as Uint8Array;

function contentOf(value: Tensor): Tensor {
  const flat = value.detach().to('cpu').contiguous().reshape([-1]);
  return flat.dtype === 'uint8' ? flat : flat.view('uint8');
}

function replace(value: unknown, path: string, place: (found: Tensor) => number): unknown {
  if (typeof value === 'function' || typeof value === 'symbol') throw unsendable(path, `a ${typeof value}`);
  if (typeof value !== 'object' || value === null) return value;
  if (value instanceof Tensor) {
    if (value.layout !== 'strided') throw unsendable(path, `a tensor of layout ${value.layout}`);
    return { [PLACE]: place(value) };
  }
  const inside = (each: unknown, key: unknown): unknown => replace(each, `${path}[${JSON.stringify(key)}]`, place);
  if (Array.isArray(value)) return value.map(inside);
  if (value instanceof Map)
    return new Map(Array.from(value, ([key, each]) => [inside(key, 'key'), inside(each, String(key))]));
  if (value instanceof Set) return new Set(Array.from(value, inside));
  if (ArrayBuffer.isView(value) || value instanceof ArrayBuffer || value instanceof Date) return value;
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null)
    throw unsendable(path, `an instance of ${value.constructor?.name ?? 'a class'}`);
  if (PLACE in value) throw unsendable(path, `an object with the key "${PLACE}"`);
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, inside(each, key)]));
}

function restore(value: unknown, tensors: readonly Tensor[]): unknown {
  if (typeof value !== 'object' || value === null) return value;
  const inside = (each: unknown): unknown => restore(each, tensors);
  if (Array.isArray(value)) return value.map(inside);
  if (value instanceof Map) return new Map(Array.from(value, ([key, each]) => [inside(key), inside(each)]));
  if (value instanceof Set) return new Set(Array.from(value, inside));
  if (Object.getPrototypeOf(value) !== Object.prototype) return value;
  if (PLACE in value) return tensors[value[PLACE] as number];
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, inside(each)]));
}

const unsendable = (path: string, got: string): TypeError =>
  new TypeError(
    `Cannot send a value to other ranks: expected plain data and dense tensors, got ${got} at ${path}; send what it is made of`,
  );
