// Runs something that stop signals may end, and puts the SLURM job of a program of the user's own back into the queue then.

import { InterruptedError } from '../../errors.ts';
import { requeueJob } from './slurm.ts';
import type { StopWatch } from './stop-watch.ts';

/** Runs a body with stop signals watched.
 *  @param requeues - whether the SLURM job of this process is requeued here; what became of it is in the error.
 *  @throws {InterruptedError} also for a signal that came when nobody looked any more. */
export async function watched<T>(stop: StopWatch, requeues: boolean, body: () => Promise<T>): Promise<T> {
  stop.open();
  try {
    const result = await body();
    if (stop.signal !== undefined) throw new InterruptedError(stop.signal, undefined);
    return result;
  } catch (error) {
    const requeued = requeues && error instanceof InterruptedError ? await requeueJob(error.signal) : undefined;
    if (requeued === undefined) throw error;
    const { signal, checkpoint } = error as InterruptedError;
    throw new InterruptedError(signal, checkpoint, requeued);
  } finally {
    stop.close();
  }
}
