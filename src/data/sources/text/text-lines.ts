// `TextLines`: the lines of text files in sequence, from any place on.
import { basename } from 'node:path';
import type { IterableDataset, SampleStream, StreamState } from '../../datasets/iterable.ts';
import { SequentialFile } from '../reading/sequential-file.ts';
import { checkStreamState, mismatch } from '../reading/stream-state.ts';
import { decodeUtf8 } from './utf8.ts';

/** A line longer than this is taken for a file that is no text: no string could hold it. */
const MAX_LINE_BYTES = 2 ** 26;
const NEWLINE = 10;
const CARRIAGE_RETURN = 13;

/**
 * The lines of text files one after the other, in UTF-8, without their ends ("\n" or "\r\n") and without a byte order mark. Files whose names end in .gz
 * are decompressed; to go on in the middle of one, it is decompressed from its beginning.
 * Errors name the file and the line; behind a line that is no UTF-8 the stream goes on.
 * @example
 * import { mkdtempSync, writeFileSync } from 'node:fs';
 * import { TextLines } from 'sconce/data';
 * const path = `${mkdtempSync('/tmp/lines-')}/text.txt`;
 * writeFileSync(path, 'to be\nor not\nto be\n');
 * const stream = new TextLines(path).open(0);
 * await stream.next(); // 'to be'
 * const state = stream.state();
 * await new TextLines(path).open(0, state).next(); // 'or not'
 */
export class TextLines implements IterableDataset<string> {
  readonly name: string;
  readonly files: readonly string[];

  /** @throws {TypeError} for no file. */
  constructor(files: string | readonly string[]) {
    this.files = typeof files === 'string' ? [files] : [...files];
    if (this.files.length === 0) throw new TypeError('Cannot make TextLines: expected the path of a file, got none');
    this.name = `TextLines of ${this.files.length === 1 ? `"${this.files[0]}"` : `${this.files.length} files`}`;
  }

  /** @throws {CheckpointError} for a state of other files. */
  open(_epoch: number, state?: StreamState): TextLineStream {
    return new TextLineStream(this, state);
  }
}

const START = { file: 0, path: '', offset: 0, line: 0 };

/** A stream of lines. */
class TextLineStream implements SampleStream<string> {
  readonly #dataset: TextLines;
  /** The file being read, its number, and how many of its lines have been read. */
  #file: SequentialFile | undefined;
  #fileNumber: number;
  #line: number;
  /** Where in the file the stream stands while none is open. */
  #offset: number;

  constructor(dataset: TextLines, state: StreamState | undefined) {
    const { file, path, offset, line } = checkStreamState(state, START, dataset.name);
    const expected = basename(dataset.files[file] ?? '');
    if (path !== expected && state !== undefined)
      throw mismatch(dataset.name, `file ${file} to be "${path}"`, expected ? `"${expected}"` : 'none');
    this.#dataset = dataset;
    this.#fileNumber = file;
    this.#line = line;
    this.#offset = offset;
  }

  state(): StreamState {
    const path = basename(this.#dataset.files[this.#fileNumber] ?? '');
    return { file: this.#fileNumber, path, offset: this.#file?.position ?? this.#offset, line: this.#line };
  }

  next(): string | undefined | Promise<string | undefined> {
    const line = this.#file && takeLine(this.#file);
    return line ? this.#decode(line) : this.#readOn();
  }

  async #readOn(): Promise<string | undefined> {
    for (; this.#fileNumber < this.#dataset.files.length; await this.#endFile()) {
      const path = this.#dataset.files[this.#fileNumber]!;
      this.#file ??= new SequentialFile(path, this.#offset);
      const file = this.#file;
      for (;;) {
        if (file.position === 0) await skipMark(file);
        const line = takeLine(file);
        if (line) return this.#decode(line);
        if (file.buffered.length > MAX_LINE_BYTES)
          throw new RangeError(
            `Cannot read "${path}": expected lines of at most ${MAX_LINE_BYTES} bytes, got more in line ${this.#line + 1}`,
          );
        if (await file.more()) continue;
        const rest = file.buffered.slice(); // a last line without an end
        file.skip(rest.length);
        if (rest.length > 0) return this.#decode(rest);
        break;
      }
    }
    return undefined;
  }

  /** The next `more` would use the bytes' memory again, but not before the line is a string. */
  #decode(line: Uint8Array): string {
    const end = line.at(-1) === CARRIAGE_RETURN ? line.length - 1 : line.length;
    this.#line++;
    return decodeUtf8(line.subarray(0, end), `read "${this.#file!.path}"`, `line ${this.#line}`);
  }

  async #endFile(): Promise<void> {
    await this.close();
    this.#fileNumber++;
    this.#offset = 0;
    this.#line = 0;
  }

  async close(): Promise<void> {
    const file = this.#file;
    this.#offset = file?.position ?? this.#offset;
    this.#file = undefined;
    await file?.close();
  }
}

/** Takes a whole line with its end, and gives it without its "\n"; undefined where none is buffered. */
function takeLine(file: SequentialFile): Uint8Array | undefined {
  const { buffered } = file;
  const end = buffered.indexOf(NEWLINE);
  if (end < 0) return undefined;
  file.skip(end + 1);
  return buffered.subarray(0, end);
}

/** Passes over a byte order mark. */
async function skipMark(file: SequentialFile): Promise<void> {
  await file.need(3);
  const [first, second, third] = file.buffered;
  if (first === 0xef && second === 0xbb && third === 0xbf) file.skip(3);
}
