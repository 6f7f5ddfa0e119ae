// The loss of CLIP: each picture finds its text among the batch's, and the reverse.

import { ShapeError } from '../../errors.ts';
import { Tensor } from '../../tensor/tensor.ts';
import { crossEntropyBothWays, type PositivesOptions, type PositivesRule } from './contrast.ts';
import {
  HARD_NEGATIVE_RULES,
  type HardNegativeOptions,
  type HardNegatives,
  hardNegativeProblems,
  hardNegativesOf,
  weightsBothWays,
} from './hard-negatives.ts';
import { choice, type LossRules, share } from './loss-options.ts';
import type { LossInputs, LossOutput } from './multimodal-loss.ts';
import { type Pairs, readMatches, toFloat, withoutAutocast } from './pairs.ts';
import { SIMILARITY_RULES, SimilarityLoss, type SimilarityLossOptions } from './similarity-loss.ts';

export interface CLIPLossOptions extends SimilarityLossOptions, HardNegativeOptions, PositivesOptions {
  /** The share of each row's target that is spread over the whole batch. Default 0. */
  readonly labelSmoothing?: number | undefined;
}

const RULES: LossRules<CLIPLossOptions> = {
  ...SIMILARITY_RULES,
  ...HARD_NEGATIVE_RULES,
  positives: choice('all', 'random'),
  labelSmoothing: share,
};

/** Cross entropy of similarities in both directions.
 *  Rule: (CE(S, t) + CE(S', t')) / 2 with S = cos(v_i, t_j) / temperature and t_ij = (1 - e) / n_i + e / B for the n_i partners of row i, e / B for
 *  others, e the label smoothing; hard negatives stand in the denominators with their weight.
 *  Shape: visionFeatures and textFeatures [B, D], or `similarityMatrix` [B, B] in place of both, which is taken as it is; matchIds [B].
 *  Outputs: loss, v2t_accuracy, t2v_accuracy, accuracy, recalls, and temperature where it is learned.
 *  @throws {ConfigError} for options, all problems at once.
 *  Source: Radford et al. 2021, arXiv:2103.00020; label smoothing Szegedy et al. 2015, arXiv:1512.00567; several partners multimodal_insight_engine.
 *  @example
 *  import { CLIPLoss } from 'sconce/multimodal';
 *  const criterion = new CLIPLoss({ temperature: 0.5 });
 *  const output = criterion.forward({ visionFeatures: tensor([[1, 0], [0, 2]]), textFeatures: tensor([[3, 0], [0, 1]]) });
 *  output.loss; // tensor(0.1269) */
export class CLIPLoss extends SimilarityLoss {
  readonly labelSmoothing: number;
  readonly positives: PositivesRule;
  readonly hardNegatives: HardNegatives | undefined;

  constructor(options: CLIPLossOptions = {}) {
    super('CLIPLoss', options, { rules: RULES, problems: hardNegativeProblems });
    this.labelSmoothing = options.labelSmoothing ?? 0;
    this.positives = options.positives ?? 'all';
    this.hardNegatives = hardNegativesOf(options);
  }

  forward(inputs: LossInputs): LossOutput {
    const { similarityMatrix: given } = inputs;
    if (given === undefined)
      return this.compare(inputs, (pairs) => this.contrast(this.scaled(pairs.vision.matmul(pairs.text.t())), pairs));
    if (!(given instanceof Tensor) || given.ndim !== 2 || given.size(0) !== given.size(1) || given.numel === 0) {
      const got = given instanceof Tensor ? `[${given.shape.join(', ')}]` : typeof given;
      throw new ShapeError(`Cannot compute CLIPLoss: expected a similarityMatrix [B, B], got ${got}`);
    }
    // Similarities to the rows of other ranks are not in it.
    const rows = given.size(0);
    const matches = readMatches('CLIPLoss', inputs, {
      ownRows: rows,
      rows,
      device: given.device,
      gather: (ids) => ids,
    });
    return withoutAutocast(given.device, () => {
      const similarity = toFloat(given);
      return this.contrast(similarity, { rows, vision: similarity, text: similarity, ...matches });
    });
  }

  /** @param similarity - [B, B], over the temperature. */
  private contrast(similarity: Tensor, pairs: Pairs): LossOutput {
    const { positives, reduction, labelSmoothing, hardNegatives } = this;
    const weights = weightsBothWays(similarity, pairs.positives, hardNegatives);
    const { loss } = crossEntropyBothWays(similarity, pairs, { positives, reduction, labelSmoothing, weights });
    return { loss, ...this.measured(similarity, pairs) };
  }
}
