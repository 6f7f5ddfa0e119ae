// Looks for headers of CUDA, which libtorch does not bring along and its own headers include.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Environment } from './cache.ts';
import type { Libtorch } from './libtorch-folder.ts';

/** The headers that were found. */
export interface CudaHeaders {
  /** CUDA's, as in `12.8`. */
  readonly cudaVersion: string;
  readonly folders: readonly string[];
}

/** A source of `native/` that needs headers of CUDA: with them it is compiled, else the addon does without. */
export interface CudaPart {
  readonly source: string;
  /** Says to the addon's table of contents that the source is there. */
  readonly flag: string;
  /** Or in words why not. */
  readonly headers: CudaHeaders | string;
  /** What it is compiled with, as in `CUDA 12.8`. */
  readonly versions: string;
}

/** Headers by name, and the packages of pip that have each, for CUDA 13 and for CUDA 12. */
export type NeededHeaders = Readonly<Record<string, readonly [cuda13: string, cuda12: string]>>;

/** The first place of each header that is needed, or in words which are missing. @param places - folders, in the order in which they are looked into.
 *  @param what - as in `CUDA and the NCCL`.  @param variables - of the environment, that name their folders. */
export function findHeaders(
  needed: NeededHeaders,
  places: readonly string[],
  { what, variables }: { readonly what: string; readonly variables: string },
): (CudaHeaders & { readonly placeOf: Readonly<Record<string, string>> }) | string {
  const found = Object.keys(needed).map(
    (name) => [name, places.find((place) => existsSync(join(place, name)))] as const,
  );
  const missing = found.flatMap(([name, place]) => (place === undefined ? [name] : []));
  if (missing.length > 0) {
    const [cuda13, cuda12] = [0, 1].map((i) => [...new Set(missing.map((name) => needed[name]![i]))].join(' '));
    return (
      `the headers ${missing.join(', ')} are not to be found; install those of the ${what} that libtorch is built with, named with ${variables} ` +
      `where they lie in folders of their own, or beside Python's torch for CUDA 13: pip install ${cuda13}, for CUDA 12: pip install ${cuda12}; then run: npx sconce setup`
    );
  }
  const placeOf = Object.fromEntries(found) as Record<string, string>; // none is missing
  const folders = [...new Set(Object.values(placeOf))];
  return { cudaVersion: cudaVersionIn(join(placeOf['cuda_runtime_api.h']!, 'cuda_runtime_api.h')), folders, placeOf };
}

/** What the environment names goes first, then what pip and conda have put beside libtorch: that is of the version with which it was built. */
export function headerPlaces(libtorch: Libtorch, environment: Environment): readonly string[] {
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

function cudaVersionIn(header: string): string {
  const code = Number(/^#define CUDART_VERSION\s+(\d+)/m.exec(readFileSync(header, 'utf8'))?.[1] ?? 0);
  return `${Math.floor(code / 1000)}.${Math.floor((code % 1000) / 10)}`;
}

/** Whether libtorch is of this version or newer. */
export function isAtLeast(libtorch: Libtorch, [wantedMajor, wantedMinor]: readonly [number, number]): boolean {
  const [major = 0, minor = 0] = libtorch.version.split('.').map(Number);
  return major > wantedMajor || (major === wantedMajor && minor >= wantedMinor);
}

/** The arguments with which a source finds them. The compiler's own folders are searched anyway, and may not be named. */
export function headerArguments({ folders }: CudaHeaders): readonly string[] {
  return folders
    .filter((folder) => folder !== '/usr/include' && folder !== '/usr/local/include')
    .flatMap((folder) => ['-isystem', folder]);
}
