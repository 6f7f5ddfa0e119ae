// What a finder is given of a trainer: its parts, and fits of a second trainer that writes nothing.

import type { BatchLoader } from '../../data/index.ts';
import type { GenericTrainerConfig } from '../config/types.generated.ts';
import type { Callback } from '../loop/events.ts';
import type { Ranks } from '../ranks/ranks.ts';
import type { KeptParts } from './keep-state.ts';

/** A trainer as its finders see it. */
export interface TunedTrainer extends Omit<KeptParts, 'loaders'> {
  /** Trains with the trainer's step, precision, accumulation, clipping and freezing, and with nothing else of it: no schedules, checkpoints, validation, log
   *  or other callbacks. Ends after so many optimizer steps. */
  trial(options: TrialOptions): Promise<void>;
  /** The processes that search together, and find the same. They join again where a trial has ended because one of them failed. */
  join(): Promise<Ranks>;
}

export interface TrialOptions {
  readonly trainLoaders: readonly BatchLoader<unknown>[];
  readonly maxSteps: number;
  readonly callback: Callback;
}

/** What of a configuration decides how a step is computed. */
export function trialConfig(config: GenericTrainerConfig = {}): GenericTrainerConfig {
  const { performance, lossWeightsPerLoader, perLoaderOptimizerId, ddp } = config;
  const { lossMix: _, ...trainLoaderConfig } = config.trainLoaderConfig ?? {}; // which follows validations
  return {
    trainLoaderConfig,
    ...(performance ? { performance: { ...performance, captureSteps: false } } : {}),
    ...(lossWeightsPerLoader ? { lossWeightsPerLoader } : {}),
    ...(perLoaderOptimizerId ? { perLoaderOptimizerId } : {}),
    ...(ddp ? { ddp } : {}),
    logEveryNSteps: 1, // where several processes end together; nothing is logged
    nonFinite: 'warn', // a sweep looks itself, and a size is no worse for it
    profileTraining: false,
  };
}
