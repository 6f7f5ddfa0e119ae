// Fills many pieces of memory from one run of bytes of a file, several reads at a time.
import type { OpenFile } from './open-file.ts';
import { unreadable } from './problems.ts';

/** Bytes of one read: enough for the call not to matter, few enough for all processors to share a tensor. */
const batchBytes = 1 << 22;
/** Pieces of memory that one read may fill: the least that POSIX lets a system offer is 16, Linux and macOS have 1024. */
const batchPieces = 1024;
const numReaders = 4;

/** A run of bytes of a file and the memory that it goes to. */
interface Batch {
  readonly position: number;
  readonly pieces: readonly Uint8Array[];
}

/** Reads the bytes from `position` on into the pieces, which they fill one after the other.
 *  @throws {CheckpointError} where the file ends before. */
export async function scatterRead(file: OpenFile, position: number, pieces: readonly Uint8Array[]): Promise<void> {
  const batches = cut(position, pieces);
  const work = async (): Promise<void> => {
    for (let batch = batches.next(); !batch.done; batch = batches.next()) await readBatch(file, batch.value);
  };
  // Every reader is waited for, since they write into memory that the caller may free.
  const ends = await Promise.allSettled(Array.from({ length: numReaders }, work));
  const failed = ends.find((end) => end.status === 'rejected');
  if (failed) throw failed.reason;
}

function* cut(start: number, pieces: readonly Uint8Array[]): Generator<Batch> {
  let position = start;
  let batch: Uint8Array[] = [];
  let bytes = 0;
  for (const piece of pieces) {
    for (let at = 0; at < piece.length; ) {
      const part = piece.subarray(at, at + batchBytes - bytes);
      batch.push(part);
      bytes += part.length;
      at += part.length;
      if (bytes < batchBytes && batch.length < batchPieces) continue;
      yield { position, pieces: batch };
      position += bytes;
      batch = [];
      bytes = 0;
    }
  }
  if (bytes > 0) yield { position, pieces: batch };
}

async function readBatch(file: OpenFile, batch: Batch): Promise<void> {
  let { position } = batch;
  let pieces = [...batch.pieces];
  while (pieces.length > 0) {
    const { bytesRead } = await file.readv(pieces, position);
    if (bytesRead === 0) throw unreadable(`expected more bytes at ${position}: the file shrank while it was read`);
    position += bytesRead;
    pieces = without(pieces, bytesRead);
  }
}

/** What is left of pieces whose first bytes are filled. */
function without(pieces: readonly Uint8Array[], numBytes: number): Uint8Array[] {
  let left = numBytes;
  return pieces.flatMap((piece) => {
    const filled = Math.min(left, piece.length);
    left -= filled;
    return filled === piece.length ? [] : [piece.subarray(filled)];
  });
}
