// `datasetModule`: a dataset that a module makes, here and again in every worker thread of a loader.
import { rmSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, isAbsolute, join, relative } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { Collate } from '../collate/collate.ts';
import type { Dataset, Identity } from '../datasets/dataset.ts';
import { type IterableDataset, isIterableDataset } from '../datasets/iterable.ts';
import { OptionProblems } from '../option-problems.ts';
import { bundleProgram, presentPlace } from './bundle.ts';
import { type ModuleOrigin, noteModule } from './origin.ts';
import { pack } from './packed.ts';

/** Options of {@link datasetModule}. */
export interface DatasetModuleOptions {
  /** The name of the export that makes the dataset. Default `default`. */
  readonly export?: string;
}

/** A `URL`, or its text. */
export type ModuleUrl = string | { readonly href: string };

/** What a module's export may give. */
export type AnyDataset = Dataset<unknown> | IterableDataset<unknown, unknown>;

/**
 * Makes a dataset by a module, so that a loader with `numWorkers` can make it again in each of its threads. The module's default export is a function of
 * `options`, which may be asynchronous; an export named `collate`, where there is one, is the collate of loaders of this dataset. The function must depend on its
 * options and on files alone: each thread has a module of its own. A `Subset` of the dataset goes to workers too.
 *
 * A TypeScript module is bundled first, its packages left outside, so that it runs on every Node.
 * @param url - the module: `new URL('./pictures.ts', import.meta.url)`, or an absolute path.
 * @param options - for the function: anything that can be sent to a thread. Tensors among them are copied once, into memory that all workers share.
 * @throws {TypeError} where the module does not import, where its export makes no dataset, and where the options cannot be sent, with the place of what cannot.
 * @throws {SyntaxError} with the place of every error in a TypeScript module.
 * @example
 * import { DataLoader, datasetModule } from 'sconce/data';
 * const dataset = await datasetModule('data:text/javascript,export default ({ n }) => ({ length: n, get: (i) => i * i })', { n: 4 });
 * const batches: unknown[] = [];
 * for await (const batch of new DataLoader({ dataset, batchSize: 2, numWorkers: 1 })) batches.push(batch);
 * batches; // [tensor([0., 1.]), tensor([4., 9.])]
 */
export async function datasetModule<D extends Identity = Dataset<unknown>>(
  url: ModuleUrl,
  options?: unknown,
  moduleOptions: DatasetModuleOptions = {},
): Promise<D> {
  const problems = new OptionProblems();
  problems.expectKnown(moduleOptions, ['export']);
  const { export: exportName = 'default' } = moduleOptions;
  problems.expect(typeof exportName === 'string', 'export', { wanted: 'the name of an export', got: exportName });
  problems.throwIfAny('make a dataset by a module');
  const place = presentPlace(moduleUrl(url));
  const source = place.protocol === 'file:' ? nearName(fileURLToPath(place)) : place.href;
  const origin: ModuleOrigin = {
    kind: 'module',
    url: isTypeScript(place) ? await bundleModule(fileURLToPath(place)) : place.href,
    source,
    exportName,
    options: pack(options, {
      name: 'options',
      refuse: (path, got) =>
        new TypeError(
          `Cannot make a dataset by "${source}": expected options that can be sent to a worker thread (tensors on the CPU, typed arrays, numbers, strings, plain objects, arrays, maps and sets), got ${got} in ${path}; send what the module can make it from`,
        ),
    }),
  };
  const { dataset, collate } = await makeFromModule(origin, options);
  noteModule(dataset, origin, collate);
  return dataset as Identity as D; // what the function gives is the caller's to know
}

/** Imports a module and has it make its dataset.
 *  @throws {TypeError} that names the module, with what went wrong as its cause. */
export async function makeFromModule(
  { url, source, exportName }: Pick<ModuleOrigin, 'url' | 'source' | 'exportName'>,
  options: unknown,
): Promise<{ dataset: AnyDataset; collate: Collate<unknown, unknown> | undefined }> {
  const fail = (wanted: string, got: string, cause?: unknown): never => {
    const message = `Cannot make a dataset by "${source}": expected ${wanted}, got ${got}`;
    throw cause === undefined ? new TypeError(message) : new TypeError(message, { cause });
  };
  const failBy = (wanted: string, cause: unknown): never =>
    fail(wanted, cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause), cause);
  const module = await (import(url) as Promise<Readonly<Record<string, unknown>>>).catch((error: unknown) =>
    failBy('a module that imports', error),
  );
  const make = module[exportName];
  if (typeof make !== 'function') {
    const names = Object.keys(module).join(', ') || 'nothing';
    return fail(
      `a function as its export "${exportName}"`,
      make === undefined ? `a module that exports ${names}` : typeof make,
    );
  }
  const { collate } = module;
  if (collate !== undefined && typeof collate !== 'function')
    fail('a function as its export "collate"', typeof collate);
  let dataset: unknown;
  try {
    dataset = await (make as (options: unknown) => unknown)(options);
  } catch (error) {
    return failBy(`${exportName === 'default' ? 'its default export' : exportName} to make a dataset`, error);
  }
  if (!isDataset(dataset) && !isIterableDataset(dataset)) {
    return fail(
      `${exportName === 'default' ? 'its default export' : exportName} to return an object with length and get, or with open`,
      dataset === null ? 'null' : typeof dataset,
    );
  }
  return { dataset, collate: collate as Collate<unknown, unknown> | undefined };
}

function isDataset(value: unknown): value is Dataset<unknown> {
  if (typeof value !== 'object' || value === null) return false;
  const { get, length } = value as Partial<Dataset<unknown>>;
  return typeof get === 'function' && typeof length === 'number';
}

function moduleUrl(url: ModuleUrl): URL {
  if (typeof url === 'object' && typeof url?.href === 'string') return new URL(url.href);
  if (typeof url === 'string') {
    if (isAbsolute(url)) return pathToFileURL(url);
    if (/^(?:file|data):/.test(url)) return new URL(url);
  }
  throw new TypeError(
    `Cannot make a dataset by a module: expected a URL or an absolute path, got ${typeof url === 'string' ? JSON.stringify(url) : typeof url}; for a module beside this one: new URL('./pictures.ts', import.meta.url)`,
  );
}

const isTypeScript = (url: URL): boolean => url.protocol === 'file:' && /\.[cm]?tsx?$/.test(url.pathname);

/** As the user would type it where that is short. */
function nearName(path: string): string {
  const near = relative(process.cwd(), path);
  return near.startsWith('..') ? path : near;
}

/** Bundles of this process, by source; a module that is used twice is one module. */
const bundles = new Map<string, Promise<string>>();
let bundleFolder: Promise<string> | undefined;

function bundleModule(path: string): Promise<string> {
  const known = bundles.get(path);
  if (known) return known;
  const made = writeBundle(path);
  bundles.set(path, made);
  made.catch(() => bundles.delete(path)); // whoever asked sees the error; who has mended the module may try again
  return made;
}

async function writeBundle(path: string): Promise<string> {
  bundleFolder ??= makeFolder();
  const name = basename(path).replace(/\.[cm]?tsx?$/, '');
  const target = join(await bundleFolder, `${name}-${bundles.size}.mjs`);
  await bundleProgram(path, target, 'make a dataset by');
  process.setSourceMapsEnabled(true); // stacks name the lines that the user wrote
  return pathToFileURL(target).href;
}

/** A folder that is gone when the process ends: workers that start later import from it too. */
async function makeFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'sconce-modules-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  return folder;
}
