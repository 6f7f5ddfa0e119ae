// One stage on the loop: its trainer, its checkpoints, its best weights, and its end.

import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { BatchLoader } from '../../data/index.ts';
import type { Module, StateDict } from '../../nn/module.ts';
import { manualSeed } from '../../tensor/generator.ts';
import type { Logger } from '../../tracking/logger.ts';
import { Checkpointing } from '../../trainer/callbacks/checkpointing.ts';
import { EarlyStopping } from '../../trainer/callbacks/early-stopping.ts';
import { GenericTrainer } from '../../trainer/generic-trainer.ts';
import type { Callback } from '../../trainer/loop/events.ts';
import type { PlannedStage } from './planned-stage.ts';
import { readStageFile, requireSame, type StageFiles, type StageNote, type StageResult } from './stage-files.ts';
import { metricName, pickMetrics, StageWatch } from './stage-watch.ts';
import type { TrainingStrategy } from './training-strategy.ts';

export interface StageRunOptions {
  readonly stage: PlannedStage;
  readonly model: Module;
  readonly trainLoader: BatchLoader<unknown>;
  readonly valLoader: BatchLoader<unknown> | undefined;
  readonly files: StageFiles;
  readonly logFolder: string;
  readonly seed: number;
  readonly callbacks: readonly Callback[];
  readonly loggers: readonly Logger[];
  /** Epochs between two `epoch_{n}.pt`. */
  readonly checkpointFrequency: number;
  readonly saveEverySteps: number | undefined;
  readonly evaluateAfterStage: boolean;
  /** Of the stages before. */
  readonly results: Readonly<Record<string, StageResult>>;
}

/** Plays one stage. */
export class StageRun {
  readonly strategy: TrainingStrategy;
  readonly trainer: GenericTrainer;
  readonly #options: StageRunOptions;
  readonly #watch: StageWatch;

  /** Freezes parts of the model, and makes what trains it. */
  constructor(options: StageRunOptions) {
    const { stage, model, trainLoader, valLoader } = options;
    this.#options = options;
    const totalSteps = stage.epochs * Math.ceil(trainLoader.length / stage.gradientAccumulationSteps);
    manualSeed(options.seed); // a loss may draw its first weights: in every process the same
    this.strategy = stage.begin(totalSteps);
    const { optimizer, scheduler, lossFn } = this.strategy;
    if (!optimizer || !lossFn)
      throw new TypeError(
        `Cannot begin stage "${stage.name}": expected a strategy with an optimizer and a loss, got one without; let initializeStrategy() make them`,
      );
    this.#watch = this.#makeWatch();
    this.trainer = new GenericTrainer({
      ...{ config: this.#config(), model, modules: { loss: lossFn }, optimizers: [optimizer] },
      schedulers: scheduler ? [{ scheduler, interval: 'step' }] : [],
      callbacks: [this.#watch, ...this.#stopping(), this.#checkpointing(), ...options.callbacks],
      loggers: options.loggers,
    });
    this.trainer.setTrainingStep((_trainer, batch: unknown) => this.strategy.trainingStep(batch));
    if (valLoader) this.trainer.setValidationStep((_trainer, batch: unknown) => this.strategy.validationStep(batch));
    this.trainer.extra = { stage: this.#note(options.results) };
  }

  #config() {
    const { stage, seed, model } = this.#options;
    const { clipGradNorm, gradientAccumulationSteps, mixedPrecision } = stage;
    const isOnGpu = model.parameters()[0]?.device !== 'cpu';
    return {
      ...{ experimentName: stage.name, seed },
      performance: {
        gradientAccumulationSteps,
        ...(clipGradNorm === undefined ? {} : { clipGradNorm }),
        ...(mixedPrecision && isOnGpu ? { precision: 'bf16-mixed' as const } : {}),
      },
      checkpoint: { maxCheckpoints: 1 },
    };
  }

  #checkpointing(): Checkpointing {
    const { files, saveEverySteps } = this.#options;
    const filepath = join(files.resume, 'epoch_{epoch:03d}_step_{step:06d}.ckpt');
    return new Checkpointing({ filepath, ...(saveEverySteps === undefined ? {} : { everyNSteps: saveEverySteps }) });
  }

  #stopping(): EarlyStopping[] {
    const { earlyStopping, patience, monitorMetric, monitorMode: mode } = this.#options.stage;
    return earlyStopping ? [new EarlyStopping({ monitor: metricName(monitorMetric), patience, mode })] : [];
  }

  #makeWatch(): StageWatch {
    const { stage, files, checkpointFrequency, valLoader } = this.#options;
    return new StageWatch({
      ...{ strategy: this.strategy, monitor: stage.monitorMetric, mode: stage.monitorMode },
      isRequired: valLoader !== undefined,
      resumed: (path) => {
        requireSame((this.trainer.extra as { stage: StageNote }).stage, stage, path);
      },
      epochEnded: async (epoch, isBest) => {
        if (isBest) await this.trainer.saveCheckpoint(files.best);
        if (epoch % checkpointFrequency === 0) await this.trainer.saveCheckpoint(files.epoch(epoch));
        await this.#writeHistory();
      },
    });
  }

  #note(results: Readonly<Record<string, StageResult>>): StageNote {
    const { name, index, settings } = this.#options.stage;
    return { name, index, settings, results };
  }

  async #writeHistory(): Promise<void> {
    const { logFolder } = this.#options;
    await mkdir(logFolder, { recursive: true });
    await writeFile(join(logFolder, 'metrics.json'), `${JSON.stringify(this.trainer.history, undefined, 1)}\n`);
  }

  /** Trains from where the stage stands to its end.
   *  @param from - a file to go on from, in place of what the folder has.
   *  @throws {InterruptedError} after a stop signal, when everything is saved. */
  async play(from?: string): Promise<StageResult> {
    const { stage, trainLoader, valLoader, files, model, results } = this.#options;
    await mkdir(files.folder, { recursive: true });
    if (from !== undefined) await this.trainer.loadCheckpoint(from);
    const valLoaders = valLoader ? { valLoaders: [valLoader] } : {};
    await this.trainer.fit({ trainLoaders: [trainLoader], ...valLoaders, maxEpochs: stage.epochs });
    const { best, bestEpoch } = this.#watch;
    if (best !== null) model.loadStateDict((await readStageFile(files.best)).model as StateDict);
    const metrics = await this.#evaluate();
    const { history, clocks } = this.trainer;
    const result = { stageName: stage.name, metrics, bestMetric: best, bestEpoch, steps: clocks.step, history };
    await this.trainer.saveCheckpoint(files.complete, { stage: this.#note({ ...results, [stage.index]: result }) });
    await files.forgetResume();
    return result;
  }

  async #evaluate(): Promise<Record<string, number>> {
    const { stage, valLoader, evaluateAfterStage } = this.#options;
    if (!valLoader || !evaluateAfterStage) return {};
    const values = await this.trainer.validate({ loaders: [valLoader] });
    return pickMetrics(values, stage.evaluationMetrics, stage.index);
  }
}
