// `TextLineDataset`: the lines of text files by their number.
import { open, stat } from 'node:fs/promises';
import { DataFileError } from '../../../errors.ts';
import type { Dataset } from '../../datasets/dataset.ts';
import { OptionProblems } from '../../option-problems.ts';
import { reasonOf } from '../reading/byte-source.ts';
import { SequentialFile } from '../reading/sequential-file.ts';
import { decodeUtf8 } from './utf8.ts';

const NEWLINE = 10;
const CARRIAGE_RETURN = 13;

/** Options of {@link TextLineDataset.open}. */
export interface TextLineOptions {
  /** Leave out lines with nothing in them. Default false. */
  readonly skipsEmpty?: boolean;
}

/** What this module needs of Node's FileHandle. */
interface Handle {
  read(into: Uint8Array, offset: number, length: number, position: number): Promise<{ bytesRead: number }>;
  close(): Promise<void>;
}

/** A file whose lines are known. */
interface LineFile {
  readonly path: string;
  readonly handle: Handle;
  /** Where each line begins, then where the file ends. Of 32 bits where the file is below 4 GiB. */
  readonly starts: Uint32Array | Float64Array;
}

/**
 * The lines of one or more text files, in UTF-8, by number: without their ends ("\n" or "\r\n"), and without a byte order mark. Opening reads the files
 * once; a sample is one read of its line. Memory: 4 bytes a line, 8 in files of 4 GiB and more. Compressed text is for `TextLines`, in sequence.
 * @example
 * import { mkdtempSync, writeFileSync } from 'node:fs';
 * import { TextLineDataset } from 'sconce/data';
 * const path = `${mkdtempSync('/tmp/lines-')}/text.txt`;
 * writeFileSync(path, 'to be\nor not\n');
 * const lines = await TextLineDataset.open(path);
 * lines.length; // 2
 * await lines.get(1); // 'or not'
 */
export class TextLineDataset implements Dataset<string> {
  readonly name: string;
  readonly length: number;
  readonly #files: readonly LineFile[];

  private constructor(files: readonly LineFile[]) {
    this.#files = files;
    this.length = files.reduce((sum, { starts }) => sum + starts.length - 1, 0);
    this.name = `TextLineDataset of ${files.length === 1 ? `"${files[0]!.path}"` : `${files.length} files`}`;
  }

  /** Opens files, which stay open until `close()`. @throws {TypeError} for none, or a compressed one. @throws {DataFileError} naming one that cannot be read. */
  static async open(paths: string | readonly string[], options: TextLineOptions = {}): Promise<TextLineDataset> {
    const problems = new OptionProblems();
    problems.expectKnown(options, ['skipsEmpty']);
    problems.throwIfAny('open a TextLineDataset');
    const all = typeof paths === 'string' ? [paths] : paths;
    if (all.length === 0) throw new TypeError('Cannot open a TextLineDataset: expected the path of a file, got none');
    const files: LineFile[] = [];
    try {
      for (const path of all) files.push(await openLines(path, options.skipsEmpty ?? false));
    } catch (error) {
      await closeAll(files);
      throw error;
    }
    return new TextLineDataset(files);
  }

  async get(index: number): Promise<string> {
    let line = index;
    let number = 0;
    while (line >= this.#files[number]!.starts.length - 1) line -= this.#files[number++]!.starts.length - 1;
    const { path, handle, starts } = this.#files[number]!;
    const start = starts[line]!;
    const bytes = new Uint8Array(starts[line + 1]! - start);
    for (let at = 0; at < bytes.length; ) {
      const { bytesRead } = await handle.read(bytes, at, bytes.length - at, start + at);
      if (bytesRead === 0)
        throw new DataFileError(
          `Cannot read "${path}": expected a line at byte ${start}, got the file's end: it shrank meanwhile`,
          { path },
        );
      at += bytesRead;
    }
    const end = bytes.indexOf(NEWLINE); // what follows it are empty lines that are left out
    return decodeUtf8(
      withoutEnd(bytes, end < 0 ? bytes.length : end),
      `read "${path}"`,
      `the line that begins at byte ${start}`,
    );
  }

  /** Lets go of the files. */
  close(): Promise<void> {
    return closeAll(this.#files);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }
}

function withoutEnd(bytes: Uint8Array, end: number): Uint8Array {
  return bytes.subarray(0, bytes[end - 1] === CARRIAGE_RETURN ? end - 1 : end);
}

async function closeAll(files: readonly LineFile[]): Promise<void> {
  for (const { handle } of files) await handle.close();
}

async function openLines(path: string, skipsEmpty: boolean): Promise<LineFile> {
  if (/\.gz$/i.test(path)) {
    throw new TypeError(
      `Cannot open a TextLineDataset: expected text whose lines can be read alone, got the compressed "${path}"; read it in sequence with TextLines`,
    );
  }
  const fail = (cause: unknown): never => {
    throw new DataFileError(`Cannot read "${path}": expected a file, got ${reasonOf(cause)}`, { path, cause });
  };
  const { size } = await stat(path).catch(fail);
  const starts = await findLines(path, { size, skipsEmpty });
  return { path, starts, handle: await open(path, 'r').catch(fail) };
}

/** Where the lines of a file begin, then where it ends. */
async function findLines(
  path: string,
  { size, skipsEmpty }: { size: number; skipsEmpty: boolean },
): Promise<LineFile['starts']> {
  const Starts = size < 2 ** 32 ? Uint32Array : Float64Array;
  let starts = new Starts(1024);
  let count = 0;
  const add = (position: number): void => {
    if (count === starts.length) {
      const larger = new Starts(2 * count);
      larger.set(starts);
      starts = larger;
    }
    starts[count++] = position;
  };
  const file = new SequentialFile(path);
  try {
    await file.need(3);
    const hasMark = file.buffered[0] === 0xef && file.buffered[1] === 0xbb && file.buffered[2] === 0xbf;
    let start = hasMark ? 3 : 0; // of the line that is being looked at
    if (hasMark) file.skip(3);
    let last = 0; // the byte before those that are buffered
    for (;;) {
      const { buffered, position } = file;
      for (let at = 0; ; ) {
        const end = buffered.indexOf(NEWLINE, at);
        if (end < 0) break;
        const length = position + end - start;
        const isEmpty = length === 0 || (length === 1 && (end > 0 ? buffered[end - 1] : last) === CARRIAGE_RETURN);
        if (!(skipsEmpty && isEmpty)) add(start);
        at = end + 1;
        start = position + at;
      }
      last = buffered.at(-1) ?? last;
      file.skip(buffered.length);
      if (!(await file.more())) break;
    }
    const rest = file.position - start; // a last line without an end
    if (rest > 0 && !(skipsEmpty && rest === 1 && last === CARRIAGE_RETURN)) add(start);
    add(file.position);
    return starts.slice(0, count);
  } finally {
    await file.close();
  }
}
