// How well nodes do, by means over their last steps.

import type { Tensor } from '../../tensor/tensor.ts';
import type { PruningConfig } from './pruning-config.ts';

/** States of health, as they stand in tensors. Source: adaptiveneuralnetwork, NodeHealth. */
export const NodeHealth = { HEALTHY: 0, STRESSED: 1, DORMANT: 2, FAILING: 3, DEAD: 4 } as const;
export type NodeHealth = (typeof NodeHealth)[keyof typeof NodeHealth];

/** By the names that logs have. */
export const HEALTH_NAMES = ['healthy', 'stressed', 'dormant', 'failing', 'dead'] as const;

/** Means of each node over the window. Shape: [N] each. */
export interface NodeMeans {
  readonly activity: Tensor;
  readonly energy: Tensor;
  readonly contribution: Tensor;
}

/** Rule: DEAD below a tenth of all three thresholds; FAILING below all three; DORMANT below that of activity with energy at its own or above; STRESSED at that of activity or above, with energy or contribution
 *  below; HEALTHY otherwise. Shape: [N] -> [N] of int64. */
export function healthOf(means: NodeMeans, config: PruningConfig): Tensor {
  const below = (share: number): [Tensor, Tensor, Tensor] => [
    means.activity.lt(config.activityThreshold * share),
    means.energy.lt(config.energyThreshold * share),
    means.contribution.lt(config.contributionThreshold * share),
  ];
  const [idle, weak, useless] = below(1);
  const [isStill, isSpent, isUseless] = below(0.1);
  const health = idle.logicalNot().logicalAnd(weak.logicalOr(useless)).to('int64').mul(NodeHealth.STRESSED);
  const all = (first: Tensor, second: Tensor, third: Tensor): Tensor => first.logicalAnd(second).logicalAnd(third);
  return health
    .maskedFill(idle.logicalAnd(weak.logicalNot()), NodeHealth.DORMANT)
    .maskedFill(all(idle, weak, useless), NodeHealth.FAILING)
    .maskedFill(all(isStill, isSpent, isUseless), NodeHealth.DEAD);
}
