// Tests of the record that set-up leaves and of what makes it stale.
import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SetupError } from '../errors.ts';
import { type Libtorch, libraryEnding } from './libtorch-folder.ts';
import { locateAddon, recordedLibtorch, writeRecord } from './locate.ts';

let folder: string;
let packageRoot: string;
let libtorch: Libtorch;
const environment = (): Record<string, string> => ({ SCONCE_CACHE: join(folder, 'cache') });
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sconce-locate-'));
  packageRoot = join(folder, 'package/');
  mkdirSync(join(packageRoot, 'native'), { recursive: true });
  mkdirSync(join(folder, 'lib'));
  writeFileSync(join(packageRoot, 'package.json'), '{ "version": "1.0.0" }');
  writeFileSync(join(packageRoot, 'native/addon.cc'), 'int a;');
  writeFileSync(join(folder, `lib/libtorch_cpu.${libraryEnding()}`), 'library');
  writeFileSync(join(folder, 'sconce.node'), 'addon');
  libtorch = {
    root: folder,
    includeDirs: [],
    libDir: join(folder, 'lib'),
    version: '2.13.0',
    cxx11Abi: true,
    source: 'wheel',
    hasCuda: false,
    libraryBytes: 7,
  };
  writeRecord(environment(), packageRoot, { addonPath: join(folder, 'sconce.node'), libtorch });
});
afterEach(() => rmSync(folder, { recursive: true }));

describe('locateAddon()', () => {
  it('gives what set-up recorded', () => {
    expect(locateAddon(environment(), packageRoot)).toEqual({ addonPath: join(folder, 'sconce.node'), libtorch });
  });

  it('outlives a new installation of the same package', () => {
    utimesSync(join(packageRoot, 'native/addon.cc'), 1, 1);
    expect(locateAddon(environment(), packageRoot)).toMatchObject({ libtorch });
  });

  it('keeps a set-up for each value of SCONCE_LIBTORCH', () => {
    const other = { ...environment(), SCONCE_LIBTORCH: '/usr' };
    expect(() => locateAddon(other, packageRoot)).toThrow(
      /got none of ".*package\/" with SCONCE_LIBTORCH="\/usr" in the cache ".*cache"; run: npx sconce setup$/,
    );
  });

  it.each([
    ['a source', 'package/native/addon.cc', 'int longer;', 'one from before the C++ sources changed'],
    ['a new header', 'package/native/new.h', '', 'one from before the C++ sources changed'],
    ['the version', 'package/package.json', '{ "version": "1.0.1" }', 'one of version 1.0.0'],
    ['the addon', 'sconce.node', 'another addon', 'have changed or gone'],
    ['libtorch', `lib/libtorch_cpu.${libraryEnding()}`, 'another library', 'have changed or gone'],
  ])('refuses a set-up from before %s changed', (_what, path, text, message) => {
    writeFileSync(join(folder, path), text);
    expect(() => locateAddon(environment(), packageRoot)).toThrow(SetupError);
    expect(() => locateAddon(environment(), packageRoot)).toThrow(message);
  });
});

describe('recordedLibtorch()', () => {
  it('outlives a change of the sources, not one of the library', () => {
    writeFileSync(join(packageRoot, 'native/addon.cc'), 'int other;');
    expect(recordedLibtorch(environment(), packageRoot)).toEqual(libtorch);
    rmSync(join(folder, `lib/libtorch_cpu.${libraryEnding()}`));
    expect(recordedLibtorch(environment(), packageRoot)).toBeUndefined();
  });
});
