// What `scripts/operators/shapes.mjs` and `shape-rules.mjs` say about shapes, against calls: members of a family by calls made from their schemas, single operators by calls given here.

import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { NativeError } from '../errors.ts';
import * as create from './create.ts';
import type { DType } from './dtype.ts';
import * as fft from './fft.generated.ts';
import * as linalg from './linalg.generated.ts';
import * as nn from './nn-ops.generated.ts';
import * as ops from './ops.generated.ts';
import { libtorchVersion } from './process.ts';
import { scope } from './scope.ts';
import * as special from './special.generated.ts';
import { Tensor } from './tensor.ts';

type Shape = readonly number[];
type ShapeFunction = (...args: unknown[]) => Shape | readonly Shape[];
interface Argument {
  readonly publicName: string;
  readonly type: string;
}
interface Member {
  readonly name: string;
  readonly overloads: readonly {
    readonly positional: readonly Argument[];
    readonly options: readonly Argument[];
  }[];
}
// The generator is plain JavaScript outside `src/`; these are the parts that are used here.
interface Generator {
  planSurface(facts: unknown): { readonly surfaces: Readonly<Record<string, readonly Member[]>> };
  FAMILIES: readonly {
    readonly kind: string;
    readonly members: string;
    readonly inPlace?: string;
    readonly of: ShapeFunction;
  }[];
  SIGNATURES: Readonly<Record<string, string>>;
  RULES: Readonly<Record<string, readonly [text: string, of: ShapeFunction]>>;
  readSignature(text: string): {
    inputs: readonly (readonly string[])[];
    letters: readonly string[];
    of: ShapeFunction;
  };
  build(shape: readonly string[], sizes: object): Shape;
}
const folder = new URL('../../scripts/operators/', import.meta.url);
const modules: object[] = await Promise.all(
  ['plan', 'shapes', 'shape-rules', 'shape-signature'].map((name) => import(new URL(`${name}.mjs`, folder).href)),
);
const { planSurface, FAMILIES, SIGNATURES, RULES, readSignature, build } = Object.assign({}, ...modules) as Generator;
const { surfaces } = planSurface(JSON.parse(readFileSync(new URL('operators.facts.json', import.meta.url), 'utf8')));
const functions: Readonly<Record<string, object>> = { function: ops, nn, linalg, fft, special };

/** An operator as a function of the tensor and its other arguments, with the arguments that its schema asks for after the tensor. */
interface Operator {
  readonly call: (...args: unknown[]) => unknown;
  readonly asked: readonly Argument[];
  readonly options: readonly Argument[];
}

function findOperator(name: string): Operator {
  const [namespace, bare] = name.includes('.') ? (name.split('.') as [string, string]) : [undefined, name];
  for (const surface of namespace === undefined ? ['method', 'function', 'nn', 'property'] : [namespace]) {
    const member = surfaces[surface]!.find((candidate) => candidate.name === bare);
    if (member === undefined) continue;
    const [{ positional, options }] = member.overloads as [Member['overloads'][number]];
    if (surface === 'property') return { call: (x) => (x as never)[bare], asked: [], options };
    if (surface === 'method')
      return {
        call: (x, ...rest) => (x as Record<string, (...args: unknown[]) => unknown>)[bare]!(...rest),
        asked: positional,
        options,
      };
    const call = (functions[surface] as Record<string, (...args: unknown[]) => unknown>)[bare]!;
    return { call, asked: positional.slice(1), options };
  }
  throw new Error(`Cannot find an operator "${name}"`);
}

/** Numbers between 0.5 and 0.9: in the domain of almost everything. Last two dimensions of one size are made a matrix that has an inverse and a root. */
function make(shape: Shape, dtype: DType): Tensor {
  const x = create.rand(shape).mul(0.4).add(0.5);
  const isSquare = shape.length > 1 && shape.at(-1) === shape.at(-2);
  return (isSquare ? x.add(create.eye(shape.at(-1)!).mul(9)) : dtype === 'int64' ? x.mul(4) : x).to(dtype);
}

function shapesOf(result: unknown): unknown {
  return result instanceof Tensor ? result.shape : (result as readonly Tensor[]).map((tensor) => tensor.shape);
}

const isShape = (value: unknown): value is Shape =>
  Array.isArray(value) && !value.some((element) => Array.isArray(element));

/** A call's arguments with every tensor, alone or in a list, as something else. */
function mapTensors(args: readonly unknown[], map: (of: Of) => unknown): unknown[] {
  return args.map((arg) => {
    if (arg instanceof Of) return map(arg);
    return Array.isArray(arg) && arg[0] instanceof Of ? arg.map(map) : arg;
  });
}

/** Makes the call, with tensors of the first dtype that the operator takes, and compares. */
function compare(name: string, args: readonly unknown[], of: ShapeFunction, isPartial = false): void {
  const values = mapTensors(args, ({ shape }) => shape);
  const expected = of(...values);
  let refused: unknown;
  for (const dtype of ['float32', 'int64', 'bool', 'complex64', 'float64'] as const) {
    try {
      const got = scope(() => shapesOf(findOperator(name).call(...mapTensors(args, (tensor) => tensor.make(dtype)))));
      const wanted = isShape(expected) && !isShape(got) ? (got as unknown[]).map(() => expected) : expected;
      const compared = isPartial ? (got as unknown[]).slice(0, wanted.length) : got;
      const call = `${name}(${JSON.stringify(values)})`;
      expect({ call, shape: compared }).toEqual({ call, shape: wanted });
      return;
    } catch (error) {
      if (!(error instanceof NativeError)) throw error;
      refused ??= error;
    }
  }
  throw refused;
}

/** A tensor of a call: its shape, and what its elements have to be. */
class Of {
  readonly shape: Shape;
  readonly #kind: 'any' | 'index' | 'mask';
  constructor(shape: Shape, kind: 'any' | 'index' | 'mask' = 'any') {
    this.shape = shape;
    this.#kind = kind;
  }
  make(dtype: DType): Tensor {
    if (this.#kind === 'index') return create.zeros(this.shape, { dtype: 'int64' });
    return this.#kind === 'mask' ? create.ones(this.shape, { dtype: 'bool' }) : make(this.shape, dtype);
  }
}
const x = (...shape: number[]): Of => new Of(shape);
const index = (...shape: number[]): Of => new Of(shape, 'index');

const KINDS: Readonly<Record<string, 'index' | 'mask'>> = { mask: 'mask', condition: 'mask', indices: 'index' };
const VALUES: Readonly<Record<string, unknown>> = { dim: 0, dims: [0], p: 0.5, train: true, dtype: 'float64' };

/** What a schema asks for beside tensors: 1, unless its name says more. */
const standIn = ({ publicName, type }: Argument): unknown => (type === 'bool' ? true : (VALUES[publicName] ?? 1));

/** Calls of an operator with tensors of the shapes given, the last one over again where it takes more. */
function tensorCall(name: string, shapes: readonly Shape[]): unknown[] {
  const { asked } = findOperator(name);
  const rest = [...shapes];
  const next = (): Shape => (rest.length > 1 ? rest.shift()! : rest[0]!);
  return [
    new Of(next()),
    ...asked.map((arg) =>
      arg.type === 'Tensor' && arg.publicName !== 'value' ? new Of(next(), KINDS[arg.publicName]) : standIn(arg),
    ),
  ];
}

const OWN_ARGUMENTS: Readonly<Record<string, readonly unknown[]>> = {
  clamp: [{ min: 0 }],
  clamp_: [{ min: 0 }],
  'linalg.solveTriangular': [{ upper: true }],
  mvlgamma: [1],
  mvlgamma_: [1],
};

const ANY: readonly Shape[] = [[], [3], [2, 3], [0, 2], [2, 3, 4]];
const PAIRS: readonly (readonly Shape[])[] = [
  [[2, 3], [3]],
  [[2, 1], [3]],
  [[], [2, 3]],
  [[0, 2], [2]],
  [[2, 1, 4], [3, 1], [1]],
];
const IN_PLACE: readonly (readonly Shape[])[] = [
  [[2, 3, 4], [3, 1], [4]],
  [[2, 3], []],
];

function familyCalls(kind: string, name: string): unknown[][] {
  const { asked, options } = findOperator(name);
  const values = OWN_ARGUMENTS[name];
  const unary = (shapes: readonly Shape[]): unknown[][] =>
    shapes.map((shape) => (values ? [new Of(shape), ...values] : tensorCall(name, [shape])));
  if (kind !== 'broadcast' && kind !== 'loss') {
    // Another tensor of the same shape would hide that the shapes are broadcast.
    expect(asked.filter(({ type, publicName }) => type === 'Tensor' && publicName !== 'value')).toEqual([]);
  }
  switch (kind) {
    case 'same':
      return unary(ANY);
    case 'along':
      return unary([[3], [2, 3], [4, 2, 3]]);
    case 'planes':
      return unary([[2, 3], [4, 2, 3]]); // biome-ignore format: shapes
    case 'broadcast':
      return (name.endsWith('_') ? IN_PLACE : PAIRS).map((shapes) => tensorCall(name, shapes));
    case 'lastReduction':
      return [{}, { dim: 0 }, { dim: 1, keepdim: true }].map((given) => [x(2, 3, 4), ...asked.map(standIn), given]);
    case 'reduction': {
      const takesList = options.some(({ publicName, type }) => publicName === 'dim' && type === 'int[]');
      const lists = takesList ? [{ dim: [0, 2] }, { dim: [-1, 0], keepdim: true }] : [];
      const all = [{}, { dim: 1 }, { dim: -1, keepdim: true }, ...lists];
      return all.map((given) => [x(2, 3, 4), ...asked.map(standIn), given]);
    }
    case 'loss':
      return [[x(2, 3), x(2, 3)], [x(2, 3), x(2, 3), { reduction: 0 }]]; // biome-ignore format: calls
    default:
      throw new Error(`Cannot make calls of a family of kind ${kind}`);
  }
}

/** Calls of an operator with a signature: every letter another size, `*` none to two dimensions. */
function signatureCalls(name: string): unknown[][] {
  const { inputs, letters } = readSignature(SIGNATURES[name] ?? SIGNATURES[name.slice(0, -1)]!);
  const { asked } = findOperator(name);
  const sizes = Object.fromEntries(letters.map((letter, i) => [letter, [5, 3, 4, 6, 7][i]!]));
  const stars = inputs.flat().includes('*') ? [[], [2], [2, 6]] : [[]];
  return stars.map((star) => {
    const tensors = inputs.map((shape, i) => {
      return new Of(build(shape, { ...sizes, '*': star }), i > 0 ? KINDS[asked[i - 1]?.publicName ?? ''] : undefined);
    });
    const rest = asked.slice(inputs.length - 1).map(() => 2);
    return [...tensors, ...rest, ...(name === 'linear' ? [] : (OWN_ARGUMENTS[name] ?? []))];
  });
}

const convolutions = (n: number): unknown[][] => {
  const sizes = [7, 8, 9].slice(0, n);
  const kernel = [3, 2, 3].slice(0, n);
  return [
    [x(2, 4, ...sizes), x(6, 4, ...kernel)],
    [x(2, 4, ...sizes), x(6, 2, ...kernel), { groups: 2, stride: 2, padding: 1 }],
    [x(1, 4, ...sizes), x(6, 4, ...kernel), { stride: 3, dilation: 2 }],
  ];
};
const transposed = (n: number): unknown[][] => {
  const sizes = [5, 4, 3].slice(0, n);
  const kernel = [3, 2, 3].slice(0, n);
  return [
    [x(2, 4, ...sizes), x(4, 6, ...kernel)],
    [x(2, 4, ...sizes), x(4, 3, ...kernel), { groups: 2, stride: 2, padding: 1, outputPadding: 1 }],
    [x(1, 4, ...sizes), x(4, 6, ...kernel), { stride: 2, dilation: 2 }],
  ];
};
const pools = (n: number, hasDilation: boolean): unknown[][] => {
  const sizes = [7, 8, 9].slice(0, n);
  return [
    [x(2, 4, ...sizes), 2],
    [x(4, ...sizes), 3, { stride: 2, padding: 1 }],
    [x(2, 4, ...sizes), 3, { stride: 2, ceilMode: true }],
    [x(2, 4, ...sizes), 2, { stride: 3, padding: 1, ceilMode: true }],
    ...(hasDilation ? [[x(2, 4, ...sizes), 3, { stride: 1, dilation: 2 }]] : []),
  ];
};
const normalised: unknown[][] = [[2, 4, 3], [2, 4]].map((shape) => [x(...shape)]); // biome-ignore format: shapes

/** Calls of the single operators: the arguments, the tensor itself first. */
const CALLS: Readonly<Record<string, readonly (readonly unknown[])[]>> = {
  matmul: [[x(3), x(3)], [x(2, 3), x(3)], [x(3), x(3, 4)], [x(2, 3), x(3, 4)], [x(5, 1, 2, 3), x(6, 3, 4)]],
  inner: [[x(2, 3), x(4, 3)], [x(3), x(4, 5, 3)]],
  logsumexp: [[x(2, 3, 4), 1], [x(2, 3, 4), [0, 2], { keepdim: true }]],
  quantile: [[x(2, 3), 0.5], [x(2, 3), 0.5, { dim: 1, keepdim: true }], [x(2, 3), x(5), { dim: 0 }]],
  nanquantile: [[x(2, 3), 0.5], [x(2, 3), 0.5, { dim: 1 }], [x(2, 3), x(5), { dim: 0 }]],
  countNonzero: [[x(2, 3)], [x(2, 3), { dim: 1 }], [x(2, 3, 4), { dim: [0, 2] }]],
  cross: [[x(2, 3), x(2, 3), { dim: 1 }], [x(3, 2), x(3, 2), { dim: 0 }]],
  cosineSimilarity: [[x(2, 3), x(2, 3)], [x(2, 3, 4), x(2, 3, 4), { dim: -1 }]],
  renorm: [[x(2, 3), 2, 0, 1]],
  diff: [[x(5)], [x(4, 5), { n: 2, dim: 0 }]],
  trapezoid: [[x(2, 5)], [x(2, 5), { dim: 0 }]],
  cumulativeTrapezoid: [[x(2, 5)], [x(2, 5), { dim: 0 }]],
  topk: [[x(2, 5), 3], [x(5, 2), 3, { dim: 0 }]],
  searchsorted: [[x(5), x(2, 3)], [x(2, 5), x(2, 3)]],
  bucketize: [[x(2, 3), x(5)]],
  isin: [[x(2, 3), x(5)]],
  histc: [[x(2, 3)], [x(5), { bins: 7 }]],
  view: [[x(2, 6), [3, -1]], [x(2, 6), [12]]],
  viewAs: [[x(2, 6), x(3, 4)]],
  reshape: [[x(2, 6), [-1, 4]], [x(), [1, 1]]],
  reshapeAs: [[x(2, 6), x(3, 4)]],
  flatten: [[x(2, 3, 4)], [x(2, 3, 4), { startDim: 1 }], [x(2, 3, 4), { endDim: 1 }]],
  unflatten: [[x(2, 12), 1, [3, -1]], [x(2, 12), -1, [2, 2, 3]]],
  squeeze: [[x(1, 3, 1)], [x(1, 3, 1), { dim: 0 }], [x(1, 3, 1), { dim: 1 }], [x(1, 3, 1), { dim: [0, 2] }]],
  unsqueeze: [[x(2, 3), 0], [x(2, 3), -1], [x(), 0]],
  transpose: [[x(2, 3, 4), 0, 2], [x(2, 3, 4), -1, 1]],
  T: [[x(2, 3)]],
  permute: [[x(2, 3, 4), [2, 0, 1]], [x(2, 3), [-1, 0]]],
  movedim: [[x(2, 3, 4), 0, 2], [x(2, 3, 4), 2, 0], [x(2, 3, 4), 0, -1]],
  expand: [[x(3, 1), [2, -1, 4]], [x(1), [5]]],
  expandAs: [[x(3, 1), x(2, 3, 4)]],
  broadcastTo: [[x(3, 1), [2, 3, 4]]],
  broadcastTensors: [[[x(3, 1), x(2), x(5, 1, 1)]]],
  repeat: [[x(2, 3), [2, 1]], [x(3), [4, 2]]],
  tile: [[x(2, 3), [2]], [x(3), [4, 2]]],
  cat: [[[x(2, 3), x(4, 3)]], [[x(2, 3), x(2, 1), x(2, 5)], { dim: -1 }]],
  stack: [[[x(2, 3), x(2, 3)]], [[x(2, 3), x(2, 3), x(2, 3)], { dim: -1 }]],
  split: [[x(5), 2], [x(2, 6), 3, { dim: 1 }], [x(2, 6), [1, 5], { dim: 1 }]],
  splitWithSizes: [[x(5), [1, 4]], [x(2, 6), [2, 4], { dim: 1 }]],
  chunk: [[x(5), 2], [x(6, 2), 4], [x(2, 7), 3, { dim: 1 }]],
  tensorSplit: [[x(5), 3], [x(2, 7), [1, 4], { dim: 1 }]],
  unbind: [[x(2, 3)], [x(2, 3), { dim: 1 }]],
  unfold: [[x(7), 0, 3, 2], [x(2, 7), 1, 2, 1], [x(7, 2), 0, 3, 1]],
  rot90: [[x(2, 3)], [x(2, 3, 4), { k: 2 }]],
  meshgrid: [[[x(2), x(3), x(4)], { indexing: 'ij' }]],
  cartesianProd: [[[x(2), x(3), x(4)]]],
  blockDiag: [[[x(2, 3), x(4, 1)]]],
  diag: [[x(3)], [x(2, 3)], [x(4, 3)]],
  diagonal: [[x(2, 3)], [x(2, 3, 4)], [x(2, 3, 4), { dim1: 0, dim2: 2 }]],
  select: [[x(2, 3), 0, 1], [x(2, 3), -1, 2]],
  narrow: [[x(5, 2), 0, 1, 3], [x(2, 5), -1, 0, 2]],
  narrowCopy: [[x(5, 2), 0, 1, 3]],
  indexSelect: [[x(2, 3), 0, index(5)], [x(2, 3, 4), -1, index(2)]],
  gather: [[x(2, 3), 1, index(2, 5)], [x(2, 3), 0, index(4, 1)]],
  take: [[x(2, 3), index(4, 5)]],
  takeAlongDim: [[x(2, 3), index(2, 5), { dim: 1 }]],
  indexAdd: [[x(3, 2), 0, index(4), x(4, 2)]],
  indexCopy: [[x(3, 2), 0, index(4), x(4, 2)]],
  indexFill: [[x(3, 2), 1, index(4), 7]],
  scatter: [[x(2, 3), 1, index(2, 1), x(2, 1)], [x(2, 3), 0, index(1, 3), 5]],
  scatterAdd: [[x(2, 3), 1, index(2, 1), x(2, 1)]],
  scatterReduce: [[x(2, 3), 1, index(2, 1), x(2, 1), 'sum']],
  maskedScatter: [[x(2, 3), new Of([3], 'mask'), x(6)]],
  put: [[x(2, 3), index(2), x(2)]],
  selectScatter: [[x(2, 3), x(3), 0, 1]],
  sliceScatter: [[x(4, 3), x(2, 3), { start: 1, end: 3 }]],
  diagonalScatter: [[x(2, 3), x(2)]],
  newZeros: [[x(1), [2, 3]]],
  newOnes: [[x(1), [2, 3]]],
  newFull: [[x(1), [2, 3], 7]],
  newEmpty: [[x(1), [2, 3]]],
  oneHot: [[index(2, 3), { numClasses: 5 }]],
  multinomial: [[x(5), 2], [x(3, 5), 4]],
  layerNorm: [[x(2, 3, 4), [3, 4]], [x(2, 3), [3]]],
  rmsNorm: [[x(2, 3, 4), [3, 4]], [x(2, 3), [3]]],
  groupNorm: normalised.map((call) => [...call, 2]),
  batchNorm: normalised.map((call) => [...call, undefined, undefined, undefined, undefined, true, 0.1, 1e-5, false]),
  instanceNorm: [[x(2, 4, 3), undefined, undefined, undefined, undefined, true, 0.1, 1e-5, false]],
  channelShuffle: [[x(2, 4, 3, 3), 2]],
  typeAs: [[x(2, 3), x(5)]],
  prelu: [[x(2, 3), x(3)], [x(5), x(1)]],
  featureDropout: [[x(2, 3, 4), 0.5, true]],
  pixelShuffle: [[x(2, 12, 3, 5), 2], [x(9, 1, 2), 3]],
  pixelUnshuffle: [[x(2, 3, 4, 6), 2]],
  pad: [[x(2, 3), [1, 2]], [x(2, 3, 4), [0, -1, 2, 2]]],
  crossEntropyLoss: [[x(4, 3), index(4)], [x(4, 3, 5), index(4, 5), { reduction: 0 }], [x(4, 3), x(4, 3), { reduction: 0 }]],
  nllLoss: [[x(4, 3), index(4)], [x(4, 3), index(4), { reduction: 0 }]],
  cosineEmbeddingLoss: [[x(4, 3), x(4, 3), x(4)]],
  adaptiveAvgPool1d: [[x(2, 3, 7), 4], [x(3, 7), [2]]],
  adaptiveAvgPool2d: [[x(2, 3, 7, 8), [4, 5]], [x(3, 7, 8), [1, 1]]],
  adaptiveMaxPool2d: [[x(2, 3, 7, 8), [4, 5]]],
  upsampleNearest2d: [[x(2, 3, 4, 5), [8, 3]]],
  upsampleBilinear2d: [[x(2, 3, 4, 5), [8, 3], false]],
  upsampleBicubic2d: [[x(2, 3, 4, 5), [8, 3], true]],
  copy_: [[x(2, 3), x(3)]],
  resize_: [[x(2, 3), [3, 2]]],
  asStrided: [[x(6), [2, 2], [1, 1]]],
  emptyStrided: [[[2, 3], [1, 2]]],
  newEmptyStrided: [[x(1), [2, 3], [1, 2]]],
  sumToSize: [[x(2, 3), [1, 3]]],
  asStridedScatter: [[x(6), x(2, 2), [2, 2], [1, 2]]],
  indexReduce: [[x(3, 2), 0, index(4), x(4, 2), 'mean']],
  fillDiagonal_: [[x(2, 3), 1], [x(2, 2, 2), 1]],
  featureAlphaDropout: [[x(2, 3, 4), 0.5, true]],
  fakeQuantizePerTensorAffine: [[x(2, 3), 0.5, 0, 0, 3]],
  toSparse: [[x(2, 3)]],
  randintLike: [[x(2, 3), 5]],
  diagflat: [[x(2, 3)]],
  repeatInterleave: [[x(2, 3), 2], [x(2, 3), 2, { dim: 1 }]],
  atleast1d: [[x()], [x(2, 3)]],
  atleast2d: [[x()], [x(3)], [x(2, 3)], [x(2, 3, 4)]],
  atleast3d: [[x()], [x(3)], [x(2, 3)], [x(2, 3, 4)], [x(2, 3, 4, 5)]],
  hstack: [[[x(2), x(3)]], [[x(2, 3), x(2, 4)]]],
  vstack: [[[x(3), x(3)]], [[x(2, 3), x(4, 3)]]],
  columnStack: [[[x(3), x(3)]], [[x(2, 3), x(2)]]],
  hsplit: [[x(6), 3], [x(2, 6, 4), [1, 3]]],
  vsplit: [[x(6, 2), 3], [x(6, 2), [1, 3]]],
  dsplit: [[x(2, 3, 4), 2]],
  combinations: [[x(5)], [x(5), { r: 3 }]],
  vander: [[x(4)], [x(4), { N: 2 }]],
  logspace: [[0, 1, 5]],
  hannWindow: [[5]],
  hammingWindow: [[5]],
  bartlettWindow: [[5]],
  blackmanWindow: [[5]],
  kaiserWindow: [[5]],
  'fft.fftfreq': [[5]],
  'fft.rfftfreq': [[5], [6]],
  trilIndices: [[3, 5], [5, 3]],
  triuIndices: [[3, 5], [5, 3]],
  histogram: [[x(20), { bins: 4 }]],
  multiMarginLoss: [[x(4, 3), index(4)], [x(4, 3), index(4), { reduction: 0 }]],
  multilabelMarginLoss: [[x(4, 3), index(4, 3)], [x(4, 3), index(4, 3), { reduction: 0 }]],
  padSequence: [[[x(2, 5), x(4, 5)]], [[x(2), x(4), x(1)], { batchFirst: true }]],
  constantPadNd: [[x(2, 3), [1, 2]], [x(2, 3, 4), [0, -1, 2, 2]]],
  reflectionPad1d: [[x(2, 5), [1, 2]]],
  reflectionPad2d: [[x(2, 5, 6), [1, 2, 3, 4]]],
  replicationPad1d: [[x(2, 5), [1, 2]]],
  replicationPad2d: [[x(2, 5, 6), [1, 2, 3, 4]]],
  adaptiveMaxPool1d: [[x(2, 3, 7), 4]],
  adaptiveAvgPool3d: [[x(2, 3, 7, 8, 9), [4, 5, 6]]],
  adaptiveMaxPool3d: [[x(2, 3, 7, 8, 9), [4, 5, 6]]],
  upsampleNearest1d: [[x(2, 3, 4), 9]],
  upsampleLinear1d: [[x(2, 3, 4), [9], true]],
  affineGridGenerator: [[x(2, 2, 3), [2, 4, 5, 6], true]],
  im2col: [[x(2, 3, 5, 6), [2, 3], 1, 0, 1], [x(2, 3, 7, 8), [2, 3], 2, 1, 2]],
  col2im: [[x(2, 12, 6), [3, 4], [2, 2], 1, 0, 1]],
  'linalg.norm': [[x(2, 3)], [x(2, 3, 4), { dim: 1 }], [x(2, 3, 4), { dim: [0, 2], keepdim: true }]],
  'linalg.multiDot': [[[x(2, 3), x(3, 4), x(4, 5)]]],
  conv1d: convolutions(1),
  conv2d: convolutions(2),
  conv3d: convolutions(3),
  convTranspose1d: transposed(1),
  convTranspose2d: transposed(2),
  convTranspose3d: transposed(3),
  maxPool1d: pools(1, true),
  maxPool2d: pools(2, true),
  maxPool3d: pools(3, true),
  maxPool1dWithIndices: pools(1, true),
  maxPool2dWithIndices: pools(2, true),
  avgPool1d: pools(1, false),
  avgPool2d: pools(2, false),
  avgPool3d: pools(3, false),
}; // biome-ignore format: a call a place

const isMethod = (name: string): boolean => surfaces.method!.some((member) => member.name === name);

/** Names with those of their in-place forms. */
const withInPlace = (names: readonly string[]): string[] =>
  names.flatMap((name) => (isMethod(`${name}_`) && !names.includes(`${name}_`) ? [name, `${name}_`] : [name]));

describe.runIf(libtorchVersion().startsWith('2.13'))('the shapes in comments', () => {
  for (const { kind, members, of } of FAMILIES) {
    const names = members.split(/\s+/);
    const inPlace = withInPlace(names).filter((name) => !names.includes(name));
    it.each(names)(`of %s, with calls of the kind "${kind}"`, (name) => {
      for (const args of familyCalls(kind, name)) compare(name, args, of);
    });
    if (inPlace.length === 0) continue;
    it.each(inPlace)(`of %s, with calls of the kind "${kind}"`, (name) => {
      for (const args of familyCalls(kind, name)) compare(name, args, (self) => self as Shape);
    });
  }

  it('are told once of each operator', () => {
    const names = [
      FAMILIES.map(({ members }) => members.split(/\s+/)),
      Object.keys(SIGNATURES),
      Object.keys(RULES),
    ].flat(2);
    expect(names.filter((name, i) => names.indexOf(name) !== i)).toEqual([]);
  });

  it.each(withInPlace(Object.keys(SIGNATURES)))('of %s, as its signature says', (name) => {
    const signature = SIGNATURES[name] ?? SIGNATURES[name.slice(0, -1)]!;
    for (const args of signatureCalls(name)) compare(name, args, readSignature(signature).of, signature.includes('…'));
  });

  it.each(withInPlace(Object.keys(RULES)))('of %s', (name) => {
    const key = name in RULES ? name : name.slice(0, -1);
    expect(CALLS[key]?.length).toBeGreaterThan(0);
    for (const args of CALLS[key]!) compare(name, args, RULES[key]![1]);
  });
});
