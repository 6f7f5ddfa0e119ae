// What the readers of other systems' checkpoints share: an empty checkpoint of ours, and the values that theirs have in common.

import { CheckpointError } from '../../../errors.ts';
import { PyFloat } from '../../../serial/values.ts';
import { startClocks } from '../../loop/clocks.ts';
import { CHECKPOINT_KEYS, FORMAT, VERSION } from '../format.ts';
import { isDict, type StoredDict } from '../stored.ts';

/** A checkpoint with what is given, and nothing else. */
export function checkpointOf(parts: StoredDict, system: string): Record<string, unknown> {
  return {
    ...Object.fromEntries(CHECKPOINT_KEYS.map((key) => [key, null])),
    format: FORMAT,
    version: VERSION,
    callbacks: {},
    metrics: {},
    extra: {},
    hyper_parameters: {},
    environment: { system },
    ...parts,
  };
}

export interface Position {
  readonly step: number;
  /** Epochs completed. */
  readonly epoch: number;
  readonly numOptimizers: number;
}

/** Clocks between two epochs. Samples and micro-steps are not known: a micro-step an update is assumed. */
export function clocksOf({ step, epoch, numOptimizers }: Position): StoredDict {
  return {
    ...startClocks(),
    step,
    microStep: step,
    epoch,
    validatedAt: step,
    pending: new Array<number>(numOptimizers).fill(0),
  };
}

/** A count under a key of somebody else's file.
 *  @throws {CheckpointError} naming the key. */
export function countUnder(value: StoredDict, key: string, { path, system }: { path: string; system: string }): number {
  const count = value[key];
  if (typeof count === 'number' && Number.isSafeInteger(count) && count >= 0) return count;
  throw new CheckpointError(
    `Cannot read "${path}", a checkpoint of ${system}: expected a count under "${key}", got ${count === null ? 'None' : typeof count}`,
    { path },
  );
}

/** Values of epochs as the history keeps them: `train_loss` is `train/loss` here, and what is no number is left out. */
export function historyOf(records: readonly StoredDict[]): unknown[] {
  return records.map((record, epoch) => {
    const isNumber = (value: unknown): boolean => typeof value === 'number' || value instanceof PyFloat;
    const numbers = Object.entries(record).filter(([key, value]) => key !== 'epoch' && isNumber(value));
    return {
      epoch,
      values: Object.fromEntries(numbers.map(([key, value]) => [key.replace(/^(train|val)_/, '$1/'), value])),
    };
  });
}

/** The most updates that a parameter of these optimizers has seen, where their algorithm counts them. */
export function stepsIn(optimizers: readonly unknown[]): number | undefined {
  const steps = optimizers.flatMap((optimizer) => {
    const state = isDict(optimizer) ? optimizer.state : undefined;
    if (!(state instanceof Map)) return [];
    return [...state.values()].map((entry) => Number(numberIn(isDict(entry) ? entry.step : undefined)));
  });
  const known = steps.filter((step) => Number.isSafeInteger(step));
  return known.length > 0 ? Math.max(...known) : undefined;
}

/** A number, or a tensor of one. */
function numberIn(value: unknown): number {
  if (typeof value === 'number') return value;
  const isTensor = typeof value === 'object' && value !== null && 'item' in value && typeof value.item === 'function';
  return isTensor ? Number((value as { item(): unknown }).item()) : Number.NaN;
}

/** A list, one value as a list of one, and nothing as none. */
export function listOf(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value;
  return value === null || value === undefined ? [] : [value];
}
