// A queue of features of earlier batches, as negatives, and the loss of pairs against a batch and a queue.

import { ShapeError } from '../../errors.ts';
import { softplus } from '../../nn/functional/index.ts';
import { Module } from '../../nn/module.ts';
import { noGrad } from '../../tensor/autograd.ts';
import { arange, full, zeros } from '../../tensor/create.ts';
import type { DType } from '../../tensor/dtype.ts';
import { cat } from '../../tensor/ops.generated.ts';
import type { Tensor } from '../../tensor/tensor.ts';

// B rows of a batch, D features, K places of the queue.

export type QueueSide = 'vision' | 'text';

/** What no match id is. */
const NO_ID = -(2n ** 63n);

/** Features of the last K rows of each side. All of it are buffers, and where the next rows go is a tensor too, so that nothing waits for the device. */
export class FeatureQueue extends Module {
  readonly dim: number;
  readonly size: number;
  readonly sides: readonly QueueSide[];
  /** Columns of length 1, [D, K]; undefined for a side that has no queue. */
  declare vision: Tensor | undefined;
  declare text: Tensor | undefined;
  /** Match ids of the columns, as int64, [K]; the least int64 for rows without. */
  declare ids: Tensor;
  /** The place that is filled next, []. */
  declare pointer: Tensor;
  /** Places that are filled, []. */
  declare fill: Tensor;

  constructor(dim: number, size: number, sides: readonly QueueSide[]) {
    super();
    this.dim = dim;
    this.size = size;
    this.sides = sides;
    for (const side of sides) this.registerBuffer(side, zeros([dim, size]));
    this.registerBuffer('ids', full([size], NO_ID, { dtype: 'int64' }));
    this.registerBuffer('pointer', zeros([], { dtype: 'int64' }));
    this.registerBuffer('fill', zeros([], { dtype: 'int64' }));
  }

  forward(): never {
    throw new TypeError('Cannot apply a FeatureQueue: expected its features to be asked for');
  }

  /** @throws {ShapeError} for features of another size. */
  requireDim(loss: string, features: Tensor): void {
    if (features.size(1) !== this.dim)
      throw new ShapeError(
        `Cannot compute ${loss}: expected features of ${this.dim} for its queue, got [${features.shape.join(', ')}]; make it with dim: ${features.size(1)}`,
      );
  }

  /** What part is filled, from 0 to 1. Shape: []. */
  filled(dtype: DType): Tensor {
    return this.fill.to(dtype).div(this.size);
  }

  /** A copy, which stays what it is for backward while the queue moves on. Shape: [D, K]. */
  negatives(side: QueueSide, dtype: DType): Tensor {
    return this[side]!.to({ dtype, copy: true });
  }

  /** Places that are no negatives: those that are empty, and rows that belong to a row of the batch, by their ids. Shape: [1, K] or [B, K]. */
  excluded(codes: Tensor | undefined): Tensor {
    const empty = arange(this.size, { device: this.fill.device, dtype: 'int64' }).ge(this.fill).unsqueeze(0);
    return codes ? empty.logicalOr(codes.unsqueeze(1).eq(this.ids.unsqueeze(0))) : empty;
  }

  /** Puts rows in the places of the oldest; of more rows than there are places, the last. Shape: each [B, D].
   *  @param codes - their match ids, [B] int64. */
  enqueue(rows: Readonly<Partial<Record<QueueSide, Tensor>>>, codes: Tensor | undefined): void {
    noGrad(() => {
      const numRows = rows[this.sides[0]!]!.size(0);
      const count = Math.min(numRows, this.size);
      const newest = (of: Tensor): Tensor => of.narrow(0, numRows - count, count);
      const places = arange(count, { device: this.pointer.device, dtype: 'int64' }).add(this.pointer);
      const index = places.remainder(this.size);
      for (const side of this.sides) {
        const queue = this[side]!;
        queue.indexCopy_(1, index, newest(rows[side]!).t().to(queue.dtype));
      }
      if (codes) this.ids.indexCopy_(0, index, newest(codes));
      else this.ids.indexFill_(0, index, NO_ID);
      this.pointer.add_(count).remainder_(this.size);
      this.fill.add_(count).clampMax_(this.size);
    });
  }
}

/** In the place of what is no negative: nothing beside it counts, and no gradient comes of it that is no number, as of -∞. */
const FAR = -1e9;

/** One direction of a comparison. */
export interface QueueLogits {
  /** [B, B]. */
  readonly batch: Tensor;
  /** Which of them belong together, [B, B] bool. */
  readonly positives: Tensor;
  /** [B, K]. */
  readonly queue: Tensor;
  /** Which of them are no negatives, [1, K] or [B, K] bool. */
  readonly excluded: Tensor;
}

/** The loss is the mean over the pairs (i, p) of -log(e^{s_ip} / (e^{s_ip} + Σ over the negatives n of i of e^{s_in})); a row without negatives has one of 0.
 *  The accuracy is the part of the rows that have a pair above all negatives; one that is as high as the highest counts half. Shape: [] each. */
export function compareWithQueue({ batch, positives, queue, excluded }: QueueLogits): {
  readonly loss: Tensor;
  readonly accuracy: Tensor;
} {
  const negatives = cat([batch.maskedFill(positives, FAR), queue.maskedFill(excluded, FAR)], { dim: 1 }); // [B, B + K]
  const losses = softplus(negatives.logsumexp(1, { keepdim: true }).sub(batch), { threshold: 40 }); // [B, B]
  const loss = losses.mul(positives).sum().div(positives.sum());
  const accuracy = noGrad(() => {
    const best = batch.maskedFill(positives.logicalNot(), FAR).amax({ dim: 1 }); // [B]
    const highest = negatives.amax({ dim: 1 });
    const { dtype } = highest;
    return best.gt(highest).to(dtype).add(best.ge(highest).to(dtype)).mean().div(2);
  });
  return { loss, accuracy };
}
