// Dropout as modules: of elements, of whole channels, and in the form that keeps mean and variance.

import type { Tensor } from '../../tensor/tensor.ts';
import {
  alphaDropout,
  type DropoutOptions,
  dropout,
  dropout1d,
  dropout2d,
  dropout3d,
  featureAlphaDropout,
} from '../functional/dropout.ts';
import { checkOptions, type OptionNames } from '../layer-options.ts';
import { Module } from '../module.ts';
import { pythonBool, pythonFloat } from '../python-repr.ts';
import type { InplaceOptions } from './activation.ts';

abstract class AnyDropout extends Module {
  readonly p: number;
  readonly inplace: boolean;

  /** @param p - probability of a zero, in [0, 1]. Default 0.5.  @throws {RangeError} for another. */
  constructor(p = 0.5, options: InplaceOptions = {}) {
    super();
    checkOptions(this, { inplace: true } satisfies OptionNames<InplaceOptions>, options);
    if (!(p >= 0 && p <= 1))
      throw new RangeError(`Cannot make ${this.constructor.name}: expected p from 0 to 1, got ${p}`);
    this.p = p;
    this.inplace = options.inplace ?? false;
  }

  protected get options(): DropoutOptions {
    return { p: this.p, training: this.training, inplace: this.inplace };
  }

  override extraRepr(): string {
    return `p=${pythonFloat(this.p)}, inplace=${pythonBool(this.inplace)}`;
  }
}

/** Zeroes elements at random in training; nothing in evaluation. Shape: any, unchanged. Source: torch.nn.Dropout. */
export class Dropout extends AnyDropout {
  forward(input: Tensor): Tensor {
    return dropout(input, this.options);
  }
}

/** Zeroes whole channels. Shape: [N, C, L] or [C, L], unchanged. Source: torch.nn.Dropout1d. */
export class Dropout1d extends AnyDropout {
  forward(input: Tensor): Tensor {
    return dropout1d(input, this.options);
  }
}

/** Zeroes whole channels. Shape: [N, C, H, W] or [N, C, L], unchanged. Source: torch.nn.Dropout2d. */
export class Dropout2d extends AnyDropout {
  forward(input: Tensor): Tensor {
    return dropout2d(input, this.options);
  }
}

/** Zeroes whole channels. Shape: [N, C, D, H, W] or [C, D, H, W], unchanged. Source: torch.nn.Dropout3d. */
export class Dropout3d extends AnyDropout {
  forward(input: Tensor): Tensor {
    return dropout3d(input, this.options);
  }
}

/** Dropout that keeps mean and variance, for SELU. Shape: any, unchanged. Source: torch.nn.AlphaDropout. */
export class AlphaDropout extends AnyDropout {
  forward(input: Tensor): Tensor {
    return alphaDropout(input, this.options);
  }
}

/** `AlphaDropout` of whole channels. Shape: [N, C, ...], unchanged. Source: torch.nn.FeatureAlphaDropout. */
export class FeatureAlphaDropout extends AnyDropout {
  forward(input: Tensor): Tensor {
    return featureAlphaDropout(input, this.options);
  }
}
