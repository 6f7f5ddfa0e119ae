// `multiDatasetTrainer`: the one loop, as VisionCore wires Lightning's for a model of many data sets.

import { type BatchLoader, FirstBatches } from '../../data/index.ts';
import { ConfigError } from '../../errors.ts';
import { adopt } from '../../tensor/scope.ts';
import { CurriculumCallback } from '../../trainer/callbacks/curriculum.ts';
import { EarlyStopping } from '../../trainer/callbacks/early-stopping.ts';
import { LearningRateMonitor } from '../../trainer/callbacks/learning-rate-monitor.ts';
import { GenericTrainer } from '../../trainer/generic-trainer.ts';
import { DataHandler, type PreparedBatch } from '../../trainer/loop/data-handler.ts';
import type { Callback } from '../../trainer/loop/events.ts';
import type { EpochRecord } from '../../trainer/loop/loop-options.ts';
import type { FitOptions, GenericTrainerOptions } from '../../trainer/trainer-options.ts';
import type { GroupedBatch, MultiDatasetModel } from '../model/multi-dataset-model.ts';
import { ReadoutBias } from '../model/readout-bias.ts';
import { Regularization } from '../regularizers/regularization.ts';
import { LostTraining } from './lost-training.ts';
import { seedNaming } from './metric-naming.ts';
import {
  checkTrainerOptions,
  loopConfig,
  type MultiDatasetData,
  type MultiDatasetTrainerOptions,
} from './trainer-options.ts';

/** A trainer with its data. */
export class MultiDatasetTrainer extends GenericTrainer {
  readonly dm: MultiDatasetData;
  readonly #model: MultiDatasetModel;
  readonly #maxEpochs: number;
  readonly #limitValBatches: number;

  /** @internal */
  constructor(
    options: GenericTrainerOptions,
    own: { model: MultiDatasetModel; dm: MultiDatasetData; maxEpochs: number; limitValBatches: number },
  ) {
    super(options);
    this.dm = own.dm;
    this.#model = own.model;
    this.#maxEpochs = own.maxEpochs;
    this.#limitValBatches = own.limitValBatches;
  }

  /** Reads the data and trains on it until the epochs are completed.
   *  @param options.resumeFromCheckpoint - a checkpoint to go on from, as `fit` takes it.
   *  @returns one record an epoch.
   *  @throws {ConfigError} where data and model do not have the same data sets, and as `fit`. @throws {InterruptedError} after a stop signal, when everything is saved. */
  async train(options: Pick<FitOptions, 'resumeFromCheckpoint' | 'resume'> = {}): Promise<readonly EpochRecord[]> {
    const { dm } = this;
    await dm.setup?.();
    const [own, names] = [this.#model.names, dm.names].map((each) => each.join(', '));
    if (own !== names)
      throw new ConfigError('train', [`dm: expected the model's data sets in their order, ${own}, got ${names}`]);
    const valLoader = this.#limited(dm.valDataloader());
    return this.fit({
      ...{ trainLoaders: [dm.trainDataloader()], valLoaders: [valLoader], valLoaderNames: ['val'] },
      maxEpochs: this.#maxEpochs,
      ...options,
    });
  }

  #limited(loader: BatchLoader<unknown>): BatchLoader<unknown> {
    const limit = this.#limitValBatches;
    const batches = limit <= 1 ? Math.floor(loader.length * limit) : Math.floor(limit);
    if (batches < 1)
      throw new ConfigError('train', [
        `limitValBatches: expected a share that has a batch, got ${limit} of ${loader.length}`,
      ]);
    return batches >= loader.length ? loader : new FirstBatches(loader, batches);
  }

  /** A stimulus that nobody looks at stays where it is. */
  protected override makeDataHandler(...parts: ConstructorParameters<typeof DataHandler>): DataHandler {
    return this.#model.isModulatorOnly ? new BlindDataHandler(...parts) : super.makeDataHandler(...parts);
  }
}

class BlindDataHandler extends DataHandler {
  override prepare(batch: unknown): PreparedBatch {
    adopt(batch);
    return super.prepare(Array.isArray(batch) ? batch.map(withoutStimulus) : withoutStimulus(batch));
  }
}

function withoutStimulus(group: unknown): unknown {
  const { stim: _stim, ...rest } = group as { readonly stim?: unknown };
  return rest;
}

/** Makes a trainer of a model and its data, wired as VisionCore's training: AdamW over core and heads with the schedule of the model's `lrScheduler`, once an epoch; gradients clipped to a norm of 1; penalties, and
 *  proximal steps behind each step; biases of readouts at the units' rates; the curriculum, where the data has one; validation of all held-out samples at the end of each epoch; the three checkpoints with the best
 *  `val_bps_overall` and the last one, named by it (`epoch=07-val_bps_overall=0.1234-step=007000.ckpt`).
 *
 *  Values have VisionCore's names in the log, in the history and for monitors: `train_loss`, `train_loss/{name}`, `aux_loss`, `reg_loss/{regulariser}`, `val_loss`, `val_loss/{name}`, `val_bps/{name}`,
 *  `val_bps_overall`, and `train_nan_skip/{name}` and `val_nan_skip/{name}` for groups that were left out (`seedNaming`).
 *  `train()` reads the data and trains; `fit`, `validate`, `predict` and the rest of `GenericTrainer` are there too.
 *  @throws {ConfigError} that lists everything that is wrong with the options.
 *  Source: VisionCore, training/train_ddp_multidataset. */
export function multiDatasetTrainer(options: MultiDatasetTrainerOptions): MultiDatasetTrainer {
  checkTrainerOptions(options);
  const { model, dm, maxEpochs = 100, limitValBatches = 1, loggers, run, callbacks = [] } = options;
  const { lr, wd, coreLrScale, lrScheduler, warmupEpochs, restartPeriod, warmupStartLr } = options;
  const rates = { lr, wd, coreLrScale, lrScheduler, warmupEpochs, restartPeriod, warmupStartLr };
  const isGiven = Object.entries(rates).filter(([, value]) => value !== undefined);
  Object.assign(model.hparams, Object.fromEntries(isGiven)); // the checkpoint says what it was trained with
  const { optimizer, schedulers } = model.configureOptimizers({ maxEpochs });
  const given = new Set(callbacks.map(({ name }) => name));
  const trainer = new MultiDatasetTrainer(
    {
      model,
      optimizers: [optimizer],
      schedulers,
      config: loopConfig(options, options.stepsPerEpoch ?? dm.stepsPerEpoch),
      callbacks: [...ownCallbacks(options).filter(({ name }) => !given.has(name)), ...callbacks],
      trainMetrics: [model.skippedGroups],
      valMetrics: [model.scores],
      metricNaming: seedNaming(model.hasTerms),
      ...(loggers && { loggers }),
      ...(run && { run }),
    },
    { model, dm, maxEpochs, limitValBatches },
  );
  trainer.setTrainingStep((own, batch: GroupedBatch) => model.trainingStep(batch, own.clocks.epoch));
  trainer.setValidationStep((_own, batch: GroupedBatch) => model.validationStep(batch));
  trainer.setPredictStep((_own, batch: GroupedBatch) => model.predictStep(batch));
  return trainer;
}

function ownCallbacks(options: MultiDatasetTrainerOptions): Callback[] {
  const { model, dm, initReadoutBias = true, monitor = 'val_bps_overall', monitorMode: mode = 'max' } = options;
  const { earlyStoppingPatience: patience, earlyStoppingMinDelta: minDelta = 0 } = options;
  return [
    ...(initReadoutBias ? [new ReadoutBias(model, () => dm.trainDsets ?? {})] : []),
    ...(dm.settings?.enableCurriculum ? [new CurriculumCallback()] : []),
    ...(model.regularizers.hasProximal ? [new Regularization(model.regularizers)] : []),
    new LostTraining(),
    new LearningRateMonitor({ interval: 'epoch' }),
    ...(patience === undefined ? [] : [new EarlyStopping({ monitor, mode, patience, minDelta })]),
  ];
}
