// Smooth activations as modules.

import {
  gelu,
  glu,
  hardsigmoid,
  hardsigmoid_,
  hardswish,
  hardswish_,
  logSigmoid,
  mish,
  mish_,
  silu,
  silu_,
  softplus,
} from '../../tensor/nn-ops.generated.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { checkOptions, type OptionNames } from '../layer-options.ts';
import { Module } from '../module.ts';
import { pythonFloat } from '../python-repr.ts';

export interface InplaceOptions {
  /** Write the result over the input, which saves its memory. Default false. */
  inplace?: boolean;
}

const INPLACE = { inplace: true } satisfies OptionNames<InplaceOptions>;

/** An activation without numbers of its own, that may work in place. */
abstract class InplaceActivation extends Module {
  readonly inplace: boolean;

  constructor(options: InplaceOptions = {}) {
    super();
    checkOptions(this, INPLACE, options);
    this.inplace = options.inplace ?? false;
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
    checkOptions(this, { approximate: true }, options);
    this.approximate = options.approximate ?? 'none';
    if (this.approximate !== 'none' && this.approximate !== 'tanh')
      throw new RangeError(
        `Cannot make GELU: expected approximate "none" or "tanh", got "${String(this.approximate)}"`,
      );
  }

  forward(input: Tensor): Tensor {
    return gelu(input, { approximate: this.approximate });
  }

  override extraRepr(): string {
    return `approximate='${this.approximate}'`;
  }
}

/** x * sigmoid(x). Source: Elfwing et al. 2017, arXiv:1702.03118; torch.nn.SiLU. */
export class SiLU extends InplaceActivation {
  forward(input: Tensor): Tensor {
    return this.inplace ? silu_(input) : silu(input);
  }
}

/** x * tanh(softplus(x)). Source: Misra 2019, arXiv:1908.08681; torch.nn.Mish. */
export class Mish extends InplaceActivation {
  forward(input: Tensor): Tensor {
    return this.inplace ? mish_(input) : mish(input);
  }
}

/** x * clamp(x / 6 + 1/2, 0, 1). Source: Howard et al. 2019, arXiv:1905.02244; torch.nn.Hardswish. */
export class Hardswish extends InplaceActivation {
  forward(input: Tensor): Tensor {
    return this.inplace ? hardswish_(input) : hardswish(input);
  }

  /** PyTorch prints nothing here. */
  override extraRepr(): string {
    return '';
  }
}

/** clamp(x / 6 + 1/2, 0, 1). Source: torch.nn.Hardsigmoid. */
export class Hardsigmoid extends InplaceActivation {
  forward(input: Tensor): Tensor {
    return this.inplace ? hardsigmoid_(input) : hardsigmoid(input);
  }

  /** PyTorch prints nothing here. */
  override extraRepr(): string {
    return '';
  }
}

/** 1 / (1 + exp(-x)). Source: torch.nn.Sigmoid. */
export class Sigmoid extends Module {
  forward(input: Tensor): Tensor {
    return input.sigmoid();
  }
}

/** Source: torch.nn.Tanh. */
export class Tanh extends Module {
  forward(input: Tensor): Tensor {
    return input.tanh();
  }
}

/** log(sigmoid(x)), without overflow. Source: torch.nn.LogSigmoid. */
export class LogSigmoid extends Module {
  forward(input: Tensor): Tensor {
    return logSigmoid(input);
  }
}

/** log(1 + exp(beta x)) / beta; x itself where beta x is above the threshold. Source: torch.nn.Softplus. */
export class Softplus extends Module {
  readonly beta: number;
  readonly threshold: number;

  /** @param options.beta - default 1.  @param options.threshold - default 20. */
  constructor(options: { beta?: number; threshold?: number } = {}) {
    super();
    checkOptions(this, { beta: true, threshold: true }, options);
    this.beta = options.beta ?? 1;
    this.threshold = options.threshold ?? 20;
  }

  forward(input: Tensor): Tensor {
    return softplus(input, { beta: this.beta, threshold: this.threshold });
  }

  override extraRepr(): string {
    return `beta=${pythonFloat(this.beta)}, threshold=${pythonFloat(this.threshold)}`;
  }
}

/** x / (1 + |x|). Source: torch.nn.Softsign. */
export class Softsign extends Module {
  forward(input: Tensor): Tensor {
    return input.div(input.abs().add(1));
  }
}

/** x - tanh(x). Source: torch.nn.Tanhshrink. */
export class Tanhshrink extends Module {
  forward(input: Tensor): Tensor {
    return input.sub(input.tanh());
  }
}

/** a * sigmoid(b), where a and b are the halves of the input. Shape: [..., 2 n, ...] -> [..., n, ...].
 *  Source: Dauphin et al. 2016, arXiv:1612.08083; torch.nn.GLU. */
export class GLU extends Module {
  readonly dim: number;

  /** @param options.dim - the dimension that is halved. Default -1. */
  constructor(options: { dim?: number } = {}) {
    super();
    checkOptions(this, { dim: true }, options);
    this.dim = options.dim ?? -1;
  }

  forward(input: Tensor): Tensor {
    return glu(input, { dim: this.dim });
  }

  override extraRepr(): string {
    return `dim=${this.dim}`;
  }
}
