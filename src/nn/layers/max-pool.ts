// Maxima over windows, with the places that they come from, and the way back.

import { ShapeError } from '../../errors.ts';
import { maxPool2dWithIndices, maxPool3dWithIndices } from '../../tensor/nn-ops.generated.ts';
import { maxPool1d, maxPool1dWithIndices, maxPool2d, maxPool3d } from '../../tensor/ops.generated.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { maxUnpool } from '../functional/max-unpool.ts';
import { checkOptions, type OptionNames } from '../layer-options.ts';
import { Module } from '../module.ts';
import { pythonBool, pythonTuple } from '../python-repr.ts';
import { expandSizes, type Sizes, showSizes } from '../sizes.ts';

/** Maxima, with their indices where the layer was told to give them. */
export type Pooled<Indices extends boolean> = Indices extends true
  ? readonly [maxima: Tensor, indices: Tensor]
  : Tensor;

export interface MaxPoolOptions<Indices extends boolean = boolean> {
  /** Default: the kernel's size. */
  stride?: Sizes;
  /** Minus infinity around the input, at most half of the kernel. Default 0. */
  padding?: Sizes;
  /** Distance between the elements of a window. Default 1. */
  dilation?: Sizes;
  /** Give the places of the maxima too, for `MaxUnpool`. Default false. */
  returnIndices?: Indices;
  /** Let windows reach over the edge, rather than leave a rest out. Default false. */
  ceilMode?: boolean;
}

const OPTIONS = {
  stride: true,
  padding: true,
  dilation: true,
  returnIndices: true,
  ceilMode: true,
} satisfies OptionNames<MaxPoolOptions>;

type PoolArguments = { stride: Sizes; padding: Sizes; dilation: Sizes; ceilMode: boolean };

abstract class MaxPool<Indices extends boolean> extends Module {
  readonly kernelSize: Sizes;
  readonly stride: Sizes;
  readonly padding: Sizes;
  readonly dilation: Sizes;
  readonly returnIndices: boolean;
  readonly ceilMode: boolean;

  constructor(dims: number, kernelSize: Sizes, options: MaxPoolOptions<Indices>) {
    super();
    checkOptions(this, OPTIONS, options);
    const layer = this.constructor.name;
    this.kernelSize = kernelSize;
    this.stride = options.stride ?? kernelSize;
    this.padding = options.padding ?? 0;
    this.dilation = options.dilation ?? 1;
    this.returnIndices = options.returnIndices ?? false;
    this.ceilMode = options.ceilMode ?? false;
    expandSizes(this.kernelSize, dims, layer, 'kernelSize', 1);
    expandSizes(this.stride, dims, layer, 'stride', 1);
    expandSizes(this.padding, dims, layer, 'padding');
    expandSizes(this.dilation, dims, layer, 'dilation', 1);
  }

  protected pool(
    input: Tensor,
    plain: (input: Tensor, kernelSize: Sizes, options: PoolArguments) => Tensor,
    withIndices: (input: Tensor, kernelSize: Sizes, options: PoolArguments) => readonly [Tensor, Tensor],
  ): Pooled<Indices> {
    const { kernelSize, stride, padding, dilation, ceilMode } = this;
    const pooled = (this.returnIndices ? withIndices : plain)(input, kernelSize, {
      stride,
      padding,
      dilation,
      ceilMode,
    });
    return pooled as Pooled<Indices>; // the type parameter is what the constructor was told
  }

  override extraRepr(): string {
    const sizes = `kernel_size=${showSizes(this.kernelSize)}, stride=${showSizes(this.stride)}, padding=${showSizes(this.padding)}`;
    return `${sizes}, dilation=${showSizes(this.dilation)}, ceil_mode=${pythonBool(this.ceilMode)}`;
  }
}

/** The maximum of each window. Shape: [N, C, L] -> [N, C, L'], with or without N. Source: torch.nn.MaxPool1d. */
export class MaxPool1d<Indices extends boolean = false> extends MaxPool<Indices> {
  constructor(kernelSize: Sizes, options: MaxPoolOptions<Indices> = {}) {
    super(1, kernelSize, options);
  }

  forward(input: Tensor): Pooled<Indices> {
    return this.pool(input, maxPool1d, maxPool1dWithIndices);
  }
}

/** The maximum of each window. Shape: [N, C, H, W] -> [N, C, H', W'], with or without N. Source: torch.nn.MaxPool2d. */
export class MaxPool2d<Indices extends boolean = false> extends MaxPool<Indices> {
  constructor(kernelSize: Sizes, options: MaxPoolOptions<Indices> = {}) {
    super(2, kernelSize, options);
  }

  forward(input: Tensor): Pooled<Indices> {
    return this.pool(input, maxPool2d, maxPool2dWithIndices);
  }
}

/** The maximum of each window. Shape: [N, C, D, H, W] -> [N, C, D', H', W'], with or without N. Source: torch.nn.MaxPool3d. */
export class MaxPool3d<Indices extends boolean = false> extends MaxPool<Indices> {
  constructor(kernelSize: Sizes, options: MaxPoolOptions<Indices> = {}) {
    super(3, kernelSize, options);
  }

  forward(input: Tensor): Pooled<Indices> {
    return this.pool(input, maxPool3d, maxPool3dWithIndices);
  }
}

export interface MaxUnpoolOptions {
  /** Default: the kernel's size. */
  stride?: Sizes;
  /** What the pooling was given. Default 0. */
  padding?: Sizes;
}

abstract class MaxUnpool extends Module {
  readonly kernelSize: readonly number[];
  readonly stride: readonly number[];
  readonly padding: readonly number[];

  constructor(dims: number, kernelSize: Sizes, options: MaxUnpoolOptions) {
    super();
    checkOptions(this, { stride: true, padding: true } satisfies OptionNames<MaxUnpoolOptions>, options);
    const layer = this.constructor.name;
    this.kernelSize = expandSizes(kernelSize, dims, layer, 'kernelSize', 1);
    this.stride = expandSizes(options.stride ?? kernelSize, dims, layer, 'stride', 1);
    this.padding = expandSizes(options.padding ?? 0, dims, layer, 'padding');
  }

  /** Maxima at their places, zeros elsewhere.
   *  @param options.outputSize - where several inputs pool to one size: the input's, with or without N and C.
   *  @throws {ShapeError} for a size that cannot have been the input's. */
  forward(input: Tensor, indices: Tensor, options: { outputSize?: readonly number[] } = {}): Tensor {
    if (String(input.shape) !== String(indices.shape))
      throw new ShapeError(
        `Cannot apply ${this.constructor.name}: expected indices of shape [${input.shape.join(', ')}], got [${indices.shape.join(', ')}]`,
      );
    return maxUnpool(input, indices, this.kernelSize, { ...options, stride: this.stride, padding: this.padding });
  }

  override extraRepr(): string {
    return `kernel_size=${pythonTuple(this.kernelSize)}, stride=${pythonTuple(this.stride)}, padding=${pythonTuple(this.padding)}`;
  }
}

/** The way back from `MaxPool1d`. Shape: [N, C, L'] and its indices -> [N, C, L]. Source: torch.nn.MaxUnpool1d. */
export class MaxUnpool1d extends MaxUnpool {
  constructor(kernelSize: Sizes, options: MaxUnpoolOptions = {}) {
    super(1, kernelSize, options);
  }
}

/** The way back from `MaxPool2d`. Shape: [N, C, H', W'] and its indices -> [N, C, H, W]. Source: torch.nn.MaxUnpool2d. */
export class MaxUnpool2d extends MaxUnpool {
  constructor(kernelSize: Sizes, options: MaxUnpoolOptions = {}) {
    super(2, kernelSize, options);
  }
}

/** The way back from `MaxPool3d`. Shape: [N, C, D', H', W'] and its indices -> [N, C, D, H, W]. Source: torch.nn.MaxUnpool3d. */
export class MaxUnpool3d extends MaxUnpool {
  constructor(kernelSize: Sizes, options: MaxUnpoolOptions = {}) {
    super(3, kernelSize, options);
  }
}
