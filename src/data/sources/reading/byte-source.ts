// Bytes by position, of a file or of memory: what readers of a format with headers need.
import { open } from 'node:fs/promises';
import { DataFileError } from '../../../errors.ts';
import type { OpenFile } from '../../../serial/open-file.ts';

/** A run of bytes that can be asked for in pieces. */
export interface ByteSource {
  /** What messages call it, as in `"speech.wav"`. */
  readonly label: string;
  /** Of a file. */
  readonly path?: string;
  readonly size: number;
  /** `length` bytes from `position` on, which the caller has checked against `size`. They are the caller's to read, not to change. */
  read(position: number, length: number): Promise<Uint8Array>;
  close(): Promise<void>;
}

/** Bytes of a file's beginning that are read at once: formats keep their headers there. */
const HEAD_BYTES = 1 << 16;

/** Opens a file. @throws {DataFileError} naming it and why it cannot be opened. */
export async function openByteSource(path: string, action: string): Promise<ByteSource> {
  const label = `"${path}"`;
  const fail = (cause: unknown): never => {
    throw new DataFileError(`Cannot ${action} ${label}: expected a file, got ${reasonOf(cause)}`, { path, cause });
  };
  const file = await open(path, 'r').catch(fail);
  try {
    const status = await file.stat();
    if (!status.isFile()) return fail('something else');
    const head = await readExactly(file, { position: 0, length: Math.min(status.size, HEAD_BYTES), path });
    const read = async (position: number, length: number): Promise<Uint8Array> =>
      position + length <= head.length
        ? head.subarray(position, position + length)
        : readExactly(file, { position, length, path });
    return { label, path, size: status.size, read, close: () => file.close() };
  } catch (error) {
    await file.close();
    throw error;
  }
}

/** Bytes in memory as a source. */
export function memorySource(bytes: Uint8Array, label: string): ByteSource {
  return {
    label,
    size: bytes.length,
    read: async (position, length) => bytes.subarray(position, position + length),
    close: async () => undefined,
  };
}

/** @throws {DataFileError} where the file has become shorter than it was when it was opened. */
async function readExactly(
  file: OpenFile,
  { position, length, path }: { position: number; length: number; path: string },
): Promise<Uint8Array> {
  const bytes = new Uint8Array(length);
  for (let at = 0; at < length; ) {
    const { bytesRead } = await file.read(bytes, at, length - at, position + at);
    if (bytesRead === 0) {
      throw new DataFileError(
        `Cannot read "${path}": expected ${length} bytes at ${position}, got ${at}: the file shrank while it was read`,
        { path },
      );
    }
    at += bytesRead;
  }
  return bytes;
}

/** What an error says, for the end of a message. */
export function reasonOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}
