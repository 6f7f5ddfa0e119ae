// Features as what behaviour and their own past did not tell.

import { ShapeError } from '../../../errors.ts';
import { Conv2d, Linear } from '../../../nn/index.ts';
import { cat } from '../../../tensor/ops.generated.ts';
import type { Tensor } from '../../../tensor/tensor.ts';
import { Modulator } from '../parts.ts';
import { ConvGRU } from '../recurrent/conv-gru.ts';
import { checkInputs, everywhere, readModulator } from './behavior-encoder.ts';
import { type RecurrentModulatorOptions, readRecurrence } from './conv-gru-modulator.ts';

export interface PredictiveCodingModulatorOptions extends RecurrentModulatorOptions {
  /** Whether the last frame stands in front of its error; else there is the error alone. Default true. */
  readonly concatError?: boolean;
}

/** The errors that wait to be taken. Beside the modules and not in them, so that a copy of a module has none. */
const waiting = new WeakMap<PredictiveCodingModulator, Tensor[]>();

/** Predicts the last frame of the features from those before and from behaviour, and gives the error: e = x_T - p with p the last state of a ConvGRU over the
 *  frames 1 to T - 1 of [x, W b + w], by a convolution of 1 x 1 where `hiddenDim` is not `featureDim`.
 *  While training, errors are kept until `takePredictionErrors()` hands them out: the auxiliary loss of a batch goes over all of its groups.
 *  Shape: feats [B, C, T, H, W] of two frames or more, behavior [B, D] -> [B, 2 C, 1, H, W], the last frame and its error; without `concatError` [B, C, 1, H, W].
 *  @throws {ConfigError} for options that do not fit, all at once.  @throws {ShapeError} for other shapes.
 *  Source: Rao and Ballard 1999, doi:10.1038/4580; VisionCore's PredictiveCodingModulator, whose loss sees the last group alone and whose convolution is never trained
 *  (docs/decisions/0044).
 *  @example
 *  import { randn } from 'sconce';
 *  import { PredictiveCodingModulator } from 'sconce/multidataset';
 *  const modulator = new PredictiveCodingModulator(8, { behaviorDim: 3 });
 *  modulator.forward(randn([2, 8, 5, 7, 7]), randn([2, 3])).shape; // [2, 16, 1, 7, 7]
 *  const errors = modulator.takePredictionErrors();
 *  errors[0]!.square().mean().backward(); */
export class PredictiveCodingModulator extends Modulator {
  readonly beh_emb: Linear;
  readonly predictor: ConvGRU;
  readonly output_proj: Conv2d | undefined;
  readonly featureDim: number;
  readonly behaviorDim: number;
  readonly outChannels: number;
  readonly concatError: boolean;

  /** @param featureDim - channels of the features. */
  constructor(featureDim: number, options: PredictiveCodingModulatorOptions = {}) {
    super();
    const read = readModulator(featureDim, options);
    const { behaviorDim, hiddenDim, behEmbDim, kernelSize } = readRecurrence(read, featureDim);
    this.concatError = read.flag('concatError', true);
    read.finish('make PredictiveCodingModulator');
    this.featureDim = featureDim;
    this.behaviorDim = behaviorDim;
    this.outChannels = this.concatError ? 2 * featureDim : featureDim;
    this.beh_emb = new Linear(behaviorDim, behEmbDim);
    this.predictor = new ConvGRU(featureDim + behEmbDim, { hiddenDim, kernelSize });
    this.output_proj = hiddenDim === featureDim ? undefined : new Conv2d(hiddenDim, featureDim, 1);
  }

  forward(feats: Tensor, behavior: Tensor): Tensor {
    const shape = checkInputs('PredictiveCodingModulator', { feats, behavior }, this);
    const [batch, channels, frames, height, width] = shape;
    if (frames < 2)
      throw new ShapeError(
        `Cannot apply PredictiveCodingModulator: expected two frames or more, the last one to predict, got [${feats.shape.join(', ')}]`,
      );
    const past = feats.narrow(2, 0, frames - 1);
    const encoded = everywhere(this.beh_emb.forward(behavior), [batch, channels, frames - 1, height, width]);
    const state = this.predictor.forward(cat([past, encoded], { dim: 1 })).select(2, -1); // [B, hiddenDim, H, W]
    const predicted = (this.output_proj?.forward(state) ?? state).unsqueeze(2);
    const actual = feats.narrow(2, frames - 1, 1); // [B, C, 1, H, W]
    const error = actual.sub(predicted);
    if (this.training && error.requiresGrad) waiting.set(this, [...this.waitingErrors(), error]);
    return this.concatError ? cat([actual, error], { dim: 1 }) : error;
  }

  /** The errors of all forwards in training since the last call, [B, C, 1, H, W] each, with gradients; forwards without gradients have none.
   *  Those whose scope has ended are left out: nobody asked for them in their step. */
  override takePredictionErrors(): readonly Tensor[] {
    const errors = this.waitingErrors();
    waiting.delete(this);
    return errors;
  }

  private waitingErrors(): Tensor[] {
    return (waiting.get(this) ?? []).filter((error) => !error.isDisposed);
  }
}
