// What convolutions and transposed convolutions share: parameters, their start, and how they print.

import { empty } from '../../tensor/create.ts';
import { type FactoryOptions, factoryOf } from '../factory.ts';
import { calculateFanInAndFanOut, kaimingUniform_, uniform_ } from '../init.ts';
import { checkOptions, type KnownOptions, type OptionNames } from '../layer-options.ts';
import { Module } from '../module.ts';
import { Parameter } from '../parameter.ts';
import { pythonTuple } from '../python-repr.ts';
import { expandSizes, type Sizes } from '../sizes.ts';

export interface ConvolutionOptions extends FactoryOptions {
  /** Default 1. */
  stride?: Sizes;
  /** Distance between the kernel's elements. Default 1. */
  dilation?: Sizes;
  /** Channels in groups that do not mix. Divides both channel counts. Default 1. */
  groups?: number;
  /** Default true. */
  bias?: boolean;
}

const OPTIONS = {
  stride: true,
  dilation: true,
  groups: true,
  bias: true,
  dtype: true,
  device: true,
} satisfies OptionNames<ConvolutionOptions>;

/** What the constructors of convolutions pass on. */
export interface ConvolutionShape {
  readonly dims: number;
  readonly inChannels: number;
  readonly outChannels: number;
  readonly kernelSize: Sizes;
  readonly isTransposed: boolean;
}

/** Weights and bias start in U(-1/sqrt(fan in), 1/sqrt(fan in)). */
export abstract class Convolution extends Module {
  readonly inChannels: number;
  readonly outChannels: number;
  readonly kernelSize: readonly number[];
  readonly stride: readonly number[];
  readonly dilation: readonly number[];
  readonly groups: number;
  readonly weight: Parameter;
  readonly bias: Parameter | undefined;
  abstract readonly padding: readonly number[] | 'same' | 'valid';

  constructor(shape: ConvolutionShape, options: ConvolutionOptions, more: KnownOptions) {
    super();
    checkOptions(this, { ...OPTIONS, ...more }, options);
    const { dims, inChannels, outChannels } = shape;
    const { stride = 1, dilation = 1, groups = 1, bias = true } = options;
    const layer = this.constructor.name;
    if (!(groups > 0 && inChannels % groups === 0 && outChannels % groups === 0)) {
      throw new RangeError(
        `Cannot make ${layer}: expected groups that divide ${inChannels} and ${outChannels} channels, got ${groups}`,
      );
    }
    this.inChannels = inChannels;
    this.outChannels = outChannels;
    this.kernelSize = expandSizes(shape.kernelSize, dims, layer, 'kernelSize', 1);
    this.stride = expandSizes(stride, dims, layer, 'stride', 1);
    this.dilation = expandSizes(dilation, dims, layer, 'dilation', 1);
    this.groups = groups;
    const channels = shape.isTransposed ? [inChannels, outChannels / groups] : [outChannels, inChannels / groups];
    this.weight = new Parameter(empty([...channels, ...this.kernelSize], factoryOf(options)));
    this.bias = bias ? new Parameter(empty([outChannels], factoryOf(options))) : undefined;
    this.resetParameters();
  }

  resetParameters(): void {
    kaimingUniform_(this.weight, { a: Math.sqrt(5) });
    if (!this.bias) return;
    const { fanIn } = calculateFanInAndFanOut(this.weight);
    const bound = fanIn > 0 ? 1 / Math.sqrt(fanIn) : 0;
    uniform_(this.bias, -bound, bound);
  }

  /** @param more - what a subclass puts between dilation and groups, and at the end. */
  protected describe(more: { outputPadding?: readonly number[]; paddingMode: string }): string {
    const { padding, dilation } = this;
    const parts = [
      `${this.inChannels}, ${this.outChannels}`,
      `kernel_size=${pythonTuple(this.kernelSize)}`,
      `stride=${pythonTuple(this.stride)}`,
    ];
    if (typeof padding === 'string') parts.push(`padding=${padding}`);
    else if (padding.some((size) => size !== 0)) parts.push(`padding=${pythonTuple(padding)}`);
    if (dilation.some((size) => size !== 1)) parts.push(`dilation=${pythonTuple(dilation)}`);
    if (more.outputPadding?.some((size) => size !== 0)) parts.push(`output_padding=${pythonTuple(more.outputPadding)}`);
    if (this.groups !== 1) parts.push(`groups=${this.groups}`);
    if (!this.bias) parts.push('bias=False');
    if (more.paddingMode !== 'zeros') parts.push(`padding_mode=${more.paddingMode}`);
    return parts.join(', ');
  }
}
