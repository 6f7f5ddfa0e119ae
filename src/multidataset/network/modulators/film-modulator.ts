// Behaviour as a gain and an offset of each channel.

import { Linear } from '../../../nn/index.ts';
import { ones_, zeros_ } from '../../../nn/init.ts';
import type { Tensor } from '../../../tensor/tensor.ts';
import type { MLP } from '../mlp.ts';
import { Modulator } from '../parts.ts';
import {
  type BehaviorEncoderOptions,
  checkInputs,
  everywhere,
  planEncoder,
  readModulator,
} from './behavior-encoder.ts';

export interface FiLMModulatorOptions {
  /** Numbers of a behaviour. Default 2. */
  readonly behaviorDim?: number;
  /** `dims` is [64, 64] without it. */
  readonly encoderParams?: BehaviorEncoderOptions;
}

/** Feature-wise linear modulation: y = s x + o with h = MLP(b), s = W_s h + b_s and o = W_o h + b_o, a number for each channel.
 *  It starts as the identity: W_s, W_o and b_o are 0, b_s is 1.
 *  Shape: feats [B, C, T, H, W], behavior [B, D] -> [B, C, T, H, W].
 *  @throws {ConfigError} for options that do not fit, all at once.  @throws {ShapeError} for other shapes.
 *  Source: Perez et al. 2018, arXiv:1709.07871; VisionCore's FiLMModulator, whose scale starts as the sum of h (docs/decisions/0044).
 *  @example
 *  import { randn } from 'sconce';
 *  import { FiLMModulator } from 'sconce/multidataset';
 *  const modulator = new FiLMModulator(8, { behaviorDim: 3 });
 *  const feats = randn([2, 8, 5, 6, 6]);
 *  modulator.forward(feats, randn([2, 3])).equal(feats); // true */
export class FiLMModulator extends Modulator {
  readonly encoder: MLP;
  readonly scale_layer: Linear;
  readonly shift_layer: Linear;
  readonly featureDim: number;
  readonly behaviorDim: number;
  readonly outChannels: number;

  /** @param featureDim - channels of the features. */
  constructor(featureDim: number, options: FiLMModulatorOptions = {}) {
    super();
    const read = readModulator(featureDim, options);
    this.featureDim = featureDim;
    this.behaviorDim = read.integer('behaviorDim', 2);
    const encoder = planEncoder(read, this.behaviorDim, [64, 64]);
    read.finish('make FiLMModulator');
    this.encoder = encoder.make();
    this.scale_layer = new Linear(encoder.outDim, this.featureDim);
    this.shift_layer = new Linear(encoder.outDim, this.featureDim);
    ones_(this.scale_layer.bias!);
    for (const start of [this.scale_layer.weight, this.shift_layer.weight, this.shift_layer.bias!]) zeros_(start);
    this.outChannels = this.featureDim;
  }

  forward(feats: Tensor, behavior: Tensor): Tensor {
    const shape = checkInputs('FiLMModulator', { feats, behavior }, this);
    const encoded = this.encoder.forward(behavior); // [B, E]
    const scale = everywhere(this.scale_layer.forward(encoded), shape);
    return scale.mul(feats).add(everywhere(this.shift_layer.forward(encoded), shape));
  }
}
