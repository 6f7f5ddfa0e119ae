// Means and power means over windows.

import { avgPool2d, avgPool3d } from '../../tensor/nn-ops.generated.ts';
import { avgPool1d } from '../../tensor/ops.generated.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { type LPPoolOptions, lpPool } from '../functional/lp-pool.ts';
import { checkOptions, type OptionNames } from '../layer-options.ts';
import { Module } from '../module.ts';
import { pythonBool, pythonFloat, pythonTuple } from '../python-repr.ts';
import { expandSizes, type Sizes, showSizes } from '../sizes.ts';

export interface AvgPool1dOptions {
  /** Default: the kernel's size. */
  stride?: Sizes;
  /** Zeros around the input, at most half of the kernel. Default 0. */
  padding?: Sizes;
  /** Let windows reach over the edge, rather than leave a rest out. Default false. */
  ceilMode?: boolean;
  /** Count the zeros of the padding in the mean. Default true. */
  countIncludePad?: boolean;
}

export interface AvgPoolOptions extends AvgPool1dOptions {
  /** Divide by this, rather than by the size of the window. */
  divisorOverride?: number;
}

const OPTIONS = {
  stride: true,
  padding: true,
  ceilMode: true,
  countIncludePad: true,
} satisfies OptionNames<AvgPool1dOptions>;

/** The mean of each window. Shape: [N, C, L] -> [N, C, L'], with or without N. Source: torch.nn.AvgPool1d. */
export class AvgPool1d extends Module {
  readonly kernelSize: readonly number[];
  readonly stride: readonly number[];
  readonly padding: readonly number[];
  readonly ceilMode: boolean;
  readonly countIncludePad: boolean;

  constructor(kernelSize: Sizes, options: AvgPool1dOptions = {}) {
    super();
    checkOptions(this, OPTIONS, options);
    this.kernelSize = expandSizes(kernelSize, 1, 'AvgPool1d', 'kernelSize', 1);
    this.stride = expandSizes(options.stride ?? kernelSize, 1, 'AvgPool1d', 'stride', 1);
    this.padding = expandSizes(options.padding ?? 0, 1, 'AvgPool1d', 'padding');
    this.ceilMode = options.ceilMode ?? false;
    this.countIncludePad = options.countIncludePad ?? true;
  }

  forward(input: Tensor): Tensor {
    const { stride, padding, ceilMode, countIncludePad } = this;
    return avgPool1d(input, this.kernelSize, { stride, padding, ceilMode, countIncludePad });
  }

  override extraRepr(): string {
    return `kernel_size=${pythonTuple(this.kernelSize)}, stride=${pythonTuple(this.stride)}, padding=${pythonTuple(this.padding)}`;
  }
}

abstract class AvgPool extends Module {
  readonly kernelSize: Sizes;
  readonly stride: Sizes;
  readonly padding: Sizes;
  readonly ceilMode: boolean;
  readonly countIncludePad: boolean;
  readonly divisorOverride: number | undefined;

  constructor(dims: number, kernelSize: Sizes, options: AvgPoolOptions) {
    super();
    checkOptions(this, { ...OPTIONS, divisorOverride: true } satisfies OptionNames<AvgPoolOptions>, options);
    const layer = this.constructor.name;
    this.kernelSize = kernelSize;
    this.stride = options.stride ?? kernelSize;
    this.padding = options.padding ?? 0;
    this.ceilMode = options.ceilMode ?? false;
    this.countIncludePad = options.countIncludePad ?? true;
    this.divisorOverride = options.divisorOverride;
    expandSizes(this.kernelSize, dims, layer, 'kernelSize', 1);
    expandSizes(this.stride, dims, layer, 'stride', 1);
    expandSizes(this.padding, dims, layer, 'padding');
  }

  protected pool(input: Tensor, operator: typeof avgPool2d): Tensor {
    const { stride, padding, ceilMode, countIncludePad, divisorOverride } = this;
    return operator(input, this.kernelSize, { stride, padding, ceilMode, countIncludePad, divisorOverride });
  }

  override extraRepr(): string {
    return `kernel_size=${showSizes(this.kernelSize)}, stride=${showSizes(this.stride)}, padding=${showSizes(this.padding)}`;
  }
}

/** The mean of each window. Shape: [N, C, H, W] -> [N, C, H', W'], with or without N. Source: torch.nn.AvgPool2d. */
export class AvgPool2d extends AvgPool {
  constructor(kernelSize: Sizes, options: AvgPoolOptions = {}) {
    super(2, kernelSize, options);
  }

  forward(input: Tensor): Tensor {
    return this.pool(input, avgPool2d);
  }
}

/** The mean of each window. Shape: [N, C, D, H, W] -> [N, C, D', H', W'], with or without N. Source: torch.nn.AvgPool3d. */
export class AvgPool3d extends AvgPool {
  constructor(kernelSize: Sizes, options: AvgPoolOptions = {}) {
    super(3, kernelSize, options);
  }

  forward(input: Tensor): Tensor {
    return this.pool(input, avgPool3d);
  }
}

abstract class LPPool extends Module {
  readonly normType: number;
  readonly kernelSize: Sizes;
  readonly stride: Sizes | undefined;
  readonly ceilMode: boolean;
  private readonly dims: number;

  constructor(dims: number, normType: number, kernelSize: Sizes, options: LPPoolOptions) {
    super();
    checkOptions(this, { stride: true, ceilMode: true } satisfies OptionNames<LPPoolOptions>, options);
    this.dims = dims;
    this.normType = normType;
    this.kernelSize = kernelSize;
    this.stride = options.stride;
    this.ceilMode = options.ceilMode ?? false;
    expandSizes(kernelSize, dims, this.constructor.name, 'kernelSize', 1);
    expandSizes(this.stride ?? kernelSize, dims, this.constructor.name, 'stride', 1);
  }

  forward(input: Tensor): Tensor {
    return lpPool(this.dims, input, this.normType, this.kernelSize, { stride: this.stride, ceilMode: this.ceilMode });
  }

  override extraRepr(): string {
    const stride = this.stride === undefined ? 'None' : showSizes(this.stride);
    return `norm_type=${pythonFloat(this.normType)}, kernel_size=${showSizes(this.kernelSize)}, stride=${stride}, ceil_mode=${pythonBool(this.ceilMode)}`;
  }
}

/** (sum of x^p)^(1/p) over each window; p = Infinity gives the maximum of |x|. Shape: [N, C, L] -> [N, C, L'], with or without N.
 *  Source: torch.nn.LPPool1d. */
export class LPPool1d extends LPPool {
  constructor(normType: number, kernelSize: Sizes, options: LPPoolOptions = {}) {
    super(1, normType, kernelSize, options);
  }
}

/** (sum of x^p)^(1/p) over each window. Shape: [N, C, H, W] -> [N, C, H', W'], with or without N. Source: torch.nn.LPPool2d. */
export class LPPool2d extends LPPool {
  constructor(normType: number, kernelSize: Sizes, options: LPPoolOptions = {}) {
    super(2, normType, kernelSize, options);
  }
}

/** (sum of x^p)^(1/p) over each window. Shape: [N, C, D, H, W] -> [N, C, D', H', W'], with or without N. Source: torch.nn.LPPool3d. */
export class LPPool3d extends LPPool {
  constructor(normType: number, kernelSize: Sizes, options: LPPoolOptions = {}) {
    super(3, normType, kernelSize, options);
  }
}
