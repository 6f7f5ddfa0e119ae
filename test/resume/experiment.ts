// A small training that has everything that a resume can lose: shuffled distinct rows, augmentation, dropout, batch norm, loaders of different lengths by
// weight, an optimizer for each, windows that are half full, schedules by step and by epoch, validation, a best metric, and a callback with a state.
// It sends itself a signal at a set moment, so that tests interrupt it where they want.
import { Generator, manualSeed, nn, optim, randn, scope, type Tensor, tensor } from 'sconce';
import { type BatchContext, DataLoader, type Dataset, defaultCollate } from 'sconce/data';
import {
  type Callback,
  defineExperiment,
  type EpochRecord,
  type FitOptions,
  GenericTrainer,
  type LoopContext,
  type TrainingRun,
} from 'sconce/trainer';

interface Sample {
  readonly x: Float32Array;
  readonly y: number;
}

interface Batch {
  /** [B, 4] */
  readonly x: Tensor;
  /** [B] */
  readonly y: Tensor;
}

/** Rows that are all different, read as if from a slow disk. */
function rows(length: number, start: number): Dataset<Sample> {
  return {
    length,
    async get(index) {
      const at = start + index;
      return { x: Float32Array.from({ length: 4 }, (_, d) => Math.sin(at * (d + 1.3))), y: Math.cos(at) };
    },
  };
}

/** Noise from the batch's own seed. */
function augment(samples: Sample[], { seed }: BatchContext): Batch {
  return scope(() => {
    const { x, y } = defaultCollate(samples);
    return { x: x.add(randn(x.shape, { generator: new Generator(seed) }).mul(0.1)), y };
  });
}

class Net extends nn.Module {
  readonly trunk = new nn.Sequential(new nn.Linear(4, 8), new nn.BatchNorm1d(8), new nn.Dropout(0.3));
  readonly head = new nn.Linear(8, 1);

  forward(x: Tensor): Tensor {
    return this.head.forward(this.trunk.forward(x).tanh()).flatten();
  }
}

/** Follows the loss; its state is a part of the checkpoint. */
class LossWatcher implements Callback {
  readonly name = 'lossWatcher';
  #average = 0;
  #count = 0;

  backwardEnd({ loss }: LoopContext): void {
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

/** Sends this process a signal: in batch, validation batch or save number `at` of the process. */
function signaller(signal: NodeJS.Signals, during: string, at: number): Callback {
  const counts: Record<string, number> = {};
  const count = (what: string): void => {
    counts[what] = (counts[what] ?? 0) + 1;
    if (what === during && counts[what] === at) process.kill(process.pid, signal);
  };
  return {
    name: 'signaller',
    batchEnd: () => count('batch'),
    validationBatchEnd: () => count('validation'),
    // Asked for while a checkpoint is put together.
    state: () => {
      count('save');
      return {};
    },
    loadState: () => {},
  };
}

export const OPTIONS = { epochs: 3, signal: '', during: 'batch', at: 0 };

/** Trains; into a run's folder, or with checkpoints under `rootDir`. */
export function train(
  options: typeof OPTIONS,
  place: { run: TrainingRun } | { rootDir: string },
  fit: Partial<FitOptions> = {},
): Promise<readonly EpochRecord[]> {
  manualSeed(1);
  const model = new Net();
  const optimizers = [
    new optim.AdamW(model.trunk.parameters(), { lr: 0.03 }),
    new optim.AdamW(model.head.parameters(), { lr: 0.02 }),
  ];
  const isResumed = 'run' in place ? place.run.isResumed : fit.resumeFromCheckpoint !== undefined;
  const signal = isResumed ? '' : options.signal;
  const trainer = new GenericTrainer({
    config: {
      seed: 5,
      trainLoaderConfig: { samplingStrategy: 'weighted', dataloaderWeights: [5, 4], dataloaderNames: ['a', 'b'] },
      perLoaderOptimizerId: [0, 1],
      lossWeightsPerLoader: [1, 0.5],
      performance: { gradientAccumulationSteps: 2, clipGradNorm: 0.5 },
      checkpoint: {
        saveEveryNSteps: 4,
        maxCheckpoints: 20,
        monitorMetric: 'val/loss',
        monitorMode: 'min', // the first is the best: what is forgotten of it shows
        ...('rootDir' in place ? { rootDir: place.rootDir } : {}),
      },
      logEveryNSteps: 1,
    },
    model,
    optimizers,
    schedulers: [
      { scheduler: new optim.LambdaLR(optimizers[0]!, (step) => 1 / (1 + step / 5)), interval: 'step' },
      { scheduler: new optim.LambdaLR(optimizers[1]!, (epoch) => 0.7 ** epoch), interval: 'epoch' },
    ],
    callbacks: [
      new LossWatcher(),
      signaller((signal || 'SIGTERM') as NodeJS.Signals, options.during, signal === '' ? 0 : options.at),
    ],
    ...('run' in place ? { run: place.run } : {}),
  });
  const lossOf = ({ x, y }: Batch): Tensor => {
    const error = model.forward(x).sub(y);
    return error.mul(error).mean();
  };
  trainer.extra = { note: 'kept', scale: tensor([0.5]) };
  trainer.setTrainingStep((_trainer, batch: Batch) => ({ loss: lossOf(batch), size: batch.x.size(0) }));
  trainer.setValidationStep((_trainer, batch: Batch) => ({ loss: lossOf(batch) }));
  const loader = (length: number, start: number, batchSize: number) =>
    new DataLoader({ dataset: rows(length, start), batchSize, shuffle: true, seed: start, collate: augment });
  return trainer.fit({
    trainLoaders: [loader(12, 0, 2), loader(8, 20, 3)], // 6 and 3 batches: epochs of 9
    valLoaders: [new DataLoader({ dataset: rows(5, 40), batchSize: 2 })],
    maxEpochs: options.epochs,
    ...fit,
  });
}

export default defineExperiment({
  name: 'resume-test',
  options: OPTIONS,
  async run(run, options) {
    await train(options, { run });
    return undefined;
  },
});
