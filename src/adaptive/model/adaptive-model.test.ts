// The adaptive network beyond its equations, which test/parity/adaptive-model.test.ts holds against PyTorch: its state, evaluation, options and refusals.
import { describe, expect, test } from 'vitest';
import { CheckpointError } from '../../errors.ts';
import { autocast } from '../../tensor/autocast.ts';
import {
  full,
  Generator,
  liveTensors,
  manualSeed,
  noGrad,
  ones,
  rand,
  scope,
  type Tensor,
  tensor,
  zeros,
} from '../../tensor/index.ts';
import { settledTensors } from '../../tensor/testing/settled-tensors.ts';
import type { AdaptiveConfigOptions } from '../config/fields.ts';
import { AdaptiveModel } from './adaptive-model.ts';
import { PhaseScheduler } from './phase-scheduler.ts';

const SMALL = { numNodes: 6, hiddenDim: 4, inputDim: 3, outputDim: 2 } as const;
const small = (options: AdaptiveConfigOptions = {}): AdaptiveModel => new AdaptiveModel({ ...SMALL, ...options });

function inputs(seed: number, batch = 5): Tensor {
  return rand([batch, 3], { generator: new Generator(seed) })
    .mul(4)
    .sub(2);
}

/** A step of SGD. */
function train(model: AdaptiveModel, seed: number, batch?: number): number {
  const loss = model.forward(inputs(seed, batch)).square().mean();
  model.zeroGrad();
  loss.backward();
  noGrad(() => {
    for (const parameter of model.parameters()) if (parameter.grad) parameter.sub_(parameter.grad, { alpha: 0.1 });
  });
  return loss.item();
}

const stateOf = (model: AdaptiveModel): Record<string, unknown> =>
  Object.fromEntries(Object.entries(model.stateDict()).map(([name, value]) => [name, value.toArray()]));

/** A model that has trained for a while, with everything in its state away from where it began. */
function trained(options: AdaptiveConfigOptions = {}): AdaptiveModel {
  const model = small(options);
  for (let i = 0; i < 4; i++) train(model, i);
  model.phaseScheduler.adjustPolicyParameters(0.9);
  model.phaseScheduler.getStochasticPolicyMetrics(model.phaseScheduler.nodePhases);
  return model;
}

describe('AdaptiveModel.stateDict()', () => {
  test('goes on to the bit in another model, whatever the batch sizes before and behind, and whatever was drawn between', () => {
    const whole = trained();
    const resumed = small();
    train(resumed, 9, 2);
    const state = whole.getStateDictFull();
    manualSeed(3);
    expect(resumed.loadStateDict(whole.stateDict())).toEqual({ missing: [], unexpected: [] });
    const fromFull = small();
    expect(fromFull.loadStateDictFull(state)).toEqual({ missing: [], unexpected: [] });
    expect(stateOf(resumed)).toEqual(stateOf(whole));
    for (const batch of [5, 3, 7]) {
      const loss = train(whole, batch, batch);
      expect([train(resumed, batch, batch), train(fromFull, batch, batch)]).toEqual([loss, loss]);
    }
    expect(stateOf(resumed)).toEqual(stateOf(whole));
    expect(stateOf(fromFull)).toEqual(stateOf(whole));
    expect(resumed.getMetrics()).toEqual(whole.getMetrics());
    expect(resumed.phaseScheduler.policyTemperature).toBe(0.95);
    expect(resumed.phaseScheduler.policyEntropyHistory).toHaveLength(1);
  });

  test('loads what adaptiveneuralnetwork saves: weights alone, or with nodes, step and phases', () => {
    const source = trained();
    const full = source.getStateDictFull();
    const {
      node_state: nodes,
      scheduler_state: scheduler,
      ...weights
    } = full as Record<string, Record<string, Tensor>>;
    const model = trained();
    train(model, 8);
    const before = stateOf(model);
    model.loadStateDict(weights as unknown as Record<string, Tensor>);
    const after = stateOf(model);
    expect(after['input_projection.weight']).toEqual(stateOf(source)['input_projection.weight']);
    expect(after['node_state.energy']).toEqual(before['node_state.energy']);
    const { current_step, node_phases } = scheduler!;
    const upstream = { ...weights, node_state: nodes, scheduler_state: { current_step, node_phases } };
    expect(model.loadStateDictFull(upstream)).toEqual({ missing: [], unexpected: [] });
    expect(model.phaseScheduler.currentStep).toBe(4);
    expect(stateOf(model)['node_state.energy']).toEqual(stateOf(source)['node_state.energy']);
    expect(model.phaseScheduler.nodeAnxiety.toArray()).toEqual(before['phase_scheduler.node_anxiety']);
  });

  test('is refused whole where a part of it does not fit, and nothing has changed', () => {
    const model = trained();
    const state = { ...small().stateDict() };
    const wrong = { ...state, 'node_state.energy': zeros([1, 5, 1]), 'phase_scheduler.node_phases': zeros([2]) };
    const before = stateOf(model);
    expect(() => model.loadStateDict(wrong)).toThrow(
      /"node_state.energy": expected shape \[any, 6, 1\], got \[1, 5, 1\]\n.*"phase_scheduler.node_phases": expected shape \[6\], got \[2\]/,
    );
    expect(() => model.loadStateDict({ ...state, 'node_state.energy': zeros([2, 6, 1]) })).toThrow(
      'expected one number of samples, 1 or more, in all of the node state, got 1, 2',
    );
    delete (state as Record<string, Tensor>)['node_state.activity'];
    expect(() => model.loadStateDict(state)).toThrow(CheckpointError);
    expect(() => model.loadStateDictFull({ node_state: 3 })).toThrow('"node_state": expected an object of state');
    expect(stateOf(model)).toEqual(before);
  });

  test('copies: deepCopy goes on alike and shares nothing, also right after a step', () => {
    const model = trained();
    const copy = model.deepCopy();
    expect(train(copy, 5)).toBe(train(model, 5));
    train(copy, 6);
    expect(model.phaseScheduler.currentStep).toBe(5);
    expect(stateOf(copy)).not.toEqual(stateOf(model));
  });
});

describe('AdaptiveModel in evaluation', () => {
  test('leaves no trace, gives each batch the same answer whenever it comes, and keeps what it knows of the nodes', () => {
    const [model, undisturbed] = [trained(), trained()];
    model.eval();
    const answers = [1, 2, 1].map((seed) => model.forward(inputs(seed, 7)).toArray());
    expect(answers[2]).toEqual(answers[0]);
    expect(answers[1]).not.toEqual(answers[0]);
    expect(stateOf(model)).toEqual(stateOf(undisturbed));
    model.train();
    expect(train(model, 5)).toBe(train(undisturbed, 5));
  });

  test('is a step like any other with evaluationMovesState, and keeps the graph from step to step', () => {
    const [model, other] = [small({ evaluationMovesState: true }), small()];
    for (const seed of [0, 1]) {
      const answer = model.eval().forward(inputs(seed));
      expect(answer.toArray()).toEqual(other.train().forward(inputs(seed)).toArray());
    }
    expect(stateOf(model)).toEqual(stateOf(other));
    const throughTime = (each: AdaptiveModel): number[] => {
      each.zeroGrad();
      each.forward(inputs(2)).sum().backward();
      return each.dynamics.state_update.weight.grad!.flatten().toArray() as number[];
    };
    expect(throughTime(model)).not.toEqual(throughTime(other));
    expect(throughTime(model.train())).toEqual(throughTime(other)); // what evaluation kept is not gone through in training
    expect(() => model.deepCopy()).not.toThrow();
  });
});

describe('AdaptiveModel', () => {
  test('moves each sample on from the same phases, or with aliasedPhases all samples on one row', () => {
    const spread = (model: AdaptiveModel): number => {
      const phases = model.phaseScheduler.step(full([40, 6, 1], 10), full([40, 6, 1], 0.5));
      return phases.ne(phases.select(0, 0)).to('float32').sum().item();
    };
    expect(spread(small())).toBeGreaterThan(20);
    expect(spread(small({ aliasedPhases: true }))).toBe(0);
  });

  test('begins with the weights that its seed draws, in every dtype, and is another one with another seed', () => {
    const weight = (options: AdaptiveConfigOptions): unknown =>
      small(options).dynamics.state_update.weight.to('bfloat16').to('float32').toArray();
    manualSeed(1);
    const first = weight({});
    manualSeed(2);
    expect([weight({}), weight({ dtype: 'float64' }), weight({ dtype: 'bfloat16' })]).toEqual([first, first, first]);
    expect(weight({ seed: 43 })).not.toEqual(first);
    const phases = (seed: number): unknown => {
      const { phaseScheduler } = small({ seed });
      return phaseScheduler.step(full([9, 6, 1], 10), zeros([9, 6, 1])).toArray();
    };
    expect(phases(1)).toEqual(phases(1));
    expect(phases(1)).not.toEqual(phases(2));
  });

  test('has layers and state of its dtype, takes inputs of others, and refuses what is no batch of samples', () => {
    const model = small({ dtype: 'float64' });
    expect(model.forward(inputs(0)).dtype).toBe('float64');
    const dtypes = [...model.parameters(), model.nodeState.energy, model.phaseScheduler.nodeAnxiety].map(
      (t) => t.dtype,
    );
    expect(new Set(dtypes)).toEqual(new Set(['float64']));
    expect(model.to('float32').forward(inputs(0)).dtype).toBe('float32');
    expect(() => model.forward(ones([2, 1, 3]))).toThrow(
      'Cannot apply an AdaptiveModel: expected an input of shape [batch, 3], got [2, 1, 3]; flatten(1) it',
    );
    expect(() => model.forward(ones([2, 3], { dtype: 'int64' }))).toThrow('of floating-point numbers, got int64');
    expect(() => model.forward(ones([0, 3]))).toThrow('expected a batch of at least one sample, got 0');
    expect(model.phaseScheduler.currentStep).toBe(2);
  });

  test('adaptationRate is the factor on the input, energyDecay the share that is lost, circadianPeriod the length of a day', () => {
    const step = (options: AdaptiveConfigOptions): AdaptiveModel => {
      const model = small({ stochasticPolicy: false, ...options });
      noGrad(() => {
        for (const layer of [model.dynamics.state_update, model.dynamics.energy_update])
          for (const parameter of layer.parameters()) parameter.zero_();
      });
      model.forward(inputs(1));
      return model;
    };
    const model = step({ adaptationRate: 0.5 });
    const awake = model.nodeState.phaseMask.to('float32');
    const expected = model.input_projection.forward(inputs(1)).unsqueeze(1).mul(0.5).mul(awake).tanh();
    expect(model.nodeState.hiddenState.sub(expected).abs().max().item()).toBeLessThan(1e-6);
    expect(step({ energyDecay: 0.25 }).nodeState.energy.unique()[0].toArray()).toEqual([7.5]);
    const noon = (circadianPeriod: number): number => {
      const { phaseScheduler } = small({ stochasticPolicy: false, circadianPeriod });
      return phaseScheduler
        .step(full([1, 6, 1], 30), zeros([1, 6, 1]))
        .select(1, 0)
        .item();
    };
    expect([noon(4), noon(100)]).toEqual([3, 2]); // calm, idle nodes are inspired at noon, in company otherwise
  });

  test('without a stochastic policy anxious nodes seek company, and very anxious ones sleep', () => {
    const scheduler = new PhaseScheduler({ numNodes: 3, stochasticPolicy: false });
    const anxiety = tensor([5.1, 6.9, 7.1]);
    scheduler.loadStateDict({ ...scheduler.stateDict(), node_anxiety: anxiety });
    const phases = scheduler.step(full([1, 3, 1], 10), zeros([1, 3, 1]), anxiety.view([1, 3, 1]));
    expect(phases.toArray()).toEqual([[2, 2, 1]]);
  });

  test('phaseWeights are what exploring nodes draw by', () => {
    const { phaseScheduler: scheduler } = small({
      phaseWeights: { active: 0, interactive: 0, sleep: 50, inspired: 0 },
    });
    scheduler.explorationRate = 1;
    const phases = scheduler.step(full([50, 6, 1], 10), zeros([50, 6, 1]));
    expect(scheduler.getPhaseStats(phases).sleep_ratio).toBe(1);
  });

  test('outlives inputs that are not numbers, and trains under autocast with its state in its own dtype', () => {
    const model = small();
    model
      .forward(full([4, 3], Number.NaN))
      .sum()
      .backward();
    expect(Number.isNaN(model.getMetrics().mean_activity)).toBe(true);
    expect(
      Number.isNaN(
        model
          .forward(ones([4, 3]))
          .sum()
          .item(),
      ),
    ).toBe(true);
    model.resetState();
    const output = autocast('cpu', () => model.forward(inputs(1)));
    expect(output.dtype).toBe('bfloat16');
    expect([model.nodeState.energy.dtype, model.nodeState.activity.dtype]).toEqual(['float32', 'float32']);
    expect(model.forward(inputs(2)).dtype).toBe('float32');
  });

  test('resetState() begins as a new model does, with the weights that it has', () => {
    const model = trained();
    const weights = model.dynamics.state_update.weight.toArray();
    model.resetState();
    const [state, fresh] = [stateOf(model), stateOf(small())];
    for (const name of Object.keys(fresh).filter((key) => /^(node_state|phase_scheduler\.(?!policy|explo))/.test(key)))
      expect([name, state[name]]).toEqual([name, fresh[name]]);
    expect(state['dynamics.state_update.weight']).toEqual(weights);
  });

  test('leaves no tensors behind in steps that run in scopes', () => {
    const model = small();
    const step = (): void => scope(() => void train(model, 1));
    step();
    step();
    const before = settledTensors();
    for (let i = 0; i < 3; i++) step();
    expect(liveTensors()).toBe(before);
  });

  test('computeLoss() is of the last call of forward, in evaluation too', () => {
    const model = small();
    expect(() => model.computeLoss(zeros([1, 2]), zeros([1]))).toThrow('expected a call of forward before, got none');
    const predictions = model.forward(inputs(1));
    const { energy, activity } = model.nodeState;
    const mean = activity.mean({ dim: 1 });
    const expected = mean.square().mean().item() + 0.001 * activity.square().mean().item();
    expect(energy.max().item()).toBeLessThan(11);
    const surplus = 0.01 * energy.sub(10).relu().square().mean().item();
    expect(model.computeLoss(predictions, zeros([5])).item()).toBeCloseTo(expected + surplus, 5);
    model.eval();
    expect(() => model.computeLoss(model.forward(inputs(1, 3)), zeros([3, 1]))).not.toThrow();
    expect(() => model.computeLoss(predictions, zeros([5]))).toThrow('of 3 samples, got 5');
    expect(() => model.computeLoss(zeros([3, 2]), zeros([3, 2]))).toThrow('expected targets of shape [3] or [3, 1]');
  });

  test('getMetrics() counts nodes, phases, moods and what is next to nothing', () => {
    const model = small();
    model.nodeState.energy = tensor([0, 0.05, 2, 4, 20, 10]).view([1, 6, 1]);
    model.nodeState.activity = tensor([0, 0.9, 0.9, 0.2, 0.6, 0.005]).view([1, 6, 1]);
    model.phaseScheduler.loadStateDict({
      ...model.phaseScheduler.stateDict(),
      node_phases: tensor([0n, 0n, 1n, 2n, 3n, 0n]),
      node_anxiety: tensor([6, 0, 0, 0, 0, 3]),
      sleep_quality: full([6], 0.5),
    });
    const { energy_l2_norm, activity_l1_norm, mean_energy, mean_activity, ...metrics } = model.getMetrics();
    expect(energy_l2_norm).toBeCloseTo(Math.sqrt(0.0025 + 4 + 16 + 400 + 100), 5);
    expect([activity_l1_norm, mean_energy! * 6, mean_activity! * 6]).toEqual(
      [2.605, 36.05, 2.605].map((value) => expect.closeTo(value, 5)),
    );
    expect(metrics).toMatchObject({
      active_node_ratio: 2 / 6,
      active_ratio: 0.5,
      sleep_ratio: 1 / 6,
      interactive_ratio: 1 / 6,
      inspired_ratio: 1 / 6,
      mean_anxiety: 1.5,
      max_anxiety: 6,
      anxious_nodes_ratio: 1 / 6,
      mean_restorative_need: 0,
      mean_sleep_quality: 0.5,
      energy_sparsity: 2 / 6,
      energy_l0_ratio: 5 / 6,
      activity_sparsity: 2 / 6,
      activity_l0_ratio: 4 / 6,
      combined_sparsity: 1 / 6,
      active_phase_ratio: 5 / 6,
    });
    expect(Object.keys(model.getMetrics())).toHaveLength(22);
  });
});
