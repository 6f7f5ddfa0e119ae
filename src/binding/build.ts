// Compiles the addon into the per-user cache, once for each state of sources, libtorch and compiler.
import { existsSync, readdirSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { availableParallelism, freemem } from 'node:os';
import { basename, join } from 'node:path';
import { SetupError } from '../errors.ts';
import { hasC10d, isForC10d, TABLE_OF_CONTENTS } from './c10d.ts';
import { explainFullDisk, makeFolder, requireRoom, shortHash, writeFileWhole, writeFolderWhole } from './cache.ts';
import { lastLine, runCommand } from './command.ts';
import { type Compiler, compileArguments, linkArguments, nodeHeaders } from './compiler.ts';
import { CPU_ONLY, findGraphs, GRAPHS_SOURCE, WITH_GRAPHS, withoutGraphs } from './cuda-graphs.ts';
import { type CudaPart, headerArguments } from './cuda-headers.ts';
import type { SetupContext } from './fetch-wheel.ts';
import type { Libtorch } from './libtorch-folder.ts';
import { withLock } from './lock.ts';
import { BUILD_FILE, findNccl, NCCL_SOURCE, WITH_NCCL } from './nccl.ts';
import {
  describePictures,
  findPictureLibraries,
  type PictureLibraries,
  pictureSources,
  picturesAdvice,
  pictureVersions,
} from './picture-libraries.ts';
import { nativeFiles, packageVersion, sourceText } from './sources.ts';

const action = 'build the addon';

/** Objects, the addon, and the compiler's temporary files. */
const neededBytes = 100e6;

/** What a compiler takes at its peak over libtorch's headers: so many run at once as memory holds. */
const compilerBytes = 1.2e9;

/** Objects that no build has used for so long are removed. */
const objectLifeMs = 14 * 24 * 3600 * 1000;

interface Source {
  readonly path: string;
  /** Depends on the source, the headers of `native/` that it reaches, Node-API's version, the compiler, its arguments, libtorch and the library of its own. */
  readonly key: string;
  /** Arguments of its own: where it finds the library that it is for. */
  readonly extra: readonly string[];
}

/** Builds the addon unless it is built already, and gives its path.
 *  Objects are kept by content, so that a change to one source compiles that one. Two builds at once: one waits for the other.
 *  @throws {SetupError} if a source does not compile or link; the message shows the first errors and the log's path. */
export async function buildAddon(
  packageRoot: string,
  libtorch: Libtorch,
  compiler: Compiler,
  context: SetupContext,
): Promise<string> {
  const headers = nodeHeaders();
  const compile = [...compiler.command, ...compileArguments(libtorch), '-isystem', headers.folder];
  const pictures = await findPictureLibraries(compiler, context.environment);
  const versions = pictureVersions(pictures);
  const advice = versions.includes('') ? `; to have it several times faster run: ${picturesAdvice()}` : '';
  context.report(`pictures: ${describePictures(versions)}${advice}`);
  const link = [...linkArguments(libtorch), ...Object.values(pictures).flatMap((library) => library.link)];
  const hasRanks = await hasC10d(libtorch, compiler, context.environment);
  if (!hasRanks)
    context.report('ranks: this libtorch was built without distributed and Gloo, so that one process trains alone');
  const sourcesWith = (cuda: readonly CudaPart[]): Source[] =>
    sourcesOf(packageRoot, {
      depends: [
        libtorchIdentity(libtorch),
        compiler.version,
        ...compiler.command,
        ...compileArguments(libtorch),
        headers.version,
      ],
      ...{ pictures, hasRanks, cuda },
    });
  const logOf = (what: string): string => join(context.cache, 'logs', `build-${what}.log`);
  const cuda: CudaPart[] = [];
  for (const part of await cudaParts(libtorch, compiler, hasRanks, context)) {
    const compilePart = async (): Promise<void> => {
      const source = sourcesWith([part]).filter(({ path }) => basename(path) === part.source);
      await compileAll(source, compile, logOf(basename(part.source, '.cc')), context);
    };
    cuda.push(await tryPart(part, compilePart));
  }
  if (libtorch.hasCuda) for (const part of cuda) context.report(describePart(part));
  const nccl = cuda.find(({ source }) => source === NCCL_SOURCE)!.headers;
  const sources = sourcesWith(cuda);
  const key = shortHash(
    [
      packageVersion(packageRoot),
      ...sources.map((source) => source.key),
      ...link,
      ...cuda.map(({ headers }) => (typeof headers === 'string' ? headers : '')),
    ].join('\0'),
  );
  const folder = join(context.cache, 'addons', key);
  const addonPath = join(folder, 'sconce.node');
  if (existsSync(addonPath)) {
    context.report('addon: built already');
    return addonPath;
  }
  requireRoom(action, context.cache, neededBytes);
  const logPath = logOf(key);
  const onWait = (): void => context.report('addon: waiting for another set-up that is building it');
  await withLock(join(context.cache, 'locks', `addon-${key}.lock`), onWait, async () => {
    if (existsSync(addonPath)) return;
    const startMs = performance.now();
    try {
      const objects = await compileAll(sources, compile, logPath, context);
      context.report('addon: linking');
      await writeFolderWhole(folder, async (temporary) => {
        const command = [...compiler.command, '-o', join(temporary, 'sconce.node'), ...objects, ...link];
        await compileStep('linking', command, logPath, context);
        writeFileSync(
          join(temporary, BUILD_FILE),
          JSON.stringify({ libtorch, compiler: compiler.version, compile, link, nccl }, null, 2),
        );
      });
    } catch (error) {
      throw explainFullDisk(action, context.cache, error);
    }
    context.report(`addon: built in ${((performance.now() - startMs) / 1000).toFixed(1)} s`);
    removeOldObjects(join(context.cache, 'objects'));
  });
  return addonPath;
}

interface Parts {
  /** What every object depends on. */
  readonly depends: readonly string[];
  readonly pictures: PictureLibraries;
  readonly hasRanks: boolean;
  readonly cuda: readonly CudaPart[];
}

async function cudaParts(
  libtorch: Libtorch,
  compiler: Compiler,
  hasRanks: boolean,
  { environment }: SetupContext,
): Promise<CudaPart[]> {
  const nccl = hasRanks ? await findNccl(libtorch, compiler, environment) : 'libtorch is built without c10d';
  const graphs = findGraphs(libtorch, environment);
  const ncclVersions = typeof nccl === 'string' ? '' : `NCCL ${nccl.version} and CUDA ${nccl.cudaVersion}`;
  const graphsVersions = typeof graphs === 'string' ? '' : `CUDA ${graphs.cudaVersion}`;
  return [
    { source: NCCL_SOURCE, flag: WITH_NCCL, headers: nccl, versions: ncclVersions },
    { source: GRAPHS_SOURCE, flag: WITH_GRAPHS, headers: graphs, versions: graphsVersions },
  ];
}

/** What the addon's table of contents is told of a part. Where libtorch has no CUDA there is nothing to ask for a reason. */
function flagsOf({ source, flag, headers }: CudaPart): readonly string[] {
  if (typeof headers !== 'string') return [flag];
  return source === GRAPHS_SOURCE && headers !== CPU_ONLY ? [withoutGraphs(headers)] : [];
}

function sourcesOf(packageRoot: string, { depends, pictures, hasRanks, cuda }: Parts): Source[] {
  // The place of last resort for headers; what lies there only names things, so that no object depends on it.
  const declared = ['-idirafter', join(packageRoot, 'native/declarations')];
  const flags = [...(hasRanks ? [] : ['-DSCONCE_WITHOUT_C10D']), ...cuda.flatMap((part) => flagsOf(part))];
  return nativeFiles(packageRoot)
    .filter((path) => path.endsWith('.cc') && (hasRanks || !isForC10d(basename(path))))
    .filter((path) => {
      const name = basename(path);
      const isOfCuda = name === NCCL_SOURCE || name === GRAPHS_SOURCE;
      return !isOfCuda || cuda.some(({ source, headers }) => source === name && typeof headers !== 'string');
    })
    .map((path) => {
      const name = basename(path);
      const kind = pictureSources[name];
      const { version = '', compile: found = [] } = (kind && pictures[kind]) ?? {};
      const own = [version, ...found, ...(name === TABLE_OF_CONTENTS ? flags : [])];
      const part = cuda.find(({ source }) => source === name);
      const ofCuda = part && typeof part.headers !== 'string' ? headerArguments(part.headers) : [];
      if (part) own.push(part.versions, ...ofCuda);
      const extra = part || isForC10d(name) ? [...ofCuda, ...(isForC10d(name) ? declared : [])] : own.slice(1);
      return { path, extra, key: shortHash([sourceText(path), ...depends, ...own].join('\0')) };
    });
}

/** Headers of another version than libtorch was built with may not fit it: everything else works without. @returns the part, with why its headers do not do. */
async function tryPart(part: CudaPart, build: () => Promise<void>): Promise<CudaPart> {
  if (typeof part.headers === 'string') return part;
  try {
    await build();
    return part;
  } catch (error) {
    if (!(error instanceof SetupError)) throw error;
    const [, ...lines] = error.message.split('\n').map((line) => line.trim());
    return { ...part, headers: `what is for it does not compile with ${part.versions}: ${lines.join('; ')}` };
  }
}

function describePart({ source, headers, versions }: CudaPart): string {
  if (source === NCCL_SOURCE)
    return typeof headers === 'string'
      ? `ranks: no NCCL between GPUs: ${headers}`
      : `ranks: ${versions} between GPUs, untested`;
  return typeof headers === 'string'
    ? `captured steps: no CUDA graphs: ${headers}`
    : `captured steps: CUDA graphs with ${versions}, untested`;
}

/** What of libtorch an object depends on. */
function libtorchIdentity(libtorch: Libtorch): string {
  return [libtorch.version, libtorch.libDir, libtorch.libraryBytes, libtorch.cxx11Abi].join(' ');
}

async function compileAll(
  sources: readonly Source[],
  compile: readonly string[],
  logPath: string,
  context: SetupContext,
): Promise<string[]> {
  const folder = join(context.cache, 'objects');
  makeFolder(folder);
  const objectOf = (source: Source): string => join(folder, `${basename(source.path, '.cc')}-${source.key}.o`);
  const missing = sources.filter((source) => !existsSync(objectOf(source)));
  // The largest first: the last to finish should not be the longest.
  const queue = missing.toSorted((a, b) => statSync(b.path).size - statSync(a.path).size);
  const startMs = performance.now();
  let numDone = 0;
  const worker = async (): Promise<void> => {
    for (let source = queue.shift(); source; source = queue.shift()) {
      const object = objectOf(source);
      const temporary = `${object}.${process.pid}.part`;
      try {
        await compileStep(
          `compiling native/${basename(source.path)}`,
          [...compile, ...source.extra, '-c', source.path, '-o', temporary],
          logPath,
          context,
        );
        renameSync(temporary, object);
      } catch (error) {
        queue.length = 0;
        throw error;
      } finally {
        rmSync(temporary, { force: true });
      }
      numDone += 1;
      const seconds = Math.round((performance.now() - startMs) / 1000);
      context.report(`addon: compiled native/${basename(source.path)} (${numDone} of ${missing.length}, ${seconds} s)`);
    }
  };
  const numWorkers = numCompilers(missing.length);
  if (missing.length === 0) context.report(`addon: all ${sources.length} sources compiled already`);
  else context.report(`addon: compiling ${missing.length} of ${sources.length} sources, ${numWorkers} at a time`);
  const outcomes = await Promise.allSettled(Array.from({ length: numWorkers }, worker));
  for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason;
  const now = new Date();
  const objects = sources.map(objectOf);
  for (const object of objects) utimesSync(object, now, now);
  return objects;
}

function numCompilers(numSources: number): number {
  const availableBytes = process.availableMemory?.() ?? freemem();
  return Math.max(1, Math.min(numSources, availableParallelism(), Math.floor(availableBytes / compilerBytes)));
}

/** Runs one call of the compiler. A failure keeps the whole output in the log and shows the part that matters. */
async function compileStep(
  what: string,
  command: readonly string[],
  logPath: string,
  context: SetupContext,
): Promise<void> {
  const result = await runCommand(command, { environment: context.environment });
  if (result.status === 0) return;
  writeFileWhole(logPath, `${command.join(' ')}\n\n${result.output}\n`);
  const end =
    result.status === undefined ? 'the compiler was killed, which is what happens when memory runs out' : undefined;
  throw new SetupError(
    `Cannot ${action}: ${what} failed${end ? ` (${end})` : ''}\n${firstErrors(result.output)}\nThe whole output is in "${logPath}"`,
  );
}

/** The first three errors of a compiler's or linker's output, without the notes between. */
export function firstErrors(output: string): string {
  const lines = output.split('\n');
  const errors = lines.filter((line) =>
    /\berror\b:|undefined (?:reference|symbol)|cannot find -l|no space left/i.test(line),
  );
  const chosen = errors.length > 0 ? errors.slice(0, 3) : [lastLine(output)];
  return chosen.map((line) => `  ${line.trim()}`).join('\n');
}

function removeOldObjects(folder: string): void {
  for (const name of readdirSync(folder)) {
    const stat = statSync(join(folder, name), { throwIfNoEntry: false });
    if (stat && Date.now() - stat.mtimeMs > objectLifeMs) rmSync(join(folder, name), { force: true });
  }
}
