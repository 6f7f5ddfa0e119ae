// What a loss of similarities makes of its inputs: the rows of both sides, and which of them belong together.

import { ShapeError } from '../../errors.ts';
import { autocast, isAutocastEnabled } from '../../tensor/autocast.ts';
import { eye } from '../../tensor/create.ts';
import type { Device } from '../../tensor/device.ts';
import { Tensor } from '../../tensor/tensor.ts';
import { matchCodes } from './match-ids.ts';
import type { LossInputs } from './multimodal-loss.ts';

// B rows of a batch, of all ranks together; D features.

/** Both sides of a batch. Row i of one is the partner of row i of the other. */
export interface Pairs {
  readonly rows: number;
  /** [B, D], float32 or float64, of length 1 unless the loss leaves them as they are. */
  readonly vision: Tensor;
  /** [B, D]. */
  readonly text: Tensor;
  /** Which rows belong together, [B, B] bool, symmetric, true on the diagonal. */
  readonly positives: Tensor;
  /** Equal where rows belong together, [B] int64; undefined without match ids. */
  readonly codes: Tensor | undefined;
}

/** The features of both sides.
 *  @throws {TypeError} for what is missing, no tensor, or not floating.  @throws {ShapeError} unless both are [B, D] of one shape, B and D at least 1. */
export function readFeatures(loss: string, inputs: LossInputs): { vision: Tensor; text: Tensor } {
  const { visionFeatures: vision, textFeatures: text } = inputs;
  if (!(vision instanceof Tensor) || !(text instanceof Tensor)) {
    const given = Object.entries(inputs).filter(([, value]) => value !== undefined);
    const shown = (value: unknown): string =>
      value instanceof Tensor ? '' : ` (${value === null ? 'null' : Array.isArray(value) ? 'a list' : typeof value})`;
    const names = given.map(([name, value]) => (/Features$/.test(name) ? `${name}${shown(value)}` : name)).join(', ');
    throw new TypeError(
      `Cannot compute ${loss}: expected tensors visionFeatures and textFeatures, got ${names || 'nothing'}`,
    );
  }
  const shapes = `[${vision.shape.join(', ')}] and [${text.shape.join(', ')}]`;
  if (vision.ndim !== 2 || String(vision.shape) !== String(text.shape) || vision.numel === 0)
    throw new ShapeError(
      `Cannot compute ${loss}: expected visionFeatures and textFeatures of one shape [B, D], got ${shapes}`,
    );
  for (const { dtype } of [vision, text])
    if (!/^b?float/.test(dtype))
      throw new TypeError(`Cannot compute ${loss}: expected floating features, got ${dtype}`);
  return { vision, text };
}

/** Which rows of a batch belong together, and the numbers that say so.
 *  @param options.ownRows - of this rank, which has an id for each.  @param options.rows - of all ranks that are compared.
 *  @param options.gather - what joins the ids of ranks. */
export function readMatches(
  loss: string,
  { matchIds }: LossInputs,
  options: {
    readonly ownRows: number;
    readonly rows: number;
    readonly device: Device;
    readonly gather: (rows: Tensor) => Tensor;
  },
): Pick<Pairs, 'positives' | 'codes'> {
  const { ownRows, rows, device, gather } = options;
  if (matchIds === undefined) return { positives: eye(rows, { device, dtype: 'bool' }), codes: undefined };
  const codes = gather(matchCodes(loss, matchIds, ownRows, device)); // [B]
  return { positives: codes.unsqueeze(1).eq(codes.unsqueeze(0)), codes };
}

/** Half precision becomes float32: similarities that differ by less than a half can tell are told apart. */
export const toFloat = (features: Tensor): Tensor =>
  features.dtype === 'float32' || features.dtype === 'float64' ? features : features.to('float32');

/** Runs `body` without autocast, which would put products of features into half precision. */
export function withoutAutocast<T>(device: Device, body: () => T): T {
  return isAutocastEnabled(device) ? autocast(device, body, { enabled: false }) : body();
}
