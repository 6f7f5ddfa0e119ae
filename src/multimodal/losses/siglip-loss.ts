// The loss of SigLIP: every cell of the table of similarities is a question of its own.

import { reduceLosses } from '../../nn/functional/loss.ts';
import { Parameter } from '../../nn/parameter.ts';
import { tensor } from '../../tensor/from-data.ts';
import { logSigmoid } from '../../tensor/nn-ops.generated.ts';
import { where } from '../../tensor/ops.generated.ts';
import { anyNumber, flag, type LossRules } from './loss-options.ts';
import type { LossInputs, LossOutput } from './multimodal-loss.ts';
import { SIMILARITY_RULES, SimilarityLoss, type SimilarityLossOptions } from './similarity-loss.ts';

export interface SigLIPLossOptions extends SimilarityLossOptions {
  /** What is added to similarities over the temperature; where it is learned, at the start. Default -10, so that at first all cells are taken for negatives,
   *  as nearly all are. */
  readonly bias?: number | undefined;
  /** Whether the bias is learned: a parameter `logit_bias`. Default true. */
  readonly learnableBias?: boolean | undefined;
}

const RULES: LossRules<SigLIPLossOptions> = { ...SIMILARITY_RULES, bias: anyNumber, learnableBias: flag };

/** Asks of each cell of the table of similarities alone whether it is a pair: no softmax over the batch, so small batches serve as well.
 *  Rule: the mean over rows i of the sum over j of -log sigmoid(z_ij (cos_ij / temperature + bias)), z = 1 for pairs and -1 else.
 *  Unlike the other losses the temperature starts at 0.1 and is learned (`learnableTemperature` is true by default), without an upper limit of its factor.
 *  Shape: visionFeatures and textFeatures [B, D]; matchIds [B].
 *  Outputs: loss, v2t_accuracy, t2v_accuracy, accuracy, recalls, and temperature and bias where they are learned.
 *  @throws {ConfigError} for options, all problems at once.
 *  Source: Zhai et al. 2023, arXiv:2303.15343.
 *  @example
 *  import { SigLIPLoss } from 'sconce/multimodal';
 *  const criterion = new SigLIPLoss();
 *  criterion.forward({ visionFeatures: tensor([[1, 0], [0, 2]]), textFeatures: tensor([[3, 0], [0, 1]]) }).loss.detach(); // tensor(0.6932)
 *  Object.keys(criterion.stateDict()); // ['logit_scale', 'logit_bias'] */
export class SigLIPLoss extends SimilarityLoss {
  /** The one that was given. */
  readonly bias: number;
  /** There where it is learned. Shape: []. */
  readonly logit_bias: Parameter | undefined;

  constructor(options: SigLIPLossOptions = {}) {
    super('SigLIPLoss', options, {
      rules: RULES,
      temperature: 0.1,
      learnsTemperature: true,
      largestScale: Number.POSITIVE_INFINITY,
    });
    this.bias = options.bias ?? -10;
    this.logit_bias = (options.learnableBias ?? true) ? new Parameter(tensor(this.bias)) : undefined;
  }

  forward(inputs: LossInputs): LossOutput {
    return this.compare(inputs, (pairs) => {
      const logits = this.scaled(pairs.vision.matmul(pairs.text.t())).add(this.logit_bias ?? this.bias); // [B, B]
      const signed = where(pairs.positives, logits, logits.neg());
      const losses = logSigmoid(signed)
        .neg()
        .sum({ dim: [1] }); // [B]
      const bias = this.logit_bias?.detach().clone();
      return {
        loss: reduceLosses('SigLIPLoss', losses, this),
        ...this.measured(logits, pairs),
        ...(bias ? { bias } : {}),
      };
    });
  }
}
