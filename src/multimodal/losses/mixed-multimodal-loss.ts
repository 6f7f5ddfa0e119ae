// Three contrasts in one: across the sides, in a stack of both, and by class.

import { optionProblems } from '../../metrics/options.ts';
import { zerosLike } from '../../tensor/ops.generated.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { crossEntropyBothWays, type PositivesOptions, type PositivesRule } from './contrast.ts';
import {
  HARD_NEGATIVE_RULES,
  type HardNegativeOptions,
  type HardNegatives,
  hardNegativeProblems,
  hardNegativesOf,
  weightsBothWays,
} from './hard-negatives.ts';
import { atLeast, choice, type LossRules } from './loss-options.ts';
import type { LossInputs, LossOutput } from './multimodal-loss.ts';
import { ntXentOfStack, stackSides } from './nt-xent-loss.ts';
import { sameClass, supervisedOfStack } from './same-class.ts';
import { SIMILARITY_RULES, SimilarityLoss, type SimilarityLossOptions } from './similarity-loss.ts';
import { NOISE_RULES, type SmallBatchNoiseOptions, withSmallBatchNoise } from './small-batch-noise.ts';

/** What each part counts; one that is not named counts nothing. */
export interface MixedLossWeights {
  readonly infonce?: number | undefined;
  readonly ntXent?: number | undefined;
  readonly supervised?: number | undefined;
}

export interface MixedMultimodalLossOptions
  extends SimilarityLossOptions,
    HardNegativeOptions,
    PositivesOptions,
    SmallBatchNoiseOptions {
  /** Default { infonce: 0.4, ntXent: 0.3, supervised: 0.3 }. */
  readonly lossWeights?: MixedLossWeights | undefined;
}

const WEIGHT_RULES = { infonce: atLeast(0), ntXent: atLeast(0), supervised: atLeast(0) };
const RULES: LossRules<MixedMultimodalLossOptions> = {
  ...SIMILARITY_RULES,
  ...HARD_NEGATIVE_RULES,
  ...NOISE_RULES,
  positives: choice('all', 'random'),
  reduction: choice('mean', 'sum'), // the parts have different numbers of rows
  lossWeights: ['an object of weights', (value) => typeof value === 'object' && value !== null],
};

function problemsOf(given: MixedMultimodalLossOptions): string[] {
  const { lossWeights: weights } = given;
  const problems = hardNegativeProblems(given);
  if (typeof weights !== 'object' || weights === null) return problems;
  problems.push(...optionProblems(weights, WEIGHT_RULES).map((problem) => `lossWeights.${problem}`));
  if (!Object.values(weights).some((weight) => weight > 0))
    problems.push('lossWeights: expected a weight above 0, got none');
  return problems;
}

/** The weighted sum of the losses of CLIP and of SimCLR and, where there are labels, of the supervised contrast.
 *  Rule: w1 CE both ways (`CLIPLoss`) + w2 NT-Xent (`NTXentLoss`) + w3 supervised contrast of the stack of both sides (`supervisedContrastiveLoss`).
 *  In training similarities of CE get noise if the batch is small, see `smallBatchNoise`.
 *  Shape: visionFeatures and textFeatures [B, D]; matchIds [B]; labels [B], or [B, C] of 0 and 1.
 *  Outputs: loss, loss_infonce, loss_nt_xent, loss_supervised (0 without labels), v2t_accuracy, t2v_accuracy, accuracy, recalls, and temperature where it
 *  is learned.
 *  @throws {ConfigError} for options, all problems at once.
 *  Source: multimodal_insight_engine; Radford et al. 2021, arXiv:2103.00020; Chen et al. 2020, arXiv:2002.05709; Khosla et al. 2020, arXiv:2004.11362.
 *  @example
 *  import { MixedMultimodalLoss } from 'sconce/multimodal';
 *  const criterion = new MixedMultimodalLoss({ temperature: 0.5, smallBatchNoise: false });
 *  const sides = { visionFeatures: tensor([[1, 0], [0, 2]]), textFeatures: tensor([[3, 0], [0, 1]]) };
 *  const { loss, loss_infonce, loss_nt_xent } = criterion.forward(sides);
 *  [loss, loss_infonce, loss_nt_xent]; // [tensor(0.1226), tensor(0.1269), tensor(0.2395)] */
export class MixedMultimodalLoss extends SimilarityLoss {
  readonly lossWeights: Readonly<Record<keyof MixedLossWeights, number>>;
  readonly positives: PositivesRule;
  readonly hardNegatives: HardNegatives | undefined;
  readonly smallBatchNoise: boolean;

  constructor(options: MixedMultimodalLossOptions = {}) {
    super('MixedMultimodalLoss', options, { rules: RULES, problems: problemsOf });
    const { lossWeights = { infonce: 0.4, ntXent: 0.3, supervised: 0.3 } } = options;
    this.lossWeights = { infonce: 0, ntXent: 0, supervised: 0, ...definedOf(lossWeights) };
    this.positives = options.positives ?? 'all';
    this.hardNegatives = hardNegativesOf(options);
    this.smallBatchNoise = options.smallBatchNoise ?? true;
  }

  forward(inputs: LossInputs): LossOutput {
    return this.compare(inputs, (pairs) => {
      const { vision, text, positives: isPositive, rows } = pairs;
      const { positives, reduction, hardNegatives, lossWeights } = this;
      const similarity = this.scaled(vision.matmul(text.t())); // [B, B]
      const noisy = this.smallBatchNoise && this.training ? withSmallBatchNoise(similarity) : similarity;
      const weights = weightsBothWays(similarity, isPositive, hardNegatives);
      const stack = stackSides(pairs);
      const stacked = this.scaled(stack.matmul(stack.t())); // [2B, 2B]
      const infonce = crossEntropyBothWays(noisy, pairs, { positives, reduction, weights }).loss;
      const ntXent = ntXentOfStack(stacked, isPositive, { reduction, hardNegatives });
      const supervised = this.supervised(stacked, inputs.labels, rows) ?? zerosLike(infonce);
      return {
        loss: infonce
          .mul(lossWeights.infonce)
          .add(ntXent.mul(lossWeights.ntXent))
          .add(supervised.mul(lossWeights.supervised)),
        loss_infonce: infonce.detach(),
        loss_nt_xent: ntXent.detach(),
        loss_supervised: supervised.detach(),
        ...this.measured(similarity, pairs),
      };
    });
  }

  private supervised(stacked: Tensor, labels: Tensor | undefined, rows: number): Tensor | undefined {
    if (labels === undefined) return undefined;
    return supervisedOfStack(
      stacked,
      sameClass('MixedMultimodalLoss', labels, rows, (own) => this.gather(own)),
      this.reduction,
    );
  }
}

const definedOf = (weights: MixedLossWeights): Record<string, number> =>
  Object.fromEntries(Object.entries(weights).filter((entry): entry is [string, number] => entry[1] !== undefined));
