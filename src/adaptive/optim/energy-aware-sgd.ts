// `EnergyAwareSGD`: gradient descent at the rate that nodes allow.

import { type Batch, GroupOptimizer, type GroupRule } from '../../optim/group-optimizer.ts';
import { AT_LEAST_0, flag, float } from '../../optim/hyperparameters.ts';
import type { Entries } from '../../optim/optimizer-state.ts';
import type { OptimizerParams } from '../../optim/param-groups.ts';
import { LIKE, optional } from '../../optim/state-kinds.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import {
  type AdaptationRecord,
  NODE_RATES,
  type NodeRateHyperparameters,
  NodeRates,
  type NodeSource,
  withoutNodes,
} from './node-rates.ts';

export interface EnergyAwareSGDHyperparameters extends NodeRateHyperparameters {
  /** Share of the velocity that stays, at least 0. Default 0. */
  momentum: number;
  /** Share of the gradient that does not go into the velocity. Default 0. */
  dampening: number;
  /** Added to the gradient, times the parameter; at least 0. Default 0. */
  weightDecay: number;
  /** Look ahead by one step of the velocity; with momentum and without dampening. Default false. */
  nesterov: boolean;
}

const RULE: GroupRule<EnergyAwareSGDHyperparameters> = {
  hyperparameters: {
    lr: float('lr', 1e-2, AT_LEAST_0),
    ...NODE_RATES,
    momentum: float('momentum', 0, AT_LEAST_0),
    dampening: float('dampening', 0),
    weightDecay: float('weight_decay', 0, AT_LEAST_0),
    nesterov: flag('nesterov'),
  },
  conflicts: ({ nesterov, momentum, dampening }) => {
    if (nesterov && momentum === 0) return [['momentum above 0 with nesterov', String(momentum)]];
    return nesterov && dampening !== 0 ? [['dampening of 0 with nesterov', String(dampening)]] : [];
  },
  state: { momentum_buffer: optional(LIKE) },
};

/** Rule: r = lr * mean of clamp(E / energyThreshold, 0.1, 2) * phase factor over samples and nodes, with factors 1 (ACTIVE), 0.5 (SLEEP), 1.5 (INTERACTIVE)
 *  and 2 (INSPIRED); then as `optim.SGD` with the rate r. Nothing waits for the device.
 *  Source: adaptiveneuralnetwork, EnergyAwareSGD. Differs: the rate is that of the group, so that schedules act, and the mean is over nodes, where a shape there
 *  pairs each energy with every phase.
 *  @throws {ConfigError} for what are no nodes.  @throws {RangeError} for hyperparameters outside their range.
 *  @example
 *  import { AdaptiveModel, EnergyAwareSGD } from 'sconce/adaptive';
 *  const { nodeState, phaseScheduler } = new AdaptiveModel({ numNodes: 4, hiddenDim: 2 });
 *  const weight = new nn.Parameter(tensor([1]));
 *  const optimizer = new EnergyAwareSGD([weight], { nodeState, phaseScheduler, lr: 0.25 });
 *  weight.sum().backward();
 *  optimizer.step();
 *  weight.detach(); // tensor([0.5000]) */
export class EnergyAwareSGD extends GroupOptimizer<EnergyAwareSGDHyperparameters> {
  readonly #rates: NodeRates;
  #numSteps = 0;

  constructor(
    params: OptimizerParams<EnergyAwareSGDHyperparameters>,
    options: NodeSource & Partial<EnergyAwareSGDHyperparameters>,
  ) {
    const [source, rest] = withoutNodes(options);
    super(params, RULE, rest);
    this.#rates = new NodeRates('EnergyAwareSGD', source);
    this.registerStepPostHook(() => {
      this.#numSteps += 1;
    });
  }

  /** What `recordAdaptation` noted, the last thousand. No part of a state dict. */
  get adaptationHistory(): readonly AdaptationRecord[] {
    return this.#rates.history;
  }

  /** Notes rate, energies and activities of now, for logs. Sync: waits for the device once. */
  recordAdaptation(others: Readonly<Record<string, number>> = {}): AdaptationRecord {
    const group = this.paramGroups[0]!;
    return this.#rates.record(this.#numSteps, this.#rates.rate(group).mul(group.lr), others);
  }

  protected override start(): Entries {
    return {};
  }

  protected override update(batch: Batch<EnergyAwareSGDHyperparameters>): void {
    const { group, params, entries } = batch;
    const rate = this.#rates.rate(group).mul(group.lr);
    for (const [i, param] of params.entries()) {
      const grad = decayed(batch.grads[i]!, param, group.weightDecay);
      let step = grad;
      if (group.momentum !== 0) {
        const before = entries[i]!.momentum_buffer as Tensor | undefined;
        const velocity = before ? before.mul_(group.momentum).add_(grad, { alpha: 1 - group.dampening }) : grad.clone();
        entries[i]!.momentum_buffer = velocity;
        step = group.nesterov ? grad.add(velocity, { alpha: group.momentum }) : velocity;
      }
      param.sub_(step.mul(rate));
    }
  }
}

/** @internal */
export const decayed = (grad: Tensor, param: Tensor, weightDecay: number): Tensor =>
  weightDecay === 0 ? grad : grad.add(param, { alpha: weightDecay });
