// When a validation is due: a pure function of the clocks, so that a run that was killed inside one begins with it when it is resumed.

import type { Clocks } from './clocks.ts';

/** One of the three ways to say when the model is validated. */
export type ValidationPlan =
  | { readonly everyEpochs: number }
  | { readonly everySteps: number }
  | { readonly everySeconds: number };

/** Whether a validation is due behind an update, with its place in the epoch untouched. */
export function isDueInside(plan: ValidationPlan, clocks: Readonly<Clocks>): boolean {
  if (clocks.step === clocks.validatedAt) return false;
  if ('everySteps' in plan) return clocks.step % plan.everySteps === 0;
  return 'everySeconds' in plan && clocks.elapsedSeconds - clocks.validatedAtSeconds >= plan.everySeconds;
}

/** Whether a validation belongs to the end of the running epoch. */
export function isDueAtEpochEnd(plan: ValidationPlan, clocks: Readonly<Clocks>): boolean {
  return 'everyEpochs' in plan && (clocks.epoch + 1) % plan.everyEpochs === 0;
}
