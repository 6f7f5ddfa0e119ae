// Arguments of a call as plain JSON, so that a call that kills the process can be printed, kept in a test and made again.

import {
  complex,
  type Device,
  type DType,
  fromBytes,
  Generator,
  hostBuffer,
  ones,
  Tensor,
  type TypedArray,
  zeros,
} from '../../src/index.ts';
import { type Layout, layoutCode, type MemoryFormat, memoryFormatCode } from '../../src/tensor/arguments.ts';
import { deviceCode } from '../../src/tensor/device.ts';
import { dtypeCode } from '../../src/tensor/dtype.ts';
import { randomFrom } from './random.ts';

/** How the elements of a tensor come about; a list gives them one by one. */
export type Fill =
  | 'normal'
  | 'unit' // in [0, 1)
  | 'positive' // in [0.1, 2)
  | 'definite' // a positive definite matrix in the last two dimensions
  | 'sorted'
  | 'extreme' // NaN, infinities, the ends of integers
  | 'zeros'
  | 'ones'
  | { readonly below: number } // integers in [0, below)
  | { readonly outside: number } // integers about and far from [0, outside)
  | readonly (number | string)[]; // text for what JSON has no number for, as in "-9223372036854775808" or "NaN"

/** How a tensor lies in memory. */
export type View =
  | 'transposed'
  | 'strided'
  | 'offset'
  | 'expanded'
  | 'overlapping'
  | 'channels_last'
  | 'conj'
  | 'neg'
  | 'host'
  | 'graph'; // a result of an operator that autograd has recorded

export interface TensorSpec {
  readonly shape: readonly number[];
  readonly dtype?: DType; // float32
  readonly fill?: Fill; // normal
  readonly seed?: number;
  readonly view?: View;
  readonly grad?: boolean;
  readonly layout?: Layout;
  readonly isMeta?: boolean;
}

/** What is no tensor where one is due, and what is no plain value where one is due. */
export type Strange =
  | 'undefined'
  | 'null'
  | 'NaN'
  | 'Infinity'
  | '-Infinity'
  | '-0'
  | 'symbol'
  | 'function'
  | 'object'
  | 'proxy'
  | 'getter'
  | 'date'
  | 'hole'
  | 'float32array'
  | 'prototype'
  | 'freed'
  | 'foreign'
  | 'forged';

export type Spec =
  | number
  | string
  | boolean
  | readonly Spec[] // an array of plain values
  | { readonly tensor: TensorSpec }
  | { readonly same: string } // the tensor that another argument of this name is
  | { readonly tensors: readonly Spec[] }
  | { readonly dtype: DType | number }
  | { readonly layout: Layout | number }
  | { readonly memoryFormat: MemoryFormat | number }
  | { readonly device: Device | number }
  | { readonly bigint: string }
  | { readonly generator: number }
  | { readonly strange: Strange };

/** What a made argument is: for the addon handles and codes, for the public surface objects and names. */
export type Side = 'addon' | 'surface';

const FLOATS: readonly DType[] = ['float32', 'float64', 'float16', 'bfloat16'];
const LIMITS: Readonly<Record<string, readonly [bigint, bigint]>> = {
  uint8: [0n, 255n],
  int8: [-128n, 127n],
  int16: [-32768n, 32767n],
  int32: [-(2n ** 31n), 2n ** 31n - 1n],
  int64: [-(2n ** 63n), 2n ** 63n - 1n],
};
const FAR = [-1, -1000, 1000, 2 ** 31, -(2 ** 31) - 1, 2 ** 40, -(2 ** 62), 2 ** 62];

/** Makes the arguments of calls; everything that it makes belongs to the open scope. */
export class Maker {
  readonly #made = new Map<string, Tensor>();

  /** The value of one argument. `name` is what `same` refers to. */
  make(spec: Spec, side: Side, name = ''): unknown {
    if (typeof spec !== 'object') return spec;
    if (Array.isArray(spec)) return spec.map((element: Spec) => this.make(element, side));
    if ('tensor' in spec) {
      const tensor = this.tensor(spec.tensor);
      this.#made.set(name, tensor);
      return side === 'addon' ? tensor.handle : tensor;
    }
    if ('same' in spec) {
      const tensor = this.#made.get(spec.same);
      return side === 'addon' ? tensor?.handle : tensor;
    }
    if ('tensors' in spec) {
      const elements = spec.tensors.map((element, i) => this.make(element, side, `${name}.${i}`));
      return side === 'addon' ? Float64Array.from(elements, (handle) => Number(handle ?? 0)) : elements;
    }
    if ('bigint' in spec) return BigInt(spec.bigint);
    if ('generator' in spec) {
      const generator = new Generator(spec.generator);
      return side === 'addon' ? generator.index : generator;
    }
    if ('dtype' in spec) return side === 'addon' ? codeOf(spec.dtype, dtypeCode) : spec.dtype;
    if ('layout' in spec) return side === 'addon' ? codeOf(spec.layout, layoutCode) : spec.layout;
    if ('memoryFormat' in spec)
      return side === 'addon' ? codeOf(spec.memoryFormat, memoryFormatCode) : spec.memoryFormat;
    if ('device' in spec) return side === 'addon' ? codeOf(spec.device, deviceCode) : spec.device;
    return this.#strange((spec as { strange: Strange }).strange);
  }

  /** The tensors that were made, by the names of their arguments. */
  get made(): ReadonlyMap<string, Tensor> {
    return this.#made;
  }

  #strange(kind: Strange): unknown {
    switch (kind) {
      case 'undefined':
      case 'hole':
        return undefined;
      case 'null':
        return null;
      case 'NaN':
      case 'Infinity':
      case '-Infinity':
      case '-0':
        return Number(kind);
      case 'symbol':
        return Symbol('strange');
      case 'function':
        return () => 1;
      case 'object':
        return {};
      case 'date':
        return new Date(0);
      case 'float32array':
        return new Float32Array([1, 2]);
      case 'prototype':
        return Object.create(Tensor.prototype) as unknown;
      case 'proxy':
        return new Proxy(ones([2]), {});
      case 'getter':
        return Object.defineProperty([2, 2], 0, {
          get: () => {
            for (const tensor of this.#made.values()) tensor.dispose();
            return 2;
          },
        });
      case 'freed': {
        const tensor = ones([2]);
        tensor.dispose();
        return tensor.handle;
      }
      case 'foreign':
        return ones([2]).handle + 2 ** 43 * 3;
      case 'forged':
        return 2 ** 40 + 12345; // as a size it is beyond any memory
    }
  }

  /** A tensor of its own, made from the specification alone. */
  tensor(spec: TensorSpec): Tensor {
    const made = this.#laidOut(spec);
    const isTracked = spec.grad === true || spec.view === 'graph';
    const mayTrack = FLOATS.includes(made.dtype) || made.dtype.startsWith('complex');
    if (!isTracked || !mayTrack) return made;
    const leaf = made.requiresGrad ? made : made.detach().requiresGrad_();
    return spec.view === 'graph' ? leaf.mul(1) : leaf;
  }

  #laidOut(spec: TensorSpec): Tensor {
    const { shape, view, layout } = spec;
    if (spec.isMeta) return zeros(shape, { dtype: spec.dtype ?? 'float32', device: 'meta' });
    if (layout !== undefined && layout !== 'strided') return this.#sparse(spec, layout);
    const whole = { ...spec, view: undefined } as unknown as TensorSpec;
    switch (view) {
      case 'transposed':
        return this.#dense({ ...whole, shape: shape.toReversed() }).permute(shape.map((_, i) => shape.length - 1 - i));
      case 'strided': {
        if (shape.length === 0) break;
        const wide = [...shape.slice(0, -1), shape.at(-1)! * 2];
        return this.#dense({ ...whole, shape: wide })
          .view([...shape, 2])
          .select(-1, 0);
      }
      case 'offset': {
        if (shape.length === 0) break;
        return this.#dense({ ...whole, shape: [shape[0]! + 1, ...shape.slice(1)] }).narrow(0, 1, shape[0]!);
      }
      case 'expanded': {
        const kept = shape.map((size, i) => (i === 0 || size === 0 ? 1 : size));
        return shape.includes(0) ? this.#dense(whole) : this.#dense({ ...whole, shape: kept }).expand(shape);
      }
      case 'overlapping': {
        const length = shape.reduce((sum, size) => sum + size, 1);
        return shape.includes(0)
          ? this.#dense(whole)
          : this.#dense({ ...whole, shape: [length] }).asStrided(
              shape,
              shape.map(() => 1),
            );
      }
      case 'channels_last':
        if (shape.length === 4) return this.#dense(whole).contiguous({ memoryFormat: 'channels_last' });
        if (shape.length === 5) return this.#dense(whole).contiguous({ memoryFormat: 'channels_last_3d' });
        break;
      case 'conj':
        return this.#dense(whole).conj();
      case 'neg': {
        const wide = complex(this.#dense({ ...whole, dtype: 'float32' }), this.#dense({ ...whole, dtype: 'float32' }));
        return wide.conj().imag;
      }
      case 'host': {
        const { data, tensor } = hostBuffer(spec.dtype ?? 'float32', shape);
        new Uint8Array(data.buffer).fill(1);
        return tensor;
      }
      default:
        break;
    }
    return this.#dense(whole);
  }

  #sparse(spec: TensorSpec, layout: Layout): Tensor {
    const dense = this.#dense(spec);
    if (layout === 'sparse_bsr' || layout === 'sparse_bsc') return dense.toSparse({ layout, blocksize: [1, 1] });
    return dense.toSparse({ layout });
  }

  #dense(spec: TensorSpec): Tensor {
    const { shape, dtype = 'float32', fill = 'normal', seed = 0 } = spec;
    const count = shape.reduce((product, size) => product * size, 1);
    if (count === 0 || count > 2 ** 22) return zeros(shape, { dtype });
    const isWide = dtype === 'int64';
    const isNarrow = !isWide && dtype !== 'float64';
    const numbers = numbersOf(fill, count, seed, dtype, shape);
    const values: TypedArray = isWide
      ? BigInt64Array.from(numbers, integerOf)
      : isNarrow
        ? Float32Array.from(numbers, Number)
        : Float64Array.from(numbers, Number);
    const source = isWide ? 'int64' : isNarrow ? 'float32' : 'float64';
    const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
    const tensor = fromBytes(bytes, shape, source);
    if (fill === 'definite' && shape.length >= 2) return definite(tensor).to(dtype);
    return dtype === source ? tensor : tensor.to(dtype);
  }
}

/** A code as it stands, or that of a name. */
function codeOf<Name extends string>(value: Name | number, find: (name: Name) => number): number {
  return typeof value === 'number' ? value : find(value);
}

function definite(square: Tensor): Tensor {
  const transposed = square.transpose(-2, -1);
  return square.matmul(transposed).add(transposed.matmul(square)).div(4);
}

function integerOf(value: number | string): bigint {
  if (typeof value === 'string') return BigInt(value);
  return Number.isFinite(value) ? BigInt(Math.trunc(value)) : 0n;
}

function numbersOf(
  fill: Fill,
  count: number,
  seed: number,
  dtype: DType,
  shape: readonly number[],
): readonly (number | string)[] {
  const random = randomFrom(seed);
  const each = (value: () => number | string): (number | string)[] => Array.from({ length: count }, value);
  const isFloat = FLOATS.includes(dtype) || dtype.startsWith('complex');
  if (typeof fill === 'object') {
    if (Array.isArray(fill))
      return each(
        (
          (i) => () =>
            fill[i++ % Math.max(fill.length, 1)] ?? 0
        )(0),
      );
    if ('below' in fill) return each(() => Math.floor(random.next() * fill.below));
    const { outside } = fill as { outside: number };
    return each(() => (random.chance(0.5) ? random.int(0, Math.max(outside - 1, 0)) : random.pick([...FAR, outside])));
  }
  switch (fill) {
    case 'zeros':
      return each(() => 0);
    case 'ones':
      return each(() => 1);
    case 'unit':
      return each(() => (isFloat ? random.next() : random.int(0, 1)));
    case 'positive':
      return each(() => (isFloat ? 0.1 + 1.9 * random.next() : random.int(1, 3)));
    case 'sorted': {
      const row = Math.max(shape.at(-1) ?? 1, 1);
      const values = each(() => (isFloat ? random.next() : random.int(0, 4))) as number[];
      for (let start = 0; start < count; start += row)
        values.splice(start, row, ...values.slice(start, start + row).sort((a, b) => a - b));
      return values;
    }
    case 'extreme': {
      if (dtype === 'bool') return each(() => random.int(0, 1));
      const limits = LIMITS[dtype];
      if (limits) return each(() => String(random.pick([...limits, 0n, 1n, limits[1] - 1n])));
      return each(() => random.pick([Number.NaN, Infinity, -Infinity, 0, -0, 1e38, -1e38, 1e-45, 1]));
    }
    default:
      return each(() => (isFloat ? 3 * (random.next() - 0.5) : random.int(dtype === 'uint8' ? 0 : -3, 3)));
  }
}
