// Random index expressions against PyTorch: values, sharing of memory, assignment, gradients, and errors where it has errors. Recorded cases run
// everywhere, others where a Python with torch is found. A failure prints the case; the seed makes it again.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { isDeepStrictEqual } from 'node:util';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { arange, type Index, type Scalar, scope, slice, type Tensor, tensor, zerosLike } from '../../src/index.ts';
import { getNative, h } from '../../src/tensor/call.ts';
import { findPythonTorch, runPython } from './python.ts';

interface Failed {
  readonly error: string;
}

interface Flat {
  readonly shape: readonly number[];
  readonly values: readonly number[];
}

type Entry = readonly [kind: string, ...rest: unknown[]];

interface Case {
  readonly shape: readonly number[];
  readonly index: readonly Entry[];
  readonly get: Failed | (Flat & { readonly gradient: readonly number[]; readonly shares: boolean | null });
  readonly value: Flat;
  readonly put: Failed | readonly number[];
  readonly putInt: Failed | readonly number[];
  readonly putGradients: Failed | readonly (readonly number[])[];
  readonly accumulated: Failed | readonly number[];
  readonly number: Scalar;
  readonly putNumber: Failed | readonly number[];
  readonly putNumberInt: Failed | readonly number[];
}

function readEntry([kind, ...rest]: Entry): Index {
  if (kind === 'none') return null;
  if (kind === 'dots') return '...';
  if (kind === 'slice') return slice(...(rest as [number | null, number | null, number | null]));
  if (kind !== 'tensor') return rest[0] as Index;
  const [dtype, shape, values] = rest as ['int64', number[], number[]];
  return tensor(values, { dtype }).reshape(shape);
}

const base = (shape: readonly number[]): Tensor =>
  arange(
    shape.reduce((product, size) => product * size, 1),
    { dtype: 'float32' },
  ).reshape(shape);
const weights = (like: Tensor): Tensor => arange(1, like.numel + 1, { dtype: 'float32' }).reshape(like.shape);
const flat = (x: Tensor): number[] => [...x.detach().toTypedArray()].map(Number);

/** What a run gives, or that it fails with an error of ours. */
function outcome(run: () => unknown): unknown {
  try {
    return scope(run);
  } catch (error) {
    if (!(error instanceof Error) || !/^Cannot /.test(error.message)) throw error;
    return 'an error';
  }
}

const expectedOf = (recorded: Failed | unknown): unknown =>
  typeof recorded === 'object' && recorded !== null && 'error' in recorded ? 'an error' : recorded;

/** What is not as recorded: empty where all is. */
function check(recorded: Case): object[] {
  const { shape, value, number } = recorded;
  const index = (): Index[] => recorded.index.map(readEntry);
  const filler = (): Tensor => tensor([...value.values]).reshape(value.shape);
  const get = (): unknown => {
    const x = base(shape).requiresGrad_();
    const result = x.index(...index());
    result.mul(weights(result)).sum().backward();
    const isShared = getNative().storage(h(result))[0] === getNative().storage(h(x))[0];
    return {
      shape: result.shape,
      values: flat(result),
      gradient: flat(x.grad!),
      shares: x.numel > 0 ? isShared : null,
    };
  };
  const put = (dtype: 'float32' | 'int64', what: (dtype: 'float32' | 'int64') => Tensor | Scalar): unknown => {
    const x = base(shape).to(dtype);
    return flat(x.indexPut_(index(), what(dtype)));
  };
  const putGradients = (): unknown => {
    const x = base(shape).requiresGrad_();
    const v = filler().requiresGrad_();
    const y = x.mul(1).indexPut_(index(), v);
    y.mul(weights(y)).sum().backward();
    return [x, v].map((leaf) => flat(leaf.grad ?? zerosLike(leaf)));
  };
  const actual = {
    get: outcome(get),
    put: outcome(() => put('float32', filler)),
    putInt: outcome(() => put('int64', (dtype) => filler().to(dtype))),
    putGradients: outcome(putGradients),
    putNumber: outcome(() => put('float32', () => number)),
    putNumberInt: outcome(() => put('int64', () => number)),
    accumulated: outcome(() => flat(base(shape).indexPut_(index(), filler(), { accumulate: true }))),
  };
  const { get: g, put: p, putInt, putGradients: d, putNumber, putNumberInt, accumulated } = recorded;
  const expected = { get: g, put: p, putInt, putGradients: d, putNumber, putNumberInt, accumulated };
  // Where PyTorch cannot assign, adding cannot be said to be right or wrong; a lone `true` or `false` says nothing of places.
  if (expectedOf(p) === 'an error' || expectedOf(g) === 'an error' || expectedOf(accumulated) === 'an error') {
    expected.accumulated = actual.accumulated as number[];
  }
  return Object.entries(expected).flatMap(([key, each]) => {
    const [wanted, got] = [expectedOf(each), actual[key as keyof typeof actual]];
    if (isDeepStrictEqual(got, wanted)) return [];
    return [{ what: key, shape, index: JSON.stringify(recorded.index), value: [value.shape, number], wanted, got }];
  });
}

const parse = (lines: string): Case[] =>
  lines
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Case);

describe('Tensor.index() and indexPut_()', () => {
  it('do what PyTorch 2.13.0 does with recorded expressions', () => {
    const path = fileURLToPath(new URL('../fixtures/parity/indexing.jsonl.gz', import.meta.url));
    const cases = parse(gunzipSync(readFileSync(path)).toString());
    expect(cases.length).toBeGreaterThan(500);
    expect(cases.flatMap(check)).toEqual([]);
  });

  const python = findPythonTorch({ oldest: 2 });
  if ('missing' in python) console.log(`skipped, indexing against a live PyTorch: ${python.missing}`);
  it.skipIf('missing' in python)('do what a live PyTorch does with random expressions', { timeout: 120_000 }, () => {
    if ('missing' in python) return;
    const seed = Math.floor(Math.random() * 2 ** 31);
    console.log(`indexing against PyTorch ${python.torchVersion}: seed ${seed}`);
    const peer = fileURLToPath(new URL('indexing_peer.py', import.meta.url));
    expect(parse(runPython(python, [peer, String(seed), '1000'])).flatMap(check)).toEqual([]);
  });
});
