// Recall at k of retrieval between two sets of paired embeddings, over the whole evaluation.

import { checkOptions } from '../options.ts';
import { K, PairsMetric, type PairsOptions, SIDES } from './pairs.ts';
import { chanceAt, recallAt } from './summary.ts';

export interface RetrievalRecallOptions extends PairsOptions {
  /** Default [1, 5, 10]. */
  readonly k?: readonly number[];
}

/** For each row of one side, whether a partner is among the k most similar rows of the other: `image_to_text_r1`, `text_to_image_r10`, … and `chance_r1`, the
 *  same in a random order. Similarity is the dot product: pass normalised embeddings. Rows with equal labels are partners of each other;
 *  without labels row i of one side has row i of the other alone. With labels of both sides these may have different lengths, as five captions a picture.
 *  A row counts as found at k if fewer than k rows that are no partners are more similar than its best partner; of those exactly as similar half count, so
 *  that a model that gives one embedding to all rows scores chance and not 1. Rows without a partner are never found.
 *  Shape: update takes left [B, D], right [C, D], labels [B] and labels of the right side [C]; without the last C is B. Sync: `update` never waits; `compute` does, and has a tile of the
 *  similarities at a time: 1 MiB on the CPU, 64 MiB elsewhere.
 *  @example
 *  import { RetrievalRecall } from 'sconce/metrics';
 *  const recall = new RetrievalRecall({ k: [1] });
 *  recall.update(tensor([[1, 0], [0, 1]]), tensor([[0.9, 0.1], [0.8, 0.2]]));
 *  recall.compute(); // { image_to_text_r1: 1, text_to_image_r1: 0.5, chance_r1: 0.5 } */
export class RetrievalRecall extends PairsMetric {
  readonly #k: readonly number[];

  /** @throws {ConfigError} that lists every problem of the options. */
  constructor(options: RetrievalRecallOptions = {}) {
    checkOptions('make RetrievalRecall', options, { k: K, sides: SIDES });
    super('RetrievalRecall', options);
    this.#k = options.k ?? [1, 5, 10];
  }

  compute(): Record<string, number> {
    if (this.isEmpty) return {};
    const rankings = this.rankings();
    const recalls = rankings.flatMap((ranking, i) =>
      this.#k.map((k) => [`${this.directions[i]}_r${k}`, recallAt(ranking, k)] as const),
    );
    const chance = this.#k.map((k) => {
      const [left, right] = rankings;
      return [`chance_r${k}`, (chanceAt(left, k) + chanceAt(right, k)) / 2] as const;
    });
    return Object.fromEntries([...recalls, ...chance]);
  }
}
