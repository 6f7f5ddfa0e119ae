// The whole set-up: a compiler, libtorch, the addon, a first load, and the record that makes the next start quick.
import { SetupError } from '../errors.ts';
import { buildAddon } from './build.ts';
import { cacheFolder, cacheProblem, type Environment } from './cache.ts';
import { lastLine, runCommand } from './command.ts';
import { findCompiler } from './compiler.ts';
import type { SetupContext } from './fetch-wheel.ts';
import { findLibtorch } from './libtorch.ts';
import { type Libtorch, supportedVersions } from './libtorch-folder.ts';
import { type LocatedAddon, recordedLibtorch, writeRecord } from './locate.ts';
import { currentPlatform } from './platform.ts';
import { packageFolder } from './sources.ts';

export interface SetUpOptions {
  /** Takes one line of progress. */
  readonly report: (line: string) => void;
  /** Look for libtorch anew, even where an earlier set-up has chosen one. */
  readonly searchAgain?: boolean;
  readonly environment?: Environment;
  readonly packageRoot?: string;
}

/** Brings this machine to where Sconce can train: finds or fetches libtorch, builds the addon, loads it once.
 *  What is done already is not done again. Nothing is written outside the cache, but for the system's package of libtorch.
 *  @throws {SetupError} if the machine lacks something; the message says what to do. */
export async function setUp(options: SetUpOptions): Promise<LocatedAddon> {
  const { report, environment = process.env, packageRoot = packageFolder() } = options;
  const platform = currentPlatform();
  if (!platform.isTested) report(`${process.platform} ${process.arch} is untested`);
  const context: SetupContext = { environment, cache: cacheFolder(environment), platform, report };
  const compiler = await findCompiler(environment);
  report(`compiler: ${compiler.version}`);
  const problem = cacheProblem(context.cache);
  if (problem !== undefined) {
    throw new SetupError(
      `Cannot set up Sconce: expected a cache that can be written, got ${problem}; set SCONCE_CACHE to another folder`,
    );
  }
  const earlier = options.searchAgain ? undefined : recordedLibtorch(environment, packageRoot);
  const libtorch = earlier ?? (await findLibtorch(context));
  report(`libtorch: ${describe(libtorch)}`);
  if (!supportedVersions.includes(libtorch.version)) {
    report(`libtorch: ${libtorch.version} is untested; tested are ${supportedVersions.join(' and ')}`);
  }
  const addonPath = await buildAddon(packageRoot, libtorch, compiler, context);
  await requireLoads(addonPath, environment);
  report(`addon: ${addonPath}`);
  const located = { addonPath, libtorch };
  writeRecord(environment, packageRoot, located);
  return located;
}

/** One line about a libtorch. */
export function describe(libtorch: Libtorch): string {
  const sources = {
    environment: 'SCONCE_LIBTORCH',
    wheel: 'the wheel in the cache',
    python: "Python's torch",
    system: 'the system',
  };
  const facts = [libtorch.hasCuda ? 'CUDA' : 'CPU', ...(libtorch.cxx11Abi ? [] : ['the C++ ABI from before 2015'])];
  return `${libtorch.version} (${facts.join(', ')}) from ${sources[libtorch.source]}, in "${libtorch.libDir}"`;
}

/** What a built addon says about the libtorch inside it. */
export interface AddonFacts {
  readonly version: string;
  readonly numThreads: number;
  /** libtorch's own account of how it was built: BLAS, oneDNN, instruction sets. */
  readonly configuration: string;
  /** Whether matrix products in float32 are our own; undefined where this processor has no use for them. */
  readonly hasOwnProducts?: boolean;
  /** Versions of libpng and libjpeg-turbo, empty for one that the addon is built without. */
  readonly pictures: readonly [png: string, jpeg: string];
  /** Whether several processes can train together. */
  readonly hasRanks: boolean;
  /** Versions of NCCL, where it is built in: that of libtorch, and that of the headers. */
  readonly nccl?: readonly [ofLibtorch: string, ofHeaders: string];
}

/** Loads an addon in a process of its own (a crash must not end this one) and asks it about its libtorch.
 *  @returns the reason, a string, where it does not load. */
export async function probeAddon(addonPath: string, environment: Environment): Promise<AddonFacts | string> {
  const script = `
    const addon = { exports: {} };
    process.dlopen(addon, process.argv[1]);
    const { libtorchVersion, numThreads, showConfig, imageLibraries, makeGroup, ncclVersions, tryProduct } = addon.exports;
    console.log(JSON.stringify({ version: libtorchVersion(), numThreads: numThreads(), configuration: showConfig(), hasOwnProducts: tryProduct([64, 64, 400], false, true, true), pictures: imageLibraries(), hasRanks: makeGroup !== undefined, nccl: ncclVersions?.() }));`;
  const result = await runCommand([process.execPath, '-e', script, addonPath], { environment, timeoutMs: 120_000 });
  if (result.status === 0) return JSON.parse(result.stdout) as AddonFacts;
  const reason = result.output.split('\n').find((line) => /^\w*Error: /.test(line));
  return (
    reason?.replace(/^\w*Error: /, '') ??
    (result.status === undefined ? 'the process crashed' : lastLine(result.output))
  );
}

async function requireLoads(addonPath: string, environment: Environment): Promise<void> {
  const facts = await probeAddon(addonPath, environment);
  if (typeof facts !== 'string') return;
  throw new SetupError(
    `Cannot load the addon: expected "${addonPath}" to load, got ${facts}; ` +
      'delete that file or choose another libtorch with SCONCE_LIBTORCH, then run: npx sconce setup',
  );
}
