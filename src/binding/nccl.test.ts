// Tests of what is looked for before NCCL is built in, with folders and libraries that are made for it.
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { findCompiler } from './compiler.ts';
import { headerArguments } from './cuda-headers.ts';
import { type Libtorch, libraryEnding } from './libtorch-folder.ts';
import { findNccl, findNcclHeaders, type NcclHeaders, whyNoNccl } from './nccl.ts';

let folder: string;
let libtorch: Libtorch;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sconce-nccl-'));
  const root = join(folder, 'lib/python3.12/site-packages/torch');
  const includeDirs: string[] = [];
  const facts = { version: '2.13.0', cxx11Abi: true, source: 'python', hasCuda: true, libraryBytes: 7 } as const;
  libtorch = { root, libDir: join(root, 'lib'), includeDirs, ...facts };
});
afterEach(() => rmSync(folder, { recursive: true }));

function header(path: string, text = ''): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), text);
}

const NCCL = '#define NCCL_MAJOR 2\n#define NCCL_MINOR 27\n#define NCCL_PATCH 3\n';
const OTHERS = ['crt/host_defines.h', 'nv/target', 'cublas_v2.h', 'cublasLt.h', 'cusparse.h', 'cusolverDn.h'];

/** Libraries of the names that set-up links with; the one for CUDA has NCCL or not. */
async function makeLibraries(hasNccl: boolean): Promise<void> {
  mkdirSync(libtorch.libDir, { recursive: true });
  const { command } = await findCompiler(process.env);
  const [program = '', ...rest] = command;
  const nccl = 'namespace c10d { struct ProcessGroupNCCL { virtual void run(); }; void ProcessGroupNCCL::run() {} }\n';
  for (const name of ['torch', 'torch_cpu', 'c10', 'torch_cuda', 'c10_cuda']) {
    const source = join(folder, `${name}.cc`);
    writeFileSync(source, hasNccl && name === 'torch_cuda' ? nccl : '');
    const path = join(libtorch.libDir, `lib${name}.${libraryEnding()}`);
    expect(spawnSync(program, [...rest, '-shared', '-fPIC', source, '-o', path]).status).toBe(0);
  }
}

const search = async (environment: Record<string, string> = {}): Promise<NcclHeaders | string> =>
  findNccl(libtorch, await findCompiler(process.env), { PATH: process.env.PATH, ...environment });

test('findNccl() says what of libtorch is missing', async () => {
  libtorch = { ...libtorch, hasCuda: false };
  expect(await search()).toMatch(
    /^libtorch is built for the CPU; install a CUDA build of torch .*SCONCE_LIBTORCH=python/,
  );
  libtorch = { ...libtorch, hasCuda: true, version: '2.5.1' };
  expect(await search()).toBe('NCCL needs libtorch 2.6 or newer, and this one is 2.5.1');
  libtorch = { ...libtorch, version: '2.13.0' };
  await makeLibraries(false);
  expect(await search()).toMatch(/^this libtorch has CUDA and was built without NCCL/);
});

test('findNccl() takes the headers beside torch, or those that the environment names', async () => {
  await makeLibraries(true);
  const beside = 'lib/python3.12/site-packages/nvidia';
  header(`${beside}/nccl/include/nccl.h`, NCCL);
  header(`${beside}/cu13/include/cuda_runtime_api.h`, '#define CUDART_VERSION  13020\n');
  for (const name of OTHERS) header(`${beside}/cu13/include/${name === 'nv/target' ? 'cccl/nv/target' : name}`);
  const places = [`${beside}/nccl/include`, `${beside}/cu13/include`, `${beside}/cu13/include/cccl`];
  const found = (await search()) as NcclHeaders;
  expect(found).toEqual({
    version: '2.27.3',
    cudaVersion: '13.2',
    folders: places.map((place) => join(folder, place)),
  });
  expect(headerArguments({ ...found, folders: ['/usr/include', '/opt/include'] })).toEqual([
    '-isystem',
    '/opt/include',
  ]);
  header('own/include/nccl.h', NCCL.replace('3\n', '9\n'));
  expect(await search({ NCCL_HOME: join(folder, 'own') })).toMatchObject({ version: '2.27.9' });
});

test('findNcclHeaders() names the headers that are missing and the packages that have them', () => {
  header('a/nccl.h', NCCL);
  for (const name of ['cuda_runtime_api.h', ...OTHERS.slice(2)]) header(`b/${name}`);
  const said = findNcclHeaders([join(folder, 'a'), join(folder, 'b')]);
  expect(said).toMatch(/^the headers crt\/host_defines\.h, nv\/target are not to be found; .*CUDA_HOME and NCCL_HOME/);
  expect(said).toContain('CUDA 13: pip install nvidia-cuda-nvcc nvidia-cuda-cccl, for');
  expect(said).toContain(
    'CUDA 12: pip install nvidia-cuda-nvcc-cu12 nvidia-cuda-cccl-cu12; then run: npx sconce setup',
  );
});

test('whyNoNccl() reads it beside the addon', () => {
  header('addon/build.json', JSON.stringify({ nccl: 'no such thing' }));
  expect(whyNoNccl(join(folder, 'addon/sconce.node'))).toBe('no such thing');
  header('addon/build.json', '{}');
  expect(whyNoNccl(join(folder, 'addon/sconce.node'))).toMatch(/npx sconce setup$/);
});
