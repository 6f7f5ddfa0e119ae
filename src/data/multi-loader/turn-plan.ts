// What follows from a schedule's options and the loaders' lengths, once for all epochs: their length, how often loaders play, and the turns of each.
import { INPUT_DELAY } from '../samplers/sampler.ts';
import { DelayedInput } from './delayed-input.ts';
import { LossMix, resolveLossMix } from './loss-mix.ts';
import {
  balancedInterleave,
  buildSchedule,
  fixedWeights,
  plannedLength,
  playableSchedule,
  wantedShares,
} from './policy.ts';
import { isMoving, type ScheduleConfig } from './schedule-config.ts';
import { ScheduledTurns, SharedTurns, type Turns, type TurnsState } from './turns.ts';
import { normalized, sharesOf, type WeightFunction } from './weights.ts';

export interface TurnPlanOptions {
  readonly names: readonly string[];
  /** Batches a play; `Infinity` where nobody knows. */
  readonly lengths: readonly number[];
  readonly cycleShortLoaders: boolean;
  readonly maxBatchesPerEpoch?: number | undefined;
}

/** Epochs of its own that a loader of unknown length has for each epoch of the schedule. A loader that plays more often than expected goes on into those of
 *  the next. */
const PLAYS_OF_UNKNOWN = 1024;

/** Gives the turns of every epoch. */
export class TurnPlan {
  /** Batches in an epoch; at most so many, where loaders end before their length and do not play again. */
  readonly length: number;
  /** How many of its own epochs each loader has for an epoch of the schedule. */
  readonly plays: readonly number[];
  /** The loss-driven mix, and its factors on their way to the turns. */
  readonly mix: { readonly rule: LossMix; readonly input: DelayedInput<readonly number[]> } | undefined;
  readonly #options: TurnPlanOptions;
  readonly #burstSize: number;
  readonly #isSequential: boolean;
  /** The same for every epoch; undefined for shares that change. */
  readonly #schedule: Int32Array | undefined;
  readonly #shares: Float64Array;
  readonly #base: WeightFunction;

  /** @throws {RangeError} where an epoch would not end, or a loader that has a turn is empty. */
  constructor(config: ScheduleConfig, options: TurnPlanOptions) {
    const { lengths, names, cycleShortLoaders, maxBatchesPerEpoch: maxBatches } = options;
    this.#options = options;
    this.#burstSize = config.burstSize ?? 1;
    this.#isSequential = config.strategy === 'sequential';
    if (isMoving(config)) {
      const last = cycleShortLoaders ? Number.POSITIVE_INFINITY : lengths.reduce((sum, length) => sum + length, 0);
      this.length = Math.min(plannedLength(config, lengths), last, maxBatches ?? Number.POSITIVE_INFINITY);
      const shares = config.weightSchedule ? [] : normalized(fixedWeights(config, lengths));
      this.#base = config.weightSchedule ? sharesOf(config.weightSchedule, lengths.length) : () => shares;
      this.#shares = new Float64Array(lengths.length);
    } else {
      const built = buildSchedule(config, lengths, cycleShortLoaders ? maxBatches : undefined); // else turns fall away before the limit counts
      this.#schedule = playableSchedule(built, lengths, { cycleShortLoaders, maxBatches });
      this.length = this.#schedule.length;
      const shares = wantedShares(config, lengths);
      this.#base = () => shares;
      this.#shares = Float64Array.from(shares);
    }
    this.mix = config.lossMix && {
      rule: new LossMix(names, resolveLossMix(config.lossMix)),
      input: new DelayedInput<readonly number[]>(
        names.map(() => 1),
        { delay: INPUT_DELAY, epochLength: this.length },
      ),
    };
    this.plays = this.#playsOf();
    this.#refuseEmpty();
  }

  /** The turns of an epoch, from its beginning or from where `state` says. */
  turns(epoch: number, state?: TurnsState): Turns {
    if (this.#schedule) return new ScheduledTurns(this.#schedule, this.#shares, state);
    const before = epoch * this.length;
    const { mix } = this;
    const shared = {
      numTurns: this.length,
      numLoaders: this.#options.lengths.length,
      burstSize: this.#burstSize,
      sharesAt: (turn: number): readonly number[] => {
        const base = this.#base(before + turn);
        return mix ? mix.rule.mixed(base, mix.input.at(turn)) : base;
      },
    };
    return new SharedTurns(shared, state);
  }

  /** Whether turns follow shares that may change: those count batches from the beginning of a run. */
  get isMoving(): boolean {
    return this.#schedule === undefined;
  }

  /** Whether an epoch has the same turns as by another plan. */
  hasTurnsOf(other: TurnPlan): boolean {
    const [own, its] = [this.#schedule, other.#schedule];
    if (own === undefined || its === undefined) return own === its && this.length === other.length;
    return own.length === its.length && own.every((loader, turn) => loader === its[turn]);
  }

  /** Turns of which each loader has so many: one loader after the other under `sequential`, else evenly spread. */
  restTurns(quotas: readonly number[], state?: TurnsState): Turns {
    const order = this.#isSequential
      ? Int32Array.from(quotas.flatMap((quota, loader) => new Array<number>(quota).fill(loader)))
      : balancedInterleave(quotas);
    return new ScheduledTurns(order, this.#shares, state);
  }

  /** How many turns of the schedule each loader has before `turn`; undefined where shares decide that. */
  turnsBefore(turn: number): number[] | undefined {
    if (!this.#schedule) return undefined;
    const turns = new Array<number>(this.#options.lengths.length).fill(0);
    for (const loader of this.#schedule.subarray(0, turn)) turns[loader]!++;
    return turns;
  }

  #playsOf(): number[] {
    const { lengths, cycleShortLoaders } = this.#options;
    const most = this.#schedule ? this.turnsBefore(this.length) : lengths.map(() => this.length);
    return lengths.map((length, i) => {
      if (!cycleShortLoaders || length === 0) return 1;
      return Number.isFinite(length) ? Math.max(1, Math.ceil(most![i]! / length)) : PLAYS_OF_UNKNOWN;
    });
  }

  #refuseEmpty(): void {
    const { lengths, names, cycleShortLoaders } = this.#options;
    const hasTurn = (loader: number): boolean =>
      this.#schedule ? this.#schedule.includes(loader) : cycleShortLoaders && this.length > 0;
    const empty = lengths.findIndex((length, loader) => length === 0 && hasTurn(loader));
    if (empty < 0) return;
    throw new RangeError(
      `Cannot make a MultiDataLoader: expected batches in every loader that has a turn, got none in "${names[empty]}"`,
    );
  }
}
