// Behaviour as a movement of the features over the picture.

import { affineGrid, gridSample } from '../../../nn/functional/index.ts';
import { Linear } from '../../../nn/index.ts';
import { zeros_ } from '../../../nn/init.ts';
import { noGrad } from '../../../tensor/autograd.ts';
import { tensor } from '../../../tensor/from-data.ts';
import type { Tensor } from '../../../tensor/tensor.ts';
import { placesDType } from '../clips.ts';
import type { MLP } from '../mlp.ts';
import { Modulator } from '../parts.ts';
import {
  type BehaviorEncoderOptions,
  checkInputs,
  everywhere,
  planEncoder,
  readModulator,
} from './behavior-encoder.ts';

export interface SpatialTransformerModulatorOptions {
  /** Numbers of a behaviour. Default 2. */
  readonly behaviorDim?: number;
  /** `dims` is [128, 128] without it. */
  readonly encoderParams?: BehaviorEncoderOptions;
}

/** y = a x' + (1 - a) x: x' are the features, sampled where an affine map of the picture says, and a says for each channel how much of them.
 *  With h = MLP(b): the map is W_m h + b_m, a row for x and one for y, in coordinates from -1 to 1 at the picture's edges; a = sigmoid(W_a h + b_a).
 *  It starts as the identity, with a = 1 / 2: W_m, W_a and b_a are 0, b_m is [1, 0, 0, 0, 1, 0]. Outside of the picture there is 0.
 *  Shape: feats [B, C, T, H, W], behavior [B, D] -> [B, C, T, H, W].
 *  @throws {ConfigError} for options that do not fit, all at once.  @throws {ShapeError} for other shapes.
 *  Source: Jaderberg et al. 2015, arXiv:1506.02025; VisionCore's SpatialTransformerModulator.
 *  @example
 *  import { randn } from 'sconce';
 *  import { SpatialTransformerModulator } from 'sconce/multidataset';
 *  const modulator = new SpatialTransformerModulator(8, { behaviorDim: 3 });
 *  modulator.forward(randn([2, 8, 5, 6, 6]), randn([2, 3])).shape; // [2, 8, 5, 6, 6] */
export class SpatialTransformerModulator extends Modulator {
  readonly encoder: MLP;
  readonly theta_head: Linear;
  readonly alpha_head: Linear;
  readonly featureDim: number;
  readonly behaviorDim: number;
  readonly outChannels: number;

  /** @param featureDim - channels of the features. */
  constructor(featureDim: number, options: SpatialTransformerModulatorOptions = {}) {
    super();
    const read = readModulator(featureDim, options);
    this.featureDim = featureDim;
    this.behaviorDim = read.integer('behaviorDim', 2);
    const encoder = planEncoder(read, this.behaviorDim, [128, 128]);
    read.finish('make SpatialTransformerModulator');
    this.encoder = encoder.make();
    this.theta_head = new Linear(encoder.outDim, 6);
    this.alpha_head = new Linear(encoder.outDim, this.featureDim);
    noGrad(() => this.theta_head.bias!.copy_(tensor([1, 0, 0, 0, 1, 0])));
    for (const start of [this.theta_head.weight, this.alpha_head.weight, this.alpha_head.bias!]) zeros_(start);
    this.outChannels = this.featureDim;
  }

  forward(feats: Tensor, behavior: Tensor): Tensor {
    const shape = checkInputs('SpatialTransformerModulator', { feats, behavior }, this);
    const [batch, channels, frames, height, width] = shape;
    const encoded = this.encoder.forward(behavior); // [B, E]
    const dtype = placesDType(feats.dtype);
    const theta = this.theta_head.forward(encoded).view([batch, 2, 3]).to(dtype);
    // The frames of a clip move alike, so they are sampled as channels of one picture.
    const pictures = feats.reshape([batch, channels * frames, height, width]).to(dtype);
    const moved = gridSample(pictures, affineGrid(theta, [batch, 1, height, width], false));
    const share = everywhere(this.alpha_head.forward(encoded).sigmoid(), shape);
    return feats.lerp(moved.view(feats.shape).to(feats.dtype), share.to(feats.dtype));
  }
}
