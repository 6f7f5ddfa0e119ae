// One metric over a run: its points, of which a bounded number stays, and statistics over all of them.
import type { BestMode } from '../summary.ts';

/** Where a point was measured; what nobody said is NaN. */
export interface Moment {
  readonly step: number;
  readonly epoch: number;
}

/** A metric's points in the order in which they came: `values[i]` was measured at `steps[i]`, in epoch `epochs[i]`. */
export interface HistoryPoints {
  readonly values: readonly number[];
  readonly steps: readonly number[];
  readonly epochs: readonly number[];
}

/** What is known of a metric. Mean, deviation and extremes are over all values that are finite, those whose points are gone included. */
export interface SeriesStatistics {
  readonly latest: number;
  readonly best: number;
  readonly bestStep: number;
  readonly bestEpoch: number;
  readonly mean: number;
  /** Population standard deviation. */
  readonly std: number;
  readonly min: number;
  readonly max: number;
  /** All values, those that are not finite too. */
  readonly count: number;
  readonly numNonFinite: number;
}

interface Point extends Moment {
  readonly value: number;
}

const NOWHERE: Point = { value: Number.NaN, step: Number.NaN, epoch: Number.NaN };

/** Keeps the newest points whole, and of those before every second, then every fourth, and so on: a curve keeps its shape over the whole run, and its end is exact. */
export class HistorySeries {
  readonly #maxPoints: number;
  readonly #mode: BestMode;
  #old: Point[] = [];
  #recent: Point[] = [];
  /** Of the points that leave `#recent`, one in so many stays. */
  #stride = 1;
  /** Points that have left `#recent`. */
  #numLeft = 0;
  #count = 0;
  #numNonFinite = 0;
  #mean = 0;
  /** Sum of squared distances to the mean. */
  #spread = 0;
  #min: Point = NOWHERE;
  #max: Point = NOWHERE;
  #latest = Number.NaN;

  /** @param maxPoints - at least 2; infinite keeps all. */
  constructor(maxPoints: number, mode: BestMode) {
    this.#maxPoints = maxPoints;
    this.#mode = mode;
  }

  add(value: number, { step, epoch }: Moment): void {
    const point = { value, step, epoch };
    this.#count += 1;
    this.#latest = value;
    this.#recent.push(point);
    if (Number.isFinite(value)) this.#measure(point);
    else this.#numNonFinite += 1;
    // In pieces, because taking the first of a list costs as much as the list is long.
    if (this.#recent.length + this.#old.length > this.#maxPoints) this.#thin();
  }

  #measure(point: Point): void {
    const { value } = point;
    const distance = value - this.#mean;
    this.#mean += distance / (this.#count - this.#numNonFinite);
    this.#spread += distance * (value - this.#mean);
    if (!(value >= this.#min.value)) this.#min = point;
    if (!(value <= this.#max.value)) this.#max = point;
  }

  /** Lets the older half of the recent points go, and keeps as many of them as there is room for. */
  #thin(): void {
    const half = Math.floor(this.#maxPoints / 2);
    for (const point of this.#recent.splice(0, Math.max(1, this.#recent.length - half))) {
      if (this.#numLeft % this.#stride === 0) this.#old.push(point);
      this.#numLeft += 1;
    }
    while (this.#old.length > this.#maxPoints - half - Math.floor(half / 2)) {
      this.#old = this.#old.filter((_, i) => i % 2 === 0);
      this.#stride *= 2;
    }
  }

  get points(): HistoryPoints {
    const all = [...this.#old, ...this.#recent];
    return {
      values: all.map(({ value }) => value),
      steps: all.map(({ step }) => step),
      epochs: all.map(({ epoch }) => epoch),
    };
  }

  get latest(): number {
    return this.#latest;
  }

  get statistics(): SeriesStatistics {
    const numFinite = this.#count - this.#numNonFinite;
    const best = this.#mode === 'min' ? this.#min : this.#max;
    return {
      latest: this.#latest,
      best: best.value,
      bestStep: best.step,
      bestEpoch: best.epoch,
      mean: numFinite === 0 ? Number.NaN : this.#mean,
      std: numFinite === 0 ? Number.NaN : Math.sqrt(this.#spread / numFinite),
      min: this.#min.value,
      max: this.#max.value,
      count: this.#count,
      numNonFinite: this.#numNonFinite,
    };
  }
}
