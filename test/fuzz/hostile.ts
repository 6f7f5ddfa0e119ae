// Makes one or two arguments of a plausible call wrong, in a way that programs and people get them wrong, or worse.

import type { Context, SchemaArgument } from './arguments.ts';
import type { Spec, Strange, TensorSpec } from './specs.ts';

const STRANGE: readonly Strange[] = [
  ...(['undefined', 'null', 'NaN', 'Infinity', '-Infinity', '-0', 'symbol', 'function', 'object'] as const),
  ...(['proxy', 'getter', 'date', 'float32array', 'prototype', 'freed', 'foreign', 'forged'] as const),
];
const INTEGERS = [
  ...[-1, -2, -3, -5, 0, 1, 5, 7, 64, 100, 1000, 65_536, 2 ** 31 - 1, 2 ** 31, 2 ** 32, -(2 ** 31), -(2 ** 31) - 1],
  ...[2 ** 40, -(2 ** 40), 2 ** 53 - 1, 2 ** 53, -(2 ** 53) + 1, 1e300, 0.5, -0.5],
];
const BIGINTS = [
  '9223372036854775807',
  '-9223372036854775808',
  '9223372036854775806',
  '4611686018427387904',
  '1',
  `${2n ** 70n}`,
];
const FLOATS = [0, -0, -1, -1e-30, 1e-45, 1e30, 1e300, -1e300, 1e5, 2 ** 31, 2 ** 63];

/** Replaces some of `specs`. */
export function spoil(specs: Map<string, Spec>, args: readonly SchemaArgument[], context: Context): void {
  const { random } = context;
  if (args.length === 0) return;
  for (let count = random.pick([1, 1, 1, 2, 3]); count > 0; count--) {
    const arg = random.pick(args);
    const spec = specs.get(arg.name);
    if (spec === undefined) continue;
    specs.set(arg.name, spoiled(arg, spec, context, args));
  }
}

function spoiled(arg: SchemaArgument, spec: Spec, context: Context, args: readonly SchemaArgument[]): Spec {
  const { random } = context;
  if (random.chance(0.1)) return { strange: random.pick(STRANGE) };
  switch (arg.type) {
    case 'Tensor':
      return spoiledTensor(spec, context, args);
    case 'Tensor[]':
    case 'Tensor?[]':
      return spoiledList(spec, context, args);
    case 'int[]':
    case 'float[]':
    case 'Scalar[]':
    case 'bool[]':
      return spoiledArray(spec, context);
    case 'int':
      return hostileInteger(context);
    case 'Scalar':
    case 'float':
      return random.chance(0.5) ? hostileInteger(context) : hostileFloat(context);
    case 'str':
      return random.pick(['', 'nothing', 'same', 'x'.repeat(1000), 'a\0b', 'ij,jk->ik', '…']);
    case 'ScalarType':
      return { dtype: random.pick(['bool', 'complex64', 'int8', 'float16', 8, 12, 16, 44, -1] as const) };
    case 'Layout':
      return { layout: random.pick(['sparse_coo', 'sparse_csr', 'sparse_bsr', 3, 7, -1] as const) };
    case 'MemoryFormat':
      return { memoryFormat: random.pick(['channels_last', 'channels_last_3d', 4, -1] as const) };
    case 'Device':
      return { device: random.pick(['meta', 'cuda', 'cuda:3', 2, 5001] as const) };
    default:
      return { strange: random.pick(STRANGE) };
  }
}

function hostileInteger(context: Context): Spec {
  const { random } = context;
  if (random.chance(0.2)) return { bigint: random.pick(BIGINTS) };
  return random.pick(random.chance(0.6) ? INTEGERS.slice(0, 12) : INTEGERS);
}

function hostileFloat(context: Context): Spec {
  const { random } = context;
  if (random.chance(0.3)) return { strange: random.pick(['NaN', 'Infinity', '-Infinity'] as const) };
  return random.pick(FLOATS);
}

function spoiledTensor(spec: Spec, context: Context, args: readonly SchemaArgument[]): Spec {
  const { random, shape } = context;
  const isTensor = typeof spec === 'object' && 'tensor' in spec;
  const before: TensorSpec = isTensor ? (spec as { tensor: TensorSpec }).tensor : { shape, seed: 1 };
  const change = (changes: Partial<TensorSpec>): Spec => ({ tensor: { ...before, ...changes } });
  const size = before.shape.at(-1) ?? 1;
  switch (random.int(0, 13)) {
    case 0:
      return change({ shape: [] });
    case 1:
      return change({ shape: before.shape.map((old, i) => (i === context.dim % before.shape.length ? 0 : old)) });
    case 2:
      return change({ shape: [0] });
    case 3:
      return change({ shape: before.shape.slice(1) });
    case 4:
      return change({ shape: [random.int(1, 3), ...before.shape] });
    case 5:
      return change({ shape: before.shape.map((old) => (random.chance(0.5) ? old + random.int(1, 5) : old)) });
    case 6:
      return change({ shape: before.shape.map((old) => (random.chance(0.5) ? Math.max(old - 1, 0) : old)) });
    case 7:
      return change({
        dtype: random.pick(['bool', 'int64', 'int32', 'uint8', 'float16', 'bfloat16', 'float64', 'complex64'] as const),
      });
    case 8:
      return change({
        layout: random.pick(['sparse_coo', 'sparse_csr', 'sparse_csc', 'sparse_bsr', 'sparse_bsc'] as const),
      });
    case 9:
      return change({ isMeta: true });
    case 10:
      return change({ fill: 'extreme' });
    case 11:
      return change({
        fill: { outside: typeof before.fill === 'object' && 'below' in before.fill ? before.fill.below : size },
      });
    case 12: {
      // The same tensor twice: an in-place operator then reads what it writes.
      const first = args[0];
      return first?.type !== 'Tensor' || random.chance(0.3) ? change({ view: 'expanded' }) : { same: first.name };
    }
    default:
      return change({ view: random.pick(['expanded', 'overlapping', 'conj', 'neg', 'graph'] as const), grad: true });
  }
}

function spoiledList(spec: Spec, context: Context, args: readonly SchemaArgument[]): Spec {
  const { random } = context;
  const elements = typeof spec === 'object' && 'tensors' in spec ? [...spec.tensors] : [];
  switch (random.int(0, 4)) {
    case 0:
      return { tensors: [] };
    case 1:
      return { tensors: elements.slice(1) };
    case 2:
      return { tensors: [...elements, context.tensor(context.shape)] };
    case 3:
      return { tensors: elements.map((old, i) => (i === 0 ? { strange: random.pick(STRANGE) } : old)) };
    default:
      return {
        tensors: elements.map((old) => (random.chance(0.6) ? spoiledTensor(old, context, args.slice(0, 0)) : old)),
      };
  }
}

function spoiledArray(spec: Spec, context: Context): Spec {
  const { random } = context;
  const elements: Spec[] = Array.isArray(spec) ? [...(spec as readonly Spec[])] : [1, 1];
  switch (random.int(0, 5)) {
    case 0:
      return [];
    case 1:
      return elements.slice(1);
    case 2:
      return [...elements, random.int(0, 3)];
    case 3:
      return hostileInteger(context);
    case 4:
      return elements.map(() => hostileInteger(context));
    default:
      return elements.map((old, i) => (i === elements.length - 1 ? hostileInteger(context) : old));
  }
}
