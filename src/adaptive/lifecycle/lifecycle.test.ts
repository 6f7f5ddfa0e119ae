// Nodes that are pruned and healed: by rule, without effect on outputs, exactly again after a resume.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import * as nn from '../../nn/index.ts';
import { Adam } from '../../optim/index.ts';
import { manualSeed, noGrad, rand, type Tensor, tensor } from '../../tensor/index.ts';
import { Trainer } from '../../trainer/index.ts';
import { createSyntheticLoaders } from '../data/synthetic.ts';
import { AdaptiveModel } from '../model/adaptive-model.ts';
import { healthOf, NodeHealth } from './node-health.ts';
import { NodeLifecycle } from './node-lifecycle.ts';
import { NodeLifecycleManager } from './node-lifecycle-manager.ts';
import { type PruningOptions, pruningConfig } from './pruning-config.ts';

const places: string[] = [];
afterEach(() => {
  for (const place of places.splice(0)) rmSync(place, { recursive: true });
});

const makeModel = (): AdaptiveModel => new AdaptiveModel({ numNodes: 12, hiddenDim: 6, inputDim: 5, outputDim: 3 });
const list = (value: Tensor): number[] => Array.from(value.flatten().toArray() as number[], Number);

describe('healthOf()', () => {
  test('follows its rule', () => {
    const means = {
      activity: tensor([0.001, 0.04, 0.04, 0.04, 0.5, 0.5, 0.5]),
      energy: tensor([0.005, 0.05, 0.2, 0.05, 0.05, 0.2, 0.2]),
      contribution: tensor([0.0005, 0.005, 0.005, 0.5, 0.5, 0.005, 0.5]),
    };
    expect(list(healthOf(means, pruningConfig()))).toEqual([
      NodeHealth.DEAD,
      NodeHealth.FAILING,
      NodeHealth.DORMANT,
      NodeHealth.HEALTHY, // idle and weak, but of use: no rule has it
      NodeHealth.STRESSED,
      NodeHealth.STRESSED,
      NodeHealth.HEALTHY,
    ]);
  });
});

describe('NodeLifecycleManager', () => {
  /** Scores that make the first nodes useless. */
  const scores = tensor([0, 0, 0, 0, ...new Array<number>(8).fill(1)]);
  const options: PruningOptions = {
    ...{ activityThreshold: 1, energyThreshold: 60, contributionThreshold: 0.5 }, // activity and energy are always below
    ...{ evaluationWindow: 2, pruningFrequency: 4, healingFrequency: 1, maxPruneRate: 0.25, minNodes: 7 },
  };
  const played = (manager: NodeLifecycleManager, steps: number): void => {
    for (let i = 0; i < steps; i++) {
      manager.model.forward(rand([4, 5]));
      manager.step({ contributionScores: scores });
    }
  };

  test('prunes the failing, the worst first, as many as it may, and never below the least', () => {
    const manager = new NodeLifecycleManager(makeModel(), options);
    played(manager, 3);
    expect(manager.prunedNodes).toEqual([]);
    played(manager, 1);
    expect(manager.prunedNodes).toHaveLength(3); // a quarter of 12
    expect(manager.prunedNodes.every((node) => node < 4)).toBe(true);
    played(manager, 8);
    expect(manager.prunedNodes).toEqual([0, 1, 2, 3]);
    expect(manager.getLifecycleStats()).toMatchObject({ total_pruned: 4, pruning_cycles: 2, total_healed: 0 });
    expect(manager.getMetrics()).toMatchObject({ active_nodes: 8, pruned_nodes: 4, healthy_nodes: 8 });
  });

  test('leaves pruned nodes no part in outputs and gradients', () => {
    manualSeed(0);
    const model = makeModel();
    const manager = new NodeLifecycleManager(model, options);
    manager.pruneNodes([2, 5]);
    const x = rand([4, 5]);
    model.forward(x).square().sum().backward();
    const grad = model.output_projection.weight.grad!;
    expect(list(grad.select(1, 2)).concat(list(grad.select(1, 5)))).toEqual(new Array(6).fill(0));
    expect(list(grad.select(1, 3)).some((value) => value !== 0)).toBe(true);
    manager.step();
    expect(list(model.nodeState.energy.select(1, 2))).toEqual([0, 0, 0, 0]);
    model.eval();
    const before = list(noGrad(() => model.forward(x)));
    noGrad(() => model.output_projection.weight.select(1, 2).fill_(100));
    expect(list(noGrad(() => model.forward(x)))).toEqual(before);
    manager.detach();
    expect(list(noGrad(() => model.forward(x)))).not.toEqual(before);
  });

  test('heals the last pruned first where performance falls, with energy and activity from the seed', () => {
    const manager = new NodeLifecycleManager(makeModel(), { ...options, maxHealRate: 0.2, pruningFrequency: 1000 });
    played(manager, 3);
    manager.pruneNodes([1]);
    played(manager, 1);
    manager.pruneNodes([7, 4]);
    expect(manager.reportPerformance(0.9)).toEqual([]);
    expect(manager.reportPerformance(0.88)).toEqual([]); // within the threshold
    expect(manager.reportPerformance(0.5)).toEqual([{ kind: 'heal', step: 4, nodes: [4, 7] }]);
    expect(manager.prunedNodes).toEqual([1]);
    const { energy, activity } = manager.model.nodeState;
    for (const node of [4, 7]) {
      const [value] = list(energy.select(1, node));
      expect(value).toBeGreaterThanOrEqual(0.25);
      expect(value).toBeLessThan(0.75);
      expect(list(activity.select(1, node))[0]).toBeGreaterThanOrEqual(0.1);
    }
    expect(new NodeLifecycleManager(makeModel(), { healingEnabled: false }).shouldRunHealing()).toBe(false);
  });

  test('refuses nodes and options that do not fit', () => {
    const manager = new NodeLifecycleManager(makeModel());
    manager.pruneNodes([3]);
    expect(() => manager.pruneNodes([3, 12])).toThrow(
      'Cannot prune nodes: expected numbers of active nodes, each once, got 3, 12',
    );
    expect(() => manager.healNodes([4])).toThrow('expected numbers of pruned nodes');
    expect(() => new NodeLifecycleManager(makeModel(), { maxPruneRate: 2, window: 1 } as object)).toThrow(
      /^Cannot prune nodes: 2 problems\n {2}- maxPruneRate: expected a number from 0 to 1, got 2\n {2}- window: expected one of/,
    );
    const state = new NodeLifecycleManager(makeModel(), { evaluationWindow: 3 }).state();
    expect(() => manager.loadState(state)).toThrow(
      'expected a state of 12 nodes and a window of 100 steps, got one of 12 and 3',
    );
  });
});

describe('NodeLifecycle', () => {
  const train = async (
    epochs: number,
    file?: string,
  ): Promise<{ weights: number[]; manager: NodeLifecycleManager; trainer: Trainer; callback: NodeLifecycle }> => {
    const [trainLoader, valLoader] = createSyntheticLoaders({
      numSamples: 60,
      inputDim: 5,
      numClasses: 3,
      batchSize: 8,
    });
    const model = makeModel();
    const manager = new NodeLifecycleManager(model, {
      ...{ activityThreshold: 1, energyThreshold: 60, contributionThreshold: 50 },
      ...{ evaluationWindow: 3, pruningFrequency: 6, healingFrequency: 4, healingThreshold: 0, minNodes: 4 },
    });
    const callback = new NodeLifecycle(manager, { monitor: 'val/accuracy', mode: 'max' });
    const trainer = new Trainer({
      model,
      optimizer: new Adam(model.parameters(), { lr: 0.05 }),
      criterion: new nn.CrossEntropyLoss(),
      callbacks: [callback],
      seed: 1,
    });
    if (file !== undefined) await trainer.loadCheckpoint(file);
    await trainer.fit({ trainLoader, valLoader, numEpochs: epochs });
    return { weights: model.parameters().flatMap((parameter) => list(parameter.detach())), manager, trainer, callback };
  };

  test('prunes and heals in a training, and a resumed one does the same', async () => {
    const whole = await train(6);
    const kinds = new Set(whole.manager.actions.map(({ kind }) => kind));
    expect([...kinds].toSorted()).toEqual(['heal', 'prune']);
    const place = mkdtempSync(join(tmpdir(), 'sconce-lifecycle-'));
    places.push(place);
    const file = join(place, 'half.ckpt');
    const half = await train(3);
    await half.trainer.saveCheckpoint(file);
    const resumed = await train(6, file);
    expect(resumed.manager.actions).toEqual(whole.manager.actions);
    expect(resumed.weights).toEqual(whole.weights);
    expect(await resumed.callback.draw()).toBe(await whole.callback.draw());
  });

  test('logs its numbers, and refuses a monitor that nothing measures', async () => {
    const manager = new NodeLifecycleManager(makeModel());
    expect(() => new NodeLifecycle({} as NodeLifecycleManager)).toThrow('expected a NodeLifecycleManager');
    expect(() => new NodeLifecycle(manager, { mode: 'least' as 'min' })).toThrow('mode: expected one of min, max');
    const place = mkdtempSync(join(tmpdir(), 'sconce-lifecycle-'));
    places.push(place);
    const [trainLoader] = createSyntheticLoaders({ numSamples: 30, inputDim: 5, numClasses: 3, batchSize: 8 });
    const make = (monitor: string): Trainer =>
      new Trainer({
        model: manager.model,
        optimizer: new Adam(manager.model.parameters()),
        criterion: new nn.CrossEntropyLoss(),
        callbacks: [new NodeLifecycle(manager, { monitor })],
      });
    await expect(make('val/f1').fit({ trainLoader, valLoader: trainLoader, numEpochs: 1 })).rejects.toThrow(
      /got "val\/f1"/,
    );
  });
});
