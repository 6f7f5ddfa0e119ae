// Dropout as functions: of elements, of whole channels, and in the form that keeps mean and variance.

import { ShapeError } from '../../errors.ts';
import { readOptions } from '../../tensor/arguments.ts';
import * as ops from '../../tensor/ops.generated.ts';
import type { Tensor } from '../../tensor/tensor.ts';

export interface DropoutOptions {
  /** Probability of a zero, in [0, 1]. Default 0.5. */
  p?: number;
  /** False gives the input as it is. Default true; of `alphaDropout` and `featureAlphaDropout` false, as in PyTorch. */
  training?: boolean;
  /** Write the result over the input. Default false. */
  inplace?: boolean;
}

type Drop = (input: Tensor, p: number, train: boolean) => Tensor;

function drop(name: string, input: Tensor, options: DropoutOptions, fresh: Drop, inPlace: Drop): Tensor {
  readOptions(name, ['p', 'training', 'inplace'], options);
  const { p = 0.5, training = true, inplace = false } = options;
  if (!(p >= 0 && p <= 1)) throw new RangeError(`Cannot apply ${name}: expected p from 0 to 1, got ${p}`);
  return (inplace ? inPlace : fresh)(input, p, training);
}

/** Zeroes each element with probability `p` and scales the others by 1 / (1 - p), in training; gives the input itself in evaluation.
 *  @throws {RangeError} for p outside [0, 1].  Source: Hinton et al. 2012, arXiv:1207.0580; torch.nn.functional.dropout. */
export function dropout(input: Tensor, options: DropoutOptions = {}): Tensor {
  return drop('dropout', input, options, ops.dropout, ops.dropout_);
}

/** Zeroes whole channels. Shape: [N, C, L] or [C, L], unchanged. @throws {ShapeError} for other dimensions.
 *  Source: Tompson et al. 2014, arXiv:1411.4280; torch.nn.functional.dropout1d. */
export function dropout1d(input: Tensor, options: DropoutOptions = {}): Tensor {
  if (input.ndim !== 2 && input.ndim !== 3)
    throw new ShapeError(`Cannot apply dropout1d: expected 2 or 3 dimensions, got [${input.shape.join(', ')}]`);
  if (input.ndim === 3) return drop('dropout1d', input, options, ops.featureDropout, ops.featureDropout_);
  const batch = options.inplace ? input.unsqueeze_(0) : input.unsqueeze(0); // [1, C, L]
  const result = drop('dropout1d', batch, options, ops.featureDropout, ops.featureDropout_);
  return options.inplace ? result.squeeze_({ dim: 0 }) : result.squeeze({ dim: 0 });
}

/** Zeroes whole channels. Shape: [N, C, H, W], unchanged; [N, C, L] too, as PyTorch takes three dimensions.
 *  Source: Tompson et al. 2014, arXiv:1411.4280; torch.nn.functional.dropout2d. */
export function dropout2d(input: Tensor, options: DropoutOptions = {}): Tensor {
  return drop('dropout2d', input, options, ops.featureDropout, ops.featureDropout_);
}

/** Zeroes whole channels. Shape: [N, C, D, H, W] or [C, D, H, W], unchanged. @throws {ShapeError} for other dimensions.
 *  Source: Tompson et al. 2014, arXiv:1411.4280; torch.nn.functional.dropout3d. */
export function dropout3d(input: Tensor, options: DropoutOptions = {}): Tensor {
  if (input.ndim !== 4 && input.ndim !== 5)
    throw new ShapeError(`Cannot apply dropout3d: expected 4 or 5 dimensions, got [${input.shape.join(', ')}]`);
  if (input.ndim === 5) return drop('dropout3d', input, options, ops.featureDropout, ops.featureDropout_);
  const batch = options.inplace ? input.unsqueeze_(0) : input.unsqueeze(0); // [1, C, D, H, W]
  const result = drop('dropout3d', batch, options, ops.featureDropout, ops.featureDropout_);
  return options.inplace ? result.squeeze_({ dim: 0 }) : result.squeeze({ dim: 0 });
}

/** Sets elements to SELU's limit at minus infinity and rescales, so that mean and variance stay. Shape: any, unchanged.
 *  Source: Klambauer et al. 2017, arXiv:1706.02515; torch.nn.functional.alpha_dropout. */
export function alphaDropout(input: Tensor, options: DropoutOptions = {}): Tensor {
  return drop('alphaDropout', input, { training: false, ...options }, ops.alphaDropout, ops.alphaDropout_);
}

/** `alphaDropout` of whole channels. Shape: [N, C, ...], unchanged. Source: torch.nn.functional.feature_alpha_dropout. */
export function featureAlphaDropout(input: Tensor, options: DropoutOptions = {}): Tensor {
  const given = { training: false, ...options };
  return drop('featureAlphaDropout', input, given, ops.featureAlphaDropout, ops.featureAlphaDropout_);
}
