// `schedulerFromConfig`: the schedule of an optimizer's learning rate as a configuration describes it, with a warm-up in front where one is asked for.

import { ConfigError } from '../../errors.ts';
import type { AnyOptimizer } from '../../optim/optimizer.ts';
import { LinearLR } from '../../optim/schedules/linear.ts';
import type { ScheduledOptimizer, Scheduler } from '../../optim/schedules/scheduler.ts';
import { SequentialLR } from '../../optim/schedules/sequential.ts';
import type { StatefulScheduler } from '../checkpoint/run-state.ts';
import type { SchedulerEntry } from '../loop/scheduler-entry.ts';
import { problemIn } from './option-names.ts';
import { type ReadScheduler, readScheduler, type SchedulerConfig } from './scheduler-config.ts';

/** How long the run is, as far as that is known: what schedules with an end end at. */
export interface RunLength {
  /** Updates of the optimizer over the whole run. */
  readonly totalSteps?: number;
  readonly totalEpochs?: number;
}

/** Makes the schedule that a section of a configuration describes: an entry for `schedulers` of a trainer, with its interval; two where a schedule by a metric has a warm-up.
 *  Warm-up: update k of `warmupSteps` has (k + 1) / (warmupSteps + 1) of the rate, or a straight line from `warmupStartFactor`; the schedule's own steps count from its end, as by SequentialLR.
 *  Making a schedule sets the learning rates of step 0: when a run is resumed, make it before the state is loaded.
 *  @param path - of the section, for messages.
 *  @throws {ConfigError} that lists what is wrong: types, names, values, and an end that nothing says.
 *  Source: model-training-framework's SchedulerConfig, whose types and keys it takes; classes are torch.optim.lr_scheduler's.
 *  @example
 *  import { nn, optim } from 'sconce';
 *  import { schedulerFromConfig } from 'sconce/trainer';
 *  const optimizer = new optim.SGD(new nn.Linear(2, 1).parameters(), { lr: 0.1 });
 *  const [entry] = schedulerFromConfig({ type: 'cosine', warmup_steps: 3, min_lr: 0.01 }, optimizer, { totalSteps: 100 });
 *  const rates = Array.from({ length: 5 }, () => {
 *    const [lr] = optimizer.paramGroups.map((group) => group.lr.toFixed(4));
 *    entry!.scheduler.step();
 *    return lr;
 *  });
 *  [entry!.interval, rates]; // ['step', ['0.0250', '0.0500', '0.0750', '0.1000', '0.1000']] */
export function schedulerFromConfig(
  config: SchedulerConfig,
  optimizer: AnyOptimizer,
  length: RunLength = {},
  path = 'scheduler',
): SchedulerEntry[] {
  const { scheduler: read, problems } = readScheduler(config, path);
  if (read === undefined) throw new ConfigError('make a schedule', problems);
  const missing = lengthProblems(read, length, path);
  if (missing.length > 0) throw new ConfigError('make a schedule', missing);
  try {
    return build(read, optimizer, length);
  } catch (error) {
    throw new ConfigError('make a schedule', [`${path}: ${problemIn(error)}`], { cause: error });
  }
}

/** Checks a schedule's section without an optimizer. Whether it fits the optimizer (a momentum that cycles needs one) is known when it is made.
 *  @param path - of the section, for problems.  @returns one line a problem. */
export function schedulerConfigProblems(config: unknown, path = 'scheduler'): readonly string[] {
  const { scheduler, problems } = readScheduler(config, path);
  if (scheduler === undefined) return problems;
  try {
    const stand = { paramGroups: [{ params: [], lr: 0.1, betas: [0.9, 0.999] }] };
    const enough = (scheduler.warmup ?? 0) + 1_000_000_000;
    build(scheduler, stand as unknown as ScheduledOptimizer, { totalSteps: enough, totalEpochs: enough });
    return [];
  } catch (error) {
    return [`${path}: ${problemIn(error)}`];
  }
}

function totalOf({ interval, total }: ReadScheduler, { totalSteps, totalEpochs }: RunLength): number | undefined {
  return total ?? (interval === 'epoch' ? totalEpochs : totalSteps);
}

/** The option that the run's length has to fill in, if there is one. */
function openLength({ type: { length, name }, options }: ReadScheduler): string | undefined {
  const isSaid = name === 'warmup_stable_decay' && options.stableSteps !== undefined;
  return length === undefined || isSaid || options[length] !== undefined ? undefined : length;
}

function lengthProblems(read: ReadScheduler, length: RunLength, path: string): string[] {
  const { type, warmup = 0, interval } = read;
  const unit = interval === 'epoch' ? 'Epochs' : 'Steps';
  if (openLength(read) === undefined) return [];
  const total = totalOf(read, length);
  if (total === undefined)
    return [
      `${path}.max${unit}: expected the number at which "${type.name}" ends, got none; a run of known length gives it`,
    ];
  if (total > warmup) return [];
  return [`${path}.warmup${unit}: expected fewer than the run has, ${total}, got ${warmup}`];
}

function build(read: ReadScheduler, optimizer: ScheduledOptimizer, length: RunLength): SchedulerEntry[] {
  const { type, interval, monitor, warmup, warmupStartFactor, warmupInterval } = read;
  const open = openLength(read);
  const steps = open === undefined ? {} : { [open]: totalOf(read, length)! - (warmup ?? 0) };
  const options = { ...steps, ...read.options };
  const entry = (scheduler: Scheduler, at: ReadScheduler['interval']): SchedulerEntry => ({
    scheduler: scheduler as Scheduler & StatefulScheduler, // all of them can be stepped
    interval: at,
  });
  if (warmup === undefined || warmup === 0) {
    const scheduler = type.make(optimizer, options);
    return [monitor === undefined ? entry(scheduler, interval) : { ...entry(scheduler, interval), monitor }];
  }
  const startFactor = warmupStartFactor ?? 1 / (warmup + 1);
  const first = new LinearLR(optimizer, { startFactor, totalIters: warmup });
  const main = type.make(optimizer, options);
  // Both multiply what the groups have: they can go together.
  if (monitor !== undefined) return [entry(first, warmupInterval), { ...entry(main, interval), monitor }];
  return [entry(new SequentialLR(optimizer, { schedulers: [first, main], milestones: [warmup] }), interval)];
}
