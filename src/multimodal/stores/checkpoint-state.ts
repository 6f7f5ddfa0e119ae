// What a `CheckpointManager` keeps beside the state of a model: its counts and the history, and how they lie in a checkpoint.

import { CheckpointError, ConfigError } from '../../errors.ts';
import { show } from '../../metrics/options.ts';
import { PyFloat } from '../../serial/values.ts';
import { Tensor } from '../../tensor/tensor.ts';
import { TRAINING_STATE } from '../../trainer/checkpoint/foreign/insight-engine.ts';
import { record, storedNumber } from '../../trainer/checkpoint/format.ts';

/** Values by name, oldest first, as a `MetricsCollector` keeps them. */
export type HistoryDict = Readonly<Record<string, readonly number[]>>;

/** Where a training stands. */
export interface TrainingState {
  /** The last epoch that is done, from 0. */
  readonly currentEpoch: number;
  readonly globalStep: number;
  readonly bestValMetric: number;
  /** Evaluations since the best one. */
  readonly patienceCounter: number;
  readonly history: HistoryDict;
}

/** Some of it; what is undefined stays as it is. */
export type TrainingStateUpdate = { readonly [K in keyof TrainingState]?: TrainingState[K] | undefined };

const isCount = (value: unknown): boolean => Number.isSafeInteger(value) && (value as number) >= 0;
const isNumberList = (value: unknown): boolean =>
  Array.isArray(value) && value.every((each) => typeof each === 'number');

/** Every entry: its key in files, what it has to be, and whether a value is. */
const ENTRIES = {
  currentEpoch: ['current_epoch', 'a count', isCount],
  globalStep: ['global_step', 'a count', isCount],
  bestValMetric: ['best_val_metric', 'a number', (value) => typeof value === 'number'],
  patienceCounter: ['patience_counter', 'a count', isCount],
  history: [
    'history',
    'lists of numbers by name',
    (value) =>
      typeof value === 'object' && value !== null && !Array.isArray(value) && Object.values(value).every(isNumberList),
  ],
} satisfies Record<keyof TrainingState, readonly [string, string, (value: unknown) => boolean]>;

export const STATE_NAMES = Object.keys(ENTRIES) as readonly (keyof TrainingState)[];

/** Takes what is known of a training out of an object, and gives the rest: what somebody wants to keep beside it.
 *  @throws {ConfigError} that lists every entry that is wrong. */
export function splitState(
  action: string,
  given: Readonly<Record<string, unknown>>,
): { state: Partial<TrainingState>; rest: Record<string, unknown> } {
  if (typeof given !== 'object' || given === null || Array.isArray(given))
    throw new ConfigError(action, [`expected an object, got ${show(given)}`]);
  const isState = (name: string): name is keyof TrainingState => Object.hasOwn(ENTRIES, name);
  const entries = Object.entries(given).filter(([, value]) => value !== undefined);
  const problems = entries.flatMap(([name, value]) => {
    if (name === TRAINING_STATE) return [`${name}: expected another name, got the one that the counts are kept under`];
    if (!isState(name)) return [];
    const [, wanted, isFit] = ENTRIES[name];
    return isFit(value) ? [] : [`${name}: expected ${wanted}, got ${show(value)}`];
  });
  if (problems.length > 0) throw new ConfigError(action, problems);
  return {
    state: Object.fromEntries(entries.filter(([name]) => isState(name))),
    rest: Object.fromEntries(entries.filter(([name]) => !isState(name))),
  };
}

/** A training's state as it lies under `extra` of a checkpoint, numbers that Python holds as float as floats. */
export function encodeState(state: TrainingState, rest: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const history = Object.entries(state.history).map(([name, values]) => [
    name,
    values.map((each) => new PyFloat(each)),
  ]);
  const entries = STATE_NAMES.map((name) => [ENTRIES[name][0], state[name]]);
  return {
    ...rest,
    [TRAINING_STATE]: {
      ...Object.fromEntries(entries),
      best_val_metric: new PyFloat(state.bestValMetric),
      history: Object.fromEntries(history),
    },
  };
}

/** What a file without counts of its own says of them, as that of another trainer. */
export interface KnownCounts {
  /** Epochs completed. */
  readonly epoch: number;
  readonly step: number;
}

/** The reverse of `encodeState`.
 *  @throws {CheckpointError} naming the entry that is wrong. */
export function decodeState(
  extra: Readonly<Record<string, unknown>>,
  counts: KnownCounts,
): { state: TrainingState; rest: Record<string, unknown> } {
  const { [TRAINING_STATE]: stored, ...rest } = extra;
  if (stored === undefined) {
    const state = { currentEpoch: counts.epoch - 1, globalStep: counts.step, bestValMetric: 0, patienceCounter: 0 };
    return { state: { ...state, history: {} }, rest };
  }
  const given = record(stored, TRAINING_STATE);
  const at = (name: keyof TrainingState): string => `${TRAINING_STATE}.${ENTRIES[name][0]}`;
  const number = (name: Exclude<keyof TrainingState, 'history'>): number =>
    storedNumber(plain(given[ENTRIES[name][0]]), at(name), { isCount: name !== 'bestValMetric' });
  const history = Object.entries(record(given.history ?? {}, at('history'))).map(([name, values]) => {
    const numbers = Array.isArray(values) ? values.map(plain) : values;
    if (isNumberList(numbers)) return [name, numbers] as const;
    throw new CheckpointError(
      `Cannot read a checkpoint: expected a list of numbers under "${at('history')}.${name}", got ${show(values)}`,
    );
  });
  const state: TrainingState = {
    currentEpoch: number('currentEpoch'),
    globalStep: number('globalStep'),
    bestValMetric: number('bestValMetric'),
    patienceCounter: number('patienceCounter'),
    history: Object.fromEntries(history) as HistoryDict,
  };
  return { state, rest };
}

/** multimodal_insight_engine keeps tensors in its history as they come. */
function plain(value: unknown): unknown {
  return value instanceof Tensor && value.numel === 1 ? value.item() : value;
}
