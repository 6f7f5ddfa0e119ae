// What a `MultiDataLoader` keeps of its place, and whether a state that was read from a file is one of its own.
import { CheckpointError } from '../../errors.ts';
import { type Cursor, checkState } from '../loader/cursor.ts';
import type { PlainData } from '../plain-data.ts';
import type { DelayedInputState } from './delayed-input.ts';
import { type LossRecord, resolveLossMix } from './loss-mix.ts';
import type { ScheduleConfig } from './schedule-config.ts';
import type { TurnsState } from './turns.ts';

/** What {@link MultiDataLoader.state} gives. */
export interface MultiDataLoaderState extends Cursor {
  readonly numBatches: number;
  /** What decides the schedule; a loader of another schedule refuses the state. */
  readonly schedule: Readonly<Record<string, PlainData>>;
  readonly turns: TurnsState;
  /** In an epoch that was begun in batches of other sizes, or by another number of processes: how it goes on. */
  readonly rest?: RestState;
  /** Epochs of its own that each loader has for one of the schedule, where it had more of them before the sizes of batches changed. */
  readonly plays?: readonly number[];
  /** How far each loader has come, by name. */
  readonly played: Readonly<Record<string, PlayedState>>;
  /** With `lossMix`: the losses so far, and which factors act now or are on their way. */
  readonly mix?: MixState;
  /** The states of the loaders by name. */
  readonly loaders: Readonly<Record<string, Cursor>>;
}

/** The rest of an epoch that was begun with loaders of other lengths. */
export interface RestState {
  /** Batches of the epoch before it. `turns` are counted from here. */
  readonly position: number;
  /** Turns that each loader has in it, in the loaders' order. */
  readonly turns: readonly number[];
  /** The play in which each loader stood there, and how many batches that one has. */
  readonly plays: readonly number[];
  readonly lengths: readonly number[];
}

/** How far a loader has come in the epoch, and what is counted for the report of proportions. */
export interface PlayedState {
  readonly play: number;
  readonly batches: number;
  readonly turns: number;
  readonly isEnded: boolean;
  /** Its summed shares of the batches of this epoch. */
  readonly wanted: number;
  /** Batches since the loader began, and its summed shares of all of them. */
  readonly total: number;
  readonly totalWanted: number;
}

export interface MixState {
  readonly losses: Readonly<Record<string, LossRecord>>;
  readonly input: DelayedInputState<readonly number[]>;
}

/** What decides a schedule, as plain data that can be compared. A function can not: of it, only that it is one. */
export function describeSchedule(
  config: ScheduleConfig,
  rest: {
    readonly lengths: readonly number[];
    readonly cycleShortLoaders: boolean;
    readonly maxBatchesPerEpoch?: number | undefined;
  },
): Record<string, PlainData> {
  const { strategy = 'round_robin', epochLength = 'sum_of_lengths', burstSize = 1, weightSchedule, lossMix } = config;
  const { stepsPerEpoch, weights, temperature, sizes, pattern } = config;
  const points = typeof weightSchedule === 'object' ? weightSchedule.points : [];
  const parts = {
    strategy,
    epochLength,
    stepsPerEpoch,
    weights,
    temperature,
    sizes,
    weightSchedule:
      typeof weightSchedule === 'function'
        ? 'a function'
        : weightSchedule && {
            interpolation: weightSchedule.interpolation ?? 'linear',
            points: points.map((point) => [point.batch, point.weights]),
          },
    lossMix: lossMix && resolveLossMix(lossMix),
    pattern,
    burstSize,
    ...rest,
  };
  return plain(parts) as Record<string, PlainData>; // an object stays one
}

/** Without what is not there, and with numbers that JSON has no form for as text. */
function plain(value: unknown): PlainData {
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value).filter(([, entry]) => entry !== undefined);
    return Object.fromEntries(entries.map(([key, entry]) => [key, plain(entry)]));
  }
  return typeof value === 'number' && !Number.isFinite(value) ? String(value) : (value as PlainData);
}

/** What a state must fit. */
export interface StateSituation {
  readonly own: MultiDataLoaderState;
  readonly names: readonly string[];
  /** The epoch of each loader with which an epoch of the schedule begins. */
  readonly firstEpochs: (epoch: number) => readonly number[];
  /** How many turns of the schedule each loader has before `turn`; undefined where there is no schedule. */
  readonly turnsBefore: (turn: number) => readonly number[] | undefined;
  /** Whether the lengths of loaders may differ: they can go on behind what is done in batches of other sizes. */
  readonly isResized: boolean;
}

/** @throws {CheckpointError} where `state` is that of other loaders, of another schedule, or contradicts itself. */
export function checkMultiState(state: MultiDataLoaderState, situation: StateSituation): void {
  const { own, names, firstEpochs, turnsBefore, isResized } = situation;
  const fail = (wanted: string, got: string, wayOut = '; make the loaders and the schedule as they were'): never => {
    throw new CheckpointError(`Cannot resume a MultiDataLoader: expected ${wanted}, got ${got}${wayOut}`);
  };
  if (typeof state !== 'object' || state === null) fail('the state of a loader', String(state), '');
  const saved = Object.keys(state.loaders ?? {});
  if (saved.length !== names.length || !names.every((name) => Object.hasOwn(state.loaders, name)))
    fail(`states of ${names.join(', ')}`, saved.join(', ') || 'none', '');
  const differing = [...new Set([...Object.keys(own.schedule), ...Object.keys(state.schedule ?? {})])].filter(
    (key) => !(isResized && key === 'lengths') && show(own.schedule[key]) !== show(state.schedule?.[key]),
  );
  if (differing.length > 0) {
    const list = (schedule: MultiDataLoaderState['schedule'] | undefined): string =>
      differing.map((key) => `${key} ${show(schedule?.[key])}`).join(', ');
    fail(
      `${list(own.schedule)} in the state`,
      list(state.schedule),
      '; make the schedule as it was, or start it afresh',
    );
  }
  const { numBatches: _, ...place } = own;
  checkState(state, isResized || state.rest ? place : own, 'a MultiDataLoader');
  checkRest(state, names.length, fail);
  checkPlain(state, own, fail);
  const numTurns = names.reduce((sum, name) => sum + state.played[name]!.turns, 0);
  if (numTurns !== state.position) fail(`${state.position} batches of all loaders together`, String(numTurns));
  const due =
    !isResized && !state.rest && state.turns.turn === state.position ? turnsBefore(state.position) : undefined; // else turns fell to other loaders
  const first = firstEpochs(state.epoch);
  for (const [i, name] of names.entries()) {
    const { play, batches, turns } = state.played[name]!;
    if (due && due[i] !== turns)
      fail(`${due[i]} batches of "${name}" among the first ${state.position} by the schedule`, String(turns));
    const { epoch, position } = state.loaders[name]!;
    // A loader that leaves out broken samples may have come further than its batches tell.
    if ((!isResized && epoch !== first[i]! + play) || epoch < play || position < batches)
      fail(`"${name}" after ${batches} batches of its epoch ${first[i]! + play}`, `${position} of epoch ${epoch}`);
  }
}

/** Checks that what `state` is made of has the kinds of values that `own` has. */
function checkPlain(
  state: MultiDataLoaderState,
  own: MultiDataLoaderState,
  fail: (wanted: string, got: string, wayOut: string) => never,
): void {
  const visit = (value: unknown, model: unknown, path: string): void => {
    const isFit = typeof value === typeof model && Array.isArray(value) === Array.isArray(model) && value !== null;
    if (!isFit || (typeof value === 'number' && !Number.isFinite(value)))
      fail(`${kindOf(model)} under "${path}" in the state`, show(value), '');
    if (typeof model !== 'object' || model === null) return;
    for (const [key, entry] of Object.entries(model))
      visit((value as Record<string, unknown>)[key], entry, `${path}.${key}`);
  };
  const expectCount = (value: number, most: number, path: string): void => {
    if (!Number.isSafeInteger(value) || value < 0 || value > most)
      fail(`an integer from 0 to ${most} under "${path}" in the state`, show(value), '');
  };
  for (const [name, played] of Object.entries(own.played)) {
    visit(state.played?.[name], played, `played.${name}`);
    for (const count of ['play', 'batches', 'turns', 'total'] as const)
      expectCount(state.played[name]![count], Number.MAX_SAFE_INTEGER, `played.${name}.${count}`);
    visit(state.loaders[name], { epoch: 0, position: 0 }, `loaders.${name}`);
    expectCount(state.loaders[name]!.position, Number.MAX_SAFE_INTEGER, `loaders.${name}.position`);
  }
  visit(state.turns, { turn: 0, ...(own.turns.credits && { credits: own.turns.credits }) }, 'turns');
  expectCount(state.turns.turn, Math.max(own.numBatches, state.position), 'turns.turn');
  if (own.turns.credits && state.turns.burst !== undefined) {
    visit(state.turns.burst, { loader: 0, left: 0 }, 'turns.burst');
    expectCount(state.turns.burst.loader, own.turns.credits.length - 1, 'turns.burst.loader');
    expectCount(state.turns.burst.left, (own.schedule.burstSize as number) - 1, 'turns.burst.left');
  }
  if (!own.mix) return;
  const factors = own.mix.input.current;
  visit(state.mix, { losses: {}, input: { isBegun: true, current: factors, pending: [] } }, 'mix');
  for (const [i, one] of state.mix!.input.pending.entries())
    visit(one, { from: 0, value: factors }, `mix.input.pending.${i}`); // any number of batches will do
  for (const [name, record] of Object.entries(state.mix!.losses))
    visit(
      record,
      { loss: 0, ...((record as LossRecord | null)?.rate !== undefined && { rate: 0 }) },
      `mix.losses.${name}`,
    );
}

function checkRest(
  { rest, plays, position }: MultiDataLoaderState,
  numLoaders: number,
  fail: (wanted: string, got: string, wayOut: string) => never,
): void {
  const areCounts = (list: unknown, least = 0): boolean =>
    Array.isArray(list) &&
    list.length === numLoaders &&
    list.every((each) => Number.isSafeInteger(each) && each >= least);
  if (plays !== undefined && !areCounts(plays, 1)) fail('counts of plays in the state', show(plays), '');
  if (rest === undefined) return;
  const { turns, lengths } = rest ?? {};
  const isFit =
    areCounts(turns) &&
    areCounts(rest.plays) &&
    Array.isArray(lengths) &&
    lengths.length === numLoaders &&
    lengths.every((each) => typeof each === 'number' && each >= 0) &&
    Number.isSafeInteger(rest.position) &&
    rest.position >= 0 &&
    rest.position <= position;
  if (!isFit) fail('the rest of an epoch in the state', show(rest), '');
}

const kindOf = (model: unknown): string =>
  Array.isArray(model) ? 'an array' : typeof model === 'object' ? 'an object' : `a ${typeof model}`;

/** Plain data on one line. Keys of objects stand in the order in which `describeSchedule` made them, also in a file. */
const show = (value: unknown): string =>
  value === undefined ? 'none' : typeof value === 'string' ? value : JSON.stringify(value).replace(/[,:]/g, '$& ');
