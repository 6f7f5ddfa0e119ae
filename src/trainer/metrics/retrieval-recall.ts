// Recall at k of retrieval between two sets of paired embeddings, over the whole evaluation.

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

/** For each row of one side, whether its partner is among the k most similar rows of the other: `image_to_text_r1`, `text_to_image_r10`, … and the same
 *  for a random order, `chance_r1`. Similarity is the dot product: pass normalised embeddings.
 *  A partner counts as found at k if fewer than k rows are strictly more similar; with ties, half of the tied rows count as more similar, so that a model
 *  that gives one embedding to all rows scores chance and not 1.
 *  Shape: update takes [B, D] and [B, D]; row i of both belong together. */
export class RetrievalRecall implements Metric {
  readonly #k: readonly number[];
  readonly #sides: readonly [string, string];
  #left: Tensor[] = [];
  #right: Tensor[] = [];

  constructor(options: RetrievalRecallOptions = {}) {
    this.#k = options.k ?? [1, 5, 10];
    this.#sides = options.sides ?? ['image', 'text'];
    if (this.#k.length === 0 || this.#k.some((k) => !Number.isInteger(k) || k < 1)) {
      throw new RangeError(`Cannot measure recall: expected k of at least 1, got [${this.#k.join(', ')}]`);
    }
  }

  update(left: Tensor, right: Tensor): void {
    this.#left.push(left.detach().to('float32').clone().keep());
    this.#right.push(right.detach().to('float32').clone().keep());
  }

  compute(): Record<string, number> {
    if (this.#left.length === 0) return {};
    return noGrad(() =>
      scope(() => {
        const similarity = cat(this.#left).matmul(cat(this.#right).t()); // [N, N]
        const [a, b] = this.#sides;
        return {
          ...this.#recalls(`${a}_to_${b}`, similarity),
          ...this.#recalls(`${b}_to_${a}`, similarity.t()),
          ...Object.fromEntries(this.#k.map((k) => [`chance_r${k}`, Math.min(1, k / similarity.size(0))])),
        };
      }, 'RetrievalRecall'),
    );
  }

  #recalls(name: string, similarity: Tensor): Record<string, number> {
    const rows = similarity.size(0);
    const own = similarity.gather(1, arange(rows, { dtype: 'int64' }).unsqueeze(1)); // [N, 1]
    const above = similarity
      .gt(own)
      .sum({ dim: [1] })
      .to('float32'); // [N]
    const tied = similarity
      .eq(own)
      .sum({ dim: [1] })
      .sub(1)
      .to('float32'); // [N], without the row itself
    const rank = above.add(tied.mul(0.5));
    return Object.fromEntries(this.#k.map((k) => [`${name}_r${k}`, rank.lt(k).to('float32').mean().item()]));
  }

  reset(): void {
    for (const tensor of [...this.#left, ...this.#right]) tensor.dispose();
    this.#left = [];
    this.#right = [];
  }
}
