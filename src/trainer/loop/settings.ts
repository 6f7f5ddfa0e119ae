// What a configuration says to the loop, in the loop's own terms.

import { precisionModeOf } from '../config/schema.ts';
import type { ResolvedConfig } from '../config/types.generated.ts';
import type { RunLimits } from './limits.ts';
import type { NonFinitePolicy } from './non-finite.ts';
import type { PrecisionMode } from './precision.ts';
import type { ValidationPlan } from './validation-plan.ts';

export interface LoopSettings {
  readonly precision: PrecisionMode;
  readonly limits: Omit<RunLimits, 'maxEpochs'>;
  readonly validation: ValidationPlan;
  readonly nonFinite: NonFinitePolicy;
  readonly detectAnomaly: boolean;
  readonly isProfiled: boolean;
  /** Batches that every loader gives in an epoch; undefined plays them all. */
  readonly fastDevBatches: number | undefined;
  /** The first batches, again and again; undefined plays all. */
  readonly overfitBatches: number | undefined;
  readonly limitValidationBatches: number | undefined;
  readonly sanityBatches: number;
}

/** Of one that was checked. */
export function settingsOf(config: ResolvedConfig): LoopSettings {
  const { fastDevRun, overfitBatches, validation, validateEveryNEpochs } = config;
  return {
    precision: precisionModeOf(config.performance),
    limits: { maxSteps: config.maxSteps, maxSeconds: config.maxTime },
    validation: planOf(validation, validateEveryNEpochs),
    nonFinite: config.nonFinite,
    detectAnomaly: config.detectAnomaly,
    isProfiled: config.profileTraining,
    fastDevBatches: fastDevRun === false ? undefined : Number(fastDevRun),
    overfitBatches,
    limitValidationBatches: least(overfitBatches, validation.limitBatches),
    sanityBatches: validation.sanitySteps,
  };
}

function planOf(
  { frequency, everyNSteps, everyNMinutes }: ResolvedConfig['validation'],
  everyEpochs: number,
): ValidationPlan {
  // The schema asks for the number that goes with the frequency.
  if (frequency === 'every_n_steps') return { everySteps: everyNSteps! };
  if (frequency === 'every_n_minutes') return { everySeconds: 60 * everyNMinutes! };
  return { everyEpochs };
}

/** The smaller of the limits that there are. */
export function least(...limits: readonly (number | undefined)[]): number | undefined {
  const set = limits.filter((limit) => limit !== undefined);
  return set.length === 0 ? undefined : Math.min(...set);
}
