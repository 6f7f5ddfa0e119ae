// Chooses the storage by the address that a user wrote.

import { type LoadOptions, load } from '../../../serial/tensors.ts';
import type { FoundCheckpoint } from '../store.ts';
import { BucketStorage } from './bucket.ts';
import { DiskStorage } from './disk.ts';
import { openGcs } from './gcs.ts';
import { openS3 } from './s3.ts';
import type { CheckpointStorage } from './storage.ts';

/** The storage of a folder, or of a prefix of a bucket (s3://, gs://). Opens nothing.
 *  @throws {RangeError} for an address of another kind. */
export function storageOf(place: string): CheckpointStorage {
  const [, scheme] = /^(\w+):\/\//.exec(place) ?? [];
  if (scheme === undefined) return new DiskStorage(place);
  if (scheme === 's3') return new BucketStorage(place, openS3);
  if (scheme === 'gs') return new BucketStorage(place, openGcs);
  throw new RangeError(`Cannot keep checkpoints in "${place}": expected a folder, s3:// or gs://, got "${scheme}://"`);
}

/** Reads one checkpoint by its path or address. */
export async function readFrom(path: string, options: LoadOptions = {}): Promise<FoundCheckpoint> {
  if (!path.includes('://')) return { path, value: await load(path, options), rejected: [] };
  const cut = path.lastIndexOf('/');
  return { path, value: await storageOf(path.slice(0, cut)).read(path.slice(cut + 1)), rejected: [] };
}
