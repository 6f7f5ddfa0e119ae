// The features of one side or of both, for losses that look at each alone.

import { ShapeError } from '../../errors.ts';
import { Tensor } from '../../tensor/tensor.ts';
import type { LossInputs } from './multimodal-loss.ts';

/** The features of one modality. */
export interface Side {
  readonly name: 'vision' | 'text';
  /** Shape: [B, D]. */
  readonly features: Tensor;
}

/** The sides that are there, vision first.
 *  @throws {TypeError} if there is none, for what is no tensor, or not floating.  @throws {ShapeError} unless each is [B, D], B and D at least 1. */
export function readSides(loss: string, inputs: LossInputs): Side[] {
  const sides = (['vision', 'text'] as const).flatMap((name): Side[] => {
    const features: unknown = inputs[`${name}Features`];
    if (features === undefined) return [];
    if (!(features instanceof Tensor))
      throw new TypeError(`Cannot compute ${loss}: expected ${name}Features to be a tensor, got ${typeof features}`);
    if (features.ndim !== 2 || features.numel === 0)
      throw new ShapeError(
        `Cannot compute ${loss}: expected ${name}Features of [B, D], got [${features.shape.join(', ')}]`,
      );
    if (!/^b?float/.test(features.dtype))
      throw new TypeError(`Cannot compute ${loss}: expected floating ${name}Features, got ${features.dtype}`);
    return [{ name, features }];
  });
  if (sides.length === 0)
    throw new TypeError(`Cannot compute ${loss}: expected visionFeatures, textFeatures or both, got neither`);
  return sides;
}
