// The migration guide of adaptiveneuralnetwork, from its TrainingLoop to its Trainer: every code example, in its order and under its headings, translated as the design says and run; its feature table,
// row by row for both classes; and both in one program with the losses of the core trainer, to the last bit. A Python call is one options object, callbacks and what stands
// first (a model and its configuration, a loader of `train`) keep their positions, names are in camelCase; nothing else is changed. What the guide leaves out, data, is at the top.
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { load, manualSeed, nn, optim, rand, randn, type Tensor, tensor } from 'sconce';
import {
  AdaptiveConfig,
  AdaptiveModel,
  Callback,
  LoggingCallback,
  ProfilingCallback,
  Trainer,
  TrainingLoop,
} from 'sconce/adaptive';
import { DataLoader, TensorDataset } from 'sconce/data';
import { GenericTrainer, type Callback as LoopCallback, type TrainerOptions } from 'sconce/trainer';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';

const { StepLR } = optim;
const start = process.cwd();
const place = mkdtempSync(join(tmpdir(), 'sconce-adaptive-'));
beforeAll(() => process.chdir(place)); // the guide's files have relative paths
afterAll(() => {
  process.chdir(start);
  rmSync(place, { recursive: true });
});

/** Rows that lie around a point for each class, in another order each epoch. */
function loaderOf(numSamples = 40, inputDim = 784, seed = 1) {
  manualSeed(7);
  const centres = randn([10, inputDim]);
  const target = tensor(Array.from({ length: numSamples }, (_, i) => BigInt(i % 10)));
  const input = centres.indexSelect(0, target).add(randn([numSamples, inputDim]).mul(0.1)); // [N, inputDim]
  return new DataLoader({ dataset: new TensorDataset([input, target] as const), batchSize: 20, shuffle: true, seed });
}
const trainLoader = loaderOf();
const testLoader = loaderOf(20, 784, 2);

/** What a body prints, line by line. */
async function printedBy(body: () => unknown): Promise<string[]> {
  const texts: string[] = [];
  const write = vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    texts.push(String(text));
    return true;
  });
  const log = vi.spyOn(console, 'log').mockImplementation((text: string) => void texts.push(`${text}\n`));
  try {
    await body();
  } finally {
    write.mockRestore();
    log.mockRestore();
  }
  return texts.join('').split('\n');
}

/** The parts that the guide's later examples go on with. */
function parts() {
  const config = new AdaptiveConfig({ inputDim: 784, outputDim: 10, numNodes: 20, hiddenDim: 8, numEpochs: 2 });
  const model = new AdaptiveModel(config);
  const optimizer = new optim.Adam(model.parameters(), { lr: 0.001 });
  return { config, model, optimizer, criterion: new nn.CrossEntropyLoss() };
}

const epochsOf = (metrics: readonly { readonly epoch: number }[]) => metrics.map(({ epoch }) => epoch);

describe('Migration Examples', () => {
  test('Before (TrainingLoop)', async () => {
    const lines = await printedBy(async () => {
      const config = new AdaptiveConfig({
        inputDim: 784,
        outputDim: 10,
        numEpochs: 10,
        learningRate: 0.001,
      });

      const model = new AdaptiveModel(config);
      const trainer = new TrainingLoop(model, config);
      const metrics = await trainer.train(trainLoader, { testLoader, numEpochs: 10 });

      expect(epochsOf(metrics)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
      expect(metrics[9]!.train_loss).toBeLessThan(metrics[0]!.train_loss!);
      const history = JSON.parse(readFileSync('metrics.json', 'utf8')) as unknown;
      expect(history).toEqual(metrics);
    });
    expect(
      ['checkpoint_epoch_4.pt', 'checkpoint_epoch_9.pt'].map((name) => existsSync(join('checkpoints', name))),
    ).toEqual([true, true]);
    expect(lines.filter((line) => /^Epoch \d Summary:|Active Nodes|Mean Energy/.test(line)).length).toBe(30);
  });

  test('After (Trainer)', async () => {
    // For AdaptiveModel
    const config = new AdaptiveConfig({ inputDim: 784, outputDim: 10 });
    const adaptive = new AdaptiveModel(config);

    // Or use any model
    const sequential = new nn.Sequential(new nn.Linear(784, 10));

    for (const model of [adaptive, sequential]) {
      const lines = await printedBy(async () => {
        const optimizer = new optim.Adam(model.parameters(), { lr: 0.001 });
        const criterion = new nn.CrossEntropyLoss();

        const trainer = new Trainer({
          model,
          optimizer,
          criterion,
          callbacks: [new LoggingCallback({ logInterval: 10 })],
          seed: 42, // For reproducibility
        });

        const metrics = await trainer.fit({
          trainLoader,
          numEpochs: 10,
          valLoader: testLoader,
        });

        expect(Object.keys(metrics[9]!)).toEqual(['epoch', 'train_loss', 'train_accuracy', 'val_loss', 'val_accuracy']);
        expect(metrics[9]!.train_loss).toBeLessThan(metrics[0]!.train_loss!);
      });
      expect(lines).toContain('Epoch 10/10');
      expect(
        lines.filter((line) => /^Batch {4}0 \| Loss: \d+\.\d{4} \| Acc: \d+\.\d\d% \| Throughput/.test(line)).length,
      ).toBe(10);
    }
  });
});

describe('Key Differences', () => {
  test('1. Separate Optimizer and Criterion', () => {
    const { model, config, optimizer: given } = parts();
    // TrainingLoop
    const loop = new TrainingLoop(model, config);
    expect(loop.optimizer).toBeInstanceOf(optim.Adam);
    expect(loop.criterion).toBeInstanceOf(nn.CrossEntropyLoss);
    // Trainer
    const optimizer = new optim.Adam(model.parameters(), { lr: 0.001 });
    const criterion = new nn.CrossEntropyLoss();
    const trainer = new Trainer({ model, optimizer, criterion });
    expect([trainer.optimizer, trainer.criterion]).toEqual([optimizer, criterion]);
    expect(() => new Trainer({ model } as unknown as TrainerOptions)).toThrow(
      /optimizer: expected an optimizer, got none/,
    );
    expect(new TrainingLoop(model, config, { optimizer: given, criterion }).optimizer).toBe(given); // which it takes there, too
  });

  test('2. Callbacks Instead of Hard-coded Logging', async () => {
    const { model, config, optimizer, criterion } = parts();
    const logged = await printedBy(async () => {
      const trainer = new TrainingLoop(model, config);
      // Logging happens automatically
      const metrics = await trainer.train(trainLoader, { testLoader });
      expect(metrics.length).toBe(2);
    });
    expect(logged.filter((line) => /^Epoch \d, Batch 0, Loss: \d\.\d{6}, Acc: \d+\.\d\d%$/.test(line)).length).toBe(2);
    const lines = await printedBy(async () => {
      const trainer = new Trainer({
        ...{ model, optimizer, criterion },
        callbacks: [
          new LoggingCallback({ logInterval: 10, verbose: true }),
          new ProfilingCallback({ profileMemory: true }),
        ],
      });
      await trainer.fit({ trainLoader, numEpochs: 1 });
    });
    expect(lines).toContain('Epoch 1/1');
    expect(lines).toContain('Profiling Summary');
  });

  test('3. Advanced Features', async () => {
    const { model, optimizer, criterion } = parts();
    const trainer = new Trainer({
      ...{ model, optimizer, criterion },
      useAmp: true, // Enable AMP
      gradientAccumulationSteps: 4, // Accumulate gradients
      seed: 42, // Deterministic training
    });
    expect([trainer.useAmp, trainer.gradientAccumulationSteps]).toEqual([true, 4]);
    const [metrics] = await trainer.fit({ trainLoader, numEpochs: 1 });
    expect(Number.isFinite(metrics!.train_loss)).toBe(true);
  });
});

describe('Common Migration Patterns', () => {
  test('Pattern 1: Simple Migration', async () => {
    const { model, config, criterion: given } = parts();
    await printedBy(async () => {
      // Old
      const trainer = new TrainingLoop(model, config, { criterion: given });
      const metrics = await trainer.train(trainLoader, { testLoader, numEpochs: 10 });
      expect(metrics.length).toBe(10);
    });
    {
      // New
      const optimizer = new optim.Adam(model.parameters(), { lr: config.learningRate });
      const criterion = new nn.CrossEntropyLoss();
      const trainer = new Trainer({ model, optimizer, criterion });
      const metrics = await trainer.fit({ trainLoader, numEpochs: 10, valLoader: testLoader });
      expect(metrics.length).toBe(10);
    }
  });

  test('Pattern 2: With Custom Logging', async () => {
    const { model, config, optimizer, criterion } = parts();
    // Old - logging was hard-coded
    const old = new TrainingLoop(model, config);
    expect(old.metricsHistory).toEqual([]);
    // New - customizable logging
    const trainer = new Trainer({
      ...{ model, optimizer, criterion },
      callbacks: [new LoggingCallback({ logInterval: 100, verbose: true })],
    });
    const lines = await printedBy(() => trainer.fit({ trainLoader, numEpochs: 1 }));
    expect(lines.filter((line) => line.startsWith('Batch'))).toEqual([expect.stringContaining('Batch    0 | Loss: ')]);
  });

  test('Pattern 3: With Profiling', async () => {
    const { model, config, optimizer, criterion } = parts();
    // Old - no built-in profiling
    const old = new TrainingLoop(model, config);
    expect(old.trainer.profile()).toBe(undefined); // before it has trained

    // New - easy profiling
    const profilingCb = new ProfilingCallback();
    const trainer = new Trainer({
      ...{ model, optimizer, criterion },
      callbacks: [profilingCb],
    });
    const lines = await printedBy(async () => {
      await trainer.fit({ trainLoader, numEpochs: 10 });

      // Get profiling metrics
      const metrics = profilingCb.getMetrics();
      const { batch_times } = metrics;
      console.log(`Average batch time: ${(batch_times.reduce((a, b) => a + b) / batch_times.length).toFixed(4)}s`);
      expect([metrics.epoch_times.length, batch_times.length, metrics.forward_times.length]).toEqual([10, 20, 20]);
    });
    expect(lines.join('\n')).toMatch(/Average batch time: \d\.\d{4}s/);
  });
});

test('Creating Custom Callbacks', async () => {
  class LearningRateSchedulerCallback extends Callback {
    readonly scheduler: optim.LRScheduler;

    constructor(scheduler: optim.LRScheduler) {
      super();
      this.scheduler = scheduler;
    }

    override onEpochEnd(_epoch: number, _trainer: Trainer, _logs?: object): void {
      this.scheduler.step();
      console.log(`Learning rate: ${this.scheduler.getLastLr()[0]!.toFixed(6)}`);
    }
  }

  // Use it
  const { model, config, optimizer, criterion } = parts();
  const scheduler = new StepLR(optimizer, { stepSize: 5, gamma: 0.5 });
  const trainer = new Trainer({
    ...{ model, optimizer, criterion },
    callbacks: [new LearningRateSchedulerCallback(scheduler)],
  });
  const rates = await printedBy(() => trainer.fit({ trainLoader, numEpochs: 6 }));
  expect(rates).toEqual(
    [...new Array<string>(4).fill('0.001000'), '0.000500', '0.000500']
      .map((rate) => `Learning rate: ${rate}`)
      .concat(''),
  );
  expect(optimizer.paramGroups[0]!.lr).toBe(0.0005);

  // And, which was not possible there, in the older loop
  const second = new optim.Adam(model.parameters(), { lr: 0.001 });
  const callbacks = [new LearningRateSchedulerCallback(new StepLR(second, { stepSize: 1, gamma: 0.5 }))];
  const loop = new TrainingLoop(model, config, { optimizer: second, callbacks, stream: { write() {} } });
  expect(await printedBy(() => loop.train(trainLoader))).toEqual([
    'Learning rate: 0.000500',
    'Learning rate: 0.000250',
    '',
  ]);
});

/** What both classes can be asked, each in its own words. */
interface Face {
  readonly model: nn.Module & { forward(input: Tensor): Tensor };
  readonly optimizer: Trainer['optimizer'];
  /** Trains until so many epochs are completed. @returns the losses of all epochs. */
  run(numEpochs: number): Promise<number[]>;
  evaluate(): Promise<Record<string, number>>;
  history(): readonly Readonly<Record<string, number>>[];
  save(): Promise<string>;
  load(path: string): Promise<unknown>;
}

type Given = Partial<Omit<TrainerOptions, 'model'>> & { readonly model?: Face['model'] };
const rows = loaderOf(40, 8);
const others = loaderOf(20, 8, 2);
const silent = { write: () => {} };

function smallModel() {
  manualSeed(3);
  return new nn.Sequential(new nn.Linear(8, 16), new nn.ReLU(), new nn.Dropout(0.3), new nn.Linear(16, 10));
}

const lossesOf = (history: readonly Readonly<Record<string, number>>[]) => history.map(({ train_loss }) => train_loss!);

function trainerFace({ model = smallModel(), ...options }: Given = {}): Face {
  const optimizer = new optim.Adam(model.parameters(), { lr: 0.01 });
  const trainer = new Trainer({ model, optimizer, criterion: new nn.CrossEntropyLoss(), maxGradNorm: 1, ...options });
  return {
    ...{ model, optimizer },
    run: async (numEpochs) => lossesOf(await trainer.fit({ trainLoader: rows, valLoader: others, numEpochs })),
    evaluate: () => trainer.evaluate(others),
    history: () => trainer.metricsHistory,
    async save() {
      await trainer.saveCheckpoint('face/trainer.pt');
      return 'face/trainer.pt';
    },
    load: (path) => trainer.loadCheckpoint(path),
  };
}

function loopFace({ model = smallModel(), ...options }: Given = {}): Face {
  const config = new AdaptiveConfig({
    learningRate: 0.01,
    saveCheckpoint: false,
    checkpointDir: 'face',
    metricsFile: null,
  });
  const loop = new TrainingLoop(model, config, { stream: silent, ...options });
  return {
    ...{ model, optimizer: loop.optimizer },
    run: async (numEpochs) => lossesOf(await loop.train(rows, { testLoader: others, numEpochs })),
    evaluate: () => loop.evaluate(others),
    history: () => loop.metricsHistory,
    async save() {
      await loop.saveCheckpoint();
      return join('face', `checkpoint_epoch_${loop.currentEpoch}.pt`);
    },
    load: (path) => loop.loadCheckpoint(path),
  };
}

type Make = typeof trainerFace;

/** The rows of the feature table: what they say of TrainingLoop there (of Trainer they all say yes), and what has to be so here, for both. */
const features: readonly (readonly [feature: string, there: '✅' | '❌', holds: (make: Make) => Promise<void>])[] = [
  [
    'Basic training',
    '✅',
    async (make) => {
      const losses = await make().run(8);
      expect(losses[7]).toBeLessThan(0.8 * losses[0]!);
    },
  ],
  [
    'Evaluation',
    '✅',
    async (make) => {
      const face = make();
      await face.run(30);
      const { val_loss, val_accuracy } = await face.evaluate();
      expect(val_loss).toBeLessThan(1);
      expect(val_accuracy).toBe(make === loopFace ? 100 : 1);
    },
  ],
  [
    'Metrics tracking',
    '✅',
    async (make) => {
      const face = make();
      await face.run(2);
      const keys = ['epoch', 'train_loss', 'train_accuracy', 'val_loss', 'val_accuracy'];
      for (const record of face.history()) expect(Object.keys(record)).toEqual(expect.arrayContaining(keys));
      expect(face.history().map(({ epoch }) => epoch)).toEqual([0, 1]);
    },
  ],
  [
    'Checkpoint save/load',
    '✅',
    async (make) => {
      const whole = await make().run(3);
      const first = make();
      await first.run(2);
      const path = await first.save();
      const second = make();
      rand([5]); // the generator stands elsewhere
      await second.load(path);
      expect(await second.run(3)).toEqual(whole);
    },
  ],
  [
    'Callbacks',
    '❌',
    async (make) => {
      const heard: number[] = [];
      class Hearing extends Callback {
        override onEpochEnd(epoch: number): void {
          heard.push(epoch);
        }
      }
      await make({ callbacks: [new Hearing()] }).run(2);
      expect(heard).toEqual([0, 1]);
    },
  ],
  [
    'AMP support',
    '❌',
    async (make) => {
      const exact = await make().run(2);
      const mixed = await make({ useAmp: true }).run(2);
      expect(mixed).not.toEqual(exact);
      for (const [i, loss] of mixed.entries()) expect(Math.abs(loss - exact[i]!)).toBeLessThan(0.1);
    },
  ],
  [
    'Gradient accumulation',
    '❌',
    async (make) => {
      const updates: number[] = [];
      const counting: LoopCallback = {
        name: 'counting',
        optimizerStepEnd: ({ clocks }) => void updates.push(clocks.microStep),
      };
      await make({ callbacks: [counting], gradientAccumulationSteps: 2 }).run(3);
      expect(updates).toEqual([2, 4, 6]); // of two batches each
    },
  ],
  [
    'Deterministic seed',
    '❌',
    async (make) => {
      const losses: number[][] = [];
      for (const numDrawn of [1, 5]) {
        const face = make({ seed: 42 });
        rand([numDrawn]);
        losses.push(await face.run(2));
      }
      expect(losses[0]).toEqual(losses[1]);
    },
  ],
  [
    'Works with any PyTorch model',
    '❌',
    async (make) => {
      const model = new nn.Sequential(
        new nn.Unflatten(1, [1, 8]),
        new nn.Conv1d(1, 4, 3),
        new nn.Flatten(),
        new nn.Linear(24, 10),
      );
      const losses = await make({ model }).run(4);
      expect(losses[3]).toBeLessThan(losses[0]!);
    },
  ],
  [
    'Extensible without code changes',
    '❌',
    async (make) => {
      class Patience extends Callback {
        override onEpochEnd(_epoch: number, trainer: Trainer, logs: Readonly<Record<string, number>>): void {
          if (logs.train_loss! < 2.2) trainer.stopTraining = true;
        }
      }
      const losses = await make({
        callbacks: [new Patience()],
        loggers: [{ name: 'none', logMetrics() {}, close() {} }],
      }).run(50);
      expect(losses.at(-1)).toBeLessThan(2.2);
      expect(losses.at(-2)).toBeGreaterThanOrEqual(2.2);
    },
  ],
];

describe('Feature Comparison', () => {
  test('is whole', () => {
    expect(features.map(([, there]) => there).join('')).toBe('✅✅✅✅❌❌❌❌❌❌');
  });

  test.each(features)('%s (TrainingLoop there: %s): Trainer', (_feature, _there, holds) => holds(trainerFace));

  test.each(features)('%s (TrainingLoop there: %s): TrainingLoop', (_feature, _there, holds) => holds(loopFace));
});

describe('Both in one program', () => {
  /** Notes the loss of each batch. */
  const noting = (losses: number[]): LoopCallback => ({
    name: 'noting',
    batchEnd: ({ loss }) => void losses.push(loss!.item() as number),
  });

  async function core(model: Face['model'], losses: number[]) {
    const trainer = new GenericTrainer({
      config: { performance: { clipGradNorm: 1 } },
      model,
      optimizers: [new optim.Adam(model.parameters(), { lr: 0.01 })],
      callbacks: [noting(losses)],
    });
    const criterion = new nn.CrossEntropyLoss();
    const step = (_trainer: GenericTrainer, [x, y]: readonly [Tensor, Tensor]) => ({
      loss: criterion.forward(model.forward(x), y),
    });
    trainer.setTrainingStep(step).setValidationStep(step);
    const history = await trainer.fit({ trainLoaders: [rows], valLoaders: [others], maxEpochs: 3 });
    return history.map((record) => [record['train/loss'], record['val/loss']]);
  }

  const adaptive = () => {
    manualSeed(3);
    return new AdaptiveModel({ inputDim: 8, numNodes: 12, hiddenDim: 6 });
  };

  test.each([
    ['a model with dropout', smallModel],
    ['an AdaptiveModel', adaptive],
  ])('have the losses of the core trainer, of every batch and epoch, to the last bit: %s', async (_name, make) => {
    const expected: number[] = [];
    const epochs = await core(make(), expected);
    expect(expected.length).toBe(6);
    expect(new Set(expected).size).toBe(6);
    const both: Face[] = [];
    const batches: number[][] = [];
    for (const makeFace of [trainerFace, loopFace]) {
      const losses: number[] = [];
      both.push(makeFace({ model: make(), callbacks: [noting(losses)] }));
      batches.push(losses);
      await both.at(-1)!.run(3);
    }
    expect(batches).toEqual([expected, expected]);
    for (const face of both)
      expect(face.history().map(({ train_loss, val_loss }) => [train_loss, val_loss])).toEqual(epochs);
  });
});

test('the file of the older loop has what Python needs to go on', async () => {
  const { model, config } = parts();
  const loop = new TrainingLoop(model, config, { stream: silent });
  await loop.train(trainLoader);
  await loop.saveCheckpoint(1);
  const file = (await load(join('checkpoints', 'checkpoint_epoch_1.pt'))) as Record<string, Record<string, unknown>>;
  expect(Object.keys(file).slice(0, 5)).toEqual([
    'epoch',
    'model_state_dict',
    'optimizer_state_dict',
    'config',
    'metrics_history',
  ]);
  const { node_state, scheduler_state } = file.model_state_dict as Record<string, Record<string, unknown>>;
  expect(Object.keys(node_state!).sort()).toEqual(['activity', 'energy', 'hidden_state', 'phase_mask', 'position']);
  expect(scheduler_state).toMatchObject({ current_step: 4 });
  expect(file.config).toEqual(config.toDict());
  expect((file.config as Record<string, unknown>).input_dim).toBe(784);
});
