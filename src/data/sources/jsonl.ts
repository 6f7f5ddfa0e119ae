// JSON lines: a value a line, by number or in sequence.
import { DataFileError } from '../../errors.ts';
import type { Dataset } from '../datasets/dataset.ts';
import type { IterableDataset, SampleStream, StreamState } from '../datasets/iterable.ts';
import { OptionProblems } from '../option-problems.ts';
import { reasonOf } from './reading/byte-source.ts';
import { TextLineDataset } from './text/text-line-dataset.ts';
import { TextLines } from './text/text-lines.ts';

/** Options of {@link JsonlDataset.open} and {@link JsonlStream}. */
export interface JsonlOptions<T> {
  /** Checks a line's value and makes the sample of it; what it throws becomes an error that names the line. Default: the value itself. */
  readonly parse?: ((value: unknown) => T) | undefined;
}

/**
 * The values of JSON Lines files by number, one a line; empty lines do not count. Opening reads the files once; a sample is one read of its line.
 * Memory: 4 bytes a line, 8 in files of 4 GiB and more. Compressed files are for `JsonlStream`. Integers above 2^53 lose digits, as JSON does in JavaScript.
 * Made by `JsonlDataset.open`; `close()` it.
 * @example
 * import { JsonlDataset } from 'sconce/data';
 * import { writeFileSync } from 'node:fs';
 * writeFileSync('/tmp/sconce-doc.jsonl', '{"text": "to be", "label": 1}\n{"text": "or not", "label": 0}\n');
 * const dataset = await JsonlDataset.open<{ text: string; label: number }>('/tmp/sconce-doc.jsonl');
 * dataset.length; // 2
 * (await dataset.get(1)).text; // 'or not'
 */
export class JsonlDataset<T = unknown> implements Dataset<T> {
  readonly name: string;
  readonly length: number;
  readonly #files: readonly { readonly path: string; readonly lines: TextLineDataset }[];
  readonly #parse: JsonlOptions<T>['parse'];

  private constructor(files: readonly { path: string; lines: TextLineDataset }[], parse: JsonlOptions<T>['parse']) {
    this.#files = files;
    this.#parse = parse;
    this.length = files.reduce((sum, { lines }) => sum + lines.length, 0);
    this.name = `JsonlDataset of ${nameOf(files.map(({ path }) => path))}`;
  }

  /** Opens files, which stay open until `close()`. @throws {TypeError} for none, or a compressed one. @throws {DataFileError} naming one that cannot be read. */
  static async open<T = unknown>(
    paths: string | readonly string[],
    options: JsonlOptions<T> = {},
  ): Promise<JsonlDataset<T>> {
    checkOptions(options, 'open a JsonlDataset');
    const files: { path: string; lines: TextLineDataset }[] = [];
    try {
      for (const path of pathsOf(paths, 'a JsonlDataset'))
        files.push({ path, lines: await TextLineDataset.open(path, { skipsEmpty: true }) });
    } catch (error) {
      for (const { lines } of files) await lines.close();
      throw error;
    }
    return new JsonlDataset(files, options.parse);
  }

  /** @throws {DataFileError} naming the file and the line, for one that is no JSON. */
  async get(index: number): Promise<T> {
    let line = index;
    let number = 0;
    while (line >= this.#files[number]!.lines.length) line -= this.#files[number++]!.lines.length;
    const { path, lines } = this.#files[number]!;
    const text = await lines.get(line);
    const parsed = parseLine(text, this.#parse);
    if ('value' in parsed) return parsed.value;
    throw badLine(path, await lineNumber(path, line), parsed);
  }

  /** Lets go of the files. */
  async close(): Promise<void> {
    for (const { lines } of this.#files) await lines.close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }
}

/**
 * The values of JSON Lines files one after the other, one a line; empty lines do not count. Files whose names end in .gz are decompressed. The position is
 * exact. A line that is no JSON is an error that names file and line; behind it the stream goes on.
 */
export class JsonlStream<T = unknown> implements IterableDataset<T> {
  readonly name: string;
  readonly #lines: TextLines;
  readonly #parse: JsonlOptions<T>['parse'];

  /** @throws {TypeError} for no file. */
  constructor(paths: string | readonly string[], options: JsonlOptions<T> = {}) {
    checkOptions(options, 'make a JsonlStream');
    const files = pathsOf(paths, 'a JsonlStream');
    this.name = `JsonlStream of ${nameOf(files)}`;
    this.#lines = new TextLines(files);
    this.#parse = options.parse;
  }

  open(epoch: number, state?: StreamState): SampleStream<T> {
    const lines = this.#lines.open(epoch, state);
    const take = (text: string): T | typeof empty => {
      if (text.trim() === '') return empty;
      const parsed = parseLine(text, this.#parse);
      if ('value' in parsed) return parsed.value;
      const { file, line } = lines.state() as { file: number; line: number }; // of TextLines: the line that was read last
      throw badLine(this.#lines.files[file]!, line, parsed);
    };
    const next = (): T | undefined | Promise<T | undefined> => {
      for (;;) {
        const text = lines.next();
        if (text instanceof Promise) {
          return text.then((later): T | undefined | Promise<T | undefined> => {
            const taken = later === undefined ? undefined : take(later);
            return taken === empty ? next() : taken;
          });
        }
        const taken = text === undefined ? undefined : take(text);
        if (taken !== empty) return taken;
      }
    };
    return { next, state: () => lines.state(), close: () => lines.close() };
  }
}

/** What stands for a line without a value. */
const empty = Symbol('empty');

function parseLine<T>(
  text: string,
  parse: JsonlOptions<T>['parse'],
): { value: T } | { wanted: string; cause: unknown; text: string } {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    return { wanted: 'JSON', cause, text };
  }
  try {
    return { value: parse ? parse(value) : (value as T) }; // without `parse` the type is what the caller says it is
  } catch (cause) {
    return { wanted: 'a value that `parse` takes', cause, text };
  }
}

function badLine(
  path: string,
  line: number,
  { wanted, cause, text }: { wanted: string; cause: unknown; text: string },
): DataFileError {
  const shown = JSON.stringify(text.length > 40 ? `${text.slice(0, 40)}…` : text);
  const problem = `expected ${wanted}, got ${shown} (${reasonOf(cause)})`;
  return new DataFileError(`Cannot read JSON Lines "${path}", line ${line}: ${problem}`, { path, line, cause });
}

/** The line, from 1, of value `index`. Reads the file up to there, which an error is worth. */
async function lineNumber(path: string, index: number): Promise<number> {
  const stream = new TextLines(path).open(0);
  try {
    let line = 0;
    for (let left = index; ; ) {
      const text = await stream.next();
      line++;
      if (text === undefined || (text !== '' && left-- === 0)) return line;
    }
  } finally {
    await stream.close();
  }
}

function checkOptions(options: JsonlOptions<unknown>, action: string): void {
  const problems = new OptionProblems();
  problems.expectKnown(options, ['parse']);
  const { parse } = options;
  problems.expect(parse === undefined || typeof parse === 'function', 'parse', { wanted: 'a function', got: parse });
  problems.throwIfAny(action);
}

function pathsOf(paths: string | readonly string[], what: string): readonly string[] {
  const all = typeof paths === 'string' ? [paths] : paths;
  if (all.length === 0) throw new TypeError(`Cannot make ${what}: expected the path of a file, got none`);
  return all;
}

function nameOf(paths: readonly string[]): string {
  return paths.length === 1 ? `"${paths[0]}"` : `"${paths[0]}" and ${paths.length - 1} more`;
}
