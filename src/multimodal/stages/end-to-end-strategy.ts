// `EndToEndStrategy`: the last stage, in which everything is trained at small rates.

import type { MultimodalLoss } from '../losses/multimodal-loss.ts';
import { nameHas } from './component-groups.ts';
import { createLoss, StageLoss } from './stage-losses.ts';
import { CROSS_MODAL, PROJECTIONS } from './strategy-names.ts';
import { type RatePlan, type StrategyParts, type StrategySettings, TrainingStrategy } from './training-strategy.ts';

export interface EndToEndSettings extends StrategySettings {
  /** Of the loss. Default 0.05. */
  readonly temperature?: number | undefined;
  /** Weight of hard negatives. Default 2. */
  readonly hardNegativeFactor?: number | undefined;
  /** Which negatives count as hard. Default 'semi-hard'. */
  readonly miningStrategy?: 'hard' | 'semi-hard' | undefined;
  /** Hold features near to those that the model gave at the beginning of the stage, with a weight of 0.5. It keeps a copy of the model. Default false. */
  readonly useFeatureConsistency?: boolean | undefined;
}

const SETTINGS = [
  ...['learningRate', 'weightDecay', 'warmupSteps', 'totalSteps', 'temperature', 'hardNegativeFactor'],
  ...['miningStrategy', 'useFeatureConsistency'],
] as (keyof EndToEndSettings)[];

/** Trains everything, by a `HardNegativeLoss`.
 *  Rates: 2e-5 for parts of other names, half of it for projections, a tenth for what joins the modalities, a two-hundredth for the towers; warm-up 100 steps, down to a tenth at 3,000 or the stage's end.
 *  @throws {ConfigError} that lists every setting that does not fit.
 *  Source: multimodal_insight_engine's EndToEndStrategy, in which the feature consistency is only named.
 *  @example
 *  import { DualEncoder, EndToEndStrategy } from 'sconce/multimodal';
 *  const strategy = new EndToEndStrategy({ model: new DualEncoder(), learningRate: 1e-3, warmupSteps: 1 });
 *  strategy.initializeStrategy();
 *  strategy.getLearningRates().projection_layers; // 0.0005 */
export class EndToEndStrategy extends TrainingStrategy<EndToEndSettings> {
  constructor(options: StrategyParts & EndToEndSettings) {
    super(options, SETTINGS);
  }

  freeze(): void {
    this.unfreezeParameters(['']);
  }

  makeLoss(): MultimodalLoss {
    const { temperature = 0.05, hardNegativeFactor = 2, miningStrategy = 'semi-hard' } = this.config;
    const hard = createLoss('hard_negative', { temperature, hardNegativeFactor, miningStrategy }, this.model);
    if (!this.config.useFeatureConsistency) return hard;
    const consistency = createLoss('feature_consistency', {}, this.model);
    return new StageLoss([
      { name: 'hard_negative', weight: 1, loss: hard },
      { name: 'feature_consistency', weight: 0.5, loss: consistency },
    ]);
  }

  protected ratePlan(): RatePlan {
    const { learningRate = 2e-5, warmupSteps = 100, totalSteps = 3000 } = this.config;
    const rates = [
      { name: 'vision_model', fits: nameHas('vision_model'), factor: 0.005 },
      { name: 'text_model', fits: nameHas('text_model'), factor: 0.005 },
      { name: 'cross_modal_components', fits: nameHas(...CROSS_MODAL), factor: 0.1 },
      { name: 'projection_layers', fits: nameHas(...PROJECTIONS), factor: 0.5 },
    ];
    const fixed = { betas: [0.9, 0.999] as const, eps: 1e-8, minLrRatio: 0.1, otherFactor: 1 };
    return { ...fixed, learningRate, warmupSteps, totalSteps, rates };
  }
}
