// A TypeScript program as one file that every Node runs: an experiment in its run's folder, a dataset's module for worker threads.

import { randomUUID } from 'node:crypto';
import { mkdir, readFile, readlink, realpath, rename, symlink } from 'node:fs/promises';
import { isBuiltin } from 'node:module';
import { basename, dirname, join, relative } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { BuildFailure, Metafile, Plugin } from 'esbuild';
import { packageFolder } from '../../binding/sources.ts';

/** In a bundle every file has the bundle's place; programs look for files beside their own source.
 *  @param bundleModule - gives the file name, beside the bundle, of a dataset's module that a source names. */
const keepSourcePlaces = (bundleModule: (path: string) => string): Plugin => ({
  name: 'keep-source-places',
  setup(build) {
    build.onLoad({ filter: /\.[cm]?[jt]s$/ }, async ({ path }) => {
      const source = await readFile(path, 'utf8');
      if (!source.includes('import.meta.')) return undefined;
      const contents = source
        .replaceAll(DATASET_MODULE, (_, call: string, place: string) => {
          const name = bundleModule(join(dirname(path), place));
          return `${call}new URL(${JSON.stringify(`./${name}`)}, import.meta['url'])`; // the bundle's own place: not what is replaced below
        })
        .replaceAll('import.meta.url', JSON.stringify(pathToFileURL(path).href))
        .replaceAll('import.meta.dirname', JSON.stringify(dirname(path)))
        .replaceAll('import.meta.filename', JSON.stringify(path));
      return { contents, loader: path.endsWith('ts') ? 'ts' : 'js' };
    });
  },
});

/** `datasetModule(new URL('./pictures.ts', import.meta.url)`, also with a type. Written in another way, the module is found by its source. */
const DATASET_MODULE =
  /(\bdatasetModule\s*(?:<[^()]*>)?\(\s*)new URL\(\s*['"](\.{1,2}\/[^'"]+\.[cm]?[jt]s)['"]\s*,\s*import\.meta\.url\s*,?\s*\)/g;

/** Bundles the program that starts at `entry` into the file `target`, and the modules of its datasets into files beside it, so that they stay what they were;
 *  packages stay outside, and are linked where the bundles find them.
 *  @param action - what is being done with the program, for messages, as in `run`.
 *  @param packagesFrom - the folder from which packages are looked for. Default: that of `entry`.
 *  @throws {SyntaxError} with the place of every error in the program. */
export async function bundleProgram(
  entry: string,
  target: string,
  action: string,
  packagesFrom = dirname(entry),
): Promise<void> {
  const folder = dirname(target);
  const modules = new Map<string, string>();
  const bundleModule = (path: string): string => {
    const known = modules.get(path);
    if (known !== undefined) return known;
    const name = `${basename(target, '.mjs')}-${basename(path).replace(/\.[cm]?[jt]s$/, '')}-${modules.size}.mjs`;
    modules.set(path, name);
    return name;
  };
  const files = [{ entry, target, packagesFrom }];
  for (const file of files) {
    const known = modules.size;
    await bundleFile(file, action, bundleModule);
    for (const [path, name] of [...modules].slice(known))
      files.push({ entry: path, target: join(folder, name), packagesFrom: dirname(path) });
  }
}

async function bundleFile(
  { entry, target, packagesFrom }: { readonly entry: string; readonly target: string; readonly packagesFrom: string },
  action: string,
  bundleModule: (path: string) => string,
): Promise<void> {
  const { build } = await import('esbuild');
  let metafile: Metafile;
  try {
    const result = await build({
      entryPoints: [entry],
      outfile: target,
      bundle: true,
      packages: 'external',
      // Named too, since a tsconfig's paths may lead elsewhere: the program must share the command's own modules.
      external: ['sconce', 'sconce/*'],
      platform: 'node',
      format: 'esm',
      target: 'node20',
      sourcemap: 'inline',
      metafile: true,
      logLevel: 'silent',
      plugins: [keepSourcePlaces(bundleModule)],
    });
    metafile = result.metafile;
  } catch (error) {
    if (!(error instanceof Error && 'errors' in error)) throw error;
    throw new SyntaxError(describeFailure(action, entry, error as BuildFailure), { cause: error });
  }
  const imports = Object.values(metafile.outputs).flatMap((output) => output.imports);
  const names = imports
    .filter(({ path, external }) => external && !isBuiltin(path))
    .map(({ path }) => packageName(path));
  for (const name of new Set(names)) {
    const found = name === 'sconce' ? packageFolder() : await findPackage(name, packagesFrom);
    if (found !== undefined) await linkPackage(dirname(target), name, found);
  }
}

function describeFailure(action: string, entry: string, { errors }: BuildFailure): string {
  const lines = errors.map(({ text, location }) =>
    location
      ? `${location.file}:${location.line}:${location.column + 1}: ${text}\n    ${location.lineText.trim()}`
      : text,
  );
  return `Cannot ${action} "${relative(process.cwd(), entry)}": expected a program without errors, got\n  ${lines.join('\n  ')}`;
}

const packageName = (specifier: string): string =>
  specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');

/** A package's folder, as Node finds it from `start`. */
async function findPackage(name: string, start: string): Promise<string | undefined> {
  for (let folder = start; ; folder = dirname(folder)) {
    try {
      return await realpath(join(folder, 'node_modules', name));
    } catch {
      if (folder === dirname(folder)) return undefined; // Node's own message will say that it is missing
    }
  }
}

/** Lets the programs in `folder` find a package, wherever the folder is. At no moment there is no link: other ranks import through it. */
export async function linkPackage(folder: string, name: string, target: string): Promise<void> {
  const link = join(folder, 'node_modules', name);
  const linked = await readlink(link).catch(() => undefined); // there may be none yet
  if (linked === target) return;
  await mkdir(dirname(link), { recursive: true });
  const made = `${link}.${randomUUID()}`;
  await symlink(target, made);
  await rename(made, link);
}

/** Folders of programs that were moved after they had been imported, which go on naming files by the old place. */
const moved = new Map<string, string>();

/** Notes that a program's folder lies elsewhere now. */
export function noteMoved(from: string, to: string): void {
  moved.set(pathToFileURL(join(from, '/')).href, pathToFileURL(join(to, '/')).href);
}

/** Where that lies now which a program names. */
export function presentPlace(url: URL): URL {
  for (const [from, to] of moved) if (url.href.startsWith(from)) return new URL(to + url.href.slice(from.length));
  return url;
}
