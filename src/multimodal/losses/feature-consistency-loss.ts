// `FeatureConsistencyLoss`: features stay near those that a frozen model of an earlier stage gives.

import { normalize, smoothL1Loss } from '../../nn/functional/index.ts';
import type { Module } from '../../nn/module.ts';
import { noGrad } from '../../tensor/autograd.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { atLeast, checkLossOptions, choice, flag, type LossRules } from './loss-options.ts';
import { type LossInputs, type LossOutput, MultimodalLoss } from './multimodal-loss.ts';
import { toFloat, withoutAutocast } from './pairs.ts';
import { readSides, type Side } from './sides.ts';
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

export type FeatureDistance = 'cosine' | 'l2' | 'l1' | 'smooth_l1';

export interface FeatureConsistencyOptions extends ModelInputOptions {
  /** Gives the features of old of both sides; copied. Either this or one of the next two has to be there. */
  readonly referenceModel?: Module | undefined;
  /** Gives the vision features of old; copied. */
  readonly referenceVisionModel?: Module | undefined;
  /** Gives the text features of old; copied. */
  readonly referenceTextModel?: Module | undefined;
  /** Default 1. */
  readonly visionWeight?: number | undefined;
  /** Default 1. */
  readonly textWeight?: number | undefined;
  /** Default 'cosine'. */
  readonly distanceFn?: FeatureDistance | undefined;
  /** Give rows length 1 first; 'cosine' is a cosine only so. Default true. */
  readonly normalizeFeatures?: boolean | undefined;
  /** Over the rows. Default 'mean'. */
  readonly reduction?: 'mean' | 'sum' | undefined;
}

const RULES: LossRules<FeatureConsistencyOptions> = {
  referenceModel: aModule,
  modelInput: aFunction,
  referenceVisionModel: aModule,
  referenceTextModel: aModule,
  visionInput: aFunction,
  textInput: aFunction,
  visionWeight: atLeast(0),
  textWeight: atLeast(0),
  distanceFn: choice('cosine', 'l2', 'l1', 'smooth_l1'),
  normalizeFeatures: flag,
  reduction: choice('mean', 'sum'),
};

function problemsOf(given: FeatureConsistencyOptions): string[] {
  const { referenceModel: model, referenceVisionModel: vision, referenceTextModel: text } = given;
  if (!model && !vision && !text)
    return ['referenceModel: expected one of referenceModel, referenceVisionModel, referenceTextModel, got none'];
  const unused: [name: keyof FeatureConsistencyOptions, wanted: string][] = [];
  if (!model) unused.push(['modelInput', 'referenceModel']);
  if (!model && !vision) unused.push(['visionWeight', 'referenceVisionModel']);
  if (!model && !text) unused.push(['textWeight', 'referenceTextModel']);
  if (!vision) unused.push(['visionInput', 'referenceVisionModel']);
  if (!text) unused.push(['textInput', 'referenceTextModel']);
  const problems = unused
    .filter(([name]) => given[name] !== undefined)
    .map(([name, wanted]) => `${name}: expected ${wanted} beside it, got none`);
  if (model && (vision ?? text)) problems.push('referenceModel: expected no other reference beside it, got one');
  return problems;
}

/** How far features have moved from those of a model of an earlier stage, against forgetting. For x of the model and y of the reference, both [B, D]:
 *
 *  loss = Σ over the sides that have a reference of weight · mean over rows of d(x, y), where d is 1 - x·y (cosine), ‖x - y‖₂ (l2), ‖x - y‖₁ (l1), or the sum of
 *  smooth L1 (smooth_l1).
 *
 *  Takes the features of each side that has a reference, and `inputs`, what the model was given: a whole model is called with `{ images, textData }` of them
 *  (`modelInput`), and its output read as a `DataHandler` does, pooled and of length 1; a tower with its part of them (`visionInput`, `textInput`), and
 *  gives [B, D]. The references are copies, made when the loss is: they are in evaluation whatever `train()` says, run
 *  without gradients, and no gradient reaches them, so that an optimizer that has their parameters passes them over. They are part of this loss's state dict
 *  (`reference_vision_model.…`): a checkpoint has them, and a run goes on without the file that they came from.
 *  Gives feature_consistency_loss, vision_consistency_loss, text_consistency_loss, vision_weight, text_weight.
 *  @throws {ConfigError} that lists every option that does not fit.  @throws {TypeError} for features or inputs that are not there.
 *  @throws {ShapeError} where a reference gives features of another shape.  Source: multimodal_insight_engine.
 *  @example
 *  import { FeatureConsistencyLoss } from 'sconce/multimodal';
 *  import { nn, tensor } from 'sconce';
 *  const tower = new nn.Identity();
 *  const loss = new FeatureConsistencyLoss({ referenceVisionModel: tower, distanceFn: 'l1', normalizeFeatures: false });
 *  const images = tensor([[1, 2], [3, 4]]);
 *  loss.forward({ visionFeatures: images.add(1), inputs: { images } }).loss; // tensor(2.) */
export class FeatureConsistencyLoss extends MultimodalLoss {
  readonly reference_model: Module | undefined;
  readonly reference_vision_model: Module | undefined;
  readonly reference_text_model: Module | undefined;
  readonly visionWeight: number;
  readonly textWeight: number;
  readonly distanceFn: FeatureDistance;
  readonly normalizeFeatures: boolean;
  readonly reduction: 'mean' | 'sum';
  private readonly pick: { readonly model: TowerInput | undefined } & Readonly<Record<Side['name'], TowerInput>>;

  constructor(options: FeatureConsistencyOptions) {
    super();
    checkLossOptions(this.constructor.name, options, RULES, problemsOf);
    const { referenceModel: model, referenceVisionModel: vision, referenceTextModel: text } = options;
    this.reference_model = model && frozenCopy(model).eval();
    this.reference_vision_model = vision && frozenCopy(vision).eval();
    this.reference_text_model = text && frozenCopy(text).eval();
    this.visionWeight = options.visionWeight ?? 1;
    this.textWeight = options.textWeight ?? 1;
    this.distanceFn = options.distanceFn ?? 'cosine';
    this.normalizeFeatures = options.normalizeFeatures ?? true;
    this.reduction = options.reduction ?? 'mean';
    this.pick = {
      model: options.modelInput,
      vision: options.visionInput ?? DEFAULT_INPUTS.vision,
      text: options.textInput ?? DEFAULT_INPUTS.text,
    };
  }

  /** The references stay in evaluation. */
  override train(mode = true): this {
    super.train(mode);
    for (const reference of [this.reference_model, this.reference_vision_model, this.reference_text_model])
      reference?.eval();
    return this;
  }

  override forward(inputs: LossInputs): LossOutput {
    const sides = readSides(this.constructor.name, inputs);
    const given = Object.fromEntries(sides.map(({ name, features }) => [name, features]));
    const output: Record<string, unknown> = {};
    const terms = Object.entries(noGrad(() => this.referenceFeatures(inputs, given))).map(([name, old]) => {
      const distance = withoutAutocast(old.device, () => this.distance(given[name]!, old));
      const weight = name === 'vision' ? this.visionWeight : this.textWeight;
      output[`${name}_consistency_loss`] = distance.detach();
      output[`${name}_weight`] = weight;
      return distance.mul(weight);
    });
    const loss = terms.reduce((sum, term) => sum.add(term));
    return { loss, feature_consistency_loss: loss.detach(), ...output };
  }

  /** What the references make of the inputs, by side. */
  private referenceFeatures(inputs: LossInputs, given: Readonly<Record<string, Tensor>>): Record<string, Tensor> {
    const { reference_model: model, reference_vision_model: vision, reference_text_model: text, pick } = this;
    const loss = this.constructor.name;
    const towers = { vision, text };
    const names = (['vision', 'text'] as const).filter((name) => model ?? towers[name]);
    const missing = names.find((name) => given[name] === undefined);
    if (missing)
      throw new TypeError(`Cannot compute ${loss}: expected ${missing}Features beside its reference, got none`);
    if (model) return runModel(loss, model, inputs, pick.model, given);
    return Object.fromEntries(
      names.map((name) => [name, runTower(loss, name, towers[name]!, inputs, pick[name], given[name]!)]),
    );
  }

  /** [B, D] twice -> []. */
  private distance(features: Tensor, old: Tensor): Tensor {
    const [x, y] = [features, old].map((each) => {
      const rows = this.gather(toFloat(each));
      return this.normalizeFeatures ? normalize(rows, { dim: 1 }) : rows;
    }) as [Tensor, Tensor];
    const rows = this.rowDistances(x, y); // [B]
    return this.reduction === 'mean' ? rows.mean() : rows.sum();
  }

  private rowDistances(x: Tensor, y: Tensor): Tensor {
    const dim = { dim: 1 };
    if (this.distanceFn === 'cosine') return x.mul(y).sum(dim).neg().add(1);
    if (this.distanceFn === 'smooth_l1') return smoothL1Loss(x, y, { reduction: 'none' }).sum(dim);
    const difference = x.sub(y);
    return this.distanceFn === 'l1' ? difference.abs().sum(dim) : difference.norm({ p: 2, dim: [1] });
  }
}
