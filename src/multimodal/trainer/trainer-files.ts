// The files of a `MultimodalTrainer`: where its training goes on from, what its checkpoints are called, and that each is written by the trainer's own methods.

import { existsSync, renameSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { CheckpointError } from '../../errors.ts';
import type { CheckpointOptions } from '../../trainer/checkpoint/checkpoint-manager.ts';
import { BEST } from '../../trainer/checkpoint/names.ts';
import { storageOf, writeTo } from '../../trainer/checkpoint/storage/open-storage.ts';
import { CheckpointStore } from '../../trainer/checkpoint/store.ts';
import { type CheckpointManager, isThere } from '../stores/checkpoint-manager.ts';
import { BEST_MODEL, EpochNames, WrittenElsewhere } from './epoch-checkpoints.ts';
import type { MultimodalTrainer } from './multimodal-trainer.ts';
import type { MultimodalTrainerOptions } from './multimodal-trainer-options.ts';

/** What is said of the best model. */
type BestModel = Parameters<CheckpointManager['saveBestCheckpoint']>[0];

/** Knows the folders of a trainer. */
export class TrainerFiles {
  readonly #trainer: MultimodalTrainer;
  readonly #options: MultimodalTrainerOptions;
  readonly #ownSave: MultimodalTrainer['saveCheckpoint'];
  /** The file that the loop writes just now, and what is in it. */
  #pending: { readonly path: string; readonly value: Readonly<Record<string, unknown>> } | undefined;

  /** @param ownSave - the method of the class, which a subclass may have overridden. */
  constructor(
    trainer: MultimodalTrainer,
    options: MultimodalTrainerOptions,
    ownSave: MultimodalTrainer['saveCheckpoint'],
  ) {
    this.#trainer = trainer;
    this.#ownSave = ownSave;
    this.#options = options;
  }

  /** The log of a training without a run. */
  get logPath(): string {
    return join(this.#trainer.logDir, 'metrics.jsonl');
  }

  /** Whether the configuration asks for a trial, which saves nothing. */
  get isTrial(): boolean {
    const { fastDevRun = false, dryRun = false } = this.#options.config ?? {};
    return dryRun || fastDevRun !== false;
  }

  /** How the loop keeps checkpoints: files of epochs stay, unless the configuration says how many; those inside epochs go as it says. */
  optionsOf(options: CheckpointOptions): CheckpointOptions {
    const isLimited = this.#options.config?.checkpoint?.maxCheckpoints !== undefined;
    const write = (path: string, value: unknown): Promise<void> =>
      this.#write(path, value as Readonly<Record<string, unknown>>); // what the loop writes is a checkpoint
    return {
      ...options,
      storage: new WrittenElsewhere(storageOf(options.folder), write),
      names: new EpochNames(),
      isAsynchronous: false, // an override of saveCheckpoint may wait before it writes
      stays: isLimited ? undefined : ({ step }) => step === undefined,
    };
  }

  async #write(path: string, value: Readonly<Record<string, unknown>>): Promise<void> {
    this.#pending = { path, value };
    try {
      await this.#trainer.saveCheckpoint(path);
    } finally {
      this.#pending = undefined;
    }
  }

  /** Writes the file that the loop has asked for, with what was added on the way. @returns whether it is that one. */
  async finish(path: string, added: Readonly<Record<string, unknown>>): Promise<boolean> {
    if (this.#pending?.path !== path) return false;
    const { value } = this.#pending;
    await writeTo(path, { ...value, extra: { ...(value.extra as object), ...added } });
    return true;
  }

  /** The checkpoint that a training goes on from which has not begun; undefined where it begins.
   *  @throws {CheckpointError} where none verifies or the one that is named is not there, and for checkpoints that nobody wants to go on from. */
  async pathToGoOnFrom(resume: string | undefined): Promise<string | undefined> {
    if (resume !== undefined && resume !== 'latest') {
      if (await isThere(resume)) return resume;
      throw new CheckpointError(`Cannot train: expected a checkpoint to go on from, got no file "${resume}"`, {
        path: resume,
      });
    }
    const { checkpointDir } = this.#trainer;
    const { run } = this.#options;
    if (run?.evaluate) return undefined; // with the weights that are asked for
    const store = new CheckpointStore(checkpointDir, { keepLast: undefined, names: new EpochNames() });
    if (resume === 'latest' || run?.isResumed) {
      const found = await store.readLatest();
      for (const rejected of found?.rejected ?? [])
        process.emitWarning(`Passed over a checkpoint that does not verify: ${rejected}`, 'SconceWarning');
      return found?.path;
    }
    const { length } = await store.list();
    if (length === 0 || this.isTrial) return undefined;
    throw new CheckpointError(
      `Cannot train: expected no checkpoints in "${checkpointDir}" at the start of a training, got ${length}; go on with train({ resume: 'latest' }), or choose another checkpointDir`,
      { path: checkpointDir },
    );
  }

  /** Keeps the log of another training that lies in the folder under another name. */
  setLogAside(): void {
    const { logPath: path } = this;
    if (this.#options.run || !existsSync(path)) return;
    const written = statSync(path).mtime.toISOString().replace(/[:.]/g, '-');
    renameSync(path, join(this.#trainer.logDir, `metrics-until-${written}.jsonl`));
  }

  /** Writes the best model: by the manager, or by the trainer where its `saveCheckpoint` is a user's. */
  async saveBest(state: BestModel): Promise<void> {
    if (this.isTrial) return;
    const trainer = this.#trainer;
    const storage = storageOf(trainer.checkpointDir);
    if (trainer.saveCheckpoint === this.#ownSave) await trainer.checkpointMgr.saveBestCheckpoint(state);
    else await trainer.saveCheckpoint(storage.pathOf(BEST_MODEL), { bestValMetric: state.metricValue });
    // The commands of a run look for this name.
    if (this.#options.run) await storage.point(BEST, BEST_MODEL);
  }
}
