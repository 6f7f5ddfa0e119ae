// Behaviour as a further input of a recurrence over the frames.

import { Conv2d, Linear } from '../../../nn/index.ts';
import { cat } from '../../../tensor/ops.generated.ts';
import type { Tensor } from '../../../tensor/tensor.ts';
import { Modulator } from '../parts.ts';
import { ConvGRU } from '../recurrent/conv-gru.ts';
import type { SettingsReader } from '../settings-reader.ts';
import { checkInputs, everywhere, readModulator } from './behavior-encoder.ts';

export interface RecurrentModulatorOptions {
  /** Numbers of a behaviour. Default 2. */
  readonly behaviorDim?: number;
  /** Channels of the recurrence's state. Default `featureDim`. */
  readonly hiddenDim?: number;
  /** Width of the behaviour's encoding. Default 16. */
  readonly behEmbDim?: number;
  /** Odd. Default 3. */
  readonly kernelSize?: number;
}

/** Reads what modulators with a recurrence share. @internal */
export function readRecurrence(read: SettingsReader, featureDim: number): Required<RecurrentModulatorOptions> {
  const kernelSize = read.integer('kernelSize', 3);
  if (kernelSize % 2 === 0) read.note('kernelSize', 'an odd integer above 0');
  return {
    behaviorDim: read.integer('behaviorDim', 2),
    hiddenDim: read.integer('hiddenDim', featureDim),
    behEmbDim: read.integer('behEmbDim', 16),
    kernelSize,
  };
}

/** y = P g + p for the last state g of a ConvGRU over the frames of [x, W b + w], behaviour alike at every place of every frame. The projection P gives back what the state's
 *  tanh has clipped.
 *  Shape: feats [B, C, T, H, W], behavior [B, D], or [B, S, D], of which the mean over S is taken -> [B, hiddenDim, 1, H, W].
 *  @throws {ConfigError} for options that do not fit, all at once.  @throws {ShapeError} for other shapes.
 *  Source: VisionCore's ConvGRUModulator.
 *  @example
 *  import { randn } from 'sconce';
 *  import { ConvGRUModulator } from 'sconce/multidataset';
 *  const modulator = new ConvGRUModulator(8, { behaviorDim: 3, hiddenDim: 6 });
 *  modulator.forward(randn([2, 8, 5, 7, 7]), randn([2, 3])).shape; // [2, 6, 1, 7, 7] */
export class ConvGRUModulator extends Modulator {
  readonly beh_emb: Linear;
  readonly gru: ConvGRU;
  readonly output_proj: Conv2d;
  readonly featureDim: number;
  readonly behaviorDim: number;
  readonly outChannels: number;

  /** @param featureDim - channels of the features. */
  constructor(featureDim: number, options: RecurrentModulatorOptions = {}) {
    super();
    const read = readModulator(featureDim, options);
    const { behaviorDim, hiddenDim, behEmbDim, kernelSize } = readRecurrence(read, featureDim);
    read.finish('make ConvGRUModulator');
    this.featureDim = featureDim;
    this.behaviorDim = behaviorDim;
    this.outChannels = hiddenDim;
    this.beh_emb = new Linear(behaviorDim, behEmbDim);
    this.gru = new ConvGRU(featureDim + behEmbDim, { hiddenDim, kernelSize });
    this.output_proj = new Conv2d(hiddenDim, hiddenDim, 1);
  }

  forward(feats: Tensor, behavior: Tensor): Tensor {
    const one = behavior.ndim === 3 ? behavior.mean({ dim: 1 }) : behavior; // [B, D]
    const shape = checkInputs('ConvGRUModulator', { feats, behavior: one }, this);
    const states = this.gru.forward(cat([feats, everywhere(this.beh_emb.forward(one), shape)], { dim: 1 }));
    return this.output_proj.forward(states.select(2, -1)).unsqueeze(2);
  }
}
