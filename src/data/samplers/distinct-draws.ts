// A few different samples out of many, without work for each of the many.
import { weightedOrder } from './weighted-order.ts';

/** What {@link drawDistinct} draws from. */
export interface DistinctDraws {
  /** How many different samples are wanted. At least as many have a weight above 0. */
  readonly count: number;
  /** Draws one of all samples in proportion to the weights; every `attempt` is another draw. */
  draw(attempt: number): number;
  /** The weights of all samples, in an array that is the caller's. */
  weights(): Float64Array;
  /** A number uniform in [0, 1) for each sample, from another stream than `draw`. */
  drawAt(index: number): number;
}

/**
 * Different samples, each drawn among those that are left in proportion to its weight: draws from all, of which those that come again are thrown away. Where that
 * does not end soon (nearly all samples are wanted, or a few of them have nearly all the weight), the rest comes from one pass over the samples that are left,
 * by the same law: which samples were drawn so far says nothing about those to come.
 */
export function drawDistinct({ count, draw, weights, drawAt }: DistinctDraws): Int32Array {
  const drawn = new Set<number>();
  const maxAttempts = 4 * count + 64;
  for (let attempt = 0; attempt < maxAttempts && drawn.size < count; attempt++) drawn.add(draw(attempt));
  if (drawn.size === count) return Int32Array.from(drawn);
  const left = weights();
  for (const index of drawn) left[index] = 0;
  return Int32Array.from([...drawn, ...weightedOrder(left, count - drawn.size, drawAt)]);
}
