// A schedule in a configuration: its type by name, its options, when it moves, and a warm-up in front of it.

import { describeUnknown, describeValue } from '../config/problems.ts';
import type { OptionValue } from './optimizer-config.ts';
import { isPlain, plainName, readEntries } from './option-names.ts';
import { SCHEDULE_TYPES, type ScheduleType } from './schedule-types.ts';

const INTERVALS = ['step', 'epoch', 'metric'] as const;
type Interval = (typeof INTERVALS)[number];

/** What `schedulerFromConfig` reads. Keys may be spelt as here or as PyTorch spells them (`T_max`, `eta_min`, `step_size`).
 *  Beside the fields below it has the options of its type, under the names of its class in `sconce.optim` or of PyTorch; `minLr` does for `etaMin`. */
export interface SchedulerConfig {
  /** constant, step, multistep, exponential, cosine, cosine_annealing_warm_restarts, linear (down to 0), polynomial, reduce_on_plateau, cyclic, one_cycle, linear_warmup, warmup_cosine,
   *  linear_warmup_cosine, warmup_stable_decay, inverse_sqrt, linear_lr or constant_lr (PyTorch's LinearLR and ConstantLR); PyTorch's class names do as well. */
  readonly type: string;
  /** When it moves: after each update, after each epoch, or when `monitor` was measured. Default 'step', and 'metric' for reduce_on_plateau. */
  readonly interval?: Interval;
  /** reduce_on_plateau: the key of the metric, as in val/loss. */
  readonly monitor?: string;
  /** Updates of a warm-up in front, with interval 'step' or 'metric'. */
  readonly warmupSteps?: number;
  /** Epochs of a warm-up in front, with interval 'epoch' or 'metric'. */
  readonly warmupEpochs?: number;
  /** Where the warm-up starts, a share of the rate above 0 and at most 1. Default 1 / (warmupSteps + 1). */
  readonly warmupStartFactor?: number;
  /** The update at which a schedule with an end ends, its warm-up included. Default: the run's last. */
  readonly maxSteps?: number;
  /** The same with interval 'epoch'. */
  readonly maxEpochs?: number;
  /** More options of the type; the same as to write them beside `type`. */
  readonly customParams?: Readonly<Record<string, OptionValue>>;
  readonly [option: string]: unknown;
}

/** A schedule's section as it was read. */
export interface ReadScheduler {
  readonly type: ScheduleType;
  readonly options: Readonly<Record<string, unknown>>;
  readonly interval: Interval;
  readonly monitor: string | undefined;
  readonly warmup: number | undefined;
  /** What a warm-up counts, where the schedule goes by a metric. */
  readonly warmupInterval: 'step' | 'epoch';
  readonly warmupStartFactor: number | undefined;
  /** Where it ends, if the section says so. */
  readonly total: number | undefined;
}

/** What a section says, or what is wrong with it. */
export interface SchedulerReading {
  /** Undefined where there are problems. */
  readonly scheduler: ReadScheduler | undefined;
  /** One line for each, under its path. */
  readonly problems: readonly string[];
}

const OWN = [
  ...['type', 'interval', 'monitor', 'warmupSteps', 'warmupEpochs', 'warmupStartFactor', 'maxSteps', 'maxEpochs'],
  'customParams',
];

/** A section while it is read. */
class Section {
  readonly problems: string[] = [];
  readonly entries: Map<string, unknown>;
  readonly #path: string;
  readonly #written: ReadonlyMap<string, string>;

  constructor(config: object, path: string) {
    this.#path = path;
    const { entries, written } = readEntries(config, path, this.problems);
    this.entries = entries;
    this.#written = written;
  }

  refuse(name: string, expected: string, ending = ''): void {
    const place = this.#written.get(name) ?? `${this.#path}.${name}`;
    this.problems.push(`${place}: expected ${expected}, got ${describeValue(this.entries.get(name))}${ending}`);
  }

  refuseUnknown(name: string, known: readonly string[]): void {
    this.problems.push(`${this.#written.get(name)}: ${describeUnknown(name, known)}`);
  }

  /** A whole number of at least `min`, if it is there and fine. */
  count(name: string, min: number): number | undefined {
    const value = this.entries.get(name);
    if (value === undefined || value === null) return undefined;
    if (Number.isSafeInteger(value) && (value as number) >= min) return value as number;
    this.refuse(name, min === 0 ? 'an integer from 0 on' : 'an integer above 0');
    return undefined;
  }
}

/** Checks a schedule's section but for the values of the type's own options, which its class checks. */
export function readScheduler(config: unknown, path: string): SchedulerReading {
  if (!isPlain(config))
    return { scheduler: undefined, problems: [`${path}: expected an object, got ${describeValue(config)}`] };
  const section = new Section(config, path);
  const type = typeOf(section.entries.get('type'));
  if (type === undefined) {
    section.refuse('type', `one of ${Object.keys(SCHEDULE_TYPES).join(', ')}`);
    return { scheduler: undefined, problems: section.problems };
  }
  const options = readOptions(section, type);
  const interval = readInterval(section, type);
  const monitor = readMonitor(section, type);
  const scheduler = { type, options, interval, monitor, ...readCounts(section, type, interval) };
  return { scheduler: section.problems.length > 0 ? undefined : scheduler, problems: section.problems };
}

function typeOf(name: unknown): ScheduleType | undefined {
  if (typeof name !== 'string') return undefined;
  const isIt = ({ name: own, className }: ScheduleType): boolean =>
    [own, className ?? own].some((each) => plainName(each) === plainName(name));
  return Object.values(SCHEDULE_TYPES).find(isIt);
}

function readOptions(section: Section, type: ScheduleType): Record<string, unknown> {
  const options: Record<string, unknown> = {};
  for (const [name, value] of section.entries) {
    const option = type.aliases?.[name] ?? name;
    if (type.options.includes(option)) {
      if (option !== name && section.entries.has(option))
        section.refuse(name, `none beside ${option}, which is the same`);
      else if (value !== null) options[option] = value;
    } else if (!OWN.includes(name)) {
      section.refuseUnknown(name, [...type.options, ...OWN]);
    }
  }
  if (type.name === 'multistep') checkMilestones(section, options.milestones);
  return options;
}

/** A milestone that is there twice, or out of order, is a slip: the class would take it. */
function checkMilestones(section: Section, milestones: unknown): void {
  if (!Array.isArray(milestones)) return;
  const isRising = milestones.every((each, i) => i === 0 || each > milestones[i - 1]);
  if (!isRising) section.refuse('milestones', 'steps that rise');
}

function readInterval(section: Section, { name, isByMetric }: ScheduleType): Interval {
  const interval = section.entries.get('interval') ?? (isByMetric ? 'metric' : 'step');
  if (!INTERVALS.includes(interval as Interval)) section.refuse('interval', `one of ${INTERVALS.join(', ')}`);
  else if (isByMetric && interval !== 'metric') section.refuse('interval', `metric with ${name}`);
  else if (!isByMetric && interval === 'metric') section.refuse('interval', `step or epoch with ${name}`);
  return interval as Interval;
}

function readMonitor(section: Section, { name, isByMetric }: ScheduleType): string | undefined {
  const monitor = section.entries.get('monitor');
  const isText = typeof monitor === 'string' && monitor !== '';
  if (isByMetric && !isText) section.refuse('monitor', 'the key of a metric, as in val/loss');
  if (!isByMetric && monitor !== undefined) section.refuse('monitor', `none with ${name}, which goes by no metric`);
  return isText ? monitor : undefined;
}

type Counts = Pick<ReadScheduler, 'warmup' | 'warmupInterval' | 'warmupStartFactor' | 'total'>;

/** The warm-up and the end, in the unit of the interval. */
function readCounts(section: Section, type: ScheduleType, interval: Interval): Counts {
  const [unit, other] = interval === 'epoch' ? (['Epochs', 'Steps'] as const) : (['Steps', 'Epochs'] as const);
  const { entries } = section;
  const isAlso = type.isByMetric && entries.has('warmupEpochs');
  const warmupUnit = isAlso ? 'Epochs' : unit;
  const ownName = type.hasOwnWarmup && unit === 'Steps' ? undefined : `warmup${warmupUnit}`;
  const warmup = ownName === undefined ? undefined : section.count(ownName, 0);
  const total = section.count(`max${unit}`, 1);
  if (isAlso && entries.has('warmupSteps')) section.refuse('warmupSteps', 'none beside warmupEpochs');
  for (const name of isAlso ? [`max${other}`] : [`warmup${other}`, `max${other}`])
    if (entries.has(name) && !(type.hasOwnWarmup && name === 'warmupSteps'))
      section.refuse(name, `none with interval ${interval}`, `; use ${name.replace(other, unit)}`);
  if (type.hasOwnWarmup && unit === 'Epochs' && entries.has('warmupEpochs'))
    section.refuse('warmupEpochs', `none with ${type.name}`, '; its own warmupSteps counts epochs with interval epoch');
  if (total !== undefined && type.length === undefined)
    section.refuse(`max${unit}`, `none with ${type.name}, which has no end of its own`);
  if (total !== undefined && type.length !== undefined && entries.has(type.length))
    section.refuse(`max${unit}`, `none beside ${type.length}, which says the same`);
  if (total !== undefined && warmup !== undefined && warmup >= total)
    section.refuse(`warmup${unit}`, `fewer than max${unit}, ${total}`);
  if (type.name === 'linear_warmup' && !warmup) section.refuse(`warmup${unit}`, 'an integer above 0');
  const warmupStartFactor = readStartFactor(section, warmup);
  return { warmup, total, warmupStartFactor, warmupInterval: isAlso ? 'epoch' : 'step' };
}

function readStartFactor(section: Section, warmup: number | undefined): number | undefined {
  const value = section.entries.get('warmupStartFactor');
  if (value === undefined || value === null) return undefined;
  if (!(typeof value === 'number' && value > 0 && value <= 1))
    section.refuse('warmupStartFactor', 'a number above 0 and at most 1');
  else if (!warmup) section.refuse('warmupStartFactor', 'a warm-up beside it');
  return value as number;
}
