// Tests of the build with a stand-in for the compiler: what is compiled again, and what a failure says.
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { buildAddon, firstErrors } from './build.ts';
import { compileArguments, findCompiler } from './compiler.ts';
import type { SetupContext } from './fetch-wheel.ts';
import type { Libtorch } from './libtorch-folder.ts';
import { whyNoNccl } from './nccl.ts';
import { requirePlatform } from './platform.ts';

const libtorch: Libtorch = {
  root: '/torch',
  includeDirs: ['/torch/include'],
  libDir: '/torch/lib',
  version: '2.13.0',
  cxx11Abi: true,
  source: 'wheel',
  hasCuda: false,
  libraryBytes: 7,
};

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sconce-build-'));
  mkdirSync(join(folder, 'native'));
  writeFileSync(join(folder, 'package.json'), '{ "version": "1.0.0" }');
  writeFileSync(join(folder, 'native/a.cc'), '#include "a.h"\n');
  writeFileSync(join(folder, 'native/b.cc'), 'int b;\n');
  writeFileSync(join(folder, 'native/a.h'), 'int a;\n');
  compilerScript('');
});
afterEach(() => rmSync(folder, { recursive: true }));

/** A compiler that notes the source it is given and writes an object; `extra` runs before. */
function compilerScript(extra: string): void {
  const script = `#!/bin/sh
[ "$1" = --version ] && { echo "cc 1.0"; exit 0; }
${extra}
for word; do
  case "$previous" in -c) echo "$word" >> ${folder}/compiled.log;; -o) target="$word";; esac
  previous="$word"
done
echo object > "$target"
`;
  writeFileSync(join(folder, 'cc'), script);
  chmodSync(join(folder, 'cc'), 0o755);
}

function context(): SetupContext {
  return {
    environment: { ...process.env, CXX: join(folder, 'cc') },
    cache: join(folder, 'cache'),
    platform: requirePlatform('linux', 'x64', false),
    report: () => {},
  };
}

async function build(from: Libtorch = libtorch): Promise<{ path: string; compiled: string[] }> {
  const log = join(folder, 'compiled.log');
  rmSync(log, { force: true });
  const path = await buildAddon(folder, from, await findCompiler(context().environment), context());
  const lines = existsSync(log) ? readFileSync(log, 'utf8').trim().split('\n') : [];
  return { path, compiled: lines.map((line) => line.slice(`${folder}/native/`.length)).sort() };
}

describe('buildAddon()', () => {
  it('compiles each source once and again only when it, a header of it, or libtorch changes', async () => {
    const first = await build();
    expect(first.compiled).toEqual(['a.cc', 'b.cc']);
    expect(await build()).toEqual({ path: first.path, compiled: [] });
    writeFileSync(join(folder, 'native/a.h'), 'int other;\n');
    const second = await build();
    expect(second.compiled).toEqual(['a.cc']);
    expect(second.path).not.toBe(first.path);
    expect((await build({ ...libtorch, cxx11Abi: false })).compiled).toEqual(['a.cc', 'b.cc']);
  });

  it('shows the first errors, keeps the log, and leaves no addon', async () => {
    compilerScript('echo "a.cc:1:2: error: no such thing" >&2; echo "note: see there" >&2; exit 1');
    const failure = await build().catch((error: Error) => error.message);
    expect(failure).toMatch(
      /^Cannot build the addon: compiling native\/[ab]\.cc failed\n {2}a\.cc:1:2: error: no such thing\n/,
    );
    const log = /The whole output is in "(.*)"/.exec(String(failure))?.[1] ?? '';
    expect(readFileSync(log, 'utf8')).toContain('note: see there');
    expect(existsSync(join(folder, 'cache/addons'))).toBe(false);
  });

  it('builds NCCL in where its headers are, and goes without where they do not fit', async () => {
    const withCuda = { ...libtorch, hasCuda: true };
    writeFileSync(join(folder, 'native/c10d-nccl.cc'), 'int c;\n');
    for (const name of ['crt', 'nv']) mkdirSync(join(folder, 'cuda/include', name), { recursive: true });
    for (const name of 'nccl.h cuda_runtime_api.h crt/host_defines.h nv/target cublas_v2.h cublasLt.h cusparse.h cusolverDn.h'.split(
      ' ',
    ))
      writeFileSync(join(folder, 'cuda/include', name), '');
    vi.stubEnv('CUDA_HOME', join(folder, 'cuda'));
    compilerScript('case "$*" in *c10d-nccl.cc*) echo "nccl.h:1:2: error: too old" >&2; exit 1;; esac');
    const without = await build(withCuda);
    expect(without.compiled).toEqual(['a.cc', 'b.cc']);
    expect(whyNoNccl(without.path)).toMatch(
      /^what is for it does not compile with NCCL .*: nccl\.h:1:2: error: too old/,
    );
    compilerScript('');
    const whole = await build(withCuda);
    expect(whole.compiled).toEqual(['c10d-nccl.cc']);
    expect(whole.path).not.toBe(without.path);
    expect(readFileSync(join(whole.path, '../build.json'), 'utf8')).toContain(join(folder, 'cuda/include'));
    vi.unstubAllEnvs();
  });

  it('builds CUDA graphs in where the headers are, and else tells the addon what is missing', async () => {
    const withCuda = { ...libtorch, hasCuda: true };
    writeFileSync(join(folder, 'native/addon.cc'), 'int d;\n');
    writeFileSync(join(folder, 'native/capture-cuda.cc'), 'int c;\n');
    expect((await build()).compiled).toEqual(['a.cc', 'addon.cc', 'b.cc']);
    compilerScript(`case "$*" in *addon.cc*) for word; do echo "$word" >> ${folder}/arguments.log; done;; esac`);
    const argumentsOfAddon = (): string[] => {
      const words = readFileSync(join(folder, 'arguments.log'), 'utf8').trim().split('\n');
      rmSync(join(folder, 'arguments.log'));
      return words.filter((word) => word.includes('CUDA_GRAPHS'));
    };
    vi.stubEnv('CUDA_HOME', join(folder, 'cuda'));
    const isInstalled = existsSync('/usr/local/cuda/include/cuda.h') || existsSync('/usr/include/cuda.h');
    if (!isInstalled) {
      expect((await build(withCuda)).compiled).toEqual(['addon.cc']);
      expect(argumentsOfAddon()).toEqual([
        expect.stringMatching(
          /^-DSCONCE_WITHOUT_CUDA_GRAPHS="the headers cuda\.h, .* pip install nvidia-cuda-runtime /,
        ),
      ]);
    }
    mkdirSync(join(folder, 'cuda/include/crt'), { recursive: true });
    for (const name of ['cuda.h', 'cuda_runtime_api.h', 'crt/host_defines.h'])
      writeFileSync(join(folder, 'cuda/include', name), '');
    expect((await build(withCuda)).compiled).toEqual(['addon.cc', 'capture-cuda.cc']);
    expect(argumentsOfAddon()).toEqual(['-DSCONCE_WITH_CUDA_GRAPHS']);
    const old = { ...withCuda, version: '2.5.1' };
    expect((await build(old)).compiled).toContain('addon.cc');
    expect(argumentsOfAddon()).toEqual([
      '-DSCONCE_WITHOUT_CUDA_GRAPHS="CUDA graphs need libtorch 2.6 or newer, and this one is 2.5.1"',
    ]);
    vi.unstubAllEnvs();
  });

  it('says so when the disk fills up', async () => {
    compilerScript('echo "fatal error: error writing to a.s: No space left on device" >&2; exit 1');
    await expect(build()).rejects.toThrow('got a full disk; make room there, or set SCONCE_CACHE');
  });
});

describe('findCompiler()', () => {
  it('names the command that installs one', async () => {
    await expect(findCompiler({ PATH: folder })).rejects.toThrow(
      /expected a C\+\+ compiler .* got none; .*apt-get install -y g\+\+/,
    );
  });
  it('refuses a CXX that is not there, and takes one with arguments', async () => {
    await expect(findCompiler({ PATH: folder, CXX: 'icpc' })).rejects.toThrow('got "icpc" (no such program)');
    const found = await findCompiler({ PATH: `${folder}:/usr/bin:/bin`, CXX: 'env cc' });
    expect(found).toEqual({ command: ['env', 'cc'], version: 'cc 1.0' });
  });
});

describe('compileArguments()', () => {
  it("leaves out the compiler's own folder", () => {
    const words = compileArguments({ ...libtorch, includeDirs: ['/usr/include', '/usr/include/torch'] });
    expect(words).not.toContain('/usr/include');
    expect(words).toContain('/usr/include/torch');
  });
});

describe('firstErrors()', () => {
  it('takes three errors, and the last line where none is marked', () => {
    const output = ['a: error: 1', 'note', 'b: error: 2', "c.o: undefined reference to `x'", 'd: error: 4'].join('\n');
    expect(firstErrors(output)).toBe("  a: error: 1\n  b: error: 2\n  c.o: undefined reference to `x'");
    expect(firstErrors('something\nKilled\n')).toBe('  Killed');
  });
});
