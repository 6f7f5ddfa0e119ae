// Where a run is, as losses with a curriculum are told it, and how that goes into their state.

import { CheckpointError } from '../../errors.ts';

/** What `updateEpoch` and `updateStep` last said. */
export interface RunPosition {
  /** From 0. */
  readonly epoch: number;
  /** Optimizer steps done. */
  readonly step: number;
  /** Of the whole run; 0 while nobody has said. */
  readonly totalSteps: number;
}

export const START: RunPosition = { epoch: 0, step: 0, totalSteps: 0 };

/** Refuses an epoch that is none. @throws {RangeError} */
export function atEpoch(loss: string, position: RunPosition, epoch: number): RunPosition {
  return { ...position, epoch: requireCount(loss, 'an epoch', epoch) };
}

/** The number of all steps stays what it was where nobody says it. @throws {RangeError} */
export function atStep(loss: string, position: RunPosition, step: number, totalSteps: number | undefined): RunPosition {
  const total = totalSteps === undefined ? position.totalSteps : requireCount(loss, 'a number of steps', totalSteps);
  return { ...position, step: requireCount(loss, 'a step', step), totalSteps: total };
}

function requireCount(loss: string, what: string, value: number): number {
  if (!Number.isSafeInteger(value) || value < 0)
    throw new RangeError(`Cannot tell ${loss} where the run is: expected ${what}, 0 or above, got ${String(value)}`);
  return value;
}

/** Numbers out of a state dict's '_extra_state'.
 *  @param wanted - an object with the names that there have to be.  @throws {CheckpointError} for a state of something else. */
export function numbersFrom<T extends Readonly<Record<keyof T, number>>>(loss: string, wanted: T, state: unknown): T {
  const names = Object.keys(wanted);
  const given = typeof state === 'object' && state !== null ? (state as Record<string, unknown>) : {};
  const isFit = names.every((name) => Number.isSafeInteger(given[name]));
  if (!isFit)
    throw new CheckpointError(`Cannot load the state of ${loss}: expected integers ${names.join(', ')}, got others`);
  return Object.fromEntries(names.map((name) => [name, given[name]])) as T;
}
