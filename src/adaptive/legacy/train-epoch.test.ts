// Epochs by hand: the numbers of a Trainer, the loader's own epochs, and nothing left behind.
import { describe, expect, test } from 'vitest';
import { DataLoader, TensorDataset } from '../../data/index.ts';
import { CrossEntropyLoss, Dropout, Linear, MSELoss, Sequential } from '../../nn/index.ts';
import { SGD } from '../../optim/index.ts';
import { arange, manualSeed, tensor } from '../../tensor/index.ts';
import { Trainer } from '../../trainer/index.ts';
import { weightsOf } from '../../trainer/testing/tiny.ts';
import { evaluateModel, trainEpoch } from './train-epoch.ts';

/** Pictures of one row, in another order each epoch, with classes. */
function pictures() {
  const x = arange(0, 10).to('float32').mul(0.4).sin().reshape([5, 1, 1, 2]);
  const dataset = new TensorDataset([x, tensor([0n, 1n, 0n, 1n, 1n])] as const);
  return new DataLoader({ dataset, batchSize: 2, shuffle: true, seed: 3 });
}

function parts() {
  manualSeed(4);
  const model = new Sequential(new Linear(2, 8), new Dropout(0.3), new Linear(8, 2));
  return { model, optimizer: new SGD(model.parameters(), { lr: 3, momentum: 0.5 }), criterion: new CrossEntropyLoss() };
}

const rows = () => {
  const loader = pictures();
  return new DataLoader({
    dataset: loader.dataset,
    batchSize: 2,
    shuffle: true,
    seed: 3,
    transform: ([x, y]) => [x.flatten({ startDim: 1 }), y] as const,
  });
};

describe('trainEpoch()', () => {
  test('trains as a Trainer without clipping does, epoch behind epoch of its loader', async () => {
    const { model, ...rest } = parts();
    const trainLoader = pictures();
    const values: [number, number][] = [];
    for (let epoch = 0; epoch < 3; epoch++) values.push(await trainEpoch(model, { trainLoader, ...rest }));
    const twin = parts();
    const history = await new Trainer(twin).fit({ trainLoader: rows(), numEpochs: 3 });
    expect(values).toEqual(history.map(({ train_loss, train_accuracy }) => [train_loss, train_accuracy]));
    expect(weightsOf(model)).toEqual(weightsOf(twin.model));
    expect(trainLoader.state().epoch).toBe(2);
    expect(model.forward(tensor([[[[1, 2]]]])).shape).toEqual([1, 1, 1, 2]); // as it is: no hook is left
  });

  test('has no accuracy without classes, and refuses what does not fit', async () => {
    const model = new Linear(1, 1);
    const optimizer = new SGD(model.parameters(), { lr: 0 });
    const trainLoader = new DataLoader({ dataset: new TensorDataset([tensor([[1]]), tensor([[2]])] as const) });
    const [loss, accuracy] = await trainEpoch(model, { trainLoader, optimizer, criterion: new MSELoss() });
    expect(loss).toBeCloseTo((2 - weightsOf(model)[0]! - weightsOf(model)[1]!) ** 2, 5);
    expect(accuracy).toBeNaN();
    const wrong = { trainLoader: [], optimizer, criterion: new MSELoss(), clip: 1 };
    await expect(trainEpoch(model, wrong as never)).rejects.toThrow(
      /Cannot train an epoch: 2 problems.*clip: .*trainLoader: expected a DataLoader/s,
    );
    await expect(trainEpoch(model, { trainLoader } as never)).rejects.toThrow('optimizer: expected an optimizer');
  });
});

describe('evaluateModel()', () => {
  test('gives the share that is right, from 0 to 1, and leaves the mode as it was', async () => {
    const { model, optimizer, criterion } = parts();
    const trainer = new Trainer({ model, optimizer, criterion });
    const { val_accuracy } = await trainer.evaluate(rows());
    expect(await evaluateModel(model, { testLoader: pictures() })).toBe(val_accuracy);
    expect(model.training).toBe(true);
    const [first, , last] = model as unknown as [Linear, unknown, Linear];
    for (const { weight, bias } of [first, last]) for (const each of [weight, bias!]) each.detach().zero_();
    last.bias!.detach().copy_(tensor([0, 1]));
    expect(await evaluateModel(model, { testLoader: pictures(), device: 'cpu' })).toBeCloseTo(3 / 5, 12);
  });

  test('refuses targets that are no classes, and what does not fit', async () => {
    const model = new Linear(1, 1);
    const testLoader = new DataLoader({ dataset: new TensorDataset([tensor([[1]]), tensor([[2]])] as const) });
    await expect(evaluateModel(model, { testLoader })).rejects.toThrow(
      'Cannot evaluate a model: expected outputs [B, classes] and int64 targets [B], got [1, 1] and float32 [1, 1]',
    );
    await expect(evaluateModel({} as never, { criterion: 1 } as never)).rejects.toThrow(
      /3 problems.*criterion: .*model: expected a Module.*testLoader: expected a DataLoader, got none/s,
    );
  });
});
