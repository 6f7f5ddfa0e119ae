// Tests of reading a libtorch folder: layouts, version, C++ ABI.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SetupError } from '../errors.ts';
import { describeLibtorch, hasCxx11Abi, libraryEnding, parseVersion } from './libtorch-folder.ts';

const header = (major: number, minor: number, patch: number): string =>
  `#define TORCH_VERSION_MAJOR ${major}\n\n#define TORCH_VERSION_MINOR ${minor}\n#define TORCH_VERSION_PATCH ${patch}\n`;
const newStrings = '_ZN3c105ErrorC1ENS_14SourceLocationENSt7__cxx1112basic_stringIcSt11char_traitsIcESaIcEEE';
const oldStrings = '_ZN3c105ErrorC1ENS_14SourceLocationESs';
const ending = libraryEnding();

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sconce-libtorch-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

function put(files: Record<string, string>): void {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
}

describe('describeLibtorch()', () => {
  it('reads the layout of a wheel', () => {
    put({
      'include/torch/headeronly/version.h': header(2, 13, 0),
      [`lib/libtorch_cpu.${ending}`]: 'library',
      [`lib/libc10.${ending}`]: newStrings,
    });
    expect(describeLibtorch(folder, 'wheel')).toEqual({
      root: folder,
      includeDirs: [join(folder, 'include'), join(folder, 'include/torch/csrc/api/include')],
      libDir: join(folder, 'lib'),
      version: '2.13.0',
      cxx11Abi: true,
      source: 'wheel',
      hasCuda: false,
      libraryBytes: 7,
    });
  });

  it('reads an older layout with libraries under a multiarch name, old strings and CUDA', () => {
    const multiarch = process.arch === 'arm64' ? 'aarch64-linux-gnu' : 'x86_64-linux-gnu';
    put({
      'include/torch/csrc/api/include/torch/version.h': header(1, 13, 1),
      [`lib/${multiarch}/libtorch_cpu.${ending}`]: '',
      [`lib/${multiarch}/libtorch_cuda.${ending}`]: '',
      [`lib/${multiarch}/libc10.${ending}`]: oldStrings,
    });
    expect(describeLibtorch(folder, 'environment')).toMatchObject({
      libDir: join(folder, 'lib', multiarch),
      version: '1.13.1',
      cxx11Abi: false,
      hasCuda: true,
    });
  });

  it('names what is missing', () => {
    expect(() => describeLibtorch(folder, 'environment')).toThrow(SetupError);
    expect(() => describeLibtorch(folder, 'environment')).toThrow(/expected "include\/torch\/.*version\.h" there/);
    put({ 'include/torch/headeronly/version.h': header(2, 13, 0) });
    expect(() => describeLibtorch(folder, 'environment')).toThrow(`expected "lib/libtorch_cpu.${ending}" there`);
  });
});

describe('parseVersion()', () => {
  it('joins the three numbers', () => expect(parseVersion(header(2, 9, 10))).toBe('2.9.10'));
  it('gives nothing where one is missing', () =>
    expect(parseVersion('#define TORCH_VERSION_MAJOR 2\n')).toBeUndefined());
});

describe('hasCxx11Abi()', () => {
  it.each([
    ['new strings', newStrings, true],
    ['old strings', oldStrings, false],
    ['no GNU names', 'NSt3__112basic_string', true],
  ])('reads %s', (_name, symbols, expected) => {
    put({ library: `\0\x7fELF${symbols}\0` });
    expect(hasCxx11Abi(join(folder, 'library'))).toBe(expected);
  });
});
