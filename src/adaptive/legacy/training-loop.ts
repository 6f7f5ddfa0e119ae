// `TrainingLoop`: the older face of adaptiveneuralnetwork's training, on the one loop.

import { mkdir, rename, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { BatchLoader } from '../../data/index.ts';
import { ConfigError } from '../../errors.ts';
import { CrossEntropyLoss } from '../../nn/index.ts';
import { Adam } from '../../optim/index.ts';
import type { AnyOptimizer } from '../../optim/optimizer.ts';
import { encodeValues } from '../../tracking/run-format.ts';
import type { RestoreOptions } from '../../trainer/checkpoint/state.ts';
import { unknownKeys } from '../../trainer/config/problems.ts';
import type { TrainerFitOptions } from '../../trainer/faces/trainer-options.ts';
import { Trainer } from '../../trainer/trainer.ts';
import { EpochRecords, inPercent, type LoopMetrics } from './epoch-records.ts';
import { withFlatInputs } from './flat-inputs.ts';
import { type LoopState, loopFactsOf, loopFileOf } from './loop-checkpoint.ts';
import { checkLoop, type LoopConfig, type LoopModel, type TrainingLoopOptions } from './loop-options.ts';

export interface TrainOptions {
  /** What each epoch is evaluated on. */
  readonly testLoader?: BatchLoader<unknown>;
  /** Epochs to be completed when `train` ends: those of earlier calls, and those of a checkpoint that was loaded, included. Default: the configuration's `numEpochs`. */
  readonly numEpochs?: number;
  /** Where a checkpoint that was loaded and this loop do not have the same parts: state to leave out, and parts to start anew. */
  readonly resume?: RestoreOptions;
}

/** Epochs between two checkpoints. */
const CHECKPOINT_EPOCHS = 5;

/** Trains a model as its configuration says, prints how it goes, and keeps what its epochs came to: the older face of `Trainer`, which it is made of.
 *
 *  Adam with `learningRate` and cross entropy unless others are given; gradients are scaled so that their joint norm is at most 1 (`maxGradNorm`); inputs of four dimensions become rows. Accuracy is in
 *  percent. Behind every fifth epoch `{checkpointDir}/checkpoint_epoch_{epoch}.pt` is written, at the end of `train` the metrics as JSON to `metricsFile`. The other options of a `Trainer`, callbacks,
 *  `useAmp`, `gradientAccumulationSteps` and `seed` among them, act here too.
 *
 *  A checkpoint has the keys that adaptiveneuralnetwork reads, and beside them whatever the trainer goes on from: a loop that was killed, made again and given its last checkpoint
 *  by `loadCheckpoint`, has from there on the losses that it would have had, to the last bit.
 *  @throws {ConfigError} that lists everything that does not fit.
 *  Source: adaptiveneuralnetwork, training/loops.py.
 *  @example
 *  import { AdaptiveConfig, AdaptiveModel, TrainingLoop } from 'sconce/adaptive';
 *  import { DataLoader, TensorDataset } from 'sconce/data';
 *  const dataset = new TensorDataset([randn([32, 16]), randint(0, 10, [32])] as const);
 *  const trainLoader = new DataLoader({ dataset, batchSize: 8, shuffle: true });
 *  const config = new AdaptiveConfig({ numNodes: 8, hiddenDim: 4, inputDim: 16, saveCheckpoint: false, metricsFile: null });
 *  const loop = new TrainingLoop(new AdaptiveModel(config), config, { stream: { write: () => {} } });
 *  const history = await loop.train(trainLoader, { testLoader: trainLoader, numEpochs: 2 });
 *  history.map(({ epoch }) => epoch); // [0, 1] */
export class TrainingLoop<Model extends LoopModel = LoopModel> {
  readonly model: Model;
  readonly config: LoopConfig;
  /** What trains: the same loop for `fit` and for `train`. */
  readonly trainer: Trainer;
  readonly #records: EpochRecords;
  readonly #flattensInputs: boolean;

  /** @param config - an `AdaptiveConfig`, or an object with what the loop reads of it. */
  constructor(model: Model, config: LoopConfig, options: TrainingLoopOptions = {}) {
    const { optimizer, criterion, callbacks = [], ...rest } = checkLoop(model, config, options);
    const { flattensInputs = true, stream = process.stdout } = options;
    this.model = model;
    this.config = config;
    this.#flattensInputs = flattensInputs;
    this.#records = new EpochRecords(model, config, stream);
    this.trainer = new Trainer({
      device: config.device,
      maxGradNorm: 1,
      ...rest,
      model,
      optimizer: optimizer ?? new Adam(model.parameters(), { lr: config.learningRate }),
      criterion: criterion ?? new CrossEntropyLoss(),
      callbacks: [this.#records, ...callbacks, this.#saver()],
    });
  }

  /** Saves when everybody else has heard of the epoch's end: what they keep is then in the file. */
  #saver() {
    return {
      name: 'TrainingLoop checkpoints',
      after: ['*'],
      epochEnd: async (): Promise<void> => {
        const isDue = (this.currentEpoch + 1) % CHECKPOINT_EPOCHS === 0;
        if (this.config.saveCheckpoint && isDue) await this.saveCheckpoint();
      },
    };
  }

  get optimizer(): AnyOptimizer {
    return this.trainer.optimizer;
  }

  get criterion(): Trainer['criterion'] {
    return this.trainer.criterion;
  }

  /** One record for each epoch that is completed, those of a checkpoint that was loaded included. */
  get metricsHistory(): readonly LoopMetrics[] {
    return this.#records.history;
  }

  /** Index of the epoch that runs, or ran last; of `Trainer.currentEpoch`, which counts epochs completed, it is the one before. */
  get currentEpoch(): number {
    return this.#records.epoch;
  }

  /** Trains until `numEpochs` epochs are completed, evaluates and records each, and writes the metrics.
   *  @returns one record an epoch, those before this call included.
   *  @throws {ConfigError} that lists every problem of the options. @throws {InterruptedError} after a stop signal. */
  async train(trainLoader: BatchLoader<unknown>, options: TrainOptions = {}): Promise<readonly LoopMetrics[]> {
    const problems = unknownKeys(options, ['testLoader', 'numEpochs', 'resume']);
    if (problems.length > 0) throw new ConfigError('train', problems);
    const { testLoader, numEpochs = this.config.numEpochs, resume = {} } = options;
    await this.#fit({ trainLoader, ...(testLoader ? { valLoader: testLoader } : {}), numEpochs, resume });
    await this.saveMetrics();
    this.#records.say('Training completed!');
    return [...this.metricsHistory];
  }

  /** One more epoch, without an evaluation and without the lines around a training. It is recorded like others, and its checkpoint written where it is due.
   *  @returns `train_loss`, `train_accuracy` and `epoch_time`. */
  async trainEpoch(trainLoader: BatchLoader<unknown>): Promise<Readonly<Record<string, number>>> {
    this.#records.announces = false;
    try {
      await this.#fit({ trainLoader, numEpochs: this.trainer.currentEpoch + 1 });
    } finally {
      this.#records.announces = true;
    }
    const entries = Object.entries(this.metricsHistory.at(-1)!); // there is the one that was trained
    return Object.fromEntries(entries.filter(([name]) => name.startsWith('train_') || name === 'epoch_time'));
  }

  async #fit(options: TrainerFitOptions): Promise<void> {
    await this.#withInputs(() => this.trainer.fit(options));
  }

  /** @returns `val_loss` and, for class targets, `val_accuracy` in percent. */
  async evaluate(testLoader: BatchLoader<unknown>): Promise<Record<string, number>> {
    return inPercent(await this.#withInputs(() => this.trainer.evaluate(testLoader)));
  }

  #withInputs<T>(body: () => Promise<T>): Promise<T> {
    return withFlatInputs(this.model, (ndim) => this.#flattensInputs && ndim === 4, body);
  }

  /** Writes `{checkpointDir}/checkpoint_epoch_{epoch}.pt` as of this moment, and makes the folder where there is none.
   *  @param epoch - in the name and in the file. Default: `currentEpoch`.  @throws {ConfigError} inside a step. */
  async saveCheckpoint(epoch: number = this.currentEpoch): Promise<void> {
    if (!Number.isSafeInteger(epoch) || epoch < 0)
      throw new ConfigError('save a checkpoint', [`epoch: expected an integer from 0, got ${String(epoch)}`]);
    const { model, config, metricsHistory: history } = this;
    const path = placeIn(config.checkpointDir, `checkpoint_epoch_${epoch}.pt`);
    await this.trainer.saveCheckpoint(
      path,
      {},
      { layout: (own) => loopFileOf(own, { epoch, model, config, history }) },
    );
    this.#records.say(`Checkpoint saved: ${path}`);
  }

  /** Loads a checkpoint: of this class, of adaptiveneuralnetwork, or of a `Trainer`. The next `train` goes on behind it, with its epochs and records; from a file of ours exactly, from one of
   *  adaptiveneuralnetwork, which has neither the generators nor the order of the data, with a new start of these. Nothing in the file is executed.
   *  @returns the index of the epoch that was completed last.
   *  @throws {CheckpointError} for a file that does not verify, or whose state is not this loop's; model and optimizer are as before then. */
  async loadCheckpoint(path: string): Promise<number> {
    let state: Pick<LoopState, 'epoch' | 'history'> | undefined;
    await this.trainer.loadCheckpoint(path, {
      check: (facts) => {
        state = loopFactsOf(facts, path);
      },
    });
    const { epoch, history } = state!; // every load is checked
    this.#records.epoch = epoch;
    this.#records.history = [...history];
    this.#records.say(`Checkpoint loaded: ${path}, epoch ${epoch}`);
    return epoch;
  }

  /** Writes `metricsHistory` as JSON to the configuration's `metricsFile`, and makes its folder; nothing where there is none. Numbers that are not finite are texts: "NaN", "Infinity". */
  async saveMetrics(): Promise<void> {
    const { metricsFile } = this.config;
    if (!metricsFile) return;
    await mkdir(dirname(metricsFile), { recursive: true });
    await writeFile(`${metricsFile}.tmp`, `${JSON.stringify(this.metricsHistory.map(encodeValues), null, 2)}\n`);
    await rename(`${metricsFile}.tmp`, metricsFile);
    this.#records.say(`Metrics saved: ${metricsFile}`);
  }
}

/** A file in a folder, or under a prefix of a bucket. */
function placeIn(folder: string, name: string): string {
  return folder.includes('://') ? `${folder.replace(/\/+$/, '')}/${name}` : join(folder, name);
}
