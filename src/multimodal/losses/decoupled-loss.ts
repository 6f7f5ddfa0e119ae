// Matching across the sides and telling apart within each side, weighed against each other.

import { reduceLosses } from '../../nn/functional/loss.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { atLeast, type LossRules } from './loss-options.ts';
import type { LossInputs, LossOutput } from './multimodal-loss.ts';
import { SIMILARITY_RULES, SimilarityLoss, type SimilarityLossOptions } from './similarity-loss.ts';

export interface DecoupledLossOptions extends SimilarityLossOptions {
  /** Weight of telling apart within vision. Default 0.5. */
  readonly lambdaV?: number | undefined;
  /** Weight of telling apart within text. Default 0.5. */
  readonly lambdaT?: number | undefined;
}

const RULES: LossRules<DecoupledLossOptions> = { ...SIMILARITY_RULES, lambdaV: atLeast(0), lambdaT: atLeast(0) };

/** Contrast across the sides and, with weights of their own, within each.
 *  Rule: mean over rows of (a_i + b_i) / 2 + lambdaV c_i + lambdaT d_i. Across, a_i = -log(sum of e^s over the partners of i / sum over all texts), and
 *  b_i the same from text to vision. Within, c_i = -log(e^s_ii / sum over all rows of the same side), d_i for text; s = cosine / temperature.
 *  Shape: visionFeatures and textFeatures [B, D]; matchIds [B].
 *  Outputs: loss, cross_modal_loss, instance_loss, v2t_loss, t2v_loss, vision_inst_loss, text_inst_loss (means over rows), v2t_accuracy, t2v_accuracy,
 *  accuracy, recalls, and temperature where it is learned.
 *  @throws {ConfigError} for options, all problems at once.
 *  Source: multimodal_insight_engine, which divides the sum over rows by the number of pairs, so that rows with many partners count less; sums of partners
 *  in the logarithm Khosla et al. 2020, arXiv:2004.11362 (L_in); instances Wu et al. 2018, arXiv:1805.01978.
 *  @example
 *  import { DecoupledLoss } from 'sconce/multimodal';
 *  const sides = { visionFeatures: tensor([[1, 0], [0, 2]]), textFeatures: tensor([[3, 0], [0, 1]]) };
 *  const { loss, cross_modal_loss } = new DecoupledLoss({ temperature: 0.5 }).forward(sides);
 *  [loss, cross_modal_loss]; // [tensor(0.2539), tensor(0.1269)] */
export class DecoupledLoss extends SimilarityLoss {
  readonly lambdaV: number;
  readonly lambdaT: number;

  constructor(options: DecoupledLossOptions = {}) {
    super('DecoupledLoss', options, { rules: RULES });
    this.lambdaV = options.lambdaV ?? 0.5;
    this.lambdaT = options.lambdaT ?? 0.5;
  }

  forward(inputs: LossInputs): LossOutput {
    return this.compare(inputs, (pairs) => {
      const { vision, text, positives } = pairs;
      const similarity = this.scaled(vision.matmul(text.t())); // [B, B]
      const isOther = positives.logicalNot();
      const across = (table: Tensor): Tensor =>
        table.logsumexp([1]).sub(table.maskedFill(isOther, Number.NEGATIVE_INFINITY).logsumexp([1])); // [B]
      const within = (side: Tensor): Tensor => {
        const table = this.scaled(side.matmul(side.t()));
        return table.logsumexp([1]).sub(table.diagonal()); // [B]
      };
      const [v2t, t2v] = [across(similarity), across(similarity.t())];
      const [inVision, inText] = [within(vision), within(text)];
      const rows = v2t.add(t2v).div(2).add(inVision.mul(this.lambdaV)).add(inText.mul(this.lambdaT));
      const means = [v2t, t2v, inVision, inText].map((losses) => losses.detach().mean());
      const [v2t_loss, t2v_loss, vision_inst_loss, text_inst_loss] = means as [Tensor, Tensor, Tensor, Tensor];
      return {
        loss: reduceLosses('DecoupledLoss', rows, this),
        cross_modal_loss: v2t_loss.add(t2v_loss).div(2),
        instance_loss: vision_inst_loss.add(text_inst_loss).div(2),
        v2t_loss,
        t2v_loss,
        vision_inst_loss,
        text_inst_loss,
        ...this.measured(similarity, pairs),
      };
    });
  }
}
