// An evaluation sees every sample once, and leaves no trace: not in modes, weights, gradients or random numbers, also when it fails.
import { describe, expect, test } from 'vitest';
import type { Metric } from '../../metrics/metric.ts';
import { BatchNorm1d, Dropout, Linear, Module, MSELoss, Sequential } from '../../nn/index.ts';
import { AdamW } from '../../optim/index.ts';
import { isGradEnabled, manualSeed, rand, type Tensor } from '../../tensor/index.ts';
import { GenericTrainer } from '../generic-trainer.ts';
import { type TinyBatch, tinyLoader, tinyLoss, tinyTrainer, weightsOf } from '../testing/tiny.ts';
import type { Callback } from './events.ts';

/** Draws random numbers and keeps statistics while it trains. */
class Restless extends Module {
  readonly layers = new Sequential(new Linear(3, 6), new BatchNorm1d(6), new Dropout(0.5), new Linear(6, 1));

  forward(x: Tensor): Tensor {
    return this.layers.forward(x);
  }
}

function restlessTrainer(...callbacks: Callback[]) {
  manualSeed(5);
  const model = new Restless();
  const trainer = new GenericTrainer({ model, optimizers: [new AdamW(model.parameters(), { lr: 0.05 })], callbacks });
  const mse = new MSELoss();
  const lossOf = ({ x, y }: TinyBatch) => mse.forward(model.forward(x), y);
  trainer.setTrainingStep((_trainer, batch: TinyBatch) => ({ loss: lossOf(batch) }));
  return { trainer, model, lossOf };
}

describe('Evaluator', () => {
  test('covers every sample of every loader once, and weighs them alike', async () => {
    const rows: number[] = [];
    const { trainer, model } = tinyTrainer();
    const losses: number[] = [];
    trainer.setValidationStep((_trainer, batch: TinyBatch, batchIdx, dataloaderIdx, dataloaderName) => {
      rows.push(...(batch.row.toArray() as number[]));
      const error = model.forward(batch.x).sub(batch.y);
      losses.push(...(error.mul(error).flatten().toArray() as number[]));
      expect(dataloaderName).toBe(['near', 'far'][dataloaderIdx]);
      return { loss: tinyLoss(model, batch), place: batchIdx };
    });
    const [record] = await trainer.fit({
      trainLoaders: [tinyLoader(2)],
      valLoaders: [tinyLoader(5, { shuffle: true }), tinyLoader(7, { start: 50, batchSize: 3 })],
      valLoaderNames: ['near', 'far'],
    });
    expect(rows.sort((a, b) => a - b)).toEqual([0, 1, 2, 3, 4, 50, 51, 52, 53, 54, 55, 56]);
    const mean = (values: number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
    expect(record!['val/loss']).toBeCloseTo(mean(losses), 6);
    expect(record!['val/dl_near/loss']).toBeCloseTo(mean(losses.slice(0, 5)), 6);
    expect(record!['val/dl_far/loss']).toBeCloseTo(mean(losses.slice(5)), 6);
    expect(record!['val/dl_far/place']).toBeCloseTo((0 * 3 + 1 * 3 + 2 * 1) / 7, 12);
  });

  test('plays a shuffled loader in the same order every time', async () => {
    const orders: string[] = [];
    const order: number[] = [];
    const end = { name: 'end', validationEnd: () => void orders.push(String(order.splice(0))) };
    const listening = tinyTrainer({ callbacks: [end] }).trainer;
    listening.setValidationStep((_trainer, batch: TinyBatch) => {
      order.push(...(batch.row.toArray() as number[]));
      return {};
    });
    await listening.fit({
      trainLoaders: [tinyLoader(2)],
      valLoaders: [tinyLoader(9, { shuffle: true })],
      maxEpochs: 3,
    });
    expect(new Set(orders).size).toBe(1);
    expect(orders.length).toBe(3);
  });

  test('leaves training as it would be without it, bit for bit, though its step draws random numbers', async () => {
    const train = async (isValidated: boolean) => {
      const { trainer, model, lossOf } = restlessTrainer();
      trainer.setValidationStep((_trainer, batch: TinyBatch) => ({ loss: lossOf(batch).add(rand([1]).mean()) }));
      const valLoaders = isValidated ? [tinyLoader(6, { start: 30 })] : [];
      await trainer.fit({ trainLoaders: [tinyLoader(8, { shuffle: true })], valLoaders, maxEpochs: 3 });
      return weightsOf(model); // with the running statistics
    };
    expect(await train(true)).toEqual(await train(false));
  });

  test('runs in evaluation mode without gradients, and gives every module its own mode back, also when the step throws', async () => {
    const modes: boolean[][] = [];
    const { trainer, model, lossOf } = restlessTrainer({
      name: 'modes',
      // A frozen part stays in evaluation mode while the rest trains.
      epochStart: () => void norm!.eval(),
      epochEnd: () => void modes.push(modesOf()),
    });
    const [, norm, dropout] = model.layers;
    const modesOf = () => [model.training, norm!.training, dropout!.training, isGradEnabled()];
    let isFailing = false;
    trainer.setValidationStep((_trainer, batch: TinyBatch) => {
      expect(modesOf()).toEqual([false, false, false, false]);
      if (isFailing) throw new Error('a bad validation step');
      return { loss: lossOf(batch) };
    });
    const loaders = { trainLoaders: [tinyLoader(4)], valLoaders: [tinyLoader(4)] };
    await trainer.fit({ ...loaders, maxEpochs: 2 });
    expect(modes).toEqual([
      [true, false, true, true],
      [true, false, true, true],
    ]);
    isFailing = true;
    await expect(trainer.fit({ ...loaders, maxEpochs: 3 })).rejects.toThrow('a bad validation step');
    expect(modesOf()).toEqual([true, false, true, true]);
  });

  test('resets its metrics before and after, and adds their values under val/', async () => {
    const log: string[] = [];
    const metric: Metric = {
      update: () => void log.push('update'),
      compute: () => {
        log.push('compute');
        return { score: 0.25 };
      },
      reset: () => void log.push('reset'),
    };
    const { trainer, model } = tinyTrainer({ valMetrics: [metric] });
    trainer.setValidationStep((_trainer, batch: TinyBatch) => {
      metric.update(batch.x);
      return { loss: tinyLoss(model, batch) };
    });
    const [record] = await trainer.fit({ trainLoaders: [tinyLoader(2)], valLoaders: [tinyLoader(4)] });
    expect(log).toEqual(['reset', 'update', 'update', 'compute', 'reset']);
    expect(record!['val/score']).toBe(0.25);
  });

  test('comes every so many epochs', async () => {
    const { trainer } = tinyTrainer({ config: { validateEveryNEpochs: 2 } });
    const history = await trainer.fit({ trainLoaders: [tinyLoader(2)], valLoaders: [tinyLoader(2)], maxEpochs: 5 });
    expect(history.map((record) => 'val/loss' in record)).toEqual([false, true, false, true, false]);
  });

  test('is refused for a loader without an end', async () => {
    const endless = Object.assign(tinyLoader(2), { length: Number.POSITIVE_INFINITY, isEndless: true });
    const { trainer } = tinyTrainer();
    await expect(trainer.fit({ trainLoaders: [tinyLoader(2)], valLoaders: [endless] })).rejects.toThrow(
      'Cannot fit: valLoaders.0: expected a loader that ends, got one without an end',
    );
  });
});
