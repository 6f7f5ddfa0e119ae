// Masks of attention from masks of padding, in the form that the fast kernels take.

import { ShapeError } from '../errors.ts';
import { arange } from '../tensor/create.ts';
import type { Tensor } from '../tensor/tensor.ts';

// B batch, T new tokens, S all tokens.

/** @throws {ShapeError} unless the mask has a place for every token. */
function checked(mask: Tensor, batch: number, length: number): Tensor {
  if (mask.ndim === 2 && mask.size(0) === batch && mask.size(1) === length) return mask.to('bool');
  throw new ShapeError(
    `Cannot mask attention: expected attentionMask of shape [${batch}, ${length}], got [${mask.shape.join(', ')}]`,
  );
}

/** Every token sees every token that counts. Shape: [B, S] -> [B, 1, T, S], true where attended to. */
export function bidirectionalMask(mask: Tensor | undefined, batch: number, length: number): Tensor | undefined {
  if (mask === undefined) return undefined;
  const counts = checked(mask, batch, length).view([batch, 1, 1, length]); // [B, 1, 1, S]
  return counts.expand([batch, 1, length, length]);
}

/** Every token sees itself and those before it that count. Shape: [B, S] -> [B, 1, T, S], true where attended to.
 *  @param numNew - T: the last tokens, those before them were seen already.
 *  @returns undefined where the kernel can do without: no padding, and either nothing seen before or one new token. */
export function causalMask(
  mask: Tensor | undefined,
  batch: number,
  length: number,
  numNew: number,
  like: Tensor,
): Tensor | undefined {
  if (mask === undefined && (length === numNew || numNew === 1)) return undefined;
  const device = like.device;
  const places = arange(length, { device });
  const own = arange(length - numNew, length, { device }).unsqueeze(1); // [T, 1]
  const isBefore = places.le(own); // [T, S]
  if (mask === undefined) return isBefore.view([1, 1, numNew, length]).expand([batch, 1, numNew, length]);
  const counts = checked(mask, batch, length).view([batch, 1, 1, length]);
  return isBefore.logicalAnd(counts); // [B, 1, T, S]
}
