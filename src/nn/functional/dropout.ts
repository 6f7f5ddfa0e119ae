// Dropout as functions.

import { dropout as atenDropout } from '../../tensor/ops.generated.ts';
import type { Tensor } from '../../tensor/tensor.ts';

/** Zeroes each element with probability `p` and scales the others by 1 / (1 - p), in training; gives the input itself in evaluation.
 *  @param options.p - default 0.5.  @param options.training - default true.  @throws {RangeError} for p outside [0, 1].
 *  Source: Hinton et al. 2012, arXiv:1207.0580; torch.nn.functional.dropout. */
export function dropout(input: Tensor, options: { p?: number; training?: boolean } = {}): Tensor {
  const { p = 0.5, training = true } = options;
  if (!(p >= 0 && p <= 1)) throw new RangeError(`Cannot apply dropout: expected p from 0 to 1, got ${p}`);
  return atenDropout(input, p, training);
}
