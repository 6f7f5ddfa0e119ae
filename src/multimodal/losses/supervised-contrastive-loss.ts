// The supervised contrast: rows of one class are partners, within a side, across the sides, or both.

import { ShapeError } from '../../errors.ts';
import { eye } from '../../tensor/create.ts';
import type { DType } from '../../tensor/dtype.ts';
import { onesLike, where } from '../../tensor/ops.generated.ts';
import { Tensor } from '../../tensor/tensor.ts';
import { above, anyNumber, choice, flag, type LossRules } from './loss-options.ts';
import type { LossInputs, LossOutput } from './multimodal-loss.ts';
import { meanLogProbability, sameClass } from './same-class.ts';
import { SIMILARITY_RULES, SimilarityLoss, type SimilarityLossOptions } from './similarity-loss.ts';

/** Between which sides rows are contrasted. */
export type ContrastMode = 'all' | 'cross' | 'intra';

export interface SupervisedContrastiveLossOptions extends Omit<SimilarityLossOptions, 'learnableTemperature'> {
  /** Default 'all': within vision, within text, and across, a third each. */
  readonly contrastMode?: ContrastMode | undefined;
  /** The loss is multiplied with temperature / baseTemperature. Default 0.07. */
  readonly baseTemperature?: number | undefined;
  /** From which of `similarityScores` on two rows are of one class. Default 0.5. */
  readonly similarityThreshold?: number | undefined;
  /** A weight for each class, [C], with labels of classes or of several a row, whose weights are averaged; or 'balanced', the inverse of how often the
   *  row's class is in the batch, 1 on the mean. Default: all rows alike. */
  readonly classWeights?: Tensor | 'balanced' | undefined;
  /** Whether row i of vision and row i of text are no partners of each other, as in multimodal_insight_engine, nor negatives. Default false. */
  readonly excludePairs?: boolean | undefined;
}

const { learnableTemperature: _learned, ...SHARED } = SIMILARITY_RULES;
const RULES: LossRules<SupervisedContrastiveLossOptions> = {
  ...SHARED,
  contrastMode: choice('all', 'cross', 'intra'),
  baseTemperature: above(0),
  similarityThreshold: anyNumber,
  classWeights: [
    'a tensor [C] or "balanced"',
    (value) => value === 'balanced' || (value instanceof Tensor && value.ndim === 1),
  ],
  excludePairs: flag,
};

const problemsOf = ({ excludePairs, contrastMode }: SupervisedContrastiveLossOptions): string[] =>
  excludePairs && contrastMode === 'intra'
    ? ['excludePairs: expected contrastMode "all" or "cross" beside it, got "intra"']
    : [];

/** Draws rows of one class together.
 *  Rule: the mean over rows i that have partners of -(temperature / baseTemperature) / |P(i)| sum over p in P(i) of log(e^s_ip / sum of e^s_ij over
 *  candidates j), s = cosine / temperature. Within a side P(i) are the others of its class and candidates all others; across the sides P(i) are all rows
 *  of its class on the other side and candidates all rows there, in both directions, half each. A batch without partners has a loss of 0.
 *  With `reduction: 'none'` the loss is [B], 0 for rows without partners.
 *  Shape: visionFeatures and textFeatures [B, D]; labels [B], or [B, C] of 0 and 1, where rows that share a class are partners; or in their place
 *  similarityScores [B, B], the partners of row i in row i.
 *  Outputs: loss, intra_vision_loss, intra_text_loss, cross_modal_loss (0 where the mode leaves them out), v2t_accuracy, t2v_accuracy, accuracy, recalls.
 *  @throws {ConfigError} for options, all problems at once.  @throws {TypeError} in `forward` where there are neither labels nor scores.
 *  Source: Khosla et al. 2020, arXiv:2004.11362 (L_out); the modes multimodal_insight_engine.
 *  @example
 *  import { SupervisedContrastiveLoss } from 'sconce/multimodal';
 *  const sides = { visionFeatures: tensor([[1, 0], [0, 2]]), textFeatures: tensor([[3, 0], [0, 1]]) };
 *  new SupervisedContrastiveLoss({ contrastMode: 'cross', temperature: 0.5 }).forward({ ...sides, labels: tensor([0n, 1n]) }).loss; // tensor(0.9066) */
export class SupervisedContrastiveLoss extends SimilarityLoss {
  readonly contrastMode: ContrastMode;
  readonly baseTemperature: number;
  readonly similarityThreshold: number;
  readonly excludePairs: boolean;
  readonly isBalanced: boolean;
  /** Shape: [C]. */
  declare class_weights: Tensor | undefined;

  constructor(options: SupervisedContrastiveLossOptions = {}) {
    super('SupervisedContrastiveLoss', options, { rules: RULES, problems: problemsOf });
    this.contrastMode = options.contrastMode ?? 'all';
    this.baseTemperature = options.baseTemperature ?? 0.07;
    this.similarityThreshold = options.similarityThreshold ?? 0.5;
    this.excludePairs = options.excludePairs ?? false;
    this.isBalanced = options.classWeights === 'balanced';
    const weights = options.classWeights;
    this.registerBuffer(
      'class_weights',
      weights instanceof Tensor ? weights.detach().clone().to('float32') : undefined,
    );
  }

  forward(inputs: LossInputs): LossOutput {
    return this.compare(inputs, (pairs) => {
      const { vision, text, rows } = pairs;
      const isSame = this.sameOf(inputs, rows);
      const weights = this.rowWeights(inputs.labels, isSame, vision.dtype);
      const self = eye(rows, { dtype: 'bool', device: vision.device });
      const isOther = self.logicalNot();
      const others = isSame.logicalAnd(isOther);
      const across = this.scaled(vision.matmul(text.t())); // [B, B]
      const within = (side: Tensor): Tensor =>
        this.rowsOf(this.scaled(side.matmul(side.t())), others, isOther, weights);
      const parts = {
        intra_vision_loss: this.contrastMode === 'cross' ? undefined : within(vision),
        intra_text_loss: this.contrastMode === 'cross' ? undefined : within(text),
        cross_modal_loss: this.contrastMode === 'intra' ? undefined : this.across(across, isSame, isOther, weights),
      };
      const there = Object.values(parts).filter((part) => part !== undefined);
      const loss = there.reduce((sum, part) => sum.add(part)).div(there.length);
      const told = Object.entries(parts).map(([name, part]) => [name, part?.detach() ?? 0]);
      return { loss, ...Object.fromEntries(told), ...this.measured(across, pairs) };
    });
  }

  private sameOf({ labels, similarityScores: scores }: LossInputs, rows: number): Tensor {
    const name = 'SupervisedContrastiveLoss';
    if (labels !== undefined) return sameClass(name, labels, rows, (own) => this.gather(own));
    if (scores === undefined)
      throw new TypeError(`Cannot compute ${name}: expected labels or similarityScores, got neither`);
    if (!(scores instanceof Tensor) || String(scores.shape) !== String([rows, rows])) {
      const got = scores instanceof Tensor ? `[${scores.shape.join(', ')}]` : typeof scores;
      throw new ShapeError(`Cannot compute ${name}: expected similarityScores [${rows}, ${rows}], got ${got}`);
    }
    if (this.class_weights)
      throw new TypeError(`Cannot compute ${name}: expected labels with classWeights, got similarityScores`);
    return scores.ge(this.similarityThreshold);
  }

  /** A weight for each row, [B]; undefined where all count alike. */
  private rowWeights(labels: Tensor | undefined, isSame: Tensor, dtype: DType): Tensor | undefined {
    if (this.isBalanced) {
      const inverse = isSame
        .sum({ dim: [1] })
        .to(dtype)
        .reciprocal(); // [B]
      return inverse.div(inverse.mean());
    }
    if (!this.class_weights || labels === undefined) return undefined;
    const weights = this.class_weights.to(dtype);
    const all = this.gather(labels);
    if (labels.ndim === 1 || labels.size(1) === 1) return weights.indexSelect(0, all.reshape([-1]).to('int64'));
    const several = all.to(dtype); // [B, C]
    return several.matmul(weights).div(several.sum({ dim: [1] }).clampMin(1));
  }

  private across(similarity: Tensor, isSame: Tensor, isOther: Tensor, weights: Tensor | undefined): Tensor {
    const [partners, candidates] = this.excludePairs
      ? [isSame.logicalAnd(isOther), isOther]
      : [isSame, onesLike(isSame)];
    const v2t = this.rowsOf(similarity, partners, candidates, weights);
    return v2t.add(this.rowsOf(similarity.t(), partners, candidates, weights)).div(2);
  }

  /** @param partners - [B, B] bool, among the candidates.  @returns the loss of the rows that have partners, reduced. */
  private rowsOf(similarity: Tensor, partners: Tensor, candidates: Tensor, weights: Tensor | undefined): Tensor {
    const hasPartners = partners.any({ dim: 1 }); // [B]
    const losses = meanLogProbability(similarity, partners, candidates).mul(-this.temperature / this.baseTemperature);
    const counted = where(hasPartners, weights ? losses.mul(weights) : losses, 0);
    if (this.reduction === 'none') return counted;
    const sum = counted.sum();
    return this.reduction === 'sum' ? sum : sum.div(hasPartners.sum().clampMin(1));
  }
}
