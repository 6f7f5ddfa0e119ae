// What PyTorch computed, for the parity suites: the committed files, and a second set made on the spot where a Python with the same torch is found.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'vitest';
import { arange, libtorchVersion, load, setNumThreads, type Tensor } from '../../src/index.ts';
import { FAMILIES, type Fingerprint, fingerprint } from './fingerprint.ts';
import { findPythonTorch, runPython } from './python.ts';

const folder = fileURLToPath(new URL('../fixtures/parity/', import.meta.url));
const MADE_WITH = '2.13.0';

export interface Reference<Cases> {
  /** Where it comes from, for names of tests. */
  readonly source: string;
  readonly cases: Cases;
  /** Which kernels made the numbers here as there: then they agree to the last bit. The processor's maker decides too, not the libtorch alone. */
  readonly isSame: { readonly [Family in keyof Fingerprint]: boolean };
  /** All of `isSame`. */
  readonly isExact: boolean;
  /** Whether the same libtorch made both, so that the same seed draws the same numbers up to the last bits. */
  readonly isSameVersion: boolean;
  /** Values must agree to this, absolute and relative. */
  readonly tolerance: number;
}

/** The files of one part of make.py. One thread from here on: what PyTorch computed was computed on one. */
export async function references<Cases>(part: string): Promise<Reference<Cases>[]> {
  setNumThreads(1);
  const found = [await read<Cases>(`torch ${MADE_WITH}`, part, folder, false)];
  const python = findPythonTorch();
  if ('missing' in python) console.log(`skipped, ${part} against a live PyTorch: ${python.missing}`);
  else if (!python.torchVersion.startsWith(MADE_WITH))
    console.log(`skipped, ${part} against a live PyTorch: expected torch ${MADE_WITH}, got ${python.torchVersion}`);
  else {
    const temporary = mkdtempSync(join(tmpdir(), 'sconce-parity-'));
    try {
      runPython(python, ['-B', join(folder, 'make.py'), '--out', temporary, part]);
      found.push(await read<Cases>('live torch', part, temporary, true));
    } finally {
      rmSync(temporary, { recursive: true });
    }
  }
  return found;
}

async function read<Cases>(source: string, part: string, from: string, isLive: boolean): Promise<Reference<Cases>> {
  const file = (await load(join(from, `${part}.pt`))) as { torch: string; fingerprint: Fingerprint; cases: Cases };
  const isSameVersion = file.torch === libtorchVersion();
  // Made on the spot by the same libtorch, numbers have no excuse.
  const own = isLive || !isSameVersion ? undefined : fingerprint();
  const isSame = Object.fromEntries(
    Object.keys(FAMILIES).map((name) => {
      const family = name as keyof Fingerprint;
      return [family, own ? own[family] === file.fingerprint[family] : isSameVersion];
    }),
  ) as Reference<Cases>['isSame'];
  const others = Object.entries(isSame).flatMap(([family, same]) => (same ? [] : [family]));
  if (!isSameVersion)
    console.log(
      `skipped, bits of ${part} against ${source}: expected libtorch ${file.torch}, got ${libtorchVersion()}`,
    );
  else if (others.length > 0)
    console.log(`skipped, bits of ${part} against ${source}: the kernels for ${others.join(', ')} are others here`);
  const isExact = others.length === 0;
  return { source, cases: file.cases, isSame, isExact, isSameVersion, tolerance: isExact ? 0 : 1e-5 };
}

/** What a rounding of few bits makes of another order of sums. */
const COARSE: Readonly<Record<string, number>> = { bfloat16: 0.05, float16: 0.01 };

/** Holds dtype, shape and values against what PyTorch gave; nan equals nan. */
export function expectClose(actual: Tensor, expected: Tensor, tolerance: number, what = 'the result'): void {
  expect([what, actual.dtype, actual.shape]).toEqual([what, expected.dtype, expected.shape]);
  const isExact = expected.dtype === 'bool' || expected.dtype.startsWith('int');
  const bound = isExact ? 0 : tolerance > 0 ? Math.max(tolerance, COARSE[expected.dtype] ?? 0) : 0;
  const isClose = actual.detach().allclose(expected, { rtol: bound, atol: bound, equalNan: true });
  if (!isClose) expect(`${what}: ${actual.detach()}`).toBe(`${what}: ${expected}`);
}

/** Holds every bit against what PyTorch gave. */
export function expectSame(actual: Tensor, expected: Tensor, what = 'the result'): void {
  expect([what, actual.dtype, actual.shape]).toEqual([what, expected.dtype, expected.shape]);
  const isSame = Buffer.from(actual.toBytes()).equals(expected.toBytes());
  if (!isSame) expect(`${what}: ${actual.detach()}, bits differ`).toBe(`${what}: ${expected}`);
}

/** What backward starts from at an output, as in record.py. */
export function cotangent(output: Tensor, index = 0): Tensor {
  const steps = arange(output.numel, { dtype: 'float64' });
  return steps
    .mul(0.37)
    .add(index + 0.5)
    .sin()
    .reshape(output.shape)
    .to(output.dtype);
}
