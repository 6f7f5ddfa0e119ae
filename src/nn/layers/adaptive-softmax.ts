// Softmax over very many classes of very different frequencies.

import { ShapeError } from '../../errors.ts';
import { cat } from '../../tensor/ops.generated.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { type FactoryOptions, factoryOf } from '../factory.ts';
import { checkOptions, type OptionNames } from '../layer-options.ts';
import { Module } from '../module.ts';
import { ModuleList, Sequential } from './container.ts';
import { Linear } from './linear.ts';

// N batch, I input features, C classes.

export interface AdaptiveLogSoftmaxOptions extends FactoryOptions {
  /** Each cluster's inner width is the one before divided by this. Default 4. */
  divValue?: number;
  /** Learn an offset for the first classes and the clusters. Default false. */
  headBias?: boolean;
}

const OPTIONS = {
  divValue: true,
  headBias: true,
  dtype: true,
  device: true,
} satisfies OptionNames<AdaptiveLogSoftmaxOptions>;

/** Log softmax in two steps: over the frequent classes and clusters of rare ones, then inside of a cluster. Classes are sorted by falling frequency.
 *  Shape: input [N, I], target [N] int64, both with or without N -> output [N] (log probabilities of the targets) and loss (minus their mean).
 *  Source: Grave et al. 2016, arXiv:1609.04309; torch.nn.AdaptiveLogSoftmaxWithLoss. */
export class AdaptiveLogSoftmaxWithLoss extends Module {
  readonly inFeatures: number;
  readonly nClasses: number;
  /** The ends of the clusters, the number of classes last. */
  readonly cutoffs: readonly number[];
  readonly head: Linear;
  readonly tail: ModuleList<Sequential>;

  /** @param cutoffs - where the clusters begin, rising.
   *  @throws {RangeError} unless they rise from at least 1 to at most `nClasses - 1`, and each cluster has a width. */
  constructor(
    inFeatures: number,
    nClasses: number,
    cutoffs: readonly number[],
    options: AdaptiveLogSoftmaxOptions = {},
  ) {
    super();
    checkOptions(this, OPTIONS, options);
    const { divValue = 4, headBias = false } = options;
    const isFine = (cutoff: number, i: number): boolean =>
      Number.isInteger(cutoff) && cutoff > (cutoffs[i - 1] ?? 0) && cutoff < nClasses;
    if (cutoffs.length === 0 || !cutoffs.every(isFine))
      throw new RangeError(
        `Cannot make AdaptiveLogSoftmaxWithLoss: expected cutoffs that rise from 1 to at most ${nClasses - 1}, got [${cutoffs.join(', ')}]`,
      );
    this.inFeatures = inFeatures;
    this.nClasses = nClasses;
    this.cutoffs = [...cutoffs, nClasses];
    const factory = factoryOf(options);
    this.head = new Linear(inFeatures, cutoffs[0]! + cutoffs.length, { bias: headBias, ...factory });
    this.tail = new ModuleList<Sequential>();
    cutoffs.forEach((cutoff, i) => {
      const width = Math.floor(inFeatures / divValue ** (i + 1));
      const plain = { bias: false, ...factory };
      const inner = new Linear(inFeatures, width, plain);
      this.tail.append(new Sequential(inner, new Linear(width, this.cutoffs[i + 1]! - cutoff, plain)));
    });
  }

  resetParameters(): void {
    this.head.resetParameters();
    for (const cluster of this.tail) for (const map of cluster) (map as Linear).resetParameters(); // made so above
  }

  /** How many classes stand in the head by themselves. */
  private get shortlist(): number {
    return this.cutoffs[0]!;
  }

  /** @throws {ShapeError} for shapes that do not fit.  @throws {RangeError} for a target that is no class; waits for the device.
   *  @returns log probabilities of the targets, and minus their mean. */
  forward(input: Tensor, target: Tensor): [output: Tensor, loss: Tensor] {
    const isBatched = target.ndim === 1;
    if (target.ndim > 1 || input.ndim !== target.ndim + 1 || (isBatched && input.size(0) !== target.size(0)))
      throw new ShapeError(
        `Cannot apply AdaptiveLogSoftmaxWithLoss: expected input [N, ${this.inFeatures}] and target [N], or both without N, got [${input.shape.join(', ')}] and [${target.shape.join(', ')}]`,
      );
    const [x, y] = isBatched ? [input, target] : [input.unsqueeze(0), target.unsqueeze(0)];
    const output = x.newZeros([y.size(0)]); // [N]
    const places = y.newEmpty([y.size(0)]); // [N], in the head
    let numFound = 0;
    for (const [i, end] of this.cutoffs.entries()) {
      const start = i === 0 ? 0 : this.cutoffs[i - 1]!;
      const rows = y.ge(start).logicalAnd(y.lt(end)).nonzero().squeeze({ dim: 1 });
      if (rows.numel === 0) continue;
      numFound += rows.numel;
      const own = y.indexSelect(0, rows);
      if (i === 0) {
        places.indexCopy_(0, rows, own);
        continue;
      }
      const inside = this.tail
        .at(i - 1)
        .forward(x.indexSelect(0, rows))
        .logSoftmax(1);
      places.indexFill_(0, rows, this.shortlist + i - 1);
      output.indexCopy_(0, rows, inside.gather(1, own.sub(start).unsqueeze(1)).squeeze({ dim: 1 }));
    }
    if (numFound !== y.size(0))
      throw new RangeError(
        `Cannot apply AdaptiveLogSoftmaxWithLoss: expected targets from 0 to ${this.nClasses - 1}, got ${y.min().item()} to ${y.max().item()}`,
      );
    const head = this.head.forward(x).logSoftmax(1).gather(1, places.unsqueeze(1)).squeeze({ dim: 1 });
    const result = output.add_(head);
    return [isBatched ? result : result.squeeze({ dim: 0 }), result.neg().mean()];
  }

  private all(input: Tensor, head: Tensor): Tensor {
    const shares = head.logSoftmax(1);
    const clusters = Array.from(this.tail, (cluster, i) =>
      cluster
        .forward(input)
        .logSoftmax(1)
        .add(shares.select(1, this.shortlist + i).unsqueeze(1)),
    );
    return cat([shares.narrow(1, 0, this.shortlist), ...clusters], { dim: 1 }); // [N, C]
  }

  /** Log probabilities of all classes. Shape: [N, I] -> [N, C]. Source: torch.nn.AdaptiveLogSoftmaxWithLoss.log_prob. */
  logProb(input: Tensor): Tensor {
    return this.all(input, this.head.forward(input));
  }

  /** The likeliest class. Shape: [N, I] -> [N] int64. Waits for the device. Source: torch.nn.AdaptiveLogSoftmaxWithLoss.predict. */
  predict(input: Tensor): Tensor {
    const head = this.head.forward(input);
    const best = head.argmax({ dim: 1 });
    const rows = best.ge(this.shortlist).nonzero().squeeze({ dim: 1 });
    if (rows.numel === 0) return best;
    const classes = this.all(input.indexSelect(0, rows), head.indexSelect(0, rows)).argmax({ dim: 1 });
    return best.indexCopy(0, rows, classes);
  }
}
