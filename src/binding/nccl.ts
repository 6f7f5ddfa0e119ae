// Finds what NCCL, the collectives between GPUs, is built in with: a libtorch that has it, and the headers of CUDA and of NCCL that libtorch's own headers include.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { librariesHave } from './c10d.ts';
import type { Environment } from './cache.ts';
import type { Compiler } from './compiler.ts';
import type { Libtorch } from './libtorch-folder.ts';

/** The source of `native/` that is for it. */
export const NCCL_SOURCE = 'c10d-nccl.cc';
/** Says to the addon's table of contents that the source is there. */
export const WITH_NCCL = '-DSCONCE_WITH_NCCL';

/** The headers that were found. */
export interface NcclHeaders {
  /** As in `2.27.3`. */
  readonly version: string;
  /** CUDA's, as in `12.8`. */
  readonly cudaVersion: string;
  readonly folders: readonly string[];
}

/** From this version on a group of c10d can be closed in the way that `native/c10d-nccl.cc` does it. */
const FIRST_VERSION = [2, 6] as const;

/** What libtorch's header of NCCL includes, and the packages of pip that have it, for CUDA 13 and for CUDA 12. */
const NEEDED: Readonly<Record<string, readonly [cuda13: string, cuda12: string]>> = {
  'nccl.h': ['nvidia-nccl-cu13', 'nvidia-nccl-cu12'],
  'cuda_runtime_api.h': ['nvidia-cuda-runtime', 'nvidia-cuda-runtime-cu12'],
  'crt/host_defines.h': ['nvidia-cuda-nvcc', 'nvidia-cuda-nvcc-cu12'],
  'nv/target': ['nvidia-cuda-cccl', 'nvidia-cuda-cccl-cu12'],
  'cublas_v2.h': ['nvidia-cublas', 'nvidia-cublas-cu12'],
  'cublasLt.h': ['nvidia-cublas', 'nvidia-cublas-cu12'],
  'cusparse.h': ['nvidia-cusparse', 'nvidia-cusparse-cu12'],
  'cusolverDn.h': ['nvidia-cusolver', 'nvidia-cusolver-cu12'],
};

/** Where the headers are, or in words why NCCL cannot be built in. Only where libtorch has CUDA anything is looked for. */
export async function findNccl(
  libtorch: Libtorch,
  compiler: Compiler,
  environment: Environment,
): Promise<NcclHeaders | string> {
  if (!libtorch.hasCuda)
    return 'libtorch is built for the CPU; install a CUDA build of torch for Python, then run: SCONCE_LIBTORCH=python npx sconce setup --force';
  const [major = 0, minor = 0] = libtorch.version.split('.').map(Number);
  if (major < FIRST_VERSION[0] || (major === FIRST_VERSION[0] && minor < FIRST_VERSION[1]))
    return `NCCL needs libtorch ${FIRST_VERSION.join('.')} or newer, and this one is ${libtorch.version}`;
  if (!(await librariesHave(['_ZTVN4c10d16ProcessGroupNCCLE'], libtorch, compiler, environment)))
    return 'this libtorch has CUDA and was built without NCCL; choose another with SCONCE_LIBTORCH';
  return findHeaders(headerPlaces(libtorch, environment));
}

/** The first place of each header that is needed. @param places - folders, in the order in which they are looked into. */
export function findHeaders(places: readonly string[]): NcclHeaders | string {
  const found = Object.keys(NEEDED).map(
    (name) => [name, places.find((place) => existsSync(join(place, name)))] as const,
  );
  const missing = found.flatMap(([name, place]) => (place === undefined ? [name] : []));
  if (missing.length > 0) {
    const [cuda13, cuda12] = [0, 1].map((i) => [...new Set(missing.map((name) => NEEDED[name]![i]))].join(' '));
    return (
      `the headers ${missing.join(', ')} are not to be found; install those of the CUDA and the NCCL that libtorch is built with: a CUDA toolkit and NCCL, named with CUDA_HOME and NCCL_HOME ` +
      `where they lie in folders of their own, or beside Python's torch for CUDA 13: pip install ${cuda13}, for CUDA 12: pip install ${cuda12}; then run: npx sconce setup`
    );
  }
  const { 'nccl.h': nccl, 'cuda_runtime_api.h': cuda } = Object.fromEntries(found);
  return {
    version: versionIn(join(nccl!, 'nccl.h')),
    cudaVersion: cudaVersionIn(join(cuda!, 'cuda_runtime_api.h')),
    folders: [...new Set(found.map(([, place]) => place!))],
  };
}

/** What the environment names goes first, then what pip and conda have put beside libtorch: that is of the version with which it was built. */
function headerPlaces(libtorch: Libtorch, environment: Environment): readonly string[] {
  const { NCCL_HOME, CUDA_HOME, CUDA_PATH, CONDA_PREFIX } = environment;
  const besideTorch = join(dirname(libtorch.root), 'nvidia');
  const homes = [
    ...[NCCL_HOME, CUDA_HOME, CUDA_PATH],
    ...foldersIn(besideTorch).map((name) => join(besideTorch, name)),
    // The prefix of Python, in which conda keeps headers: <prefix>/lib/python3.12/site-packages/torch.
    ...[CONDA_PREFIX, join(libtorch.root, '../../../..')],
    '/usr/local/cuda',
    '/usr/local',
    '/usr',
  ].filter((home) => home !== undefined && home !== '');
  const machine = process.arch === 'arm64' ? 'sbsa-linux' : 'x86_64-linux';
  return homes
    .flatMap((home) => [join(home!, 'include'), join(home!, 'targets', machine, 'include')])
    .flatMap((folder) => [folder, join(folder, 'cccl')]); // CUDA 13 has nv/ in there
}

/** The newest first, as in `cu13`. */
function foldersIn(folder: string): readonly string[] {
  return existsSync(folder) ? readdirSync(folder).sort().reverse() : [];
}

function versionIn(header: string): string {
  const text = readFileSync(header, 'utf8');
  return ['MAJOR', 'MINOR', 'PATCH']
    .map((part) => new RegExp(`^#define NCCL_${part} (\\d+)`, 'm').exec(text)?.[1] ?? '?')
    .join('.');
}

function cudaVersionIn(header: string): string {
  const code = Number(/^#define CUDART_VERSION\s+(\d+)/m.exec(readFileSync(header, 'utf8'))?.[1] ?? 0);
  return `${Math.floor(code / 1000)}.${Math.floor((code % 1000) / 10)}`;
}

/** The arguments with which `NCCL_SOURCE` finds them. The compiler's own folders are searched anyway, and may not be named. */
export function ncclArguments({ folders }: NcclHeaders): readonly string[] {
  return folders
    .filter((folder) => folder !== '/usr/include' && folder !== '/usr/local/include')
    .flatMap((folder) => ['-isystem', folder]);
}

/** The file beside an addon that says how it was built. */
export const BUILD_FILE = 'build.json';

/** Why an addon was built without NCCL, in words. */
export function whyNoNccl(addonPath: string): string {
  const { nccl } = JSON.parse(readFileSync(join(dirname(addonPath), BUILD_FILE), 'utf8')) as { nccl?: unknown };
  return typeof nccl === 'string' ? nccl : 'the addon was built without it; run: npx sconce setup';
}
