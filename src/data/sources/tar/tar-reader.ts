// Reads the files of a tar archive in order, from the header of any of them on.
import { DataFileError } from '../../../errors.ts';
import { SequentialFile } from '../reading/sequential-file.ts';
import { BLOCK_BYTES, paddedBytes, parsePaxRecords, parseTarHeader, type TarHeader } from './tar-header.ts';

/** A file of an archive, before its bytes are read. */
export interface TarEntry {
  readonly name: string;
  readonly size: number;
  /** Where its first header begins: where to open the archive to read it again. */
  readonly offset: number;
}

/** Names and records that stand before a header are short; one that says otherwise is damaged. */
const MAX_EXTENSION_BYTES = 1 << 20;

/** Why an entry is refused whose bytes are not the file's. */
const REFUSED: Readonly<Record<string, string>> = {
  '1': 'a hard link; write the archive with --hard-dereference',
  '2': 'a symbolic link; write the archive with --dereference',
  '3': 'a device',
  '4': 'a device',
  '6': 'a pipe',
  S: 'a sparse file; write the archive without --sparse',
  M: 'a part of a file that goes on in another archive',
};

/**
 * Knows ustar, GNU's and pax archives, and those of before. Folders are passed over. Every error names the archive and the place in it, and where it
 * is known the file.
 */
export class TarReader {
  readonly #file: SequentialFile;
  readonly #path: string;
  /** Bytes of the entry given last that have not been passed over. */
  #unread = 0;
  /** The name of the entry read last, for the message where the archive is cut short. */
  #last: string | undefined;

  constructor(path: string, offset: number) {
    this.#file = new SequentialFile(path, offset);
    this.#path = path;
  }

  /** The next file; undefined behind the last. @throws {Error} where the archive is damaged, or cut short. */
  async next(): Promise<TarEntry | undefined> {
    await this.#passOver();
    let offset = this.#file.position;
    let longName: string | undefined;
    let pax: ReadonlyMap<string, string> | undefined;
    for (;;) {
      const at = this.#file.position;
      const header = await this.#header();
      if (header === undefined) {
        await this.#expectEnd();
        return undefined;
      }
      const { type } = header;
      if (type === 'L') longName = withoutZeros(await this.#extension(header, at));
      else if (type === 'x') pax = this.#records(await this.#extension(header, at), at);
      else if (type === 'g' || type === 'K' || type === 'X') await this.#extension(header, at);
      else {
        const name = pax?.get('path') ?? longName ?? header.name;
        const size = this.#sizeOf(header, pax, at);
        const isSparse = [...(pax?.keys() ?? [])].some((key) => key.startsWith('GNU.sparse.'));
        const refused = isSparse ? REFUSED.S : REFUSED[type];
        if (refused !== undefined) this.#fail(at, `a file as "${name}"`, refused);
        this.#unread = paddedBytes(size);
        this.#last = name;
        const isFolder = type === '5' || type === 'D' || type === 'V' || name.endsWith('/');
        if (!isFolder) return { name, size, offset };
        await this.#passOver();
        offset = this.#file.position;
        longName = undefined;
        pax = undefined;
      }
    }
  }

  /** The bytes of the entry given last, in memory of their own. */
  async read(entry: TarEntry): Promise<Uint8Array> {
    const taking = this.#file.take(entry.size);
    const bytes = taking instanceof Promise ? await taking : taking;
    this.#unread -= bytes.length;
    if (bytes.length < entry.size) this.#cutShort(entry.offset, `${entry.size} bytes of "${entry.name}"`, bytes.length);
    return bytes;
  }

  close(): Promise<void> {
    return this.#file.close();
  }

  /** Passes over what is left of the entry given last, and what fills its last block. */
  async #passOver(): Promise<void> {
    const { position } = this.#file;
    const passed = await this.#file.pass(this.#unread);
    if (passed < this.#unread) this.#cutShort(position, `${this.#unread} more bytes of "${this.#last}"`, passed);
    this.#unread = 0;
  }

  async #header(): Promise<TarHeader | undefined> {
    const { position } = this.#file;
    const isThere = this.#file.need(BLOCK_BYTES);
    if (!(typeof isThere === 'boolean' ? isThere : await isThere)) {
      const after = this.#last === undefined ? '' : ` behind "${this.#last}"`;
      this.#cutShort(position, `a header or the end of the archive${after}`, this.#file.buffered.length);
    }
    let header: TarHeader | undefined;
    try {
      header = parseTarHeader(this.#file.buffered);
    } catch (error) {
      this.#fail(position, '', '', error);
    }
    this.#file.skip(BLOCK_BYTES);
    return header;
  }

  /** The bytes of an entry that says something of the next one. */
  async #extension({ size }: TarHeader, at: number): Promise<Uint8Array> {
    if (size > MAX_EXTENSION_BYTES) this.#fail(at, `a name or records of at most ${MAX_EXTENSION_BYTES} bytes`, size);
    const bytes = await this.#file.take(size);
    const padding = paddedBytes(size) - size;
    if (bytes.length < size || (await this.#file.pass(padding)) < padding)
      this.#cutShort(at, `${size} bytes of names or records`, bytes.length);
    return bytes;
  }

  #records(body: Uint8Array, at: number): ReadonlyMap<string, string> {
    try {
      return parsePaxRecords(body);
    } catch (error) {
      return this.#fail(at, '', '', error);
    }
  }

  #sizeOf(header: TarHeader, pax: ReadonlyMap<string, string> | undefined, at: number): number {
    const text = pax?.get('size');
    if (text === undefined) return header.size;
    const size = /^[0-9]{1,15}$/.test(text) ? Number(text) : undefined;
    return size ?? this.#fail(at, 'a size in the pax records', JSON.stringify(text));
  }

  /** Behind the first block of zeros there may be more of them, and nothing else. */
  async #expectEnd(): Promise<void> {
    do {
      const { buffered, position } = this.#file;
      const other = buffered.findIndex((byte) => byte !== 0);
      if (other >= 0) {
        this.#fail(
          position + other,
          'nothing behind the end of the archive',
          'more; archives that were put together by cat need to be files of their own',
        );
      }
      this.#file.skip(buffered.length);
    } while (await this.#file.more());
  }

  #cutShort(at: number, wanted: string, got: number): never {
    return this.#fail(at, wanted, `${got} bytes: the archive is cut short`);
  }

  #fail(at: number, wanted: string, got: string | number, cause?: unknown): never {
    const reason = cause instanceof Error ? cause.message : `expected ${wanted}, got ${got}`;
    const behind = cause !== undefined && this.#last !== undefined ? `, behind "${this.#last}"` : '';
    throw new DataFileError(`Cannot read "${this.#path}" at byte ${at}: ${reason}${behind}`, {
      path: this.#path,
      cause,
    });
  }
}

function withoutZeros(bytes: Uint8Array): string {
  const end = bytes.indexOf(0);
  return new TextDecoder('utf-8', { ignoreBOM: true }).decode(end < 0 ? bytes : bytes.subarray(0, end));
}
