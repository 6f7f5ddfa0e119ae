// Layers that change nothing but the shape: none of it, dimensions joined and split, windows cut out and put back.

import { col2im, im2col } from '../../tensor/nn-ops.generated.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import type { FoldOptions } from '../functional/fold.ts';
import { checkOptions, type OptionNames } from '../layer-options.ts';
import { Module } from '../module.ts';
import { expandSizes, type Sizes, showSizes } from '../sizes.ts';

/** Gives its input. Source: torch.nn.Identity. */
export class Identity extends Module {
  forward(input: Tensor): Tensor {
    return input;
  }
}

/** Joins dimensions. Shape: [N, a, b, …] -> [N, a * b * …] by default. Source: torch.nn.Flatten. */
export class Flatten extends Module {
  readonly startDim: number;
  readonly endDim: number;

  /** @param options.startDim - default 1.  @param options.endDim - the last that is joined. Default -1. */
  constructor(options: { startDim?: number; endDim?: number } = {}) {
    super();
    checkOptions(this, { startDim: true, endDim: true }, options);
    this.startDim = options.startDim ?? 1;
    this.endDim = options.endDim ?? -1;
  }

  forward(input: Tensor): Tensor {
    return input.flatten({ startDim: this.startDim, endDim: this.endDim });
  }

  override extraRepr(): string {
    return `start_dim=${this.startDim}, end_dim=${this.endDim}`;
  }
}

/** Splits a dimension. Shape: [..., n, ...] -> [..., *unflattenedSize, ...]. Source: torch.nn.Unflatten. */
export class Unflatten extends Module {
  readonly dim: number;
  readonly unflattenedSize: readonly number[];

  /** @param unflattenedSize - one of them may be -1, for the rest. */
  constructor(dim: number, unflattenedSize: readonly number[]) {
    super();
    if (!Array.isArray(unflattenedSize) || !unflattenedSize.every(Number.isInteger))
      throw new TypeError(
        `Cannot make Unflatten: expected integers for unflattenedSize, got ${String(unflattenedSize)}`,
      );
    this.dim = dim;
    this.unflattenedSize = [...unflattenedSize];
  }

  forward(input: Tensor): Tensor {
    return input.unflatten(this.dim, this.unflattenedSize);
  }

  override extraRepr(): string {
    return `dim=${this.dim}, unflattened_size=${showSizes(this.unflattenedSize)}`;
  }
}

abstract class Windows extends Module {
  readonly kernelSize: Sizes;
  readonly dilation: Sizes;
  readonly padding: Sizes;
  readonly stride: Sizes;

  constructor(kernelSize: Sizes, options: FoldOptions) {
    super();
    checkOptions(this, { dilation: true, padding: true, stride: true } satisfies OptionNames<FoldOptions>, options);
    this.kernelSize = kernelSize;
    this.dilation = options.dilation ?? 1;
    this.padding = options.padding ?? 0;
    this.stride = options.stride ?? 1;
    this.arguments();
  }

  /** In the order of the operators. */
  protected arguments(): readonly [readonly number[], readonly number[], readonly number[], readonly number[]] {
    const layer = this.constructor.name;
    return [
      expandSizes(this.kernelSize, 2, layer, 'kernelSize', 1),
      expandSizes(this.dilation, 2, layer, 'dilation', 1),
      expandSizes(this.padding, 2, layer, 'padding'),
      expandSizes(this.stride, 2, layer, 'stride', 1),
    ];
  }

  override extraRepr(): string {
    const { kernelSize, dilation, padding, stride } = this;
    return `kernel_size=${showSizes(kernelSize)}, dilation=${showSizes(dilation)}, padding=${showSizes(padding)}, stride=${showSizes(stride)}`;
  }
}

/** Every window of a picture as a column. Shape: [N, C, H, W] -> [N, C * kernel, windows], with or without N. Source: torch.nn.Unfold. */
export class Unfold extends Windows {
  constructor(kernelSize: Sizes, options: FoldOptions = {}) {
    super(kernelSize, options);
  }

  forward(input: Tensor): Tensor {
    return im2col(input, ...this.arguments());
  }
}

/** Columns put back as windows of a picture; where they lie on each other they are added.
 *  Shape: [N, C * kernel, windows] -> [N, C, *outputSize], with or without N. Source: torch.nn.Fold. */
export class Fold extends Windows {
  readonly outputSize: Sizes;

  constructor(outputSize: Sizes, kernelSize: Sizes, options: FoldOptions = {}) {
    super(kernelSize, options);
    this.outputSize = outputSize;
    expandSizes(outputSize, 2, 'Fold', 'outputSize', 1);
  }

  forward(input: Tensor): Tensor {
    return col2im(input, expandSizes(this.outputSize, 2, 'Fold', 'outputSize', 1), ...this.arguments());
  }

  override extraRepr(): string {
    return `output_size=${showSizes(this.outputSize)}, ${super.extraRepr()}`;
  }
}
