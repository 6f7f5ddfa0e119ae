// A contrast whose temperature follows how well pairs are told from others already.

import { eye } from '../../tensor/create.ts';
import { where } from '../../tensor/ops.generated.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { reducePairs } from './contrast.ts';
import { above, flag, type LossRules } from './loss-options.ts';
import type { LossInputs, LossOutput } from './multimodal-loss.ts';
import type { Pairs } from './pairs.ts';
import { SIMILARITY_RULES, SimilarityLoss, type SimilarityLossOptions } from './similarity-loss.ts';

export interface DynamicTemperatureLossOptions
  extends Omit<SimilarityLossOptions, 'temperature' | 'learnableTemperature'> {
  /** Default 0.07. */
  readonly baseTemperature?: number | undefined;
  /** Default 0.04. */
  readonly minTemp?: number | undefined;
  /** Default 0.2. */
  readonly maxTemp?: number | undefined;
  /** Whether row i of one side and row i of the other are left out when the separation is measured, so that only further partners count, as in
   *  multimodal_insight_engine. Batches without any then have a mean of 0. Default false. */
  readonly excludePairs?: boolean | undefined;
}

const { temperature: _fixed, learnableTemperature: _learned, ...SHARED } = SIMILARITY_RULES;
const RULES: LossRules<DynamicTemperatureLossOptions> = {
  ...SHARED,
  baseTemperature: above(0),
  minTemp: above(0),
  maxTemp: above(0),
  excludePairs: flag,
};

function problemsOf({ minTemp = 0.04, maxTemp = 0.2 }: DynamicTemperatureLossOptions): string[] {
  return minTemp <= maxTemp ? [] : [`minTemp: expected a number up to maxTemp, ${maxTemp}, got ${minTemp}`];
}

/** Cross entropy with a temperature that falls as pairs and others move apart.
 *  Rule: the mean over pairs (i, p), in both directions, of log(sum of e^s_ij over all j) - s_ip, s = cosine / T and
 *  T = baseTemperature (0.8 + 0.4 e^(-2 separation)), at least `minTemp` and at most `maxTemp`, separation = mean cosine of pairs - mean cosine of others.
 *  Gradients flow through T, too. With `reduction: 'none'` the loss is a table [B, B], 0 where there is no pair.
 *  Shape: visionFeatures and textFeatures [B, D]; matchIds [B].
 *  Outputs: loss, temperature, pos_similarity, neg_similarity, v2t_loss, t2v_loss, v2t_accuracy, t2v_accuracy, accuracy, recalls.
 *  @throws {ConfigError} for options, all problems at once.
 *  Source: multimodal_insight_engine.
 *  @example
 *  import { DynamicTemperatureLoss } from 'sconce/multimodal';
 *  const sides = { visionFeatures: tensor([[1, 0], [0, 2]]), textFeatures: tensor([[3, 0], [0, 1]]) };
 *  new DynamicTemperatureLoss().forward(sides).temperature; // tensor(0.0598) */
export class DynamicTemperatureLoss extends SimilarityLoss {
  readonly baseTemperature: number;
  readonly minTemp: number;
  readonly maxTemp: number;
  readonly excludePairs: boolean;

  constructor(options: DynamicTemperatureLossOptions = {}) {
    super('DynamicTemperatureLoss', options, {
      rules: RULES,
      temperature: options?.baseTemperature ?? 0.07,
      problems: problemsOf,
    });
    this.baseTemperature = options.baseTemperature ?? 0.07;
    this.minTemp = options.minTemp ?? 0.04;
    this.maxTemp = options.maxTemp ?? 0.2;
    this.excludePairs = options.excludePairs ?? false;
  }

  forward(inputs: LossInputs): LossOutput {
    return this.compare(inputs, (pairs) => {
      const { vision, text, positives } = pairs;
      const cosine = vision.matmul(text.t()); // [B, B]
      const { positive, negative } = this.similarities(cosine, pairs);
      const separation = positive.sub(negative);
      const temperature = separation
        .mul(-2)
        .exp()
        .mul(0.4)
        .add(0.8)
        .mul(this.baseTemperature)
        .clamp({ min: this.minTemp, max: this.maxTemp });
      const similarity = cosine.div(temperature);
      const way = (table: Tensor): Tensor => where(positives, table.logsumexp([1], { keepdim: true }).sub(table), 0); // [B, B]
      const [v2t, t2v] = [way(similarity), way(similarity.t())];
      const mean = (table: Tensor): Tensor => reducePairs(table.detach(), positives, 'mean');
      return {
        loss: reducePairs(v2t.add(t2v.t()).div(2), positives, this.reduction),
        temperature: temperature.detach(),
        pos_similarity: positive.detach(),
        neg_similarity: negative.detach(),
        v2t_loss: mean(v2t),
        t2v_loss: mean(t2v),
        ...this.measured(similarity, pairs),
      };
    });
  }

  /** Mean cosines of pairs and of others; 0 where there are none. */
  private similarities(cosine: Tensor, { rows, positives }: Pairs): { positive: Tensor; negative: Tensor } {
    const mean = (mask: Tensor): Tensor => where(mask, cosine, 0).sum().div(mask.sum().clampMin(1));
    const own = (): Tensor => eye(rows, { dtype: 'bool', device: cosine.device });
    return {
      positive: mean(this.excludePairs ? positives.logicalAnd(own().logicalNot()) : positives),
      negative: mean(positives.logicalNot()),
    };
  }
}
