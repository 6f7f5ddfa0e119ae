// `DualEncoder`: two towers, one space for both, and by choice parts in which the modalities see each other.

import { ConfigError } from '../../errors.ts';
import { Linear, Module } from '../../nn/index.ts';
import { readOptions } from '../../tensor/arguments.ts';
import { describeValue } from '../../tensor/autograd/callback.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { SmallTextModel, SmallVisionModel } from './small-towers.ts';
import { type Pooling, poolTokens, runTower, type TowerOutput, widthOf } from './tower-output.ts';

export type { Pooling } from './tower-output.ts';

export interface DualEncoderOptions {
  /** Any module that makes features [B, D], tokens [B, N, D] or maps [B, D, H, W] of the images. Default: a `SmallVisionModel`. */
  readonly visionModel?: Module | undefined;
  /** The same for texts. Default: a `SmallTextModel`. */
  readonly textModel?: Module | undefined;
  /** Width of the shared space. Default 64. */
  readonly projectionDim?: number;
  /** Width of a tower's features. Default: what the tower says of itself (`outFeatures`, `embedDim`, `config.hidden_size`). */
  readonly visionDim?: number;
  readonly textDim?: number;
  /** How one vector is made of tokens. Default 'mean', over the tokens that the mask has. */
  readonly pooling?: Pooling;
  /** From a tower's width to the shared space's. Default: a `Linear`. */
  readonly visionProjection?: Module | undefined;
  readonly textProjection?: Module | undefined;
  /** `forward(vision, text, { visionMask, textMask })` of projected tokens [B, N, D] and [B, T, D] gives both, changed: as `CrossModalAttention`. Default: none. */
  readonly crossAttention?: Module | undefined;
  /** `forward(vision, text)` of features [B, D] gives both, changed: as `FusionModule`. Default: none. */
  readonly fusionModule?: Module | undefined;
}

export interface DualEncoderInputs {
  /** What the vision tower takes. */
  readonly images?: unknown;
  /** What the text tower takes: ids [B, T], or `{ inputIds, attentionMask }`. */
  readonly textData?: unknown;
  /** Whether the modalities see each other, where there are parts for it. Default true. */
  readonly enableCrossAttention?: boolean | undefined;
}

/** Features [B, projectionDim] of what was given, not normalised. */
export interface DualEncoderOutput {
  readonly visionFeatures?: Tensor;
  readonly textFeatures?: Tensor;
  /** With something of the other modality in them; only where both were given and there are parts for it. */
  readonly visionFeaturesEnhanced?: Tensor;
  readonly textFeaturesEnhanced?: Tensor;
}

const OPTIONS = [
  'visionModel',
  'textModel',
  'projectionDim',
  'visionDim',
  'textDim',
  'pooling',
  'visionProjection',
  'textProjection',
  'crossAttention',
  'fusionModule',
] as const;

/** Images and texts in one space: features = projection(pool(tower(input))). With `crossAttention` or `fusionModule` there are enhanced features beside them, which a loss takes first. They are made of both
 *  sides of a pair, so a search among many cannot use them, and its recalls look better than they are.
 *  State keys: vision_model, text_model, vision_projection, text_projection, cross_attention, fusion_module.
 *  @throws {ConfigError} that lists every option that does not fit.
 *  Source: multimodal_insight_engine's DualEncoder; Radford et al. 2021, arXiv:2103.00020.
 *  @example
 *  import { rand, tensor } from 'sconce';
 *  import { DualEncoder } from 'sconce/multimodal';
 *  const model = new DualEncoder({ projectionDim: 16 });
 *  const { visionFeatures } = model.forward({ images: rand([2, 3, 16, 16]), textData: tensor([[4n, 7n], [5n, 0n]]) });
 *  visionFeatures!.shape; // [2, 16] */
export class DualEncoder extends Module {
  readonly projectionDim: number;
  readonly pooling: Pooling;
  readonly vision_model: Module;
  readonly text_model: Module;
  readonly vision_projection: Module;
  readonly text_projection: Module;
  readonly cross_attention: Module | undefined;
  readonly fusion_module: Module | undefined;

  constructor(options: DualEncoderOptions = {}) {
    super();
    readOptions('DualEncoder', OPTIONS, options);
    const { projectionDim = 64, pooling = 'mean' } = options;
    const { visionModel = new SmallVisionModel(), textModel = new SmallTextModel() } = options;
    const visionDim = options.visionDim ?? (visionModel instanceof Module ? widthOf(visionModel) : undefined);
    const textDim = options.textDim ?? (textModel instanceof Module ? widthOf(textModel) : undefined);
    checkDualEncoder(options, visionDim, textDim);
    this.projectionDim = projectionDim;
    this.pooling = pooling;
    this.vision_model = visionModel;
    this.text_model = textModel;
    this.vision_projection = options.visionProjection ?? new Linear(visionDim!, projectionDim);
    this.text_projection = options.textProjection ?? new Linear(textDim!, projectionDim);
    this.cross_attention = options.crossAttention;
    this.fusion_module = options.fusionModule;
  }

  /** @throws {TypeError} where neither images nor texts are given. */
  forward(inputs: DualEncoderInputs): DualEncoderOutput {
    readOptions('DualEncoder.forward', ['images', 'textData', 'enableCrossAttention'], inputs);
    const { images, textData, enableCrossAttention = true } = inputs;
    if (images === undefined && textData === undefined)
      throw new TypeError('Cannot run DualEncoder: expected images, textData or both, got neither');
    const vision = images === undefined ? undefined : runTower('vision_model', this.vision_model, images, this.pooling);
    const text = textData === undefined ? undefined : runTower('text_model', this.text_model, textData, this.pooling);
    const plain = {
      ...(vision && { visionFeatures: project(this.vision_projection, vision.features) }),
      ...(text && { textFeatures: project(this.text_projection, text.features) }),
    };
    if (!vision || !text || !enableCrossAttention || !(this.cross_attention ?? this.fusion_module)) return plain;
    return { ...plain, ...this.enhance(vision, text, plain as { visionFeatures: Tensor; textFeatures: Tensor }) };
  }

  /** Shape: -> [B, projectionDim]. */
  encodeImages(images: unknown): Tensor {
    return this.forward({ images }).visionFeatures!;
  }

  /** Shape: -> [B, projectionDim]. */
  encodeText(textData: unknown): Tensor {
    return this.forward({ textData }).textFeatures!;
  }

  private enhance(vision: TowerOutput, text: TowerOutput, plain: { visionFeatures: Tensor; textFeatures: Tensor }) {
    let features: readonly [Tensor, Tensor] = [plain.visionFeatures, plain.textFeatures];
    if (this.cross_attention) {
      const tokens = [
        tokensOf(vision, this.vision_projection, plain.visionFeatures), // [B, N, D]
        tokensOf(text, this.text_projection, plain.textFeatures), // [B, T, D]
      ] as const;
      const [seeing, seen] = mix(this.cross_attention, ...tokens, { visionMask: vision.mask, textMask: text.mask });
      features = [poolTokens(seeing, vision.mask, this.pooling), poolTokens(seen, text.mask, this.pooling)];
    }
    if (this.fusion_module) features = mix(this.fusion_module, ...features);
    return { visionFeaturesEnhanced: features[0], textFeaturesEnhanced: features[1] };
  }
}

const project = (projection: Module, input: Tensor): Tensor =>
  (projection.forward as (input: Tensor) => Tensor).call(projection, input);

/** A tower that gives one vector a row has one token a row. */
const tokensOf = ({ tokens }: TowerOutput, projection: Module, features: Tensor): Tensor =>
  tokens ? project(projection, tokens) : features.unsqueeze(1);

const mix = (part: Module, ...inputs: readonly unknown[]): readonly [Tensor, Tensor] =>
  (part.forward as (...inputs: unknown[]) => readonly [Tensor, Tensor]).call(part, ...inputs);

function checkDualEncoder(
  options: DualEncoderOptions,
  visionDim: number | undefined,
  textDim: number | undefined,
): void {
  const problems: string[] = [];
  const modules = ['visionModel', 'textModel', 'visionProjection', 'textProjection', 'crossAttention', 'fusionModule'];
  for (const name of modules) {
    const value = options[name as keyof DualEncoderOptions];
    if (value !== undefined && !(value instanceof Module))
      problems.push(`${name}: expected a module, got ${describeValue(value)}`);
  }
  for (const name of ['projectionDim', 'visionDim', 'textDim'] as const) {
    const value = options[name];
    if (value !== undefined && !(Number.isSafeInteger(value) && value > 0))
      problems.push(`${name}: expected an integer above 0, got ${describeValue(value)}`);
  }
  if (options.pooling !== undefined && !['mean', 'first'].includes(options.pooling))
    problems.push(`pooling: expected "mean" or "first", got ${describeValue(options.pooling)}`);
  const width = 'expected the width of its features, got none, and the tower does not say it';
  if (visionDim === undefined && !options.visionProjection && isFit(options.visionModel))
    problems.push(`visionDim: ${width}`);
  if (textDim === undefined && !options.textProjection && isFit(options.textModel)) problems.push(`textDim: ${width}`);
  if (problems.length > 0) throw new ConfigError('make DualEncoder', problems);
}

const isFit = (tower: unknown): boolean => tower === undefined || tower instanceof Module;
