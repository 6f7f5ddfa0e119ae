// The folder of a run's checkpoints: durable writes, `latest` and `best`, retention after the commit, and a newest file that verifies.

import { mkdir, readdir, readlink, rename, rm, symlink } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { CheckpointError } from '../../errors.ts';
import { load, save } from '../../serial/tensors.ts';
import type { Clocks } from '../loop/clocks.ts';
import { abandoned, byMoment, expired, type RetentionPolicy, type StoredCheckpoint } from './retention.ts';

const PATTERN = /^epoch_(\d+)_step_(\d+)(?:_micro_(\d+))?\.ckpt$/;
/** What a process leaves that is killed inside a save. */
const LEFTOVER = /^\.epoch_\d.*\.ckpt\.[0-9a-f]+\.tmp$/;
const LATEST = 'latest.ckpt';
const BEST = 'best.ckpt';

/** File name of a checkpoint, `epoch_003_step_000120.ckpt`; inside an accumulation window, where one step has several moments,
 *  `epoch_003_step_000120_micro_000483.ckpt`. Source: model-training-framework's default template. */
export function checkpointName({ epoch, step, microStep }: Readonly<Clocks>, isInsideWindow: boolean): string {
  const moment = `epoch_${String(epoch).padStart(3, '0')}_step_${String(step).padStart(6, '0')}`;
  return `${moment}${isInsideWindow ? `_micro_${String(microStep).padStart(6, '0')}` : ''}.ckpt`;
}

export interface FoundCheckpoint {
  readonly path: string;
  /** What the file holds. */
  readonly value: unknown;
  /** Newer files that do not verify, with the reason of each. */
  readonly rejected: readonly string[];
}

/** Files of one run; the only part of the trainer that touches them. */
export class CheckpointStore {
  readonly folder: string;
  readonly #retention: RetentionPolicy;
  #isTidy = false;

  constructor(folder: string, retention: RetentionPolicy) {
    this.folder = folder;
    this.#retention = retention;
  }

  /** Writes a checkpoint, then points `latest` (and `best`) at it, then deletes what retention lets go. Returns the file's path.
   *  Checkpoints of a later moment, which a run leaves behind that resumes from an earlier one, get the ending `.abandoned`. */
  async write(checkpoint: unknown, name: string, options: { isBest: boolean }): Promise<string> {
    await mkdir(this.folder, { recursive: true });
    if (!this.#isTidy) await this.#deleteLeftovers();
    const path = join(this.folder, name);
    await save(checkpoint, path);
    await this.pointAt(name, options);
    await this.#tidyUp(name);
    return path;
  }

  /** Points `latest` (and `best`) at a checkpoint of this folder. A process may have died after it wrote the file and before it did this. */
  async pointAt(name: string, options: { isBest: boolean }): Promise<void> {
    await this.#link(LATEST, name);
    if (options.isBest) await this.#link(BEST, name);
  }

  /** Checkpoints by their moment, oldest first. */
  async list(): Promise<StoredCheckpoint[]> {
    const stored = (await this.#names()).flatMap((name) => {
      const parsed = parseName(name);
      return parsed ? [parsed] : [];
    });
    return stored.sort(byMoment);
  }

  /** The newest checkpoint whose every byte verifies, or undefined where there is none at all.
   *  @throws {CheckpointError} where there are some and none verifies. */
  async readLatest(): Promise<FoundCheckpoint | undefined> {
    const stored = (await this.list()).reverse();
    const rejected: string[] = [];
    for (const { name } of stored) {
      const path = join(this.folder, name);
      try {
        return { path, value: await load(path), rejected };
      } catch (error) {
        if (!(error instanceof CheckpointError)) throw error;
        rejected.push(error.message);
      }
    }
    if (stored.length === 0) return undefined;
    throw new CheckpointError(
      `Cannot resume from "${this.folder}": expected a checkpoint that verifies, got\n  ${rejected.join('\n  ')}`,
      { path: this.folder },
    );
  }

  async read(path: string): Promise<FoundCheckpoint> {
    return { path, value: await load(path), rejected: [] };
  }

  /** Deletes what is beyond retention and sets aside what this run has left behind. The new file is committed by now. */
  async #tidyUp(written: string): Promise<void> {
    const stored = await this.list();
    const best = await this.#target(BEST);
    const leftBehind = abandoned(stored, parseName(written)!);
    for (const name of leftBehind) await rename(join(this.folder, name), join(this.folder, `${name}.abandoned`));
    if (best !== undefined && leftBehind.includes(best)) await rm(join(this.folder, BEST));
    const current = stored.filter(({ name }) => !leftBehind.includes(name));
    const kept = new Set([written, ...(best === undefined ? [] : [best])]);
    for (const name of expired(current, this.#retention, kept)) await rm(join(this.folder, name), { force: true });
  }

  async #deleteLeftovers(): Promise<void> {
    for (const name of await this.#names()) if (LEFTOVER.test(name)) await rm(join(this.folder, name), { force: true });
    this.#isTidy = true;
  }

  async #names(): Promise<string[]> {
    try {
      return await readdir(this.folder);
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
      throw error;
    }
  }

  /** Points a name at a checkpoint in one step: a link that is renamed over the old one. */
  async #link(name: string, target: string): Promise<void> {
    const temporary = join(this.folder, `.${name}.tmp`);
    await rm(temporary, { force: true });
    await symlink(target, temporary);
    await rename(temporary, join(this.folder, name));
  }

  async #target(name: string): Promise<string | undefined> {
    try {
      return basename(await readlink(join(this.folder, name)));
    } catch {
      return undefined; // no such link
    }
  }
}

function parseName(name: string): StoredCheckpoint | undefined {
  const [, epoch, step, microStep] = PATTERN.exec(name) ?? [];
  if (epoch === undefined) return undefined;
  return {
    name,
    epoch: Number(epoch),
    step: Number(step),
    ...(microStep === undefined ? {} : { microStep: Number(microStep) }),
  };
}
