// InfoNCE: every pair against the negatives of its row.

import { infoNceTable, reducePairs } from './contrast.ts';
import {
  HARD_NEGATIVE_RULES,
  type HardNegativeOptions,
  type HardNegatives,
  hardNegativeProblems,
  hardNegativesOf,
  weightsBothWays,
} from './hard-negatives.ts';
import type { LossRules } from './loss-options.ts';
import type { LossInputs, LossOutput } from './multimodal-loss.ts';
import { SIMILARITY_RULES, SimilarityLoss, type SimilarityLossOptions } from './similarity-loss.ts';

export interface InfoNCELossOptions extends SimilarityLossOptions, HardNegativeOptions {}

const RULES: LossRules<InfoNCELossOptions> = { ...SIMILARITY_RULES, ...HARD_NEGATIVE_RULES };

/** InfoNCE of each pair alone: other partners of a row are no negatives of it.
 *  Rule: the mean over pairs (i, p), in both directions, of log(e^s_ip + sum of e^s_in over the negatives n of i) - s_ip, s = cosine / temperature.
 *  Rows without negatives lose nothing. Without match ids it is `CLIPLoss`. With `reduction: 'none'` the loss is a table [B, B], 0 where there is no pair.
 *  Shape: visionFeatures and textFeatures [B, D]; matchIds [B].
 *  Outputs: loss, v2t_accuracy, t2v_accuracy, accuracy, recalls, and temperature where it is learned.
 *  @throws {ConfigError} for options, all problems at once.
 *  Source: van den Oord et al. 2018, arXiv:1807.03748.
 *  @example
 *  import { InfoNCELoss } from 'sconce/multimodal';
 *  const sides = { visionFeatures: tensor([[1, 0], [0, 2]]), textFeatures: tensor([[3, 0], [0, 1]]) };
 *  new InfoNCELoss({ temperature: 0.5 }).forward({ ...sides, matchIds: ['cat', 'dog'] }).loss; // tensor(0.1269)
 *  new InfoNCELoss({ temperature: 0.5 }).forward({ ...sides, matchIds: ['cat', 'cat'] }).loss; // tensor(0.) */
export class InfoNCELoss extends SimilarityLoss {
  readonly hardNegatives: HardNegatives | undefined;

  constructor(options: InfoNCELossOptions = {}) {
    super('InfoNCELoss', options, { rules: RULES, problems: hardNegativeProblems });
    this.hardNegatives = hardNegativesOf(options);
  }

  forward(inputs: LossInputs): LossOutput {
    return this.compare(inputs, (pairs) => {
      const { vision, text, positives } = pairs;
      const similarity = this.scaled(vision.matmul(text.t())); // [B, B]
      const isNegative = positives.logicalNot();
      const weights = weightsBothWays(similarity, positives, this.hardNegatives);
      const v2t = infoNceTable(similarity, positives, isNegative, weights?.v2t);
      const t2v = infoNceTable(similarity.t(), positives, isNegative, weights?.t2v);
      const loss = reducePairs(v2t.add(t2v.t()).div(2), positives, this.reduction);
      return { loss, ...this.measured(similarity, pairs) };
    });
  }
}
