// `MetaAdaptiveOptimizer`: Adam that learns how much nodes count for its rate.

import type { Parameter } from '../../nn/parameter.ts';
import { type Batch, GroupOptimizer, type GroupRule } from '../../optim/group-optimizer.ts';
import { ABOVE_0, AT_LEAST_0, float, int } from '../../optim/hyperparameters.ts';
import type { Entries } from '../../optim/optimizer-state.ts';
import type { OptimizerParams } from '../../optim/param-groups.ts';
import { INT, inShape, LIKE } from '../../optim/state-kinds.ts';
import { ones, zeros } from '../../tensor/create.ts';
import { zerosLike } from '../../tensor/ops.generated.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { moved, startMoments } from './energy-aware-adam.ts';
import {
  type AdaptationRecord,
  learnedRate,
  NODE_RATES,
  type NodeRateHyperparameters,
  NodeRates,
  type NodeSource,
  withoutNodes,
} from './node-rates.ts';

export interface MetaAdaptiveHyperparameters extends NodeRateHyperparameters {
  /** Rate of what is learned of the rate, above 0. Default 1e-4. */
  metaLr: number;
  /** Steps between two updates of it. Default 100. */
  adaptationWindow: number;
}

const THREE = inShape(() => [3]);

const RULE: GroupRule<MetaAdaptiveHyperparameters> = {
  hyperparameters: {
    lr: float('lr', 1e-3, AT_LEAST_0),
    ...NODE_RATES,
    metaLr: float('meta_lr', 1e-4, ABOVE_0),
    adaptationWindow: int('adaptation_window', 100, { range: 'of at least 1', isInRange: (value) => value >= 1 }),
  },
  state: {
    ...{ step: INT, exp_avg: LIKE, exp_avg_sq: LIKE, direction: LIKE },
    ...{ meta: THREE, meta_grad: THREE, rate_grad: THREE, meta_exp_avg: THREE, meta_exp_avg_sq: THREE },
  },
};

const MOMENTS = { betas: [0.9, 0.999], eps: 1e-8 } as const;
/** Bounds of scale, sensitivity and strength. */
const BOUNDS = [
  [0.1, 10],
  [0.1, 3],
  [0, 2],
] as const;

/** What a parameter has learned of its rate. */
export interface MetaParams {
  readonly lr_scale: number;
  readonly energy_sensitivity: number;
  readonly phase_modulation_strength: number;
}

/** Adam with the rate r = lr * mean over samples and nodes of s * clamp(E / energyThreshold, 0.1, 2)^k * (1 + (f - 1) * q), f the factor of a node's phase (see
 *  `EnergyAwareSGD`). Every parameter learns its own s, k and q, which begin at 1, by the gradient of the loss behind a step: p_t = p_(t-1) - r d_(t-1), so that
 *  dL/ds = -(g_t . d_(t-1)) dr/ds, and k and q alike. Its mean over `adaptationWindow` steps is a step of Adam at the rate `metaLr`; s stays in [0.1, 10], k in
 *  [0.1, 3], q in [0, 2]. Nothing waits for the device.
 *  Source: Baydin et al. 2018, arXiv:1703.04782; adaptiveneuralnetwork, MetaAdaptiveOptimizer, whose update differentiates a number that depends on nothing and
 *  fails; it was to follow the trend of a measured performance, which has no gradient.
 *  @throws {ConfigError} for what are no nodes.  @throws {RangeError} for hyperparameters outside their range. */
export class MetaAdaptiveOptimizer extends GroupOptimizer<MetaAdaptiveHyperparameters> {
  readonly #rates: NodeRates;
  #numSteps = 0;

  constructor(
    params: OptimizerParams<MetaAdaptiveHyperparameters>,
    options: NodeSource & Partial<MetaAdaptiveHyperparameters>,
  ) {
    const [source, rest] = withoutNodes(options);
    super(params, RULE, rest);
    this.#rates = new NodeRates('MetaAdaptiveOptimizer', source);
    this.registerStepPostHook(() => {
      this.#numSteps += 1;
    });
  }

  /** What `recordAdaptation` noted, the last thousand. No part of a state dict. */
  get adaptationHistory(): readonly AdaptationRecord[] {
    return this.#rates.history;
  }

  /** Notes the rate at which all would be as at the start, energies and activities of now, for logs. Sync: waits for the device once. */
  recordAdaptation(others: Readonly<Record<string, number>> = {}): AdaptationRecord {
    const group = this.paramGroups[0]!;
    return this.#rates.record(this.#numSteps, this.#rates.rate(group).mul(group.lr), others);
  }

  /** What was learned for a parameter; undefined before its first step. Sync: waits for the device once. */
  metaParamsOf(parameter: Parameter): MetaParams | undefined {
    const meta = this.stateOf(parameter)?.meta as Tensor | undefined;
    if (!meta) return undefined;
    const [lr_scale = 1, energy_sensitivity = 1, phase_modulation_strength = 1] = meta.toArray() as number[];
    return { lr_scale, energy_sensitivity, phase_modulation_strength };
  }

  protected override start(parameter: Parameter): Entries {
    const like = { dtype: parameter.dtype, device: parameter.device };
    const three = (): Tensor => zeros([3], like);
    return {
      ...startMoments(parameter),
      direction: zerosLike(parameter, { memoryFormat: 'preserve_format' }),
      ...{ meta: ones([3], like), meta_grad: three(), rate_grad: three() },
      ...{ meta_exp_avg: three(), meta_exp_avg_sq: three() },
    };
  }

  protected override update(batch: Batch<MetaAdaptiveHyperparameters>): void {
    const { group, params } = batch;
    const [energies, phases] = [this.#rates.energies(group), this.#rates.phases()];
    const steps = batch.countSteps();
    for (const [i, param] of params.entries()) {
      const [entries, grad, step] = [batch.entries[i]!, batch.grads[i]!, steps[i]!];
      const meta = entries.meta as Tensor;
      // Before the first step there is no direction, and nothing is added.
      const follow = grad.mul(entries.direction as Tensor).sum();
      (entries.meta_grad as Tensor).sub_((entries.rate_grad as Tensor).mul(follow));
      if (step % group.adaptationWindow === 0) learn(entries, group, step / group.adaptationWindow);
      const rate = learnedRate(energies, phases, meta.to(energies.dtype)).mul(group.lr); // with its derivatives, [4]
      const direction = moved(entries, grad, step, MOMENTS);
      (entries.direction as Tensor).copy_(direction);
      (entries.rate_grad as Tensor).copy_(rate.narrow(0, 1, 3));
      param.sub_(direction.mul_(rate.select(0, 0)));
    }
  }
}

/** A step of Adam on what is learned, by the mean gradient of a window, which begins anew. */
function learn(entries: Entries, { adaptationWindow, metaLr }: MetaAdaptiveHyperparameters, step: number): void {
  const [meta, sum] = [entries.meta as Tensor, entries.meta_grad as Tensor];
  const moments = { exp_avg: entries.meta_exp_avg, exp_avg_sq: entries.meta_exp_avg_sq } as Entries;
  meta.sub_(moved(moments, sum.div(adaptationWindow), step, MOMENTS), { alpha: metaLr });
  for (const [place, [min, max]] of BOUNDS.entries()) meta.select(0, place).clamp_({ min, max });
  sum.zero_();
}
