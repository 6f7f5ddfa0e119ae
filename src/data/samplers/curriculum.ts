// A curriculum's place: what a sampler that follows a training step says to its loader, and takes back.
import type { SamplerInput } from './sampler.ts';

/** The share of the warm-up that is over at `step`, from 0 to 1. */
export function warmupShare(step: number, warmupSteps: number): number {
  return step >= warmupSteps ? 1 : step / warmupSteps;
}

/** The published weights' factor: from 0.5 to 1 over the warm-up. */
export function contrastAlpha(step: number, warmupSteps: number): number {
  return 0.5 + 0.5 * warmupShare(step, warmupSteps);
}

/** @throws {RangeError} unless `step` counts steps. */
export function checkStep(step: unknown, sampler: string): number {
  if (Number.isSafeInteger(step) && (step as number) >= 0) return step as number;
  throw new RangeError(`Cannot set the step of a ${sampler}: expected an integer from 0 on, got ${String(step)}`);
}

/** The step in what `input()` gave.  @throws {TypeError} where it is something else. */
export function inputStep(input: SamplerInput): number {
  const step = (input as { readonly step?: unknown } | null)?.step;
  if (typeof step === 'number') return step;
  throw new TypeError(`Cannot read the input of a sampler: expected { step }, got ${JSON.stringify(input)}`);
}
