// Bits per spike: how much better rates predict counts than each unit's mean rate does, in bits for each spike.

import { ShapeError } from '../../errors.ts';
import type { MergeableMetric, MetricState } from '../../metrics/metric.ts';
import { TensorMetric } from '../../metrics/tensor-metric.ts';
import { noGrad } from '../../tensor/autograd.ts';
import { ones } from '../../tensor/create.ts';
import { stack, where } from '../../tensor/ops.generated.ts';
import { scope } from '../../tensor/scope.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { spreadMask } from './masked-loss.ts';

const EPS = 1e-8;

/** Predicted rates beside what was counted. */
export interface RatesBatch {
  /** Predicted counts a bin, not their logarithms, [B, N] or [B]. */
  readonly rhat: Tensor;
  /** Counts, of the same shape. */
  readonly robs: Tensor;
  /** Which are valid, [B, N], [B, 1] or [B]. Default: all. */
  readonly dfs?: Tensor;
}

/** Sums of a batch from which bits per spike are made, in double precision, [3, N]: valid bins, spikes in them, and the log-likelihood of the prediction.
 *  @throws {ShapeError} for rates and counts of two shapes. */
export function spikeSums({ rhat, robs, dfs }: RatesBatch): Tensor {
  if (String(rhat.shape) !== String(robs.shape) || rhat.ndim === 0 || rhat.ndim > 2)
    throw new ShapeError(
      `Cannot count bits per spike: expected rhat and robs of one shape, [B, N] or [B], got [${rhat.shape.join(', ')}] and [${robs.shape.join(', ')}]`,
    );
  const [rate, count] = [rhat, robs].map((each) => (each.ndim === 1 ? each.unsqueeze(1) : each).to('float64')); // [B, N]
  const mask =
    dfs === undefined ? ones(count!.shape, { dtype: 'float64', device: count!.device }) : spreadMask(dfs, count!);
  const spikes = count!.mul(mask);
  const likelihood = spikes.mul(rate!.add(EPS).log()).sub(rate!.mul(mask));
  return stack([mask, spikes, likelihood]).sum({ dim: 1 }); // [3, N]
}

/** Bits per spike of each unit out of `spikeSums`, [N], in double precision. */
export function bitsOfSums(sums: Tensor): Tensor {
  const [bins, spikes, likelihood] = sums.unbind() as [Tensor, Tensor, Tensor];
  const numSpikes = spikes.clamp({ min: 1 });
  const meanRate = numSpikes.div(bins.clamp({ min: 1 }));
  const atMeanRate = spikes.mul(meanRate.add(EPS).log()).sub(meanRate.mul(bins));
  return likelihood.sub(atMeanRate).div(numSpikes).div(Math.LN2);
}

/** Bits per spike of each unit, [N]: with T = max(sum(dfs), 1), S = max(sum(dfs * robs), 1) and the mean rate m = S / T,
 *  sum(dfs * [(robs * log(rhat + 1e-8) - rhat) - (robs * log(m + 1e-8) - m)]) / S / log(2). In double precision, without gradients.
 *  Shape: rhat and robs [B, N] or [B] for a single unit; dfs [B, N], [B, 1] or [B].
 *  @throws {ShapeError} for other shapes.  Source: VisionCore, calc_poisson_bits_per_spike.
 *  @example
 *  import { poissonBitsPerSpike } from 'sconce/multidataset';
 *  const robs = tensor([[0], [2], [0], [2]]);
 *  poissonBitsPerSpike({ rhat: robs.clamp({ min: 0.001 }), robs }).item().toFixed(2); // '1.00' */
export function poissonBitsPerSpike(batch: RatesBatch): Tensor {
  return noGrad(() => scope(() => bitsOfSums(spikeSums(batch))));
}

/** Adds sums of batches, of whatever number of units. */
class SpikeSums extends TensorMetric {
  constructor() {
    super('PoissonBPSAggregator', { sums: { kind: 'combined', combine: (own, other) => own.add(other) } });
  }

  /** @param isValid - 0-d; where it is false the batch counts for nothing. */
  update(rhat: Tensor, robs: Tensor, dfs?: Tensor, isValid?: Tensor): void {
    this.gather(rhat.device, () => {
      const sums = spikeSums({ rhat, robs, ...(dfs ? { dfs } : {}) });
      this.combine('sums', isValid === undefined ? sums : where(isValid, sums, 0));
    });
  }

  compute(): Record<string, number> {
    const bits = this.bits();
    if (bits === undefined) return {};
    const perUnit = bits.toArray() as number[];
    bits.dispose();
    return { bps: meanOfUnits(perUnit) };
  }

  bits(): Tensor | undefined {
    return this.isEmpty ? undefined : this.reading(() => bitsOfSums(this.read('sums')));
  }
}

/** The mean over units that have a value, those below 0 counting as 0. NaN where none has. */
function meanOfUnits(perUnit: readonly number[]): number {
  const known = perUnit.filter((bits) => !Number.isNaN(bits));
  return known.reduce((sum, bits) => sum + Math.max(bits, 0), 0) / known.length;
}

/** Bits per spike over many batches, as `poissonBitsPerSpike` has them over all samples together: what is kept are three sums for each unit, in double precision, whatever the number of batches. Parts of several
 *  loaders, processes or interruptions put together give the same. `compute()` gives `bps`, the mean over the units that have a value, those below 0 counting as 0.
 *  Sync: `update` never waits for the device.
 *  Source: VisionCore, PoissonBPSAggregator, which keeps all predictions.
 *  @example
 *  import { PoissonBPSAggregator } from 'sconce/multidataset';
 *  const aggregator = new PoissonBPSAggregator();
 *  aggregator.update({ rhat: tensor([[0.001], [2]]), robs: tensor([[0], [2]]) });
 *  aggregator.update({ rhat: tensor([[0.001], [2]]), robs: tensor([[0], [2]]) });
 *  aggregator.compute().bps!.toFixed(2); // '1.00'
 *  aggregator.closure()!.shape; // [1] */
export class PoissonBPSAggregator implements MergeableMetric<[RatesBatch]> {
  readonly #sums = new SpikeSums();

  /** Takes a batch.
   *  @param isValid - 0-d and boolean: where it is false the batch counts for nothing. Default: it counts.
   *  @throws {ShapeError} for rates and counts of two shapes. */
  update({ rhat, robs, dfs }: RatesBatch, isValid?: Tensor): void {
    this.#sums.update(rhat, robs, dfs, isValid);
  }

  compute(): Record<string, number> {
    return this.#sums.compute();
  }

  /** Bits per spike of each unit, [N]; undefined without an update. */
  bitsPerSpike(): Tensor | undefined {
    return this.#sums.bits();
  }

  /** The same, and starts anew. Source: VisionCore. */
  closure(): Tensor | undefined {
    const bits = this.bitsPerSpike();
    this.reset();
    return bits;
  }

  reset(): void {
    this.#sums.reset();
  }

  state(): MetricState {
    return this.#sums.state();
  }

  loadState(state: MetricState): void {
    this.#sums.loadState(state);
  }

  merge(state: MetricState): void {
    this.#sums.merge(state);
  }
}
