// Which of PyTorch's formats a file has, and its reader.
import type { DecodeOptions } from './decode-options.ts';
import { isLegacy, readLegacy } from './legacy.ts';
import { isTar, readTar } from './legacy-tar.ts';
import { unreadable } from './problems.ts';
import { readArchive } from './pytorch-zip.ts';
import { type Reading, readMemory } from './reading.ts';

/** Enough of a file's start to tell its format. */
const startBytes = 512;

/** Reads what `torch.save` of any version, Lightning, or `encodeCheckpoint` wrote. Every CRC that there is is checked first.
 *  Storages of a zip archive are views into `file` where their elements are aligned (they are in what PyTorch writes), and keep it alive.
 *  @throws {CheckpointError} if the file is damaged, of another kind, or holds what is not on the list in `values.ts`.
 */
export function decodeCheckpoint(file: Uint8Array, options: DecodeOptions = {}): unknown {
  // A plain array, whatever the caller has: Buffer's slice() is a view where that of a Uint8Array is a copy.
  const plain = new Uint8Array(file.buffer, file.byteOffset, file.byteLength);
  return readMemory(
    plain.length,
    (offset, numBytes) => plain.subarray(offset, offset + numBytes),
    readCheckpoint(plain.length, options),
  );
}

/** The reader of a file of `sizeBytes` bytes. */
export function* readCheckpoint(sizeBytes: number, options: DecodeOptions): Reading<unknown> {
  const start = yield { offset: 0, numBytes: Math.min(startBytes, sizeBytes) };
  if (Buffer.from(start).toString('latin1', 0, 4) === 'PK\x03\x04') return yield* readArchive(sizeBytes, options);
  const read = isLegacy(start) ? readLegacy : isTar(start) ? readTar : undefined;
  if (read === undefined)
    throw unreadable(
      "expected one of PyTorch's files (a zip archive, or one from before 1.6), got another kind of file, or a damaged one",
    );
  if (options.map !== undefined)
    throw unreadable('expected a zip archive to map, got a file from before PyTorch 1.6; load it without mmap');
  return yield* read(sizeBytes, options);
}
