// `EMAMoCoLoss`: queries of the model's towers against keys of slow copies of the towers, with a queue of earlier keys.

import { normalize } from '../../nn/functional/index.ts';
import type { Module } from '../../nn/module.ts';
import { lerp_ } from '../../optim/lists.ts';
import { noGrad } from '../../tensor/autograd.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { numbersFrom } from './curriculum.ts';
import { compareWithQueue, FeatureQueue, type QueueSide } from './feature-queue.ts';
import { above, checkLossOptions, count, flag, type LossRules, type Rule } from './loss-options.ts';
import { type LossInputs, type LossOutput, MultimodalLoss } from './multimodal-loss.ts';
import { readFeatures, readMatches, toFloat, withoutAutocast } from './pairs.ts';
import {
  aFunction,
  aModule,
  DEFAULT_INPUTS,
  frozenCopy,
  type ModelInputOptions,
  runModel,
  runTower,
  type TowerInput,
} from './towers.ts';

export interface EMAMoCoOptions extends ModelInputOptions {
  /** The model, which stays what it is: this loss copies it, and reads its weights at each step. Either this or both towers have to be there. */
  readonly model?: Module | undefined;
  /** The model's tower that makes visionFeatures, where the two are modules of their own. */
  readonly visionEncoder?: Module | undefined;
  /** The model's tower that makes textFeatures. */
  readonly textEncoder?: Module | undefined;
  /** Size of the features, D. Default 768. */
  readonly dim?: number | undefined;
  /** Places of each queue. Default 65536. */
  readonly K?: number | undefined;
  /** What stays of a key encoder's weight at a step. Default 0.999. */
  readonly m?: number | undefined;
  /** Temperature. Default 0.07. */
  readonly T?: number | undefined;
  /** Compare text with vision too. Default true. */
  readonly symmetric?: boolean | undefined;
  /** False leaves the key encoders as they were made. Default true. */
  readonly updateKeyEncoder?: boolean | undefined;
}

const momentum: Rule = ['a number from 0 to 1', (value) => typeof value === 'number' && value >= 0 && value <= 1];
const RULES: LossRules<EMAMoCoOptions> = {
  model: aModule,
  modelInput: aFunction,
  visionEncoder: aModule,
  textEncoder: aModule,
  visionInput: aFunction,
  textInput: aFunction,
  dim: count(),
  K: count(),
  m: momentum,
  T: above(0),
  symmetric: flag,
  updateKeyEncoder: flag,
};

function problemsOf(given: EMAMoCoOptions): string[] {
  const towers = ['visionEncoder', 'textEncoder'] as const;
  const unused = given.model ? ([...towers, 'visionInput', 'textInput'] as const) : (['modelInput'] as const);
  const missing = given.model ? [] : towers.filter((name) => given[name] === undefined);
  return [
    ...missing.map((name) => `${name}: expected the model's tower, or model, got neither`),
    ...unused
      .filter((name) => given[name] !== undefined)
      .map(
        (name) =>
          `${name}: expected ${given.model ? 'no model' : 'model'} beside it, got ${given.model ? 'one' : 'none'}`,
      ),
  ];
}

/** Momentum contrast of two modalities. With queries q of the model, keys k of a slow copy of it, or of its towers, on the same inputs, both of length 1, and
 *  the queue's keys n of earlier batches:
 *
 *  loss = ½ (mean over pairs (i, p) of -log(e^{q_i·k_p / T} / (e^{q_i·k_p / T} + Σ_j e^{q_i·k_j / T} + Σ_n e^{q_i·n / T})) + the same of text queries and vision
 *  keys), j over the rows of the batch that are no pair of i; the first term alone unless `symmetric`.
 *
 *  Rows with equal match ids are pairs; a row and a key of the queue that have the same are none, and no negatives either. An empty place of the queue is no
 *  negative. Once an optimizer step, before the keys are made, θ_k <- m θ_k + (1 - m) θ_q, by parameters; buffers, as running statistics, are each
 *  copy's own. Steps are what `updateStep` says; where nobody calls it, each forward in training is one. The keys of a batch go into the queue after they were
 *  compared, so that no key is its own negative.
 *
 *  Takes visionFeatures and textFeatures, [B, D] each, of the model given, matchIds, and `inputs`, what that was given: the copy of a model is called with
 *  `{ images, textData }` of them (`modelInput`), and its output read as a `DataHandler` does; that of a tower with its part of them (`visionInput`,
 *  `textInput`), and gives [B, D]. Key encoders follow `train()`, no gradient reaches them, and an optimizer that has
 *  their parameters passes them over. They, the queue and the last step are part of the state dict; what they follow is not, it is the model's.
 *  Gives v2t_loss, t2v_loss, v2t_accuracy, t2v_accuracy, accuracy (rows with a pair above all negatives), queue_size, queue_fill and momentum.
 *  @throws {ConfigError} that lists every option that does not fit.  @throws {TypeError} for inputs that are not there.
 *  @throws {ShapeError} for features of another size than `dim`.
 *  Source: He et al. 2020, arXiv:1911.05722; multimodal_insight_engine, where keys are enqueued before they are compared.
 *  @example
 *  import { EMAMoCoLoss } from 'sconce/multimodal';
 *  import { nn, randn } from 'sconce';
 *  const [visionEncoder, textEncoder] = [new nn.Linear(6, 4), new nn.Linear(5, 4)];
 *  const loss = new EMAMoCoLoss({ visionEncoder, textEncoder, dim: 4, K: 16 });
 *  const [images, textData] = [randn([8, 6]), randn([8, 5])];
 *  const features = { visionFeatures: visionEncoder.forward(images), textFeatures: textEncoder.forward(textData) };
 *  loss.forward({ ...features, inputs: { images, textData } });
 *  loss.queue.fill.item(); // 8 */
export class EMAMoCoLoss extends MultimodalLoss {
  readonly K: number;
  readonly m: number;
  readonly T: number;
  readonly symmetric: boolean;
  readonly updateKeyEncoder: boolean;
  readonly key_model: Module | undefined;
  readonly vision_key_encoder: Module | undefined;
  readonly text_key_encoder: Module | undefined;
  readonly queue: FeatureQueue;
  private readonly pick: { readonly model: TowerInput | undefined } & Readonly<Record<QueueSide, TowerInput>>;
  /** What the key encoders follow. A function, so that it is no submodule. */
  private readonly followed: () => readonly Module[];
  /** The step that the run is at, and the one of which the key encoders are; -1 where nobody has said. */
  private steps = { current: -1, followed: -1 };

  constructor(options: EMAMoCoOptions) {
    super();
    checkLossOptions(this.constructor.name, options, RULES, problemsOf);
    const { model, visionEncoder, textEncoder: text, symmetric = true } = options;
    const vision = symmetric ? visionEncoder : undefined;
    const followed = [model, vision, text].filter((each) => each !== undefined);
    this.followed = () => followed;
    this.key_model = model && frozenCopy(model);
    this.vision_key_encoder = vision && frozenCopy(vision);
    this.text_key_encoder = text && frozenCopy(text);
    this.K = options.K ?? 65536;
    this.m = options.m ?? 0.999;
    this.T = options.T ?? 0.07;
    this.symmetric = symmetric;
    this.updateKeyEncoder = options.updateKeyEncoder ?? true;
    this.queue = new FeatureQueue(options.dim ?? 768, this.K, symmetric ? ['vision', 'text'] : ['text']);
    this.pick = {
      model: options.modelInput,
      vision: options.visionInput ?? DEFAULT_INPUTS.vision,
      text: options.textInput ?? DEFAULT_INPUTS.text,
    };
  }

  override updateStep(step: number): void {
    this.steps = { ...this.steps, current: step };
  }

  override forward(inputs: LossInputs): LossOutput {
    const features = readFeatures(this.constructor.name, inputs);
    this.queue.requireDim(this.constructor.name, features.vision);
    const made = noGrad(() => {
      if (this.training) this.follow();
      return this.keysOf(inputs, features);
    });
    const { device } = features.vision;
    return withoutAutocast(device, () => {
      const rowsOf = (side: Tensor): Tensor => normalize(this.gather(toFloat(side)), { dim: 1, eps: 1e-8 });
      const queries = { vision: rowsOf(features.vision), text: rowsOf(features.text) };
      const keys = noGrad(() => Object.fromEntries(Object.entries(made).map(([side, key]) => [side, rowsOf(key)])));
      const matches = readMatches(this.constructor.name, inputs, {
        ownRows: features.vision.size(0),
        rows: queries.vision.size(0),
        device,
        gather: (ids) => this.gather(ids),
      });
      const output = this.compare(queries, keys, matches);
      if (this.training) this.queue.enqueue(keys, matches.codes);
      return output;
    });
  }

  /** Moves the key encoders towards the towers, once a step. */
  private follow(): void {
    const { current, followed } = this.steps;
    if (!this.updateKeyEncoder || (current >= 0 && current === followed)) return;
    this.steps = { current, followed: current };
    const encoders = [this.key_model, this.vision_key_encoder, this.text_key_encoder];
    for (const [i, encoder] of encoders.filter((each) => each !== undefined).entries()) {
      const keys = encoder.parameters();
      const queries = this.followed()[i]!.parameters();
      const alike = queries.map((query, j) => query.to(keys[j]!)); // itself, unless this loss was moved without the model
      if (keys.length > 0) lerp_(keys, alike, () => 1 - this.m);
    }
  }

  private keysOf(inputs: LossInputs, features: Record<QueueSide, Tensor>): Partial<Record<QueueSide, Tensor>> {
    const { key_model: model, vision_key_encoder: vision, text_key_encoder: text, pick, symmetric } = this;
    const name = this.constructor.name;
    if (model) {
      const made = runModel(name, model, inputs, pick.model, features);
      return symmetric ? made : { text: made.text };
    }
    return {
      ...(vision && { vision: runTower(name, 'vision', vision, inputs, pick.vision, features.vision) }),
      ...(text && { text: runTower(name, 'text', text, inputs, pick.text, features.text) }),
    };
  }

  private compare(
    queries: Readonly<Record<QueueSide, Tensor>>,
    keys: Readonly<Partial<Record<QueueSide, Tensor>>>,
    { positives, codes }: { positives: Tensor; codes: Tensor | undefined },
  ): LossOutput {
    const excluded = this.queue.excluded(codes);
    const direction = (query: Tensor, side: QueueSide): ReturnType<typeof compareWithQueue> => {
      const scaled = query.div(this.T);
      return compareWithQueue({
        batch: scaled.matmul(keys[side]!.t()), // [B, B]
        positives,
        queue: scaled.matmul(this.queue.negatives(side, query.dtype)), // [B, K]
        excluded,
      });
    };
    const state = { queue_size: this.K, queue_fill: this.queue.filled(queries.vision.dtype), momentum: this.m };
    const { loss, accuracy } = direction(queries.vision, 'text');
    const own = { v2t_loss: loss.detach(), v2t_accuracy: accuracy };
    if (!this.symmetric) return { loss, ...own, accuracy, ...state };
    const back = direction(queries.text, 'vision');
    const other = { t2v_loss: back.loss.detach(), t2v_accuracy: back.accuracy };
    const both = accuracy.add(back.accuracy).div(2);
    return { loss: loss.add(back.loss).div(2), ...own, ...other, accuracy: both, ...state };
  }

  override getExtraState(): Record<string, number> {
    return { ...this.steps };
  }

  override setExtraState(state: unknown): void {
    this.steps = numbersFrom(this.constructor.name, this.steps, state);
  }
}
