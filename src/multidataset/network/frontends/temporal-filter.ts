// Filters over the frames of a clip, each pixel and channel apart.

import { pad } from '../../../nn/functional/index.ts';
import { conv2d } from '../../../tensor/ops.generated.ts';
import type { Tensor } from '../../../tensor/tensor.ts';

/** Frames up to which filters are a matrix over all frames: half as many operations would be needed, and yet a matrix product of 32 frames takes an eighth of a convolution's time. */
const MOST_FRAMES = 256;

export interface TemporalPadding {
  /** Frames of zeros before the first, and behind the last one. */
  readonly before: number;
  readonly after: number;
}

/** y_k(t) = sum over j of filters[k, j] x(t + j - before), where x has zeros around.
 *  Shape: clip [B, C, T, ...], filters [K, L] -> [B, C K, T + before + after - L + 1, ...], the filters of the first channel first. */
export function filterFrames(clip: Tensor, filters: Tensor, { before, after }: TemporalPadding): Tensor {
  const [batch = 0, channels = 0, frames = 0, ...sizes] = clip.shape;
  const [numFilters = 0, length = 0] = filters.shape;
  const framesOut = frames + before + after - length + 1;
  const pixels = sizes.reduce((product, size) => product * size, 1);
  const shape = [batch, channels * numFilters, framesOut, ...sizes];
  if (frames <= MOST_FRAMES) {
    const matrix = filterMatrix(filters, frames, framesOut, before).reshape([numFilters * framesOut, frames]);
    return matrix.matmul(clip.reshape([batch * channels, frames, pixels])).reshape(shape);
  }
  const padded = pad(clip.reshape([batch * channels, 1, frames, pixels]), [0, 0, before, after]);
  return conv2d(padded, filters.reshape([numFilters, 1, length, 1])).reshape(shape);
}

/** What each frame adds to each frame that comes out: row t of filter k is the filter, moved by t - before. Shape: [K, T', T]. */
function filterMatrix(filters: Tensor, frames: number, framesOut: number, before: number): Tensor {
  const length = filters.size(1);
  const among = pad(filters, [framesOut - 1 - before, before + frames - length]); // [K, T' + T - 1], cropped where it is negative
  return among.unfold(1, frames, 1).flip([1]);
}
