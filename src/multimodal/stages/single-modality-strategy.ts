// `SingleModalityStrategy`: the first stage, in which each modality learns to project what its tower gives.

import { ConfigError } from '../../errors.ts';
import { describeValue } from '../../trainer/config/problems.ts';
import type { NamedBatch } from '../batches/data-handler.ts';
import type { MultimodalLoss } from '../losses/multimodal-loss.ts';
import { nameHas } from './component-groups.ts';
import { createLoss } from './stage-losses.ts';
import { CROSS_MODAL, PROJECTIONS, TOWERS } from './strategy-names.ts';
import {
  type RatePlan,
  type StrategyParts,
  type StrategySettings,
  TrainingStrategy,
  topLayers,
} from './training-strategy.ts';

export interface SingleModalitySettings extends StrategySettings {
  /** Whether the last layers of the towers are trained. Default false. */
  readonly unfreezeTopLayers?: boolean | undefined;
  /** How many of each. Default 2. */
  readonly unfreezeLayerCount?: number | undefined;
  /** Unfreeze one more of the last layers every `unfreezingInterval` epochs, three at most. Default false. */
  readonly progressiveUnfreezing?: boolean | undefined;
  /** Default 5. */
  readonly unfreezingInterval?: number | undefined;
  /** Default 'contrastive', a `SimCLRLoss`. */
  readonly lossType?: 'contrastive' | 'vicreg' | undefined;
  /** Of the contrastive loss. Default 0.07. */
  readonly temperature?: number | undefined;
  /** Weights of VICReg's parts: similarity, default 25; variance, default 25; covariance, default 1. */
  readonly simCoefficient?: number | undefined;
  readonly varCoefficient?: number | undefined;
  readonly covCoefficient?: number | undefined;
}

const SETTINGS = [
  ...['learningRate', 'weightDecay', 'warmupSteps', 'totalSteps', 'unfreezeTopLayers', 'unfreezeLayerCount'],
  ...['progressiveUnfreezing', 'unfreezingInterval', 'lossType', 'temperature', 'simCoefficient', 'varCoefficient'],
  'covCoefficient',
] as (keyof SingleModalitySettings)[];

/** Freezes the towers and whatever joins the modalities, and trains the projections (names with projection, projector, adapter). The modalities do not see each other.
 *  Rates: 1e-4 for projections, a tenth of it for other parts, a hundredth for layers of towers; warm-up 500 steps, down to a hundredth at 10,000 or the stage's end.
 *  @throws {ConfigError} that lists every setting that does not fit.
 *  Source: multimodal_insight_engine's SingleModalityStrategy.
 *  @example
 *  import { DualEncoder, SingleModalityStrategy } from 'sconce/multimodal';
 *  const strategy = new SingleModalityStrategy({ model: new DualEncoder(), learningRate: 1e-3, warmupSteps: 1 });
 *  strategy.initializeStrategy();
 *  strategy.parameterStatus().vision_model!.trainable; // 0
 *  strategy.getLearningRates().projection_layers; // 0.001 */
export class SingleModalityStrategy extends TrainingStrategy<SingleModalitySettings> {
  constructor(options: StrategyParts & SingleModalitySettings) {
    super(options, SETTINGS);
    const { lossType } = this.config;
    if (lossType !== undefined && !['contrastive', 'vicreg'].includes(lossType))
      throw new ConfigError('make SingleModalityStrategy', [
        `lossType: expected one of contrastive, vicreg, got ${describeValue(lossType)}`,
      ]);
  }

  freeze(): void {
    this.freezeParameters([...CROSS_MODAL, ...TOWERS]);
    if (this.config.unfreezeTopLayers) this.#unfreezeTop(this.config.unfreezeLayerCount ?? 2);
    this.unfreezeParameters(PROJECTIONS, TOWERS); // a tower may have a layer of that name
  }

  #unfreezeTop(count: number): void {
    this.unfreezeParameters(topLayers(this.model, TOWERS, count));
  }

  makeLoss(): MultimodalLoss {
    const { lossType, temperature = 0.07, simCoefficient, varCoefficient, covCoefficient } = this.config;
    if (lossType === 'vicreg')
      return createLoss(
        'vicreg',
        { simCoeff: simCoefficient ?? 25, varCoeff: varCoefficient ?? 25, covCoeff: covCoefficient ?? 1 },
        this.model,
      );
    return createLoss('contrastive', { temperature }, this.model);
  }

  override prepareBatch(batch: NamedBatch): Record<string, unknown> {
    const inputs = super.prepareBatch(batch);
    const hasParts = CROSS_PROPERTIES.some((name) => Reflect.get(this.model, name) !== undefined);
    return hasParts ? { ...inputs, enableCrossAttention: false } : inputs;
  }

  protected ratePlan(): RatePlan {
    const { learningRate = 1e-4, warmupSteps = 500, totalSteps = 10_000 } = this.config;
    const rates = [
      { name: 'vision_model', fits: nameHas('vision_model'), factor: 0.01 },
      { name: 'text_model', fits: nameHas('text_model'), factor: 0.01 },
      { name: 'projection_layers', fits: nameHas(...PROJECTIONS), factor: 1 },
    ];
    const fixed = { betas: [0.9, 0.98] as const, eps: 1e-6, minLrRatio: 0.01, otherFactor: 0.1 };
    return { ...fixed, learningRate, warmupSteps, totalSteps, rates };
  }

  override onEpochStart(epoch: number): void {
    const { progressiveUnfreezing, unfreezingInterval = 5 } = this.config;
    const count = Math.min(3, Math.floor(epoch / unfreezingInterval));
    if (progressiveUnfreezing && count > 0) this.#unfreezeTop(count);
  }
}

/** Parts of a `DualEncoder` in which the modalities see each other. */
const CROSS_PROPERTIES = ['cross_attention', 'fusion_module'];
