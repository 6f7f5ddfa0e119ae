// `DynamicGaussianSN`: what excites a unit over what inhibits it, with noise in training.

import { softplus } from '../../../nn/functional/index.ts';
import { Parameter } from '../../../nn/parameter.ts';
import { noGrad } from '../../../tensor/autograd.ts';
import { tensor } from '../../../tensor/index.ts';
import { randnLike } from '../../../tensor/ops.generated.ts';
import type { Tensor } from '../../../tensor/tensor.ts';
import { type DynamicGaussianReadoutEIOptions, ExcitationInhibitionReadout } from './ei-readout.ts';
import { checkReadout, EI_RULES, notNegative, positive } from './readout-options.ts';

export interface DynamicGaussianSNOptions extends DynamicGaussianReadoutEIOptions {
  /** What β begins at, over its floor. Default 0.1. */
  readonly initialBeta?: number;
  /** What σ begins at, over its floor. Default 0.05. */
  readonly initialSigma?: number;
  /** The floor of β. Default 1e-4. */
  readonly minBeta?: number;
  /** The floor of σ. Default 1e-5. */
  readonly minSigma?: number;
}

const RULES = {
  ...EI_RULES,
  initialBeta: positive,
  initialSigma: positive,
  minBeta: notNegative,
  minSigma: notNegative,
};
const FIRST_BIAS = -5;
const FIRST_GAIN = 10;

/** A readout with divisive normalisation: out = excitation / (β + |inhibition| + ε) + bias. In training the divisor has noise σ N(0, 1), and stays at least ε = 1e-6.
 *  β = softplus(_beta_raw) + floor and σ = softplus(_sigma_raw) + floor are trained, one of each for all units. The weights that excite begin ten times as large as in
 *  `DynamicGaussianReadoutEI`, the bias at -5.
 *  Shape: [B, C, T, H, W] or [B, C, H, W] -> [B, U].
 *  State: that of `DynamicGaussianReadoutEI`, and the numbers `_beta_raw`, `_sigma_raw`, `_beta_floor`, `_sigma_floor`, `_eps`.
 *  Source: VisionCore's DynamicGaussianSN.
 *  @example
 *  import { randn } from 'sconce';
 *  import { DynamicGaussianSN } from 'sconce/multidataset';
 *  const readout = new DynamicGaussianSN(8, 3);
 *  readout.forward(randn([2, 8, 4, 9, 7])).shape; // [2, 3]
 *  readout.beta.item().toFixed(4); // '0.1001' */
export class DynamicGaussianSN extends ExcitationInhibitionReadout {
  readonly _beta_raw: Parameter;
  readonly _sigma_raw: Parameter;
  declare readonly _beta_floor: Tensor;
  declare readonly _sigma_floor: Tensor;
  declare readonly _eps: Tensor;

  /** @throws {ConfigError} that lists every size and option that does not fit. */
  constructor(inChannels: number, nUnits: number, options: DynamicGaussianSNOptions = {}) {
    checkReadout('DynamicGaussianSN', { inChannels, nUnits }, options, RULES);
    const { initialBeta = 0.1, initialSigma = 0.05, minBeta = 1e-4, minSigma = 1e-5, ...sides } = options;
    super(inChannels, nUnits, sides);
    this._beta_raw = new Parameter(tensor(inverseSoftplus(initialBeta)));
    this._sigma_raw = new Parameter(tensor(inverseSoftplus(initialSigma)));
    this.registerBuffer('_beta_floor', tensor(minBeta));
    this.registerBuffer('_sigma_floor', tensor(minSigma));
    this.registerBuffer('_eps', tensor(1e-6));
    noGrad(() => {
      this.bias?.fill_(FIRST_BIAS);
      this._features_ex_weight.mul_(FIRST_GAIN);
    });
  }

  /** What is always divided by. Shape: []. */
  get beta(): Tensor {
    return softplus(this._beta_raw).add(this._beta_floor);
  }

  /** Standard deviation of the noise. Shape: []. */
  get sigma(): Tensor {
    return softplus(this._sigma_raw).add(this._sigma_floor);
  }

  forward(features: Tensor): Tensor {
    const { excitation, inhibition } = this.drives(features);
    const divisor = this.beta.add(inhibition.abs()).add(this._eps); // [B, U]
    const ratio = excitation.div(this.training ? this.noisy(divisor) : divisor);
    return this.bias ? ratio.add(this.bias) : ratio;
  }

  private noisy(divisor: Tensor): Tensor {
    return divisor.add(randnLike(divisor).mul(this.sigma)).clamp({ min: this._eps });
  }

  /** Makes β smaller: β <- max(factor β, least). It stays a little over its floor, where it can still be trained. No wait for the device.
   *  @param factor - default 0.95.  @param options.least - default 1e-4. */
  annealBeta(factor = 0.95, options: { readonly least?: number } = {}): void {
    noGrad(() => {
      const overFloor = this.beta
        .mul(factor)
        .clamp({ min: options.least ?? 1e-4 })
        .sub(this._beta_floor);
      this._beta_raw.copy_(overFloor.clamp({ min: 1e-8 }).expm1().log());
    });
  }
}

/** x of softplus(x) = value. */
const inverseSoftplus = (value: number): number => Math.log(Math.expm1(value));
