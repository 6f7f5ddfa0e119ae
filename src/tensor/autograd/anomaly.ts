// Anomaly detection: errors and NaN in backward are told with the line that recorded the function in which they arise.

import { fileURLToPath } from 'node:url';
import { getNative } from '../call.ts';
import { refuseLater } from '../synchronous.ts';

/** Frames that a report shows. */
const MAX_FRAMES = 10;

/** Runs `body`, in which forward and backward are to be. Each operator that is recorded notes its JavaScript stack; when its backward fails, or with
 *  `checkNan` gives NaN, the error shows where its forward was called, and for a second order also where that of its parent was. Slow: for the search of an
 *  error. The checks hold for every thread of the process meanwhile. Synchronous. Source: torch.autograd.detect_anomaly.
 *  @param options.checkNan - make NaN in a gradient an error. Default true. */
export function detectAnomaly<T>(body: () => T, options: { checkNan?: boolean } = {}): T {
  const native = getNative();
  const depth = native.beginAnomalyDetection(options.checkNan ?? true, readStack);
  try {
    const result = body();
    refuseLater(result, 'leave detectAnomaly', 'outside of it');
    return result;
  } finally {
    native.leave(depth);
  }
}

const ownUrl = new URL('../../', import.meta.url).href;
const ownPath = fileURLToPath(ownUrl);

/** The stack of the call that is being recorded, from the user's frame on: those of this library before it say nothing. */
function readStack(): string {
  const holder: { stack?: string } = {};
  const limit = Error.stackTraceLimit;
  Error.stackTraceLimit = 50;
  Error.captureStackTrace(holder, readStack);
  Error.stackTraceLimit = limit;
  const frames = (holder.stack ?? '').split('\n').slice(1);
  const first = frames.findIndex((frame) => !frame.includes(ownUrl) && !frame.includes(ownPath));
  return frames.slice(Math.max(first, 0)).slice(0, MAX_FRAMES).join('\n');
}
