// Which trials are trained on, and which are held out.

import { Generator, randperm, scope } from '../../tensor/index.ts';

/** The frames of each side. */
export interface TrialSplit {
  readonly train: Int32Array;
  readonly val: Int32Array;
}

/**
 * Splits frames by trial: the trials in ascending order are shuffled by PyTorch's `randperm` under `seed`, the first `floor(share * trials)` of them are trained on.
 * The same trials as VisionCore's.  @param trials - of every frame.  @param frames - those that are split, ascending.
 */
export function splitByTrial(
  trials: Float64Array,
  frames: Int32Array,
  { share, seed }: { readonly share: number; readonly seed: number },
): TrialSplit {
  const all = [...new Set(trials)].sort((a, b) => a - b);
  const order = scope(() =>
    Array.from(
      randperm(all.length, { generator: new Generator(seed) })
        .to('int32')
        .toTypedArray() as Int32Array,
    ),
  );
  const trained = new Set(order.slice(0, Math.floor(all.length * share)).map((at) => all[at]!));
  return {
    train: frames.filter((frame) => trained.has(trials[frame]!)),
    val: frames.filter((frame) => !trained.has(trials[frame]!)),
  };
}
