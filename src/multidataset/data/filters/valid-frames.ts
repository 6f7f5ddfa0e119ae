// Frames that lie far enough inside a trial.

import { full, scope, type Tensor, tensor } from '../../../tensor/index.ts';
import type { FilteredRecording } from './datafilter.ts';

/** Frames of which `numLags` in a row, ending with them, are no first frame of a trial and have valid eye tracking (where `dpi_valid` was recorded).
 *  @param numLags - undefined lets all frames through.
 *  @returns [frames, 1], bool. */
export function validFrames(recording: FilteredRecording, numLags: number | undefined): Tensor {
  const { numFrames } = recording;
  if (numLags === undefined) return full([numFrames, 1], true, { dtype: 'bool' });
  const trials = trialNumbers(recording.need('trial_inds', 'the datafilter valid_nlags'));
  const tracked = recording.tensors.dpi_valid && scope(() => recording.tensors.dpi_valid!.gt(0).toTypedArray());
  const valid = new Uint8Array(numFrames);
  let run = 0;
  for (let frame = 0; frame < numFrames; frame++) {
    const isInside =
      frame > 0 && trials[frame] === trials[frame - 1] && (tracked === undefined || tracked[frame] !== 0);
    run = isInside ? run + 1 : 0;
    valid[frame] = run >= Math.max(1, numLags) ? 1 : 0;
  }
  return tensor(valid).to('bool').unsqueeze(1); // [frames] -> [frames, 1]
}

/** The trial of each frame. */
export function trialNumbers(trials: Tensor): Float64Array {
  return scope(() => trials.to('float64').toTypedArray() as Float64Array);
}
