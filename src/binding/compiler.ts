// Finds the C++ compiler and says how it is called for the addon.
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { SetupError } from '../errors.ts';
import type { Environment } from './cache.ts';
import { lastLine, runCommand } from './command.ts';
import { aptAdvice } from './debian.ts';
import type { Libtorch } from './libtorch-folder.ts';

export interface Compiler {
  /** Program and leading arguments, as in `['ccache', 'g++']`. */
  readonly command: readonly string[];
  /** The first line of what it prints about its version. */
  readonly version: string;
}

/** Finds the compiler: `CXX`, else the first of g++, clang++ and c++ that runs.
 *  @throws {SetupError} if there is none, with the command that installs one. */
export async function findCompiler(environment: Environment): Promise<Compiler> {
  const chosen = environment.CXX?.trim();
  const candidates = chosen ? [chosen.split(/\s+/)] : [['g++'], ['clang++'], ['c++']];
  for (const command of candidates) {
    const result = await runCommand([...command, '--version'], { environment, timeoutMs: 30_000 });
    if (result.status === 0) return { command, version: result.stdout.split('\n')[0]?.trim() ?? '' };
    if (chosen) {
      const got = result.isMissing ? 'no such program' : lastLine(result.output);
      throw new SetupError(`Cannot build the addon: expected CXX to name a C++ compiler, got "${chosen}" (${got})`);
    }
  }
  throw new SetupError(
    'Cannot build the addon: expected a C++ compiler (g++ or clang++), got none; ' +
      `on Debian and Ubuntu run: ${aptAdvice('apt-get install -y g++')}; on macOS run: xcode-select --install`,
  );
}

/** The arguments that compile one source against `libtorch`, but for the folder of Node's headers: that is another one in every project.
 *  NAPI_VERSION 2147483647 is Node-API's experimental level: only there does a finalizer run inside the garbage collection. */
export function compileArguments(libtorch: Libtorch): readonly string[] {
  // The compiler's own header folders must not be named: that would break the order that #include_next needs.
  const ownFolders = ['/usr/include', '/usr/local/include'];
  return [
    '-std=c++17',
    '-O2',
    '-fPIC',
    '-Wall',
    '-DNAPI_VERSION=2147483647',
    '-DNODE_GYP_MODULE_NAME=sconce',
    ...(process.platform === 'linux' ? [`-D_GLIBCXX_USE_CXX11_ABI=${libtorch.cxx11Abi ? 1 : 0}`] : []),
    ...libtorch.includeDirs.filter((folder) => !ownFolders.includes(folder)).flatMap((folder) => ['-isystem', folder]),
  ];
}

/** The arguments that link the objects into one addon, which finds `libtorch` again where it is now. */
export function linkArguments(libtorch: Libtorch): readonly string[] {
  const libraries = ['torch', 'torch_cpu', 'c10', ...(libtorch.hasCuda ? ['torch_cuda', 'c10_cuda'] : [])];
  // Nothing in the addon names the libraries that only register operators; the linker must keep them all the same.
  const system = process.platform === 'darwin' ? ['-undefined', 'dynamic_lookup'] : ['-Wl,--no-as-needed'];
  return [
    '-shared',
    `-L${libtorch.libDir}`,
    `-Wl,-rpath,${libtorch.libDir}`,
    ...system,
    ...libraries.map((name) => `-l${name}`),
  ];
}

/** Node-API's headers, from the package that holds them. An object depends on their version, not on where they lie. */
export function nodeHeaders(): { readonly folder: string; readonly version: string } {
  const description = fileURLToPath(import.meta.resolve('node-api-headers/package.json'));
  const { version } = JSON.parse(readFileSync(description, 'utf8')) as { version: string };
  return { folder: join(dirname(description), 'include'), version };
}
