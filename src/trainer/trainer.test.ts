// Seed 004's face: its keys, its accuracy from 0 to 1, and what it is made of.
import { describe, expect, test } from 'vitest';
import { DataLoader, TensorDataset } from '../data/index.ts';
import { CrossEntropyLoss, Linear, MSELoss } from '../nn/index.ts';
import { AdamW, LambdaLR } from '../optim/index.ts';
import { arange, manualSeed, type Tensor, tensor } from '../tensor/index.ts';
import type { TrainerOptions } from './faces/trainer-options.ts';
import { weightsOf } from './testing/tiny.ts';
import { Trainer } from './trainer.ts';

/** Batches [input, target]: points on a line, and on which side of 0 they are. */
function sideLoader(positions: readonly number[], batchSize = 4) {
  const x = tensor(positions.map((position) => [position])); // [N, 1]
  const dataset = new TensorDataset([x, tensor(positions.map((position) => BigInt(position > 0 ? 1 : 0)))] as const);
  return new DataLoader({ dataset, batchSize });
}

function sideModel(): Linear {
  manualSeed(1);
  return new Linear(1, 2);
}

function trainerOf(options: Partial<TrainerOptions> = {}) {
  const model = sideModel();
  const optimizer = new AdamW(model.parameters(), { lr: 0.1 });
  return {
    model,
    optimizer,
    trainer: new Trainer({ model, optimizer, criterion: new CrossEntropyLoss(), ...options }),
  };
}

const near = [-3, -2, -1, 1, 2, 3];

describe('Trainer', () => {
  test('gives one record an epoch under the keys of adaptiveneuralnetwork, accuracy from 0 to 1', async () => {
    const { trainer } = trainerOf();
    const history = await trainer.fit({
      trainLoader: sideLoader(near),
      valLoader: sideLoader([-9, 9, 5]),
      numEpochs: 40,
    });
    expect(history.length).toBe(40);
    expect(Object.keys(history[0]!)).toEqual(['epoch', 'train_loss', 'train_accuracy', 'val_loss', 'val_accuracy']);
    expect(history.map(({ epoch }) => epoch)).toEqual(Array.from({ length: 40 }, (_, i) => i));
    expect(history.at(-1)).toMatchObject({ train_accuracy: 1, val_accuracy: 1 });
    expect(history.at(-1)!.train_loss).toBeLessThan(history[0]!.train_loss!);
  });

  test('gives what a callback logs to its loggers, and the account of its time', async () => {
    const seen: Record<string, number>[] = [];
    const { trainer } = trainerOf({
      loggers: [{ name: 'list', logMetrics: (values) => void seen.push(values), close: () => {} }],
      callbacks: [{ name: 'mine', epochEnd: () => trainer.logger!.logMetrics({ mine: 1 }) }],
    });
    expect([trainer.logger, trainer.profile()]).toEqual([undefined, undefined]);
    await trainer.fit({ trainLoader: sideLoader(near), numEpochs: 1 });
    expect(seen).toContainEqual({ mine: 1 });
    expect(trainer.profile()!.numBatches).toBe(2);
  });

  test('counts accuracy by samples, also where batches differ in size', async () => {
    const { trainer, model, optimizer } = trainerOf();
    optimizer.paramGroups[0]!.lr = 0;
    model.weight.detach().copy_(tensor([[-1], [1]])); // class 1 right of 0
    model.bias!.detach().zero_();
    const wrong = [[-1], [2], [3], [4], [5]];
    const dataset = new TensorDataset([tensor(wrong), tensor([1n, 1n, 1n, 1n, 0n])] as const); // first and last are wrong
    const [record] = await trainer.fit({ trainLoader: new DataLoader({ dataset, batchSize: 4 }), numEpochs: 1 });
    expect(record!.train_accuracy).toBeCloseTo(3 / 5, 6);
  });

  test('has no val_ keys without a validation loader, and no accuracy without classes', async () => {
    const model = new Linear(1, 1);
    const trainer = new Trainer({ model, optimizer: new AdamW(model.parameters()), criterion: new MSELoss() });
    const x = arange(0, 4).to('float32').unsqueeze(1);
    const dataset = new TensorDataset([x, x.mul(2)] as const);
    const [record] = await trainer.fit({ trainLoader: new DataLoader({ dataset }), numEpochs: 1 });
    expect(Object.keys(record!)).toEqual(['epoch', 'train_loss']);
  });

  test('accumulates, clips, schedules and computes in bfloat16 as it is told', async () => {
    const train = async (options: Partial<TrainerOptions>, batchSize = 4): Promise<number[]> => {
      const { trainer, model } = trainerOf(options);
      await trainer.fit({ trainLoader: sideLoader([...near, -4, 4], batchSize), numEpochs: 3 });
      return weightsOf(model);
    };
    const plain = await train({});
    const split = await train({ gradientAccumulationSteps: 2 }, 2);
    for (const [i, value] of split.entries()) expect(value).toBeCloseTo(plain[i]!, 5);
    for (const options of [{ maxGradNorm: 0.1 }, { useAmp: true }]) expect(await train(options)).not.toEqual(plain);
    const { model, optimizer } = trainerOf();
    const scheduled = new Trainer({
      model,
      optimizer,
      criterion: new CrossEntropyLoss(),
      scheduler: { scheduler: new LambdaLR(optimizer, (epoch) => 1 / (1 + epoch)), interval: 'epoch' },
    });
    await scheduled.fit({ trainLoader: sideLoader(near), numEpochs: 3 });
    expect(optimizer.paramGroups[0]!.lr).toBe(0.1 / 4);
  });

  test('refuses batches that are no pair', async () => {
    const { trainer } = trainerOf();
    const dataset = new TensorDataset({ x: tensor([[1]]) });
    await expect(trainer.fit({ trainLoader: new DataLoader({ dataset }), numEpochs: 1 })).rejects.toThrow(
      'Cannot train on a batch: expected [input, target], got object; give the DataLoader a transform that makes it so, as in (batch) => [batch.image, batch.target], or use GenericTrainer',
    );
    const three = new DataLoader({
      dataset: { length: 1, get: () => [1, 2, 3] },
      collate: ([one]) => one as unknown as Tensor[],
    });
    await expect(trainer.fit({ trainLoader: three, numEpochs: 1 })).rejects.toThrow(/got an array of 3/);
  });
});
