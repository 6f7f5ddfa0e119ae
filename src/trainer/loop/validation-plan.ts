// When a validation is due: a pure function of the clocks, so that a run that was killed inside one begins with it when it is resumed.

import type { Clocks } from './clocks.ts';

/** When the model is validated: whenever one of them says so. A configuration has one. */
export interface ValidationPlan {
  readonly everyEpochs?: number | undefined;
  readonly everySteps?: number | undefined;
  readonly everySeconds?: number | undefined;
}

/** Whether a validation is due behind an update, with its place in the epoch untouched. */
export function isDueInside({ everySteps, everySeconds }: ValidationPlan, clocks: Readonly<Clocks>): boolean {
  if (clocks.step === clocks.validatedAt) return false;
  if (everySteps !== undefined && clocks.step % everySteps === 0) return true;
  return everySeconds !== undefined && clocks.elapsedSeconds - clocks.validatedAtSeconds >= everySeconds;
}

/** Whether a validation belongs to the end of the running epoch. */
export function isDueAtEpochEnd({ everyEpochs }: ValidationPlan, clocks: Readonly<Clocks>): boolean {
  return everyEpochs !== undefined && (clocks.epoch + 1) % everyEpochs === 0;
}
