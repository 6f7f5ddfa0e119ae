// Warm-up, a long plateau, and a short decay at the end: the plateau can be prolonged, or left by a decay, at any time.

import { cos } from '../../tensor/float-math.ts';
import { checkChoice, checkNames, checkNumbers } from './options.ts';
import type { Schedule } from './scheduler.ts';

const DECAYS = ['linear', 'cosine', 'sqrt'] as const;

export interface WarmupStableDecayOptions {
  /** Steps of the straight line up; the first update has 1 / warmupSteps. */
  readonly warmupSteps: number;
  /** Steps at the full rate. */
  readonly stableSteps: number;
  /** Steps of the way down, after which the rate stays. */
  readonly decaySteps: number;
  /** Share of the full rate at the end, from 0 to 1. Default 0. */
  readonly minFactor?: number;
  /** Form of the way down, t from 0 to 1: `linear` 1 - t, `cosine` (1 + cos(pi t)) / 2, `sqrt` 1 - sqrt(t). Default `linear`. */
  readonly decay?: (typeof DECAYS)[number];
  /** Default 1, which gives a factor. */
  readonly baseLr?: number;
}

const NAMES = ['warmupSteps', 'stableSteps', 'decaySteps', 'minFactor', 'decay', 'baseLr'];

/** Rule: baseLr times (step + 1) / warmupSteps, then 1, then minFactor + (1 - minFactor) * decay(t) with t from 0 to 1 over `decaySteps`, then minFactor.
 *  @throws {RangeError} for options outside their range.
 *  Source: Hu et al. 2024 (MiniCPM), arXiv:2404.06395; the form `sqrt`: Hägele et al. 2024, arXiv:2405.18392. */
export function warmupStableDecay(options: WarmupStableDecayOptions): Schedule {
  const maker = 'warmupStableDecay()';
  checkNames(maker, options, NAMES);
  const { warmupSteps, stableSteps, decaySteps, minFactor = 0, decay = 'linear', baseLr = 1 } = options;
  const count = { min: 0, isInteger: true };
  checkNumbers(
    maker,
    { warmupSteps, stableSteps, decaySteps, minFactor, baseLr },
    {
      ...{ warmupSteps: count, stableSteps: count, decaySteps: count },
      ...{ minFactor: { min: 0, max: 1 }, baseLr: {} },
    },
  );
  checkChoice(maker, 'decay', decay, DECAYS);
  const decayStart = warmupSteps + stableSteps;
  const left = (t: number): number => {
    if (decay === 'linear') return 1 - t;
    return decay === 'cosine' ? (1 + cos(Math.PI * t)) / 2 : 1 - Math.sqrt(t);
  };
  return (step) => {
    if (step < warmupSteps) return (baseLr * (step + 1)) / warmupSteps;
    if (step < decayStart) return baseLr;
    const t = decaySteps === 0 ? 1 : Math.min(1, (step - decayStart) / decaySteps);
    return baseLr * (minFactor + (1 - minFactor) * left(t));
  };
}
