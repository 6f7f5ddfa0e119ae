// AdamW: Adam with weight decay decoupled from the gradient.

import type { Parameter } from '../nn/parameter.ts';
import {
  ADAM_FIXED,
  ADAM_HYPERPARAMETERS,
  ADAM_STATE,
  AdamEngine,
  type AdamHyperparameters,
  startAdam,
} from './adam.ts';
import { type Batch, GroupOptimizer, type GroupRule } from './group-optimizer.ts';
import { AT_LEAST_0, float } from './hyperparameters.ts';
import type { Entries } from './optimizer-state.ts';
import type { OptimizerParams, ParamGroup } from './param-groups.ts';

/** Those of Adam; `weightDecay` is 0.01 by default. */
export type AdamWHyperparameters = Omit<AdamHyperparameters, 'decoupledWeightDecay'>;

/** What it can be told. @internal */
export const RULE: GroupRule<AdamWHyperparameters> = {
  hyperparameters: { ...ADAM_HYPERPARAMETERS, weightDecay: float('weight_decay', 0.01, AT_LEAST_0) },
  fixedEntries: { ...ADAM_FIXED, decoupled_weight_decay: true },
  state: ADAM_STATE,
  sparse: '; use SparseAdam',
  complex: 'as pairs',
};

/** Rule: p <- p * (1 - lr * weightDecay); m <- b1 m + (1 - b1) g; v <- b2 v + (1 - b2) g^2;
 *  p <- p - lr * (m / (1 - b1^t)) / (sqrt(v / (1 - b2^t)) + eps).
 *  Bits: those of torch.optim.AdamW with `fused=True`; where there is no fused kernel (another memory format, an older libtorch), those of its default.
 *  Source: Loshchilov and Hutter 2019, arXiv:1711.05101; torch.optim.AdamW.
 *  @throws {RangeError} for hyperparameters outside their range. */
export class AdamW extends GroupOptimizer<AdamWHyperparameters> {
  readonly #engine = new AdamEngine();

  constructor(params: OptimizerParams<AdamWHyperparameters>, options: Partial<AdamWHyperparameters> = {}) {
    super(params, RULE, options);
  }

  protected override start(parameter: Parameter, group: ParamGroup<AdamWHyperparameters>): Entries {
    return startAdam(parameter, group);
  }

  protected override update(batch: Batch<AdamWHyperparameters>): void {
    this.readsAnew('lr', 'betas', 'weightDecay');
    this.#engine.update(batch, true);
  }
}
