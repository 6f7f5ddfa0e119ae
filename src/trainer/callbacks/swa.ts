// `SWA`: the mean of the weights at the end of a run's last epochs.

import type { Module } from '../../nn/module.ts';
import type { AveragedWeights } from '../../optim/averaged-weights.ts';
import { SWA as Average } from '../../optim/swa.ts';
import { describeValue } from '../config/problems.ts';
import { type SwaRateOptions, SwaRates } from './swa-rates.ts';
import { cadenceOf, checkAveraging, WeightAveraging, type WeightAveragingOptions } from './weight-averaging.ts';

export interface SWACallbackOptions extends WeightAveragingOptions {
  /** The learning rate under which the averaged weights are made. From the first epoch, or step, of the average on it takes the place of every schedule.
   *  Default: the run's own schedules go on. */
  readonly schedule?: SwaRateOptions;
}

/** Keeps the plain mean of the weights at the ends of epochs from `startEpoch` on, or of steps, and validates on it.
 *  Rule: average <- average + (weight - average) / (n + 1). The numbers are, to the bit, those of torch.optim.swa_utils.AveragedModel, and the learning rates
 *  of `schedule` those of SWALR but for their last bits.
 *  Batch norms of averaged weights need statistics of their own: `updateBn`, or `useBuffers`.
 *  @throws {ConfigError} that lists every option that is wrong.
 *  Source: Izmailov et al. 2018, arXiv:1803.05407.
 *  @example
 *  import { SWA } from 'sconce/trainer';
 *  const swa = new SWA({ startEpoch: 75, applyAtEnd: true, schedule: { swaLr: 0.05, annealEpochs: 5 } });
 *  swa.numUpdates; // 0 */
export class SWA extends WeightAveraging {
  readonly name = 'SWA';

  constructor(options: SWACallbackOptions = {}) {
    const { schedule } = options;
    const problems: string[] = [];
    if (schedule !== undefined && typeof schedule?.swaLr !== 'number')
      problems.push(`schedule: expected an object with swaLr, got ${describeValue(schedule)}`);
    checkAveraging('SWA', options, { known: ['schedule'], problems });
    super(options, cadenceOf(options, 'epochs'), schedule && new SwaRates(schedule));
  }

  protected make(model: Module, options: { useBuffers: boolean; widensHalves: boolean }): AveragedWeights {
    return new Average(model, options);
  }
}
