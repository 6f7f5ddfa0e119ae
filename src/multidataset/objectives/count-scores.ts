// `CountScores`: the loss of a data set over a whole validation, exactly, and its bits per spike.

import { CheckpointError } from '../../errors.ts';
import type { MetricState } from '../../metrics/metric.ts';
import { TensorMetric } from '../../metrics/tensor-metric.ts';
import { zeros } from '../../tensor/create.ts';
import { stack, where } from '../../tensor/ops.generated.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { PoissonBPSAggregator, type RatesBatch } from './bits-per-spike.ts';
import type { LossSums } from './masked-loss.ts';
import type { DatasetGroup, ObjectiveMetric } from './objective.ts';

/** What is known of a group's loss and rates. */
export interface CountedGroup {
  readonly sums: LossSums;
  readonly rates: RatesBatch;
}

/** Sums of losses, of valid elements, and of groups that were left out, [3]. */
class Losses extends TensorMetric {
  constructor() {
    super('CountScores', { sums: { kind: 'sum', shape: [3], dtype: 'float64' } });
  }

  update(sum: Tensor, count: Tensor, isValid: Tensor): void {
    this.gather(sum.device, () => {
      const none = zeros([], { dtype: 'float64', device: sum.device });
      const parts = [sum, count].map((each) => where(isValid, each.to('float64'), none));
      this.sum('sums').add_(stack([...parts, isValid.logicalNot().to('float64')]));
    });
  }

  compute(): Record<string, number> {
    if (this.isEmpty) return {};
    const [sum, count, skipped] = this.reading(() => this.read('sums').toArray() as number[]);
    return {
      ...(count! > 0 ? { loss: sum! / count! } : {}),
      ...(skipped! > 0 ? { nan_skip: skipped! } : {}),
    };
  }
}

/** Gathers groups of counts: `loss`, the sum of the losses of all valid elements over their number, and `bps`. A group whose loss is not finite counts for nothing but `nan_skip`. */
export class CountScores implements ObjectiveMetric {
  readonly #count: (output: Tensor, group: DatasetGroup) => CountedGroup;
  readonly #losses = new Losses();
  readonly #bits = new PoissonBPSAggregator();

  /** @param count - what a group's loss and rates are. */
  constructor(count: (output: Tensor, group: DatasetGroup) => CountedGroup) {
    this.#count = count;
  }

  update(output: Tensor, group: DatasetGroup): void {
    const { sums, rates } = this.#count(output, group);
    const isValid = sums.sum.div(sums.count).isfinite();
    this.#losses.update(sums.sum, sums.count, isValid);
    this.#bits.update(rates, isValid);
  }

  compute(): Record<string, number> {
    const losses = this.#losses.compute();
    return { ...losses, ...('loss' in losses ? this.#bits.compute() : {}) };
  }

  reset(): void {
    this.#losses.reset();
    this.#bits.reset();
  }

  state(): MetricState {
    return { losses: this.#losses.state(), bits: this.#bits.state() };
  }

  loadState(state: MetricState): void {
    const { losses, bits } = partsOf(state);
    this.#losses.loadState(losses);
    this.#bits.loadState(bits);
  }

  merge(state: MetricState): void {
    const { losses, bits } = partsOf(state);
    this.#losses.merge(losses);
    this.#bits.merge(bits);
  }
}

function partsOf(state: MetricState): { losses: MetricState; bits: MetricState } {
  const { losses, bits } = state;
  const isState = (part: unknown): part is MetricState => typeof part === 'object' && part !== null;
  if (isState(losses) && isState(bits)) return { losses, bits };
  throw new CheckpointError(
    `Cannot load the state of CountScores: expected "losses" and "bits", got ${Object.keys(state).join(', ') || 'nothing'}`,
  );
}
