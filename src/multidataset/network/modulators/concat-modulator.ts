// Behaviour as further channels of the features.

import { cat } from '../../../tensor/ops.generated.ts';
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

export interface ConcatModulatorOptions {
  /** Numbers of a behaviour. Default 2. */
  readonly behaviorDim?: number;
  /** `dims` is [64, 64] without it. */
  readonly encoderParams?: BehaviorEncoderOptions;
}

/** y = [x, MLP(b)]: the encoding of behaviour is behind the features, alike at every place of every frame.
 *  Shape: feats [B, C, T, H, W], behavior [B, D] -> [B, C + E, T, H, W], with E the encoder's width.
 *  @throws {ConfigError} for options that do not fit, all at once.  @throws {ShapeError} for other shapes.
 *  Source: VisionCore's ConcatModulator.
 *  @example
 *  import { randn } from 'sconce';
 *  import { ConcatModulator } from 'sconce/multidataset';
 *  const modulator = new ConcatModulator(8, { behaviorDim: 3, encoderParams: { dims: [16, 4] } });
 *  modulator.forward(randn([2, 8, 5, 6, 6]), randn([2, 3])).shape; // [2, 12, 5, 6, 6] */
export class ConcatModulator extends Modulator {
  readonly encoder: MLP;
  readonly featureDim: number;
  readonly behaviorDim: number;
  readonly outChannels: number;

  /** @param featureDim - channels of the features. */
  constructor(featureDim: number, options: ConcatModulatorOptions = {}) {
    super();
    const read = readModulator(featureDim, options);
    this.featureDim = featureDim;
    this.behaviorDim = read.integer('behaviorDim', 2);
    const encoder = planEncoder(read, this.behaviorDim, [64, 64]);
    read.finish('make ConcatModulator');
    this.encoder = encoder.make();
    this.outChannels = this.featureDim + encoder.outDim;
  }

  forward(feats: Tensor, behavior: Tensor): Tensor {
    const shape = checkInputs('ConcatModulator', { feats, behavior }, this);
    return cat([feats, everywhere(this.encoder.forward(behavior), shape)], { dim: 1 });
  }
}
