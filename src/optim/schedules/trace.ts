// What a schedule of an optimizer will do, found by playing it and putting everything back.

import { checkNumber } from './options.ts';
import { ReduceLROnPlateau } from './plateau.ts';
import type { ScheduledOptimizer, Scheduler } from './scheduler.ts';

/** Plays a schedule for `numSteps` steps from where it is, and puts it and its optimizer's groups back: for pictures and checks, whatever the schedule is made
 *  of. A class of your own comes back as far as its state goes.
 *  @param metric - what `ReduceLROnPlateau` is given at each step.
 *  @returns for each group, `numSteps` + 1 learning rates: the present one first.
 *  @throws {RangeError} for a number of steps that is not an integer from 0 on.
 *  @throws {TypeError} for a metric that the schedule does not take, or none for one that does. */
export function traceScheduler(
  scheduler: Scheduler & { step(...metric: never[]): void },
  numSteps: number,
  metric?: (step: number) => number,
): number[][] {
  checkNumber('a trace', 'numSteps', numSteps, { min: 0, isInteger: true });
  if (metric !== undefined && 'initialStep' in scheduler)
    throw new TypeError(
      `Cannot trace ${scheduler.constructor.name}: expected no metric, got one; the schedule counts steps`,
    );
  if (metric === undefined && scheduler instanceof ReduceLROnPlateau)
    throw new TypeError('Cannot trace ReduceLROnPlateau: expected a metric, got none');
  const { optimizer } = scheduler;
  const state = scheduler.stateDict();
  const restore = snapshot(optimizer);
  const rates = optimizer.paramGroups.map(({ lr }) => [lr]);
  try {
    for (let step = 0; step < numSteps; step++) {
      scheduler.step(...((metric ? [metric(step)] : []) as never[]));
      for (const [i, { lr }] of optimizer.paramGroups.entries()) rates[i]!.push(lr);
    }
  } finally {
    restore();
    scheduler.loadStateDict(state);
  }
  return rates;
}

function snapshot({ paramGroups }: ScheduledOptimizer): () => void {
  const before = paramGroups.map((group) => ({ ...group }));
  return () => {
    for (const [i, group] of paramGroups.entries()) {
      for (const name of Object.keys(group)) if (!Object.hasOwn(before[i]!, name)) Reflect.deleteProperty(group, name);
      Object.assign(group, before[i]);
    }
  };
}
