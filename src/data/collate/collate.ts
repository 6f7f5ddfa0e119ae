// Collating: the samples of a batch become one value that a model takes.
import { ShapeError } from '../../errors.ts';
import { dtypeOfArray } from '../../tensor/dtype.ts';
import { hostBuffer, Tensor, type TypedArray, tensor } from '../../tensor/index.ts';
import { stack } from '../../tensor/ops.generated.ts';
import type { BatchContext } from '../context.ts';

/** What the default collate makes of samples of type `S`. */
export type Collated<S> = unknown extends S
  ? unknown
  : S extends Tensor | TypedArray | number | bigint | boolean
    ? Tensor
    : S extends string
      ? string[]
      : S extends object
        ? { -readonly [K in keyof S]: Collated<S[K]> }
        : never;

/**
 * Makes a batch of samples. Synchronous; its tensors belong to whoever takes the batch from the loader.
 * What is drawn at random is drawn from a generator seeded by `context.seed`: then a batch is the same after a resume and under any concurrency.
 */
export type Collate<S, B> = (samples: S[], context: BatchContext) => B;

/**
 * Collates by type: tensors and typed arrays of one shape are stacked along a new dimension 0; numbers become a float32 tensor, bigints int64, booleans
 * bool; strings stay an array; arrays and plain objects are collated element by element.
 * Shape: n samples of shape [...] give [n, ...]; n numbers give [n].
 * @throws {TypeError} naming the sample, where samples differ in type or keys or have one that nothing is known about. @throws {ShapeError} where sizes differ.
 */
export function defaultCollate<S>(samples: readonly S[], context?: Pick<BatchContext, 'indices'>): Collated<S> {
  if (samples.length === 0) throw new RangeError('Cannot collate samples: expected at least one, got none');
  return collateValues(samples, { path: 'sample', indices: context?.indices }) as Collated<S>; // the type describes what the cases below do
}

/** Where the values being collated come from, for messages. */
interface Source {
  /** As in `sample.image[0]`. */
  readonly path: string;
  readonly indices: Int32Array | undefined;
}

function collateValues(values: readonly unknown[], source: Source): unknown {
  const kind = kindOf(values, 0, source);
  for (let i = 1; i < values.length; i++) {
    const other = kindOf(values, i, source);
    if (other !== kind) fail(source, i, `${article(kind)} as in the first sample`, article(other));
  }
  // The kind was compared for every value: each cast below says no more than that.
  switch (kind) {
    case 'Tensor':
      return stackTensors(values as readonly Tensor[], source);
    case 'number':
      return tensor(Float32Array.from(values as readonly number[]));
    case 'bigint':
      return tensor(BigInt64Array.from(values as readonly bigint[]));
    case 'boolean':
      return tensor(values as boolean[]);
    case 'string':
      return [...values];
    case 'array':
      return collateArrays(values as readonly (readonly unknown[])[], source);
    case 'object':
      return collateObjects(values as readonly Readonly<Record<string, unknown>>[], source);
    default:
      return stackArrays(values as readonly TypedArray[], source);
  }
}

/** Everything that is collated in one way has one kind; a typed array's kind is the name of its class. */
function kindOf(values: readonly unknown[], sample: number, source: Source): string {
  const value = values[sample];
  if (value instanceof Tensor) return 'Tensor';
  if (Array.isArray(value)) return 'array';
  if (ArrayBuffer.isView(value)) {
    const dtype = dtypeOfArray(value);
    if (dtype !== undefined) return dtype === 'uint8' ? 'Uint8Array' : value.constructor.name; // Buffer and Uint8ClampedArray are bytes too
  } else if (typeof value === 'object' && value !== null) {
    const prototype: unknown = Object.getPrototypeOf(value);
    if (prototype === Object.prototype || prototype === null) return 'object';
  } else if (['number', 'bigint', 'boolean', 'string'].includes(typeof value)) return typeof value;
  const got = typeof value === 'object' && value !== null ? article(value.constructor.name) : String(value);
  const wanted = 'tensors, typed arrays, numbers, bigints, booleans, strings, arrays or plain objects';
  throw new TypeError(`${message(source, sample, wanted, got)}; give the loader a collate that takes it`);
}

function stackTensors(tensors: readonly Tensor[], source: Source): Tensor {
  const shapes = tensors.map((one) => one.shape);
  for (let i = 1; i < shapes.length; i++) {
    if (String(shapes[i]) !== String(shapes[0]))
      failShape(source, i, `shape [${shapes[0]!.join(', ')}]`, `[${shapes[i]!.join(', ')}]`);
  }
  return stack(tensors); // [...] -> [n, ...]
}

function stackArrays(arrays: readonly TypedArray[], source: Source): Tensor {
  const { length } = arrays[0]!;
  const { data, tensor: stacked } = hostBuffer(dtypeOfArray(arrays[0]!)!, [arrays.length, length]); // [length] -> [n, length]
  // As bytes: half precisions come as numbers and lie as bits.
  const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  arrays.forEach((array, i) => {
    if (array.length !== length) {
      stacked.dispose();
      failShape(source, i, `${length} elements`, `${array.length}`);
    }
    bytes.set(new Uint8Array(array.buffer, array.byteOffset, array.byteLength), i * array.byteLength);
  });
  return stacked;
}

function collateArrays(arrays: readonly (readonly unknown[])[], source: Source): unknown[] {
  const { length } = arrays[0]!;
  arrays.forEach((array, i) => {
    if (array.length !== length) failShape(source, i, `an array of ${length}`, `one of ${array.length}`);
  });
  return Array.from({ length }, (_, at) =>
    collateValues(
      arrays.map((array) => array[at]),
      { ...source, path: `${source.path}[${at}]` },
    ),
  );
}

function collateObjects(
  objects: readonly Readonly<Record<string, unknown>>[],
  source: Source,
): Record<string, unknown> {
  const keys = Object.keys(objects[0]!);
  objects.forEach((object, i) => {
    const others = Object.keys(object);
    if (others.length !== keys.length || !keys.every((key) => Object.hasOwn(object, key))) {
      fail(source, i, `the keys ${keys.join(', ')} of the first sample`, others.join(', ') || 'none');
    }
  });
  return Object.fromEntries(
    keys.map((key) => [
      key,
      collateValues(
        objects.map((object) => object[key]),
        { ...source, path: `${source.path}.${key}` },
      ),
    ]),
  );
}

function message({ path, indices }: Source, sample: number, wanted: string, got: string): string {
  const where = indices === undefined ? `sample ${sample} of the batch` : `the sample at index ${indices[sample]}`;
  return `Cannot collate ${path}: expected ${wanted}, got ${got} in ${where}`;
}

function fail(source: Source, sample: number, wanted: string, got: string): never {
  throw new TypeError(message(source, sample, wanted, got));
}

function failShape(source: Source, sample: number, wanted: string, got: string): never {
  throw new ShapeError(
    `${message(source, sample, `${wanted} as in the first sample`, got)}; give the loader a collate that pads, as padCollate does`,
  );
}

function article(kind: string): string {
  return `${/^[aeioAEIO]/.test(kind) ? 'an' : 'a'} ${kind}`;
}
