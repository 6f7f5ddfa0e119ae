// The Poisson likelihood with more zeros than it has by itself.

import { checkOptions, choice, flag, type Rule, text } from '../../metrics/options.ts';
import { Module } from '../../nn/index.ts';
import { where } from '../../tensor/ops.generated.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { type LossBatch, type MaskedLossOptions, MaskedObjectiveLoss, tensorOf } from './masked-loss.ts';

export interface ZeroInflatedPoissonOptions {
  /** Whether the logarithm of the rate is given. Default false. */
  readonly logInput?: boolean;
  /** Keeps logarithms finite. Default 1e-8. */
  readonly eps?: number;
  /** Default 'none'. */
  readonly reduction?: 'none' | 'mean' | 'sum';
}

const above: Rule = ['a number above 0', (value) => typeof value === 'number' && value > 0];
const RULES = { logInput: flag, eps: above, reduction: choice('none', 'mean', 'sum') };

/** Counts that are 0 with probability pi, and else of a Poisson distribution of rate lambda:
 *  for y = 0: -log(pi + (1 - pi) * exp(-lambda)); else -log(1 - pi) - y * log(lambda) + lambda + log(y!).
 *  Without pi the Poisson likelihood with its factorial. lambda and every logarithm are kept from 0 by `eps`, pi in [eps, 1 - eps].
 *  Shape: rate, target and pi the same, or such that they broadcast.
 *  @throws {ConfigError} that lists every option that is wrong.  Source: VisionCore, ZeroInflatedPoissonNLLLoss; Lambert 1992.
 *  @example
 *  import { ZeroInflatedPoissonNLLLoss } from 'sconce/multidataset';
 *  const loss = new ZeroInflatedPoissonNLLLoss();
 *  loss.forward(tensor([2]), tensor([0]), tensor([0.5])).item().toFixed(4); // '0.5662' */
export class ZeroInflatedPoissonNLLLoss extends Module {
  readonly logInput: boolean;
  readonly eps: number;
  readonly reduction: 'none' | 'mean' | 'sum';

  constructor(options: ZeroInflatedPoissonOptions = {}) {
    checkOptions('make a ZeroInflatedPoissonNLLLoss', options, RULES);
    super();
    this.logInput = options.logInput ?? false;
    this.eps = options.eps ?? 1e-8;
    this.reduction = options.reduction ?? 'none';
  }

  /** @param input - rates, or their logarithms.  @param pi - probability of a zero that is none of the Poisson distribution's. */
  forward(input: Tensor, target: Tensor, pi?: Tensor): Tensor {
    const { eps, reduction } = this;
    const rate = (this.logInput ? input.exp() : input).clamp({ min: eps });
    const poisson = target.mul(rate.add(eps).log()).sub(rate).sub(target.add(1).lgamma());
    let likelihood = poisson;
    if (pi !== undefined) {
      const share = pi.clamp({ min: eps, max: 1 - eps });
      const other = share.neg().add(1);
      const zero = share.add(other.mul(rate.neg().exp())).add(eps).log();
      likelihood = where(target.eq(0), zero, other.add(eps).log().add(poisson));
    }
    const loss = likelihood.neg();
    return reduction === 'none' ? loss : reduction === 'mean' ? loss.mean() : loss.sum();
  }
}

export interface MaskedZIPNLLLossOptions extends MaskedLossOptions {
  /** Whether the logarithm of the rate is given. Default false. */
  readonly logInput?: boolean;
  /** Default 1e-8. */
  readonly eps?: number;
  /** The entry with pi. Default 'pi'. A batch without it has no inflation. */
  readonly piKey?: string;
}

/** The mean of `ZeroInflatedPoissonNLLLoss` over valid elements, as `MaskedLoss` has it.
 *  Shape: rhat and robs [B, N], pi [B, N] or [N], dfs [B, N], [B, 1] or [B].
 *  @throws {ConfigError} that lists every option that is wrong.  Source: VisionCore, MaskedZIPNLLLoss. */
export class MaskedZIPNLLLoss extends MaskedObjectiveLoss {
  readonly piKey: string;
  readonly loss_fn: ZeroInflatedPoissonNLLLoss;

  constructor(options: MaskedZIPNLLLossOptions = {}) {
    const { logInput, eps, piKey, ...names } = options;
    checkOptions('make a MaskedZIPNLLLoss', options, {
      ...{ logInput: flag, eps: above, piKey: text },
      ...{ predKey: text, targetKey: text, maskKey: text },
    });
    super(names);
    this.piKey = piKey ?? 'pi';
    this.loss_fn = new ZeroInflatedPoissonNLLLoss({
      ...(logInput === undefined ? {} : { logInput }),
      ...(eps === undefined ? {} : { eps }),
    });
  }

  protected elements(batch: LossBatch): Tensor {
    const pi = batch[this.piKey] === undefined ? undefined : tensorOf(batch, this.piKey);
    return this.loss_fn.forward(...this.pair(batch), pi);
  }
}
