// `MeanSquaredError` and `MeanAbsoluteError`.

import type { Tensor } from '../../tensor/tensor.ts';
import { numbersOf, requireSameShape } from '../inputs.ts';
import { checkOptions, flag, text } from '../options.ts';
import { TensorMetric } from '../tensor-metric.ts';

export interface NameOptions {
  /** The value's name. */
  readonly name?: string;
}

export interface MeanSquaredErrorOptions extends NameOptions {
  /** False gives the root, `rmse`. Default true. */
  readonly squared?: boolean;
}

interface ErrorRule {
  readonly name: string;
  /** The sum of the errors of a batch. */
  sum(difference: Tensor): Tensor;
  value(mean: number): number;
}

/** A mean over all elements of all batches. */
abstract class MeanError extends TensorMetric {
  readonly #rule: ErrorRule;

  protected constructor(label: string, rule: ErrorRule) {
    super(label, {
      sum: { kind: 'sum', shape: [], dtype: 'float64' },
      count: { kind: 'sum', shape: [], dtype: 'int64' },
    });
    this.#rule = rule;
  }

  /** Takes a batch. Shape: preds and target of one shape, any. @throws {ShapeError} */
  update(preds: Tensor, target: Tensor): void {
    requireSameShape(this.label, preds, target);
    if (preds.numel === 0) return;
    this.gather(preds.device, () => {
      this.sum('sum').add_(this.#rule.sum(preds.to('float64').sub(target)));
      this.sum('count').add_(preds.numel);
    });
  }

  compute(): Record<string, number> {
    if (this.isEmpty) return {};
    const [sum, count] = this.reading(() => ['sum', 'count'].map((name) => numbersOf(this.read(name))[0]!));
    return { [this.#rule.name]: this.#rule.value(sum! / count!) };
  }
}

/** The mean of the squared differences, `mse`, or its root, `rmse`; over all elements, in double precision. Sync: `update` never waits. Source: torchmetrics.MeanSquaredError.
 *  @example
 *  import { MeanSquaredError } from 'sconce/metrics';
 *  const error = new MeanSquaredError();
 *  error.update(tensor([1, 2]), tensor([1, 4]));
 *  error.compute(); // { mse: 2 } */
export class MeanSquaredError extends MeanError {
  /** @throws {ConfigError} that lists every problem of the options. */
  constructor(options: MeanSquaredErrorOptions = {}) {
    checkOptions('make MeanSquaredError', options, { squared: flag, name: text });
    const { squared = true, name = squared ? 'mse' : 'rmse' } = options;
    super('MeanSquaredError', {
      name,
      sum: (difference) => difference.square().sum(),
      value: (mean) => (squared ? mean : Math.sqrt(mean)),
    });
  }
}

/** The mean of the differences without their sign, `mae`; over all elements, in double precision. Sync: `update` never waits. Source: torchmetrics.MeanAbsoluteError.
 *  @example
 *  import { MeanAbsoluteError } from 'sconce/metrics';
 *  const error = new MeanAbsoluteError();
 *  error.update(tensor([1, 2]), tensor([1, 4]));
 *  error.compute(); // { mae: 1 } */
export class MeanAbsoluteError extends MeanError {
  /** @throws {ConfigError} that lists every problem of the options. */
  constructor(options: NameOptions = {}) {
    checkOptions('make MeanAbsoluteError', options, { name: text });
    super('MeanAbsoluteError', {
      name: options.name ?? 'mae',
      sum: (difference) => difference.abs().sum(),
      value: (mean) => mean,
    });
  }
}
