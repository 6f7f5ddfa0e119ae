// Optimizers that look at nodes, against PyTorch over 50 steps (test/parity/energy_optimizers_peer.py made the recording), resumed, and refused.
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { Parameter } from '../../nn/parameter.ts';
import type { Optimizer } from '../../optim/index.ts';
import { loadSafetensors } from '../../serial/safetensors.ts';
import { arange, liveTensors, noGrad, scope, type Tensor, tensor, zeros } from '../../tensor/index.ts';
import { settledTensors } from '../../tensor/testing/settled-tensors.ts';
import { AdaptiveConfig } from '../config/adaptive-config.ts';
import { NodeState } from '../model/node-state.ts';
import { PhaseScheduler } from '../model/phase-scheduler.ts';
import { EnergyAwareAdam } from './energy-aware-adam.ts';
import { EnergyAwareSGD } from './energy-aware-sgd.ts';
import { MetaAdaptiveOptimizer } from './meta-adaptive-optimizer.ts';

const recorded = fileURLToPath(
  new URL('../../../test/fixtures/adaptive/energy-optimizers.safetensors', import.meta.url),
);
const f64 = { dtype: 'float64' } as const;

/** The problem of the peer, with any of the optimizers. */
class Problem {
  readonly nodeState = new NodeState(
    new AdaptiveConfig({ numNodes: 5, hiddenDim: 2, dtype: 'float64' }).toNodeConfig(),
  );
  readonly phaseScheduler = new PhaseScheduler({ numNodes: 5 });
  readonly params = [new Parameter(arange(6, f64).sin().view([2, 3])), new Parameter(arange(4, f64).cos())] as const;
  readonly optimizer: Optimizer;

  constructor(name: string) {
    const source = { nodeState: this.nodeState, phaseScheduler: this.phaseScheduler };
    const made = {
      adam: () => new EnergyAwareAdam(this.params, { ...source, lr: 0.05, weightDecay: 0.01 }),
      sgd: () =>
        new EnergyAwareSGD(this.params, { ...source, lr: 0.02, momentum: 0.8, nesterov: true, weightDecay: 0.01 }),
      meta: () => new MetaAdaptiveOptimizer(this.params, { ...source, lr: 0.03, metaLr: 0.05, adaptationWindow: 4 }),
    } as Record<string, () => unknown>;
    this.optimizer = made[name]!() as Optimizer;
  }

  loss(step: number): Tensor {
    const [a, b] = this.params;
    const first = a
      .mul(1 + 0.1 * Math.sin(step))
      .sub(0.3)
      .square()
      .sum();
    return first.add(b.sin().mul(a.sum()).sum().mul(0.1));
  }

  nodesAt(step: number): void {
    this.nodeState.energy = arange(15, f64).view([3, 5, 1]).mul(1.7).add(step).sin().mul(0.14).add(0.15);
    const phases = Array.from({ length: 5 }, (_, n) => BigInt((n * 3 + Math.floor(step / 4)) % 4));
    this.phaseScheduler.loadStateDict({ ...this.phaseScheduler.stateDict(), node_phases: tensor(phases) });
  }

  steps(from: number, to: number): void {
    for (let step = from; step < to; step++) {
      this.nodesAt(step);
      this.optimizer.zeroGrad();
      this.loss(step).backward();
      this.optimizer.step();
    }
  }
}

const values = (tensors: readonly Tensor[]): number[] =>
  tensors.flatMap((each) => each.detach().flatten().toArray() as number[]);

describe.each(['adam', 'sgd', 'meta'])('an optimizer that looks at nodes, %s', (name) => {
  test('goes where its rule in PyTorch went in 50 steps', async () => {
    const problem = new Problem(name);
    problem.steps(0, 50);
    const all = await loadSafetensors(recorded);
    const expected = Object.entries(all).flatMap(([key, value]) => (key.startsWith(`${name}/`) ? [value] : []));
    const learned =
      name === 'meta' ? problem.params.map((each) => problem.optimizer.stateOf(each)!.meta as Tensor) : [];
    const [actual, wanted] = [values([...problem.params, ...learned]), values(expected)];
    expect(actual).toHaveLength(wanted.length);
    for (const [i, value] of wanted.entries()) expect(Math.abs(actual[i]! - value)).toBeLessThan(1e-6);
    expect(Math.abs(actual[0]!)).toBeGreaterThan(1e-3); // it began at 0
  });

  test('leaves no tensors behind', () => {
    const problem = new Problem(name);
    const step = (i: number): void => scope(() => problem.steps(i, i + 1));
    for (let i = 0; i < 5; i++) step(i);
    const before = settledTensors();
    for (let i = 5; i < 9; i++) step(i);
    expect(liveTensors()).toBe(before);
  });

  test('goes on from its state to the bit, and refuses that of another one', () => {
    const [whole, first, second] = [new Problem(name), new Problem(name), new Problem(name)];
    whole.steps(0, 12);
    first.steps(0, 6);
    noGrad(() => second.params.map((param, i) => param.copy_(first.params[i]!)));
    second.optimizer.loadStateDict(first.optimizer.stateDict());
    second.steps(6, 12);
    expect(values(second.params)).toEqual(values(whole.params));
    const other = new Problem(name === 'sgd' ? 'adam' : 'sgd');
    expect(() => other.optimizer.loadStateDict(first.optimizer.stateDict())).toThrow('Cannot load a state into Energy');
  });
});

describe('MetaAdaptiveOptimizer', () => {
  test('learns by the derivative of the loss behind a step by its own factors', () => {
    const lossAfter = (factors: readonly number[]): number => {
      const problem = new Problem('meta');
      problem.steps(0, 1);
      const rate = problem.optimizer.stateOf(problem.params[0])!;
      const given = problem.optimizer.stateDict();
      for (const [, entries] of given.state) (entries as Record<string, Tensor>).meta = tensor([...factors], f64);
      problem.optimizer.loadStateDict(given);
      problem.steps(1, 2);
      expect(rate.direction).toBeDefined();
      return problem.loss(2).item();
    };
    const step = 1e-5;
    const byDifference = [0, 1, 2].map((i) => {
      const moved = (by: number): number => lossAfter([1, 1, 1].map((value, j) => value + (i === j ? by : 0)));
      return (moved(step) - moved(-step)) / (2 * step);
    });
    const problem = new Problem('meta');
    problem.steps(0, 2);
    const before = problem.params.map((each) => values([problem.optimizer.stateOf(each)!.meta_grad as Tensor]));
    problem.steps(2, 3);
    const after = problem.params.map((each) => values([problem.optimizer.stateOf(each)!.meta_grad as Tensor]));
    for (const i of [0, 1, 2]) {
      const gradient = after.reduce((sum, each, p) => sum + each[i]! - before[p]![i]!, 0);
      expect(gradient).toBeCloseTo(byDifference[i]!, 6);
      expect(Math.abs(gradient)).toBeGreaterThan(1e-4);
    }
  });

  test('tells what it learned, within bounds', () => {
    const problem = new Problem('meta');
    const optimizer = problem.optimizer as unknown as MetaAdaptiveOptimizer;
    expect(optimizer.metaParamsOf(problem.params[0])).toBeUndefined();
    for (const group of optimizer.paramGroups) group.metaLr = 100;
    problem.steps(0, 4);
    const { lr_scale, energy_sensitivity, phase_modulation_strength } = optimizer.metaParamsOf(problem.params[0])!;
    expect([0.1, 10]).toContain(lr_scale);
    expect([0.1, 3]).toContain(energy_sensitivity);
    expect([0, 2]).toContain(phase_modulation_strength);
  });
});

describe('EnergyAwareSGD', () => {
  const nodes = (): Problem => new Problem('sgd');

  test('has the rate that phases and energies allow, follows the rate of its group, and notes what it was', () => {
    const { nodeState, phaseScheduler } = nodes();
    const moved = (options: object, lr = 1): number => {
      const weight = new Parameter(zeros([1]));
      const optimizer = new EnergyAwareSGD([weight], { nodeState, lr: 1, ...options });
      for (const group of optimizer.paramGroups) group.lr = lr;
      weight.sum().backward();
      optimizer.step();
      expect(optimizer.recordAdaptation({ loss: 3 })).toMatchObject({
        step: 1,
        loss: 3,
        mean_energy: expect.any(Number),
      });
      expect(optimizer.adaptationHistory).toHaveLength(1);
      return -weight.item();
    };
    phaseScheduler.loadStateDict({ ...phaseScheduler.stateDict(), node_phases: tensor([0n, 1n, 2n, 3n, 3n]) });
    expect(moved({})).toBe(2); // energies of 10
    expect(moved({ energyScaling: false })).toBe(1);
    expect(moved({ energyThreshold: 20 })).toBe(0.5);
    expect(moved({ energyScaling: false, phaseScheduler })).toBeCloseTo(7 / 5, 6);
    expect(moved({ energyScaling: false }, 0.25)).toBe(0.25);
  });

  test('refuses what are no nodes and no hyperparameters', () => {
    const weight = [new Parameter(zeros([1]))];
    const { nodeState } = nodes();
    expect(() => new EnergyAwareSGD(weight, {} as never)).toThrow(
      'nodeState: expected the nodeState of a model, got none',
    );
    expect(() => new EnergyAwareAdam(weight, { nodeState, phaseScheduler: 3 as never })).toThrow(
      'Cannot make EnergyAwareAdam: phaseScheduler: expected the phaseScheduler of a model, got 3',
    );
    expect(() => new EnergyAwareSGD(weight, { nodeState, nesterov: true })).toThrow('momentum above 0 with nesterov');
    expect(() => new EnergyAwareAdam(weight, { nodeState, energyMomentum: 2 })).toThrow(
      'energyMomentum from 0 to 1, got 2',
    );
    expect(() => new EnergyAwareAdam(weight, { nodeState, energyThreshold: 0 })).toThrow(
      'energyThreshold above 0, got 0',
    );
    expect(() => new MetaAdaptiveOptimizer(weight, { nodeState, adaptationWindow: 0 })).toThrow('of at least 1, got 0');
    expect(() => new MetaAdaptiveOptimizer(weight, { nodeState, momentum: 0 } as never)).toThrow('got "momentum"');
  });
});
