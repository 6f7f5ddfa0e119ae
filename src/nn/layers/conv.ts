// Convolutions over one, two and three dimensions.

import { empty } from '../../tensor/create.ts';
import { conv1d, conv2d, conv3d } from '../../tensor/ops.generated.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { calculateFanInAndFanOut, kaimingUniform_, uniform_ } from '../init.ts';
import { Module } from '../module.ts';
import { Parameter } from '../parameter.ts';
import { pythonTuple } from '../python-repr.ts';

/** One number for every dimension, or one a dimension. */
type Sizes = number | readonly number[];

export interface ConvOptions {
  /** Default 1. */
  stride?: Sizes;
  /** Zeros around the input, or 'same' for an output of the input's size (stride 1). Default 0. */
  padding?: Sizes | 'same' | 'valid';
  /** Distance between the kernel's elements. Default 1. */
  dilation?: Sizes;
  /** Channels in groups that do not mix. Divides both channel counts. Default 1. */
  groups?: number;
  /** Default true. */
  bias?: boolean;
}

function spread(size: Sizes, dims: number, name: string): readonly number[] {
  if (typeof size === 'number') return new Array<number>(dims).fill(size);
  if (size.length !== dims)
    throw new RangeError(`Cannot make a convolution: expected ${dims} numbers for ${name}, got [${size.join(', ')}]`);
  return size;
}

type ConvolutionOptions = {
  bias: Tensor | undefined;
  stride: readonly number[];
  padding: readonly number[];
  dilation: readonly number[];
  groups: number;
};
type Convolution = (input: Tensor, weight: Tensor, options: ConvolutionOptions) => Tensor;
type PaddedConvolution = (
  input: Tensor,
  weight: Tensor,
  options: Omit<ConvolutionOptions, 'padding'> & { padding: string },
) => Tensor;

abstract class Conv extends Module {
  readonly inChannels: number;
  readonly outChannels: number;
  readonly kernelSize: readonly number[];
  readonly stride: readonly number[];
  readonly padding: readonly number[] | 'same' | 'valid';
  readonly dilation: readonly number[];
  readonly groups: number;
  readonly weight: Parameter;
  readonly bias: Parameter | undefined;

  constructor(dims: number, inChannels: number, outChannels: number, kernelSize: Sizes, options: ConvOptions) {
    super();
    const { stride = 1, padding = 0, dilation = 1, groups = 1, bias = true } = options;
    if (!(groups > 0 && inChannels % groups === 0 && outChannels % groups === 0)) {
      throw new RangeError(
        `Cannot make a convolution: expected groups that divide ${inChannels} and ${outChannels} channels, got ${groups}`,
      );
    }
    this.inChannels = inChannels;
    this.outChannels = outChannels;
    this.kernelSize = spread(kernelSize, dims, 'kernelSize');
    this.stride = spread(stride, dims, 'stride');
    this.padding = typeof padding === 'string' ? padding : spread(padding, dims, 'padding');
    this.dilation = spread(dilation, dims, 'dilation');
    this.groups = groups;
    if (this.padding === 'same' && this.stride.some((step) => step !== 1)) {
      throw new RangeError(
        `Cannot make a convolution: expected stride 1 with padding "same", got [${this.stride.join(', ')}]`,
      );
    }
    this.weight = new Parameter(empty([outChannels, inChannels / groups, ...this.kernelSize]));
    this.bias = bias ? new Parameter(empty([outChannels])) : undefined;
    this.resetParameters();
  }

  resetParameters(): void {
    kaimingUniform_(this.weight, { a: Math.sqrt(5) });
    if (!this.bias) return;
    const { fanIn } = calculateFanInAndFanOut(this.weight);
    if (fanIn !== 0) uniform_(this.bias, -1 / Math.sqrt(fanIn), 1 / Math.sqrt(fanIn));
  }

  protected convolve(input: Tensor, convolution: Convolution & PaddedConvolution): Tensor {
    const { bias, stride, dilation, groups, padding } = this;
    return typeof padding === 'string'
      ? convolution(input, this.weight, { bias, stride, padding, dilation, groups })
      : convolution(input, this.weight, { bias, stride, padding, dilation, groups });
  }

  override extraRepr(): string {
    const parts = [
      `${this.inChannels}, ${this.outChannels}`,
      `kernel_size=${pythonTuple(this.kernelSize)}`,
      `stride=${pythonTuple(this.stride)}`,
    ];
    if (typeof this.padding === 'string') parts.push(`padding=${this.padding}`);
    else if (this.padding.some((size) => size !== 0)) parts.push(`padding=${pythonTuple(this.padding)}`);
    if (this.dilation.some((size) => size !== 1)) parts.push(`dilation=${pythonTuple(this.dilation)}`);
    if (this.groups !== 1) parts.push(`groups=${this.groups}`);
    if (!this.bias) parts.push('bias=False');
    return parts.join(', ');
  }
}

/** Shape: [N, inChannels, L] -> [N, outChannels, L']. Source: torch.nn.Conv1d. */
export class Conv1d extends Conv {
  constructor(inChannels: number, outChannels: number, kernelSize: Sizes, options: ConvOptions = {}) {
    super(1, inChannels, outChannels, kernelSize, options);
  }

  forward(input: Tensor): Tensor {
    return this.convolve(input, conv1d);
  }
}

/** Shape: [N, inChannels, H, W] -> [N, outChannels, H', W'], H' = floor((H + 2 padding - dilation (kernel - 1) - 1) / stride + 1).
 *  Weights start in U(-1/sqrt(fan in), 1/sqrt(fan in)). Source: torch.nn.Conv2d. */
export class Conv2d extends Conv {
  constructor(inChannels: number, outChannels: number, kernelSize: Sizes, options: ConvOptions = {}) {
    super(2, inChannels, outChannels, kernelSize, options);
  }

  forward(input: Tensor): Tensor {
    return this.convolve(input, conv2d);
  }
}

/** Shape: [N, inChannels, D, H, W] -> [N, outChannels, D', H', W']. Source: torch.nn.Conv3d. */
export class Conv3d extends Conv {
  constructor(inChannels: number, outChannels: number, kernelSize: Sizes, options: ConvOptions = {}) {
    super(3, inChannels, outChannels, kernelSize, options);
  }

  forward(input: Tensor): Tensor {
    return this.convolve(input, conv3d);
  }
}
