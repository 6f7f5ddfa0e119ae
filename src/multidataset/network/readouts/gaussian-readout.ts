// `DynamicGaussianReadout`: each unit weighs the features at one place of the map.

import { flag } from '../../../metrics/options.ts';
import { Conv2d } from '../../../nn/layers/conv.ts';
import { Parameter } from '../../../nn/parameter.ts';
import { full, randn, zeros } from '../../../tensor/create.ts';
import type { Tensor } from '../../../tensor/tensor.ts';
import { Readout } from '../parts.ts';
import { gaussianMask, lastMap } from './gaussian-mask.ts';
import { checkReadout, notNegative, positive } from './readout-options.ts';

export interface DynamicGaussianReadoutOptions {
  /** One of each unit. Default true. */
  readonly bias?: boolean;
  /** Pixels of the map. Default 5. */
  readonly initialStd?: number;
  /** Standard deviation, in pixels, of where the windows begin around the centre of the map. Default 0. */
  readonly initialMeanScale?: number;
}

const RULES = { bias: flag, initialStd: positive, initialMeanScale: notNegative };

/** Features at the place of each unit: out_u = Σ_hw mask_u(h, w) Σ_c weight_uc x_c(h, w) + bias_u, where the mask is a Gaussian of sum one (`gaussianMask`) with
 *  a place, two widths and an angle, all trained. Of a sequence it reads the last moment.
 *  Shape: [B, C, T, H, W] or [B, C, H, W] -> [B, U]; any H and W, and another with each call.
 *  State: `features.weight` [U, C, 1, 1], `mean` [U, 2] and `std` [U, 2] (row, column; pixels from the centre), `theta` [U] (radians), `bias` [U].
 *  Source: VisionCore's DynamicGaussianReadout; Lurz et al. 2021 (ICLR) for readouts with a learned place.
 *  @example
 *  import { randn } from 'sconce';
 *  import { DynamicGaussianReadout } from 'sconce/multidataset';
 *  const readout = new DynamicGaussianReadout(8, 3, { initialStd: 1.5, initialMeanScale: 0.1 });
 *  readout.forward(randn([2, 8, 4, 9, 7])).shape; // [2, 3]
 *  readout.spatialWeights(9, 7).shape; // [3, 9, 7] */
export class DynamicGaussianReadout extends Readout {
  readonly nUnits: number;
  readonly inChannels: number;
  readonly features: Conv2d;
  readonly bias: Parameter | undefined;
  readonly mean: Parameter;
  readonly std: Parameter;
  readonly theta: Parameter;

  /** @throws {ConfigError} that lists every size and option that does not fit. */
  constructor(inChannels: number, nUnits: number, options: DynamicGaussianReadoutOptions = {}) {
    super();
    checkReadout('DynamicGaussianReadout', { inChannels, nUnits }, options, RULES);
    const { bias = true, initialStd = 5, initialMeanScale = 0 } = options;
    this.nUnits = nUnits;
    this.inChannels = inChannels;
    this.features = new Conv2d(inChannels, nUnits, 1, { bias: false });
    this.bias = bias ? new Parameter(zeros([nUnits])) : undefined;
    this.mean = new Parameter(randn([nUnits, 2]).mul(initialMeanScale));
    this.std = new Parameter(full([nUnits, 2], initialStd));
    this.theta = new Parameter(zeros([nUnits]));
  }

  forward(features: Tensor): Tensor {
    const map = lastMap(features, 'DynamicGaussianReadout', this.inChannels); // [B, C, H, W]
    const [, , height = 1, width = 1] = map.shape;
    const values = this.features.forward(map); // [B, U, H, W]
    const sums = values.mul(this.spatialWeights(height, width)).sum({ dim: [-2, -1] }); // [B, U]
    return this.bias ? sums.add(this.bias) : sums;
  }

  /** How each unit weighs the pixels of a map: what its sum over them is taken with. Shape: [U, H, W]. */
  spatialWeights(height: number, width: number): Tensor {
    return gaussianMask(this, height, width);
  }

  override extraRepr(): string {
    return `in_channels=${this.inChannels}, n_units=${this.nUnits}`;
  }
}
