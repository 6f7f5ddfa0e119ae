// Reads from a libtorch on disk what the build has to know: folders, version, C++ ABI, CUDA.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { SetupError } from '../errors.ts';

/** Where a libtorch comes from: a folder named by SCONCE_LIBTORCH, the wheel in the cache, Python's torch, or the system's package. */
export type LibtorchSource = 'environment' | 'wheel' | 'python' | 'system';

/** A libtorch that can be built against. Plain data: set-up stores it as JSON. */
export interface Libtorch {
  readonly root: string;
  readonly includeDirs: readonly string[];
  readonly libDir: string;
  /** As in `2.13.0`. */
  readonly version: string;
  /** The C++ strings it was built with: true for GCC's since 2015. The addon must be built with the same. */
  readonly cxx11Abi: boolean;
  readonly source: LibtorchSource;
  readonly hasCuda: boolean;
  /** Size of its main library: tells two builds of one version apart. */
  readonly libraryBytes: number;
}

/** Versions that the tests run against; any other is tried with a warning. */
export const supportedVersions: readonly string[] = ['2.13.0', '1.13.1'];

const versionHeaders = ['torch/headeronly/version.h', 'torch/csrc/api/include/torch/version.h'];

/** Describes the libtorch in `root`: a folder with `include` and `lib`, as in PyTorch's archives, wheels (`torch/`) and `/usr`.
 *  @throws {SetupError} if headers or libraries are missing there, naming what was looked for. */
export function describeLibtorch(root: string, source: LibtorchSource): Libtorch {
  const absoluteRoot = resolve(root);
  const mainInclude = join(absoluteRoot, 'include');
  const versionHeader = versionHeaders.map((name) => join(mainInclude, name)).find((path) => existsSync(path));
  if (versionHeader === undefined) throw unusable(absoluteRoot, `"include/${versionHeaders.at(-1)}"`);
  const mainLibrary = `libtorch_cpu.${libraryEnding()}`;
  const libDir = ['lib', 'lib64', `lib/${multiarchName()}`]
    .map((name) => join(absoluteRoot, name))
    .find((folder) => existsSync(join(folder, mainLibrary)));
  if (libDir === undefined) throw unusable(absoluteRoot, `"lib/${mainLibrary}"`);
  const headerVersion = parseVersion(readFileSync(versionHeader, 'utf8'));
  if (headerVersion === undefined) throw unusable(absoluteRoot, `a version in "${versionHeader}"`);
  return {
    root: absoluteRoot,
    includeDirs: [mainInclude, join(mainInclude, 'torch/csrc/api/include')],
    libDir,
    version: mainInclude === '/usr/include' ? packagedVersion(headerVersion) : headerVersion,
    cxx11Abi: hasCxx11Abi(join(libDir, `libc10.${libraryEnding()}`)),
    source,
    hasCuda: existsSync(join(libDir, `libtorch_cuda.${libraryEnding()}`)),
    libraryBytes: statSync(join(libDir, mainLibrary)).size,
  };
}

/** Reads `2.13.0` from the text of libtorch's version header; undefined where it has none. */
export function parseVersion(header: string): string | undefined {
  const parts = ['MAJOR', 'MINOR', 'PATCH'].map(
    (part) => new RegExp(`^#define TORCH_VERSION_${part} (\\d+)$`, 'm').exec(header)?.[1],
  );
  return parts.includes(undefined) ? undefined : parts.join('.');
}

/** Whether a libtorch takes `std::__cxx11::string`, read from the mangled names in its smallest library.
 *  A library without GNU names (macOS) has only one kind of string, which counts as the newer. */
export function hasCxx11Abi(libraryPath: string): boolean {
  const names = readFileSync(libraryPath);
  return names.includes('SourceLocationENSt7__cxx1112basic_string') || !names.includes('SourceLocationESs');
}

/** The version that Debian's package states. The headers of its 1.13.1 say 1.13.0; where the two disagree by more than
 *  the patch number, the headers are believed. */
function packagedVersion(headerVersion: string): string {
  const query = spawnSync('dpkg-query', ['--show', 'libtorch-dev'], { encoding: 'utf8' });
  const version = /\t(?:\d+:)?(\d+\.\d+\.\d+)/.exec(query.stdout ?? '')?.[1];
  const isSameMinor = version?.replace(/\d+$/, '') === headerVersion.replace(/\d+$/, '');
  return version !== undefined && isSameMinor ? version : headerVersion;
}

function unusable(root: string, missing: string): SetupError {
  return new SetupError(
    `Cannot use the libtorch in "${root}": expected ${missing} there, got no such file; ` +
      'name the folder that holds include and lib (in a wheel or an installed torch that is "torch")',
  );
}

export function libraryEnding(): 'so' | 'dylib' {
  return process.platform === 'darwin' ? 'dylib' : 'so';
}

function multiarchName(): string {
  return process.arch === 'arm64' ? 'aarch64-linux-gnu' : 'x86_64-linux-gnu';
}
