// Warm-up, then a fall with the inverse square root of the step: the schedule of the first transformers, as the paper and as fairseq write it.

import { pow } from '../../tensor/float-math.ts';
import { checkNames, checkNumbers } from './options.ts';
import type { Schedule } from './scheduler.ts';

export interface InverseSqrtOptions {
  /** Steps of the straight line up, at least 1. */
  readonly warmupSteps: number;
  /** Learning rate of step 0. Default 0. */
  readonly warmupStartLr?: number;
  /** The highest learning rate. Default 1, which gives a factor. */
  readonly baseLr?: number;
}

/** Rule: warmupStartLr + step * (baseLr - warmupStartLr) / warmupSteps for step < warmupSteps, else baseLr * sqrt(warmupSteps) / sqrt(step).
 *  @throws {RangeError} for options outside their range.
 *  Source: fairseq's `inverse_square_root` scheduler, with its order of roundings. */
export function inverseSqrt(options: InverseSqrtOptions): Schedule {
  checkNames('inverseSqrt()', options, ['warmupSteps', 'warmupStartLr', 'baseLr']);
  const { warmupSteps, warmupStartLr = 0, baseLr = 1 } = options;
  checkNumbers(
    'inverseSqrt()',
    { warmupSteps, warmupStartLr, baseLr },
    {
      ...{ warmupSteps: { min: 1, isInteger: true }, warmupStartLr: {}, baseLr: {} },
    },
  );
  const rise = (baseLr - warmupStartLr) / warmupSteps;
  const height = baseLr * pow(warmupSteps, 0.5);
  return (step) => (step < warmupSteps ? warmupStartLr + step * rise : height * pow(step, -0.5));
}

export interface NoamOptions {
  /** Width of the model. */
  readonly modelSize: number;
  /** Steps of the straight line up. The paper: 4000. */
  readonly warmupSteps: number;
  /** On all of it. Default 1. */
  readonly factor?: number;
}

/** A learning rate, not a factor: give the optimizer `lr: 1` and this to `LambdaLR`.
 *  Rule: factor * modelSize^-0.5 * min(n^-0.5, n * warmupSteps^-1.5), n = step + 1.
 *  @throws {RangeError} for options outside their range.  Source: Vaswani et al. 2017, arXiv:1706.03762, section 5.3. */
export function noam(options: NoamOptions): Schedule {
  checkNames('noam()', options, ['modelSize', 'warmupSteps', 'factor']);
  const { modelSize, warmupSteps, factor = 1 } = options;
  checkNumbers(
    'noam()',
    { modelSize, warmupSteps, factor },
    {
      ...{ modelSize: { above: 0 }, warmupSteps: { min: 1, isInteger: true }, factor: {} },
    },
  );
  return (step) => {
    const n = step + 1;
    return factor * (pow(modelSize, -0.5) * Math.min(pow(n, -0.5), n * pow(warmupSteps, -1.5)));
  };
}
