// Finds what CUDA graphs of captured steps are built in with: a libtorch that has CUDA, and CUDA's headers.
import type { Environment } from './cache.ts';
import { type CudaHeaders, findHeaders, headerPlaces, isAtLeast, type NeededHeaders } from './cuda-headers.ts';
import type { Libtorch } from './libtorch-folder.ts';

/** The source of `native/` that is for them. */
export const GRAPHS_SOURCE = 'capture-cuda.cc';
/** Says to the addon's table of contents that the source is there. */
export const WITH_GRAPHS = '-DSCONCE_WITH_CUDA_GRAPHS';

/** Why there are none where there are no GPUs. */
export const CPU_ONLY = 'libtorch is built for the CPU';

/** The oldest libtorch with which it was compiled. */
const FIRST_VERSION = [2, 6] as const;

const NEEDED: NeededHeaders = {
  'cuda.h': ['nvidia-cuda-runtime', 'nvidia-cuda-runtime-cu12'],
  'cuda_runtime_api.h': ['nvidia-cuda-runtime', 'nvidia-cuda-runtime-cu12'],
  'crt/host_defines.h': ['nvidia-cuda-nvcc', 'nvidia-cuda-nvcc-cu12'],
};

/** Where the headers are, or in words why CUDA graphs cannot be built in. Only where libtorch has CUDA anything is looked for. */
export function findGraphs(libtorch: Libtorch, environment: Environment): CudaHeaders | string {
  if (!libtorch.hasCuda) return CPU_ONLY;
  if (!isAtLeast(libtorch, FIRST_VERSION))
    return `CUDA graphs need libtorch ${FIRST_VERSION.join('.')} or newer, and this one is ${libtorch.version}`;
  return findHeaders(NEEDED, headerPlaces(libtorch, environment), { what: 'CUDA', variables: 'CUDA_HOME' });
}

/** Tells the addon why it has none, for the reason of a captured step that is refused. */
export const withoutGraphs = (reason: string): string => `-DSCONCE_WITHOUT_CUDA_GRAPHS=${JSON.stringify(reason)}`;
