// Random tensors as text, against PyTorch to the character: recorded ones everywhere, others where a Python with torch is found.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { afterEach, describe, expect, it } from 'vitest';
import { type DType, fromBytes, libtorchVersion, scope, setPrintOptions, type Tensor } from '../../src/index.ts';
import { findPythonTorch, runPython } from './python.ts';

interface Case {
  readonly dtype: DType;
  readonly shape: readonly number[];
  readonly bytes: string;
  readonly way: keyof typeof WAYS;
  readonly options: {
    readonly precision?: number;
    readonly threshold?: number;
    readonly edgeitems?: number;
    readonly linewidth?: number;
    readonly sci_mode?: boolean | null;
  };
  readonly text: string;
}

/** What is done to a tensor before it is printed, as in print_peer.py. */
const WAYS = {
  plain: (x: Tensor) => x,
  meta: (x: Tensor) => x.to('meta'),
  leaf: (x: Tensor) => x.requiresGrad_(),
  result: (x: Tensor) => x.requiresGrad_().neg(),
  view: (x: Tensor) => x.requiresGrad_().unsqueeze(0),
  conjugated: (x: Tensor) => x.conj(),
  transposed: (x: Tensor) => x.transpose(0, -1),
  coo: (x: Tensor) => x.toSparse({}),
  csr: (x: Tensor) => x.toSparseCsr(),
  csc: (x: Tensor) => x.toSparseCsc(),
};

function check({ dtype, shape, bytes, way, options, text }: Case): object[] {
  const { sci_mode: sciMode, ...counts } = options;
  setPrintOptions({ profile: 'default' });
  setPrintOptions({ ...counts, sciMode: sciMode ?? undefined });
  const got = scope(() => WAYS[way](fromBytes(Buffer.from(bytes, 'base64'), shape, dtype)).toString());
  return got === text ? [] : [{ dtype, shape, way, options: JSON.stringify(options), wanted: text, got }];
}

const parse = (lines: string): Case[] =>
  lines
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Case);

describe('Tensor.toString()', () => {
  afterEach(() => setPrintOptions({ profile: 'default' }));

  // Other libtorch versions lack dtypes, and name some backward functions otherwise.
  it.runIf(libtorchVersion().startsWith('2.13'))('prints recorded tensors as PyTorch 2.13.0 does', () => {
    const path = fileURLToPath(new URL('../fixtures/parity/print.jsonl.gz', import.meta.url));
    const cases = parse(gunzipSync(readFileSync(path)).toString());
    expect(cases.length).toBeGreaterThan(300);
    expect(cases.flatMap(check)).toEqual([]);
  });

  const python = findPythonTorch();
  const isSame = !('missing' in python) && libtorchVersion() === python.torchVersion.split('+')[0];
  if (!isSame)
    console.log(
      `skipped, printing against a live PyTorch: ${'missing' in python ? python.missing : 'another version'}`,
    );
  it.runIf(isSame)('prints random tensors as a live PyTorch does', { timeout: 120_000 }, () => {
    if ('missing' in python) return;
    const seed = Math.floor(Math.random() * 2 ** 31);
    console.log(`printing against PyTorch ${python.torchVersion}: seed ${seed}`);
    const peer = fileURLToPath(new URL('print_peer.py', import.meta.url));
    expect(parse(runPython(python, [peer, String(seed), '1000'])).flatMap(check)).toEqual([]);
  });
});
