// `PhaseScheduler`: which of its four phases each node is in, from step to step.

import { ShapeError } from '../../errors.ts';
import type { StateDict } from '../../nn/module-state.ts';
import { describeValue } from '../../tensor/autograd/callback.ts';
import { noGrad } from '../../tensor/autograd.ts';
import { ones, rand, zeros } from '../../tensor/create.ts';
import { tensor } from '../../tensor/from-data.ts';
import { Generator } from '../../tensor/generator.ts';
import { cat } from '../../tensor/ops.generated.ts';
import { Tensor } from '../../tensor/tensor.ts';
import { CarriedState, shapeProblem } from './carried-state.ts';
import { Phase } from './phase.ts';
import { decideInTurn, decidePhases, type NodeMood, rested } from './phase-decision.ts';
import {
  type AnxietyStats,
  anxietyStats,
  entropyOf,
  type PhaseStats,
  phaseStats,
  type SparsityMetrics,
  type StochasticPolicyMetrics,
  sparsityMetrics,
  varianceOf,
} from './phase-metrics.ts';
import { type PhaseSchedulerOptions, readSchedulerOptions } from './phase-scheduler-options.ts';
import { policyTable } from './policy-table.ts';

// B batch, N nodes.

const HISTORY = 10;
const KEYS = {
  nodePhases: 'node_phases',
  nodeAnxiety: 'node_anxiety',
  anxietyHistory: 'anxiety_history',
  restorativeNeeds: 'restorative_needs',
  sleepQuality: 'sleep_quality',
} as const;
type BufferName = keyof typeof KEYS;
const BUFFERS = Object.keys(KEYS) as BufferName[];

/** A step that is decided and not yet made. */
export interface PhaseStep {
  /** [B, N] of int64. */
  readonly phases: Tensor;
  readonly mood: NodeMood;
  readonly anxietyHistory: Tensor;
}

/** Chooses the phase of every node at every step by the first rule that applies: exploration, much anxiety, need of rest, little energy, much energy with
 *  little activity, much activity, and otherwise a row of a transition matrix. docs/adaptive.md has the rules with their numbers.
 *
 *  Each sample of a batch moves on from `nodePhases`, and the last one's phases become `nodePhases`; with `aliasedPhases` the samples move one row on in turn,
 *  and all end with the same. What step t draws is decided by the seed and t alone: rand([2, B, N]) of `Generator.fork({ seed, epoch: t })`, the first half for
 *  who explores, the second for what is drawn by the inverse of the cumulative distribution.
 *  Shape: energy, activity and anxiety [B, N, 1] -> phases [B, N] of int64. Nothing waits for the device.
 *  @throws {ConfigError} that lists every option that is unknown or does not fit.
 *  Source: adaptiveneuralnetwork, PhaseScheduler.
 *  @example
 *  import { zeros } from 'sconce';
 *  import { PhaseScheduler } from 'sconce/adaptive';
 *  const scheduler = new PhaseScheduler({ numNodes: 3, explorationRate: 0 });
 *  scheduler.step(zeros([2, 3, 1]), zeros([2, 3, 1])).shape; // [2, 3] */
export class PhaseScheduler extends CarriedState {
  readonly numNodes: number;
  readonly circadianPeriod: number;
  readonly anxietyThreshold: number;
  readonly restorativeStrength: number;
  readonly stochasticPolicy: boolean;
  readonly aliasedPhases: boolean;
  readonly seed: number;
  readonly phaseWeights: Required<PhaseSchedulerOptions>['phaseWeights'];
  /** Steps done. */
  currentStep = 0;
  explorationRate: number;
  /** Of the last hundred steps for which `getStochasticPolicyMetrics` was asked, in nats. */
  policyEntropyHistory: number[] = [];
  declare private node_phases: Tensor;
  declare private node_anxiety: Tensor;
  declare private anxiety_history: Tensor;
  declare private restorative_needs: Tensor;
  declare private sleep_quality: Tensor;
  declare private table: Tensor;
  private temperature: number;

  constructor(options: PhaseSchedulerOptions) {
    super();
    const given = readSchedulerOptions(options);
    const { numNodes, device } = given;
    this.numNodes = numNodes;
    this.circadianPeriod = given.circadianPeriod;
    this.anxietyThreshold = given.anxietyThreshold;
    this.restorativeStrength = given.restorativeStrength;
    this.stochasticPolicy = given.stochasticPolicy;
    this.aliasedPhases = given.aliasedPhases;
    this.seed = given.seed;
    this.phaseWeights = given.phaseWeights;
    this.explorationRate = given.explorationRate;
    this.temperature = given.policyTemperature;
    const start = { nodePhases: zeros([numNodes], { dtype: 'int64', device }), ...calm(numNodes, device) };
    for (const name of BUFFERS) this.registerBuffer(KEYS[name], start[name], { persistent: false }); // saved as carried state
    this.registerBuffer('table', this.makeTable(device), { persistent: false });
  }

  /** Phases after the last step. Shape: [N] of int64. */
  get nodePhases(): Tensor {
    return this.node_phases;
  }

  /** Moving average of each node's anxiety. Shape: [N]. */
  get nodeAnxiety(): Tensor {
    return this.node_anxiety;
  }

  /** Anxiety of the last ten steps, the newest first. Shape: [N, 10]. */
  get anxietyHistory(): Tensor {
    return this.anxiety_history;
  }

  /** From 0 to 1. Shape: [N]. */
  get restorativeNeeds(): Tensor {
    return this.restorative_needs;
  }

  /** From 0 to 1. Shape: [N]. */
  get sleepQuality(): Tensor {
    return this.sleep_quality;
  }

  /** Weights are divided by it before their softmax. */
  get policyTemperature(): number {
    return this.temperature;
  }

  set policyTemperature(temperature: number) {
    if (!(temperature > 0)) {
      throw new RangeError(
        `Cannot set the temperature of a PhaseScheduler: expected a number above 0, got ${String(temperature)}`,
      );
    }
    this.temperature = temperature;
    this.table = this.makeTable(this.table.device).to(this.table.dtype);
  }

  /** Moves every node on.
   *  @param anxietyLevels - undefined leaves the nodes' anxiety as it is.  @returns the phases of each sample. */
  step(energyLevels: Tensor, activityLevels: Tensor, anxietyLevels?: Tensor): Tensor {
    this.requireLevels(energyLevels, activityLevels, anxietyLevels);
    const step = this.decide(energyLevels, activityLevels, anxietyLevels);
    this.commit(step);
    return step.phases;
  }

  forward(energyLevels: Tensor, activityLevels: Tensor, anxietyLevels?: Tensor): Tensor {
    return this.step(energyLevels, activityLevels, anxietyLevels);
  }

  /** What the next step would do; nothing is changed.
   *  @internal */
  decide(energyLevels: Tensor, activityLevels: Tensor, anxietyLevels?: Tensor): PhaseStep {
    return noGrad(() => {
      const [energy, activity] = [
        energyLevels.detach().squeeze({ dim: -1 }),
        activityLevels.detach().squeeze({ dim: -1 }),
      ]; // [B, N]
      const [batch = 0, nodes = 0] = energy.shape;
      const epoch = this.currentStep + 1;
      const policy = {
        table: this.table,
        anxietyThreshold: this.anxietyThreshold,
        explorationRate: this.explorationRate,
        temperature: this.stochasticPolicy ? this.temperature : undefined,
        circadianFactor: Math.sin((2 * Math.PI * (epoch % this.circadianPeriod)) / this.circadianPeriod),
        // A copy that is waited for would wait for everything before it.
        draws: phaseDraws({ seed: this.seed, epoch }, batch, nodes).to({ device: energy.device, nonBlocking: true }),
      };
      const { anxiety, anxietyHistory } = this.nextAnxiety(anxietyLevels);
      const { nodePhases, restorativeNeeds, sleepQuality } = this;
      const mood = { phases: nodePhases, anxiety, restorativeNeeds, sleepQuality };
      const phases = this.aliasedPhases
        ? decideInTurn(energy, activity, mood, policy).unsqueeze(0).expand([batch, nodes])
        : decidePhases(energy, activity, mood, policy);
      const last = phases.select(0, -1).clone();
      const rest = rested({ ...mood, phases: last }, this.restorativeStrength, this.anxietyThreshold);
      return { phases, mood: rest, anxietyHistory };
    });
  }

  /** Goes on from a step that was decided. @internal */
  commit({ mood, anxietyHistory }: PhaseStep): void {
    this.currentStep += 1;
    this.node_phases = mood.phases;
    this.node_anxiety = mood.anxiety;
    this.anxiety_history = anxietyHistory;
    this.restorative_needs = mood.restorativeNeeds;
    this.sleep_quality = mood.sleepQuality;
  }

  /** Where `phases` are of one phase. Shape: as `phases`, of booleans. */
  getPhaseMask(phases: Tensor, targetPhase: Phase): Tensor {
    return phases.eq(targetPhase);
  }

  /** Where nodes do not sleep. Shape: as `phases`, of booleans. */
  getActiveMask(phases: Tensor): Tensor {
    return phases.ne(Phase.SLEEP);
  }

  /** Share of each phase. Sync: waits for the device once. */
  getPhaseStats(phases: Tensor): PhaseStats {
    return phaseStats(phases);
  }

  /** Anxiety, need of rest and quality of sleep over the nodes. Sync: waits for the device once. */
  getAnxietyStats(): AnxietyStats {
    return anxietyStats(this);
  }

  /** How many nodes have next to no energy or activity. Shape: both [B, N, 1]. Sync: waits for the device once. */
  getSparsityMetrics(energyLevels: Tensor, activityLevels: Tensor): SparsityMetrics {
    return sparsityMetrics(energyLevels, activityLevels, this.nodePhases);
  }

  /** How evenly the phases are spread, now and over the last hundred calls. Sync: waits for the device once. */
  getStochasticPolicyMetrics(phases: Tensor): StochasticPolicyMetrics | { stochastic_policy_enabled: false } {
    if (!this.stochasticPolicy) return { stochastic_policy_enabled: false };
    const entropy = entropyOf(phaseStats(phases));
    this.policyEntropyHistory = [...this.policyEntropyHistory, entropy].slice(-100);
    return {
      stochastic_policy_enabled: true,
      phase_entropy: entropy,
      phase_diversity_score: entropy / Math.log(4),
      entropy_variance: varianceOf(this.policyEntropyHistory),
      policy_temperature: this.policyTemperature,
      exploration_rate: this.explorationRate,
      entropy_history_length: this.policyEntropyHistory.length,
    };
  }

  /** Explores less where things go well, and more where they do not.
   *  Rule: feedback > 0.8: temperature * 0.95, at least 0.1, and exploration * 0.98, at least 0.01; feedback < 0.5: temperature * 1.05, at most 2, and
   *  exploration * 1.02, at most 0.3. Nothing without a stochastic policy. */
  adjustPolicyParameters(performanceFeedback: number): void {
    if (typeof performanceFeedback !== 'number') {
      throw new TypeError(
        `Cannot adjust the policy of a PhaseScheduler: expected a number, got ${describeValue(performanceFeedback)}`,
      );
    }
    if (!this.stochasticPolicy) return;
    if (performanceFeedback > 0.8) {
      this.policyTemperature = Math.max(0.1, this.policyTemperature * 0.95);
      this.explorationRate = Math.max(0.01, this.explorationRate * 0.98);
    } else if (performanceFeedback < 0.5) {
      this.policyTemperature = Math.min(2, this.policyTemperature * 1.05);
      this.explorationRate = Math.min(0.3, this.explorationRate * 1.02);
    }
  }

  /** Begins anew at step 0: all nodes active, calm and rested. The policy's parameters and its history stay. */
  reset(): void {
    const { device, dtype } = this.nodeAnxiety;
    this.currentStep = 0;
    this.node_phases = zeros([this.numNodes], { dtype: 'int64', device });
    for (const [name, tensor] of Object.entries(calm(this.numNodes, device)))
      this[KEYS[name as BufferName]] = tensor.to(dtype);
  }

  override carried(): StateDict {
    const number = (value: number | number[]): Tensor => tensor(value as number[], { dtype: 'float64' });
    return {
      current_step: tensor(this.currentStep, { dtype: 'int64' }),
      ...Object.fromEntries(BUFFERS.map((name) => [KEYS[name], this[name]])),
      policy_temperature: number(this.policyTemperature),
      exploration_rate: number(this.explorationRate),
      policy_entropy_history: number(this.policyEntropyHistory),
    };
  }

  override problemsOf(state: Readonly<StateDict>): string[] {
    const shapes = Object.fromEntries(BUFFERS.map((name) => [KEYS[name], this[name].shape]));
    const wanted: Record<string, readonly (number | undefined)[]> = { ...shapes, policy_entropy_history: [undefined] };
    return Object.entries(state).flatMap(([name, value]) => shapeProblem(name, value, wanted[name] ?? []));
  }

  override carry(state: Readonly<StateDict>): void {
    const numberAt = (name: string, otherwise: number): number => Number(state[name]?.item() ?? otherwise);
    this.currentStep = numberAt('current_step', this.currentStep);
    this.explorationRate = numberAt('exploration_rate', this.explorationRate);
    this.policyTemperature = numberAt('policy_temperature', this.policyTemperature);
    const history = state.policy_entropy_history;
    if (history) this.policyEntropyHistory = Array.from(history.to('float64').toArray() as number[]);
    for (const name of BUFFERS) {
      const { dtype, device } = this[name];
      const given = state[KEYS[name]];
      if (given) this[KEYS[name]] = given.detach().to({ dtype, device, copy: true });
    }
  }

  override extraRepr(): string {
    return `num_nodes=${this.numNodes}, circadian_period=${this.circadianPeriod}`;
  }

  private requireLevels(...levels: readonly (Tensor | undefined)[]): void {
    const [batch] = levels[0] instanceof Tensor ? levels[0].shape : [];
    for (const [i, level] of levels.entries()) {
      if (i === 2 && level === undefined) continue;
      const [rows, nodes, width] = level instanceof Tensor ? level.shape : [];
      if (rows !== undefined && rows > 0 && rows === batch && nodes === this.numNodes && width === 1) continue;
      const got = level instanceof Tensor ? `[${level.shape.join(', ')}]` : describeValue(level);
      throw new ShapeError(
        `Cannot step a PhaseScheduler: expected ${['energy', 'activity', 'anxiety'][i]} levels of shape [batch, ${this.numNodes}, 1], got ${got}`,
      );
    }
  }

  private makeTable(device: Tensor['device']): Tensor {
    const rows = policyTable(this.phaseWeights, this.stochasticPolicy ? this.temperature : undefined);
    return tensor(rows, { dtype: 'float32', device });
  }

  /** Rule: 0.3 * that of the last sample + 0.7 * what it was. */
  private nextAnxiety(levels: Tensor | undefined): { anxiety: Tensor; anxietyHistory: Tensor } {
    if (!levels) return { anxiety: this.nodeAnxiety, anxietyHistory: this.anxietyHistory };
    const last = levels.detach().select(0, -1).squeeze({ dim: -1 }).to(this.nodeAnxiety.dtype); // [N]
    const before = this.anxietyHistory.narrow(1, 0, HISTORY - 1);
    return {
      anxiety: last.mul(0.3).add(this.nodeAnxiety.mul(0.7)),
      anxietyHistory: cat([last.unsqueeze(1), before], { dim: 1 }),
    };
  }
}

function calm(numNodes: number, device: Tensor['device']): Record<Exclude<BufferName, 'nodePhases'>, Tensor> {
  return {
    nodeAnxiety: zeros([numNodes], { device }),
    anxietyHistory: zeros([numNodes, HISTORY], { device }),
    restorativeNeeds: zeros([numNodes], { device }),
    sleepQuality: ones([numNodes], { device }),
  };
}

/** What one step draws, always in float32 on the CPU: the same in every dtype and on every device. @internal */
export function phaseDraws(of: { seed: number; epoch: number }, batch: number, nodes: number): Tensor {
  return rand([2, batch, nodes], { generator: Generator.fork(of) });
}
