// Arguments for an operator, from its schema: mostly plausible ones, so that kernels are reached, and now and then a hostile one.

import type { DType } from '../../src/index.ts';
import { spoil } from './hostile.ts';
import type { Random } from './random.ts';
import { recipeOf } from './recipes.ts';
import type { Fill, Spec, TensorSpec, View } from './specs.ts';

/** An argument of a schema, as scripts/operators/schema.mjs reads it. */
export interface SchemaArgument {
  readonly name: string;
  readonly type: string;
  readonly isNullable: boolean;
  readonly length?: number;
  readonly fallback?: string;
  /** The name of what it writes to, where it writes. */
  readonly alias?: string;
}

export interface Schema {
  /** As in `add.Tensor`. */
  readonly key: string;
  readonly args: readonly SchemaArgument[];
}

const ABSENT: Spec = { strange: 'undefined' };
const DTYPES: readonly (readonly [DType, number])[] = [
  ['float32', 50],
  ['float64', 10],
  ['int64', 12],
  ['complex64', 6],
  ['bfloat16', 6],
  ['float16', 4],
  ['bool', 4],
  ['int32', 3],
  ['uint8', 3],
  ['complex128', 2],
  ['int8', 1],
  ['int16', 1],
];
const VIEWS: readonly (readonly [View | undefined, number])[] = [
  [undefined, 60],
  ['transposed', 9],
  ['strided', 6],
  ['offset', 5],
  ['expanded', 6],
  ['graph', 5],
  ['channels_last', 3],
  ['overlapping', 2],
  ['host', 2],
  ['neg', 1],
  ['conj', 1],
];

function weighted<T>(random: Random, choices: readonly (readonly [T, number])[]): T {
  let left = random.next() * choices.reduce((sum, [, weight]) => sum + weight, 0);
  for (const [value, weight] of choices) {
    left -= weight;
    if (left < 0) return value;
  }
  return choices[0]![0];
}

/** What one call is made around: a shape and a dtype that its tensors share unless a recipe says otherwise. */
export class Context {
  readonly random: Random;
  readonly key: string;
  readonly shape: readonly number[];
  readonly dtype: DType;
  /** A dimension of `shape`, counted from the front; 0 where there is none. */
  readonly dim: number;

  constructor(random: Random, key: string) {
    this.random = random;
    this.key = key;
    this.dtype = weighted(random, DTYPES);
    const numDims = random.pick([0, 1, 1, 2, 2, 2, 3, 3, 4, 4, 5]);
    const isEmpty = random.chance(0.04);
    const hasLong = random.chance(0.1);
    const long = random.int(0, 4);
    this.shape = Array.from({ length: numDims }, (_, i) => {
      if (isEmpty && i === long % numDims) return 0;
      return hasLong && i === long % numDims ? random.int(17, 70) : random.int(1, 4);
    });
    this.dim = numDims === 0 ? 0 : random.int(0, numDims - 1);
  }

  /** `dtype` where it is floating, else float32. */
  get floating(): DType {
    return /float/.test(this.dtype) ? this.dtype : 'float32';
  }

  /** `dtype` where it is an integer, else int64. */
  get integer(): DType {
    return /int/.test(this.dtype) ? this.dtype : 'int64';
  }

  /** The size of `dim`. */
  get length(): number {
    return this.shape[this.dim] ?? 1;
  }

  tensor(shape: readonly number[], fill: Fill = 'normal', dtype: DType = this.dtype): Spec {
    const { random } = this;
    const spec: Record<string, unknown> = { shape, dtype };
    if (fill !== 'normal') spec.fill = fill;
    spec.seed = random.int(0, 1e6);
    const view = weighted(random, VIEWS);
    if (view !== undefined) spec.view = view;
    if (/float|complex/.test(dtype) && random.chance(0.35)) spec.grad = true;
    return { tensor: spec as unknown as TensorSpec };
  }

  float(shape: readonly number[], fill: Fill = 'normal'): Spec {
    return this.tensor(shape, fill, this.floating);
  }

  /** A tensor of indices below `below`. */
  index(shape: readonly number[], below: number, dtype: DType = 'int64'): Spec {
    return this.tensor(shape, { below: Math.max(below, 1) }, dtype);
  }

  /** Of the present value, or absent. */
  maybe(spec: Spec, probability = 0.5): Spec {
    return this.random.chance(probability) ? spec : ABSENT;
  }

  sizes(count: number, low = 1, high = 4): number[] {
    return Array.from({ length: count }, () => this.random.int(low, high));
  }

  /** `dim`, counted from either end. */
  get anyDim(): number {
    return this.random.chance(0.5) || this.shape.length === 0 ? this.dim : this.dim - this.shape.length;
  }
}

/** The arguments of one call, by name; nothing for those that are left out. */
export function argumentsFor(schema: Schema, random: Random): Map<string, Spec> {
  const context = new Context(random, schema.key);
  const given = recipeOf(
    context,
    schema.args.some((arg) => arg.name === 'dim' && arg.type === 'int[]'),
  );
  const specs = new Map<string, Spec>();
  for (const arg of schema.args) {
    const spec = given[arg.name] ?? plausible(arg, context, specs.size === 0);
    specs.set(arg.name, spec);
  }
  if (random.chance(0.35)) spoil(specs, schema.args, context);
  return specs;
}

const isAbsent = (spec: Spec): boolean => typeof spec === 'object' && 'strange' in spec && spec.strange === 'undefined';

/** Whether a call has this argument at all. */
export function isGiven(spec: Spec | undefined): spec is Spec {
  return spec !== undefined && !isAbsent(spec);
}

function plausible(arg: SchemaArgument, context: Context, isFirst: boolean): Spec {
  const { random, shape } = context;
  const mayBeLeftOut = arg.fallback !== undefined || arg.isNullable;
  if (mayBeLeftOut && random.chance(arg.type === 'Tensor' ? 0.6 : 0.5)) return ABSENT;
  switch (arg.type) {
    case 'Tensor':
      return tensorFor(arg, context, isFirst);
    case 'Tensor[]':
    case 'Tensor?[]':
      return { tensors: Array.from({ length: 2 }, () => context.tensor(shape)) };
    case 'int':
      return integerFor(arg.name, context);
    case 'int[]':
      return integersFor(arg, context);
    case 'Scalar':
      return scalarFor(context);
    case 'Scalar[]':
      return [scalarFor(context), scalarFor(context)];
    case 'float':
      return floatFor(arg.name, context);
    case 'float[]':
      return Array.from({ length: arg.length ?? 2 }, () => 0.5 + random.next());
    case 'bool':
      return random.chance(0.5);
    case 'bool[]':
      return Array.from({ length: arg.length ?? 2 }, () => random.chance(0.5));
    case 'str':
      return random.pick(STRINGS[arg.name] ?? ['none']);
    case 'ScalarType':
      return { dtype: random.chance(0.5) ? context.floating : weighted(random, DTYPES) };
    case 'Layout':
      return { layout: 'strided' };
    case 'MemoryFormat':
      return { memoryFormat: random.pick(['contiguous_format', 'preserve_format', 'channels_last']) };
    case 'Device':
      return { device: 'cpu' };
    case 'Generator':
      return { generator: random.int(0, 1e6) };
    default:
      return ABSENT;
  }
}

const STRINGS: Readonly<Record<string, readonly string[]>> = {
  reduce: ['sum', 'prod', 'mean', 'amax', 'amin'],
  indexing: ['ij', 'xy'],
  rounding_mode: ['floor', 'trunc'],
  norm: ['backward', 'ortho', 'forward'],
  mode: ['constant', 'reflect', 'replicate', 'circular'],
  pad_mode: ['reflect', 'constant'],
  padding: ['same', 'valid'],
  approximate: ['none', 'tanh'],
  side: ['left', 'right'],
  interpolation: ['linear', 'lower', 'higher', 'midpoint', 'nearest'],
  UPLO: ['L', 'U'],
  ord: ['fro', 'nuc'],
  driver: ['gelsd', 'gelsy', 'gels', 'gelss'],
  padding_side: ['left', 'right'],
};

function tensorFor(arg: SchemaArgument, context: Context, isFirst: boolean): Spec {
  const { random, shape } = context;
  if (/^(index|indices|idx)$/.test(arg.name)) return context.index(shape, context.length);
  if (/^(mask|condition)$/.test(arg.name)) return context.tensor(shape, 'unit', 'bool');
  if (isFirst || random.chance(0.6)) return context.tensor(shape);
  // Beside the first: what broadcasts with it, and another dtype.
  const broadcast = shape.map((size) => (random.chance(0.3) ? 1 : size)).slice(random.chance(0.2) ? 1 : 0);
  return context.tensor(broadcast, 'normal', random.chance(0.3) ? weighted(random, DTYPES) : context.dtype);
}

function integerFor(name: string, context: Context): Spec {
  const { random } = context;
  if (/^(dim|axis|dim0|axis0|start_dim|source|destination)$/.test(name)) return context.anyDim;
  if (/^(dim1|axis1|dim2|end_dim)$/.test(name)) return context.shape.length - 1;
  if (/^(offset|diagonal|shifts)$/.test(name)) return random.int(-2, 2);
  if (name === 'reduction') return random.int(0, 2);
  if (name === 'groups') return 1;
  if (/^(n|k|q|size|steps|bins|chunks|sections|split_size|length|num_.*|window_length|end|high|row|col|m)$/.test(name))
    return random.int(1, 4);
  if (/^(index|start|low)$/.test(name)) return 0;
  return random.int(0, 2);
}

function integersFor(arg: SchemaArgument, context: Context): Spec {
  const { random, shape } = context;
  const count = arg.length ?? 2;
  if (/^(dim|dims|axis|axes)$/.test(arg.name)) {
    const dims = shape.map((_, i) => (random.chance(0.3) ? i - shape.length : i));
    return dims.filter(() => random.chance(0.6));
  }
  if (/^(size|shape)$/.test(arg.name)) return random.chance(0.5) ? [...shape] : context.sizes(random.int(0, 3));
  if (/^(stride|dilation|kernel_size|output_size|blocksize)$/.test(arg.name)) return context.sizes(count, 1, 2);
  if (/padding/.test(arg.name)) return context.sizes(count, 0, 1);
  return context.sizes(arg.length ?? Math.max(shape.length, 1), 1, 2);
}

function scalarFor(context: Context): Spec {
  const { random, dtype } = context;
  if (random.chance(0.1)) return random.chance(0.5);
  return /float|complex/.test(dtype) && random.chance(0.7) ? 0.1 + 2 * random.next() : random.int(0, 3);
}

function floatFor(name: string, context: Context): Spec {
  const { random } = context;
  if (/eps/.test(name)) return 1e-5;
  if (/^(p|dropout|dropout_p)$/.test(name)) return random.pick([0, 0.5, 1, random.next()]);
  return 0.1 + random.next();
}
