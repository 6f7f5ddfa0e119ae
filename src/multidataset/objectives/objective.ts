// What a model of many data sets is trained for: a loss of the samples of one data set, and what a validation measures of it.

import type { MergeableMetric } from '../../metrics/metric.ts';
import { Module } from '../../nn/index.ts';
import { Tensor } from '../../tensor/tensor.ts';
import { describeValue } from '../../trainer/config/problems.ts';

/** The samples of one data set in a batch: tensors with the samples in front, by name (`stim`, `robs`, `dfs`, `behavior`, `history`, …). */
export interface DatasetGroup {
  /** Which data set they are of: a number, or a tensor of equal numbers on the CPU. */
  readonly datasetIdx: number | Tensor;
  readonly [name: string]: unknown;
}

/** Gathers the outputs of a model for one data set beside the samples. `compute` gives values by name, among them `loss`, where there was something valid, and `nan_skip`, how many groups were left out because
 *  their loss was not finite, where there were any. Runs without gradients and never waits for the device. */
export type ObjectiveMetric = MergeableMetric<[output: Tensor, group: DatasetGroup]>;

/** A loss, and the metric of each data set in validation. What it learns (parameters) is trained and saved with the model, under `loss_fn`. A class of your own makes a
 *  `MultiDatasetModel` learn anything that has a readout for each data set.
 *  Source: VisionCore, whose loss and bits per spike are the model's own.
 *  @example
 *  import { MeanMetric } from 'sconce/metrics';
 *  import { GroupMetrics, Objective } from 'sconce/multidataset';
 *  class Squares extends Objective {
 *    override loss(output: Tensor, { robs }: Readonly<Record<string, unknown>>): Tensor {
 *      return output.sub(robs as Tensor).square().mean();
 *    }
 *    override metric() {
 *      return new GroupMetrics([new MeanMetric({ name: 'loss' }), (output, { robs }) => [output.sub(robs as Tensor).square()]]);
 *    }
 *  }
 *  new Squares().loss(tensor([1, 2]), { datasetIdx: 0, robs: tensor([1, 4]) }).item(); // 2 */
export abstract class Objective extends Module {
  /** Outputs below this are raised to it before anything is made of them. Default: none are. */
  readonly minOutput: number | undefined = undefined;
  /** Means over all data sets, by the name of the value, where no data set had anything valid. Default: they are not there. */
  readonly valuesOfNothing: Readonly<Record<string, number>> = {};

  /** The mean loss of a group, 0-d. Where nothing in it is valid it is NaN, and the group is left out. */
  abstract loss(output: Tensor, group: DatasetGroup): Tensor;

  /** Makes what a validation gathers of a data set. */
  abstract metric(datasetIdx: number): ObjectiveMetric;

  forward(output: Tensor, group: DatasetGroup): Tensor {
    return this.loss(output, group);
  }
}

/** The number of a group's data set. @throws {TypeError} for what is no group. */
export function datasetOf(group: DatasetGroup): number {
  const datasetIdx: unknown = (group as DatasetGroup | undefined | null)?.datasetIdx;
  if (typeof datasetIdx === 'number') return datasetIdx;
  if (!(datasetIdx instanceof Tensor) || datasetIdx.numel === 0) {
    const isGroup = typeof group === 'object' && group !== null && !Array.isArray(group);
    throw new TypeError(
      `Cannot play a group: expected ${isGroup ? 'datasetIdx, a number or a tensor of equal numbers' : 'an object with datasetIdx and tensors by name'}, got ${describeValue(isGroup ? datasetIdx : group)}`,
    );
  }
  return Number((datasetIdx.ndim === 0 ? datasetIdx : datasetIdx.reshape([-1]).select(0, 0)).item());
}
