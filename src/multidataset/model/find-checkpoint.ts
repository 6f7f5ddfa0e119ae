// The best checkpoint in a folder of runs, by what its name tells.

import { readdir } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { CheckpointError } from '../../errors.ts';

export interface FindCheckpointOptions {
  /** What the path of the file inside the folder begins with, as the stem of a model's configuration. Default: any. */
  readonly modelType?: string | undefined;
  /** Which one, 0 for the best, by falling `val_bps_overall`. Default 0. */
  readonly modelIndex?: number | undefined;
}

/** @throws {CheckpointError} where there is none. */
export async function findCheckpoint(folder: string, options: FindCheckpointOptions = {}): Promise<string> {
  const { modelType = '', modelIndex = 0 } = options;
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const ranked = entries
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ckpt'))
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => relative(folder, path).startsWith(modelType))
    .flatMap((path) => {
      const [, bits] = /val_bps_overall[=_-]?(-?\d+\.\d+)/.exec(path) ?? [];
      return bits === undefined ? [] : [{ path, bits: Number(bits) }];
    })
    .sort((a, b) => b.bits - a.bits || (a.path < b.path ? -1 : 1));
  const found = ranked[modelIndex];
  if (found) return found.path;
  throw new CheckpointError(
    `Cannot find a checkpoint in "${folder}": expected ${modelIndex + 1} or more files ${modelType}*val_bps_overall*.ckpt, got ${ranked.length}`,
    { path: folder },
  );
}
