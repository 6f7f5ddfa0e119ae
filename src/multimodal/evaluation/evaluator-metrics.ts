// Retrieval over a whole evaluation and inside its batches, under the names that multimodal_insight_engine has for them.

import { BatchRetrievalRecall } from '../../metrics/retrieval/batch-retrieval-recall.ts';
import { PairsMetric } from '../../metrics/retrieval/pairs.ts';
import type { Ranking } from '../../metrics/retrieval/places.ts';
import { chanceAt, meanReciprocalRank, medianRank, recallAt } from '../../metrics/retrieval/summary.ts';

/** From a value of each side to the values of both ways and their mean. */
function bothWays(name: (side: string) => string, [i2t, t2i]: readonly number[]): [name: string, value: number][] {
  return [
    [name('i2t_'), i2t!],
    [name('t2i_'), t2i!],
    [name('avg_'), (i2t! + t2i!) / 2],
  ];
}

/** @param accuracies - recall at 1 of both sides. */
function accuracyOf(prefix: string, [i2t, t2i]: readonly number[]): [name: string, value: number][] {
  return [
    [`${prefix}_i2t_accuracy`, i2t!],
    [`${prefix}_t2i_accuracy`, t2i!],
    [`${prefix}_accuracy`, (i2t! + t2i!) / 2],
  ];
}

/** `global_i2t_recall@1` and so on: every picture among all texts of the evaluation, and every text among all pictures. */
export class GlobalRetrieval extends PairsMetric {
  readonly #k: readonly number[];

  constructor(k: readonly number[]) {
    super('Evaluator', {});
    this.#k = k;
  }

  compute(): Record<string, number> {
    return this.isEmpty ? {} : globalValues(this.rankings(), this.#k);
  }
}

export function globalValues(rankings: readonly [Ranking, Ranking], k: readonly number[]): Record<string, number> {
  const of = (value: (ranking: Ranking) => number): number[] => rankings.map(value);
  const recalls = k.map((each) => [each, of((ranking) => recallAt(ranking, each))] as const);
  return Object.fromEntries([
    ...recalls.flatMap(([each, values]) => bothWays((side) => `global_${side}recall@${each}`, values)),
    ...accuracyOf(
      'global',
      of((ranking) => recallAt(ranking, 1)),
    ),
    ...bothWays((side) => `global_${side}mrr`, of(meanReciprocalRank)),
    ...bothWays((side) => `global_${side}median_rank`, of(medianRank)).slice(0, 2),
    ...k.map((each) => {
      const [i2t, t2i] = of((ranking) => chanceAt(ranking, each));
      return [`global_chance_recall@${each}`, (i2t! + t2i!) / 2] as const;
    }),
    ...(['t2i', 'i2t'] as const).flatMap((side) =>
      recalls.map(([each, [i2t, t2i]]) => [`recalls.${side}_R${each}`, side === 'i2t' ? i2t! : t2i!] as const),
    ),
  ]);
}

/** `in_batch_i2t_recall@1` and so on: every picture among the texts of its own batch, and every text among the pictures. */
export class InBatchRetrieval extends BatchRetrievalRecall {
  readonly #shown: readonly number[];

  constructor(k: readonly number[]) {
    super({ k: k.includes(1) ? k : [1, ...k] }); // accuracy is recall at 1
    this.#shown = k;
  }

  override compute(): Record<string, number> {
    if (this.isEmpty) return {};
    const shares = this.shares();
    const at = (k: number): number[] => shares.map((side) => side[this.k.indexOf(k)]!);
    return Object.fromEntries([
      ...this.#shown.flatMap((k) => bothWays((side) => `in_batch_${side}recall@${k}`, at(k))),
      ...accuracyOf('in_batch', at(1)),
    ]);
  }
}
