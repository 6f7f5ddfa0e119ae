// `RankTimes`: how long each rank computes in a step while it waits for nobody, and which is steadily slower than the others.

import type { Rider } from './packed-sums.ts';
import type { Ranks } from './ranks.ts';

/** Log intervals in a row in which the same rank has to be too slow, for a warning: one alone may have been disturbed. */
const INTERVALS = 3;

const MS = 1e3;

/** Every rank measures itself, and gives its time beside the sums of its metrics. Nothing is sent for it alone. */
export class RankTimes implements Rider {
  readonly #ranks: Ranks;
  readonly #factor: number;
  readonly #warn: (message: string) => void;
  #startedMs = 0;
  #waitedMs = 0;
  #sumMs = 0;
  #numSteps = 0;
  #values: Readonly<Record<string, number>> = {};
  #slow: number | undefined;
  #numSlow = 0;
  readonly #warned = new Set<number>();

  /** @param options.factor - of the median of the other ranks, above which a rank is slow.  @param options.warn - is told of one that is so steadily, once. */
  constructor(ranks: Ranks, options: { readonly factor: number; readonly warn: (message: string) => void }) {
    this.#ranks = ranks;
    this.#factor = options.factor;
    this.#warn = options.warn;
  }

  /** At the begin of a forward pass. */
  begin(): void {
    this.#startedMs = performance.now();
    this.#waitedMs = 0;
  }

  /** Runs what waits for other ranks. */
  wait<T>(body: () => T): T {
    const started = performance.now();
    try {
      return body();
    } finally {
      this.#waitedMs += performance.now() - started;
    }
  }

  /** @param ms - of the time since `begin` in which this rank waited. */
  waited(ms: number): void {
    this.#waitedMs += ms;
  }

  /** Behind a backward pass. */
  end(): void {
    this.#sumMs += performance.now() - this.#startedMs - this.#waitedMs;
    this.#numSteps += 1;
  }

  /** This rank's time and steps since the last call, and zeros for each other one. */
  numbers(): readonly number[] {
    const numbers = new Array<number>(2 * this.#ranks.worldSize).fill(0);
    numbers[2 * this.#ranks.rank] = this.#sumMs;
    numbers[2 * this.#ranks.rank + 1] = this.#numSteps;
    this.#sumMs = 0;
    this.#numSteps = 0;
    return numbers;
  }

  /** What all ranks have together. */
  take(sums: readonly number[]): void {
    const times = new Map<number, number>();
    for (let rank = 0; rank < this.#ranks.worldSize; rank++) {
      const [ms, numSteps] = [sums[2 * rank]!, sums[2 * rank + 1]!];
      if (numSteps > 0) times.set(rank, ms / numSteps);
    }
    if (times.size > 1) this.#compare(times);
  }

  #compare(times: ReadonlyMap<number, number>): void {
    const [slowest, ms] = [...times].reduce((worst, each) => (each[1] > worst[1] ? each : worst));
    const typical = medianOf([...times].flatMap(([rank, each]) => (rank === slowest ? [] : [each])));
    const ratio = ms / typical;
    this.#values = {
      'ranks/slowest': slowest,
      'ranks/slowest_seconds': ms / MS,
      'ranks/median_seconds': typical / MS,
      'ranks/slowest_ratio': ratio,
    };
    const isSlow = ratio > this.#factor;
    this.#numSlow = isSlow ? (slowest === this.#slow ? this.#numSlow + 1 : 1) : 0;
    this.#slow = isSlow ? slowest : undefined;
    if (this.#numSlow < INTERVALS || this.#warned.has(slowest)) return;
    this.#warned.add(slowest);
    this.#warn(
      `Rank ${slowest} is slow: forward and backward take it ${ms.toFixed(1)} ms a step, the others ${typical.toFixed(1)} (median), ${INTERVALS} times in a row, and all wait for it; look at what else runs on its cores, or at its data (ddp.slowRankFactor: ${this.#factor})`,
    );
  }

  /** What was found last, once. */
  values(): Readonly<Record<string, number>> {
    const values = this.#values;
    this.#values = {};
    return values;
  }
}

function medianOf(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}
