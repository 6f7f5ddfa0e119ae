// Softmax and its relatives as modules.

import { ShapeError } from '../../errors.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { Module } from '../module.ts';

abstract class AlongDim extends Module {
  readonly dim: number;

  /** @param dim - the dimension whose elements sum to one. */
  constructor(dim: number) {
    super();
    if (!Number.isInteger(dim))
      throw new TypeError(`Cannot make ${this.constructor.name}: expected a dimension, got ${String(dim)}`);
    this.dim = dim;
  }

  override extraRepr(): string {
    return `dim=${this.dim}`;
  }
}

/** exp(x_i) / sum_j exp(x_j) along a dimension. Shape: any, unchanged. Source: torch.nn.Softmax. */
export class Softmax extends AlongDim {
  forward(input: Tensor): Tensor {
    return input.softmax(this.dim);
  }
}

/** log(softmax(x)), without overflow. Shape: any, unchanged. Source: torch.nn.LogSoftmax. */
export class LogSoftmax extends AlongDim {
  forward(input: Tensor): Tensor {
    return input.logSoftmax(this.dim);
  }
}

/** softmax(-x). Shape: any, unchanged. Source: torch.nn.Softmin. */
export class Softmin extends AlongDim {
  forward(input: Tensor): Tensor {
    return input.neg().softmax(this.dim);
  }
}

/** Softmax over the channels of a picture. Shape: [N, C, H, W] or [C, H, W], unchanged. Source: torch.nn.Softmax2d. */
export class Softmax2d extends Module {
  /** @throws {ShapeError} for other dimensions. */
  forward(input: Tensor): Tensor {
    if (input.ndim !== 3 && input.ndim !== 4)
      throw new ShapeError(`Cannot apply Softmax2d: expected 3 or 4 dimensions, got [${input.shape.join(', ')}]`);
    return input.softmax(-3);
  }
}
