// Activations as modules.

import { gelu, silu } from '../../tensor/nn-ops.generated.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { Module } from '../module.ts';

/** max(x, 0). Source: torch.nn.ReLU. */
export class ReLU extends Module {
  readonly inplace: boolean;

  /** @param options.inplace - write the result over the input, which saves its memory. Default false. */
  constructor(options: { inplace?: boolean } = {}) {
    super();
    this.inplace = options.inplace ?? false;
  }

  forward(input: Tensor): Tensor {
    return this.inplace ? input.relu_() : input.relu();
  }

  override extraRepr(): string {
    return this.inplace ? 'inplace=True' : '';
  }
}

/** x * Phi(x). Source: Hendrycks and Gimpel 2016, arXiv:1606.08415; torch.nn.GELU. */
export class GELU extends Module {
  readonly approximate: 'none' | 'tanh';

  /** @param options.approximate - 'tanh' for the fast form. Default 'none'. */
  constructor(options: { approximate?: 'none' | 'tanh' } = {}) {
    super();
    this.approximate = options.approximate ?? 'none';
  }

  forward(input: Tensor): Tensor {
    return gelu(input, { approximate: this.approximate });
  }

  override extraRepr(): string {
    return `approximate='${this.approximate}'`;
  }
}

/** x * sigmoid(x). Source: torch.nn.SiLU. */
export class SiLU extends Module {
  forward(input: Tensor): Tensor {
    return silu(input);
  }
}

export class Sigmoid extends Module {
  forward(input: Tensor): Tensor {
    return input.sigmoid();
  }
}

export class Tanh extends Module {
  forward(input: Tensor): Tensor {
    return input.tanh();
  }
}
