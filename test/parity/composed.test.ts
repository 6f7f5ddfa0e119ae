// Functions that choose among operators in Python, against a live PyTorch over a grid of arguments: results, and which calls are errors.
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { arange, type DType, libtorchVersion, norm, scope, type Tensor, tensordot } from '../../src/index.ts';
import { findPythonTorch, runPython } from './python.ts';

interface Case {
  readonly name: 'norm' | 'tensordot';
  readonly shape: readonly number[];
  readonly other?: readonly number[];
  readonly dtype?: DType;
  readonly layout?: string;
  readonly options: { readonly p?: string; readonly dims?: number };
  readonly result: {
    readonly dtype: DType;
    readonly shape: readonly number[];
    readonly values: readonly (number | string)[];
  } | null;
}

/** As `numbers` in composed_peer.py. */
function numbers(shape: readonly number[]): Tensor {
  const count = shape.reduce((product, size) => product * size, 1);
  return arange(count).mul(7919).remainder(31).sub(15).view(shape).to('float64').div(4);
}

const ORDERS: Readonly<Record<string, unknown>> = { None: undefined, inf: Infinity, '-inf': -Infinity, fro: 'fro', nuc: 'nuc', two: 'two' }; // biome-ignore format: a table

function play({ name, shape, other, dtype = 'float64', layout, options }: Case): Tensor {
  if (name === 'tensordot') return tensordot(numbers(shape), numbers(other!), options);
  const dense = numbers(shape).to(dtype);
  const p = Object.hasOwn(ORDERS, options.p!) ? ORDERS[options.p!] : Number(options.p);
  return norm(layout === 'sparse_coo' ? dense.toSparse() : dense, { ...options, p: p as number });
}

/** Undefined where a case goes as in Python, else what came instead. */
function difference(each: Case): string | undefined {
  return scope(() => {
    let got: Tensor;
    try {
      got = play(each);
    } catch (error) {
      return each.result === null ? undefined : String(error);
    }
    const { result } = each;
    if (result === null) return `no error: ${got}`;
    if (got.dtype !== result.dtype || String(got.shape) !== String(result.shape)) return `${got.dtype} [${got.shape}]`;
    const values = [...got.to('float64').toTypedArray()] as number[];
    const isNear = (value: number, i: number): boolean =>
      Object.is(value, Number(result.values[i])) ||
      Math.abs(value - Number(result.values[i])) <= 1e-6 * Math.abs(value);
    return values.every(isNear) ? undefined : String(values);
  });
}

describe('functions that Python composes', () => {
  const python = findPythonTorch();
  const isSame = !('missing' in python) && libtorchVersion() === python.torchVersion.split('+')[0];
  if (!isSame)
    console.log(
      `skipped, composed functions against PyTorch: ${'missing' in python ? python.missing : 'another version'}`,
    );
  it.runIf(isSame)(
    'norm() and tensordot() give what a live PyTorch gives, and refuse what it refuses',
    { timeout: 60_000 },
    () => {
      if ('missing' in python) return;
      const lines = runPython(python, [fileURLToPath(new URL('composed_peer.py', import.meta.url))])
        .trim()
        .split('\n');
      const cases = lines.map((line) => JSON.parse(line.replaceAll(/-?(?:Infinity|NaN)/g, '"$&"')) as Case);
      const numGiven = cases.filter(({ result }) => result !== null).length;
      expect([numGiven > 1000, cases.length - numGiven > 300]).toEqual([true, true]);
      expect(
        cases
          .flatMap((each) => (difference(each) === undefined ? [] : [{ ...each, got: difference(each) }]))
          .slice(0, 5),
      ).toEqual([]);
    },
  );
});
