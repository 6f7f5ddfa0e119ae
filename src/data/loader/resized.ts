// An epoch that goes on in batches of another size, or among another number of processes: behind the samples that are done.
import { CheckpointError } from '../../errors.ts';
import type { Cursor } from './cursor.ts';

/** From where on an epoch is cut as its loader says: what lies before was cut otherwise. */
export interface Cut {
  /** Batches of the epoch before it. */
  readonly position: number;
  /** Places of the epoch's order before it, of all processes together: samples; with a batch sampler batches. */
  readonly done: number;
}

/** What of a loader's state tells how its epoch is cut. */
export interface CutState extends Cursor {
  readonly batchSize?: number;
  readonly numReplicas?: number;
  readonly cut?: Cut;
}

/** Places of the order that a step of all processes takes: samples, or with a batch sampler batches. */
export const perStep = ({ batchSize = 1, numReplicas = 1 }: CutState): number => batchSize * numReplicas;

/** How far a state has come in the order of its epoch, which has `length` places.
 *  @throws {CheckpointError} for a state that contradicts itself; `loader` says whose, for the message. */
export function doneOf(state: CutState, length: number, loader: string): number {
  const { position, cut = { position: 0, done: 0 } } = state;
  const isCount = (value: unknown): boolean => Number.isSafeInteger(value) && (value as number) >= 0;
  const step = perStep(state);
  const isFit =
    isCount(step) &&
    step > 0 &&
    isCount(cut?.position) &&
    isCount(cut.done) &&
    isCount(position) &&
    cut.position <= position;
  const done = isFit ? cut.done + (position - cut.position) * step : Number.NaN;
  // The last batch of an epoch may be smaller.
  if (isFit && done < length + step) return Math.min(done, length);
  const { batchSize, numReplicas } = state;
  throw new CheckpointError(
    `Cannot resume ${loader}: expected a place in the ${length} of its epoch, got ${JSON.stringify({ position, batchSize, numReplicas, cut })}`,
  );
}
