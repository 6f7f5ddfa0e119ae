// The mean reciprocal rank and the median rank of retrieval between two sets of paired embeddings.

import { checkOptions } from '../options.ts';
import { PairsMetric, type PairsOptions, SIDES } from './pairs.ts';
import { meanReciprocalRank, medianRank } from './summary.ts';

/** For each row of one side the rank of its best partner among the rows of the other, from 1: the mean of 1 / rank (`image_to_text_mrr`) and the median rank (`image_to_text_median_rank`), in both
 *  directions. Partners, ties and inputs as in `RetrievalRecall`. Source: torchmetrics.retrieval.RetrievalMRR, of one query a row.
 *  @example
 *  import { RetrievalMRR } from 'sconce/metrics';
 *  const ranks = new RetrievalMRR();
 *  ranks.update(tensor([[1, 0], [0, 1]]), tensor([[0.9, 0.1], [0.8, 0.2]]));
 *  ranks.compute(); // { image_to_text_mrr: 1, image_to_text_median_rank: 1, text_to_image_mrr: 0.75, text_to_image_median_rank: 1.5 } */
export class RetrievalMRR extends PairsMetric {
  /** @throws {ConfigError} that lists every problem of the options. */
  constructor(options: PairsOptions = {}) {
    checkOptions('make RetrievalMRR', options, { sides: SIDES });
    super('RetrievalMRR', options);
  }

  compute(): Record<string, number> {
    if (this.isEmpty) return {};
    const values = this.rankings().flatMap((ranking, i) => [
      [`${this.directions[i]}_mrr`, meanReciprocalRank(ranking)] as const,
      [`${this.directions[i]}_median_rank`, medianRank(ranking)] as const,
    ]);
    return Object.fromEntries(values);
  }
}
