// `SWA`: the plain mean of a model's weights at several moments.

import type { Module } from '../nn/module.ts';
import { readAnew } from '../tensor/capture/notes.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { AveragedWeights, type AveragedWeightsOptions } from './averaged-weights.ts';
import { getSwaMultiAvgFn } from './averaging-functions.ts';

/** The mean of the weights that a model has at each update, without a second model.
 *  Rule: average <- average + (weight - average) / (n + 1), in the operations that `AveragedModel` uses on the device, so that bits agree.
 *  Source: Izmailov et al. 2018, arXiv:1803.05407. */
export class SWA extends AveragedWeights {
  constructor(model: Module, options: Omit<AveragedWeightsOptions, 'startsEmpty'> = {}) {
    super(model, { ...options, startsEmpty: true });
  }

  protected move(averages: readonly Tensor[], current: readonly Tensor[], numUpdates: number): void {
    if (averages[0]!.device !== 'cpu') {
      getSwaMultiAvgFn()(averages, current, numUpdates);
      return;
    }
    // As `meanOneByOne`.
    for (const [i, average] of averages.entries()) {
      const difference = current[i]!.sub(average);
      const [count] = readAnew(() => [this.numUpdates + 1]);
      average.copy_(average.add(difference.div(count)));
    }
  }
}
