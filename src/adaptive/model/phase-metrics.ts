// Numbers about phases, moods and sparsity for logs: each function reads the device once.

import { noGrad } from '../../tensor/autograd.ts';
import { stack } from '../../tensor/ops.generated.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { Phase } from './phase.ts';

/** Share of nodes in each phase. */
export interface PhaseStats {
  readonly active_ratio: number;
  readonly sleep_ratio: number;
  readonly interactive_ratio: number;
  readonly inspired_ratio: number;
}

/** How nodes are. */
export interface AnxietyStats {
  readonly mean_anxiety: number;
  readonly max_anxiety: number;
  /** Share of nodes above the threshold. */
  readonly anxious_nodes_ratio: number;
  readonly mean_restorative_need: number;
  readonly mean_sleep_quality: number;
}

/** How many nodes have next to nothing: `sparsity` is the share below 0.1, `l0_ratio` the share above 0.01. */
export interface SparsityMetrics {
  readonly energy_sparsity: number;
  readonly energy_l0_ratio: number;
  readonly energy_l1_norm: number;
  readonly energy_l2_norm: number;
  readonly activity_sparsity: number;
  readonly activity_l0_ratio: number;
  readonly activity_l1_norm: number;
  readonly activity_l2_norm: number;
  /** Share of nodes with both below 0.1. */
  readonly combined_sparsity: number;
  /** Share of nodes that do not sleep. */
  readonly active_phase_ratio: number;
  readonly mean_energy: number;
  readonly mean_activity: number;
}

/** How a stochastic policy spreads the nodes. */
export interface StochasticPolicyMetrics {
  readonly stochastic_policy_enabled: true;
  /** In nats. */
  readonly phase_entropy: number;
  /** The entropy over its largest value, ln 4. */
  readonly phase_diversity_score: number;
  /** Of the entropies in the history. */
  readonly entropy_variance: number;
  readonly policy_temperature: number;
  readonly exploration_rate: number;
  readonly entropy_history_length: number;
}

/** Reads 0-d tensors all at once. @internal */
export function readNumbers<Name extends string>(tensors: Readonly<Record<Name, Tensor>>): Record<Name, number> {
  const names = Object.keys(tensors) as Name[];
  const values = noGrad(() => stack(names.map((name) => tensors[name].detach().to('float64'))).toArray()) as number[];
  return Object.fromEntries(names.map((name, i) => [name, values[i]!])) as Record<Name, number>;
}

const share = (condition: Tensor): Tensor => condition.to('float64').mean();

/** Shares of the phases as 0-d tensors. @internal */
export function phaseShares(phases: Tensor): Record<keyof PhaseStats, Tensor> {
  return {
    active_ratio: share(phases.eq(Phase.ACTIVE)),
    sleep_ratio: share(phases.eq(Phase.SLEEP)),
    interactive_ratio: share(phases.eq(Phase.INTERACTIVE)),
    inspired_ratio: share(phases.eq(Phase.INSPIRED)),
  };
}

export function phaseStats(phases: Tensor): PhaseStats {
  return readNumbers(phaseShares(phases));
}

interface Moods {
  readonly nodeAnxiety: Tensor;
  readonly anxietyThreshold: number;
  readonly restorativeNeeds: Tensor;
  readonly sleepQuality: Tensor;
}

/** The same for moods. @internal */
export function moodShares({ nodeAnxiety, anxietyThreshold, restorativeNeeds, sleepQuality }: Moods) {
  return {
    mean_anxiety: nodeAnxiety.mean(),
    max_anxiety: nodeAnxiety.max(),
    anxious_nodes_ratio: share(nodeAnxiety.gt(anxietyThreshold)),
    mean_restorative_need: restorativeNeeds.mean(),
    mean_sleep_quality: sleepQuality.mean(),
  };
}

export function anxietyStats(moods: Moods): AnxietyStats {
  return readNumbers(moodShares(moods));
}

/** The same for sparsity. @internal */
export function sparsityShares(energyLevels: Tensor, activityLevels: Tensor, nodePhases: Tensor) {
  const [energy, activity] = [energyLevels.detach().to('float64'), activityLevels.detach().to('float64')];
  return {
    energy_sparsity: share(energy.lt(0.1)),
    energy_l0_ratio: share(energy.gt(0.01)),
    energy_l1_norm: energy.abs().sum(),
    energy_l2_norm: energy.square().sum().sqrt(),
    activity_sparsity: share(activity.lt(0.1)),
    activity_l0_ratio: share(activity.gt(0.01)),
    activity_l1_norm: activity.abs().sum(),
    activity_l2_norm: activity.square().sum().sqrt(),
    combined_sparsity: share(energy.lt(0.1).logicalAnd(activity.lt(0.1))),
    active_phase_ratio: share(nodePhases.ne(Phase.SLEEP)),
    mean_energy: energy.mean(),
    mean_activity: activity.mean(),
  };
}

export function sparsityMetrics(energyLevels: Tensor, activityLevels: Tensor, nodePhases: Tensor): SparsityMetrics {
  return readNumbers(sparsityShares(energyLevels, activityLevels, nodePhases));
}

/** -sum p ln(p + 1e-8), in nats. @internal */
export function entropyOf(stats: PhaseStats): number {
  return -Object.values(stats as unknown as Record<string, number>).reduce((sum, p) => sum + p * Math.log(p + 1e-8), 0);
}

/** The mean squared distance from the mean. @internal */
export function varianceOf(values: readonly number[]): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
}
