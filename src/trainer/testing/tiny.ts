// What the trainer's tests train: data with distinct rows, a model without surprises, and a callback that writes down what it hears.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { DataLoader, type DataLoaderOptions, TensorDataset } from '../../data/index.ts';
import { Linear, Module, MSELoss } from '../../nn/index.ts';
import { AdamW } from '../../optim/index.ts';
import { arange, manualSeed, type Tensor } from '../../tensor/index.ts';
import { GenericTrainer, type GenericTrainerOptions } from '../generic-trainer.ts';
import { type Callback, eventNames } from '../loop/events.ts';

/** A batch of `tinyData`. */
export interface TinyBatch {
  /** [B, 3] */
  readonly x: Tensor;
  /** [B, 1] */
  readonly y: Tensor;
  /** [B]: which rows these are. */
  readonly row: Tensor;
}

/** `numRows` rows, all different, with a target that a linear model does not reach. */
export function tinyData(numRows: number, start = 0): TensorDataset<{ x: Tensor; y: Tensor; row: Tensor }> {
  const row = arange(start, start + numRows, { dtype: 'int64' });
  const at = row.to('float32').unsqueeze(1); // [N, 1]
  const x = at.mul(arange(1, 4).to('float32')).mul(0.7).sin(); // [N, 3]
  return new TensorDataset({ x, y: at.mul(0.3).cos(), row });
}

/** A loader over `tinyData`; batches of 2 unless told otherwise. */
export function tinyLoader(
  numRows: number,
  options: Partial<DataLoaderOptions<TinyBatch, TinyBatch>> & { start?: number } = {},
): DataLoader<TinyBatch, TinyBatch> {
  const { start = 0, ...rest } = options;
  return new DataLoader<TinyBatch, TinyBatch>({ batchSize: 2, ...rest, dataset: tinyData(numRows, start) });
}

/** Two layers, so that there is a part to route and a part to freeze. */
export class TinyModel extends Module {
  readonly first = new Linear(3, 4);
  readonly second = new Linear(4, 1);

  forward(x: Tensor): Tensor {
    return this.second.forward(this.first.forward(x).tanh());
  }
}

const mse = new MSELoss();

export function tinyLoss(model: { forward(x: Tensor): Tensor }, { x, y }: TinyBatch): Tensor {
  const output = model.forward(x);
  // libtorch 1.13 has no such loss of half precision.
  if (output.dtype === 'bfloat16') return mse.forward(output.to('float32'), y.to('float32'));
  return mse.forward(output, y);
}

export interface TinyTrainer {
  readonly trainer: GenericTrainer;
  readonly model: TinyModel;
  readonly optimizer: AdamW;
}

/** A trainer of a `TinyModel` with the same weights every time, whose steps are `tinyLoss`. */
export function tinyTrainer(options: Partial<GenericTrainerOptions> = {}): TinyTrainer {
  manualSeed(7);
  const model = new TinyModel();
  const optimizer = new AdamW(model.parameters(), { lr: 0.05 });
  const trainer = new GenericTrainer({ model, optimizers: [optimizer], ...options });
  trainer.setTrainingStep((_trainer, batch: TinyBatch) => ({ loss: tinyLoss(model, batch) }));
  trainer.setValidationStep((_trainer, batch: TinyBatch) => ({ loss: tinyLoss(model, batch) }));
  return { trainer, model, optimizer };
}

/** Every weight of a module, one after the other. */
export function weightsOf(module: Module): number[] {
  return Object.values(module.stateDict()).flatMap((tensor) => Array.from(tensor.toTypedArray(), Number));
}

/** A callback with a method for every event, which writes the names of those it hears. */
export function recorder(heard: string[], name = 'recorder'): Callback {
  const methods = eventNames.map((event) => [event, () => void heard.push(event)]);
  return { name, ...Object.fromEntries(methods) };
}

/** A folder of the test's own. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'sconce-trainer-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}
