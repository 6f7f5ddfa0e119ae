// `EMA`: an exponential moving average of a model's weights.

import type { Module } from '../nn/module.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { AveragedWeights, type AveragedWeightsOptions, type AverageState } from './averaged-weights.ts';
import { lerp_ } from './lists.ts';
import { describe } from './schedules/options.ts';
import type { Schedule } from './schedules/scheduler.ts';

export interface EMAOptions extends AveragedWeightsOptions {
  /** Share of the average that stays at an update, from 0 to 1; or a schedule of it, by the number of updates before. Default 0.999. */
  readonly decay?: number | Schedule;
}

/** What a checkpoint holds of an average. */
export type EMAState = AverageState;

/** A schedule of the decay that lets an average forget its start.
 *  Rule: min(decay, (1 + n) / (10 + n)) after n updates.
 *  @throws {RangeError} for a decay outside of [0, 1].  Source: TensorFlow's ExponentialMovingAverage with num_updates. */
export function emaWarmup(decay = 0.999): Schedule {
  checkDecay(decay);
  return (numUpdates) => Math.min(decay, (1 + numUpdates) / (10 + numUpdates));
}

/** An exponential moving average of a model's weights that needs no second model.
 *  Rule: average <- average + (1 - decay) * (weight - average), starting at the weights that the model has when this is made, or with `startsEmpty` at those
 *  of the first update. Costs one copy of the weights, and another one while they are swapped.
 *  @throws {RangeError} for a decay outside of [0, 1]: at once, or from `update()` where a schedule gives it.
 *  Source: Polyak and Juditsky 1992; the form of `getEmaMultiAvgFn`.
 *  @example
 *  import { optim } from 'sconce';
 *  const model = new nn.Linear(1, 1, { bias: false });
 *  noGrad(() => void model.weight.fill_(1));
 *  const ema = new optim.EMA(model, { decay: 0.75 });
 *  noGrad(() => void model.weight.fill_(5));
 *  ema.update();
 *  ema.withAverages(() => model.weight.item()); // 2
 *  model.weight.item(); // 5 */
export class EMA extends AveragedWeights {
  readonly #decay: Schedule;

  constructor(model: Module, options: EMAOptions = {}) {
    const { decay = 0.999, useBuffers = false, startsEmpty = false, widensHalves = false, ...others } = options;
    const [unknown] = Object.keys(others);
    if (unknown !== undefined)
      throw new TypeError(
        `Cannot make EMA: expected options of { decay, useBuffers, startsEmpty, widensHalves }, got "${unknown}"`,
      );
    if (typeof decay !== 'function') checkDecay(decay);
    super(model, { useBuffers, startsEmpty, widensHalves });
    this.#decay = typeof decay === 'function' ? decay : () => decay;
  }

  protected move(averages: readonly Tensor[], current: readonly Tensor[]): void {
    lerp_(averages, current, () => {
      const decay = this.#decay(this.numUpdates);
      checkDecay(decay);
      return 1 - decay;
    });
  }
}

function checkDecay(decay: unknown): void {
  if (!(typeof decay === 'number' && decay >= 0 && decay <= 1))
    throw new RangeError(`Cannot average weights: expected decay from 0 to 1, got ${describe(decay)}`);
}
