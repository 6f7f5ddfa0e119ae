// Bytes in sequence into memory that is there already: a tensor's, so that nothing is copied twice.
import type { OpenFile } from '../../../serial/open-file.ts';
import type { ChunkSource } from './chunk-source.ts';

/** Gives bytes one after the other. */
export interface ByteFeed {
  /** Fills `into`. @returns how many bytes there were: fewer only at the end. */
  fill(into: Uint8Array): Promise<number>;
}

/** Makes an error of a problem, which reads "expected …, got …". */
export type Fail = (problem: string) => Error;

/** Deflate makes data at most so many times as long. Source: zlib's technical notes. */
export const maxInflation = 1032;
/** Bytes of one read: more at a time take Linux longer. */
const readBytes = 1 << 22;

/** The bytes of a file from `position` to `end`. */
export function fileFeed(file: OpenFile, position: number, end: number): ByteFeed {
  let at = position;
  return {
    async fill(into) {
      const wanted = Math.min(into.length, end - at);
      let filled = 0;
      while (filled < wanted) {
        const { bytesRead } = await file.read(into, filled, Math.min(readBytes, wanted - filled), at);
        if (bytesRead === 0) break;
        at += bytesRead;
        filled += bytesRead;
      }
      return filled;
    },
  };
}

/** The bytes of chunks. */
export function chunkFeed(source: Pick<ChunkSource, 'next'>): ByteFeed {
  let chunk: Uint8Array | undefined = new Uint8Array();
  return {
    async fill(into) {
      let filled = 0;
      while (filled < into.length && chunk !== undefined) {
        const part = chunk.subarray(0, into.length - filled);
        into.set(part, filled);
        filled += part.length;
        chunk = part.length < chunk.length ? chunk.subarray(part.length) : await source.next();
      }
      return filled;
    },
  };
}

/** Fills `into` with bytes of `what`.
 *  @param fail - makes an error of what is wrong: the bytes end before. */
export async function fillWhole(feed: ByteFeed, into: Uint8Array, what: string, fail: Fail): Promise<void> {
  const filled = await feed.fill(into);
  if (filled < into.length)
    throw fail(`expected ${into.length} bytes of ${what}, got ${filled}: the file is cut short`);
}

/** Requires that the bytes end behind `what`. */
export async function requireEnd(feed: ByteFeed, what: string, fail: Fail): Promise<void> {
  if ((await feed.fill(new Uint8Array(1))) > 0) throw fail(`expected nothing behind ${what}, got more bytes`);
}
