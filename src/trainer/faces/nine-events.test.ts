// The nine events of adaptiveneuralnetwork: their order, their positions and logs, and the rest of what its callbacks do with a trainer.
import { describe, expect, test } from 'vitest';
import { DataLoader, TensorDataset } from '../../data/index.ts';
import { CrossEntropyLoss, Linear, MSELoss } from '../../nn/index.ts';
import { AdamW, ReduceLROnPlateau, StepLR } from '../../optim/index.ts';
import { manualSeed, type Tensor, tensor } from '../../tensor/index.ts';
import { Trainer } from '../trainer.ts';
import { Callback, type Logs, POSITIONAL_EVENTS } from './positional-callback.ts';
import type { TrainerOptions } from './trainer-options.ts';

/** Batches of two [input, target]: which side of 0 a point is on. */
function sides(positions: readonly number[]): DataLoader<[Tensor, Tensor], [Tensor, Tensor]> {
  const x = tensor(positions.map((position) => [position])); // [N, 1]
  const dataset = new TensorDataset([x, tensor(positions.map((position) => BigInt(position > 0 ? 1 : 0)))] as const);
  return new DataLoader({ dataset, batchSize: 2 }) as unknown as DataLoader<[Tensor, Tensor], [Tensor, Tensor]>;
}

function trainerOf(options: Partial<TrainerOptions> = {}): Trainer {
  manualSeed(1);
  const model = new Linear(1, 2);
  const optimizer = new AdamW(model.parameters(), { lr: 0.1 });
  return new Trainer({ model, optimizer, criterion: new CrossEntropyLoss(), ...options });
}

const four = [-2, -1, 1, 2];

/** A callback with all nine events, which writes down their names and what they are given beside the trainer. */
function recording(heard: [string, ...unknown[]][]): Callback {
  const methods = POSITIONAL_EVENTS.map((name) => [
    name,
    (...told: unknown[]) =>
      void heard.push([
        name,
        ...told.filter((each) => !(each instanceof Trainer)).map((each) => structuredClone(each)),
      ]),
  ]);
  return Object.fromEntries(methods) as unknown as Callback;
}

describe('The nine events', () => {
  test('come in the order of adaptiveneuralnetwork, with its positions and logs', async () => {
    const heard: [string, ...unknown[]][] = [];
    const trainer = trainerOf({ callbacks: [recording(heard)], metrics: { half: () => 0.5 } });
    const history = await trainer.fit({ trainLoader: sides(four), valLoader: sides([-1, 1]), numEpochs: 1 });
    const number = expect.any(Number);
    const measured = { loss: number, accuracy: number, half: 0.5 };
    expect(heard).toEqual([
      ['onTrainBegin', {}],
      ['onEpochBegin', 0, {}],
      ['onBatchBegin', 0, { batch_idx: 0, batch_size: 2 }],
      ['onBackwardEnd', 0, { batch_idx: 0, batch_size: 2 }],
      ['onBatchEnd', 0, { batch_idx: 0, batch_size: 2, ...measured }],
      ['onBatchBegin', 1, { batch_idx: 1, batch_size: 2 }],
      ['onBackwardEnd', 1, { batch_idx: 1, batch_size: 2 }],
      ['onBatchEnd', 1, { batch_idx: 1, batch_size: 2, ...measured }],
      ['onEvaluateBegin', {}],
      ['onEvaluateEnd', { val_loss: number, val_accuracy: number, val_half: 0.5 }],
      ['onEpochEnd', 0, history[0]],
      ['onTrainEnd', { metrics_history: history }],
    ]);
    const last = heard[7]![2] as Logs;
    expect(last.accuracy).toBeCloseTo(history[0]!.train_accuracy!, 6);
    expect(Object.keys(history[0]!)).toEqual([
      'epoch',
      'train_loss',
      'train_accuracy',
      'train_half',
      'val_loss',
      'val_accuracy',
      'val_half',
    ]);
  });

  test('are heard by subclasses, whose other methods for the events of the loop and state stay', async () => {
    const heard: string[] = [];
    class Mixed extends Callback {
      readonly #seen = heard;
      override onEpochEnd(epoch: number, trainer: Trainer, logs: Logs): void {
        this.#seen.push(`epoch ${epoch} of ${trainer.numEpochs}: ${Object.keys(logs).join(' ')}`);
      }
      epochEnd(): void {
        this.#seen.push('epochEnd');
      }
    }
    const trainer = trainerOf({ callbacks: [new Mixed(), new Mixed()] });
    await trainer.fit({ trainLoader: sides(four), numEpochs: 1 });
    const once = ['epoch 0 of 1: epoch train_loss train_accuracy', 'epochEnd'];
    expect(heard).toEqual([...once, ...once]);
    expect(trainer.callbacks.length).toBe(2);
  });

  test('come for an evaluation of its own; test and predict give what they say', async () => {
    const heard: [string, ...unknown[]][] = [];
    const trainer = trainerOf({ callbacks: [recording(heard)] });
    const values = await trainer.evaluate(sides(four));
    expect(Object.keys(values)).toEqual(['val_loss', 'val_accuracy']);
    expect(heard).toEqual([
      ['onEvaluateBegin', {}],
      ['onEvaluateEnd', values],
    ]);
    expect((await trainer.test(sides(four))).test_loss).toBeCloseTo(values.val_loss!, 6);
    const outputs = await trainer.predict(sides(four));
    expect(outputs.map(({ shape }) => shape)).toEqual([
      [2, 2],
      [2, 2],
    ]);
  });
});

describe('Trainer', () => {
  test('ends where a callback sets stopTraining, and goes on with the next fit', async () => {
    class Stopping extends Callback {
      override onEpochEnd(epoch: number, trainer: Trainer): void {
        if (epoch === 1) trainer.stopTraining = true;
      }
    }
    const trainer = trainerOf({ callbacks: [new Stopping()] });
    expect((await trainer.fit({ trainLoader: sides(four), numEpochs: 9 })).length).toBe(2);
    expect(trainer.stopTraining).toBe(true);
    expect((await trainer.fit({ trainLoader: sides(four), numEpochs: 3 })).map(({ epoch }) => epoch)).toEqual([
      0, 1, 2,
    ]);
    expect(() => {
      trainer.stopTraining = true;
    }).toThrow('expected true while fit() runs, got true outside of it');
  });

  test('moves a schedule once an epoch, and one that waits for a plateau by the validation loss', async () => {
    const trainer = trainerOf();
    const { optimizer } = trainer;
    await trainer.fit({
      trainLoader: sides(four),
      numEpochs: 2,
      scheduler: new StepLR(optimizer, { stepSize: 1, gamma: 0.5 }),
    });
    expect(optimizer.paramGroups[0]!.lr).toBeCloseTo(0.025, 9);
    const plateau = new ReduceLROnPlateau(optimizer, { patience: 0, threshold: 1e9, thresholdMode: 'abs' });
    await trainer.fit({ trainLoader: sides(four), valLoader: sides([-1, 1]), numEpochs: 4, scheduler: plateau });
    expect(optimizer.paramGroups[0]!.lr).toBeLessThan(0.025);
  });

  test('appends an early stop once, and counts no accuracy where there are no classes', async () => {
    const stop = {
      name: 'Stop',
      epochEnd: (context: { requestStop(reason: string): void }) => context.requestStop('x'),
    };
    const model = new Linear(1, 1);
    const trainer = new Trainer({ model, optimizer: new AdamW(model.parameters()), criterion: new MSELoss() });
    const dataset = new TensorDataset([tensor([[1], [2]]), tensor([[2], [4]])] as const);
    const trainLoader = new DataLoader({ dataset });
    for (const numEpochs of [2, 3]) await trainer.fit({ trainLoader, numEpochs, earlyStopping: stop });
    expect(trainer.callbacks.length).toBe(1);
    expect(trainer.currentEpoch).toBe(2);
    expect(Object.keys(trainer.metricsHistory[1]!)).toEqual(['epoch', 'train_loss']);
    expect((await trainer.trainEpoch(trainLoader)).epoch).toBe(2);
  });

  test('refuses options that do not fit, all at once', () => {
    expect(() =>
      trainerOf({ metrics: { loss: 3 }, progressBar: 'yes', callbacks: {} } as unknown as Partial<TrainerOptions>),
    ).toThrow(
      [
        'Cannot make a Trainer: 4 problems',
        'callbacks: expected a list, got an object',
        'metrics.loss: expected a function of outputs and targets, got 3',
        'metrics.loss: expected a name of its own, got one that the trainer gives itself',
        'progressBar: expected true or false, got "yes"',
      ].join('\n  - '),
    );
  });
});
