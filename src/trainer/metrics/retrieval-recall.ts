// Recall at k of retrieval between two sets of paired embeddings, over the whole evaluation.

import { ShapeError } from '../../errors.ts';
import { noGrad } from '../../tensor/autograd.ts';
import { arange } from '../../tensor/create.ts';
import { cat } from '../../tensor/ops.generated.ts';
import { scope } from '../../tensor/scope.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import type { Metric } from './metric.ts';

export interface RetrievalRecallOptions {
  /** Default [1, 5, 10]. */
  k?: readonly number[];
  /** Names of the two sides in the results. Default ['image', 'text']. */
  sides?: readonly [string, string];
}

/** For each row of one side, whether a partner is among the k most similar rows of the other: `image_to_text_r1`, `text_to_image_r10`, … and `chance_r1`, the
 *  same for one partner in a random order. Similarity is the dot product: pass normalised embeddings. Rows with equal labels are partners of each other;
 *  without labels row i of one side has row i of the other alone.
 *  A row counts as found at k if fewer than k rows that are no partners are more similar than its best partner; of those exactly as similar half count, so
 *  that a model that gives one embedding to all rows scores chance and not 1.
 *  Shape: update takes [B, D], [B, D] and labels [B]. */
export class RetrievalRecall implements Metric {
  readonly #k: readonly number[];
  readonly #sides: readonly [string, string];
  #left: Tensor[] = [];
  #right: Tensor[] = [];
  #labels: Tensor[] = [];

  constructor(options: RetrievalRecallOptions = {}) {
    this.#k = options.k ?? [1, 5, 10];
    this.#sides = options.sides ?? ['image', 'text'];
    if (this.#k.length === 0 || this.#k.some((k) => !Number.isInteger(k) || k < 1)) {
      throw new RangeError(`Cannot measure recall: expected k of at least 1, got [${this.#k.join(', ')}]`);
    }
  }

  /** @throws {TypeError} where some batches have labels and others not.  @throws {ShapeError} for sides of different shapes. */
  update(left: Tensor, right: Tensor, labels?: Tensor): void {
    const [l, r] = [left.shape, right.shape];
    if (l.length !== 2 || String(l) !== String(r)) {
      throw new ShapeError(
        `Cannot measure recall: expected both sides of one shape [B, D], got [${l.join(', ')}] and [${r.join(', ')}]`,
      );
    }
    if (this.#left.length > 0 && (labels === undefined) !== (this.#labels.length === 0)) {
      throw new TypeError('Cannot measure recall: expected labels for every batch or for none');
    }
    this.#left.push(left.detach().to('float32').clone().keep());
    this.#right.push(right.detach().to('float32').clone().keep());
    if (labels) this.#labels.push(labels.detach().clone().keep());
  }

  compute(): Record<string, number> {
    if (this.#left.length === 0) return {};
    return noGrad(() =>
      scope(() => {
        const similarity = cat(this.#left).matmul(cat(this.#right).t()); // [N, N]
        const rows = similarity.size(0);
        const labels = this.#labels.length > 0 ? cat(this.#labels) : arange(rows, { dtype: 'int64' });
        const isPartner = labels.unsqueeze(1).eq(labels.unsqueeze(0)); // [N, N]
        const [a, b] = this.#sides;
        return {
          ...this.#recalls(`${a}_to_${b}`, similarity, isPartner),
          ...this.#recalls(`${b}_to_${a}`, similarity.t(), isPartner),
          ...Object.fromEntries(this.#k.map((k) => [`chance_r${k}`, Math.min(1, k / rows)])),
        };
      }, 'RetrievalRecall'),
    );
  }

  #recalls(name: string, similarity: Tensor, isPartner: Tensor): Record<string, number> {
    const isOther = isPartner.logicalNot();
    const own = similarity.maskedFill(isOther, Number.NEGATIVE_INFINITY).amax({ dim: [1], keepdim: true }); // [N, 1]
    // Not "greater than": what is not a number is above everything, so that a model that gives nothing but NaN finds nothing.
    const above = similarity
      .le(own)
      .logicalNot()
      .logicalAnd(isOther)
      .sum({ dim: [1] })
      .to('float32'); // [N]
    const tied = similarity
      .eq(own)
      .logicalAnd(isOther)
      .sum({ dim: [1] })
      .to('float32'); // [N]
    const rank = above.add(tied.mul(0.5));
    return Object.fromEntries(this.#k.map((k) => [`${name}_r${k}`, rank.lt(k).to('float64').mean().item()]));
  }

  reset(): void {
    for (const tensor of [...this.#left, ...this.#right, ...this.#labels]) tensor.dispose();
    this.#left = [];
    this.#right = [];
    this.#labels = [];
  }
}
