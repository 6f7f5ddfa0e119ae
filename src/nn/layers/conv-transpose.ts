// Transposed convolutions over one, two and three dimensions: the gradient of a convolution as a layer.

import { ShapeError } from '../../errors.ts';
import { convTranspose1d, convTranspose2d, convTranspose3d } from '../../tensor/ops.generated.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import type { OptionNames } from '../layer-options.ts';
import { expandSizes, type Sizes } from '../sizes.ts';
import { Convolution, type ConvolutionOptions } from './convolution.ts';

export interface ConvTransposeOptions extends ConvolutionOptions {
  /** Rows that are left out at each edge of the output; PyTorch's word for it. Default 0. */
  padding?: Sizes;
  /** Rows added at one side of the output, where several input sizes would give it. Default 0. */
  outputPadding?: Sizes;
  /** The only one that there is, as in PyTorch. */
  paddingMode?: 'zeros';
}

const OPTIONS = { padding: true, outputPadding: true, paddingMode: true } satisfies OptionNames<
  Omit<ConvTransposeOptions, keyof ConvolutionOptions>
>;

type Operands = {
  bias: Tensor | undefined;
  stride: readonly number[];
  padding: readonly number[];
  outputPadding: readonly number[];
  groups: number;
  dilation: readonly number[];
};
type ConvolveTransposed = (input: Tensor, weight: Tensor, options: Operands) => Tensor;

abstract class ConvTranspose extends Convolution {
  override readonly padding: readonly number[];
  readonly outputPadding: readonly number[];

  constructor(dims: number, inChannels: number, outChannels: number, kernelSize: Sizes, options: ConvTransposeOptions) {
    super({ dims, inChannels, outChannels, kernelSize, isTransposed: true }, options, OPTIONS);
    const { padding = 0, outputPadding = 0, paddingMode = 'zeros' } = options;
    const layer = this.constructor.name;
    if (paddingMode !== 'zeros')
      throw new RangeError(`Cannot make ${layer}: expected paddingMode "zeros", got "${String(paddingMode)}"`);
    this.padding = expandSizes(padding, dims, layer, 'padding');
    this.outputPadding = expandSizes(outputPadding, dims, layer, 'outputPadding');
  }

  protected convolve(input: Tensor, convolution: ConvolveTransposed, outputSize: Sizes | undefined): Tensor {
    const { weight, bias, stride, padding, groups, dilation } = this;
    const outputPadding = outputSize === undefined ? this.outputPadding : this.paddingFor(input, outputSize);
    return convolution(input, weight, { bias, stride, padding, outputPadding, groups, dilation });
  }

  /** What has to be added for an output of this size.
   *  @throws {ShapeError} for one that the input cannot give. */
  private paddingFor(input: Tensor, outputSize: Sizes): readonly number[] {
    const dims = this.kernelSize.length;
    const all = typeof outputSize === 'number' ? new Array<number>(dims).fill(outputSize) : outputSize;
    const wanted = all.length === input.ndim ? all.slice(-dims) : all;
    const least = this.kernelSize.map(
      (kernel, dim) =>
        (input.size(dim - dims) - 1) * this.stride[dim]! -
        2 * this.padding[dim]! +
        this.dilation[dim]! * (kernel - 1) +
        1,
    );
    const fits = (size: number, dim: number): boolean => size >= least[dim]! && size < least[dim]! + this.stride[dim]!;
    if (wanted.length !== dims || !wanted.every(fits)) {
      const most = least.map((size, dim) => size + this.stride[dim]! - 1);
      throw new ShapeError(
        `Cannot apply ${this.constructor.name}: expected an outputSize from [${least.join(', ')}] to [${most.join(', ')}], got [${all.join(', ')}]`,
      );
    }
    return wanted.map((size, dim) => size - least[dim]!);
  }

  override extraRepr(): string {
    return this.describe({ outputPadding: this.outputPadding, paddingMode: 'zeros' });
  }
}

export interface OutputSizeOptions {
  /** The output's size without N and C: decides `outputPadding`, which is then not used. */
  outputSize?: Sizes;
}

/** Shape: [N, inChannels, L] -> [N, outChannels, L'], with or without N. Source: torch.nn.ConvTranspose1d. */
export class ConvTranspose1d extends ConvTranspose {
  constructor(inChannels: number, outChannels: number, kernelSize: Sizes, options: ConvTransposeOptions = {}) {
    super(1, inChannels, outChannels, kernelSize, options);
  }

  /** @throws {ShapeError} for an output size that the input cannot give. */
  forward(input: Tensor, options: OutputSizeOptions = {}): Tensor {
    return this.convolve(input, convTranspose1d, options.outputSize);
  }
}

/** Shape: [N, inChannels, H, W] -> [N, outChannels, H', W'], H' = (H - 1) stride - 2 padding + dilation (kernel - 1) + outputPadding + 1,
 *  with or without N. Source: torch.nn.ConvTranspose2d. */
export class ConvTranspose2d extends ConvTranspose {
  constructor(inChannels: number, outChannels: number, kernelSize: Sizes, options: ConvTransposeOptions = {}) {
    super(2, inChannels, outChannels, kernelSize, options);
  }

  /** @throws {ShapeError} for an output size that the input cannot give. */
  forward(input: Tensor, options: OutputSizeOptions = {}): Tensor {
    return this.convolve(input, convTranspose2d, options.outputSize);
  }
}

/** Shape: [N, inChannels, D, H, W] -> [N, outChannels, D', H', W'], with or without N. Source: torch.nn.ConvTranspose3d. */
export class ConvTranspose3d extends ConvTranspose {
  constructor(inChannels: number, outChannels: number, kernelSize: Sizes, options: ConvTransposeOptions = {}) {
    super(3, inChannels, outChannels, kernelSize, options);
  }

  /** @throws {ShapeError} for an output size that the input cannot give. */
  forward(input: Tensor, options: OutputSizeOptions = {}): Tensor {
    return this.convolve(input, convTranspose3d, options.outputSize);
  }
}
