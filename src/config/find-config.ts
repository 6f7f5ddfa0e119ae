// Finds a configuration by its name, and reads the file.

import { readFile, stat } from 'node:fs/promises';
import { dirname, extname, isAbsolute, join, resolve } from 'node:path';
import type { ConfigNode } from './node.ts';
import type { PlacedProblem } from './place.ts';
import { readJson } from './read-json.ts';
import { readYaml } from './read-yaml.ts';
import { decodeText, MAX_BYTES, type TextReading } from './reading.ts';

const ENDINGS = ['.yaml', '.yml', '.json'];

/** Where configurations lie. */
export interface SearchFolders {
  /** Default: the process's. */
  readonly cwd?: string;
  /** Default: the nearest folder at or above `cwd` with a package.json. */
  readonly projectRoot?: string;
  /** Default: `configs` in the project's root. */
  readonly configDir?: string;
}

/** A file that was found, or where it was looked for. */
export interface FoundConfig {
  readonly path: string | undefined;
  readonly tried: readonly string[];
}

/** Looks for a file in the working directory, then in the project's root, then in its folder of configurations; the ending may be left out.
 *  Source: model-training-framework's search order. */
export async function findConfig(name: string, folders: SearchFolders = {}): Promise<FoundConfig> {
  const cwd = resolve(folders.cwd ?? process.cwd());
  if (isAbsolute(name)) return firstFile([name]);
  const root = folders.projectRoot ?? (await projectRootOf(cwd));
  const configDir = folders.configDir ?? join(root, 'configs');
  return firstFile([...new Set([cwd, root, configDir].map((folder) => resolve(cwd, folder, name)))]);
}

/** The first of some paths that is a file, each with the endings of configurations where it has none. */
export async function firstFile(paths: readonly string[]): Promise<FoundConfig> {
  const tried = paths.flatMap((path) =>
    ENDINGS.includes(extname(path)) ? [path] : [path, ...ENDINGS.map((ending) => path + ending)],
  );
  for (const path of tried) if (await isFile(path)) return { path, tried };
  return { path: undefined, tried };
}

async function isFile(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isFile();
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '')) return false;
    throw error;
  }
}

async function projectRootOf(cwd: string): Promise<string> {
  for (let folder = cwd; ; folder = dirname(folder)) {
    if (await isFile(join(folder, 'package.json'))) return folder;
    if (dirname(folder) === folder) return cwd;
  }
}

/** Reads a file of YAML or JSON, by its ending.
 *  @param source - the file as messages name it. */
export async function readConfigFile(path: string, source: string): Promise<TextReading> {
  const refuse = (text: string): TextReading => ({ node: undefined, problems: [{ place: { source }, text }] });
  const ending = extname(path);
  if (!ENDINGS.includes(ending)) return refuse(`expected a file that ends in ${ENDINGS.join(', ')}, got "${ending}"`);
  const { size } = await stat(path);
  if (size > MAX_BYTES) return refuse(`expected at most ${MAX_BYTES} bytes, got ${size}`);
  const decoded = decodeText(await readFile(path));
  if ('problem' in decoded) return refuse(decoded.problem);
  return readConfigText(decoded.text, ending === '.json' ? 'json' : 'yaml', source);
}

/** Reads the text of a configuration, which has to be an object.
 *  @param source - the file as messages name it. */
export async function readConfigText(text: string, format: 'yaml' | 'json', source: string): Promise<TextReading> {
  const plain = text.replace(/^\uFEFF/, '');
  const reading = format === 'json' ? readJson(plain, source) : await readYaml(plain, source);
  const { node } = reading;
  if (!node || node.kind === 'map') return reading;
  const problem: PlacedProblem = { place: node.place, text: `expected an object, got ${kindOf(node)}` };
  return { node: undefined, problems: [...reading.problems, problem] };
}

const kindOf = (node: ConfigNode): string => (node.kind === 'list' ? 'a list' : 'a single value');
