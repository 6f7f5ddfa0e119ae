// `MultistageTrainer`: stage after stage on one model, each with its own strategy, and on again from wherever it was stopped.

import { join } from 'node:path';
import type { BatchLoader } from '../../data/index.ts';
import { CheckpointError, ConfigError } from '../../errors.ts';
import type { Module, StateDict } from '../../nn/module.ts';
import { save } from '../../serial/tensors.ts';
import { getNative } from '../../tensor/call.ts';
import type { Device } from '../../tensor/device.ts';
import { MetricsHistory, plotHistory } from '../../tracking/index.ts';
import type { Logger } from '../../tracking/logger.ts';
import { assembleCheckpoint } from '../../trainer/checkpoint/checkpoint-manager.ts';
import { describeValue } from '../../trainer/config/problems.ts';
import type { Callback } from '../../trainer/loop/events.ts';
import { checkMultistage, planStages } from './multistage-options.ts';
import type { PlannedStage, StrategyEntry } from './planned-stage.ts';
import { readStageFile, requireSame, StageFiles, type StageResult } from './stage-files.ts';
import { StageRun } from './stage-run.ts';
import type { TrainingConfig } from './training-config.ts';
import type { TrainingStrategy } from './training-strategy.ts';

/** What a loader is made for. */
export interface StagePlace {
  readonly name: string;
  /** From 0. */
  readonly index: number;
  /** As the configuration says; undefined for a stage of `strategies`. */
  readonly batchSize: number | undefined;
}

/** A loader for all stages, or a function that makes that of each. */
export type StageLoader = BatchLoader<unknown> | ((stage: StagePlace) => BatchLoader<unknown>);

export interface MultistageTrainerOptions {
  readonly model: Module;
  /** One loader only where every stage has its batch size. */
  readonly trainDataloader: StageLoader;
  readonly valDataloader?: StageLoader | undefined;
  /** Looked at once, after the last stage. */
  readonly testDataloader?: BatchLoader<unknown> | undefined;
  /** The stages; in place of `strategies`. */
  readonly config?: TrainingConfig | undefined;
  /** The stages by name, in their order, with strategies of yours. */
  readonly strategies?: Readonly<Record<string, StrategyEntry>> | undefined;
  /** Default: the configuration's `outputDir`, or 'checkpoints'. */
  readonly checkpointDir?: string | undefined;
  /** Default: `logs` in `checkpointDir`. */
  readonly logDir?: string | undefined;
  /** Default: the first GPU, or the CPU where there is none. */
  readonly device?: Device | undefined;
  /** Further callbacks of every stage, or a function that makes those of each. */
  readonly callbacks?: readonly Callback[] | ((stage: StagePlace) => readonly Callback[]) | undefined;
  readonly loggers?: readonly Logger[] | undefined;
  /** Stage i starts its generators at seed + i. Default: the configuration's, or 42. */
  readonly seed?: number | undefined;
  /** Epochs between two `epoch_{n}.pt`. Default 1. */
  readonly checkpointFrequency?: number | undefined;
  /** Updates between two saves inside an epoch. Default: at the end of epochs alone, and after a stop signal. */
  readonly saveEverySteps?: number | undefined;
  /** Default true. */
  readonly evaluateAfterStage?: boolean | undefined;
  /** For stages of `strategies`, all with the same: default false. */
  readonly earlyStopping?: boolean | undefined;
  /** Default 5. */
  readonly earlyStoppingPatience?: number | undefined;
  /** By which the best weights are chosen. Default 'val_loss'. */
  readonly monitorMetric?: string | undefined;
  /** Default 'min'. */
  readonly monitorMode?: 'min' | 'max' | undefined;
  /** Default 1; null for no clipping. */
  readonly clipGradNorm?: number | null | undefined;
  /** Default true, which changes nothing on the CPU. */
  readonly mixedPrecision?: boolean | undefined;
  /** Default 1. */
  readonly gradientAccumulationSteps?: number | undefined;
}

/** What `train` gives. */
export interface MultistageResult {
  /** By the stage's place, from 0. */
  readonly stages: Readonly<Record<string, StageResult>>;
  /** `test_loss` and so on; empty without a `testDataloader`. */
  readonly finalMetrics: Readonly<Record<string, number>>;
  /** Seconds of this call. */
  readonly totalTrainingTime: number;
}

/** Trains a model in stages. Stage i of name n has the folder `{i}_{n}` (i from 1) in `checkpointDir`, with `epoch_{n}.pt` after epochs, `best_model.pt`, whose weights the model has when the stage ends, and
 *  `{n}_complete.pt`. A stage's best weights are what the next one begins with.
 *
 *  The same program, started again, goes on where it stopped, to the same bits: finished stages are not trained again, the one that was stopped goes on from its last save.
 *  @throws {ConfigError} that lists everything that does not fit.
 *  Source: multimodal_insight_engine's MultistageTrainer.
 *  @example
 *  import { rand, randint } from 'sconce';
 *  import { DataLoader, TensorDataset } from 'sconce/data';
 *  import { DualEncoder, MultistageTrainer, TrainingConfig } from 'sconce/multimodal';
 *  const dataset = new TensorDataset({ images: rand([8, 3, 8, 8]), text: randint(1, 9, [8, 3]) });
 *  const trainer = new MultistageTrainer({
 *    model: new DualEncoder(),
 *    config: new TrainingConfig({ stages: [{ name: 'projections', strategy: 'single_modality' }, { name: 'all' }] }),
 *    trainDataloader: ({ batchSize }) => new DataLoader({ dataset, batchSize: batchSize! }),
 *    valDataloader: new DataLoader({ dataset, batchSize: 8 }),
 *  });
 *  trainer.checkpointDir; // 'outputs' */
export class MultistageTrainer {
  readonly model: Module;
  readonly config: TrainingConfig | undefined;
  readonly checkpointDir: string;
  readonly logDir: string;
  currentStageIdx = 0;
  currentStage: string | undefined;
  currentStrategy: TrainingStrategy | undefined;
  /** By the stage's place, from 0. */
  readonly stageResults: Record<string, StageResult> = {};
  readonly #options: MultistageTrainerOptions;
  readonly #stages: readonly PlannedStage[];
  readonly #seed: number;
  #run: StageRun | undefined;
  #from: { readonly index: number; readonly path: string } | undefined;
  /** The first stage whose files are of a time line that was left by `loadCheckpoint`. */
  #leftFrom: number | undefined;

  constructor(options: MultistageTrainerOptions) {
    checkMultistage(options);
    const { model, config, device } = options;
    this.#options = options;
    this.model = model.to({ device: device ?? (getNative().numCudaDevices() > 0 ? 'cuda' : 'cpu') });
    this.config = config;
    this.checkpointDir = options.checkpointDir ?? config?.outputDir ?? 'checkpoints';
    this.logDir = options.logDir ?? join(this.checkpointDir, 'logs');
    this.#seed = options.seed ?? config?.seed ?? 42;
    this.#stages = planStages(options);
  }

  /** Epochs of the current stage that are completed. */
  get currentEpoch(): number {
    return this.#run?.trainer.clocks.epoch ?? 0;
  }

  /** Optimizer updates of all stages. */
  get globalStep(): number {
    const finished = Object.values(this.stageResults).reduce((sum, { steps }) => sum + steps, 0);
    const isOpen = this.#run !== undefined && this.stageResults[this.currentStageIdx] === undefined;
    return finished + (isOpen ? this.#run!.trainer.clocks.step : 0);
  }

  /** Trains every stage that is not finished.
   *  @throws {InterruptedError} after a stop signal, when everything is saved. @throws {CheckpointError} for files of other stages in the folder. */
  async train(): Promise<MultistageResult> {
    const started = performance.now();
    for (const { index } of this.#stages) await this.trainStage(index);
    const { testDataloader } = this.#options;
    const measured = testDataloader ? await this.evaluate(testDataloader) : {};
    const finalMetrics = Object.fromEntries(Object.entries(measured).map(([name, value]) => [`test_${name}`, value]));
    return {
      stages: { ...this.stageResults },
      ...{ finalMetrics, totalTrainingTime: (performance.now() - started) / 1000 },
    };
  }

  /** Trains one stage, or reads its result where it is finished: then the model has its weights.
   *  @throws {RangeError} for a stage that is not there. */
  async trainStage(index: number): Promise<StageResult> {
    const stage = this.#stages[index];
    if (!stage) throw new RangeError(`Cannot train stage ${index}: expected one from 0 to ${this.#stages.length - 1}`);
    this.currentStageIdx = index;
    this.currentStage = stage.name;
    await this.#leave(index);
    const isChosen = this.#from?.index === index;
    const known = isChosen ? undefined : await this.#finished(stage);
    if (known) return known;
    const run = this.#begin(stage);
    const from = isChosen ? this.#from!.path : undefined;
    this.#from = undefined;
    const result = await run.play(from);
    this.stageResults[index] = result;
    return result;
  }

  /** Sets aside the files of stages that begin anew behind a file that was loaded. */
  async #leave(index: number): Promise<void> {
    if (this.#leftFrom === undefined || index < this.#leftFrom) return;
    for (const stage of this.#stages.slice(this.#leftFrom)) await this.#filesOf(stage).abandon();
    this.#leftFrom = undefined;
  }

  /** The result of a stage that is finished, whose weights the model takes. */
  async #finished(stage: PlannedStage): Promise<StageResult | undefined> {
    if (this.stageResults[stage.index]) return this.stageResults[stage.index];
    const files = this.#filesOf(stage);
    if (!(await files.isComplete())) return undefined;
    const { model, note } = await readStageFile(files.complete);
    requireSame(note, stage, files.complete);
    this.model.loadStateDict(model as StateDict);
    Object.assign(this.stageResults, note.results);
    return this.stageResults[stage.index];
  }

  #filesOf({ index, name }: PlannedStage): StageFiles {
    return new StageFiles(this.checkpointDir, index, name);
  }

  #begin(stage: PlannedStage): StageRun {
    const { trainDataloader, valDataloader, callbacks = [], loggers = [], checkpointFrequency = 1 } = this.#options;
    const { saveEverySteps, evaluateAfterStage = true } = this.#options;
    const place = { name: stage.name, index: stage.index, batchSize: stage.batchSize };
    const made = (loader: StageLoader): BatchLoader<unknown> => (typeof loader === 'function' ? loader(place) : loader);
    const run = new StageRun({
      ...{ stage, model: this.model, files: this.#filesOf(stage), loggers, checkpointFrequency, saveEverySteps },
      ...{ evaluateAfterStage, seed: this.#seed + stage.index, results: { ...this.stageResults } },
      logFolder: join(this.logDir, `${stage.index + 1}_${stage.name}`),
      trainLoader: sized(made(trainDataloader), stage, 'trainDataloader'),
      valLoader: valDataloader && made(valDataloader),
      callbacks: typeof callbacks === 'function' ? callbacks(place) : callbacks,
    });
    this.#run = run;
    this.currentStrategy = run.strategy;
    return run;
  }

  /** Measures by the validation step of the current stage's strategy, of the last one's where nothing was trained.
   *  @returns `loss` and so on. */
  async evaluate(dataloader: BatchLoader<unknown>): Promise<Record<string, number>> {
    const run = this.#run ?? this.#begin(this.#stages.at(-1)!);
    run.trainer.setTestStep((_trainer, batch: unknown) => run.strategy.validationStep(batch));
    const values = await run.trainer.test({ loaders: [dataloader] });
    const whole = Object.entries(values).filter(([name]) => !name.startsWith('test/dl_'));
    return Object.fromEntries(whole.map(([name, value]) => [name.replace(/^test\//, ''), value]));
  }

  /** Goes on from a file of a stage, in place of what the folder has: `train()` trains that stage from there, and those behind it anew; what they had finished before gets the ending `.abandoned`. Of a stage that is finished, the model takes the weights.
   *  @throws {CheckpointError} for a file of another stage, or of other settings. */
  async loadCheckpoint(path: string): Promise<void> {
    const { model, note } = await readStageFile(path);
    const stage = this.#stages[note.index];
    if (!stage)
      throw new CheckpointError(
        `Cannot load "${path}": expected a file of one of ${this.#stages.length} stages, got one of stage ${note.index + 1}`,
        { path },
      );
    requireSame(note, stage, path);
    this.model.loadStateDict(model as StateDict);
    for (const key of Object.keys(this.stageResults)) delete this.stageResults[key];
    Object.assign(this.stageResults, note.results);
    this.currentStageIdx = stage.index;
    this.currentStage = stage.name;
    const isInside = note.results[note.index] === undefined;
    this.#from = isInside ? { index: note.index, path } : undefined;
    this.#leftFrom = isInside ? note.index : note.index + 1;
  }

  /** Writes the model's weights with the results of all stages; `torch.load` reads `model_state_dict`. */
  async saveModel(path: string): Promise<void> {
    const states = new Map([['model_state_dict', this.model.stateDict()]]);
    const extra = { stage_results: { ...this.stageResults }, config: this.config?.toDict() ?? null };
    await save(assembleCheckpoint(states, { hyperParameters: null, extra, runId: undefined }), path);
  }

  /** Draws the metrics of every stage over its epochs into its folder of `logDir`. @returns the paths of the pictures. */
  async createVisualizations(): Promise<string[]> {
    const paths: string[] = [];
    for (const { index, name } of this.#stages) {
      const result = this.stageResults[index];
      if (!result) continue;
      const history = new MetricsHistory();
      for (const { epoch: _, ...values } of result.history) history.update(namesOf(values));
      paths.push(...(await plotHistory(history, join(this.logDir, `${index + 1}_${name}`))));
    }
    return paths;
  }
}

/** `val/loss` as the history spells it. */
const namesOf = (values: Readonly<Record<string, number>>): Record<string, number> =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [name.replace('/', '_'), value]));

/** @throws {ConfigError} for a loader of another batch size, or of unknown length. */
function sized(loader: BatchLoader<unknown>, stage: PlannedStage, option: string): BatchLoader<unknown> {
  const problems: string[] = [];
  const { batchSize } = loader.state() as { batchSize?: unknown }; // a DataLoader's has it
  if (stage.batchSize !== undefined && typeof batchSize === 'number' && batchSize !== stage.batchSize)
    problems.push(
      `${option}: expected batches of ${stage.batchSize}, as stage "${stage.name}" says, got a loader with ${batchSize}; give a function that makes the loader of each stage`,
    );
  if (!Number.isFinite(loader.length))
    problems.push(`${option}: expected a loader of known length, got ${describeValue(loader.length)}`);
  if (problems.length > 0) throw new ConfigError(`train stage "${stage.name}"`, problems);
  return loader;
}
