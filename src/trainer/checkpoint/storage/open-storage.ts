// Chooses the storage by the address that a user wrote.

import { type LoadOptions, load } from '../../../serial/tensors.ts';
import type { FoundCheckpoint } from '../store.ts';
import { DiskStorage } from './disk.ts';
import type { CheckpointStorage } from './storage.ts';

/** The storage of a folder. Opens nothing. */
export function storageOf(folder: string): CheckpointStorage {
  return new DiskStorage(folder);
}

/** Reads one checkpoint by its path. */
export async function readFrom(path: string, options: LoadOptions = {}): Promise<FoundCheckpoint> {
  return { path, value: await load(path, options), rejected: [] };
}
