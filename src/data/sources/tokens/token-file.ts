// Files of tokens: little-endian integers one after the other, with what is known of them in a JSON file beside.
import { open, readFile } from 'node:fs/promises';
import { DataFileError } from '../../../errors.ts';
import { reasonOf } from '../reading/byte-source.ts';
import type { TokenArray } from './token-windows.ts';

/** How a file's tokens lie. */
export type TokenDType = 'uint8' | 'uint16' | 'uint32';

/** What a token file's JSON says. */
export interface TokenFileInfo {
  readonly dtype: TokenDType;
  readonly numTokens: number;
  readonly numDocuments: number;
  /** Tokens are below this. */
  readonly vocabSize: number;
  /** What stands behind each document, where anything does. */
  readonly endToken?: number | undefined;
}

const FORMAT = 'sconce-tokens';
const VERSION = 1;

/** Classes of a dtype's arrays. */
export const TOKEN_ARRAYS = { uint8: Uint8Array, uint16: Uint16Array, uint32: Uint32Array } as const;

/** Where the JSON of a token file lies. */
export const tokenInfoPath = (path: string): string => `${path}.json`;

/** The JSON of a token file. */
export function formatTokenInfo(info: TokenFileInfo): string {
  return `${JSON.stringify({ format: FORMAT, version: VERSION, ...info }, undefined, 2)}\n`;
}

/** Reads the JSON beside the token file at `path`; undefined where there is none. @throws {Error} where it is something else. */
async function readTokenInfo(path: string): Promise<TokenFileInfo | undefined> {
  let text: string;
  try {
    text = await readFile(tokenInfoPath(path), 'utf8');
  } catch (error) {
    if ((error as { code?: unknown }).code === 'ENOENT') return undefined;
    throw error;
  }
  try {
    const info = JSON.parse(text) as TokenFileInfo & { format?: unknown; version?: unknown };
    const isKnown = info.format === FORMAT && info.version === VERSION && Object.hasOwn(TOKEN_ARRAYS, info.dtype);
    if (!isKnown || !Number.isSafeInteger(info.numTokens)) throw new TypeError(`format ${String(info.format)}`);
    return info;
  } catch (cause) {
    throw new DataFileError(
      `Cannot read "${tokenInfoPath(path)}": expected what encodeToFile wrote, got ${reasonOf(cause)}`,
      {
        path: tokenInfoPath(path),
        cause,
      },
    );
  }
}

/** What this module needs of Node's FileHandle. */
interface Handle {
  read(into: Uint8Array, offset: number, length: number, position: number): Promise<{ bytesRead: number }>;
  close(): Promise<void>;
}

/** An open file of tokens, which is read in pieces. */
export class TokenFile {
  readonly path: string;
  readonly dtype: TokenDType;
  readonly numTokens: number;
  readonly #handle: Handle;

  private constructor(
    path: string,
    { dtype, numTokens, handle }: { dtype: TokenDType; numTokens: number; handle: Handle },
  ) {
    this.path = path;
    this.dtype = dtype;
    this.numTokens = numTokens;
    this.#handle = handle;
  }

  /**
   * @param dtype - for a file without JSON beside it, as nanoGPT's prepare scripts write.
   * @throws {Error} naming the file: missing, not as its JSON says, of a size that is no multiple of a token's.
   */
  static async open(path: string, dtype: TokenDType | undefined): Promise<TokenFile> {
    const info = await readTokenInfo(path);
    const known = info?.dtype ?? dtype;
    if (known === undefined) {
      throw new TypeError(
        `Cannot read tokens "${path}": expected "${tokenInfoPath(path)}" beside it, got none; say the dtype of its tokens`,
      );
    }
    if (dtype !== undefined && dtype !== known)
      throw new TypeError(`Cannot read tokens "${path}": expected dtype ${known} as its JSON says, got ${dtype}`);
    const handle = await open(path, 'r').catch((cause: unknown) => {
      throw new DataFileError(`Cannot read tokens "${path}": expected a file, got ${reasonOf(cause)}`, { path, cause });
    });
    try {
      const { size } = await handle.stat();
      const tokenBytes = TOKEN_ARRAYS[known].BYTES_PER_ELEMENT;
      const numTokens = info?.numTokens ?? size / tokenBytes;
      if (numTokens * tokenBytes !== size || !Number.isInteger(numTokens)) {
        const wanted = info
          ? `${numTokens} tokens of ${tokenBytes} bytes as its JSON says`
          : `whole tokens of ${tokenBytes} bytes`;
        throw new DataFileError(`Cannot read tokens "${path}": expected ${wanted}, got ${size} bytes`, { path });
      }
      return new TokenFile(path, { dtype: known, numTokens, handle });
    } catch (error) {
      await handle.close();
      throw error;
    }
  }

  /** Reads `length` tokens at each of `starts`, one run after the other. @throws {DataFileError} where the file has become shorter. */
  async read(starts: readonly number[], length: number): Promise<TokenArray> {
    const tokens = new TOKEN_ARRAYS[this.dtype](starts.length * length);
    await this.#readInto(new Uint8Array(tokens.buffer), starts, length);
    return tokens;
  }

  /** All tokens, in memory that threads can share. */
  async readAll(): Promise<TokenArray> {
    const Tokens = TOKEN_ARRAYS[this.dtype];
    const memory = new SharedArrayBuffer(this.numTokens * Tokens.BYTES_PER_ELEMENT);
    await this.#readInto(new Uint8Array(memory), [0], this.numTokens);
    return new Tokens(memory as ArrayBufferLike as ArrayBuffer); // the declaration of a choice of classes names one kind of buffer; any is taken
  }

  async #readInto(bytes: Uint8Array, starts: readonly number[], length: number): Promise<void> {
    const tokenBytes = TOKEN_ARRAYS[this.dtype].BYTES_PER_ELEMENT;
    const readRun = async (start: number, i: number): Promise<void> => {
      const end = (i + 1) * length * tokenBytes;
      for (let at = i * length * tokenBytes, position = start * tokenBytes; at < end; ) {
        const { bytesRead } = await this.#handle.read(bytes, at, Math.min(end - at, MAX_READ_BYTES), position);
        if (bytesRead === 0) {
          throw new DataFileError(
            `Cannot read tokens "${this.path}": expected ${this.numTokens} tokens, got ${Math.floor(position / tokenBytes)}: the file shrank while it was in use`,
            { path: this.path },
          );
        }
        at += bytesRead;
        position += bytesRead;
      }
    };
    // All are waited for: what is still being read would else be written into memory that is in other use by then.
    const ends = await Promise.allSettled(starts.map(readRun));
    const failed = ends.find((end) => end.status === 'rejected');
    if (failed) throw failed.reason;
  }

  close(): Promise<void> {
    return this.#handle.close();
  }
}

/** One call of the system reads at most 2^31 - 1 bytes. */
const MAX_READ_BYTES = 1 << 30;
