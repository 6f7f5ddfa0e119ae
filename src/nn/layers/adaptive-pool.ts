// Pooling over windows that divide the input into so many parts, and over windows drawn at random.

import { rand } from '../../tensor/create.ts';
import {
  adaptiveAvgPool2d,
  adaptiveAvgPool3d,
  adaptiveMaxPool2d,
  adaptiveMaxPool3d,
  fractionalMaxPool2d,
  fractionalMaxPool3d,
} from '../../tensor/nn-ops.generated.ts';
import { adaptiveAvgPool1d, adaptiveMaxPool1d } from '../../tensor/ops.generated.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { Module } from '../module.ts';
import { expandSizes, type Sizes } from '../sizes.ts';
import type { Pooled } from './max-pool.ts';

/** One number for every dimension, or one a dimension; undefined keeps the input's size. */
type OutputSizes = number | readonly (number | undefined)[];

abstract class AdaptivePool extends Module {
  readonly outputSize: OutputSizes;
  private readonly dims: number;

  constructor(dims: number, outputSize: OutputSizes) {
    super();
    this.dims = dims;
    this.outputSize = outputSize;
    const known = typeof outputSize === 'number' ? outputSize : outputSize.map((size) => size ?? 0);
    expandSizes(known, dims, this.constructor.name, 'outputSize');
  }

  protected sizesFor(input: Tensor): readonly number[] {
    const { outputSize } = this;
    const sizes = typeof outputSize === 'number' ? new Array<number>(this.dims).fill(outputSize) : outputSize;
    return sizes.map((size, dim) => size ?? input.size(dim - this.dims));
  }

  override extraRepr(): string {
    const { outputSize } = this;
    if (typeof outputSize === 'number') return `output_size=${outputSize}`;
    const shown = outputSize.map((size) => size ?? 'None');
    return `output_size=(${shown.join(', ')}${shown.length === 1 ? ',' : ''})`;
  }
}

/** Shape: [N, C, L] -> [N, C, *outputSize], with or without N. Source: torch.nn.AdaptiveAvgPool1d. */
export class AdaptiveAvgPool1d extends AdaptivePool {
  constructor(outputSize: OutputSizes) {
    super(1, outputSize);
  }

  forward(input: Tensor): Tensor {
    return adaptiveAvgPool1d(input, this.sizesFor(input));
  }
}

/** Shape: [N, C, H, W] -> [N, C, *outputSize], with or without N. Source: torch.nn.AdaptiveAvgPool2d. */
export class AdaptiveAvgPool2d extends AdaptivePool {
  constructor(outputSize: OutputSizes) {
    super(2, outputSize);
  }

  forward(input: Tensor): Tensor {
    return adaptiveAvgPool2d(input, this.sizesFor(input));
  }
}

/** Shape: [N, C, D, H, W] -> [N, C, *outputSize], with or without N. Source: torch.nn.AdaptiveAvgPool3d. */
export class AdaptiveAvgPool3d extends AdaptivePool {
  constructor(outputSize: OutputSizes) {
    super(3, outputSize);
  }

  forward(input: Tensor): Tensor {
    return adaptiveAvgPool3d(input, this.sizesFor(input));
  }
}

export interface IndicesOptions<Indices extends boolean = boolean> {
  /** Give the places of the maxima too. Default false. */
  returnIndices?: Indices;
}

abstract class AdaptiveMaxPool<Indices extends boolean> extends AdaptivePool {
  readonly returnIndices: boolean;

  constructor(dims: number, outputSize: OutputSizes, options: IndicesOptions<Indices>) {
    super(dims, outputSize);
    this.returnIndices = options.returnIndices ?? false;
  }

  protected pick(pooled: readonly [Tensor, Tensor]): Pooled<Indices> {
    return (this.returnIndices ? pooled : pooled[0]) as Pooled<Indices>; // the type parameter is what the constructor was told
  }
}

/** Shape: [N, C, L] -> [N, C, *outputSize], with or without N. Source: torch.nn.AdaptiveMaxPool1d. */
export class AdaptiveMaxPool1d<Indices extends boolean = false> extends AdaptiveMaxPool<Indices> {
  constructor(outputSize: OutputSizes, options: IndicesOptions<Indices> = {}) {
    super(1, outputSize, options);
  }

  forward(input: Tensor): Pooled<Indices> {
    return this.pick(adaptiveMaxPool1d(input, this.sizesFor(input)));
  }
}

/** Shape: [N, C, H, W] -> [N, C, *outputSize], with or without N. Source: torch.nn.AdaptiveMaxPool2d. */
export class AdaptiveMaxPool2d<Indices extends boolean = false> extends AdaptiveMaxPool<Indices> {
  constructor(outputSize: OutputSizes, options: IndicesOptions<Indices> = {}) {
    super(2, outputSize, options);
  }

  forward(input: Tensor): Pooled<Indices> {
    return this.pick(adaptiveMaxPool2d(input, this.sizesFor(input)));
  }
}

/** Shape: [N, C, D, H, W] -> [N, C, *outputSize], with or without N. Source: torch.nn.AdaptiveMaxPool3d. */
export class AdaptiveMaxPool3d<Indices extends boolean = false> extends AdaptiveMaxPool<Indices> {
  constructor(outputSize: OutputSizes, options: IndicesOptions<Indices> = {}) {
    super(3, outputSize, options);
  }

  forward(input: Tensor): Pooled<Indices> {
    return this.pick(adaptiveMaxPool3d(input, this.sizesFor(input)));
  }
}

export interface FractionalMaxPoolOptions<Indices extends boolean = boolean> extends IndicesOptions<Indices> {
  /** The output's size; either this or `outputRatio`. */
  outputSize?: Sizes;
  /** The output's size as a share of the input's, between 0 and 1. */
  outputRatio?: number | readonly number[];
}

abstract class FractionalMaxPool<Indices extends boolean> extends Module {
  readonly kernelSize: readonly number[];
  readonly outputSize: readonly number[] | undefined;
  readonly outputRatio: readonly number[] | undefined;
  readonly returnIndices: boolean;

  constructor(dims: number, kernelSize: Sizes, options: FractionalMaxPoolOptions<Indices>) {
    super();
    const layer = this.constructor.name;
    const { outputSize, outputRatio, returnIndices = false } = options;
    if ((outputSize === undefined) === (outputRatio === undefined))
      throw new TypeError(
        `Cannot make ${layer}: expected either outputSize or outputRatio, got ${outputSize === undefined ? 'none' : 'both'}`,
      );
    this.kernelSize = expandSizes(kernelSize, dims, layer, 'kernelSize', 1);
    this.outputSize = outputSize === undefined ? undefined : expandSizes(outputSize, dims, layer, 'outputSize', 1);
    this.outputRatio = typeof outputRatio === 'number' ? new Array<number>(dims).fill(outputRatio) : outputRatio;
    if (this.outputRatio?.length !== (this.outputRatio && dims) || this.outputRatio?.some((x) => !(x > 0 && x < 1)))
      throw new RangeError(
        `Cannot make ${layer}: expected ${dims} outputRatio between 0 and 1, got [${this.outputRatio?.join(', ')}]`,
      );
    this.returnIndices = returnIndices;
  }

  protected pool(input: Tensor, operator: typeof fractionalMaxPool2d): Pooled<Indices> {
    const dims = this.kernelSize.length;
    const size = this.outputSize ?? this.outputRatio!.map((ratio, dim) => Math.trunc(input.size(dim - dims) * ratio));
    const batch = input.ndim === dims + 1 ? 1 : input.size(0);
    const samples = rand([batch, input.size(-dims - 1), dims], { dtype: input.dtype, device: input.device });
    const pooled = operator(input, this.kernelSize, size, samples);
    return (this.returnIndices ? pooled : pooled[0]) as Pooled<Indices>; // the type parameter is what the constructor was told
  }
}

/** The maximum of windows whose places are drawn at random. Shape: [N, C, H, W] -> [N, C, H', W'], with or without N.
 *  Source: Graham 2014, arXiv:1412.6071; torch.nn.FractionalMaxPool2d. */
export class FractionalMaxPool2d<Indices extends boolean = false> extends FractionalMaxPool<Indices> {
  constructor(kernelSize: Sizes, options: FractionalMaxPoolOptions<Indices>) {
    super(2, kernelSize, options);
  }

  forward(input: Tensor): Pooled<Indices> {
    return this.pool(input, fractionalMaxPool2d);
  }
}

/** The maximum of windows whose places are drawn at random. Shape: [N, C, D, H, W] -> [N, C, D', H', W'], with or without N.
 *  Source: Graham 2014, arXiv:1412.6071; torch.nn.FractionalMaxPool3d. */
export class FractionalMaxPool3d<Indices extends boolean = false> extends FractionalMaxPool<Indices> {
  constructor(kernelSize: Sizes, options: FractionalMaxPoolOptions<Indices>) {
    super(3, kernelSize, options);
  }

  forward(input: Tensor): Pooled<Indices> {
    return this.pool(input, fractionalMaxPool3d);
  }
}
