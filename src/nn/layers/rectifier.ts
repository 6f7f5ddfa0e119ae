// Activations in pieces: rectifiers, their leaky and exponential relatives, and shrinkage.

import { full } from '../../tensor/create.ts';
import { elu, elu_, hardtanh, hardtanh_, leakyRelu, leakyRelu_, softshrink } from '../../tensor/nn-ops.generated.ts';
import {
  celu,
  celu_,
  hardshrink,
  prelu,
  rrelu,
  rrelu_,
  selu,
  selu_,
  threshold,
  threshold_,
} from '../../tensor/ops.generated.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { type FactoryOptions, factoryOf } from '../factory.ts';
import { constant_ } from '../init.ts';
import { checkOptions, type KnownOptions } from '../layer-options.ts';
import { Module } from '../module.ts';
import { Parameter } from '../parameter.ts';
import { pythonFloat } from '../python-repr.ts';
import type { InplaceOptions } from './activation.ts';

abstract class Rectifier extends Module {
  readonly inplace: boolean;

  /** @param more - the layer's options beside `inplace`. */
  constructor(options: InplaceOptions, more: KnownOptions = {}) {
    super();
    checkOptions(this, { ...more, inplace: true }, options);
    this.inplace = options.inplace ?? false;
  }

  /** What PyTorch prints, after the numbers of the layer. */
  protected describe(...numbers: string[]): string {
    return [...numbers, ...(this.inplace ? ['inplace=True'] : [])].join(', ');
  }

  override extraRepr(): string {
    return this.describe();
  }
}

/** max(x, 0). Source: torch.nn.ReLU. */
export class ReLU extends Rectifier {
  constructor(options: InplaceOptions = {}) {
    super(options);
  }

  forward(input: Tensor): Tensor {
    return this.inplace ? input.relu_() : input.relu();
  }
}

/** x above the threshold, else `value`. Source: torch.nn.Threshold. */
export class Threshold extends Rectifier {
  readonly threshold: number;
  readonly value: number;

  constructor(threshold: number, value: number, options: InplaceOptions = {}) {
    super(options);
    this.threshold = threshold;
    this.value = value;
  }

  forward(input: Tensor): Tensor {
    return (this.inplace ? threshold_ : threshold)(input, this.threshold, this.value);
  }

  override extraRepr(): string {
    return this.describe(`threshold=${pythonFloat(this.threshold)}`, `value=${pythonFloat(this.value)}`);
  }
}

/** x clamped to [minVal, maxVal]. Source: torch.nn.Hardtanh. */
export class Hardtanh extends Rectifier {
  readonly minVal: number;
  readonly maxVal: number;

  /** @param options.minVal - default -1.  @param options.maxVal - default 1.  @throws {RangeError} unless minVal < maxVal. */
  constructor(options: InplaceOptions & { minVal?: number; maxVal?: number } = {}) {
    super(options, { minVal: true, maxVal: true });
    this.minVal = options.minVal ?? -1;
    this.maxVal = options.maxVal ?? 1;
    if (!(this.minVal < this.maxVal))
      throw new RangeError(
        `Cannot make ${this.constructor.name}: expected minVal below maxVal, got ${this.minVal} and ${this.maxVal}`,
      );
  }

  forward(input: Tensor): Tensor {
    return (this.inplace ? hardtanh_ : hardtanh)(input, { minVal: this.minVal, maxVal: this.maxVal });
  }

  override extraRepr(): string {
    return this.describe(`min_val=${pythonFloat(this.minVal)}`, `max_val=${pythonFloat(this.maxVal)}`);
  }
}

/** min(max(x, 0), 6). Source: torch.nn.ReLU6. */
export class ReLU6 extends Rectifier {
  constructor(options: InplaceOptions = {}) {
    super(options);
  }

  forward(input: Tensor): Tensor {
    return (this.inplace ? hardtanh_ : hardtanh)(input, { minVal: 0, maxVal: 6 });
  }
}

/** x above zero, slope * x below. Source: torch.nn.LeakyReLU. */
export class LeakyReLU extends Rectifier {
  readonly negativeSlope: number;

  /** @param options.negativeSlope - default 0.01. */
  constructor(options: InplaceOptions & { negativeSlope?: number } = {}) {
    super(options, { negativeSlope: true });
    this.negativeSlope = options.negativeSlope ?? 0.01;
  }

  forward(input: Tensor): Tensor {
    return (this.inplace ? leakyRelu_ : leakyRelu)(input, { negativeSlope: this.negativeSlope });
  }

  override extraRepr(): string {
    return this.describe(`negative_slope=${pythonFloat(this.negativeSlope)}`);
  }
}

/** A leaky rectifier whose slope below zero is drawn from U(lower, upper) for each element in training, and is their mean in evaluation.
 *  Source: Xu et al. 2015, arXiv:1505.00853; torch.nn.RReLU. */
export class RReLU extends Rectifier {
  readonly lower: number;
  readonly upper: number;

  /** @param options.lower - default 1/8.  @param options.upper - default 1/3. */
  constructor(options: InplaceOptions & { lower?: number; upper?: number } = {}) {
    super(options, { lower: true, upper: true });
    this.lower = options.lower ?? 1 / 8;
    this.upper = options.upper ?? 1 / 3;
  }

  forward(input: Tensor): Tensor {
    const { lower, upper, training } = this;
    return (this.inplace ? rrelu_ : rrelu)(input, { lower, upper, training });
  }

  override extraRepr(): string {
    return this.describe(`lower=${pythonFloat(this.lower)}`, `upper=${pythonFloat(this.upper)}`);
  }
}

/** A leaky rectifier whose slopes are learnt, one for all channels or one each. Shape: [N, C, ...], unchanged.
 *  Source: He et al. 2015, arXiv:1502.01852; torch.nn.PReLU. */
export class PReLU extends Module {
  readonly numParameters: number;
  readonly init: number;
  readonly weight: Parameter;

  /** @param options.numParameters - 1 (the default) or the number of channels.  @param options.init - the slope to start from. Default 0.25. */
  constructor(options: FactoryOptions & { numParameters?: number; init?: number } = {}) {
    super();
    checkOptions(this, { numParameters: true, init: true, dtype: true, device: true }, options);
    this.numParameters = options.numParameters ?? 1;
    this.init = options.init ?? 0.25;
    this.weight = new Parameter(full([this.numParameters], this.init, { dtype: 'float32', ...factoryOf(options) }));
  }

  resetParameters(): void {
    constant_(this.weight, this.init);
  }

  forward(input: Tensor): Tensor {
    return prelu(input, this.weight);
  }

  override extraRepr(): string {
    return `num_parameters=${this.numParameters}`;
  }
}

/** x above zero, alpha * (exp(x) - 1) below. Source: Clevert et al. 2015, arXiv:1511.07289; torch.nn.ELU. */
export class ELU extends Rectifier {
  readonly alpha: number;

  /** @param options.alpha - default 1. */
  constructor(options: InplaceOptions & { alpha?: number } = {}) {
    super(options, { alpha: true });
    this.alpha = options.alpha ?? 1;
  }

  forward(input: Tensor): Tensor {
    return (this.inplace ? elu_ : elu)(input, { alpha: this.alpha });
  }

  override extraRepr(): string {
    return this.describe(`alpha=${pythonFloat(this.alpha)}`);
  }
}

/** max(0, x) + min(0, alpha * (exp(x / alpha) - 1)). Source: Barron 2017, arXiv:1704.07483; torch.nn.CELU. */
export class CELU extends Rectifier {
  readonly alpha: number;

  /** @param options.alpha - default 1. */
  constructor(options: InplaceOptions & { alpha?: number } = {}) {
    super(options, { alpha: true });
    this.alpha = options.alpha ?? 1;
  }

  forward(input: Tensor): Tensor {
    return (this.inplace ? celu_ : celu)(input, { alpha: this.alpha });
  }

  override extraRepr(): string {
    return this.describe(`alpha=${pythonFloat(this.alpha)}`);
  }
}

/** ELU with the two constants that keep mean and variance. Source: Klambauer et al. 2017, arXiv:1706.02515; torch.nn.SELU. */
export class SELU extends Rectifier {
  constructor(options: InplaceOptions = {}) {
    super(options);
  }

  forward(input: Tensor): Tensor {
    return (this.inplace ? selu_ : selu)(input);
  }
}

/** x outside [-lambd, lambd], else 0. Source: torch.nn.Hardshrink. */
export class Hardshrink extends Module {
  readonly lambd: number;

  /** @param options.lambd - default 0.5. */
  constructor(options: { lambd?: number } = {}) {
    super();
    checkOptions(this, { lambd: true }, options);
    this.lambd = options.lambd ?? 0.5;
  }

  forward(input: Tensor): Tensor {
    return hardshrink(input, { lambd: this.lambd });
  }

  override extraRepr(): string {
    return pythonFloat(this.lambd);
  }
}

/** x moved towards zero by `lambd`, and 0 where that would cross it. Source: torch.nn.Softshrink. */
export class Softshrink extends Module {
  readonly lambd: number;

  /** @param options.lambd - at least 0. Default 0.5. */
  constructor(options: { lambd?: number } = {}) {
    super();
    checkOptions(this, { lambd: true }, options);
    this.lambd = options.lambd ?? 0.5;
    if (!(this.lambd >= 0))
      throw new RangeError(`Cannot make Softshrink: expected lambd of at least 0, got ${this.lambd}`);
  }

  forward(input: Tensor): Tensor {
    return softshrink(input, { lambd: this.lambd });
  }

  override extraRepr(): string {
    return pythonFloat(this.lambd);
  }
}
