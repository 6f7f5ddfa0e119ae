// `weighted`: a value of a step that counts for more or fewer samples than its batch has.

import type { Tensor } from '../../tensor/tensor.ts';

/** A value with its weight in means. */
export class WeightedValue {
  readonly value: Tensor | number;
  readonly weight: Tensor | number;

  /** @param weight - from 0 on; a tensor of one element where the device alone knows it. */
  constructor(value: Tensor | number, weight: Tensor | number) {
    this.value = value;
    this.weight = weight;
  }
}

/** A value of a step that is a mean over `weight` samples and not over all of its batch, as the loss of one of several data sets: means over batches are weighted so. With weight 0 it counts for nothing.
 *  @param value - a number, or a tensor of one element; finite where the weight is a tensor.
 *  @example
 *  import { MetricsCollector, weighted } from 'sconce/trainer';
 *  const means = new MetricsCollector('train');
 *  means.add('main', { loss: 1, 'loss/a': weighted(1, 3) }, 8);
 *  means.add('main', { loss: 1, 'loss/a': weighted(5, 1) }, 8);
 *  means.means()['train/loss/a']; // 2 */
export function weighted(value: Tensor | number, weight: Tensor | number): WeightedValue {
  return new WeightedValue(value, weight);
}
