// The adaptive network in a trainer: saved and resumed in the middle, averaged, and tried out by the tuner.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { DataLoader, TensorDataset } from '../../data/index.ts';
import { CrossEntropyLoss } from '../../nn/index.ts';
import { Adam, EMA } from '../../optim/index.ts';
import { arange, Generator, rand } from '../../tensor/index.ts';
import { Trainer } from '../../trainer/index.ts';
import { keepState } from '../../trainer/tuning/keep-state.ts';
import { EnergyAwareAdam } from '../optim/energy-aware-adam.ts';
import { MetaAdaptiveOptimizer } from '../optim/meta-adaptive-optimizer.ts';
import { AdaptiveModel } from './adaptive-model.ts';

function inFolder(name: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'sconce-adaptive-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return join(folder, name);
}

/** Batches of 4, 4 and 2, shuffled. */
function loader(shuffle = true) {
  const x = rand([10, 3], { generator: new Generator(0) });
  const dataset = new TensorDataset([x, arange(10, { dtype: 'int64' }).remainder(2)] as const);
  return new DataLoader({ dataset, batchSize: 4, shuffle });
}

function trainer(): Trainer & { readonly model: AdaptiveModel } {
  const model = new AdaptiveModel({ numNodes: 6, hiddenDim: 4, inputDim: 3, outputDim: 2 });
  const optimizer = new Adam(model.parameters(), { lr: 0.05 });
  return new Trainer({ model, optimizer, criterion: new CrossEntropyLoss(), seed: 3 }) as Trainer & {
    readonly model: AdaptiveModel;
  };
}

const run = (of: Trainer, numEpochs: number) => of.fit({ trainLoader: loader(), valLoader: loader(false), numEpochs });
const stateOf = (model: AdaptiveModel): unknown =>
  Object.entries(model.stateDict()).map(([name, value]) => [name, value.toArray()]);

describe('AdaptiveModel in a Trainer', () => {
  test('is resumed from a checkpoint as if nothing had happened, to the bit', async () => {
    const whole = trainer();
    const history = await run(whole, 4);
    const first = trainer();
    await run(first, 2);
    const path = inFolder('model.pt');
    await first.saveCheckpoint(path);
    const second = trainer();
    second.model.forward(rand([9, 3])); // its state stands elsewhere, at another size
    await second.loadCheckpoint(path);
    expect(await run(second, 4)).toEqual(history);
    expect(stateOf(second.model)).toEqual(stateOf(whole.model));
  });

  test('is resumed with optimizers that look at its nodes, too', async () => {
    const make = (Kind: typeof EnergyAwareAdam | typeof MetaAdaptiveOptimizer): ReturnType<typeof trainer> => {
      const { model } = trainer();
      const { nodeState, phaseScheduler } = model;
      const optimizer = new Kind(model.parameters(), { nodeState, phaseScheduler, lr: 0.05, energyThreshold: 10 });
      const criterion = new CrossEntropyLoss();
      return new Trainer({ model, optimizer, criterion, seed: 3 }) as ReturnType<typeof trainer>;
    };
    for (const Kind of [EnergyAwareAdam, MetaAdaptiveOptimizer]) {
      const [whole, first, second] = [make(Kind), make(Kind), make(Kind)];
      const history = await run(whole, 3);
      await run(first, 1);
      const path = inFolder('model.pt');
      await first.saveCheckpoint(path);
      await second.loadCheckpoint(path);
      expect(await run(second, 3)).toEqual(history);
      expect(stateOf(second.model)).toEqual(stateOf(whole.model));
    }
  });

  test('is trained the same whether it is validated or not', async () => {
    const [validated, alone] = [trainer(), trainer()];
    await run(validated, 2);
    await alone.fit({ trainLoader: loader(), numEpochs: 2 });
    expect(stateOf(alone.model)).toEqual(stateOf(validated.model));
  });

  test('is averaged without its state, which averages that are copied leave alone', () => {
    const { model, optimizer } = trainer();
    const average = new EMA(model, { decay: 0.5 });
    model
      .forward(rand([4, 3]))
      .sum()
      .backward();
    (optimizer as Adam).step();
    average.update();
    const before = model.nodeState.hiddenState.toArray();
    const weights = model.output_projection.weight.toArray();
    average.copyTo(model);
    expect(model.nodeState.hiddenState.toArray()).toEqual(before);
    expect(model.output_projection.weight.toArray()).not.toEqual(weights);
  });

  test('is put back by the tuner with nodes and steps, though the batches were of other sizes', () => {
    const { model, optimizer } = trainer();
    model.forward(rand([4, 3]));
    const before = stateOf(model);
    const putBack = keepState({ model, modules: {}, optimizers: [optimizer], loaders: [] });
    for (const size of [2, 7, 3]) model.forward(rand([size, 3]));
    putBack();
    expect(stateOf(model)).toEqual(before);
    expect(model.phaseScheduler.currentStep).toBe(1);
  });
});
