// A clip is what goes through a network: [B, C, T, H, W], batch, channels, frames, height, width. Its shape is looked at here, once for every part.

import { ShapeError } from '../../errors.ts';
import type { DType } from '../../tensor/dtype.ts';
import type { Tensor } from '../../tensor/tensor.ts';

export type ClipShape = readonly [batch: number, channels: number, frames: number, height: number, width: number];

/** The shape of a clip. @param part - for the message.  @param channels - how many it has to have. Default: any.
 *  @throws {ShapeError} for another shape. */
export function clipShape(part: string, clip: Tensor, channels?: number): ClipShape {
  const { shape } = clip;
  if (shape.length === 5 && (channels === undefined || shape[1] === channels)) return shape as unknown as ClipShape;
  throw new ShapeError(`Cannot apply ${part}: expected [B, ${channels ?? 'C'}, T, H, W], got [${shape.join(', ')}]`);
}

/** All frames of a clip as one batch, the first frames of all clips before the second ones. Shape: [B, C, T, H, W] -> [T B, C, H, W]. */
export function toFrames(clip: Tensor): Tensor {
  return clip.permute([2, 0, 1, 3, 4]).flatten({ startDim: 0, endDim: 1 });
}

/** Places in a picture have at least single precision, whatever the picture has: a fifth of a pixel is lost else. */
export function placesDType(dtype: DType): DType {
  return dtype === 'float64' ? dtype : 'float32';
}
