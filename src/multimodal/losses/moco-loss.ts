// `MoCoLoss`: pairs of the batch against the batch and a queue of features of earlier batches.

import { normalize } from '../../nn/functional/index.ts';
import { noGrad } from '../../tensor/autograd.ts';
import { full } from '../../tensor/create.ts';
import { where } from '../../tensor/ops.generated.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { compareWithQueue, FeatureQueue, type QueueSide } from './feature-queue.ts';
import { above, atLeast, checkLossOptions, count, flag, type LossRules } from './loss-options.ts';
import { type LossInputs, type LossOutput, MultimodalLoss } from './multimodal-loss.ts';
import { readFeatures, readMatches, toFloat, withoutAutocast } from './pairs.ts';

export interface MoCoOptions {
  /** Size of the features, D. Default 512. */
  readonly dim?: number | undefined;
  /** Places of the queue of each side, K. Default 8192. */
  readonly queueSize?: number | undefined;
  /** τ. Default 0.07. */
  readonly temperature?: number | undefined;
  /** Begin with a higher temperature while the queue fills. Default true. */
  readonly adaptiveTemperature?: boolean | undefined;
  /** By how much it is higher when the queue is empty. Default 1.3. */
  readonly maxTemperatureFactor?: number | undefined;
}

const RULES: LossRules<MoCoOptions> = {
  dim: count(),
  queueSize: count(),
  temperature: above(0),
  adaptiveTemperature: flag,
  maxTemperatureFactor: atLeast(1),
};

/** From this part on the queue counts as full for the temperature. */
const FULL = 0.95;
/** Up to this part the queue counts less. */
const SPARSE = 0.2;

/** Contrast with a memory: the queue holds the features of the last K rows of each side, as negatives beside those of the batch. With rows of length 1, φ the
 *  part of the queue that is filled, s_ij = v_i·t_j / τ' and q_ik = w v_i·queue_k / τ':
 *
 *  loss = ½ (mean over pairs (i, p) of -log(e^{s_ip} / (e^{s_ip} + Σ_n e^{s_in} + Σ_k e^{q_ik})) + the same of text against vision)
 *
 *  τ' = τ if φ >= 0.95, else τ (1.3 - 0.3 φ); w = φ / 2 if φ < 0.2, else min(1, 1.5 φ). Rows with equal match ids are pairs; a row of the batch and one of the queue
 *  that have the same are none, and no negatives either. An empty place is no negative: the first step has those of the batch alone.
 *  In training the batch goes into the queue after it was compared. The queue, its ids and how far it is filled are buffers, and part of the state dict.
 *
 *  Takes visionFeatures and textFeatures, [B, D] each, and matchIds; half precision is computed in float32. Gives loss_v2t, loss_t2v, v2t_accuracy, t2v_accuracy and
 *  accuracy (rows with a pair above all negatives, those of the queue too), temperature, queue_fill and queue_weight.
 *  @throws {ConfigError} that lists every option that does not fit.  @throws {ShapeError} for features of another size than `dim`.
 *  Source: He et al. 2020, arXiv:1911.05722, without its slow encoder (`EMAMoCoLoss` has it); multimodal_insight_engine, where the empty places are negatives at
 *  random.
 *  @example
 *  import { MoCoLoss } from 'sconce/multimodal';
 *  import { randn } from 'sconce';
 *  const loss = new MoCoLoss({ dim: 8, queueSize: 16 });
 *  for (let step = 0; step < 3; step++) loss.forward({ visionFeatures: randn([4, 8]), textFeatures: randn([4, 8]) });
 *  loss.forward({ visionFeatures: randn([4, 8]), textFeatures: randn([4, 8]) }).queue_fill; // tensor(0.7500) */
export class MoCoLoss extends MultimodalLoss {
  readonly temperature: number;
  readonly adaptiveTemperature: boolean;
  readonly maxTemperatureFactor: number;
  readonly queue: FeatureQueue;

  constructor(options: MoCoOptions = {}) {
    super();
    checkLossOptions(this.constructor.name, options, RULES);
    this.temperature = options.temperature ?? 0.07;
    this.adaptiveTemperature = options.adaptiveTemperature ?? true;
    this.maxTemperatureFactor = options.maxTemperatureFactor ?? 1.3;
    this.queue = new FeatureQueue(options.dim ?? 512, options.queueSize ?? 8192, ['vision', 'text']);
  }

  /** Puts features of pairs into the queue before training. Shape: [B, D] each. */
  initializeQueue(inputs: LossInputs): void {
    const { rows, codes } = this.read(inputs);
    this.queue.enqueue(rows, codes);
  }

  private read(inputs: LossInputs): { rows: Record<QueueSide, Tensor>; codes: Tensor | undefined; positives: Tensor } {
    const features = readFeatures(this.constructor.name, inputs);
    this.queue.requireDim(this.constructor.name, features.vision);
    return withoutAutocast(features.vision.device, () => {
      const rowsOf = (side: Tensor): Tensor => normalize(this.gather(toFloat(side)), { dim: 1, eps: 1e-8 });
      const rows = { vision: rowsOf(features.vision), text: rowsOf(features.text) };
      const matches = readMatches(this.constructor.name, inputs, {
        ownRows: features.vision.size(0),
        rows: rows.vision.size(0),
        device: rows.vision.device,
        gather: (ids) => this.gather(ids),
      });
      return { rows, ...matches };
    });
  }

  override forward(inputs: LossInputs): LossOutput {
    const { rows, codes, positives } = this.read(inputs);
    const output = withoutAutocast(rows.vision.device, () => this.compare(rows, codes, positives));
    if (this.training) this.queue.enqueue(rows, codes);
    return output;
  }

  private compare(
    { vision, text }: Record<QueueSide, Tensor>,
    codes: Tensor | undefined,
    positives: Tensor,
  ): LossOutput {
    const filled = this.queue.filled(vision.dtype);
    const [temperature, weight] = noGrad(() => [this.temperatureAt(filled), weightAt(filled)] as const);
    const excluded = this.queue.excluded(codes);
    const batch = vision.matmul(text.t()).div(temperature); // [B, B]
    const factor = weight.div(temperature);
    const against = (own: Tensor, side: QueueSide): Tensor =>
      own.mul(factor).matmul(this.queue.negatives(side, own.dtype)); // [B, K]
    const v2t = compareWithQueue({ batch, positives, queue: against(vision, 'text'), excluded });
    const t2v = compareWithQueue({ batch: batch.t(), positives, queue: against(text, 'vision'), excluded });
    return {
      loss: v2t.loss.add(t2v.loss).div(2),
      loss_v2t: v2t.loss.detach(),
      loss_t2v: t2v.loss.detach(),
      v2t_accuracy: v2t.accuracy,
      t2v_accuracy: t2v.accuracy,
      accuracy: v2t.accuracy.add(t2v.accuracy).div(2),
      temperature,
      queue_fill: filled,
      queue_weight: weight,
    };
  }

  /** Shape: []. */
  private temperatureAt(filled: Tensor): Tensor {
    const final = full([], this.temperature, { dtype: filled.dtype, device: filled.device });
    if (!this.adaptiveTemperature) return final;
    const above = (this.maxTemperatureFactor - 1) * this.temperature;
    return where(filled.ge(FULL), final, filled.mul(-above).add(this.temperature + above));
  }
}

/** Shape: []. */
const weightAt = (filled: Tensor): Tensor =>
  where(filled.lt(SPARSE), filled.mul(0.5), filled.mul(1.5).clamp({ max: 1 }));
