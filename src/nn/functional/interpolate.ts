// Resizing signals, pictures and volumes.

import { ShapeError } from '../../errors.ts';
import { readOptions } from '../../tensor/arguments.ts';
import * as aten from '../../tensor/aten.generated.ts';
import * as ops from '../../tensor/nn-ops.generated.ts';
import { adaptiveAvgPool1d } from '../../tensor/ops.generated.ts';
import type { Tensor } from '../../tensor/tensor.ts';

export type InterpolationMode = 'nearest' | 'nearest-exact' | 'area' | 'linear' | 'bilinear' | 'bicubic' | 'trilinear';

export interface InterpolateOptions {
  /** The output's size without N and C; either this or `scaleFactor`. */
  size?: number | readonly number[];
  /** The output's size as a multiple of the input's. */
  scaleFactor?: number | readonly number[];
  /** Default 'nearest'. */
  mode?: InterpolationMode;
  /** Whether the corner pixels' centres, rather than their corners, lie on each other; for linear, bilinear, bicubic and trilinear. Default false. */
  alignCorners?: boolean;
  /** Compute the scale from the sizes again, which rounding has changed. Default false. */
  recomputeScaleFactor?: boolean;
  /** Smooth before a picture gets smaller; for bilinear and bicubic. Default false. */
  antialias?: boolean;
}

const DIMS: Readonly<Record<InterpolationMode, readonly number[]>> = {
  nearest: [1, 2, 3],
  'nearest-exact': [1, 2, 3],
  area: [1, 2, 3],
  linear: [1],
  bilinear: [2],
  bicubic: [2],
  trilinear: [3],
};

/** Every option and the input hold together, or an error that says which does not. */
function check(input: Tensor, dims: number, options: InterpolateOptions): void {
  const { size, scaleFactor, mode = 'nearest', alignCorners, recomputeScaleFactor, antialias } = options;
  const refuse = (expected: string, got: string): never => {
    throw new RangeError(`Cannot interpolate: expected ${expected}, got ${got}`);
  };
  if (!Object.hasOwn(DIMS, mode)) refuse(`mode of ${Object.keys(DIMS).join(', ')}`, `"${String(mode)}"`);
  if (!DIMS[mode].includes(dims))
    throw new ShapeError(
      `Cannot interpolate: expected ${DIMS[mode].map((each) => each + 2).join(' or ')} dimensions for mode "${mode}", got [${input.shape.join(', ')}]`,
    );
  if ((size === undefined) === (scaleFactor === undefined))
    refuse('either size or scaleFactor', size === undefined ? 'none' : 'both');
  const given = size ?? scaleFactor!;
  if (typeof given !== 'number' && given.length !== dims)
    refuse(`${dims} numbers for ${size === undefined ? 'scaleFactor' : 'size'}`, `[${given.join(', ')}]`);
  if (alignCorners !== undefined && ['nearest', 'nearest-exact', 'area'].includes(mode))
    refuse('alignCorners with a linear or cubic mode', `"${mode}"`);
  if (recomputeScaleFactor && size !== undefined) refuse('recomputeScaleFactor with scaleFactor', 'size');
  if (antialias && mode !== 'bilinear' && mode !== 'bicubic')
    refuse('antialias with mode "bilinear" or "bicubic"', `"${mode}"`);
}

/** The input at another size. Shape: [N, C, L], [N, C, H, W] or [N, C, D, H, W] -> the same with other sizes.
 *  @throws {ShapeError} for dimensions that the mode does not take.  @throws {RangeError} for options that do not hold together.
 *  Source: torch.nn.functional.interpolate. */
export function interpolate(input: Tensor, options: InterpolateOptions): Tensor {
  readOptions(
    'interpolate',
    ['size', 'scaleFactor', 'mode', 'alignCorners', 'recomputeScaleFactor', 'antialias'],
    options,
  );
  const dims = input.ndim - 2;
  check(input, dims, options);
  const { mode = 'nearest', alignCorners = false, antialias = false } = options;
  const spread = (value: number | readonly number[] | undefined): readonly number[] | undefined =>
    typeof value === 'number' ? new Array<number>(dims).fill(value) : value;
  let size = spread(options.size);
  let scaleFactors = spread(options.scaleFactor);
  if (scaleFactors && (options.recomputeScaleFactor || mode === 'area')) {
    size = scaleFactors.map((scale, dim) => Math.floor(input.size(dim + 2) * scale));
    scaleFactors = undefined;
  }
  const scales = scaleFactors === undefined ? {} : { scaleFactors };
  switch (mode) {
    case 'nearest':
      return [ops.upsampleNearest1d, ops.upsampleNearest2d, ops.upsampleNearest3d][dims - 1]!(input, size, scales);
    case 'nearest-exact':
      return [
        aten._upsample_nearest_exact1d$vec,
        aten._upsample_nearest_exact2d$vec,
        aten._upsample_nearest_exact3d$vec,
      ][dims - 1]!(input, size, scaleFactors);
    case 'area':
      return [adaptiveAvgPool1d, ops.adaptiveAvgPool2d, ops.adaptiveAvgPool3d][dims - 1]!(input, size!);
    case 'linear':
      return ops.upsampleLinear1d(input, size, alignCorners, scales);
    case 'bilinear':
      if (antialias) return aten._upsample_bilinear2d_aa$vec(input, size, alignCorners, scaleFactors);
      return ops.upsampleBilinear2d(input, size, alignCorners, scales);
    case 'bicubic':
      if (antialias) return aten._upsample_bicubic2d_aa$vec(input, size, alignCorners, scaleFactors);
      return ops.upsampleBicubic2d(input, size, alignCorners, scales);
    case 'trilinear':
      return ops.upsampleTrilinear3d(input, size, alignCorners, scales);
  }
}
