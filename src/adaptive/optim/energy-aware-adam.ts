// `EnergyAwareAdam`: Adam at a moving average of the rate that nodes allow.

import type { Parameter } from '../../nn/parameter.ts';
import { type Batch, GroupOptimizer, type GroupRule } from '../../optim/group-optimizer.ts';
import { AT_LEAST_0, betas, float } from '../../optim/hyperparameters.ts';
import type { Entries } from '../../optim/optimizer-state.ts';
import type { OptimizerParams } from '../../optim/param-groups.ts';
import { INT, LIKE, SCALAR } from '../../optim/state-kinds.ts';
import { zeros } from '../../tensor/create.ts';
import { zerosLike } from '../../tensor/ops.generated.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { decayed } from './energy-aware-sgd.ts';
import {
  type AdaptationRecord,
  NODE_RATES,
  type NodeRateHyperparameters,
  NodeRates,
  type NodeSource,
  withoutNodes,
} from './node-rates.ts';

export interface EnergyAwareAdamHyperparameters extends NodeRateHyperparameters {
  /** Shares of the averages that stay, in [0, 1). Default [0.9, 0.999]. */
  betas: readonly [number, number];
  /** Added to the root, at least 0. Default 1e-8. */
  eps: number;
  /** Added to the gradient, times the parameter; at least 0. Default 0. */
  weightDecay: number;
  /** Share of the average rate that stays, from 0 to 1. It begins at 0, so that rates rise at first. Default 0.9. */
  energyMomentum: number;
}

const SHARE = { range: 'from 0 to 1', isInRange: (value: number) => value >= 0 && value <= 1 };

const RULE: GroupRule<EnergyAwareAdamHyperparameters> = {
  hyperparameters: {
    lr: float('lr', 1e-3, AT_LEAST_0),
    ...NODE_RATES,
    betas: betas(0.9, 0.999),
    eps: float('eps', 1e-8, AT_LEAST_0),
    weightDecay: float('weight_decay', 0, AT_LEAST_0),
    energyMomentum: float('energy_momentum', 0.9, SHARE),
  },
  state: { step: INT, exp_avg: LIKE, exp_avg_sq: LIKE, energy_momentum: SCALAR },
};

/** Rule: r <- energyMomentum * r + (1 - energyMomentum) * lr * mean of clamp(E / energyThreshold, 0.1, 2) * phase factor over samples and nodes (see
 *  `EnergyAwareSGD`), at first 0; g <- g + weightDecay * p; m <- b1 m + (1 - b1) g; v <- b2 v + (1 - b2) g^2;
 *  p <- p - r * sqrt(1 - b2^t) / (1 - b1^t) * m / (sqrt(v) + eps). Nothing waits for the device.
 *  Source: adaptiveneuralnetwork, EnergyAwareAdam; Kingma and Ba 2015, arXiv:1412.6980. Differs: the rate is that of the group, so that schedules act; r is one
 *  number a parameter in place of one a node; the mean is over nodes, where a shape there pairs each energy with every phase.
 *  @throws {ConfigError} for what are no nodes.  @throws {RangeError} for hyperparameters outside their range. */
export class EnergyAwareAdam extends GroupOptimizer<EnergyAwareAdamHyperparameters> {
  readonly #rates: NodeRates;
  #numSteps = 0;

  constructor(
    params: OptimizerParams<EnergyAwareAdamHyperparameters>,
    options: NodeSource & Partial<EnergyAwareAdamHyperparameters>,
  ) {
    const [source, rest] = withoutNodes(options);
    super(params, RULE, rest);
    this.#rates = new NodeRates('EnergyAwareAdam', source);
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

  protected override start(parameter: Parameter): Entries {
    return { ...startMoments(parameter), energy_momentum: zeros([], { device: parameter.device }) };
  }

  protected override update(batch: Batch<EnergyAwareAdamHyperparameters>): void {
    const { group, params } = batch;
    const { energyMomentum, weightDecay, lr } = group;
    const now = this.#rates.rate(group).mul(lr * (1 - energyMomentum));
    const steps = batch.countSteps();
    const averages = batch.tensors('energy_momentum');
    for (const [i, param] of params.entries()) {
      const rate = averages[i]!.mul_(energyMomentum).add_(now);
      const grad = decayed(batch.grads[i]!, param, weightDecay);
      param.sub_(moved(batch.entries[i]!, grad, steps[i]!, group).mul_(rate));
    }
  }
}

/** @internal */
export function startMoments(parameter: Parameter): Entries {
  const like = (): Tensor => zerosLike(parameter, { memoryFormat: 'preserve_format' });
  return { step: 0, exp_avg: like(), exp_avg_sq: like() };
}

/** Moves the moments on. @returns sqrt(1 - b2^t) / (1 - b1^t) * m / (sqrt(v) + eps).  @internal */
export function moved(
  entries: Entries,
  grad: Tensor,
  step: number,
  { betas: [beta1, beta2], eps }: Pick<EnergyAwareAdamHyperparameters, 'betas' | 'eps'>,
): Tensor {
  const average = (entries.exp_avg as Tensor).mul_(beta1).add_(grad, { alpha: 1 - beta1 });
  const square = (entries.exp_avg_sq as Tensor).mul_(beta2).addcmul_(grad, grad, { value: 1 - beta2 });
  return average.div(square.sqrt().add_(eps)).mul_(Math.sqrt(1 - beta2 ** step) / (1 - beta1 ** step));
}
