// The legacy loop: what it prints, records and writes, and that a loop which was killed goes on as if it had not been.
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { DataLoader, TensorDataset } from '../../data/index.ts';
import { ConfigError } from '../../errors.ts';
import { CrossEntropyLoss, Dropout, Linear, MSELoss, Sequential } from '../../nn/index.ts';
import { Adam, SGD, StepLR } from '../../optim/index.ts';
import { load, save } from '../../serial/tensors.ts';
import { manualSeed, rand, type Tensor, tensor } from '../../tensor/index.ts';
import { Callback, Trainer } from '../../trainer/index.ts';
import { temporaryFolder, weightsOf } from '../../trainer/testing/tiny.ts';
import type { LoopConfig, TrainingLoopOptions } from './loop-options.ts';
import { TrainingLoop } from './training-loop.ts';

const points = [-3, -2, -1, 1, 2, 3];

/** Batches of 2 and which side of 0 they are on, in another order each epoch. */
function sides(options: { shuffle?: boolean; batchSize?: number } = {}) {
  const x = tensor(points.map((at) => [at, 1])); // [6, 2]
  const dataset = new TensorDataset([x, tensor(points.map((at) => BigInt(at > 0 ? 1 : 0)))] as const);
  return new DataLoader({ dataset, batchSize: 2, shuffle: true, seed: 5, ...options });
}

function configOf(changes: Partial<LoopConfig> = {}): LoopConfig {
  const folder = temporaryFolder();
  return {
    ...{ learningRate: 0.05, numEpochs: 3, device: 'cpu', logInterval: 2, saveCheckpoint: true },
    checkpointDir: join(folder, 'new', 'checkpoints'),
    metricsFile: join(folder, 'metrics', 'metrics.json'),
    toDict: () => ({ num_nodes: 4, learning_rate: 0.05, metrics_file: undefined }),
    ...changes,
  };
}

/** A model that says of itself what an adaptive one says. */
class Saying extends Sequential {
  numAsked = 0;

  getMetrics(): Record<string, number> {
    this.numAsked += 1;
    return { active_node_ratio: 0.25, mean_energy: 9.8764 + this.numAsked };
  }
}

/** A loop with dropout, its lines, and the same weights every time. */
function loopOf(changes: Partial<LoopConfig> = {}, options: TrainingLoopOptions = {}) {
  manualSeed(3);
  const lines: string[] = [];
  const model = new Saying(new Linear(2, 4), new Dropout(0.5), new Linear(4, 2));
  const config = configOf(changes);
  const stream = { write: (text: string) => void lines.push(...text.replace(/\n$/, '').split('\n')) };
  return { loop: new TrainingLoop(model, config, { stream, ...options }), model, config, lines };
}

/** Records without what a clock says. */
const untimed = (records: readonly Readonly<Record<string, number>>[]) =>
  records.map(({ timestamp, epoch_time, ...values }) => values);

describe('TrainingLoop.train()', () => {
  test('records each epoch under the keys of adaptiveneuralnetwork, accuracy in percent, and asks the model', async () => {
    const { loop, model } = loopOf();
    const before = Date.now() / 1000;
    const history = await loop.train(sides(), { testLoader: sides() });
    expect(history.length).toBe(3); // of the configuration
    expect(history).toEqual(loop.metricsHistory);
    expect(Object.keys(history[1]!)).toEqual([
      ...['epoch', 'timestamp', 'train_loss', 'train_accuracy', 'epoch_time', 'val_loss', 'val_accuracy'],
      ...['active_node_ratio', 'mean_energy'],
    ]);
    const [, second] = history;
    expect(second).toMatchObject({ epoch: 1, active_node_ratio: 0.25, mean_energy: 9.8764 + 2 });
    expect(second!.timestamp).toBeGreaterThanOrEqual(before);
    expect(second!.timestamp).toBeLessThan(before + 600); // seconds
    expect(model.numAsked).toBe(3);
    expect([loop.currentEpoch, loop.trainer.currentEpoch]).toEqual([2, 3]);
  });

  test('counts accuracy in percent: what the model has right, 0 to 100, to the last digit', async () => {
    const model = new Linear(1, 2);
    model.weight.detach().zero_();
    model.bias!.detach().copy_(tensor([1, 0])); // it always says class 0
    const optimizer = new SGD(model.parameters(), { lr: 0 });
    const loop = new TrainingLoop(model, configOf(), { optimizer, stream: { write() {} } });
    const dataset = new TensorDataset([tensor([[1], [2], [3]]), tensor([0n, 1n, 1n])] as const);
    const loader = new DataLoader({ dataset, batchSize: 3 });
    const [record] = await loop.train(loader, { testLoader: loader, numEpochs: 1 });
    const third = expect.closeTo(100 / 3, 10);
    expect([record!.train_accuracy, record!.val_accuracy]).toEqual([third, third]);
    const loss = expect.closeTo(Math.log(1 + Math.E) - 1 / 3, 6);
    expect(record!.train_loss).toEqual(loss);
    expect(await loop.evaluate(loader)).toEqual({ val_loss: loss, val_accuracy: third });
  });

  test('has the time of an epoch without its evaluation', async () => {
    let began = 0;
    let trained = 0;
    const early = {
      name: 'early',
      before: ['TrainingLoop'],
      epochStart() {
        began = performance.now();
      },
    };
    class Slow extends Callback {
      override onEvaluateBegin(): void {
        trained = performance.now(); // the loop has read its clock
      }
      override onEvaluateEnd(): void {
        while (performance.now() < trained + 5);
      }
    }
    const { loop } = loopOf({}, { callbacks: [early, new Slow()] });
    const [record] = await loop.train(sides(), { testLoader: sides(), numEpochs: 1 });
    expect(record!.epoch_time!).toBeGreaterThan(0);
    expect(record!.epoch_time! * 1000).toBeLessThanOrEqual(trained - began);
  });

  test('prints what adaptiveneuralnetwork prints', async () => {
    const { loop, lines, config } = loopOf();
    const history = await loop.train(sides(), { testLoader: sides(), numEpochs: 5 });
    const summary = (epoch: number) => {
      const { train_loss, train_accuracy, val_loss, val_accuracy, mean_energy } = history[epoch]!;
      return [
        expect.stringMatching(new RegExp(`^Epoch ${epoch}, Batch 0, Loss: \\d\\.\\d{6}, Acc: \\d+\\.\\d{2}%$`)),
        `Epoch ${epoch}, Batch 2, Loss: ${lines[3 + 11 * epoch]!.slice(24, 32)}, Acc: ${train_accuracy!.toFixed(2)}%`, // over the whole epoch
        '',
        `Epoch ${epoch} Summary:`,
        `  Train Loss: ${train_loss!.toFixed(6)}`,
        `  Train Acc:  ${train_accuracy!.toFixed(2)}%`,
        `  Val Loss:   ${val_loss!.toFixed(6)}`,
        `  Val Acc:    ${val_accuracy!.toFixed(2)}%`,
        '  Active Nodes: 0.250',
        `  Mean Energy:  ${mean_energy!.toFixed(3)}`,
        '-'.repeat(50),
      ];
    };
    expect(lines).toEqual([
      'Starting training for 5 epochs...',
      'Model: 22 parameters',
      ...[0, 1, 2, 3, 4].flatMap(summary),
      `Checkpoint saved: ${join(config.checkpointDir, 'checkpoint_epoch_4.pt')}`,
      `Metrics saved: ${config.metricsFile}`,
      'Training completed!',
    ]);
  });

  test('has Adam with the learning rate of the configuration, cross entropy, and gradients of norm 1 at most', async () => {
    const { loop, model } = loopOf();
    expect(loop.optimizer).toBeInstanceOf(Adam);
    expect(loop.optimizer.paramGroups[0]!.lr).toBe(0.05);
    expect(loop.criterion).toBeInstanceOf(CrossEntropyLoss);
    expect(loop.trainer.maxGradNorm).toBe(1);
    expect(loop.model).toBe(model);
    const line = new Linear(1, 1);
    const before = weightsOf(line);
    const options = {
      optimizer: new SGD(line.parameters(), { lr: 1 }),
      criterion: new MSELoss(),
      stream: { write() {} },
    };
    const dataset = new TensorDataset([tensor([[100]]), tensor([[1e6]])] as const);
    const regression = new TrainingLoop(line, configOf({ metricsFile: null }), options);
    const history = await regression.train(new DataLoader({ dataset }), { numEpochs: 1 });
    const step = weightsOf(line).map((value, i) => value - before[i]!);
    expect(Math.hypot(...step)).toBeCloseTo(1, 3);
    expect(Object.keys(history[0]!)).toEqual(['epoch', 'timestamp', 'train_loss', 'epoch_time']); // any model, no classes
  });

  test('makes rows of pictures while it works, unless it is told not to', async () => {
    const shapes: string[] = [];
    class Looking extends Sequential {
      override forward(x: Tensor): Tensor {
        shapes.push(x.shape.join(' '));
        return super.forward(x.ndim === 4 ? x.flatten({ startDim: 1 }) : x);
      }
    }
    const dataset = new TensorDataset([rand([2, 1, 2, 3]), tensor([0n, 1n])] as const);
    const pictures = new DataLoader({ dataset, batchSize: 2 });
    for (const flattensInputs of [true, false]) {
      const model = new Looking(new Linear(6, 2));
      const loop = new TrainingLoop(model, configOf(), { flattensInputs, stream: { write() {} } });
      await loop.train(pictures, { testLoader: pictures, numEpochs: 1 });
      await loop.evaluate(pictures);
      model.forward(rand([2, 1, 2, 3]));
    }
    expect(shapes).toEqual([...['2 6', '2 6', '2 6', '2 1 2 3'], ...new Array<string>(4).fill('2 1 2 3')]);
  });

  test('goes on in a second call until so many epochs are completed; trainEpoch plays one more', async () => {
    const { loop, lines } = loopOf({ numEpochs: 2 });
    await loop.train(sides());
    const values = await loop.trainEpoch(sides());
    expect(Object.keys(values)).toEqual(['train_loss', 'train_accuracy', 'epoch_time']);
    lines.length = 0;
    const history = await loop.train(sides(), { numEpochs: 4 });
    expect(history.map(({ epoch }) => epoch)).toEqual([0, 1, 2, 3]);
    expect(lines.slice(0, 3)).toEqual([
      'Starting training for 4 epochs...',
      'Model: 22 parameters',
      'Going on from epoch 3',
    ]);
    const whole = loopOf();
    expect(untimed(await whole.loop.train(sides(), { numEpochs: 4 }))).toEqual(untimed(history));
  });

  test('takes the options of a Trainer: callbacks, accumulation, bfloat16, a seed, a schedule', async () => {
    const heard: string[] = [];
    class Hearing extends Callback {
      override onEpochEnd(epoch: number, { numEpochs }: Trainer): void {
        heard.push(`${epoch} of ${numEpochs}, recorded ${loop.metricsHistory.length}`);
      }
    }
    const options = { callbacks: [new Hearing()], useAmp: true, gradientAccumulationSteps: 3, seed: 1 };
    const { loop } = loopOf({}, options);
    const { optimizer } = loop;
    await loop.train(sides(), { numEpochs: 2 });
    expect(heard).toEqual(['0 of 2, recorded 1', '1 of 2, recorded 2']);
    const { step } = ((await stateOf(loop)).sconce as { clocks: { step: number } }).clocks;
    expect(step).toBe(2); // updates
    const scheduler = { scheduler: new StepLR(optimizer, { stepSize: 1 }), interval: 'epoch' } as const;
    expect(() => loopOf({}, { scheduler })).toThrow(ConfigError); // of another optimizer
    const losses: unknown[] = [];
    for (const start of [1, 2]) {
      const { loop } = loopOf({}, { seed: 7 });
      rand([start]);
      losses.push(untimed(await loop.train(sides())));
    }
    expect(losses[0]).toEqual(losses[1]);
  });

  test('refuses what does not fit, all at once and before anything is made', () => {
    const wrong = { flattensInputs: 1, stream: {}, useApm: true, optimizer: {} } as unknown as TrainingLoopOptions;
    const config = { ...configOf(), logInterval: 'often', toDict: undefined } as unknown as LoopConfig;
    expect(() => new TrainingLoop({} as never, config, wrong)).toThrow(
      [
        'Cannot make a TrainingLoop: 7 problems',
        'config.logInterval: expected a number, got "often"',
        'config.toDict: expected a function, got none',
        'flattensInputs: expected true or false, got 1',
        'stream: expected something to write to, got an object',
        'useApm: expected a known key, got an unknown key; did you mean useAmp?',
        'model: expected a Module, got an object',
        'optimizer: expected an optimizer, got an object',
      ].join('\n  - '),
    );
    const { loop } = loopOf();
    return expect(loop.train(sides(), { epochs: 3 } as never)).rejects.toThrow(
      'epochs: expected one of testLoader, numEpochs, resume',
    );
  });
});

/** What a loop's checkpoint of this moment holds. */
async function stateOf(loop: TrainingLoop): Promise<Record<string, unknown>> {
  await loop.saveCheckpoint(99);
  return (await load(join(loop.config.checkpointDir, 'checkpoint_epoch_99.pt'))) as Record<string, unknown>;
}

describe('The files of a TrainingLoop', () => {
  test('are a checkpoint behind every fifth epoch and the metrics at the end, where the configuration puts them', async () => {
    const { loop, config } = loopOf();
    await loop.train(sides(), { numEpochs: 11 });
    expect(readdirSync(config.checkpointDir).sort()).toEqual(['checkpoint_epoch_4.pt', 'checkpoint_epoch_9.pt']);
    expect(JSON.parse(readFileSync(config.metricsFile!, 'utf8'))).toEqual(loop.metricsHistory);
    expect(readFileSync(config.metricsFile!, 'utf8').split('\n')[2]).toBe('    "epoch": 0,'); // indented by two
    const off = loopOf({ saveCheckpoint: false, metricsFile: null });
    await off.loop.train(sides(), { numEpochs: 5 });
    await off.loop.saveMetrics();
    expect(existsSync(off.config.checkpointDir)).toBe(false);
    expect(off.lines.filter((line) => /saved/.test(line))).toEqual([]);
  });

  test('have the keys of adaptiveneuralnetwork, each tensor once', async () => {
    const { loop, config, model } = loopOf();
    await loop.train(sides(), { numEpochs: 5 });
    const path = join(config.checkpointDir, 'checkpoint_epoch_4.pt');
    const file = (await load(path)) as Record<string, Record<string, unknown>>;
    expect(Object.keys(file)).toEqual([
      ...['epoch', 'model_state_dict', 'optimizer_state_dict', 'config', 'metrics_history', 'sconce'],
    ]);
    expect(file.epoch).toBe(4);
    expect(file.config).toEqual({ num_nodes: 4, learning_rate: 0.05, metrics_file: null });
    expect(file.metrics_history).toEqual(loop.metricsHistory);
    expect(Object.keys(file.model_state_dict!)).toEqual(Object.keys(model.stateDict()));
    const twice = join(temporaryFolder(), 'own.pt');
    await loop.trainer.saveCheckpoint(twice);
    expect(statSync(path).size - statSync(twice).size).toBeLessThan(6000); // text alone
  });
});

describe('TrainingLoop.loadCheckpoint()', () => {
  class Counting extends Callback {
    numEpochs = 0;
    override onEpochEnd(): void {
      this.numEpochs += 1;
    }
    state() {
      return { numEpochs: this.numEpochs };
    }
    loadState({ numEpochs }: Record<string, unknown>) {
      this.numEpochs = Number(numEpochs);
    }
  }

  test('lets a loop that was killed go on exactly: losses, records, weights, dropout, order, callbacks', async () => {
    const counts = [new Counting(), new Counting()] as const;
    const whole = loopOf();
    whole.loop.trainer.callbacks.append(counts[0]); // behind the loop's own
    const expected = await whole.loop.train(sides(), { testLoader: sides(), numEpochs: 7 });
    const second = loopOf();
    second.loop.trainer.callbacks.append(counts[1]);
    rand([7]); // the generator stands elsewhere
    const path = join(whole.config.checkpointDir, 'checkpoint_epoch_4.pt');
    expect(await second.loop.loadCheckpoint(path)).toBe(4);
    expect(second.lines).toEqual([`Checkpoint loaded: ${path}, epoch 4`]);
    expect(second.loop.metricsHistory).toEqual(expected.slice(0, 5));
    expect(second.loop.currentEpoch).toBe(4);
    second.model.numAsked = 5;
    const history = await second.loop.train(sides(), { testLoader: sides(), numEpochs: 7 });
    expect(untimed(history)).toEqual(untimed(expected));
    expect(history.slice(0, 5)).toEqual(expected.slice(0, 5));
    expect(weightsOf(second.model)).toEqual(weightsOf(whole.model));
    expect(counts[1].numEpochs).toBe(7); // it had heard of the fifth epoch when the file was written
  });

  test('takes a checkpoint of a Trainer, and a Trainer takes one of the loop', async () => {
    const { loop, model, config } = loopOf({ metricsFile: null });
    await loop.train(sides(), { numEpochs: 5 });
    const path = join(config.checkpointDir, 'checkpoint_epoch_4.pt');
    const optimizer = new Adam(model.parameters());
    const trainer = new Trainer({ model, optimizer, criterion: new CrossEntropyLoss(), maxGradNorm: 1 });
    const { epoch } = await trainer.loadCheckpoint(path);
    expect(epoch).toBe(5);
    const drop = ['callbacks.TrainingLoop'];
    await trainer.fit({ trainLoader: sides(), numEpochs: 6, resume: { drop } });
    const own = join(config.checkpointDir, 'own.pt');
    await trainer.saveCheckpoint(own);
    const other = loopOf();
    expect(await other.loop.loadCheckpoint(own)).toBe(5);
    expect(other.loop.metricsHistory).toEqual([]);
    const history = await other.loop.train(sides(), { numEpochs: 7, resume: { fresh: drop } });
    expect(history.map(({ epoch }) => epoch)).toEqual([6]);
  });

  test('changes nothing where a file has records that are none, and names the file', async () => {
    const { loop, model } = loopOf();
    await loop.train(sides(), { numEpochs: 1 });
    const file = await stateOf(loop);
    const before = weightsOf(model);
    await loop.train(sides(), { numEpochs: 2 });
    const path = join(temporaryFolder(), 'wrong.pt');
    await save({ ...file, metrics_history: [{ epoch: 0, train_loss: 'low' }] }, path);
    const now = weightsOf(model);
    expect(now).not.toEqual(before);
    await expect(loop.loadCheckpoint(path)).rejects.toThrow(
      `expected a number under "metrics_history.0.train_loss", got string\n  in "${path}"`,
    );
    expect(weightsOf(model)).toEqual(now);
    expect(loop.metricsHistory.length).toBe(2);
  });

  test('refuses an epoch that is none, and says where a file cannot be written', async () => {
    const { loop, config } = loopOf();
    await expect(loop.saveCheckpoint(-1)).rejects.toThrow('expected an integer from 0, got -1');
    mkdirSync(join(config.checkpointDir, 'checkpoint_epoch_0.pt'), { recursive: true });
    await expect(loop.saveCheckpoint()).rejects.toThrow(/checkpoint_epoch_0\.pt/);
  });
});
