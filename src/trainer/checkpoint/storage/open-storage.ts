// Chooses the storage by the address that a user wrote.

import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { CheckpointError } from '../../../errors.ts';
import { type LoadOptions, load, save } from '../../../serial/tensors.ts';
import type { FoundCheckpoint } from '../store.ts';
import { type Bucket, BucketStorage } from './bucket.ts';
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
  const [place, name] = placeAndName(path);
  return { path, value: await storageOf(place).read(name), rejected: [] };
}

/** Writes one checkpoint to its path or address, and makes its folder where there is none. What the value is, it is when this is called.
 *  @throws {CheckpointError} where it cannot be written; what was there before still is. */
export async function writeTo(path: string, value: unknown): Promise<void> {
  if (path.includes('://')) {
    const [place, name] = placeAndName(path);
    return storageOf(place).write(name, value, { inBackground: false });
  }
  try {
    mkdirSync(dirname(path), { recursive: true }); // before the first wait, like the write
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new CheckpointError(`Cannot write checkpoint "${path}": ${reason}`, { path, cause });
  }
  await save(value, path);
}

/** An address as the place that a storage is for, and the name in it. */
export function placeAndName(address: string): [place: string, name: string] {
  const cut = address.lastIndexOf('/');
  return [address.slice(0, cut), address.slice(cut + 1)];
}

/** A bucket by an address in it, and the key that the rest of the address is, without slashes at its ends.
 *  @throws {RangeError} for what is no address of s3:// or gs://. */
export function bucketOf(address: string): { readonly key: string; open(): Promise<Bucket> } {
  const [, scheme, name, key = ''] = /^(s3|gs):\/\/([^/]+)(?:\/(.*?))?\/*$/.exec(address) ?? [];
  if (name === undefined)
    throw new RangeError(`Cannot open "${address}": expected an address as s3://bucket/prefix or gs://bucket/prefix`);
  return { key, open: () => (scheme === 's3' ? openS3(name) : openGcs(name)) };
}
