// `trainEpoch` and `evaluateModel`: the functions of adaptiveneuralnetwork for a training that is put together by hand, on the one loop.

import type { BatchLoader } from '../../data/index.ts';
import { ConfigError } from '../../errors.ts';
import { Module } from '../../nn/module.ts';
import type { AnyOptimizer } from '../../optim/optimizer.ts';
import type { Device } from '../../tensor/device.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { describeValue, unknownKeys } from '../../trainer/config/problems.ts';
import { classAccuracy } from '../../trainer/faces/class-accuracy.ts';
import { pairOf } from '../../trainer/faces/pairs.ts';
import { startClocks } from '../../trainer/loop/clocks.ts';
import { prepareBatch } from '../../trainer/loop/data-handler.ts';
import { Evaluator } from '../../trainer/loop/evaluator.ts';
import { CallbackList } from '../../trainer/loop/events.ts';
import { precisionOf } from '../../trainer/loop/precision.ts';
import { makeContext } from '../../trainer/loop/run-context.ts';
import { Trainer } from '../../trainer/trainer.ts';
import { isLoader } from '../../trainer/trainer-problems.ts';
import { withFlatInputs } from './flat-inputs.ts';

type Model = Module & { forward(input: Tensor): Tensor };

export interface TrainEpochOptions {
  /** Batches `[input, target]`; plays the epoch behind the one that it played last. */
  readonly trainLoader: BatchLoader<unknown>;
  readonly optimizer: AnyOptimizer;
  readonly criterion: Module & { forward(output: Tensor, target: Tensor): Tensor };
  /** Where the model is moved to. Default: it stays where it is. */
  readonly device?: Device;
}

export interface EvaluateModelOptions {
  /** Batches `[input, target]` with classes as targets. */
  readonly testLoader: BatchLoader<unknown>;
  /** Where the model is moved to. Default: it stays where it is. */
  readonly device?: Device;
}

/** Trains a model on all batches of a loader once, without clipping; inputs of more than two dimensions become rows. Keeps nothing beyond the call but what model, optimizer and loader keep.
 *  @returns the mean loss over samples, and the accuracy from 0 to 1 (NaN for targets that are no classes).
 *  @throws {ConfigError} that lists every option that is wrong.
 *  Source: adaptiveneuralnetwork, training/loops.py.
 *  @example
 *  import { evaluateModel, trainEpoch } from 'sconce/adaptive';
 *  import { DataLoader, TensorDataset } from 'sconce/data';
 *  const model = new nn.Linear(1, 2);
 *  const trainLoader = new DataLoader({ dataset: new TensorDataset([tensor([[-1], [1]]), tensor([0n, 1n])] as const), batchSize: 2 });
 *  const optimizer = new optim.Adam(model.parameters(), { lr: 0.5 });
 *  for (let epoch = 0; epoch < 20; epoch++) await trainEpoch(model, { trainLoader, optimizer, criterion: new nn.CrossEntropyLoss() });
 *  await evaluateModel(model, { testLoader: trainLoader }); // 1 */
export async function trainEpoch(
  model: Model,
  options: TrainEpochOptions,
): Promise<[averageLoss: number, accuracy: number]> {
  const { trainLoader, ...rest } = options;
  const problems = unknownKeys(options, ['trainLoader', 'optimizer', 'criterion', 'device']);
  if (!isLoader(trainLoader)) problems.push(`trainLoader: expected a DataLoader, got ${describeValue(trainLoader)}`);
  if (problems.length > 0) throw new ConfigError('train an epoch', problems);
  const trainer = new Trainer({ ...rest, model });
  const [record] = await withFlatInputs(model, isPicture, () =>
    trainer.fit({ trainLoader: new OwnEpochs(trainLoader), numEpochs: 1 }),
  );
  const { train_loss, train_accuracy = Number.NaN } = record!; // of the one epoch
  return [train_loss!, train_accuracy];
}

/** Evaluates a model on all batches of a loader; inputs of more than two dimensions become rows. Its mode is as before then.
 *  @returns the accuracy from 0 to 1.
 *  @throws {ConfigError} that lists every option that is wrong. @throws {TypeError} for targets that are no classes.
 *  Source: adaptiveneuralnetwork, training/loops.py. */
export async function evaluateModel(model: Model, options: EvaluateModelOptions): Promise<number> {
  const { testLoader, device } = options ?? {};
  const problems = unknownKeys(options ?? {}, ['testLoader', 'device']);
  if (!(model instanceof Module)) problems.push(`model: expected a Module, got ${describeValue(model)}`);
  if (!isLoader(testLoader)) problems.push(`testLoader: expected a DataLoader, got ${describeValue(testLoader)}`);
  if (problems.length > 0) throw new ConfigError('evaluate a model', problems);
  if (device !== undefined) model.to({ device });
  const target = { device: model.parameters()[0]?.device ?? 'cpu' };
  const evaluator = new Evaluator({
    data: { val: [{ name: 'test', loader: testLoader }], prepare: (batch) => prepareBatch(batch, target) },
    step: (batch) => ({ accuracy: accuracyOf(model, batch) }),
    precision: precisionOf('float32', target.device),
    callbacks: new CallbackList([]),
  });
  const context = makeContext({ model, optimizers: [], clocks: startClocks(), extra: () => ({}) });
  const result = await withFlatInputs(model, isPicture, () => evaluator.evaluate(context));
  return result!.values['val/accuracy'] ?? Number.NaN; // nobody stops it; a loader without batches has none
}

function accuracyOf(model: Model, batch: unknown): Tensor {
  const [input, target] = pairOf(batch);
  const output = model.forward(input);
  const accuracy = classAccuracy(output, target);
  if (accuracy) return accuracy;
  throw new TypeError(
    `Cannot evaluate a model: expected outputs [B, classes] and int64 targets [B], got [${output.shape.join(', ')}] and ${target.dtype} [${target.shape.join(', ')}]`,
  );
}

const isPicture = (ndim: number): boolean => ndim > 2;

/** A loader that plays its epochs one behind the other, whatever a fit of one epoch calls them. */
class OwnEpochs implements BatchLoader<unknown> {
  readonly #loader: BatchLoader<unknown>;

  constructor(loader: BatchLoader<unknown>) {
    this.#loader = loader;
  }

  get length(): number {
    return this.#loader.length;
  }

  get isEndless(): boolean {
    return this.#loader.isEndless ?? this.length === Number.POSITIVE_INFINITY;
  }

  setEpoch(): void {}

  state(): ReturnType<BatchLoader<unknown>['state']> {
    return this.#loader.state();
  }

  loadState(state: Parameters<BatchLoader<unknown>['loadState']>[0]): void {
    this.#loader.loadState(state);
  }

  [Symbol.asyncIterator](): ReturnType<BatchLoader<unknown>[typeof Symbol.asyncIterator]> {
    return this.#loader[Symbol.asyncIterator]();
  }
}
