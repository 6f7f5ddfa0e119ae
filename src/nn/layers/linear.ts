// Affine and bilinear maps.

import { ShapeError } from '../../errors.ts';
import { empty } from '../../tensor/create.ts';
import { linear } from '../../tensor/nn-ops.generated.ts';
import { bilinear } from '../../tensor/ops.generated.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { type FactoryOptions, factoryOf } from '../factory.ts';
import { calculateFanInAndFanOut, kaimingUniform_, uniform_ } from '../init.ts';
import { checkOptions, type OptionNames } from '../layer-options.ts';
import { Module } from '../module.ts';
import { Parameter } from '../parameter.ts';
import { pythonBool } from '../python-repr.ts';

export interface LinearOptions extends FactoryOptions {
  /** Default true. */
  bias?: boolean;
}

const OPTIONS = { bias: true, dtype: true, device: true } satisfies OptionNames<LinearOptions>;

/** y = x W^T + b. Shape: [..., inFeatures] -> [..., outFeatures]; weight [outFeatures, inFeatures].
 *  Weights and bias start in U(-1/sqrt(inFeatures), 1/sqrt(inFeatures)). Source: torch.nn.Linear. */
export class Linear extends Module {
  readonly inFeatures: number;
  readonly outFeatures: number;
  readonly weight: Parameter;
  readonly bias: Parameter | undefined;

  constructor(inFeatures: number, outFeatures: number, options: LinearOptions = {}) {
    super();
    checkOptions(this, OPTIONS, options);
    const factory = factoryOf(options);
    this.inFeatures = inFeatures;
    this.outFeatures = outFeatures;
    this.weight = new Parameter(empty([outFeatures, inFeatures], factory));
    this.bias = (options.bias ?? true) ? new Parameter(empty([outFeatures], factory)) : undefined;
    this.resetParameters();
  }

  resetParameters(): void {
    kaimingUniform_(this.weight, { a: Math.sqrt(5) });
    if (!this.bias) return;
    const { fanIn } = calculateFanInAndFanOut(this.weight);
    const bound = fanIn > 0 ? 1 / Math.sqrt(fanIn) : 0;
    uniform_(this.bias, -bound, bound);
  }

  forward(input: Tensor): Tensor {
    return linear(input, this.weight, { bias: this.bias }); // [..., outFeatures]
  }

  override extraRepr(): string {
    return `in_features=${this.inFeatures}, out_features=${this.outFeatures}, bias=${pythonBool(this.bias !== undefined)}`;
  }
}

/** y_k = x1^T W_k x2 + b_k. Shape: [..., in1Features], [..., in2Features] -> [..., outFeatures]; weight [outFeatures, in1Features, in2Features].
 *  Weights and bias start in U(-1/sqrt(in1Features), 1/sqrt(in1Features)). Source: torch.nn.Bilinear. */
export class Bilinear extends Module {
  readonly in1Features: number;
  readonly in2Features: number;
  readonly outFeatures: number;
  readonly weight: Parameter;
  readonly bias: Parameter | undefined;

  /** @throws {RangeError} unless in1Features is at least 1. */
  constructor(in1Features: number, in2Features: number, outFeatures: number, options: LinearOptions = {}) {
    super();
    checkOptions(this, OPTIONS, options);
    if (!(in1Features > 0))
      throw new RangeError(`Cannot make Bilinear: expected in1Features of at least 1, got ${in1Features}`);
    const factory = factoryOf(options);
    this.in1Features = in1Features;
    this.in2Features = in2Features;
    this.outFeatures = outFeatures;
    this.weight = new Parameter(empty([outFeatures, in1Features, in2Features], factory));
    this.bias = (options.bias ?? true) ? new Parameter(empty([outFeatures], factory)) : undefined;
    this.resetParameters();
  }

  resetParameters(): void {
    const bound = 1 / Math.sqrt(this.weight.size(1));
    uniform_(this.weight, -bound, bound);
    if (this.bias) uniform_(this.bias, -bound, bound);
  }

  forward(input1: Tensor, input2: Tensor): Tensor {
    const [given, wanted] = [
      [input1.shape.at(-1), input2.shape.at(-1)],
      [this.in1Features, this.in2Features],
    ];
    if (given[0] !== wanted[0] || given[1] !== wanted[1])
      throw new ShapeError(
        `Cannot apply Bilinear: expected last dimensions ${wanted.join(' and ')}, got [${input1.shape.join(', ')}] and [${input2.shape.join(', ')}]`,
      );
    return bilinear(input1, input2, this.weight, { bias: this.bias }); // [..., outFeatures]
  }

  override extraRepr(): string {
    const sizes = `in1_features=${this.in1Features}, in2_features=${this.in2Features}, out_features=${this.outFeatures}`;
    return `${sizes}, bias=${pythonBool(this.bias !== undefined)}`;
  }
}
