// Activations that PyTorch does not have.

import { ConfigError } from '../../../errors.ts';
import { checkOptions, flag, integer, optionProblems } from '../../../metrics/options.ts';
import { Module, Parameter } from '../../../nn/index.ts';
import { ones, tensor } from '../../../tensor/create.ts';
import { softplus } from '../../../tensor/nn-ops.generated.ts';
import { cat } from '../../../tensor/ops.generated.ts';
import type { Tensor } from '../../../tensor/tensor.ts';
import { above } from '../option-rules.ts';

/** What is above 0 and what is below, apart: y = cat(|ongain| relu(x), relu(-x)). Shape: twice the size along `splitDim`.
 *  Source: VisionCore's SplitRelu; Shang et al. 2016, arXiv:1603.05201.
 *  @example
 *  import { SplitRelu } from 'sconce/multidataset';
 *  new SplitRelu().forward(tensor([[2, -3]])); // tensor([[2., 0., 0., 3.]]) */
export class SplitRelu extends Module {
  readonly ongain: Parameter;
  readonly splitDim: number;

  /** @param options.splitDim - default 1, the channels.  @param options.trainableGain - learn `ongain`, which starts at 1. Default false.
   *  @throws {ConfigError} that lists every option that is wrong. */
  constructor(options: { splitDim?: number; trainableGain?: boolean } = {}) {
    checkOptions('make SplitRelu', options, { splitDim: integer, trainableGain: flag });
    super();
    const { splitDim = 1, trainableGain = false } = options;
    this.splitDim = splitDim;
    this.ongain = new Parameter(ones([1]), trainableGain);
  }

  forward(input: Tensor): Tensor {
    const { ongain } = this;
    // The gain of one that is not trained may have been loaded.
    return cat([input.relu().mul(ongain.abs().to(input.dtype)), input.neg().relu()], { dim: this.splitDim });
  }
}

/** A softplus that learns how sharp it is: y = log(1 + exp(beta x)) / beta, beta = clamp(exp(log_beta), betaMin, betaMax). Shape: any, unchanged.
 *  Source: VisionCore's BSoftplus.
 *  @example
 *  import { BSoftplus } from 'sconce/multidataset';
 *  new BSoftplus({ betaInit: 2 }).forward(tensor([0])); // tensor([0.3466], grad_fn=<DivBackward0>) */
export class BSoftplus extends Module {
  readonly log_beta: Parameter;
  readonly betaMin: number;
  readonly betaMax: number;

  /** @param options.betaInit - default 1.  @param options.betaMin - default 0.1.  @param options.betaMax - default 10.
   *  @throws {ConfigError} that lists every option that is wrong. */
  constructor(options: { betaInit?: number; betaMin?: number; betaMax?: number } = {}) {
    const problems = optionProblems(options, { betaInit: above(0), betaMin: above(0), betaMax: above(0) });
    const { betaInit = 1, betaMin = 0.1, betaMax = 10 } = options ?? {};
    if (betaMax < betaMin) problems.push(`betaMax: expected a number of at least betaMin, ${betaMin}, got ${betaMax}`);
    if (problems.length > 0) throw new ConfigError('make BSoftplus', problems);
    super();
    this.log_beta = new Parameter(tensor(Math.log(betaInit)));
    this.betaMin = betaMin;
    this.betaMax = betaMax;
  }

  forward(input: Tensor): Tensor {
    const beta = this.log_beta.to(input.dtype).exp().clamp({ min: this.betaMin, max: this.betaMax });
    return softplus(input.mul(beta)).div(beta);
  }
}

/** y = x². */
export class Square extends Module {
  forward(input: Tensor): Tensor {
    return input.square();
  }
}
