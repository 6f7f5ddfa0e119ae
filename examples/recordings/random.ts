// Random numbers that are the same on every machine: the generator sfc32, and what the simulation draws from it.
import type { Range } from './parameters.ts';

/** A stream of random numbers of its own for each list of seeds. Source: sfc32 of PractRand (Doty-Humphrey), with its 12 rounds of warm-up and more. */
export class Random {
  #a: number;
  #b: number;
  #c: number;
  #count = 1;
  #spare: number | undefined;

  constructor(...seeds: readonly [number, number?, number?]) {
    [this.#a, this.#b, this.#c] = [seeds[0] | 0, (seeds[1] ?? 0) | 0, (seeds[2] ?? 0) | 0];
    for (let round = 0; round < 20; round++) this.uniform();
  }

  /** From 0 to 1, without 1. */
  uniform(): number {
    const sum = (this.#a + this.#b + this.#count++) | 0;
    this.#a = this.#b ^ (this.#b >>> 9);
    this.#b = (this.#c + (this.#c << 3)) | 0;
    this.#c = (((this.#c << 21) | (this.#c >>> 11)) + sum) | 0;
    return (sum >>> 0) / 2 ** 32;
  }

  between([low, high]: Range): number {
    return low + (high - low) * this.uniform();
  }

  /** Of mean 0 and deviation 1, in pairs by Box and Muller. */
  normal(): number {
    if (this.#spare !== undefined) {
      const spare = this.#spare;
      this.#spare = undefined;
      return spare;
    }
    const radius = Math.sqrt(-2 * Math.log(1 - this.uniform()));
    const angle = 2 * Math.PI * this.uniform();
    this.#spare = radius * Math.sin(angle);
    return radius * Math.cos(angle);
  }

  /** Of the given mean. */
  exponential(mean: number): number {
    return -mean * Math.log(1 - this.uniform());
  }

  /** A count of the given mean, by multiplying until e^-mean is passed; means above 30 are drawn as sums. */
  poisson(mean: number): number {
    let count = 0;
    for (let rest = mean; rest > 0; rest -= 30) {
      const limit = Math.exp(-Math.min(rest, 30));
      for (let product = this.uniform(); product > limit; product *= this.uniform()) count++;
    }
    return count;
  }
}
