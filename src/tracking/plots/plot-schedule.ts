// Draws what a schedule will do: pure schedules by name, or the schedule of an optimizer with a line for each parameter group.

import type { Schedule, Scheduler } from '../../optim/index.ts';
import { traceScheduler } from '../../optim/index.ts';
import { figure } from './figure.ts';
import type { ScheduleSeries } from './panels/schedule.ts';

export interface SchedulePlotOptions {
  /** Steps from the present one on; 0 and this one are both drawn. */
  readonly numSteps: number;
  /** Default: the name of the schedule's class, or of the only schedule; else `schedules`. */
  readonly title?: string;
  /** Default `learning rate`. */
  readonly yLabel?: string;
  /** What `ReduceLROnPlateau` is given at each step. */
  readonly metric?: (step: number) => number;
}

type SteppedScheduler = Scheduler & { step(...metric: never[]): void };

/** Draws a schedule over steps as standalone SVG text. The schedule of an optimizer is played and put back: nothing changes.
 *  @param schedules - one pure schedule, several by name, or a schedule of an optimizer; groups with the same rates are drawn as one.
 *  @throws {RangeError} for a number of steps that is not an integer above 0.
 *  @throws {TypeError} for what is no schedule; for a metric that it does not take.
 *  @example
 *  import { optim } from 'sconce';
 *  import { plotSchedule } from 'sconce/tracking';
 *  const { warmupStableDecay } = optim.schedules;
 *  const svg = await plotSchedule(warmupStableDecay({ warmupSteps: 10, stableSteps: 70, decaySteps: 20 }), { numSteps: 100, title: 'WSD' });
 *  svg.startsWith('<svg'); // true */
export async function plotSchedule(
  schedules: Schedule | Readonly<Record<string, Schedule>> | SteppedScheduler,
  options: SchedulePlotOptions,
): Promise<string> {
  const { numSteps, title, yLabel, metric, ...others } = options;
  const [unknown] = Object.keys(others);
  if (unknown !== undefined)
    throw new TypeError(
      `Cannot draw a schedule: expected options of { numSteps, title, yLabel, metric }, got "${unknown}"`,
    );
  if (!Number.isInteger(numSteps) || numSteps < 1)
    throw new RangeError(`Cannot draw a schedule: expected numSteps to be an integer above 0, got ${String(numSteps)}`);
  const [name, lines] = isScheduler(schedules)
    ? [schedules.constructor.name, linesOf(schedules, numSteps, metric)]
    : sample(schedules, numSteps, metric);
  const steps = Array.from({ length: numSteps + 1 }, (_, step) => step);
  const series = lines.map(([label, values]): ScheduleSeries => ({ label, x: steps, y: values }));
  const panel = { kind: 'schedule' as const, ...(yLabel === undefined ? {} : { yLabel }), series };
  return figure({ title: title ?? name, panels: [panel] }).toSvg();
}

type Line = readonly [label: string, values: readonly number[]];

function isScheduler(schedules: unknown): schedules is SteppedScheduler {
  return (
    typeof schedules === 'object' && schedules !== null && typeof Reflect.get(schedules, 'getLastLr') === 'function'
  );
}

function linesOf(
  scheduler: SteppedScheduler,
  numSteps: number,
  metric: ((step: number) => number) | undefined,
): Line[] {
  const merged = new Map<string, { groups: number[]; values: number[] }>();
  for (const [group, values] of traceScheduler(scheduler, numSteps, metric).entries()) {
    const same = merged.get(String(values));
    if (same) same.groups.push(group);
    else merged.set(String(values), { groups: [group], values });
  }
  return Array.from(merged.values(), ({ groups, values }) => [`group ${groups.join(', ')}`, values]);
}

function sample(
  schedules: Schedule | Readonly<Record<string, Schedule>>,
  numSteps: number,
  metric: unknown,
): [name: string, lines: Line[]] {
  if (metric !== undefined)
    throw new TypeError('Cannot draw a schedule: expected no metric, got one; it is for ReduceLROnPlateau');
  const named: [string, unknown][] =
    typeof schedules === 'function' ? [[schedules.name || 'schedule', schedules]] : Object.entries(schedules ?? {});
  if (named.length === 0) throw new TypeError('Cannot draw a schedule: expected schedules, got none');
  const lines = named.map(([label, schedule]): Line => {
    if (typeof schedule !== 'function')
      throw new TypeError(
        `Cannot draw a schedule: expected "${label}" to be a function of the step, got ${typeof schedule}`,
      );
    return [label, Array.from({ length: numSteps + 1 }, (_, step) => schedule(step) as number)];
  });
  return [named.length === 1 ? named[0]![0] : 'schedules', lines];
}
