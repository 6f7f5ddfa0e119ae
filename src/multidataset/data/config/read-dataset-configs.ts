// `readDatasetConfigs`: the YAML files of many data sets, in either of two forms, merged with what they have in common.

import { readdir, stat } from 'node:fs/promises';
import { basename, dirname, extname, join, resolve } from 'node:path';
import { type Composition, composeFile } from '../../../config/document.ts';
import { type ConfigNode, type MapEntry, type MapNode, nodeAt, placeAt, plainValue } from '../../../config/node.ts';
import { type PlacedProblem, problemLines } from '../../../config/place.ts';
import { camelCased } from '../../../config/spelling.ts';
import { ConfigError } from '../../../errors.ts';
import { describeValue, unknownKeys } from '../../../trainer/config/problems.ts';
import { checkDatasetConfig } from './check-dataset-config.ts';
import type { DatasetConfig } from './dataset-config.ts';
import { Fields, kinds } from './fields.ts';

/** Options of {@link readDatasetConfigs}. */
export interface ReadDatasetConfigsOptions {
  /** At most so many data sets, the first ones. Default: all. */
  readonly maxDs?: number;
  /** The folder that relative paths begin at, and that messages leave out. Default: the process's. */
  readonly cwd?: string;
}

/** What {@link readDatasetConfigs} gives: one entry a data set in both lists. */
export interface DatasetConfigs {
  readonly names: readonly string[];
  readonly configs: readonly DatasetConfig[];
}

/**
 * Reads the configurations of data sets. `cfgDir` is one of:
 * - a folder: each `*.yaml` in it whose name has no "base" is a data set, in the order of their names, called by its file's name. Where the folder has one file
 *   with "base" in its name, every data set is merged over it, unless it says `extends` itself.
 * - a parent file with `session_dir` (relative to it) and `sessions`: a data set for each, of `{session_dir}/{session}.yaml` merged over all other keys of the
 *   parent, called by its `session`.
 *
 * Merging goes key by key; what is no object is replaced. `data_dir` counts from the file that says it.
 * @throws {ConfigError} that lists everything that is wrong in all files, each with file, line and column.
 * Source: VisionCore, whose earlier form is the folder and whose later form is the parent file.
 */
export async function readDatasetConfigs(
  cfgDir: string,
  options: ReadDatasetConfigsOptions = {},
): Promise<DatasetConfigs> {
  if (typeof cfgDir !== 'string' || cfgDir === '')
    throw new ConfigError('read data sets', [
      `cfgDir: expected the path of a folder or a file, got ${describeValue(cfgDir)}`,
    ]);
  const action = `read the data sets of "${cfgDir}"`;
  const { maxDs = Number.POSITIVE_INFINITY, cwd = process.cwd() } = options;
  const wrong = unknownKeys(options, ['maxDs', 'cwd']);
  if (maxDs !== Number.POSITIVE_INFINITY && !(Number.isSafeInteger(maxDs) && maxDs > 0))
    wrong.push(`maxDs: expected an integer above 0, got ${String(maxDs)}`);
  if (wrong.length > 0) throw new ConfigError(action, wrong);
  const reader = new ConfigReader(cwd, maxDs);
  const path = resolve(cwd, cfgDir);
  const found = await stat(path).catch(() => undefined);
  if (!found) throw new ConfigError(action, [`expected a folder or a file, got none at ${path}`]);
  const sources = found.isDirectory() ? await reader.folder(path) : await reader.parent(path);
  const configs = sources.flatMap((source) => reader.check(source) ?? []);
  reader.expectOwnNames(configs);
  if (reader.problems.length > 0) throw new ConfigError(action, reader.problems);
  return { names: configs.map(({ name }) => name), configs: configs.map(({ config }) => config) };
}

/** A data set as its files say it. */
interface Source {
  readonly path: string;
  readonly root: MapNode;
  /** Its name; undefined for that of its session. */
  readonly name?: string;
}

const ENDINGS = ['.yaml', '.yml'];
const stem = (path: string): string => basename(path, extname(path));

class ConfigReader {
  readonly #cwd: string;
  readonly #maxDs: number;
  readonly #lines: string[] = [];
  readonly #placed: PlacedProblem[] = [];

  constructor(cwd: string, maxDs: number) {
    this.#cwd = cwd;
    this.#maxDs = maxDs;
  }

  get problems(): readonly string[] {
    return [...this.#lines, ...problemLines(this.#placed)];
  }

  async folder(path: string): Promise<Source[]> {
    const files = (await readdir(path))
      .filter((file) => ENDINGS.includes(extname(file)) && !file.startsWith('.'))
      .sort();
    const bases = files.filter((file) => file.includes('base'));
    const own = files.filter((file) => !bases.includes(file)).slice(0, this.#maxDs);
    if (own.length === 0)
      this.#lines.push(`expected files *.yaml without "base" in their names, got ${files.join(', ') || 'none'}`);
    const [base] = bases.length === 1 ? [await this.#compose(join(path, bases[0]!))] : [];
    const sources: Source[] = [];
    for (const file of own) {
      const composed = await this.#compose(join(path, file));
      if (!composed) continue;
      const { root, files: parts } = composed.document;
      if (bases.length > 1 && parts.length === 1)
        this.#placed.push({
          place: root.place,
          text: `extends: expected one of ${bases.join(', ')}, which all lie beside it, got none`,
        });
      const merged = base && parts.length === 1 ? mergeInOrder(base.document.root, root) : root;
      sources.push({ path: join(path, file), root: merged, name: stem(file) });
    }
    return sources;
  }

  async parent(path: string): Promise<Source[]> {
    const composed = await this.#compose(path);
    if (!composed) return [];
    const { root } = composed.document;
    const entries = new Map(root.entries);
    const own = ['session_dir', 'sessionDir', 'sessions'].filter((key) => entries.delete(key));
    const fields = new Fields(Object.fromEntries(own.map((key) => [key, plainValue(root.entries.get(key)!.node)])), [
      'session_dir',
      'sessions',
    ]);
    const folder = fields.required('session_dir', kinds.name, '; a folder of data sets is given itself, not a file');
    const sessions = fields.required('sessions', kinds.names);
    for (const { path: at, text } of fields.problems)
      this.#placed.push({ place: placeAt(root, at), text: `${at.join('.')}: ${text}` });
    if (folder === undefined || sessions === undefined) return [];
    const found: Source[] = [];
    for (const [index, session] of sessions.slice(0, this.#maxDs).entries()) {
      const paths = ENDINGS.map((ending) => resolve(dirname(path), folder, session + ending));
      const isThere = await Promise.all(
        paths.map((each) =>
          stat(each).then(
            (file) => file.isFile(),
            () => false,
          ),
        ),
      );
      const file = paths.find((_, at) => isThere[at]);
      if (file === undefined) {
        const text = `sessions.${index}: expected a file ${paths[0]}, got none`;
        this.#placed.push({ place: placeAt(root, ['sessions', index]), text });
        continue;
      }
      const own = await this.#compose(file);
      if (own) found.push({ path: file, root: mergeInOrder({ ...root, entries }, own.document.root) });
    }
    return found;
  }

  /** The configuration that a source is. What is wrong with it is noted. */
  check({ path, root, name }: Source): { name: string; path: string; config: DatasetConfig } | undefined {
    const { config, problems } = checkDatasetConfig(plainValue(root), { session: stem(path), data_dir: dirname(path) });
    for (const { path: at, text } of problems)
      this.#placed.push({
        place: at.length > 0 && nodeAt(root, at.slice(0, 1)) ? placeAt(root, at) : root.place,
        text: `${at.join('.')}: ${text}`,
      });
    if (!config) return undefined;
    const key = ['data_dir', 'dataDir'].find((each) => root.entries.has(each));
    const from = key === undefined ? path : resolve(this.#cwd, placeAt(root, [key]).source);
    return {
      name: name ?? config.session,
      path,
      config: { ...config, data_dir: resolve(dirname(from), config.data_dir) },
    };
  }

  expectOwnNames(configs: readonly { readonly name: string; readonly path: string }[]): void {
    const paths = new Map<string, string>();
    for (const { name, path } of configs) {
      const other = paths.get(name);
      if (other !== undefined)
        this.#lines.push(`expected data sets with names of their own, got "${name}" in ${other} and ${path}`);
      paths.set(name, path);
    }
  }

  async #compose(path: string): Promise<Composition | undefined> {
    try {
      const composed = await composeFile(path, { cwd: this.#cwd });
      this.#placed.push(...composed.problems);
      return composed;
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error;
      this.#lines.push(...error.problems);
      return undefined;
    }
  }
}

/** One map over another, key by key, whichever way a key is spelt. Keys stay where the lower one has them: the order of transforms is that of what they expose. */
function mergeInOrder(below: MapNode, over: MapNode, path: readonly string[] = []): MapNode {
  const entries = new Map(below.entries);
  const isOwn = path.length === 1 && NAMED_BY_USER.includes(camelCased(path[0]!));
  const written = new Map([...entries.keys()].map((key) => [camelCased(key), key]));
  for (const [key, { place, node }] of over.entries) {
    const same = entries.has(key) || isOwn ? key : (written.get(camelCased(key)) ?? key);
    const before: MapEntry | undefined = entries.get(same);
    const isMerged = before?.node.kind === 'map' && node.kind === 'map';
    const merged: ConfigNode = isMerged ? mergeInOrder(before.node as MapNode, node, [...path, same]) : node;
    entries.set(same, { place, node: merged });
  }
  return { kind: 'map', place: over.place, entries };
}

/** Objects whose keys are names of the user's: there `a_b` and `aB` are two. */
const NAMED_BY_USER = ['transforms', 'datafilters', 'keysLags'];
