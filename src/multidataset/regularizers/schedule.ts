// When a regulariser acts, and how strongly: a pure function of the epoch.

import { describeUnknown, describeValue } from '../../trainer/config/problems.ts';

/** The `schedule` of a regulariser, in the spelling of a model's YAML. */
export interface RegularizerSchedule {
  readonly kind: 'constant' | 'warmup' | 'linear_ramp' | 'linear_decay';
  /** The first epoch, from 0. Default 0. */
  readonly start_epoch?: number;
  /** Where a warm-up ends (it acts in this epoch still; without one it never ends), or a line has reached `lambda`. Default of a line: `start_epoch`. */
  readonly end_epoch?: number;
  /** Where a `linear_decay` begins. Default: `lambda`. */
  readonly start_lambda?: number;
}

/** The keys that each kind reads. */
const KEYS: Readonly<Record<RegularizerSchedule['kind'], readonly string[]>> = {
  constant: ['kind'],
  warmup: ['kind', 'start_epoch', 'end_epoch'],
  linear_ramp: ['kind', 'start_epoch', 'end_epoch'],
  linear_decay: ['kind', 'start_epoch', 'end_epoch', 'start_lambda'],
};

const isEpoch = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;

/** What is wrong with a schedule, one line a problem.
 *  @param isStrength - what `lambda` may be, and so `start_lambda`, in words and as a test. */
export function scheduleProblems(
  schedule: unknown,
  isStrength: readonly [wanted: string, isFit: (value: unknown) => boolean],
): string[] {
  if (typeof schedule !== 'object' || schedule === null || Array.isArray(schedule))
    return [`schedule: expected { kind, … }, got ${describeValue(schedule)}`];
  const { kind, start_epoch: start, end_epoch: end, start_lambda: from } = schedule as Partial<RegularizerSchedule>;
  if (typeof kind !== 'string' || !Object.hasOwn(KEYS, kind))
    return [`schedule.kind: expected one of ${Object.keys(KEYS).join(', ')}, got ${describeValue(kind)}`];
  const problems = Object.keys(schedule)
    .filter((key) => !KEYS[kind].includes(key))
    .map((key) => `schedule.${key}: ${describeUnknown(key, KEYS[kind])} (kind "${kind}")`);
  for (const [key, value] of Object.entries({ start_epoch: start, end_epoch: end }))
    if (value !== undefined && !isEpoch(value))
      problems.push(`schedule.${key}: expected an integer from 0 on, got ${describeValue(value)}`);
  if (isEpoch(end) && end < (start ?? 0))
    problems.push(`schedule.end_epoch: expected at least start_epoch, ${start ?? 0}, got ${end}`);
  if (from !== undefined && !isStrength[1](from))
    problems.push(`schedule.start_lambda: expected ${isStrength[0]}, got ${describeValue(from)}`);
  return problems;
}

/** The strength of a regulariser in an epoch e, of `lambda` λ, from start S to end E; undefined where it does not act:
 *  - constant: λ.
 *  - warmup: λ for S <= e <= E.
 *  - linear_ramp: λ (e - S) / (E - S) for S < e < E, and λ from E on. With E = S: λ from S on.
 *  - linear_decay: from S on, from `start_lambda` in a straight line to λ at E, and λ from there on.
 *
 *  Source: VisionCore, training regularizers; there a ramp is off behind its end. */
export function strengthAt(schedule: RegularizerSchedule, lambda: number, epoch: number): number | undefined {
  if (!isEpoch(epoch))
    throw new RangeError(`Cannot schedule a regularizer: expected an epoch from 0 on, got ${describeValue(epoch)}`);
  const { kind, start_epoch: start = 0, end_epoch: end, start_lambda: from = lambda } = schedule;
  if (kind === 'constant') return lambda;
  if (epoch < start) return undefined;
  if (kind === 'warmup') return end === undefined || epoch <= end ? lambda : undefined;
  const last = end ?? start;
  if (epoch >= last) return lambda;
  const share = (epoch - start) / (last - start);
  if (kind === 'linear_decay') return from + share * (lambda - from);
  return epoch === start ? undefined : lambda * share; // a bound of 0 would take everything
}
