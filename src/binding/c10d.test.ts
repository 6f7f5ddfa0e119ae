// Tests of the probe for c10d, against libraries that are made for it.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { hasC10d } from './c10d.ts';
import { findCompiler } from './compiler.ts';
import { type Libtorch, libraryEnding } from './libtorch-folder.ts';

const folder = mkdtempSync(join(tmpdir(), 'sconce-c10d-'));
afterAll(() => rmSync(folder, { recursive: true }));

const libtorch: Libtorch = {
  root: folder,
  includeDirs: [],
  libDir: folder,
  version: '2.13.0',
  cxx11Abi: true,
  source: 'environment',
  hasCuda: false,
  libraryBytes: 7,
};

test('hasC10d() looks into the library itself', async () => {
  const compiler = await findCompiler(process.env);
  const library = (name: string, text: string): void => {
    const source = join(folder, `${name}.cc`);
    writeFileSync(source, text);
    const path = join(folder, `lib${name}.${libraryEnding()}`);
    const [program = '', ...rest] = compiler.command;
    expect(spawnSync(program, [...rest, '-shared', '-fPIC', source, '-o', path]).status).toBe(0);
  };
  for (const name of ['torch', 'c10', 'torch_cpu']) library(name, '');
  expect(await hasC10d(libtorch, compiler, process.env)).toBe(false);
  library(
    'torch_cpu',
    `namespace c10d {
struct ProcessGroup { virtual void run(); };
void ProcessGroup::run() {}
}
`,
  );
  expect(await hasC10d(libtorch, compiler, process.env)).toBe(false);
  library(
    'torch_cpu',
    `namespace c10d {
struct ProcessGroup { virtual void run(); };
struct ProcessGroupGloo { virtual void run(); };
void ProcessGroup::run() {}
void ProcessGroupGloo::run() {}
}
`,
  );
  expect(await hasC10d(libtorch, compiler, process.env)).toBe(true);
});
