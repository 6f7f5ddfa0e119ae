// Pooling over windows that divide the input into so many parts, and over windows drawn at random.

import {
  adaptiveAvgPool2d,
  adaptiveAvgPool3d,
  adaptiveMaxPool2d,
  adaptiveMaxPool3d,
} from '../../tensor/nn-ops.generated.ts';
import { adaptiveAvgPool1d, adaptiveMaxPool1d } from '../../tensor/ops.generated.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { type FractionalMaxPoolCall, fractionalMaxPool, fractionalSize } from '../functional/fractional-max-pool.ts';
import { checkOptions, type OptionNames } from '../layer-options.ts';
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
    checkOptions(this, { returnIndices: true } satisfies OptionNames<IndicesOptions>, options);
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

export interface FractionalMaxPoolOptions<Indices extends boolean = boolean>
  extends IndicesOptions<Indices>,
    FractionalMaxPoolCall {}

const FRACTIONAL = {
  outputSize: true,
  outputRatio: true,
  returnIndices: true,
} satisfies OptionNames<FractionalMaxPoolOptions>;

abstract class FractionalMaxPool<Indices extends boolean> extends Module {
  readonly kernelSize: readonly number[];
  readonly outputSize: readonly number[] | undefined;
  readonly outputRatio: readonly number[] | undefined;
  readonly returnIndices: boolean;

  constructor(dims: number, kernelSize: Sizes, options: FractionalMaxPoolOptions<Indices>) {
    super();
    const layer = this.constructor.name;
    checkOptions(this, FRACTIONAL, options);
    const { returnIndices = false } = options;
    const { size, ratio } = fractionalSize(`make ${layer}`, dims, options);
    this.kernelSize = expandSizes(kernelSize, dims, layer, 'kernelSize', 1);
    this.outputSize = size;
    this.outputRatio = ratio;
    this.returnIndices = returnIndices;
  }

  forward(input: Tensor): Pooled<Indices> {
    const output = { size: this.outputSize, ratio: this.outputRatio };
    const pooled = fractionalMaxPool(input, this.kernelSize, output);
    return (this.returnIndices ? pooled : pooled[0]) as Pooled<Indices>; // the type parameter is what the constructor was told
  }
}

/** The maximum of windows whose places are drawn at random. Shape: [N, C, H, W] -> [N, C, H', W'], with or without N.
 *  Source: Graham 2014, arXiv:1412.6071; torch.nn.FractionalMaxPool2d. */
export class FractionalMaxPool2d<Indices extends boolean = false> extends FractionalMaxPool<Indices> {
  constructor(kernelSize: Sizes, options: FractionalMaxPoolOptions<Indices>) {
    super(2, kernelSize, options);
  }
}

/** The maximum of windows whose places are drawn at random. Shape: [N, C, D, H, W] -> [N, C, D', H', W'], with or without N.
 *  Source: Graham 2014, arXiv:1412.6071; torch.nn.FractionalMaxPool3d. */
export class FractionalMaxPool3d<Indices extends boolean = false> extends FractionalMaxPool<Indices> {
  constructor(kernelSize: Sizes, options: FractionalMaxPoolOptions<Indices>) {
    super(3, kernelSize, options);
  }
}
