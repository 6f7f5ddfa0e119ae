import { describe, expect, it } from 'vitest';
import { DataLoader, TensorDataset } from '../../data/index.ts';
import { Linear, Module, MSELoss } from '../../nn/index.ts';
import { ReduceLROnPlateau, SGD, StepLR } from '../../optim/index.ts';
import { arange, manualSeed, type Tensor } from '../../tensor/index.ts';
import { weightsOf } from '../../trainer/testing/tiny.ts';
import { trainModel } from './train-model.ts';

type Sample = { inputs: Tensor; targets: Tensor };

function loader(rows: number, start = 0): DataLoader<Sample, Sample> {
  const row = arange(start, start + rows)
    .to('float32')
    .unsqueeze(1); // [N, 1]
  const inputs = row.mul(arange(1, 4).to('float32')).sin(); // [N, 3]
  return new DataLoader<Sample, Sample>({
    dataset: new TensorDataset({ inputs, targets: inputs.argmax({ dim: 1 }) }),
    batchSize: 4,
  });
}

const made = (): Linear => {
  manualSeed(2);
  return new Linear(3, 3);
};

describe('trainModel()', () => {
  it('trains by cross entropy with Adam, and gives losses and accuracies by epoch', async () => {
    const model = made();
    const history = await trainModel({
      model,
      trainDataloader: loader(12),
      valDataloader: loader(8, 20),
      learningRate: 0.1,
    });
    expect(Object.values(history).map((each) => each.length)).toEqual([10, 10, 10, 10]);
    expect(history.train_loss[9]).toBeLessThan(history.train_loss[0]! / 2);
    expect(history.train_accuracy[9]).toBeGreaterThan(0.8);
    const plain = await trainModel({ model: made(), trainDataloader: loader(12), epochs: 1, learningRate: 0.1 });
    expect([plain.val_loss, plain.train_loss]).toEqual([[], [history.train_loss[0]]]);
  });

  it("takes the model's own steps and optimizer", async () => {
    const rates: number[] = [];
    class Own extends Module {
      readonly layer = made();
      forward(inputs: Tensor): Tensor {
        return this.layer.forward(inputs);
      }
      trainingStep({ inputs }: Sample) {
        return { loss: this.forward(inputs).pow(2).mean() };
      }
      validationStep() {
        return { loss: 3, accuracy: 0.5 };
      }
      configureOptimizers({ lr }: { lr: number }): SGD {
        rates.push(lr);
        return new SGD(this.parameters(), { lr });
      }
    }
    const history = await trainModel({
      model: new Own(),
      trainDataloader: loader(8),
      valDataloader: loader(4),
      epochs: 2,
      learningRate: 0.3,
    });
    expect(rates).toEqual([0.3]);
    expect(history).toMatchObject({ train_accuracy: [], val_loss: [3, 3], val_accuracy: [0.5, 0.5] });
    expect(history.train_loss[1]).toBeLessThan(history.train_loss[0]!);
  });

  it('stops early, moves the schedule once an epoch, and calls functions after each', async () => {
    const model = made();
    const optimizer = new SGD(model.parameters(), { lr: 1e-12 });
    const scheduler = new StepLR(optimizer, { stepSize: 1, gamma: 0.5 });
    const heard: [number, number][] = [];
    const callbacks = [
      async (_model: Module, epoch: number, { val_loss }: { val_loss: number[] }) =>
        void heard.push([epoch, val_loss.length]),
    ];
    const options = { model, trainDataloader: loader(8), valDataloader: loader(8), optimizer, scheduler };
    const history = await trainModel({ ...options, epochs: 9, earlyStoppingPatience: 2, callbacks });
    expect(history.val_loss).toHaveLength(3); // the first, and two that are no better
    expect(heard).toEqual([
      [0, 1],
      [1, 2],
      [2, 3],
    ]);
    expect(optimizer.paramGroups[0]!.lr).toBeCloseTo(1e-12 / 8, 20);
    const plateau = new ReduceLROnPlateau(optimizer, { patience: 0, factor: 0.1, eps: 0 });
    await trainModel({ ...options, scheduler: plateau, valDataloader: undefined, epochs: 3 });
    expect(optimizer.paramGroups[0]!.lr).toBeLessThan(1e-12 / 8);
  });

  it('compares by a loss that is given', async () => {
    const dataset = new TensorDataset({
      inputs: arange(8).to('float32').unsqueeze(1),
      targets: arange(8).to('float32').unsqueeze(1).mul(2),
    });
    const model = new Linear(1, 1);
    const trainDataloader = new DataLoader({ dataset, batchSize: 8 });
    const history = await trainModel({ model, trainDataloader, lossFn: new MSELoss(), epochs: 50, learningRate: 0.2 });
    expect(history.train_loss.at(-1)).toBeLessThan(history.train_loss[0]! / 10);
    expect(history.train_accuracy).toEqual([]);
    expect(weightsOf(model)[0]).toBeGreaterThan(1);
  });

  it('lists everything that does not fit', async () => {
    const wrong = { model: 3, trainDataloader: [], epochs: 0, earlyStoppingPatience: 2, numEpochs: 3, callbacks: [4] };
    const error: Error = await trainModel(wrong as never).catch((thrown) => thrown);
    for (const part of ['numEpochs: ', 'model: expected a Module, got 3', 'trainDataloader: ', 'epochs: expected an integer above 0, got 0', 'callbacks: ', 'expected a valDataloader beside it']) expect(error.message).toContain(part); // biome-ignore format: parts
  });
});
