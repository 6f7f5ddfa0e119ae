// How much of the learning rate nodes allow: by their energies and phases.

import { ConfigError } from '../../errors.ts';
import { ABOVE_0, flag, float } from '../../optim/hyperparameters.ts';
import { ones } from '../../tensor/create.ts';
import { onesLike, stack, where } from '../../tensor/ops.generated.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { describeValue } from '../../trainer/config/problems.ts';
import { NodeState } from '../model/node-state.ts';
import { Phase } from '../model/phase.ts';
import { readNumbers } from '../model/phase-metrics.ts';
import { PhaseScheduler } from '../model/phase-scheduler.ts';

// B batch, N nodes.

/** Where an optimizer that knows of nodes looks. */
export interface NodeSource {
  /** Of the model that is trained: read at every step. */
  readonly nodeState: NodeState;
  /** Default: none, and phases do not count. */
  readonly phaseScheduler?: PhaseScheduler;
}

/** What all optimizers that know of nodes can be told. */
export interface NodeRateHyperparameters {
  /** Learning rate, at least 0. */
  lr: number;
  /** Whether energies count. Default true. */
  energyScaling: boolean;
  /** Energy at which a node allows the whole rate, above 0. Default 0.1. */
  energyThreshold: number;
}

/** @internal */
export const NODE_RATES = {
  energyScaling: flag('energy_scaling', true),
  energyThreshold: float('energy_threshold', 0.1, ABOVE_0),
};

/** What was true of nodes and rates at a step. */
export interface AdaptationRecord {
  readonly step: number;
  /** The mean over nodes, times the learning rate of the first group. */
  readonly learning_rate: number;
  readonly mean_energy: number;
  /** Over samples and nodes, unbiased. */
  readonly energy_std: number;
  readonly mean_activity: number;
}

const MAX_RECORDS = 1000;

/** The nodes that an optimizer looks at, and what it has noted of them. @internal */
export class NodeRates {
  readonly nodeState: NodeState;
  readonly phaseScheduler: PhaseScheduler | undefined;
  history: AdaptationRecord[] = [];

  /** @throws {ConfigError} for what are no nodes. */
  constructor(optimizer: string, { nodeState, phaseScheduler }: NodeSource) {
    const problems: string[] = [];
    if (!(nodeState instanceof NodeState))
      problems.push(`nodeState: expected the nodeState of a model, got ${describeValue(nodeState)}`);
    if (phaseScheduler !== undefined && !(phaseScheduler instanceof PhaseScheduler))
      problems.push(`phaseScheduler: expected the phaseScheduler of a model, got ${describeValue(phaseScheduler)}`);
    if (problems.length > 0) throw new ConfigError(`make ${optimizer}`, problems);
    this.nodeState = nodeState;
    this.phaseScheduler = phaseScheduler;
  }

  /** clamp(E / threshold, 0.1, 2), or ones. Shape: [B, N]. */
  energies({ energyScaling, energyThreshold }: NodeRateHyperparameters): Tensor {
    const scaled = this.nodeState.energy.detach().squeeze({ dim: -1 }).div(energyThreshold).clamp({ min: 0.1, max: 2 });
    return energyScaling ? scaled : onesLike(scaled);
  }

  /** The factor of each node's phase; 1 without a scheduler. Shape: [N], or []. */
  phases(): Tensor {
    const { energy } = this.nodeState;
    const one = ones([], { dtype: energy.dtype, device: energy.device }); // filled there: a copy would be waited for
    const phases = this.phaseScheduler?.nodePhases;
    if (!phases) return one;
    const awake = where(phases.eq(Phase.INTERACTIVE), 1.5, where(phases.eq(Phase.INSPIRED), 2, one));
    return where(phases.eq(Phase.SLEEP), 0.5, awake);
  }

  /** Mean over samples and nodes of energy scale times phase factor. Shape: []. */
  rate(group: NodeRateHyperparameters): Tensor {
    return this.energies(group).mul(this.phases()).mean();
  }

  /** Notes what is true now. Sync: waits for the device once. */
  record(step: number, rate: Tensor, others: Readonly<Record<string, number>>): AdaptationRecord {
    const { energy, activity } = this.nodeState;
    const record = {
      step,
      ...readNumbers({
        learning_rate: rate,
        mean_energy: energy.mean(),
        energy_std: energy.flatten().std(),
        mean_activity: activity.mean(),
      }),
      ...others,
    };
    this.history = [...this.history, record].slice(-MAX_RECORDS);
    return record;
  }
}

/** What an optimizer's options say of nodes, and the rest. @internal */
export function withoutNodes<T extends NodeSource>(options: T): [NodeSource, Omit<T, keyof NodeSource>] {
  const { nodeState, phaseScheduler, ...rest } = options ?? ({} as T); // what lacks is told behind it
  return [phaseScheduler === undefined ? { nodeState } : { nodeState, phaseScheduler }, rest];
}

/** Rate and its derivatives by scale s, sensitivity k and strength q, of mean(s * e^k * (1 + (f - 1) * q)). Shape: factors [3] -> [4]. @internal */
export function learnedRate(energies: Tensor, phases: Tensor, factors: Tensor): Tensor {
  const [s, k, q] = [0, 1, 2].map((i) => factors.select(0, i)) as [Tensor, Tensor, Tensor];
  const powers = energies.pow(k); // [B, N]
  const distance = phases.sub(1);
  const strengths = distance.mul(q).add(1);
  const bySize = powers.mul(strengths);
  const byScale = bySize.mean();
  return stack([byScale.mul(s), byScale, bySize.mul(energies.log()).mean().mul(s), powers.mul(distance).mean().mul(s)]);
}
