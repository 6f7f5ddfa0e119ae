// Convolutions over one, two and three dimensions.

import { pad } from '../../tensor/nn-ops.generated.ts';
import { conv1d, conv2d, conv3d } from '../../tensor/ops.generated.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import type { OptionNames } from '../layer-options.ts';
import { expandSizes, type Sizes } from '../sizes.ts';
import { Convolution, type ConvolutionOptions } from './convolution.ts';

export interface ConvOptions extends ConvolutionOptions {
  /** Around the input, or 'same' for an output of the input's size (stride 1). Default 0. */
  padding?: Sizes | 'same' | 'valid';
  /** What the padding holds: zeros, the input mirrored, its edge, or its other end. Default 'zeros'. */
  paddingMode?: PaddingMode;
}

const OPTIONS = { padding: true, paddingMode: true } satisfies OptionNames<Omit<ConvOptions, keyof ConvolutionOptions>>;

const PADDING_MODES = ['zeros', 'reflect', 'replicate', 'circular'] as const;
type PaddingMode = (typeof PADDING_MODES)[number];

type Operands = { bias: Tensor | undefined; stride: readonly number[]; dilation: readonly number[]; groups: number };
type Convolve = (
  input: Tensor,
  weight: Tensor,
  options: Operands & { padding: number | readonly number[] | string },
) => Tensor;

abstract class Conv extends Convolution {
  override readonly padding: readonly number[] | 'same' | 'valid';
  readonly paddingMode: PaddingMode;

  constructor(dims: number, inChannels: number, outChannels: number, kernelSize: Sizes, options: ConvOptions) {
    super({ dims, inChannels, outChannels, kernelSize, isTransposed: false }, options, OPTIONS);
    const { padding = 0, paddingMode = 'zeros' } = options;
    const layer = this.constructor.name;
    if (typeof padding === 'string' && padding !== 'same' && padding !== 'valid')
      throw new RangeError(
        `Cannot make ${layer}: expected padding of numbers, "same" or "valid", got "${String(padding)}"`,
      );
    if (padding === 'same' && this.stride.some((step) => step !== 1))
      throw new RangeError(
        `Cannot make ${layer}: expected stride 1 with padding "same", got [${this.stride.join(', ')}]`,
      );
    if (!PADDING_MODES.includes(paddingMode))
      throw new RangeError(
        `Cannot make ${layer}: expected paddingMode of ${PADDING_MODES.join(', ')}, got "${String(paddingMode)}"`,
      );
    this.padding = typeof padding === 'string' ? padding : expandSizes(padding, dims, layer, 'padding');
    this.paddingMode = paddingMode;
  }

  /** Before and after each dimension, the last dimension first, as `pad` takes it. */
  private margins(): number[] {
    const { padding } = this;
    return this.kernelSize
      .map((kernel, dim) => {
        if (padding === 'valid') return [0, 0];
        if (padding !== 'same') return [padding[dim]!, padding[dim]!];
        const total = this.dilation[dim]! * (kernel - 1);
        return [Math.floor(total / 2), total - Math.floor(total / 2)];
      })
      .reverse()
      .flat();
  }

  protected convolve(input: Tensor, convolution: Convolve): Tensor {
    const { weight, bias, stride, dilation, groups, padding } = this;
    if (this.paddingMode === 'zeros') return convolution(input, weight, { bias, stride, padding, dilation, groups });
    const padded = pad(input, this.margins(), { mode: this.paddingMode });
    return convolution(padded, weight, { bias, stride, padding: 0, dilation, groups });
  }

  override extraRepr(): string {
    return this.describe({ paddingMode: this.paddingMode });
  }
}

/** Shape: [N, inChannels, L] -> [N, outChannels, L'], with or without N. Source: torch.nn.Conv1d. */
export class Conv1d extends Conv {
  constructor(inChannels: number, outChannels: number, kernelSize: Sizes, options: ConvOptions = {}) {
    super(1, inChannels, outChannels, kernelSize, options);
  }

  forward(input: Tensor): Tensor {
    return this.convolve(input, conv1d);
  }
}

/** Shape: [N, inChannels, H, W] -> [N, outChannels, H', W'], H' = floor((H + 2 padding - dilation (kernel - 1) - 1) / stride + 1), with or without N.
 *  Source: torch.nn.Conv2d. */
export class Conv2d extends Conv {
  constructor(inChannels: number, outChannels: number, kernelSize: Sizes, options: ConvOptions = {}) {
    super(2, inChannels, outChannels, kernelSize, options);
  }

  forward(input: Tensor): Tensor {
    return this.convolve(input, conv2d);
  }
}

/** Shape: [N, inChannels, D, H, W] -> [N, outChannels, D', H', W'], with or without N. Source: torch.nn.Conv3d. */
export class Conv3d extends Conv {
  constructor(inChannels: number, outChannels: number, kernelSize: Sizes, options: ConvOptions = {}) {
    super(3, inChannels, outChannels, kernelSize, options);
  }

  forward(input: Tensor): Tensor {
    return this.convolve(input, conv3d);
  }
}
