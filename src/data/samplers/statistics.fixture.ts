// What tests of samplers count and compare.
import { Purpose, permutation } from '../philox.ts';
import type { Order, Sampler, SamplerInput } from './sampler.ts';

/** Everything that an order plays. */
export function list<T>(order: Order<T>, input?: SamplerInput): T[] {
  return Array.from({ length: order.length }, (_, position) => order.at(position, input));
}

export function range(length: number): number[] {
  return Array.from({ length }, (_, i) => i);
}

export function ascending(values: readonly number[]): number[] {
  return [...values].sort((a, b) => a - b);
}

/** How often each of 0 to length - 1 comes. */
export function countEach(values: Iterable<number>, length: number): number[] {
  const counts = new Array<number>(length).fill(0);
  for (const value of values) counts[value]!++;
  return counts;
}

/** Sum of (count - expected)^2 / expected; Infinity where something came that cannot. `shares` are probabilities up to a common factor. */
export function chiSquare(counts: readonly number[], shares: readonly number[]): number {
  const draws = counts.reduce((sum, count) => sum + count, 0);
  const whole = shares.reduce((sum, share) => sum + share, 0);
  return counts.reduce((sum, count, i) => {
    const expected = (draws * shares[i]!) / whole;
    if (expected === 0) return count === 0 ? sum : Number.POSITIVE_INFINITY;
    return sum + (count - expected) ** 2 / expected;
  }, 0);
}

/** What a chi-square of so many degrees of freedom exceeds once in a thousand seeds (Wilson and Hilferty's approximation); tests fix their seeds. */
export function chiSquareLimit(degrees: number): number {
  const spread = 2 / (9 * degrees);
  return degrees * (1 - spread + 3.0902 * Math.sqrt(spread)) ** 3;
}

/** The positions at which an order, asked in sequence, differs from one of the same epoch that is asked at random: none where orders are pure. */
export function differingPositions<T>(sampler: Sampler<T>, epoch: number, input?: SamplerInput): number[] {
  const played = list(sampler.order(epoch), input).map(String);
  const again = sampler.order(epoch);
  const positions = [...permutation(played.length, { seed: 99, epoch: 0, purpose: Purpose.permutation })];
  return [...positions, ...positions].filter((position) => String(again.at(position, input)) !== played[position]);
}
