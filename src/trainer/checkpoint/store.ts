// The folder of a run's checkpoints: durable writes, `latest` and `best`, retention after the commit, and a newest file that verifies.

import { mkdir, readdir, readlink, rename, rm, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { CheckpointError } from '../../errors.ts';
import { verifyFile } from '../../serial/file.ts';
import { load, save } from '../../serial/tensors.ts';
import { expired, type RetentionPolicy, type StoredCheckpoint } from './retention.ts';

const PATTERN = /^epoch_(\d+)_step_(\d+)\.ckpt$/;
const LATEST = 'latest.ckpt';
const BEST = 'best.ckpt';

/** File name of a checkpoint. Source: seed 002's default template. */
export function checkpointName(epoch: number, step: number): string {
  return `epoch_${String(epoch).padStart(3, '0')}_step_${String(step).padStart(6, '0')}.ckpt`;
}

export interface FoundCheckpoint {
  readonly path: string;
  /** Newer files that do not verify, with the reason of each. */
  readonly rejected: readonly string[];
}

/** Files of one run; the only part of the trainer that touches them. */
export class CheckpointStore {
  readonly folder: string;
  readonly #retention: RetentionPolicy;

  constructor(folder: string, retention: RetentionPolicy) {
    this.folder = folder;
    this.#retention = retention;
  }

  /** Writes a checkpoint, then points `latest` (and `best`) at it, then deletes what retention lets go. Returns the file's path. */
  async write(checkpoint: unknown, name: string, options: { isBest: boolean }): Promise<string> {
    await mkdir(this.folder, { recursive: true });
    const path = join(this.folder, name);
    await save(checkpoint, path);
    await this.#link(LATEST, name);
    if (options.isBest) await this.#link(BEST, name);
    const kept = new Set([name, ...(await this.#target(BEST))]);
    for (const old of expired(await this.list(), this.#retention, kept))
      await rm(join(this.folder, old), { force: true });
    return path;
  }

  /** Checkpoints by step, oldest first. */
  async list(): Promise<StoredCheckpoint[]> {
    let names: string[];
    try {
      names = await readdir(this.folder);
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
      throw error;
    }
    return names
      .flatMap((name) => {
        const match = PATTERN.exec(name);
        return match ? [{ name, step: Number(match[2]) }] : [];
      })
      .sort((a, b) => a.step - b.step || (a.name < b.name ? -1 : 1));
  }

  /** The newest checkpoint whose every byte verifies, or undefined where there is none at all.
   *  @throws {CheckpointError} where there are some and none verifies. */
  async latest(): Promise<FoundCheckpoint | undefined> {
    const stored = (await this.list()).reverse();
    const rejected: string[] = [];
    for (const { name } of stored) {
      const path = join(this.folder, name);
      try {
        await verifyFile(path);
        return { path, rejected };
      } catch (error) {
        rejected.push(error instanceof Error ? error.message : String(error));
      }
    }
    if (stored.length === 0) return undefined;
    throw new CheckpointError(
      `Cannot resume from "${this.folder}": expected a checkpoint that verifies, got\n  ${rejected.join('\n  ')}`,
      {
        path: this.folder,
      },
    );
  }

  async read(path: string): Promise<unknown> {
    return load(path);
  }

  /** Points a name at a checkpoint in one step: a link that is renamed over the old one. */
  async #link(name: string, target: string): Promise<void> {
    const temporary = join(this.folder, `.${name}.tmp`);
    await rm(temporary, { force: true });
    await symlink(target, temporary);
    await rename(temporary, join(this.folder, name));
  }

  async #target(name: string): Promise<string[]> {
    try {
      return [await readlink(join(this.folder, name))];
    } catch {
      return []; // no such link
    }
  }
}
