// Pooling over pictures.

import { adaptiveAvgPool2d, avgPool2d } from '../../tensor/nn-ops.generated.ts';
import { maxPool2d } from '../../tensor/ops.generated.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { Module } from '../module.ts';

type Sizes = number | readonly [number, number];

export interface PoolOptions {
  /** Default: the kernel's size. */
  stride?: Sizes;
  /** Default 0. */
  padding?: Sizes;
}

const show = (sizes: Sizes): string => (typeof sizes === 'number' ? String(sizes) : `(${sizes.join(', ')})`);

abstract class Pool2d extends Module {
  readonly kernelSize: Sizes;
  readonly stride: Sizes;
  readonly padding: Sizes;

  constructor(kernelSize: Sizes, options: PoolOptions = {}) {
    super();
    this.kernelSize = kernelSize;
    this.stride = options.stride ?? kernelSize;
    this.padding = options.padding ?? 0;
  }

  override extraRepr(): string {
    return `kernel_size=${show(this.kernelSize)}, stride=${show(this.stride)}, padding=${show(this.padding)}`;
  }
}

/** The maximum of each window. Shape: [N, C, H, W] -> [N, C, H', W']. Source: torch.nn.MaxPool2d. */
export class MaxPool2d extends Pool2d {
  forward(input: Tensor): Tensor {
    return maxPool2d(input, this.kernelSize, { stride: this.stride, padding: this.padding });
  }

  override extraRepr(): string {
    return `${super.extraRepr()}, dilation=1, ceil_mode=False`;
  }
}

/** The mean of each window. Shape: [N, C, H, W] -> [N, C, H', W']. Source: torch.nn.AvgPool2d. */
export class AvgPool2d extends Pool2d {
  forward(input: Tensor): Tensor {
    return avgPool2d(input, this.kernelSize, { stride: this.stride, padding: this.padding });
  }
}

/** Means over windows that divide the picture into `outputSize`. Shape: [N, C, H, W] -> [N, C, *outputSize]. Source: torch.nn.AdaptiveAvgPool2d. */
export class AdaptiveAvgPool2d extends Module {
  readonly outputSize: Sizes;

  constructor(outputSize: Sizes) {
    super();
    this.outputSize = outputSize;
  }

  forward(input: Tensor): Tensor {
    return adaptiveAvgPool2d(
      input,
      typeof this.outputSize === 'number' ? [this.outputSize, this.outputSize] : this.outputSize,
    );
  }

  override extraRepr(): string {
    return `output_size=${show(this.outputSize)}`;
  }
}
