// Cross entropy in both directions, and pairs drawn onto each other.

import { where } from '../../tensor/ops.generated.ts';
import { Tensor } from '../../tensor/tensor.ts';
import { crossEntropyBothWays, type PositivesOptions, type PositivesRule, targetsOf } from './contrast.ts';
import { atLeast, choice, type LossRules } from './loss-options.ts';
import type { LossInputs, LossOutput } from './multimodal-loss.ts';
import type { Pairs } from './pairs.ts';
import { SIMILARITY_RULES, SimilarityLoss, type SimilarityLossOptions } from './similarity-loss.ts';

export interface SimpleContrastiveLossOptions extends SimilarityLossOptions, PositivesOptions {
  /** Weight of the distance of pairs. Default 0.5. */
  readonly mseWeight?: number | undefined;
  /** Weight of `decorLoss`, there where the model gives one. Default 0.2. */
  readonly decorWeight?: number | undefined;
}

const RULES: LossRules<SimpleContrastiveLossOptions> = {
  ...SIMILARITY_RULES,
  positives: choice('all', 'random'),
  reduction: choice('mean', 'sum'), // the distance is a mean over the rows that have others
  mseWeight: atLeast(0),
  decorWeight: atLeast(0),
};

/** The loss of CLIP, and the squared distance of pairs.
 *  Rule: CE both ways (`CLIPLoss`) + mseWeight MSE + decorWeight decorLoss, MSE the mean over rows i of |v_i - t_p|^2 / D for a partner p, without rows for
 *  which all others are partners. Of several partners all count alike, or one is drawn: `positives`.
 *  Unlike with other losses the temperature is 0.1 by default.
 *  Shape: visionFeatures and textFeatures [B, D]; matchIds [B]; decorLoss [].
 *  Outputs: loss, infonce_loss, mse_loss, v2t_loss, t2v_loss, pos_sim, neg_sim and separation (mean cosines over the temperature), temperature,
 *  decor_loss, v2t_accuracy, t2v_accuracy, accuracy, recalls.
 *  @throws {ConfigError} for options, all problems at once.
 *  Source: multimodal_insight_engine; Radford et al. 2021, arXiv:2103.00020.
 *  @example
 *  import { SimpleContrastiveLoss } from 'sconce/multimodal';
 *  const sides = { visionFeatures: tensor([[1, 0], [0, 2]]), textFeatures: tensor([[0, 1], [0, 1]]) };
 *  new SimpleContrastiveLoss().forward(sides).mse_loss; // tensor(0.5000) */
export class SimpleContrastiveLoss extends SimilarityLoss {
  readonly positives: PositivesRule;
  readonly mseWeight: number;
  readonly decorWeight: number;

  constructor(options: SimpleContrastiveLossOptions = {}) {
    super('SimpleContrastiveLoss', options, { rules: RULES, temperature: 0.1 });
    this.positives = options.positives ?? 'all';
    this.mseWeight = options.mseWeight ?? 0.5;
    this.decorWeight = options.decorWeight ?? 0.2;
  }

  forward(inputs: LossInputs): LossOutput {
    const { decorLoss } = inputs;
    if (decorLoss !== undefined && (!(decorLoss instanceof Tensor) || decorLoss.numel !== 1))
      throw new TypeError(
        `Cannot compute SimpleContrastiveLoss: expected decorLoss as a tensor of one element, got ${decorLoss instanceof Tensor ? `[${decorLoss.shape.join(', ')}]` : typeof decorLoss}`,
      );
    return this.compare(inputs, (pairs) => {
      const { vision, text, positives: isPositive } = pairs;
      const cosine = vision.matmul(text.t()); // [B, B]
      const similarity = this.scaled(cosine);
      const contrast = crossEntropyBothWays(similarity, pairs, this);
      const distance = this.distance(cosine, pairs);
      const loss = contrast.loss.add(distance.mul(this.mseWeight));
      const mean = (mask: Tensor): Tensor => where(mask, similarity.detach(), 0).sum().div(mask.sum().clampMin(1));
      const [positive, negative] = [mean(isPositive), mean(isPositive.logicalNot())];
      return {
        loss: decorLoss ? loss.add(decorLoss.reshape([]).mul(this.decorWeight)) : loss,
        infonce_loss: contrast.loss.detach(),
        mse_loss: distance.detach(),
        v2t_loss: contrast.v2t.detach(),
        t2v_loss: contrast.t2v.detach(),
        pos_sim: positive,
        neg_sim: negative,
        separation: positive.sub(negative),
        temperature: this.temperature,
        decor_loss: decorLoss ? decorLoss.detach() : 0,
        ...this.measured(similarity, pairs),
      };
    });
  }

  /** The mean over rows that have others of the mean over partners of |v - t|^2 / D. Shape: []. */
  private distance(cosine: Tensor, pairs: Pairs): Tensor {
    const { vision, text, positives } = pairs;
    const squares = (side: Tensor): Tensor => side.square().sum({ dim: [1] }); // [B]
    const table = squares(vision).unsqueeze(1).add(squares(text).unsqueeze(0)).sub(cosine.mul(2)).div(vision.size(1)); // [B, B]
    const target = targetsOf(pairs, this.positives);
    const rows =
      target.ndim === 1
        ? table.gather(1, target.unsqueeze(1)).squeeze({ dim: 1 })
        : table.mul(target).sum({ dim: [1] }); // [B]
    const hasOthers = positives.all({ dim: 1 }).logicalNot(); // [B]
    return where(hasOthers, rows, 0).sum().div(hasOthers.sum().clampMin(1));
  }
}
