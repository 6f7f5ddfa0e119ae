// `MeanMetric` and `SumMetric`: values of a step's own, over an epoch.

import type { Tensor } from '../../tensor/tensor.ts';
import { numbersOf, wrongShapes } from '../inputs.ts';
import { checkOptions, text } from '../options.ts';
import { TensorMetric } from '../tensor-metric.ts';

export interface AggregationOptions {
  /** The value's name. Default 'mean', of a sum 'sum'. */
  readonly name?: string;
}

/** The mean of all values that it is given, weighted if weights are given beside; in double precision. Sync: `update` never waits. Source: torchmetrics.MeanMetric.
 *  @example
 *  import { MeanMetric } from 'sconce/metrics';
 *  const mean = new MeanMetric({ name: 'energy' });
 *  mean.update(tensor([1, 2]));
 *  mean.update(tensor(5), tensor(2));
 *  mean.compute(); // { energy: 3.25 } */
export class MeanMetric extends TensorMetric {
  readonly #name: string;

  /** @throws {ConfigError} that lists every problem of the options. */
  constructor(options: AggregationOptions = {}) {
    checkOptions('make MeanMetric', options, { name: text });
    const sum = { kind: 'sum', shape: [], dtype: 'float64' } as const;
    super('MeanMetric', { sum, weight: sum });
    this.#name = options.name ?? 'mean';
  }

  /** @param weights - of the same shape, or of one element for all. Default 1. @throws {ShapeError} for others. */
  update(values: Tensor, weights?: Tensor): void {
    if (weights && weights.numel !== 1 && String(weights.shape) !== String(values.shape))
      wrongShapes(this.label, 'values and weights of one shape', values, weights);
    if (values.numel === 0) return;
    this.gather(values.device, () => {
      const own = values.to('float64');
      const isOne = weights?.numel === 1;
      const factors = isOne ? weights.reshape([]) : weights;
      this.sum('sum').add_((factors ? own.mul(factors) : own).sum());
      if (!factors) this.sum('weight').add_(values.numel);
      else this.sum('weight').add_(isOne ? factors.mul(values.numel) : factors.sum());
    });
  }

  compute(): Record<string, number> {
    if (this.isEmpty) return {};
    const [sum, weight] = this.reading(() => ['sum', 'weight'].map((name) => numbersOf(this.read(name))[0]!));
    return { [this.#name]: sum! / weight! };
  }
}

/** The sum of all values that it is given, in double precision. Sync: `update` never waits. Source: torchmetrics.SumMetric.
 *  @example
 *  import { SumMetric } from 'sconce/metrics';
 *  const sum = new SumMetric({ name: 'tokens' });
 *  sum.update(tensor([3, 4]));
 *  sum.compute(); // { tokens: 7 } */
export class SumMetric extends TensorMetric {
  readonly #name: string;

  /** @throws {ConfigError} that lists every problem of the options. */
  constructor(options: AggregationOptions = {}) {
    checkOptions('make SumMetric', options, { name: text });
    super('SumMetric', { sum: { kind: 'sum', shape: [], dtype: 'float64' } });
    this.#name = options.name ?? 'sum';
  }

  update(values: Tensor): void {
    this.gather(values.device, () => {
      this.sum('sum').add_(values.to('float64').sum());
    });
  }

  compute(): Record<string, number> {
    return this.isEmpty ? {} : { [this.#name]: this.reading(() => numbersOf(this.read('sum'))[0]!) };
  }
}
