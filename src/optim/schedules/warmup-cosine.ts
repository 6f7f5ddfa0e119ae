// Linear warm-up, then a half cosine: the usual schedule of a transformer or a contrastive model.

import { cos } from '../../tensor/float-math.ts';

export interface WarmupCosineOptions {
  /** Steps from 0 to the full learning rate. */
  warmupSteps: number;
  /** The step at which the cosine ends; the factor stays at `minFactor` from there. */
  totalSteps: number;
  /** Default 0. */
  minFactor?: number;
}

/** Factor on the learning rate at `step` (0 is the first update).
 *  Rule: (step + 1) / warmupSteps during the warm-up, so that the first update moves; then minFactor + (1 - minFactor) (1 + cos(pi t)) / 2 with t from 0 to 1.
 *  @throws {RangeError} unless 0 <= warmupSteps < totalSteps.  Source: Loshchilov and Hutter 2017, arXiv:1608.03983. */
export function warmupCosine(options: WarmupCosineOptions): (step: number) => number {
  const { warmupSteps, totalSteps, minFactor = 0 } = options;
  if (!(warmupSteps >= 0 && warmupSteps < totalSteps)) {
    throw new RangeError(
      `Cannot make a schedule: expected 0 <= warmupSteps < totalSteps, got ${warmupSteps} and ${totalSteps}`,
    );
  }
  return (step) => {
    if (step < warmupSteps) return (step + 1) / warmupSteps;
    const progress = Math.min(1, (step - warmupSteps) / (totalSteps - warmupSteps));
    return minFactor + ((1 - minFactor) * (1 + cos(Math.PI * progress))) / 2;
  };
}
