// Finds what NCCL, the collectives between GPUs, is built in with: a libtorch that has it, and the headers of CUDA and of NCCL that libtorch's own headers include.
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { librariesHave } from './c10d.ts';
import type { Environment } from './cache.ts';
import type { Compiler } from './compiler.ts';
import { type CudaHeaders, findHeaders, headerPlaces, isAtLeast, type NeededHeaders } from './cuda-headers.ts';
import type { Libtorch } from './libtorch-folder.ts';

/** The source of `native/` that is for it. */
export const NCCL_SOURCE = 'c10d-nccl.cc';
/** Says to the addon's table of contents that the source is there. */
export const WITH_NCCL = '-DSCONCE_WITH_NCCL';

/** The headers that were found. */
export interface NcclHeaders extends CudaHeaders {
  /** As in `2.27.3`. */
  readonly version: string;
}

/** From this version on a group of c10d can be closed in the way that `native/c10d-nccl.cc` does it. */
const FIRST_VERSION = [2, 6] as const;

/** What libtorch's header of NCCL includes, and the packages of pip that have it, for CUDA 13 and for CUDA 12. */
const NEEDED: NeededHeaders = {
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
  if (!isAtLeast(libtorch, FIRST_VERSION))
    return `NCCL needs libtorch ${FIRST_VERSION.join('.')} or newer, and this one is ${libtorch.version}`;
  if (!(await librariesHave(['_ZTVN4c10d16ProcessGroupNCCLE'], libtorch, compiler, environment)))
    return 'this libtorch has CUDA and was built without NCCL; choose another with SCONCE_LIBTORCH';
  return findNcclHeaders(headerPlaces(libtorch, environment));
}

/** @param places - folders, in the order in which they are looked into. */
export function findNcclHeaders(places: readonly string[]): NcclHeaders | string {
  const found = findHeaders(NEEDED, places, {
    what: 'CUDA and the NCCL',
    variables: 'CUDA_HOME and NCCL_HOME',
  });
  if (typeof found === 'string') return found;
  const { placeOf, ...headers } = found;
  return { version: versionIn(join(placeOf['nccl.h']!, 'nccl.h')), ...headers };
}

function versionIn(header: string): string {
  const text = readFileSync(header, 'utf8');
  return ['MAJOR', 'MINOR', 'PATCH']
    .map((part) => new RegExp(`^#define NCCL_${part} (\\d+)`, 'm').exec(text)?.[1] ?? '?')
    .join('.');
}

/** The file beside an addon that says how it was built. */
export const BUILD_FILE = 'build.json';

/** Why an addon was built without NCCL, in words. */
export function whyNoNccl(addonPath: string): string {
  const { nccl } = JSON.parse(readFileSync(join(dirname(addonPath), BUILD_FILE), 'utf8')) as { nccl?: unknown };
  return typeof nccl === 'string' ? nccl : 'the addon was built without it; run: npx sconce setup';
}
