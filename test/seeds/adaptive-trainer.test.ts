// What adaptiveneuralnetwork's own tests of its Trainer and callbacks ask for, and its six examples: translated as the design says, under their names.
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { manualSeed, nn, optim, randint, randn, type Tensor } from 'sconce';
import { Callback, CallbackList, LoggingCallback, ProfilingCallback, Trainer } from 'sconce/adaptive';
import { DataLoader, TensorDataset } from 'sconce/data';
import type { TrainerOptions } from 'sconce/trainer';
import { afterAll, describe, expect, test } from 'vitest';

const folder = mkdtempSync(join(tmpdir(), 'sconce-adaptive-'));
afterAll(() => rmSync(folder, { recursive: true }));

class SimpleModel extends nn.Module {
  readonly fc1 = new nn.Linear(10, 20);
  readonly fc2 = new nn.Linear(20, 2);

  forward(x: Tensor): Tensor {
    return this.fc2.forward(this.fc1.forward(x).relu());
  }
}

function dummyData({ numSamples = 100, inputDim = 10, numClasses = 2, batchSize = 16 } = {}) {
  manualSeed(1);
  const dataset = new TensorDataset([randn([numSamples, inputDim]), randint(0, numClasses, [numSamples])] as const);
  return new DataLoader({ dataset, batchSize, shuffle: true });
}

const EVENTS = [
  ...['onTrainBegin', 'onTrainEnd', 'onEpochBegin', 'onEpochEnd', 'onBatchBegin', 'onBatchEnd', 'onBackwardEnd'],
  ...['onEvaluateBegin', 'onEvaluateEnd'],
] as const;

/** Writes down the names of its events. */
class Recording extends Callback {
  override readonly name: string;
  readonly heard: string[] = [];

  constructor(name = 'recording') {
    super();
    this.name = name;
    for (const event of EVENTS) Object.assign(this, { [event]: () => void this.heard.push(event) });
  }
}

const trainLoader = dummyData({ numSamples: 64 });
const valLoader = dummyData({ numSamples: 32 });
const nobody = undefined as unknown as Trainer;

function trainerOf(options: Partial<TrainerOptions> = {}): Trainer {
  const model = new SimpleModel();
  const optimizer = new optim.Adam(model.parameters(), { lr: 0.001 });
  return new Trainer({ model, optimizer, criterion: new nn.CrossEntropyLoss(), device: 'cpu', ...options });
}

describe('TestCallbacks', () => {
  test('callback_interface', () => {
    const base = new Callback();
    for (const event of EVENTS) expect(Reflect.get(base, event)).toBeTypeOf('function');
  });

  test('callback_list', async () => {
    const callbacks = [new Recording('cb1'), new Recording('cb2')];
    const list = new CallbackList(callbacks);
    await list.onTrainBegin(nobody);
    expect(callbacks.map(({ heard }) => heard)).toEqual([['onTrainBegin'], ['onTrainBegin']]);
    expect(() => list.append({ name: 'deaf' })).toThrow(/expected one with onTrainBegin, .*, got an object/);
  });

  test('callback_sequencing', async () => {
    const recording = new Recording();
    const list = new CallbackList().append(recording);
    await list.onTrainBegin(nobody);
    await list.onEpochBegin(0, nobody);
    list.onBatchBegin(0, nobody);
    list.onBatchEnd(0, nobody);
    list.onBackwardEnd(0, nobody);
    await list.onEpochEnd(0, nobody);
    await list.onTrainEnd(nobody);
    expect(recording.heard).toEqual([
      ...['onTrainBegin', 'onEpochBegin', 'onBatchBegin', 'onBatchEnd', 'onBackwardEnd', 'onEpochEnd', 'onTrainEnd'],
    ]);
  });

  test('a list in the place of its callbacks: what each hears, and keeps', async () => {
    class Counting extends Recording {
      count = 0;
      state = () => ({ count: this.heard.length });
      loadState = ({ count }: Record<string, unknown>) => {
        this.count = Number(count);
      };
    }
    const [alone, listed, plain] = [new Recording('alone'), new Counting('listed'), new Recording('plain')];
    const trainer = trainerOf({ callbacks: [alone, new CallbackList([plain, listed])] });
    await trainer.fit({ trainLoader, valLoader, numEpochs: 1 });
    expect(listed.heard).toEqual(alone.heard);
    expect(new Set(alone.heard).size).toBe(9);
    const path = join(folder, 'listed.pt');
    await trainer.saveCheckpoint(path);
    const later = new Counting('listed');
    const second = trainerOf({
      callbacks: [new Recording('alone'), new CallbackList([new Recording('plain'), later])],
    });
    await second.loadCheckpoint(path);
    await second.fit({ trainLoader, valLoader, numEpochs: 2 });
    expect(later.count).toBe(listed.heard.length);
  });

  test('logging_callback', async () => {
    const callback = new LoggingCallback({ logInterval: 5, verbose: false });
    expect([callback.logInterval, callback.verbose, callback.epochStartTime]).toEqual([5, false, undefined]);
    await trainerOf({ callbacks: [callback] }).fit({ trainLoader: dummyData({ numSamples: 160 }), numEpochs: 1 });
    expect(callback.epochStartTime).toBeTypeOf('number');
    expect([callback.batchCount, callback.sampleCount]).toEqual([10, 160]);
  });

  test('profiling_callback', async () => {
    const callback = new ProfilingCallback({ profileMemory: false, profileCuda: false, stream: { write() {} } });
    await trainerOf({ callbacks: [callback] }).fit({ trainLoader: dummyData({ numSamples: 16 }), numEpochs: 1 });
    const { epoch_times, batch_times } = callback.getMetrics();
    expect([epoch_times.length, batch_times.length]).toEqual([1, 1]);
  });
});

describe('TestTrainer', () => {
  test('trainer_initialization', () => {
    const model = new SimpleModel();
    const optimizer = new optim.Adam(model.parameters(), { lr: 0.001 });
    const criterion = new nn.CrossEntropyLoss();
    const trainer = new Trainer({ model, optimizer, criterion, device: 'cpu' });
    expect(trainer.model).toBe(model);
    expect(trainer.optimizer).toBe(optimizer);
    expect(trainer.criterion).toBe(criterion);
    expect([trainer.device, trainer.gradientAccumulationSteps, trainer.useAmp]).toEqual(['cpu', 1, false]);
  });

  test('trainer_fit', async () => {
    const metricsHistory = await trainerOf().fit({ trainLoader, numEpochs: 2, valLoader });
    expect(metricsHistory.length).toBe(2);
    expect(Object.keys(metricsHistory[0]!)).toEqual(
      expect.arrayContaining(['train_loss', 'train_accuracy', 'val_loss', 'val_accuracy']),
    );
  });

  test('trainer_evaluate', async () => {
    const { val_loss, val_accuracy } = await trainerOf().evaluate(valLoader);
    expect(val_loss).toBeGreaterThan(0);
    expect(val_accuracy).toBeGreaterThanOrEqual(0);
    expect(val_accuracy).toBeLessThanOrEqual(1);
  });

  test('trainer_with_callbacks, trainer_callback_order', async () => {
    const recording = new Recording();
    const trainer = trainerOf({ callbacks: [recording] });
    await trainer.fit({ trainLoader: dummyData({ numSamples: 16 }), numEpochs: 1 });
    expect(recording.heard).toEqual([
      ...['onTrainBegin', 'onEpochBegin', 'onBatchBegin', 'onBackwardEnd', 'onBatchEnd', 'onEpochEnd', 'onTrainEnd'],
    ]);
  });

  test('trainer_gradient_accumulation', async () => {
    const [metrics] = await trainerOf({ gradientAccumulationSteps: 2 }).fit({ trainLoader, numEpochs: 1 });
    expect(metrics!.train_loss).toBeGreaterThan(0);
  });

  test('trainer_deterministic_seed: with the weights made under it, all of a training is the same', async () => {
    const histories: unknown[] = [];
    for (const _ of [1, 2]) {
      manualSeed(42);
      histories.push(await trainerOf({ seed: 42 }).fit({ trainLoader: dummyData(), numEpochs: 2 }));
    }
    expect(histories[0]).toEqual(histories[1]);
  });

  test('trainer_checkpoint_save_load', async () => {
    const trainer = trainerOf();
    await trainer.fit({ trainLoader, numEpochs: 1 });
    const checkpointPath = join(folder, 'checkpoint.pt');
    await trainer.saveCheckpoint(checkpointPath);
    expect(existsSync(checkpointPath)).toBe(true);
    const newTrainer = trainerOf();
    const checkpoint = await newTrainer.loadCheckpoint(checkpointPath);
    expect(checkpoint.epoch).toBe(1);
    const [first, second] = [trainer, newTrainer].map(({ model }) => (model as SimpleModel).fc1.weight.toArray());
    expect(second).toEqual(first);
  });
});

describe('TestAMPIntegration', () => {
  test('amp_disabled', async () => {
    const trainer = trainerOf({ useAmp: false });
    expect([trainer.useAmp, trainer.scaler]).toEqual([false, undefined]);
    expect((await trainer.fit({ trainLoader, numEpochs: 1 })).length).toBe(1);
  });

  test('amp_enabled: on a CPU too, in bfloat16 and so without a scaler', async () => {
    const trainer = trainerOf({ useAmp: true });
    expect([trainer.useAmp, trainer.scaler]).toEqual([true, undefined]);
    expect((await trainer.fit({ trainLoader, numEpochs: 1 })).length).toBe(1);
  });
});

test('TestIntegrationWithCallbacks', async () => {
  const logging = new LoggingCallback({ logInterval: 2, verbose: false });
  const profiling = new ProfilingCallback({ profileMemory: false, profileCuda: false, stream: { write() {} } });
  const recording = new Recording();
  const trainer = trainerOf({ callbacks: [logging, profiling, recording] });
  const metricsHistory = await trainer.fit({ trainLoader, numEpochs: 2, valLoader });
  expect(metricsHistory.length).toBe(2);
  expect(recording.heard.length).toBeGreaterThan(20);
  expect([logging.batchCount, profiling.getMetrics().epoch_times.length]).toEqual([4, 2]);
  expect(profiling.getMetrics().batch_times.length).toBe(8);
});

describe('phase4_trainer_examples', () => {
  class SimpleClassifier extends nn.Module {
    readonly network = new nn.Sequential(
      new nn.Linear(784, 32),
      new nn.ReLU(),
      new nn.Dropout(0.2),
      new nn.Linear(32, 32),
      new nn.ReLU(),
      new nn.Dropout(0.2),
      new nn.Linear(32, 10),
    );

    forward(x: Tensor): Tensor {
      return this.network.forward(x);
    }
  }

  const train = dummyData({ numSamples: 128, inputDim: 784, numClasses: 10, batchSize: 32 });
  const validation = dummyData({ numSamples: 64, inputDim: 784, numClasses: 10, batchSize: 32 });
  const texts: string[] = [];
  const stream = { write: (text: string) => void texts.push(text) };
  const classifier = (options: Partial<TrainerOptions> = {}): Trainer => {
    texts.length = 0;
    const model = new SimpleClassifier();
    const optimizer = new optim.Adam(model.parameters(), { lr: 0.001 });
    return new Trainer({ model, optimizer, criterion: new nn.CrossEntropyLoss(), seed: 42, ...options });
  };

  test('1. Basic Training with LoggingCallback', async () => {
    const trainer = classifier({ callbacks: [new LoggingCallback({ logInterval: 2, verbose: true, stream })] });
    const metrics = await trainer.fit({ trainLoader: train, numEpochs: 3, valLoader: validation });
    expect(metrics.at(-1)!.val_accuracy).toBeGreaterThanOrEqual(0);
    expect(texts.join('').match(/^Batch/gm)).toHaveLength(6);
  });

  test('2. Training with ProfilingCallback', async () => {
    const profilingCb = new ProfilingCallback({ profileMemory: true, profileCuda: false, stream });
    await classifier({ callbacks: [profilingCb] }).fit({ trainLoader: train, numEpochs: 2 });
    const { batch_times, memory_allocated } = profilingCb.getMetrics();
    expect([batch_times.length, memory_allocated!.length]).toEqual([8, 8]);
    expect(texts.join('')).toMatch(/Batch Times: mean=\d+\.\d+ms/);
  });

  test('3. Training with Automatic Mixed Precision (AMP)', async () => {
    const trainer = classifier({ useAmp: true, callbacks: [new LoggingCallback({ logInterval: 5, stream })] });
    const metrics = await trainer.fit({ trainLoader: train, numEpochs: 2 });
    expect(trainer.useAmp).toBe(true);
    expect(metrics.at(-1)!.train_accuracy).toBeLessThanOrEqual(1);
  });

  test('4. Training with Gradient Accumulation', async () => {
    const trainer = classifier({ gradientAccumulationSteps: 4 });
    const metrics = await trainer.fit({ trainLoader: train, numEpochs: 2 });
    expect([trainer.gradientAccumulationSteps, metrics.length]).toEqual([4, 2]);
  });

  test('5. Training with Multiple Callbacks', async () => {
    const loggingCb = new LoggingCallback({ logInterval: 10, verbose: true, stream });
    const profilingCb = new ProfilingCallback({ profileMemory: false, profileCuda: false, stream });
    const trainer = classifier({ callbacks: [loggingCb, profilingCb] });
    const metrics = await trainer.fit({ trainLoader: train, numEpochs: 3, valLoader: validation });
    expect(profilingCb.getMetrics().batch_times.length).toBe(12);
    expect(metrics.length).toBe(3);
    expect(texts.join('')).toMatch(/Epoch 3 Summary:.*Profiling Summary/s);
  });

  test('6. Checkpoint Saving and Loading: training goes on, which it did not there', async () => {
    const trainer = classifier();
    const metrics1 = await trainer.fit({ trainLoader: train, numEpochs: 2 });
    const checkpointPath = join(folder, 'example.pt');
    await trainer.saveCheckpoint(checkpointPath, { customData: 'Phase 4 Example' });
    const newTrainer = classifier();
    const checkpoint = await newTrainer.loadCheckpoint(checkpointPath);
    expect([checkpoint.epoch, checkpoint.extra.customData]).toEqual([2, 'Phase 4 Example']);
    const metrics2 = await newTrainer.fit({ trainLoader: train, numEpochs: 3 });
    expect(metrics2.slice(0, 2)).toEqual(metrics1);
    expect(metrics2.map(({ epoch }) => epoch)).toEqual([0, 1, 2]);
  });
});
