// `CrossModalStrategy`: the second stage, in which what joins the modalities learns over the towers' frozen features.

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

export interface CrossModalSettings extends StrategySettings {
  /** Whether the last layers of the towers are trained. Default false. */
  readonly unfreezeTopEncoderLayers?: boolean | undefined;
  /** How many of each. Default 2. */
  readonly unfreezeLayerCount?: number | undefined;
  /** Of the loss. Default 0.07. */
  readonly temperature?: number | undefined;
  /** Features that the loss remembers. Default 8192. */
  readonly queueSize?: number | undefined;
}

const SETTINGS = [
  ...['learningRate', 'weightDecay', 'warmupSteps', 'totalSteps', 'unfreezeTopEncoderLayers'],
  ...['unfreezeLayerCount', 'temperature', 'queueSize'],
] as (keyof CrossModalSettings)[];

/** Freezes the towers, and trains what joins the modalities (names with cross_attention, cross_modal, fusion, interaction) and the projections, by a `MoCoLoss`.
 *  Rates: 5e-5 for what joins them, half of it for projections, a tenth for other parts, a hundredth for layers of towers; warm-up 200 steps, down to a hundredth at 5,000 or the stage's end.
 *  @throws {ConfigError} that lists every setting that does not fit.
 *  Source: multimodal_insight_engine's CrossModalStrategy.
 *  @example
 *  import { CrossModalStrategy, DualEncoder, FusionModule } from 'sconce/multimodal';
 *  const model = new DualEncoder({ projectionDim: 8, fusionModule: new FusionModule(8) });
 *  const strategy = new CrossModalStrategy({ model, queueSize: 64 });
 *  strategy.initializeStrategy();
 *  strategy.lossFn!.constructor.name; // 'MoCoLoss' */
export class CrossModalStrategy extends TrainingStrategy<CrossModalSettings> {
  constructor(options: StrategyParts & CrossModalSettings) {
    super(options, SETTINGS);
  }

  freeze(): void {
    this.freezeParameters(TOWERS);
    if (this.config.unfreezeTopEncoderLayers)
      this.unfreezeParameters(topLayers(this.model, TOWERS, this.config.unfreezeLayerCount ?? 2));
    this.unfreezeParameters([...CROSS_MODAL, ...PROJECTIONS], TOWERS);
  }

  makeLoss(): MultimodalLoss {
    const { temperature = 0.07, queueSize = 8192 } = this.config;
    return createLoss('memory_queue', { temperature, queueSize }, this.model);
  }

  protected ratePlan(): RatePlan {
    const { learningRate = 5e-5, warmupSteps = 200, totalSteps = 5000 } = this.config;
    const rates = [
      { name: 'vision_model', fits: nameHas('vision_model'), factor: 0.01 },
      { name: 'text_model', fits: nameHas('text_model'), factor: 0.01 },
      { name: 'cross_modal_components', fits: nameHas(...CROSS_MODAL), factor: 1 },
      { name: 'projection_layers', fits: nameHas(...PROJECTIONS), factor: 0.5 },
    ];
    const fixed = { betas: [0.9, 0.98] as const, eps: 1e-6, minLrRatio: 0.01, otherFactor: 0.1 };
    return { ...fixed, learningRate, warmupSteps, totalSteps, rates };
  }
}
