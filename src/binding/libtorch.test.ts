// Tests of the order in which libtorch is looked for, with programs and folders of the test's own on the path.
import { createHash } from 'node:crypto';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Environment } from './cache.ts';
import type { SetupContext } from './fetch-wheel.ts';
import { findLibtorch } from './libtorch.ts';
import { libraryEnding } from './libtorch-folder.ts';
import { requirePlatform } from './platform.ts';
import { zipOf } from './zip.fixture.ts';

const version = '#define TORCH_VERSION_MAJOR 2\n#define TORCH_VERSION_MINOR 13\n#define TORCH_VERSION_PATCH 0\n';
const wheelFiles = {
  'torch/include/torch/headeronly/version.h': version,
  [`torch/lib/libtorch_cpu.${libraryEnding()}`]: 'the library',
  [`torch/lib/libc10.${libraryEnding()}`]: '',
  'torch/share/cmake/x.cmake': '',
  'torch/nn/modules/linear.py': 'not needed',
};
// PyTorch's index on a port where nothing listens.
const noIndex = 'http://127.0.0.1:9';

let folder: string;
let lines: string[];
let server: Server | undefined;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sconce-search-'));
  lines = [];
});
afterEach(() => {
  server?.close();
  server = undefined;
  rmSync(folder, { recursive: true });
});

function put(name: string, content: string | Buffer): string {
  const path = join(folder, name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
  return path;
}

/** Puts a shell script on the path that stands in for a program of the machine. */
function program(name: string, script: string): void {
  chmodSync(put(`bin/${name}`, `#!/bin/sh\n${script}\n`), 0o755);
}

function context(variables: Environment): SetupContext {
  return {
    // Nothing that the machine itself may have: no pip, no Python, no apt-get.
    environment: { PATH: join(folder, 'bin'), SCONCE_WHEEL_INDEX: noIndex, ...variables },
    cache: join(folder, 'cache'),
    platform: requirePlatform('linux', 'x64', false),
    report: (line) => lines.push(line),
  };
}

function installedTorch(name: string): string {
  for (const [file, text] of Object.entries(wheelFiles)) put(file.replace('torch', name), text);
  return join(folder, name);
}

/** A pip that logs its arguments and brings the wheel when they hold `needed`. */
function pipWithWheel(needed: string): void {
  const wheel = put('torch.whl', zipOf(wheelFiles));
  program(
    'pip3',
    `[ "$1" = --version ] && exit 0
echo "$@" >> ${folder}/pip.log
case "$*" in *"${needed}"*) ;; *) echo "ERROR: No matching distribution found"; exit 1;; esac
while [ "$1" != --dest ]; do shift; done
/bin/cp ${wheel} "$2/torch-2.13.0+cpu.whl"`,
  );
}

describe('findLibtorch()', () => {
  it('takes the folder in SCONCE_LIBTORCH before all else', async () => {
    pipWithWheel('torch');
    const root = installedTorch('mine');
    expect(await findLibtorch(context({ SCONCE_LIBTORCH: root }))).toMatchObject({ root, source: 'environment' });
    expect(existsSync(join(folder, 'pip.log'))).toBe(false);
  });

  it('takes the installed torch for SCONCE_LIBTORCH=python, and names pip where there is none', async () => {
    const root = installedTorch('site/torch');
    program('python3', `echo ${root}`);
    expect(await findLibtorch(context({ SCONCE_LIBTORCH: 'python' }))).toMatchObject({ root, source: 'python' });
    program('python3', 'echo');
    await expect(findLibtorch(context({ SCONCE_LIBTORCH: 'python' }))).rejects.toThrow(
      'Cannot use SCONCE_LIBTORCH=python: expected an installed torch, got none (python3: has no torch); run: pip install torch',
    );
  });

  it('refuses a SCONCE_LIBTORCH that does not exist', async () => {
    await expect(findLibtorch(context({ SCONCE_LIBTORCH: join(folder, 'gone') }))).rejects.toThrow(
      'expected a libtorch folder or "python"',
    );
  });

  it('fetches the wheel through pip, keeps lib, include and share, and finds it again without pip', async () => {
    pipWithWheel('torch==2.13.0+cpu');
    const fetched = await findLibtorch(context({}));
    expect(fetched).toMatchObject({ version: '2.13.0', source: 'wheel' });
    expect(readFileSync(join(folder, 'pip.log'), 'utf8')).toMatch(
      /^download --no-deps --retries 0 --only-binary=:all: --python-version 3\.11 --platform manylinux_2_28_x86_64 .*torch==2\.13\.0\+cpu\n$/,
    );
    expect(existsSync(join(fetched.root, 'nn'))).toBe(false);
    expect(existsSync(join(fetched.root, '../download'))).toBe(false);
    rmSync(join(folder, 'bin'), { recursive: true });
    expect(await findLibtorch(context({}))).toEqual(fetched);
  });

  it('asks pip a second time with the index of PyTorch beside', async () => {
    pipWithWheel(`--extra-index-url ${noIndex}`);
    expect(await findLibtorch(context({}))).toMatchObject({ source: 'wheel' });
    expect(readFileSync(join(folder, 'pip.log'), 'utf8').trim().split('\n')).toHaveLength(2);
  });

  it('fetches anew what is no longer whole', async () => {
    pipWithWheel('torch');
    const { libDir } = await findLibtorch(context({}));
    writeFileSync(join(libDir, `libtorch_cpu.${libraryEnding()}`), 'cut');
    expect(await findLibtorch(context({}))).toMatchObject({ libraryBytes: 'the library'.length });
  });

  it('fetches the wheel over HTTP where there is no pip, and checks its SHA-256', async () => {
    const wheel = zipOf(wheelFiles);
    let sha256 = createHash('sha256').update(wheel).digest('hex');
    const name = 'torch-2.13.0%2Bcpu-cp311-cp311-manylinux_2_28_x86_64.whl';
    const listener = createServer((request, response) => {
      if (request.url === '/torch/')
        response.end(`<a href="/other.whl">x</a><a href="../files/${name}#sha256=${sha256}">torch</a>`);
      else response.end(wheel);
    });
    server = listener;
    await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
    const address = listener.address();
    if (address === null || typeof address === 'string') throw new Error('internal: the server has no port');
    const variables = { SCONCE_WHEEL_INDEX: `http://127.0.0.1:${address.port}` };
    expect(await findLibtorch(context(variables))).toMatchObject({ source: 'wheel', version: '2.13.0' });
    rmSync(join(folder, 'cache'), { recursive: true });
    sha256 = '0'.repeat(64);
    program('python3', `echo ${installedTorch('site/torch')}`);
    expect(await findLibtorch(context(variables))).toMatchObject({ source: 'python' });
  });

  it('falls back to an installed torch where no wheel comes', async () => {
    program('python3', `[ "$2" = pip ] && exit 1; echo ${installedTorch('site/torch')}`);
    expect(await findLibtorch(context({}))).toMatchObject({ source: 'python' });
  });

  it('leaves nothing of a damaged wheel and goes on to the next way', async () => {
    pipWithWheel('torch');
    writeFileSync(join(folder, 'torch.whl'), zipOf(wheelFiles).subarray(0, -10));
    program('python3', `echo ${installedTorch('site/torch')}`);
    expect(await findLibtorch(context({}))).toMatchObject({ source: 'python' });
    expect(readdirSync(join(folder, 'cache/libtorch'))).toEqual([]);
  });
});
