// The generator of the operator surface: schemas read, overloads merged, ties refused, and the signatures that come out for operators of every kind.

import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

// The generator is plain JavaScript outside `src/`; these are the parts that are used here.
interface Argument {
  readonly name: string;
  readonly type: string;
  readonly isNullable: boolean;
  readonly length: number | undefined;
  readonly fallback: string | undefined;
  readonly isKeyword: boolean;
}
interface Schema {
  readonly key: string;
  readonly args: readonly Argument[];
  readonly results: readonly { readonly type: string; readonly name: string | undefined }[];
  readonly returnsFirst: boolean;
}
interface Member {
  readonly name: string;
  readonly optionNames: readonly string[];
  readonly overloads: readonly { readonly positional: readonly { readonly publicName: string }[] }[];
  readonly candidates: readonly {
    readonly overload: { readonly schema: Schema };
    readonly required: readonly string[];
  }[];
}
interface Plan {
  readonly operators: readonly string[];
  readonly surfaces: Readonly<Record<string, readonly Member[]>>;
  readonly excluded: Readonly<Record<string, Readonly<Record<string, string>>>>;
}
interface Generator {
  parseSchema(text: string): Schema;
  mergeOverloads(name: string, overloads: readonly { schema: Schema; index: number }[], isMethod: boolean): Member;
  planSurface(facts: unknown): Plan;
  writeSignatures(member: Member): { readonly declared: readonly string[]; readonly implemented: string };
  writeBody(member: Member, optionsConstant: string | undefined): readonly string[];
  camelCase(name: string): string;
}

const folder = new URL('../../scripts/operators/', import.meta.url);
const files = ['schema', 'signature', 'plan', 'write-signature', 'write-body', 'types'];
const modules: object[] = await Promise.all(files.map((name) => import(new URL(`${name}.mjs`, folder).href)));
const generator = Object.assign({}, ...modules) as Generator;
const plan = generator.planSurface(JSON.parse(readFileSync(new URL('operators.facts.json', import.meta.url), 'utf8')));

function merge(schemas: readonly string[], isMethod = true): Member {
  const overloads = schemas.map((text, index) => ({ schema: generator.parseSchema(text), index }));
  return generator.mergeOverloads('f', overloads, isMethod);
}

/** What a signature says, without the ` | undefined` that every optional option takes. */
function signaturesOf(member: Member): string[] {
  const { declared, implemented } = generator.writeSignatures(member);
  return (declared.length > 0 ? declared : [implemented]).map((text) =>
    text.replace(/(\?: [^;{}()]*?) \| undefined/g, '$1'),
  );
}

describe('parseSchema()', () => {
  it('reads types, lengths, defaults and keywords', () => {
    const schema = generator.parseSchema(
      'f.x(Tensor(a!)[] self, int[2]? size=[1, 2], *, Tensor?[] at, str mode="a,b") -> ()',
    );
    expect(schema.key).toBe('f.x');
    expect(schema.args).toMatchObject([
      { name: 'self', type: 'Tensor[]', fallback: undefined, isKeyword: false },
      { name: 'size', type: 'int[]', length: 2, isNullable: true, fallback: '[1, 2]' },
      { name: 'at', type: 'Tensor?[]', isNullable: false, isKeyword: true },
      { name: 'mode', type: 'str', fallback: '"a,b"' },
    ]);
    expect(schema.results).toEqual([]);
  });

  it('tells an in-place operator, which gives its own first argument, from a view', () => {
    expect(generator.parseSchema('add_(Tensor(a!) self, Tensor other) -> Tensor(a!)').returnsFirst).toBe(true);
    expect(generator.parseSchema('view(Tensor(a) self, int[] size) -> Tensor(a)').returnsFirst).toBe(false);
  });

  it('names the elements of a tuple', () => {
    const { results } = generator.parseSchema('max(Tensor self, int dim) -> (Tensor values, Tensor indices)');
    expect(results.map(({ name }) => name)).toEqual(['values', 'indices']);
  });
});

describe('camelCase()', () => {
  it.each([
    ['index_select', 'indexSelect'],
    ['add_', 'add_'],
    ['_foreach_add_', '_foreachAdd_'],
    ['LU_data', 'LUData'],
    ['atleast_1d', 'atleast1d'],
  ])('makes %s %s', (name, expected) => {
    expect(generator.camelCase(name)).toBe(expected);
  });
});

describe('mergeOverloads()', () => {
  it('makes positional what every overload requires, and options of the rest', () => {
    const member = merge([
      'f(Tensor self, int dim, *, bool x=False) -> Tensor',
      'f.b(Tensor self, int dim, int k) -> Tensor',
    ]);
    expect(member.overloads[0]!.positional.map(({ publicName }) => publicName)).toEqual(['dim']);
    expect(member.optionNames).toEqual(['x', 'k']);
  });

  it('keeps an argument positional where overloads name it differently', () => {
    expect(
      signaturesOf(merge(['f(Tensor self, int[] size) -> Tensor', 'f.b(Tensor self, ScalarType dtype) -> Tensor'])),
    ).toEqual(['(sizeOrDtype: readonly number[] | DType): Tensor']);
  });

  it('tries overloads in the order given, then those that Python would want `None` for', () => {
    const member = merge(['f(Tensor self) -> Tensor', 'f.dim(Tensor self, int[1]? dim, bool keepdim=False) -> Tensor']);
    expect(member.candidates.map(({ overload, required }) => [overload.schema.key, required])).toEqual([
      ['f', []],
      ['f.dim', []],
    ]);
  });

  it('refuses a tie: an overload that no call reaches', () => {
    const tie = ['f(Tensor self, Scalar p=2) -> Tensor', 'f.b(Tensor self, float p=2) -> Tensor'];
    expect(() => merge(tie)).toThrow('every call of f.b is one of f;');
  });

  it.each([
    [
      'the type of a positional argument',
      'f(Tensor self, Tensor other) -> Tensor',
      'f.b(Tensor self, Scalar other) -> Tensor',
    ],
    [
      'the type of an option',
      'f(Tensor self, Tensor? min=None) -> Tensor',
      'f.b(Tensor self, Scalar? min=None) -> Tensor',
    ],
    ['a name', 'f(Tensor self, int dim=0) -> Tensor', 'f.b(Tensor self, int n=0) -> Tensor'],
    ['what a list holds', 'f(Tensor self, Scalar[] at) -> Tensor', 'f.b(Tensor self, Tensor[] at) -> Tensor'],
  ])('tells overloads apart by %s', (_, first, second) => {
    expect(() => merge([first, second])).not.toThrow();
  });

  it("passes a method's self wherever the schema has it", () => {
    const member = merge(['f(Tensor condition, Tensor self, Tensor other) -> Tensor']);
    expect(generator.writeBody(member, undefined)).toEqual(['return wrap(call(0, h(condition), h(this), h(other)));']);
  });
});

describe('writeBody()', () => {
  it('makes no object and leaves out trailing arguments where no options are given', () => {
    const member = merge(['f(Tensor self, int dim, *, ScalarType? dtype=None) -> Tensor']);
    expect(generator.writeBody(member, 'NAMES')).toEqual([
      'if (options === undefined) return wrap(call(0, h(this), dim));',
      "readOptions('f', NAMES, options);",
      'return wrap(call(0, h(this), dim, options.dtype && dtypeCode(options.dtype)));',
    ]);
  });

  it('asks for required options and refuses those of other overloads', () => {
    const member = merge(['f(Tensor self) -> Tensor', 'f.d(Tensor self, int dim, bool keepdim=False) -> Tensor']);
    expect(generator.writeBody(member, 'NAMES')).toEqual([
      'if (options === undefined) return wrap(call(0, h(this)));',
      "const given = readOptions('f', NAMES, options);",
      'if ((given & 3) === 0) return wrap(call(0, h(this)));',
      'if ((given & 1) === 1) return wrap(call(1, h(this), options.dim, options.keepdim));',
      "throw unfit('f', 'f() or f({ dim, keepdim? })', [options]);",
    ]);
  });

  it('returns the tensor itself from an in-place operator', () => {
    const member = merge(['f_(Tensor(a!) self) -> Tensor(a!)']);
    expect(generator.writeBody(member, undefined)).toEqual(['call(0, h(this));', 'return this;']);
  });
});

describe('planSurface()', () => {
  it('leaves nothing out without a reason', () => {
    for (const excluded of Object.values(plan.excluded)) {
      for (const reason of Object.values(excluded)) expect(reason.length).toBeGreaterThan(10);
    }
  });

  it('puts every overload into the table once, with its argument names', () => {
    expect(new Set(plan.operators).size).toBe(plan.operators.length);
    expect(plan.operators).toContain('add.Tensor(self,other,alpha)');
  });

  it('has no out=, internal or backward operator among the public ones', () => {
    const names = Object.values(plan.surfaces).flatMap((members) => members.map(({ name }) => name));
    expect(names.filter((name) => name.startsWith('_') || /Backward/.test(name))).toEqual([]);
    expect(names).not.toContain('zeros');
  });

  it.each(Object.entries(goldenSignatures()))('gives %s its signature', (key, expected) => {
    const [surface, name] = key.split(' ');
    const member = plan.surfaces[surface!]!.find((candidate) => candidate.name === name);
    expect(member && signaturesOf(member)).toEqual(expected);
  });
});

/** Signatures by surface and name, one an overload that TypeScript shows. */
function goldenSignatures(): Readonly<Record<string, readonly string[]>> {
  return {
    'method add': ['(other: Tensor | Scalar, options?: { alpha?: Scalar }): Tensor'],
    'method add_': ['(other: Tensor | Scalar, options?: { alpha?: Scalar }): this'],
    'method sum': ['(options?: { dim?: number | readonly number[]; keepdim?: boolean; dtype?: DType }): Tensor'],
    'method max': [
      '(options?: { other: Tensor }): Tensor',
      '(options: { dim: number; keepdim?: boolean }): readonly [values: Tensor, indices: Tensor]',
    ],
    'method std': [
      '(options?: { dim?: number | readonly number[]; correction?: Scalar; keepdim?: boolean } | { dim?: number | readonly number[]; unbiased?: boolean; keepdim?: boolean }): Tensor',
    ],
    'method softmax': ['(dim: number, options?: { dtype?: DType }): Tensor'],
    'method clamp': ['(options?: { min?: Scalar; max?: Scalar } | { min?: Tensor; max?: Tensor }): Tensor'],
    'method view': ['(dtypeOrSize: DType | readonly number[]): Tensor'],
    'method scatter': [
      '(dim: number, index: Tensor, srcOrValue: Tensor | Scalar, options?: { reduce: string }): Tensor',
    ],
    'method gather': ['(dim: number, index: Tensor, options?: { sparseGrad?: boolean }): Tensor'],
    'method where': ['(condition: Tensor, other: Tensor | Scalar): Tensor'],
    'method nonzero': ['(): Tensor'],
    'method topk': [
      '(k: number, options?: { dim?: number; largest?: boolean; sorted?: boolean }): readonly [values: Tensor, indices: Tensor]',
    ],
    'method sort': [
      '(options?: { stable?: boolean; dim?: number; descending?: boolean }): readonly [values: Tensor, indices: Tensor]',
    ],
    'method split': ['(splitSize: number | readonly number[], options?: { dim?: number }): Tensor[]'],
    'method indexSelect': ['(dim: number, index: Tensor): Tensor'],
    'method permute': ['(dims: readonly number[]): Tensor'],
    'method repeatInterleave': ['(repeats: Tensor | number, options?: { dim?: number; outputSize?: number }): Tensor'],
    'method random_': [
      '(options?: { from: number; to?: number; generator?: Generator } | { generator?: Generator } | { to: number; generator?: Generator }): this',
    ],
    'method newZeros': [
      '(size: readonly number[], options?: { dtype?: DType; layout?: Layout; device?: Device; pinMemory?: boolean; requiresGrad?: boolean }): Tensor',
    ],
    'method equal': ['(other: Tensor): boolean'],
    'method detach': ['(): Tensor'],
    'method squeeze': ['(options?: { dim: number | readonly number[] }): Tensor'],
    'method unbind': ['(options?: { dim?: number }): Tensor[]'],
    'function add': [
      '(input: Tensor | Scalar, other: Tensor, options?: { alpha?: Scalar }): Tensor',
      '(input: Tensor, other: Scalar, options?: { alpha?: Scalar }): Tensor',
    ],
    'function where': ['(condition: Tensor, input: Tensor | Scalar, other: Tensor | Scalar): Tensor'],
    'function cat': ['(tensors: readonly Tensor[], options?: { dim?: number }): Tensor'],
    'function conv2d': [
      '(input: Tensor, weight: Tensor, options?: { bias?: Tensor; stride?: number | readonly number[]; padding?: number | readonly number[] | string; dilation?: number | readonly number[]; groups?: number }): Tensor',
    ],
    'function einsum': [
      '(equation: string, tensors: readonly Tensor[], options?: { path?: readonly number[] }): Tensor',
    ],
    'function lstm': [
      '(data: Tensor, batchSizes: Tensor, hx: readonly Tensor[], params: readonly Tensor[], hasBiases: boolean, numLayers: number, dropout: number, train: boolean, bidirectional: boolean): readonly [Tensor, Tensor, Tensor]',
      '(input: Tensor, hx: readonly Tensor[], params: readonly Tensor[], hasBiases: boolean, numLayers: number, dropout: number, train: boolean, bidirectional: boolean, batchFirst: boolean): readonly [Tensor, Tensor, Tensor]',
    ],
    'function quantile': [
      '(input: Tensor, q: Tensor | number, options?: { dim?: number; keepdim?: boolean; interpolation?: string }): Tensor',
    ],
    'function histogramdd': [
      '(input: Tensor, bins: number | readonly number[] | readonly Tensor[], options?: { range?: readonly number[]; weight?: Tensor; density?: boolean }): readonly [hist: Tensor, binEdges: Tensor[]]',
    ],
    'function var': [
      '(input: Tensor, options?: { dim?: number | readonly number[]; correction?: Scalar; keepdim?: boolean } | { dim?: number | readonly number[]; unbiased?: boolean; keepdim?: boolean }): Tensor',
    ],
    'function layerNorm': [
      '(input: Tensor, normalizedShape: readonly number[], options?: { weight?: Tensor; bias?: Tensor; eps?: number; cudnnEnable?: boolean }): Tensor',
    ],
    'function normal': [
      '(mean: Tensor, options?: { std?: Tensor | number; generator?: Generator }): Tensor',
      '(mean: number, options: { std: Tensor; generator?: Generator } | { std: number; size: readonly number[]; generator?: Generator; dtype?: DType; layout?: Layout; device?: Device; pinMemory?: boolean; requiresGrad?: boolean }): Tensor',
    ],
    'function meshgrid': ['(tensors: readonly Tensor[], options?: { indexing: string }): Tensor[]'],
    'function uniqueConsecutive': [
      '(input: Tensor, options?: { returnInverse?: boolean; returnCounts?: boolean; dim?: number }): readonly [Tensor, Tensor, Tensor]',
    ],
    'nn scaledDotProductAttention': [
      '(query: Tensor, key: Tensor, value: Tensor, options?: { attnMask?: Tensor; dropoutP?: number; isCausal?: boolean; scale?: number; enableGqa?: boolean }): Tensor',
    ],
    'nn upsampleNearest2d': [
      '(input: Tensor, outputSize: number | readonly number[], options?: { scalesH?: number; scalesW?: number }): Tensor',
      '(input: Tensor, outputSize: readonly number[] | undefined, options?: { scaleFactors?: readonly number[] }): Tensor',
    ],
    'nn pad': ['(input: Tensor, pad: readonly number[], options?: { mode?: string; value?: number }): Tensor'],
    'linalg norm': [
      '(input: Tensor, options?: { ord?: string | Scalar; dim?: number | readonly number[]; keepdim?: boolean; dtype?: DType }): Tensor',
    ],
    'linalg svd': [
      '(A: Tensor, options?: { fullMatrices?: boolean; driver?: string }): readonly [U: Tensor, S: Tensor, Vh: Tensor]',
    ],
    'fft rfft': ['(input: Tensor, options?: { n?: number; dim?: number; norm?: string }): Tensor'],
    'special zeta': ['(input: Tensor, other: Tensor | Scalar): Tensor', '(input: Scalar, other: Tensor): Tensor'],
  };
}
