// Recall at k of retrieval inside each batch, as training sees it.

import { arange } from '../../tensor/create.ts';
import { tensor } from '../../tensor/from-data.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { numbersOf } from '../inputs.ts';
import { checkOptions } from '../options.ts';
import { TensorMetric } from '../tensor-metric.ts';
import { checkPairs, K, SIDES } from './pairs.ts';
import { type Sides, strangersBefore } from './places.ts';
import type { RetrievalRecallOptions } from './retrieval-recall.ts';

/** As `RetrievalRecall`, but a row looks for its partner among the rows of its own batch alone: the share of all rows that find one, `in_batch_image_to_text_r1` and so on. What a contrastive loss
 *  sees, and far easier than the whole: it grows where batches get smaller, and is 1 where k is no less than a batch. State: counts. Sync: `update` never waits.
 *  Shape: as `RetrievalRecall`.
 *  @example
 *  import { BatchRetrievalRecall } from 'sconce/metrics';
 *  const recall = new BatchRetrievalRecall({ k: [1] });
 *  recall.update(tensor([[1, 0], [0, 1]]), tensor([[0.9, 0.1], [0.8, 0.2]]));
 *  recall.compute(); // { in_batch_image_to_text_r1: 1, in_batch_text_to_image_r1: 0.5 } */
export class BatchRetrievalRecall extends TensorMetric {
  protected readonly k: readonly number[];
  readonly #directions: readonly string[];

  /** @throws {ConfigError} that lists every problem of the options. */
  constructor(options: RetrievalRecallOptions = {}) {
    checkOptions('make BatchRetrievalRecall', options, { k: K, sides: SIDES });
    const { k = [1, 5, 10], sides: [a, b] = ['image', 'text'] } = options;
    // Of each side the rows found at each k, and all rows.
    super('BatchRetrievalRecall', { found: { kind: 'sum', shape: [2, k.length + 1], dtype: 'float64' } });
    this.k = k;
    this.#directions = [`${a}_to_${b}`, `${b}_to_${a}`];
  }

  /** Takes a batch. @throws {ShapeError} for sides that do not belong together.  @throws {TypeError} for labels of the right side alone. */
  update(left: Tensor, right: Tensor, labels?: Tensor, rightLabels?: Tensor): void {
    const sides = { left, right, leftIds: labels, rightIds: rightLabels };
    checkPairs(this.label, sides);
    if (left.size(0) === 0 || right.size(0) === 0) return;
    this.gather(left.device, () => {
      for (const [i, places] of placesInBatch(sides).entries()) {
        const limits = tensor([...this.k, Number.POSITIVE_INFINITY], { dtype: 'float64', device: left.device });
        const isFound = places.unsqueeze(1).lt(limits); // [R, K + 1]
        const found = isFound.sum({ dim: [0], dtype: 'float64' });
        found.select(0, this.k.length).fill_(places.size(0)); // all, those without a partner too
        this.sum('found').select(0, i).add_(found);
      }
    });
  }

  /** The shares of both sides at each k. Waits for the device. */
  protected shares(): readonly (readonly number[])[] {
    const width = this.k.length + 1;
    const counts = this.reading(() => numbersOf(this.read('found')));
    return [0, 1].map((side) => this.k.map((_, i) => counts[side * width + i]! / counts[side * width + width - 1]!));
  }

  compute(): Record<string, number> {
    if (this.isEmpty) return {};
    const values = this.shares().flatMap((shares, side) =>
      shares.map((share, i) => [`in_batch_${this.#directions[side]}_r${this.k[i]}`, share] as const),
    );
    return Object.fromEntries(values);
  }
}

/** The places of both sides, on the device: see `Ranking`. */
function placesInBatch({ left, right, leftIds, rightIds = leftIds }: Sides): readonly Tensor[] {
  const table = left.to('float32').matmul(right.to('float32').t()); // [B, C]
  const row = leftIds ?? arange(left.size(0), { dtype: 'int64', device: left.device });
  const column = rightIds ?? row;
  const strangers = row.unsqueeze(1).ne(column.unsqueeze(0));
  const partners = table.maskedFill(strangers, Number.NEGATIVE_INFINITY);
  return ([1, 0] as const).map((dim) => {
    const best = partners.amax({ dim: [dim], keepdim: true });
    const isAlone = strangers.all({ dim });
    return strangersBefore(table, best, strangers, dim).maskedFill(isAlone, Number.POSITIVE_INFINITY);
  });
}
