// States of streams: checks one that was read from a checkpoint before anything is opened by it.
import { CheckpointError } from '../../../errors.ts';
import type { StreamState } from '../../datasets/iterable.ts';

/**
 * A state with the members of `start`, which is what a stream without one begins from. Numbers must be integers from 0 on.
 * @throws {CheckpointError} naming what is not so.
 */
export function checkStreamState<T extends Readonly<Record<string, number | string>>>(
  state: StreamState | undefined,
  start: T,
  dataset: string,
): T {
  if (state === undefined) return start;
  if (typeof state !== 'object' || state === null || Array.isArray(state))
    throw mismatch(dataset, 'the state of a stream', JSON.stringify(state));
  for (const [name, example] of Object.entries(start)) {
    const value: unknown = Reflect.get(state, name);
    const isFit =
      typeof example === 'string' ? typeof value === 'string' : Number.isSafeInteger(value) && (value as number) >= 0;
    if (!isFit)
      throw mismatch(
        dataset,
        `${typeof example === 'string' ? 'a text' : 'an integer from 0 on'} as ${name} in the state`,
        JSON.stringify(value),
      );
  }
  return state as unknown as T; // the loop has looked at every member
}

/** The error for a state that does not belong to a dataset. */
export function mismatch(dataset: string, wanted: string, got: string | undefined): CheckpointError {
  return new CheckpointError(
    `Cannot resume ${dataset}: expected ${wanted}, got ${got ?? 'none'}; open what was open when the state was saved, or start afresh`,
  );
}
