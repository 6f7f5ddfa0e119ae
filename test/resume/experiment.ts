// A small training that has everything that a resume can lose: shuffled distinct rows, augmentation in workers, dropout, batch norm, a scaled loss, loaders of
// different lengths whose shares change, an optimizer for each, a loss that learns and keeps something, windows that are half full, schedules of every interval, averaged weights, validation, a best
// metric, early stopping, a callback with a state, and state of the user's own. It sends itself a signal at a set moment, so that tests interrupt it where they want.
import { libtorchVersion, manualSeed, nn, noGrad, onesLike, optim, type Tensor, tensor, zeros } from 'sconce';
import { DataLoader, datasetModule } from 'sconce/data';
import {
  type Callback,
  defineExperiment,
  type EpochRecord,
  type FitOptions,
  GenericTrainer,
  type LoopContext,
  type TrainingRun,
} from 'sconce/trainer';
import makeRows, { type Batch, collate } from './rows.ts';

class Net extends nn.Module {
  readonly trunk = new nn.Sequential(new nn.Linear(4, 8), new nn.BatchNorm1d(8), new nn.Dropout(0.3));
  readonly head = new nn.Linear(8, 1);

  forward(x: Tensor): Tensor {
    return this.head.forward(this.trunk.forward(x).tanh()).flatten();
  }
}

/** A loss that learns a weight and keeps what it saw. */
class LearnedLoss extends nn.Module {
  readonly weight = new nn.Parameter(tensor(1));
  declare readonly seen: Tensor;

  constructor() {
    super();
    this.registerBuffer('seen', zeros([3]));
  }

  forward(error: Tensor): Tensor {
    const value = error.mul(error).mean();
    if (this.training) noGrad(() => this.seen.mul_(0.9).add_(value.detach()));
    return value.mul(this.weight.square().add(0.1)).add(this.seen.mean().mul(0.01)).sub(this.weight.mul(0.1));
  }
}

/** Follows the loss; its state is a part of the checkpoint. */
class LossWatcher implements Callback {
  readonly name = 'lossWatcher';
  #average = 0;
  #count = 0;

  backwardEnd({ loss, extra, batchSize }: LoopContext): void {
    extra.samples = (extra.samples as number) + batchSize;
    this.#count++;
    this.#average += (loss!.item() - this.#average) / this.#count;
  }

  state(): Record<string, unknown> {
    return { average: this.#average, count: this.#count };
  }

  loadState({ average, count }: Record<string, unknown>): void {
    this.#average = average as number;
    this.#count = count as number;
  }
}

/** Sends this process a signal the `at`-th time that it comes to `during`. */
class Signaller implements Callback {
  readonly name = 'signaller';
  readonly #signal: NodeJS.Signals;
  readonly #during: string;
  #left: number;

  constructor({ signal, during, at }: Pick<typeof OPTIONS, 'signal' | 'during' | 'at'>) {
    this.#signal = signal as NodeJS.Signals;
    this.#during = during;
    this.#left = signal === '' ? 0 : at;
  }

  passes(what: string): void {
    if (what === this.#during && --this.#left === 0) process.kill(process.pid, this.#signal);
  }

  fitStart(): void {
    this.passes('fitStart');
  }

  batchEnd(): void {
    this.passes('batch');
  }

  validationStart({ phase }: LoopContext): void {
    if (phase === 'validate') this.passes('validationStart');
  }

  validationBatchEnd({ phase }: LoopContext): void {
    this.passes(phase);
  }

  epochEnd(): void {
    this.passes('epochEnd');
  }

  checkpointSaved(): void {
    this.passes('saved');
  }

  fitEnd(): void {
    this.passes('fitEnd');
  }

  /** Asked for while a checkpoint is put together. */
  state(): Record<string, unknown> {
    this.passes('save');
    // By then the file is being written.
    if (this.#during === 'write') setImmediate(() => this.passes('write'));
    return {};
  }

  loadState(): void {}
}

export const OPTIONS = {
  epochs: 3,
  // 0: by epochs
  validateEverySteps: 0,
  patience: 10,
  stepsPerEpoch: 9,
  accumulation: 2,
  saveEverySteps: 4,
  // Without it, what is durable at a moment depends on nothing else.
  isAsynchronous: false,
  seed: 5,
  workers: 0,
  // Where it sends itself which signal; none where that is empty.
  ...{ signal: '', during: 'batch', at: 0 },
  // How long a step takes at least, and whether it says when the first begins.
  ...{ pauseMs: 0, isWatched: false },
  captureSteps: false,
};

/** Float16 on the CPU came with libtorch 2. */
export const IS_SCALED = !libtorchVersion().startsWith('1.');

/** Trains; into a run's folder, or with checkpoints under `rootDir`. */
export async function train(
  options: typeof OPTIONS,
  place: { run: TrainingRun } | { rootDir: string },
  fit: Partial<FitOptions> = {},
): Promise<readonly EpochRecord[]> {
  manualSeed(1);
  const model = new Net();
  const loss = new LearnedLoss();
  const optimizers = [
    new optim.AdamW(model.trunk.parameters(), { lr: 0.03 }),
    new optim.SGD([...model.head.parameters(), ...loss.parameters()], { lr: 0.02, momentum: 0.9 }),
  ] as const;
  const isResumed = 'run' in place ? place.run.isResumed : fit.resumeFromCheckpoint !== undefined;
  const signaller = new Signaller(isResumed ? { ...options, signal: '' } : options);
  const trainer = new GenericTrainer({
    config: {
      seed: options.seed,
      trainLoaderConfig: {
        samplingStrategy: 'weighted',
        dataloaderNames: ['a', 'b'],
        epochLengthPolicy: 'fixed_num_steps',
        stepsPerEpoch: options.stepsPerEpoch,
        weightSchedule: {
          points: [
            { batch: 6, weights: [3, 2] },
            { batch: 24, weights: [1, 1] },
          ],
        },
        lossMix: { temperature: 0.05, smoothing: 0.2 },
      },
      perLoaderOptimizerId: [0, 1],
      lossWeightsPerLoader: [1, 0.5],
      performance: {
        gradientAccumulationSteps: options.accumulation,
        clipGradNorm: 0.5,
        precision: IS_SCALED ? 'fp16-mixed' : 'float32',
        captureSteps: options.captureSteps,
      },
      checkpoint: {
        saveEveryNSteps: options.saveEverySteps,
        asynchronous: options.isAsynchronous,
        keepTopK: 2,
        maxCheckpoints: 20,
        monitorMetric: 'val/loss',
        monitorMode: 'min', // the first is the best: what is forgotten of it shows
        ...('rootDir' in place ? { rootDir: place.rootDir } : {}),
      },
      validation: {
        sanitySteps: 1,
        ...(options.validateEverySteps === 0
          ? {}
          : { frequency: 'every_n_steps', everyNSteps: options.validateEverySteps }),
      },
      averaging: { kind: 'ema', decay: 0.8, startStep: 2, everyNSteps: 2 },
      earlyStoppingPatience: options.patience,
      logEveryNSteps: 1,
    },
    model,
    modules: { loss },
    optimizers,
    schedulers: [
      { scheduler: new optim.LambdaLR(optimizers[0], (step) => 1 / (1 + step / 5)), interval: 'step' },
      { scheduler: new optim.LambdaLR(optimizers[1], (epoch) => 0.7 ** epoch), interval: 'epoch' },
      { scheduler: new optim.ReduceLROnPlateau(optimizers[1], { patience: 0, factor: 0.9 }), monitor: 'val/loss' },
    ],
    callbacks: [new LossWatcher(), signaller],
    ...('run' in place ? { run: place.run } : {}),
  });
  const lossOf = ({ x, y }: Batch): Tensor => {
    return loss.forward(model.forward(x).sub(y));
  };
  if (options.isWatched) console.error('fit begins');
  trainer.extra = { note: 'kept', scale: tensor([0.5]), samples: 0 };
  trainer.setTrainingStep((_trainer, batch: Batch) => {
    signaller.passes('step');
    const until = performance.now() + options.pauseMs;
    while (performance.now() < until);
    return { loss: lossOf(batch), size: onesLike(batch.y).sum() };
  });
  trainer.setValidationStep((_trainer, batch: Batch) => ({ loss: lossOf(batch) }));
  const loader = async (length: number, start: number, batchSize: number, workers: number, shuffle = true) => {
    const rows = { length, start };
    const rest = { batchSize, shuffle, seed: start };
    if (workers === 0) return new DataLoader({ dataset: makeRows(rows), collate, ...rest });
    const dataset = await datasetModule(new URL('./rows.ts', import.meta.url), rows);
    return new DataLoader({ dataset, numWorkers: workers, ...rest });
  };
  trainer.setTestStep((_trainer, batch: Batch) => {
    signaller.passes('test');
    return { loss: lossOf(batch) };
  });
  const history = await trainer.fit({
    trainLoaders: [await loader(12, 0, 2, options.workers), await loader(8, 20, 3, 0)],
    valLoaders: [await loader(5, 40, 2, 0, false), await loader(3, 50, 2, 0, false)],
    maxEpochs: options.epochs,
    ...fit,
  });
  await trainer.test({ loaders: [await loader(3, 60, 2, 0, false)] });
  return history;
}

export default defineExperiment({
  name: 'resume-test',
  options: OPTIONS,
  async run(run, options) {
    await train(options, { run });
    return undefined;
  },
});
