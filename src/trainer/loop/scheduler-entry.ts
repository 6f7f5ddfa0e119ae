// Schedules in a trainer: which optimizer each belongs to, when it moves, and by which metric.

import type { AnyOptimizer } from '../../optim/optimizer.ts';
import { ChainedScheduler } from '../../optim/schedules/chained.ts';
import { ReduceLROnPlateau } from '../../optim/schedules/plateau.ts';
import { LRScheduler } from '../../optim/schedules/scheduler.ts';
import { SequentialLR } from '../../optim/schedules/sequential.ts';
import type { StatefulScheduler } from '../checkpoint/run-state.ts';
import { describeValue, unknownKeys } from '../config/problems.ts';
import { findMetric, requireMetric } from './find-metric.ts';

const INTERVALS = ['step', 'epoch', 'metric'] as const;

/** A schedule with the moment at which it moves. */
export interface SchedulerEntry {
  readonly scheduler: StatefulScheduler;
  /** After an update, after an epoch, or after an epoch that has measured `monitor`, with its value. Default: 'metric' where there is a monitor, else 'step'. */
  readonly interval?: (typeof INTERVALS)[number];
  /** Interval 'metric': the key of the metric, in any spelling that `checkpoint.monitorMetric` takes. */
  readonly monitor?: string;
  /** Interval 'step': the optimizer whose updates move it. Default: its own, or else the first. */
  readonly optimizerIndex?: number;
}

/** The entry with its defaults. */
export interface PlacedScheduler {
  readonly scheduler: StatefulScheduler;
  readonly interval: (typeof INTERVALS)[number];
  readonly monitor: string | undefined;
  readonly optimizerIndex: number;
}

/** A schedule that says which optimizer it moves belongs to that one. */
export function placeScheduler(entry: SchedulerEntry, optimizers: readonly AnyOptimizer[]): PlacedScheduler {
  const own = optimizers.indexOf(entry.scheduler.optimizer as AnyOptimizer);
  const interval = entry.monitor === undefined ? 'step' : 'metric';
  return { interval, optimizerIndex: Math.max(0, own), monitor: undefined, ...entry };
}

/** What is wrong with an entry, each under its path. */
export function schedulerProblems(entry: PlacedScheduler, i: number, optimizers: readonly AnyOptimizer[]): string[] {
  const { interval, optimizerIndex, scheduler, monitor } = entry;
  const problems = unknownKeys(entry, ['scheduler', 'interval', 'monitor', 'optimizerIndex']);
  if (!INTERVALS.includes(interval))
    problems.push(`interval: expected one of ${INTERVALS.join(', ')}, got ${describeValue(interval)}`);
  else problems.push(...metricProblems(entry));
  if (monitor !== undefined && typeof monitor !== 'string')
    problems.push(`monitor: expected the key of a metric, got ${describeValue(monitor)}`);
  const moved = optimizers[optimizerIndex];
  const isOther = moved !== undefined && scheduler.optimizer !== undefined && scheduler.optimizer !== moved;
  if (moved === undefined || isOther) {
    const wanted = isOther
      ? 'the place of the optimizer that it moves'
      : `optimizers from 0 to ${optimizers.length - 1}`;
    problems.push(`optimizerIndex: expected ${wanted}, got ${describeValue(optimizerIndex)}`);
  }
  return problems.map((problem) => `schedulers.${i}.${problem}`);
}

/** Whether the schedule and its moment go together: one that counts steps would take a metric for an epoch. */
function metricProblems({ scheduler, interval, monitor }: PlacedScheduler): string[] {
  const counts = [LRScheduler, SequentialLR, ChainedScheduler].some((kind) => scheduler instanceof kind);
  const name = scheduler.constructor.name;
  if (interval === 'metric' && counts) return [`interval: expected step or epoch for ${name}, got "metric"`];
  if (interval !== 'metric' && scheduler instanceof ReduceLROnPlateau)
    return [`interval: expected "metric" with a monitor for ${name}, got ${describeValue(interval)}`];
  if (interval === 'metric' && monitor === undefined)
    return ['monitor: expected the key of a metric with interval "metric", got none'];
  if (interval !== 'metric' && monitor !== undefined)
    return [`monitor: expected interval "metric" with it, got ${describeValue(interval)}`];
  return [];
}

/** Moves the schedules of interval 'metric' whose metric was measured.
 *  @param names - everything that is ever measured, where that is known by now.
 *  @throws {ConfigError} for a monitor that is not among them, listing them. */
export function stepByMetric(
  schedulers: readonly PlacedScheduler[],
  values: Readonly<Record<string, number>>,
  names: readonly string[] | undefined,
): void {
  for (const [i, { scheduler, interval, monitor }] of schedulers.entries()) {
    if (interval !== 'metric') continue;
    const value = findMetric(values, monitor!);
    if (value !== undefined) scheduler.step(value as never);
    else requireMetric(names, monitor!, `schedulers.${i}.monitor`, 'move a schedule');
  }
}
