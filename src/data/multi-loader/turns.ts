// Whose turn it is, turn after turn: by a schedule made beforehand, or by shares that may change at every turn.

/** Which loaders may still have turns; without cycling, a loader that has played all its batches may not. */
export type IsLeft = (loader: number) => boolean;

/** The turns of one epoch. It stands before a turn, and where it stands is plain data. */
export interface Turns {
  /** The loaders of the next `count` turns, fewer at the end of the epoch. The first is what `take` takes; the others are what follows if all are left.
   *  The list is written anew by the next call. */
  ahead(count: number, isLeft: IsLeft): readonly number[];
  /** Takes the next turn. */
  take(isLeft: IsLeft): void;
  /** Adds what each loader should have of the next turn to `sums`. */
  addShares(sums: Float64Array): void;
  state(): TurnsState;
}

/** What a state keeps of the turns. */
export interface TurnsState {
  /** Turns taken; those that fell to others count with the turn that was played in their place. */
  readonly turn: number;
  /** With changing shares: what each loader is owed, in turns. */
  readonly credits?: readonly number[];
  /** With changing shares: whose burst is being played, and how many batches are left of it. */
  readonly burst?: { readonly loader: number; readonly left: number };
}

/** Turns by a schedule. A turn of a loader that is not left falls to the next turn in the schedule. Memory: the schedule's, shared by all epochs. */
export class ScheduledTurns implements Turns {
  readonly #schedule: Int32Array;
  readonly #shares: Float64Array;
  readonly #ahead: number[] = [];
  #turn: number;

  /** @param shares - what each loader has of the whole schedule, for reports. */
  constructor(schedule: Int32Array, shares: Float64Array, state: TurnsState = { turn: 0 }) {
    this.#schedule = schedule;
    this.#shares = shares;
    this.#turn = state.turn;
  }

  ahead(count: number, isLeft: IsLeft): readonly number[] {
    const loaders = this.#ahead;
    loaders.length = 0;
    for (let turn = this.#turn; turn < this.#schedule.length && loaders.length < count; turn++) {
      const loader = this.#schedule[turn]!;
      if (isLeft(loader)) loaders.push(loader);
    }
    return loaders;
  }

  take(isLeft: IsLeft): void {
    while (this.#turn < this.#schedule.length && !isLeft(this.#schedule[this.#turn]!)) this.#turn++;
    this.#turn++;
  }

  addShares(sums: Float64Array): void {
    for (let i = 0; i < sums.length; i++) sums[i]! += this.#shares[i]!;
  }

  state(): TurnsState {
    return { turn: this.#turn };
  }
}

export interface SharedTurnsOptions {
  /** Turns in the epoch. */
  readonly numTurns: number;
  readonly numLoaders: number;
  readonly burstSize: number;
  /** What each loader should have of a turn; sums to 1. Asked once a turn, when `ahead` first looks at it. */
  readonly sharesAt: (turn: number) => readonly number[];
}

/**
 * Turns by shares that may change: at every turn each loader that is left earns its share of it and the one that plays pays 1; where a burst begins, the one
 * plays that would have most credit at its end (the lower number on a tie). So a loader has played what its shares sum to, up to one or two bursts, at any turn.
 * A loader whose share is 0 is left out while others have one. Memory: constant.
 */
export class SharedTurns implements Turns {
  readonly #options: SharedTurnsOptions;
  readonly #now: Place;
  /** Where `ahead` looks on from: the real place moves only by `take`. */
  readonly #scratch: Place;
  /** The shares of the last turns that were asked for, by the lowest bits of their number. */
  readonly #kept: { turn: number; shares: readonly number[] }[];

  constructor(options: SharedTurnsOptions, state: TurnsState = { turn: 0 }) {
    this.#options = options;
    const { turn, credits = new Array<number>(options.numLoaders).fill(0), burst = { loader: -1, left: 0 } } = state;
    this.#now = { turn, credits: Float64Array.from(credits), loader: burst.loader, left: burst.left };
    this.#scratch = { ...this.#now, credits: new Float64Array(options.numLoaders) };
    this.#kept = Array.from({ length: 8 }, () => ({ turn: -1, shares: [] }));
  }

  ahead(count: number, isLeft: IsLeft): number[] {
    const scratch = this.#scratch;
    const { turn, loader, left, credits } = this.#now;
    scratch.turn = turn;
    scratch.loader = loader;
    scratch.left = left;
    scratch.credits.set(credits);
    const loaders: number[] = [];
    while (loaders.length < count && scratch.turn < this.#options.numTurns && this.#play(scratch, isLeft))
      loaders.push(scratch.loader);
    return loaders;
  }

  take(isLeft: IsLeft): void {
    this.#play(this.#now, isLeft);
  }

  addShares(sums: Float64Array): void {
    const shares = this.#sharesAt(this.#now.turn);
    for (let i = 0; i < sums.length; i++) sums[i]! += shares[i]!;
  }

  state(): TurnsState {
    const { turn, credits, loader, left } = this.#now;
    return { turn, credits: [...credits], ...(left > 0 && { burst: { loader, left } }) };
  }

  #sharesAt(turn: number): readonly number[] {
    const kept = this.#kept[turn % this.#kept.length]!;
    if (kept.turn !== turn) {
      kept.shares = this.#options.sharesAt(turn);
      kept.turn = turn;
    }
    return kept.shares;
  }

  /** Plays the next turn of `place`.
   *  @returns false where no loader is left. */
  #play(place: Place, isLeft: IsLeft): boolean {
    const { numLoaders, burstSize } = this.#options;
    const { credits } = place;
    const shares = this.#sharesAt(place.turn);
    let total = 0;
    let numLeft = 0;
    for (let i = 0; i < numLoaders; i++) {
      if (!isLeft(i)) continue;
      total += shares[i]!;
      numLeft++;
    }
    if (numLeft === 0) return false;
    const isBurst = place.left > 0 && isLeft(place.loader);
    let chosen = isBurst ? place.loader : -1;
    let most = 0;
    for (let i = 0; i < numLoaders; i++) {
      if (!isLeft(i)) continue;
      const share = total > 0 ? shares[i]! / total : 1 / numLeft;
      credits[i]! += share;
      if (isBurst || share === 0) continue;
      const atEnd = credits[i]! + share * (burstSize - 1); // what it would be owed when the burst is over
      if (chosen >= 0 && atEnd <= most) continue;
      chosen = i;
      most = atEnd;
    }
    credits[chosen]! -= 1;
    place.left = (isBurst ? place.left : burstSize) - 1;
    place.loader = chosen;
    place.turn++;
    return true;
  }
}

interface Place {
  turn: number;
  readonly credits: Float64Array;
  /** Whose burst is being played. */
  loader: number;
  /** Batches left of it. */
  left: number;
}
