// Recall at k of retrieval between two sets of paired embeddings, over the whole evaluation.

import { checkOptions, type Rule } from '../options.ts';
import { PairsMetric, type PairsOptions, SIDES } from './pairs.ts';

export interface RetrievalRecallOptions extends PairsOptions {
  /** Default [1, 5, 10]. */
  readonly k?: readonly number[];
}

const K: Rule = [
  'a list of integers of at least 1',
  (value) => Array.isArray(value) && value.length > 0 && value.every((k) => Number.isSafeInteger(k) && k >= 1),
];

/** For each row of one side, whether a partner is among the k most similar rows of the other: `image_to_text_r1`, `text_to_image_r10`, … and `chance_r1`, the
 *  same for one partner in a random order. Similarity is the dot product: pass normalised embeddings. Rows with equal labels are partners of each other;
 *  without labels row i of one side has row i of the other alone.
 *  A row counts as found at k if fewer than k rows that are no partners are more similar than its best partner; of those exactly as similar half count, so
 *  that a model that gives one embedding to all rows scores chance and not 1.
 *  Shape: update takes [B, D], [B, D] and labels [B]. Sync: `update` never waits, `compute` looks at 64 MiB of similarities at a time.
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
    const directions = this.places();
    const recalls = directions.flatMap(([name, places]) =>
      this.#k.map((k) => [`${name}_r${k}`, places.filter((place) => place < k).length / places.length] as const),
    );
    const rows = directions[0]![1].length;
    return Object.fromEntries([...recalls, ...this.#k.map((k) => [`chance_r${k}`, Math.min(1, k / rows)] as const)]);
  }
}
