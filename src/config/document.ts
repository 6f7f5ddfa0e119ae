// `ConfigDocument`: a configuration composed of files, variables and overrides, in which every value knows where it comes from.

import { dirname, isAbsolute, relative, resolve } from 'node:path';
import { ConfigError } from '../errors.ts';
import { type Environment, withEnvironment } from './environment.ts';
import { findConfig, firstFile, readConfigFile, readConfigText, type SearchFolders } from './find-config.ts';
import { mergeNodes } from './merge.ts';
import { type ConfigNode, type MapNode, nodeAt, placeAt, plainValue, type WrittenPath } from './node.ts';
import { applyOverride, nodeOf, readOverride } from './override.ts';
import { type PlacedProblem, problemLines, showPlace } from './place.ts';

export interface DocumentOptions extends SearchFolders {
  /** What `${NAME}` stands for. Default: the process's environment. */
  readonly environment?: Environment;
  /** `path=value`, one over the other, over everything that files say. */
  readonly overrides?: readonly string[];
  /** Values by dot path, as a grid of parameters has them; over files, under `overrides`. */
  readonly parameters?: Readonly<Record<string, unknown>>;
}

/** A composed configuration. Nothing of it is changed by those who read it. */
export class ConfigDocument {
  /** The file as it was asked for. */
  readonly name: string;
  /** Absolute paths of all files, the bases first. */
  readonly files: readonly string[];
  /** @internal */
  readonly root: MapNode;
  readonly #cwd: string;

  /** @internal */
  constructor(name: string, { files, root, cwd }: { files: readonly string[]; root: MapNode; cwd: string }) {
    this.name = name;
    this.#cwd = cwd;
    this.files = files;
    this.root = root;
  }

  /** Plain data with keys as they are written; a new copy. */
  get value(): Record<string, unknown> {
    return plainValue(this.root) as Record<string, unknown>; // a map gives an object
  }

  /** Where something stands, as in `experiment.yaml:3:5`; for what is not there, what is nearest above.
   *  @param path - keys as they are written, and places in lists. */
  place(path: WrittenPath): string {
    return showPlace(placeAt(this.root, path));
  }

  /** Where the value of something stands, behind its key. @internal */
  valuePlace(path: WrittenPath): string {
    return showPlace(nodeAt(this.root, path)?.place ?? placeAt(this.root, path));
  }

  /** Absolute path of the file that something stands in; for what is given to the command, a file in the working directory that need not be there.
   *  @param path - keys as they are written, and places in lists. */
  fileOf(path: WrittenPath): string {
    const { source, line } = placeAt(this.root, path);
    return line === undefined ? resolve(this.#cwd, 'command') : resolve(this.#cwd, source);
  }

  /** An error that lists problems with their places, in the order of the file.
   *  @param problems - each with its path and what is said of it, as in `expected a number, got "many"`. */
  error(
    problems: readonly { readonly path: WrittenPath; readonly text: string }[],
    others: readonly PlacedProblem[] = [],
  ): ConfigError {
    const placed = problems.map(({ path, text }) => ({
      place: placeAt(this.root, path),
      text: `${path.join('.') || 'configuration'}: ${text}`,
    }));
    return new ConfigError(`read "${this.name}"`, problemLines([...others, ...placed]));
  }
}

/** A document, and what is wrong with single values of it: variables that are not set, overrides that lead nowhere, keys that come twice. */
export interface Composition {
  readonly document: ConfigDocument;
  readonly problems: readonly PlacedProblem[];
}

/** Reads a file with all that it extends, puts in environment variables, and then overrides.
 *  @param name - a path, or a name that is looked for (`findConfig`).
 *  @throws {ConfigError} that lists every problem with its file, line and column. */
export async function readDocument(name: string, options: DocumentOptions = {}): Promise<ConfigDocument> {
  return withoutProblems(await composeFile(name, options));
}

/** Reads a configuration from a text, as `readDocument` reads a file. What it extends is looked for in the working directory.
 *  @throws {ConfigError} that lists every problem with its line and column. */
export async function parseDocument(text: string, options: TextOptions = {}): Promise<ConfigDocument> {
  return withoutProblems(await composeText(text, options));
}

/** What a text is, where there is no file that says it. */
export interface TextOptions extends DocumentOptions {
  /** Default 'yaml'. */
  readonly format?: 'yaml' | 'json';
  /** What messages call it. Default 'configuration'. */
  readonly name?: string;
}

function withoutProblems({ document, problems }: Composition): ConfigDocument {
  if (problems.length > 0) throw new ConfigError(`read "${document.name}"`, problemLines(problems));
  return document;
}

/** `readDocument`, for a reader that adds problems of its own. @throws {ConfigError} for what cannot be read at all. */
export async function composeFile(name: string, options: DocumentOptions = {}): Promise<Composition> {
  const { path, tried } = await findConfig(name, options);
  if (path === undefined)
    throw new ConfigError(`read "${name}"`, [`expected a configuration file, got none at ${tried.join(', ')}`]);
  const composer = new Composer(options);
  return composer.finish(name, await composer.file(path, []));
}

/** `parseDocument`, for a reader that adds problems of its own. @throws {ConfigError} for what cannot be read at all. */
export async function composeText(text: string, options: TextOptions = {}): Promise<Composition> {
  const { format = 'yaml', name = 'configuration', cwd = process.cwd() } = options;
  const composer = new Composer(options);
  const reading = await readConfigText(text, format, name);
  return composer.finish(name, await composer.compose(reading, resolve(cwd, name), []));
}

class Composer {
  readonly #options: DocumentOptions;
  readonly #cwd: string;
  readonly #environment: Environment;
  readonly #problems: PlacedProblem[] = [];
  /** Whether something that a file names could not be read: what it says is not known. */
  #isPartial = false;
  /** By path; undefined where a file has problems. */
  readonly #done = new Map<string, MapNode | undefined>();

  constructor(options: DocumentOptions) {
    this.#options = options;
    this.#cwd = resolve(options.cwd ?? process.cwd());
    this.#environment = options.environment ?? process.env;
  }

  /** A file with its bases under it.
   *  @param trail - the files that extend it. */
  async file(path: string, trail: readonly string[]): Promise<MapNode | undefined> {
    if (this.#done.has(path)) return this.#done.get(path);
    const node = await this.compose(await readConfigFile(path, this.#nameOf(path)), path, trail);
    this.#done.set(path, node);
    return node;
  }

  async compose(
    { node, problems }: { node: ConfigNode | undefined; problems: readonly PlacedProblem[] },
    path: string,
    trail: readonly string[],
  ): Promise<MapNode | undefined> {
    this.#problems.push(...problems);
    if (node?.kind !== 'map') {
      this.#isPartial = true;
      return undefined;
    }
    const filled = withEnvironment(node, this.#environment, this.#problems) as MapNode; // a map gives a map
    const entries = new Map(filled.entries);
    const bases = entries.get('extends');
    entries.delete('extends');
    let composed: MapNode = { ...filled, entries };
    for (const base of bases ? this.#basesOf(bases.node).reverse() : []) {
      const below = await this.#base(base, path, [...trail, path]);
      if (below) composed = { ...(mergeNodes(below, composed) as MapNode), place: filled.place }; // two maps make a map
    }
    return composed;
  }

  #basesOf(node: ConfigNode): { name: string; node: ConfigNode }[] {
    const items = node.kind === 'list' ? node.items : [node];
    return items.flatMap((item) => {
      if (item.kind === 'scalar' && typeof item.value === 'string' && item.value !== '')
        return [{ name: item.value, node: item }];
      this.#problems.push({
        place: item.place,
        text: 'extends: expected the path of a file, or a list of them, got another value',
      });
      return [];
    });
  }

  async #base(
    { name, node }: { name: string; node: ConfigNode },
    from: string,
    trail: readonly string[],
  ): Promise<MapNode | undefined> {
    const { path, tried } = await firstFile([resolve(dirname(from), name)]);
    const names = (paths: readonly string[]): string[] => paths.map((each) => this.#nameOf(each));
    if (path === undefined) {
      const text = `extends: expected a configuration file, got none at ${names(tried).join(', ')}`;
      this.#isPartial = true;
      this.#problems.push({ place: node.place, text });
      return undefined;
    }
    if (trail.includes(path)) {
      const circle = names([...trail.slice(trail.indexOf(path)), path]).join(' -> ');
      this.#isPartial = true;
      this.#problems.push({ place: node.place, text: `extends: expected files without a circle, got ${circle}` });
      return undefined;
    }
    return this.file(path, trail);
  }

  /** Puts overrides on. */
  async finish(name: string, root: MapNode | undefined): Promise<Composition> {
    let composed = root;
    for (const [path, value] of Object.entries(this.#options.parameters ?? {})) {
      const place = { source: `parameter ${path}` };
      const override = { path: path.split('.'), place, node: nodeOf(value, place) };
      composed &&= applyOverride(composed, override, this.#problems);
    }
    for (const given of this.#options.overrides ?? []) {
      const override = await readOverride(given, this.#environment, this.#problems);
      if (override) composed &&= applyOverride(composed, override, this.#problems);
    }
    if (!composed || this.#isPartial) throw new ConfigError(`read "${name}"`, problemLines(this.#problems));
    const document = new ConfigDocument(name, { files: [...this.#done.keys()], root: composed, cwd: this.#cwd });
    return { document, problems: this.#problems };
  }

  /** A file below the working directory by its path from there. */
  #nameOf(path: string): string {
    const short = relative(this.#cwd, path);
    return short.startsWith('..') || isAbsolute(short) ? path : short;
  }
}
