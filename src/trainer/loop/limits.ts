// Where a run ends: after so many epochs, steps or seconds, or when somebody asks for it. Pure functions of the clocks.

import type { Clocks } from './clocks.ts';

export interface RunLimits {
  /** Epochs completed. */
  readonly maxEpochs: number;
  /** Optimizer updates. Default: no limit. */
  readonly maxSteps: number | undefined;
  /** Seconds of training, all processes of the run together. Default: no limit. */
  readonly maxSeconds: number | undefined;
}

/** Why the run is at its end, or undefined where it goes on. */
export function endReached(
  clocks: Readonly<Clocks>,
  limits: RunLimits,
  stopReason: string | undefined,
): string | undefined {
  const { maxEpochs, maxSteps, maxSeconds } = limits;
  if (clocks.epoch >= maxEpochs) return `${clocks.epoch} of ${maxEpochs} epochs are completed`;
  if (maxSteps !== undefined && clocks.step >= maxSteps) return `${clocks.step} of ${maxSteps} steps are done`;
  if (maxSeconds !== undefined && clocks.elapsedSeconds >= maxSeconds)
    return `it has trained for ${clocks.elapsedSeconds.toFixed(0)} of ${maxSeconds} seconds`;
  return stopReason;
}
