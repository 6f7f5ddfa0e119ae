// A recording with fewer frames a second: several become one.

import { scope, type Tensor } from '../../tensor/index.ts';
import type { Recording } from './files/recording.ts';

/** Labels of a frame, of which the first counts. */
const DECIMATED = ['stim', 'stim_phase', 'ori', 'sf', 'trial_inds'];

/** A recording, and which of its frames are made of frames of one trial. */
export interface Downsampled {
  readonly recording: Recording;
  /** [frames, 1], bool; undefined where all are. */
  readonly isWhole: Tensor | undefined;
}

/**
 * Makes one frame of every `factor` frames; what is left at the end goes. `robs` is summed; `stim`, `stim_phase`, `ori`, `sf` and `trial_inds` are those of the first
 * frame; `psth_inds` too, divided; of `dfs` the least counts; everything else is averaged.
 * Source: VisionCore, which averages the numbers of trials too; here frames that begin in one trial and end in the next are marked instead.
 */
export function downsample(recording: Recording, factor: number): Downsampled {
  const numFrames = Math.floor(recording.numFrames / factor);
  if (factor === 1) return { recording, isWhole: undefined };
  return scope(() => {
    const grouped = (x: Tensor): Tensor =>
      x.narrow(0, 0, numFrames * factor).reshape([numFrames, factor, ...x.shape.slice(1)]); // [T, ...] -> [T / factor, factor, ...]
    const reduce = (name: string, x: Tensor): Tensor => {
      if (name === 'robs') return grouped(x).sum({ dim: 1 });
      if (DECIMATED.includes(name)) return grouped(x).select(1, 0).contiguous();
      if (name === 'psth_inds') return grouped(x).select(1, 0).div(factor, { roundingMode: 'floor' });
      if (name === 'dfs') return grouped(x.to('float32')).amin({ dim: 1 });
      return grouped(x.to('float32')).mean({ dim: 1 });
    };
    const tensors = Object.fromEntries(Object.entries(recording.tensors).map(([name, x]) => [name, reduce(name, x)]));
    const trials = recording.tensors.trial_inds && grouped(recording.tensors.trial_inds);
    const isWhole = trials
      ?.amin({ dim: 1 })
      .eq(trials.amax({ dim: 1 }))
      .unsqueeze(1);
    return { recording: { ...recording, numFrames, tensors }, isWhole };
  });
}
