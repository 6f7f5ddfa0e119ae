// InfoNCE in which the negatives that are hard to tell from the partners count more.

import { noGrad } from '../../tensor/autograd.ts';
import { zerosLike } from '../../tensor/ops.generated.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { infoNceTable, reducePairs } from './contrast.ts';
import { above, choice, type LossRules, percentile } from './loss-options.ts';
import type { LossInputs, LossOutput } from './multimodal-loss.ts';
import { SIMILARITY_RULES, SimilarityLoss, type SimilarityLossOptions } from './similarity-loss.ts';

/** Which negatives of a row are hard. */
export type MiningStrategy = 'hard' | 'semi-hard';

export interface HardNegativeLossOptions extends SimilarityLossOptions {
  /** How often a hard negative counts. Default 2. */
  readonly hardNegativeFactor?: number | undefined;
  /** 'hard': the most similar of each row, as many as the percentile says. 'semi-hard': those that are less similar than the row's partners on the mean,
   *  but by less than the margin. Default 'semi-hard'. */
  readonly miningStrategy?: MiningStrategy | undefined;
  /** With 'hard': 90 takes the tenth of a row's negatives that is most similar, at least one. Default 90. */
  readonly hardNegativePercentile?: number | undefined;
  /** With 'semi-hard': a difference of cosines. Default 0.2. */
  readonly semiHardMargin?: number | undefined;
}

const RULES: LossRules<HardNegativeLossOptions> = {
  ...SIMILARITY_RULES,
  hardNegativeFactor: above(0),
  miningStrategy: choice('hard', 'semi-hard'),
  hardNegativePercentile: percentile,
  semiHardMargin: above(0),
};

function problemsOf(given: HardNegativeLossOptions): string[] {
  const { miningStrategy: strategy = 'semi-hard', hardNegativePercentile: percent, semiHardMargin: margin } = given;
  if (strategy === 'hard' && margin !== undefined)
    return [`semiHardMargin: expected miningStrategy "semi-hard" beside it, got "hard"`];
  if (strategy === 'semi-hard' && percent !== undefined)
    return [`hardNegativePercentile: expected miningStrategy "hard" beside it, got "semi-hard"`];
  return [];
}

/** InfoNCE with weighted negatives.
 *  Rule: the mean over pairs (i, p), in both directions, of -log(e^s_ip / (e^s_ip + sum of w_n e^s_in over the negatives n of i)), s = cosine / temperature,
 *  w = `hardNegativeFactor` for hard negatives and 1 for others. No gradient flows through the choice.
 *  Shape: visionFeatures and textFeatures [B, D]; matchIds [B].
 *  Outputs: loss, v2t_loss, t2v_loss, hard_negative_factor, v2t_accuracy, t2v_accuracy, accuracy, recalls, and temperature where it is learned.
 *  @throws {ConfigError} for options, all problems at once.
 *  Source: multimodal_insight_engine; semi-hard negatives Schroff et al. 2015, arXiv:1503.03832; weighted negatives Robinson et al. 2020, arXiv:2010.04592.
 *  @example
 *  import { HardNegativeLoss } from 'sconce/multimodal';
 *  const sides = { visionFeatures: tensor([[1, 0], [0, 2]]), textFeatures: tensor([[3, 0], [0, 1]]) };
 *  new HardNegativeLoss({ temperature: 0.5, miningStrategy: 'hard' }).forward(sides).loss; // tensor(0.2395) */
export class HardNegativeLoss extends SimilarityLoss {
  readonly hardNegativeFactor: number;
  readonly miningStrategy: MiningStrategy;
  readonly hardNegativePercentile: number;
  readonly semiHardMargin: number;

  constructor(options: HardNegativeLossOptions = {}) {
    super('HardNegativeLoss', options, { rules: RULES, problems: problemsOf });
    this.hardNegativeFactor = options.hardNegativeFactor ?? 2;
    this.miningStrategy = options.miningStrategy ?? 'semi-hard';
    this.hardNegativePercentile = options.hardNegativePercentile ?? 90;
    this.semiHardMargin = options.semiHardMargin ?? 0.2;
  }

  forward(inputs: LossInputs): LossOutput {
    return this.compare(inputs, (pairs) => {
      const { vision, text, positives } = pairs;
      const cosine = vision.matmul(text.t()); // [B, B]
      const similarity = this.scaled(cosine);
      const isNegative = positives.logicalNot();
      const way = (table: Tensor, cosines: Tensor): Tensor =>
        infoNceTable(table, positives, isNegative, this.logFactors(cosines, positives, isNegative));
      const [v2t, t2v] = [way(similarity, cosine), way(similarity.t(), cosine.t())];
      const mean = (table: Tensor): Tensor => reducePairs(table.detach(), positives, 'mean');
      return {
        loss: reducePairs(v2t.add(t2v.t()).div(2), positives, this.reduction),
        v2t_loss: mean(v2t),
        t2v_loss: mean(t2v),
        hard_negative_factor: this.hardNegativeFactor,
        ...this.measured(similarity, pairs),
      };
    });
  }

  /** Logarithms of weights, 0 where a negative is not hard. Shape: all [B, B]. */
  private logFactors(cosine: Tensor, isPositive: Tensor, isNegative: Tensor): Tensor {
    const choose =
      this.miningStrategy === 'hard' ? () => this.hardest(cosine, isNegative) : () => this.semiHard(cosine, isPositive);
    return noGrad(() =>
      zerosLike(cosine).maskedFill(choose().logicalAnd(isNegative), Math.log(this.hardNegativeFactor)),
    );
  }

  /** The most similar negatives of each row. */
  private hardest(cosine: Tensor, isNegative: Tensor): Tensor {
    const share = (100 - this.hardNegativePercentile) / 100;
    const numHard = isNegative
      .sum({ dim: [1], keepdim: true })
      .to('float64')
      .mul(share)
      .add(1e-9)
      .floor()
      .clampMin(1); // [B, 1]
    const negatives = cosine.maskedFill(isNegative.logicalNot(), Number.NEGATIVE_INFINITY);
    const order = negatives.sort({ stable: true, dim: 1, descending: true })[1];
    return order.argsort({ dim: 1 }).lt(numHard); // the order of the order is each column's place
  }

  private semiHard(cosine: Tensor, isPositive: Tensor): Tensor {
    const partners = isPositive.to(cosine.dtype);
    const mean = cosine
      .mul(partners)
      .sum({ dim: [1], keepdim: true })
      .div(partners.sum({ dim: [1], keepdim: true })); // [B, 1]
    return cosine.lt(mean).logicalAnd(cosine.gt(mean.sub(this.semiHardMargin)));
  }
}
