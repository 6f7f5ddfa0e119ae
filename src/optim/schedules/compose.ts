// Schedules made of schedules: one after the other, multiplied, shifted, scaled, bounded, repeated, or along given points.

import { checkFunction, checkNames, checkNumber, describe } from './options.ts';
import type { Schedule } from './scheduler.ts';

/** Plays `schedules[i]` from milestone i - 1 to milestone i, each counting from its own step 0.
 *  @param milestones - one less than there are schedules, none less than the one before.
 *  @throws {RangeError} for another number of milestones, or ones that fall.
 *  @example
 *  import { optim } from 'sconce';
 *  const { sequence, linear, cosine } = optim.schedules;
 *  const factor = sequence([linear({ startFactor: 0.1, totalIters: 10 }), cosine({ tMax: 90 })], [10]);
 *  factor(10); // 1 */
export function sequence(schedules: readonly Schedule[], milestones: readonly number[]): Schedule {
  checkSchedules('sequence()', schedules);
  if (!Array.isArray(milestones) || milestones.length !== schedules.length - 1)
    throw new RangeError(
      `Cannot make sequence(): expected ${schedules.length - 1} milestones between ${schedules.length} schedules, got ${describe(milestones)}`,
    );
  milestones.forEach((milestone, i) => {
    checkNumber('sequence()', `milestones[${i}]`, milestone, { min: milestones[i - 1] ?? 0 });
  });
  const starts = [0, ...milestones];
  return (step) => {
    const index = milestones.filter((milestone) => milestone <= step).length;
    return schedules[index]!(step - starts[index]!);
  };
}

/** The product of schedules, as `ChainedScheduler` makes it: factors times factors, or one value times factors.
 *  @throws {RangeError} for none. */
export function product(...schedules: readonly Schedule[]): Schedule {
  checkSchedules('product()', schedules);
  return (step) => schedules.reduce((value, schedule) => value * schedule(step), 1);
}

/** `factor` times the schedule. */
export function scale(schedule: Schedule, factor: number): Schedule {
  checkFunction('scale()', 'schedule', schedule);
  checkNumber('scale()', 'factor', factor);
  return (step) => schedule(step) * factor;
}

/** The schedule, `numSteps` later: until then its value of step 0. A negative number starts in its middle. */
export function shift(schedule: Schedule, numSteps: number): Schedule {
  checkFunction('shift()', 'schedule', schedule);
  checkNumber('shift()', 'numSteps', numSteps);
  return (step) => schedule(Math.max(0, step - numSteps));
}

/** The schedule with time stretched: `factor` 2 takes twice as many steps. The schedule is asked for fractions of steps.
 *  @throws {RangeError} for a factor that is not above 0. */
export function stretch(schedule: Schedule, factor: number): Schedule {
  checkFunction('stretch()', 'schedule', schedule);
  checkNumber('stretch()', 'factor', factor, { above: 0 });
  return (step) => schedule(step / factor);
}

/** The schedule within bounds. */
export function clamp(schedule: Schedule, bounds: { readonly min?: number; readonly max?: number }): Schedule {
  checkFunction('clamp()', 'schedule', schedule);
  checkNames('clamp()', bounds, ['min', 'max']);
  const { min = -Number.MAX_VALUE, max = Number.MAX_VALUE } = bounds;
  checkNumber('clamp()', 'min', min, { max });
  checkNumber('clamp()', 'max', max);
  return (step) => Math.min(max, Math.max(min, schedule(step)));
}

/** The schedule's first `period` steps, again and again.
 *  @throws {RangeError} for a period that is not above 0. */
export function repeat(schedule: Schedule, period: number): Schedule {
  checkFunction('repeat()', 'schedule', schedule);
  checkNumber('repeat()', 'period', period, { above: 0 });
  return (step) => schedule(step % period);
}

/** Straight lines through points; before the first and after the last one their values.
 *  @param points - [step, value], steps rising.
 *  @throws {RangeError} for no points, or steps that do not rise. */
export function piecewiseLinear(points: readonly (readonly [step: number, value: number])[]): Schedule {
  if (!Array.isArray(points) || points.length === 0)
    throw new RangeError(`Cannot make piecewiseLinear(): expected points, got ${describe(points)}`);
  const kept = points.map(([step, value], i): readonly [number, number] => {
    const before = points[i - 1]?.[0];
    checkNumber('piecewiseLinear()', `points[${i}][0]`, step, before === undefined ? {} : { above: before });
    checkNumber('piecewiseLinear()', `points[${i}][1]`, value);
    return [step, value];
  });
  return (step) => {
    const next = kept.findIndex(([at]) => at > step);
    if (next === 0) return kept[0]![1];
    if (next < 0) return kept.at(-1)![1];
    const [[start, from], [end, to]] = [kept[next - 1]!, kept[next]!];
    return from + ((to - from) * (step - start)) / (end - start);
  };
}

function checkSchedules(maker: string, schedules: readonly Schedule[]): void {
  if (!Array.isArray(schedules) || schedules.length === 0)
    throw new RangeError(`Cannot make ${maker}: expected a list of schedules, got ${describe(schedules)}`);
  schedules.forEach((schedule, i) => {
    checkFunction(maker, `schedules[${i}]`, schedule);
  });
}
