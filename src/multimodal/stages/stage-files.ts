// The folder of a stage: which files are in it, and what they say of the stage that wrote them.

import { access, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { CheckpointError } from '../../errors.ts';
import { asCheckpoint, record } from '../../trainer/checkpoint/format.ts';
import { readFrom } from '../../trainer/checkpoint/storage/open-storage.ts';
import type { EpochRecord } from '../../trainer/loop/loop-options.ts';

/** How a stage ended. */
export interface StageResult {
  readonly stageName: string;
  /** `evaluationMetrics` of the validation with the best weights. */
  readonly metrics: Readonly<Record<string, number>>;
  /** The best value of the stage's metric; null where it was never measured. */
  readonly bestMetric: number | null;
  /** The epoch that had it, from 1. */
  readonly bestEpoch: number | null;
  /** Optimizer updates. */
  readonly steps: number;
  /** One record an epoch. */
  readonly history: readonly EpochRecord[];
}

/** What a file of a stage says beside the state of the run. */
export interface StageNote {
  readonly name: string;
  readonly index: number;
  /** What has to be the same when it goes on. */
  readonly settings: Readonly<Record<string, unknown>>;
  /** Of the stages that were finished by then; this one too where it is. */
  readonly results: Readonly<Record<string, StageResult>>;
}

/** Paths in the folder `{i}_{name}`, i from 1. */
export class StageFiles {
  readonly folder: string;
  readonly #name: string;

  constructor(root: string, index: number, name: string) {
    this.folder = join(root, `${index + 1}_${name}`);
    this.#name = name;
  }

  get best(): string {
    return join(this.folder, 'best_model.pt');
  }

  get complete(): string {
    return join(this.folder, `${this.#name}_complete.pt`);
  }

  /** @param epoch - completed ones. */
  epoch(epoch: number): string {
    return join(this.folder, `epoch_${epoch}.pt`);
  }

  /** What the stage goes on from after a stop inside of it; gone when it is complete. */
  get resume(): string {
    return join(this.folder, 'resume');
  }

  async isComplete(): Promise<boolean> {
    try {
      await access(this.complete);
      return true;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
      throw error;
    }
  }

  /** Sets aside what a run goes on from. */
  async abandon(): Promise<void> {
    for (const path of [this.complete, this.resume]) {
      await rm(`${path}.abandoned`, { recursive: true, force: true });
      await rename(path, `${path}.abandoned`).catch((error: NodeJS.ErrnoException) => {
        if (error.code !== 'ENOENT') throw error;
      });
    }
  }

  async forgetResume(): Promise<void> {
    await rm(this.resume, { recursive: true, force: true });
  }
}

/** A file of a stage: the model's state, and what it says of the stage.
 *  @throws {CheckpointError} for a file that does not verify, or that no stage wrote. */
export async function readStageFile(path: string): Promise<{ model: Record<string, unknown>; note: StageNote }> {
  const checkpoint = asCheckpoint((await readFrom(path)).value, path);
  const { stage } = record(checkpoint.extra ?? {}, 'extra') as { stage?: unknown };
  if (typeof stage !== 'object' || stage === null)
    throw new CheckpointError(`Cannot read "${path}": expected a file of a stage, got a checkpoint without one`, {
      path,
    });
  return { model: record(checkpoint.model_state_dict, 'model_state_dict'), note: stage as StageNote };
}

/** @throws {CheckpointError} where a file was written by another stage, or by this one with other settings. */
export function requireSame(
  note: StageNote,
  stage: Pick<StageNote, 'name' | 'index' | 'settings'>,
  path: string,
): void {
  const differing = [...new Set([...Object.keys(stage.settings), ...Object.keys(note.settings)])].filter(
    (key) => JSON.stringify(stage.settings[key]) !== JSON.stringify(note.settings[key]),
  );
  const isOther = note.name !== stage.name || note.index !== stage.index;
  if (!isOther && differing.length === 0) return;
  const got = isOther ? `one of stage ${note.index + 1}, "${note.name}"` : `one with another ${differing.join(', ')}`;
  throw new CheckpointError(
    `Cannot go on with stage ${stage.index + 1}, "${stage.name}": expected a file of this stage as it is, got ${got}, in "${path}"; choose another checkpointDir to begin anew`,
    { path },
  );
}
