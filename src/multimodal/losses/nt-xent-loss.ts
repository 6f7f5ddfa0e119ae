// NT-Xent: both sides in one stack, where each row finds its other view among all rows but itself.

import type { Reduction } from '../../nn/functional/loss.ts';
import { eye } from '../../tensor/create.ts';
import { cat } from '../../tensor/ops.generated.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { infoNceTable, reducePairs } from './contrast.ts';
import {
  HARD_NEGATIVE_RULES,
  type HardNegativeOptions,
  type HardNegatives,
  hardNegativeProblems,
  hardNegativesOf,
  hardNegativeWeights,
} from './hard-negatives.ts';
import type { LossRules } from './loss-options.ts';
import type { LossInputs, LossOutput } from './multimodal-loss.ts';
import type { Pairs } from './pairs.ts';
import { SIMILARITY_RULES, SimilarityLoss, type SimilarityLossOptions } from './similarity-loss.ts';

export interface NTXentLossOptions extends SimilarityLossOptions, HardNegativeOptions {}

const RULES: LossRules<NTXentLossOptions> = { ...SIMILARITY_RULES, ...HARD_NEGATIVE_RULES };

/** Both sides behind one another. Shape: [2B, D]. */
export const stackSides = ({ vision, text }: Pick<Pairs, 'vision' | 'text'>): Tensor => cat([vision, text]);

/** NT-Xent of a stack of both sides.
 *  @param similarity - [2B, 2B], over the temperature.  @param positives - which rows of a side belong together, [B, B] bool. */
export function ntXentOfStack(
  similarity: Tensor,
  positives: Tensor,
  options: { readonly reduction: Reduction; readonly hardNegatives?: HardNegatives | undefined },
): Tensor {
  const isSame = positives.repeat([2, 2]); // [2B, 2B]
  const isPair = isSame.logicalAnd(eye(isSame.size(0), { dtype: 'bool', device: isSame.device }).logicalNot());
  const isNegative = isSame.logicalNot();
  const { hardNegatives: hard } = options;
  const weights = hard && hardNegativeWeights(similarity, isNegative, hard);
  return reducePairs(infoNceTable(similarity, isPair, isNegative, weights), isPair, options.reduction);
}

/** The loss of SimCLR with the two sides as views: one stack of 2B rows, in which each row finds the other view of its sample.
 *  Rule: the mean over pairs (i, p) of log(e^s_ip + sum of e^s_in over the negatives n of i) - s_ip, s = cosine / temperature. A pair is two rows of the
 *  stack, of whichever side, that belong together; negatives are all others but the row itself. With `reduction: 'none'` the loss is a table [2B, 2B].
 *  Shape: visionFeatures and textFeatures [B, D]; matchIds [B].
 *  Outputs: loss, v2t_accuracy, t2v_accuracy, accuracy, recalls, and temperature where it is learned.
 *  @throws {ConfigError} for options, all problems at once.
 *  Source: Chen et al. 2020, arXiv:2002.05709.
 *  @example
 *  import { NTXentLoss } from 'sconce/multimodal';
 *  const sides = { visionFeatures: tensor([[1, 0], [0, 2]]), textFeatures: tensor([[3, 0], [0, 1]]) };
 *  new NTXentLoss({ temperature: 0.5 }).forward(sides).loss; // tensor(0.2395) */
export class NTXentLoss extends SimilarityLoss {
  readonly hardNegatives: HardNegatives | undefined;

  constructor(options: NTXentLossOptions = {}) {
    super('NTXentLoss', options, { rules: RULES, problems: hardNegativeProblems });
    this.hardNegatives = hardNegativesOf(options);
  }

  forward(inputs: LossInputs): LossOutput {
    return this.compare(inputs, (pairs) => {
      const { rows, positives } = pairs;
      const stack = stackSides(pairs);
      const similarity = this.scaled(stack.matmul(stack.t())); // [2B, 2B]
      const loss = ntXentOfStack(similarity, positives, this);
      return { loss, ...this.measured(similarity.narrow(0, 0, rows).narrow(1, rows, rows), pairs) };
    });
  }
}
