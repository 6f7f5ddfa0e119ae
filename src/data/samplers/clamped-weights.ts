// Draws in proportion to min(alpha * score, 1), for any alpha, from one table of the sorted scores.
import { sortedPlaces } from './sorted-places.ts';

/** Scores between two stored sums: 1/8 byte a sample, and half as many additions a draw. */
const BLOCK = 64;

/**
 * A sorted list of scores with sums over it. For any `alpha`, the scores from 1 / alpha on have weight 1 and those below alpha * score: the sorted list falls
 * into two parts, so that a draw is a binary search and a change of alpha another, in O(log n), with no work for each sample.
 * Memory: 8 bytes a sample for scores and order, 1/8 for the sums; 8 bytes a sample more while it is made.
 */
export class ClampedWeights {
  /** Scores, ascending. */
  readonly #scores: Float32Array;
  /** The samples that have them. */
  readonly #order: Int32Array;
  /** Entry b is the sum of the scores before place b * BLOCK of the order. */
  readonly #sums: Float64Array;
  // What belongs to the alpha of the last draw: batch after batch has the same.
  #alpha = Number.NaN;
  /** Places of the order before this one have a weight below 1. */
  #numBelow = 0;
  #weightBelow = 0;

  /** @param scores - finite, from 0 on, not all 0. */
  constructor(scores: Float32Array) {
    const length = scores.length;
    const bits = new Uint32Array(scores.buffer, scores.byteOffset, length); // of floats from 0 on are in the floats' order
    this.#order = sortedPlaces(length, (sample) => bits[sample]!);
    this.#scores = new Float32Array(length);
    this.#sums = new Float64Array(Math.ceil(length / BLOCK) + 1);
    let sum = 0;
    for (let place = 0; place < length; place++) {
      if (place % BLOCK === 0) this.#sums[place / BLOCK] = sum;
      this.#scores[place] = scores[this.#order[place]!]!;
      sum += this.#scores[place]!;
    }
    this.#sums[this.#sums.length - 1] = sum;
  }

  /** How many scores are above 0. */
  get numPositive(): number {
    const first = this.#scores.findIndex((score) => score > 0);
    return first < 0 ? 0 : this.#scores.length - first;
  }

  /** min(alpha * score, 1) of every sample, in their order. */
  weights(alpha: number): Float64Array {
    return new Float64Array(this.scores()).map((score) => Math.min(alpha * score, 1));
  }

  /** The scores as they were given. */
  scores(): Float32Array {
    const scores = new Float32Array(this.#scores.length);
    this.#order.forEach((sample, place) => {
      scores[sample] = this.#scores[place]!;
    });
    return scores;
  }

  /** The sample that `u`, uniform in [0, 1), draws: sample i with probability min(alpha * score_i, 1) / sum. Alpha: finite, above 0. */
  draw(u: number, alpha: number): number {
    if (alpha !== this.#alpha) this.#split(alpha);
    const numBelow = this.#numBelow;
    const numAbove = this.#order.length - numBelow;
    const value = u * (this.#weightBelow + numAbove);
    if (value < this.#weightBelow) return this.#order[this.#placeOf(value / alpha, numBelow)]!;
    const above = Math.min(Math.floor(value - this.#weightBelow), numAbove - 1);
    return this.#order[numBelow + above]!;
  }

  #split(alpha: number): void {
    let low = 0;
    let high = this.#order.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (alpha * this.#scores[middle]! >= 1) high = middle;
      else low = middle + 1;
    }
    const block = Math.floor(low / BLOCK);
    let sum = this.#sums[block]!;
    for (let place = block * BLOCK; place < low; place++) sum += this.#scores[place]!;
    this.#alpha = alpha;
    this.#numBelow = low;
    this.#weightBelow = alpha * sum;
  }

  /** The first place whose sum of scores, its own included, is above `value`; before `end`, and never a place of score 0. */
  #placeOf(value: number, end: number): number {
    let low = 0;
    let high = Math.ceil(end / BLOCK) - 1;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#sums[middle + 1]! > value) high = middle;
      else low = middle + 1;
    }
    let sum = this.#sums[low]!;
    let place = low * BLOCK;
    while (place < end - 1) {
      sum += this.#scores[place]!;
      if (sum > value) break;
      place++;
    }
    return place;
  }
}
