// Resizing as modules.

import type { Tensor } from '../../tensor/tensor.ts';
import { type InterpolateOptions, type InterpolationMode, interpolate } from '../functional/interpolate.ts';
import { checkOptions, type OptionNames } from '../layer-options.ts';
import { Module } from '../module.ts';
import { pythonFloat, pythonTuple } from '../python-repr.ts';
import { showSizes } from '../sizes.ts';

export type UpsampleOptions = Omit<InterpolateOptions, 'antialias'>;

const OPTIONS = {
  size: true,
  scaleFactor: true,
  mode: true,
  alignCorners: true,
  recomputeScaleFactor: true,
} satisfies OptionNames<UpsampleOptions>;

/** The input at another size. Shape: [N, C, L], [N, C, H, W] or [N, C, D, H, W] -> the same with other sizes. Source: torch.nn.Upsample. */
export class Upsample extends Module {
  readonly size: number | readonly number[] | undefined;
  readonly scaleFactor: number | readonly number[] | undefined;
  readonly mode: InterpolationMode;
  readonly alignCorners: boolean | undefined;
  readonly recomputeScaleFactor: boolean | undefined;

  constructor(options: UpsampleOptions) {
    super();
    checkOptions(this, OPTIONS, options);
    this.size = options.size;
    this.scaleFactor = options.scaleFactor;
    this.mode = options.mode ?? 'nearest';
    this.alignCorners = options.alignCorners;
    this.recomputeScaleFactor = options.recomputeScaleFactor;
    if ((this.size === undefined) === (this.scaleFactor === undefined))
      throw new TypeError(
        `Cannot make ${this.constructor.name}: expected either size or scaleFactor, got ${this.size === undefined ? 'none' : 'both'}`,
      );
  }

  forward(input: Tensor): Tensor {
    const { size, scaleFactor, mode, alignCorners, recomputeScaleFactor } = this;
    return interpolate(input, {
      mode,
      ...(size === undefined ? {} : { size }),
      ...(scaleFactor === undefined ? {} : { scaleFactor }),
      ...(alignCorners === undefined ? {} : { alignCorners }),
      ...(recomputeScaleFactor === undefined ? {} : { recomputeScaleFactor }),
    });
  }

  override extraRepr(): string {
    const { scaleFactor, size } = this;
    if (scaleFactor === undefined) return `size=${showSizes(size!)}, mode='${this.mode}'`;
    const shown = typeof scaleFactor === 'number' ? pythonFloat(scaleFactor) : pythonTuple(scaleFactor, pythonFloat);
    return `scale_factor=${shown}, mode='${this.mode}'`;
  }
}

type Size2d = { size?: number | readonly number[]; scaleFactor?: number | readonly number[] };

const SIZE_2D = { size: true, scaleFactor: true } satisfies OptionNames<Size2d>;

/** Shape: [N, C, H, W] -> [N, C, H', W']. Source: torch.nn.UpsamplingNearest2d. */
export class UpsamplingNearest2d extends Upsample {
  constructor(options: Size2d) {
    super({ ...options, mode: 'nearest' });
    checkOptions(this, SIZE_2D, options);
  }
}

/** Bilinear, with the corners' centres on each other. Shape: [N, C, H, W] -> [N, C, H', W']. Source: torch.nn.UpsamplingBilinear2d. */
export class UpsamplingBilinear2d extends Upsample {
  constructor(options: Size2d) {
    super({ ...options, mode: 'bilinear', alignCorners: true });
    checkOptions(this, SIZE_2D, options);
  }
}
