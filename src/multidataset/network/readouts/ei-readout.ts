// `DynamicGaussianReadoutEI`: what excites a unit less what inhibits it, each through a window of its own.

import { conv2d } from '../../../nn/functional/index.ts';
import { normalize } from '../../../nn/functional/normalize.ts';
import type { UnaryModule } from '../../../nn/module.ts';
import { Parameter } from '../../../nn/parameter.ts';
import { arange, full, rand, zeros } from '../../../tensor/create.ts';
import type { Tensor } from '../../../tensor/tensor.ts';
import { activationByName } from '../activation-by-name.ts';
import { Readout } from '../parts.ts';
import { gaussianMask, lastMap } from './gaussian-mask.ts';
import { checkReadout, EI_RULES } from './readout-options.ts';

export interface DynamicGaussianReadoutEIOptions {
  /** Default true. */
  readonly bias?: boolean;
  /** Pixels of the map. Default 3. */
  readonly initialStdEx?: number;
  /** Pixels of the map. Default 6. */
  readonly initialStdInh?: number;
  /** What keeps the weights of features from being negative: the name of an activation. Default 'relu'. */
  readonly weightConstraintFn?: string | undefined;
}

/** The sums of both sides, before they act on each other. Shape: [B, U] each. */
export interface Drives {
  readonly excitation: Tensor;
  readonly inhibition: Tensor;
}

/** The two sides of a readout with features that excite and features that inhibit: of each Σ_hw mask_u(h, w) Σ_c f(W_uc) x_c(h, w), with f the constraint and a
 *  `gaussianMask` of its own. Of a sequence the last moment is read. */
export abstract class ExcitationInhibitionReadout extends Readout {
  readonly nUnits: number;
  readonly inChannels: number;
  readonly _features_ex_weight: Parameter;
  readonly _features_inh_weight: Parameter;
  readonly weight_constraint_fn: UnaryModule | undefined;
  readonly bias: Parameter | undefined;
  readonly mean_ex: Parameter;
  readonly std_ex: Parameter;
  readonly theta_ex: Parameter;
  readonly mean_inh: Parameter;
  readonly std_inh: Parameter;
  readonly theta_inh: Parameter;
  declare readonly ex_units: Tensor;
  declare readonly inh_units: Tensor;

  constructor(inChannels: number, nUnits: number, options: DynamicGaussianReadoutEIOptions) {
    super();
    const { bias = true, initialStdEx = 3, initialStdInh = 6, weightConstraintFn } = options;
    this.nUnits = nUnits;
    this.inChannels = inChannels;
    this.registerBuffer('ex_units', arange(nUnits));
    this.registerBuffer('inh_units', arange(nUnits));
    this._features_ex_weight = unitWeights(nUnits, inChannels);
    this._features_inh_weight = unitWeights(nUnits, inChannels);
    this.weight_constraint_fn =
      weightConstraintFn === undefined ? undefined : activationByName(weightConstraintFn, 'weightConstraintFn');
    this.bias = bias ? new Parameter(zeros([nUnits])) : undefined;
    this.mean_ex = new Parameter(zeros([nUnits, 2]));
    this.std_ex = new Parameter(full([nUnits, 2], initialStdEx));
    this.theta_ex = new Parameter(zeros([nUnits]));
    this.mean_inh = new Parameter(zeros([nUnits, 2]));
    this.std_inh = new Parameter(full([nUnits, 2], initialStdInh));
    this.theta_inh = new Parameter(zeros([nUnits]));
  }

  protected drives(features: Tensor): Drives {
    const map = lastMap(features, this.constructor.name, this.inChannels); // [B, C, H, W]
    const [, , height = 1, width = 1] = map.shape;
    const { excitatory, inhibitory } = this.spatialWeights(height, width);
    const sumOf = (weights: Parameter, mask: Tensor): Tensor =>
      conv2d(map, this.constrained(weights))
        .mul(mask)
        .sum({ dim: [-2, -1] }); // [B, U]
    return {
      excitation: sumOf(this._features_ex_weight, excitatory),
      inhibition: sumOf(this._features_inh_weight, inhibitory),
    };
  }

  /** How each unit weighs the pixels of a map on both sides. Shape: [U, H, W] each. */
  spatialWeights(height: number, width: number): { readonly excitatory: Tensor; readonly inhibitory: Tensor } {
    const excitatory = { mean: this.mean_ex, std: this.std_ex, theta: this.theta_ex };
    const inhibitory = { mean: this.mean_inh, std: this.std_inh, theta: this.theta_inh };
    return {
      excitatory: gaussianMask(excitatory, height, width),
      inhibitory: gaussianMask(inhibitory, height, width),
    };
  }

  /** The weights of features that excite, none negative. Shape: [U, C, 1, 1]. */
  get features_ex_weight(): Tensor {
    return this.constrained(this._features_ex_weight);
  }

  /** The weights of features that inhibit, none negative. Shape: [U, C, 1, 1]. */
  get features_inh_weight(): Tensor {
    return this.constrained(this._features_inh_weight);
  }

  private constrained(weights: Parameter): Tensor {
    return this.weight_constraint_fn ? this.weight_constraint_fn.forward(weights) : weights.relu();
  }

  override extraRepr(): string {
    return `in_channels=${this.inChannels}, n_units=${this.nUnits}`;
  }
}

const unitWeights = (nUnits: number, inChannels: number): Parameter =>
  new Parameter(normalize(rand([nUnits, inChannels, 1, 1]), { p: 2, dim: 1 }));

/** A readout whose units are excited by some features and inhibited by others: out = excitation - inhibition + bias, each side with weights that are not negative
 *  and a window of its own (`ExcitationInhibitionReadout`).
 *  Shape: [B, C, T, H, W] or [B, C, H, W] -> [B, U].
 *  State: `_features_ex_weight` and `_features_inh_weight` [U, C, 1, 1], `bias` [U]; of each side (`_ex`, `_inh`) `mean` [U, 2], `std` [U, 2], `theta` [U];
 *  `ex_units` and `inh_units`, the numbers of the units.
 *  Source: VisionCore's DynamicGaussianReadoutEI. Its `frac_inhib` is not here: with it, weights and masks were of different numbers of units, and no call came through.
 *  @example
 *  import { randn } from 'sconce';
 *  import { DynamicGaussianReadoutEI } from 'sconce/multidataset';
 *  new DynamicGaussianReadoutEI(8, 3, { initialStdInh: 4 }).forward(randn([2, 8, 4, 9, 7])).shape; // [2, 3] */
export class DynamicGaussianReadoutEI extends ExcitationInhibitionReadout {
  /** @throws {ConfigError} that lists every size and option that does not fit. */
  constructor(inChannels: number, nUnits: number, options: DynamicGaussianReadoutEIOptions = {}) {
    checkReadout('DynamicGaussianReadoutEI', { inChannels, nUnits }, options, EI_RULES);
    super(inChannels, nUnits, options);
  }

  forward(features: Tensor): Tensor {
    const { excitation, inhibition } = this.drives(features);
    const difference = excitation.sub(inhibition); // [B, U]
    return this.bias ? difference.add(this.bias) : difference;
  }
}
