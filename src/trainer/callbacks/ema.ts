// `EMA`: an exponential moving average of the weights over a run.

import type { Module } from '../../nn/module.ts';
import type { AveragedWeights } from '../../optim/averaged-weights.ts';
import { EMA as Average } from '../../optim/ema.ts';
import type { Schedule } from '../../optim/schedules/scheduler.ts';
import { describeValue } from '../config/problems.ts';
import { cadenceOf, checkAveraging, WeightAveraging, type WeightAveragingOptions } from './weight-averaging.ts';

export interface EMACallbackOptions extends WeightAveragingOptions {
  /** Share of the average that stays at an update, from 0 to 1; or a schedule of it, by the number of updates before. Default 0.999. */
  readonly decay?: number | Schedule;
}

/** Keeps an exponential moving average of the model's weights, and validates on it.
 *  Rule: average <- average + (1 - decay) * (weight - average) after every optimizer step, or every `everyNSteps` of them; the first update copies the weights.
 *  The numbers are, to the bit, those of torch.optim.swa_utils.AveragedModel with get_ema_multi_avg_fn(decay). Both the model's weights and the averages are
 *  in every checkpoint. Costs a copy of the weights, in float32 for half precision, and another one during evaluations.
 *  @throws {ConfigError} that lists every option that is wrong.
 *  Source: Polyak and Juditsky 1992.
 *  @example
 *  import { EMA } from 'sconce/trainer';
 *  const ema = new EMA({ decay: 0.9995, startStep: 100 });
 *  ema.numUpdates; // 0 */
export class EMA extends WeightAveraging {
  readonly name = 'EMA';
  readonly #decay: number | Schedule;

  constructor(options: EMACallbackOptions = {}) {
    const { decay = 0.999 } = options;
    const isFine = typeof decay === 'function' || (typeof decay === 'number' && decay >= 0 && decay <= 1);
    const problems = isFine ? [] : [`decay: expected a number from 0 to 1 or a schedule, got ${describeValue(decay)}`];
    checkAveraging('EMA', options, { known: ['decay'], problems });
    super(options, cadenceOf(options, 'steps'));
    this.#decay = decay;
  }

  protected make(model: Module, options: { useBuffers: boolean; widensHalves: boolean }): AveragedWeights {
    return new Average(model, { ...options, decay: this.#decay, startsEmpty: true });
  }
}
