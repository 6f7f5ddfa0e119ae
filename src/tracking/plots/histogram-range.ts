// Which values the axis of histograms over time shows, so that one early spike does not leave a hairline of the rest.
import { type Binned, quantile } from './histogram-bins.ts';

/** Values from `low` to `high`. */
export interface ReadableRange {
  readonly low: number;
  readonly high: number;
  /** Whether more than a thousandth of some moment's values lie outside. */
  readonly isCut: boolean;
  /** The middle 99.8 % of every moment. */
  readonly reach: readonly [low: number, high: number];
}

/** Of fewer moments none is an exception. */
const MIN_MOMENTS = 5;
/** The share of moments, on each side, that may lie outside. */
const RARE = 0.1;
/** An axis is cut where that makes the rest at least so many times as large. */
const MIN_GAIN = 2;

/** The range of what most moments have between their 5th and 95th per cent, and half as much on each side, which holds a bell from end to end; or of the middle 99.8 % of
 *  all, where that is less than twice as wide. */
export function readableRange(moments: readonly Binned[]): ReadableRange {
  const at = (share: number): number[] => moments.map((bins) => quantile(bins, share)).sort((a, b) => a - b);
  const reach = [at(0.001)[0] ?? Number.NaN, at(0.999).at(-1) ?? Number.NaN] as const;
  const whole = { low: reach[0], high: reach[1], isCut: false, reach };
  if (moments.length < MIN_MOMENTS) return whole;
  const last = moments.length - 1;
  const [from, to] = [at(0.05)[Math.ceil(RARE * last)]!, at(0.95)[Math.floor((1 - RARE) * last)]!];
  const margin = (to - from) / 2;
  const [low, high] = [Math.max(reach[0], from - margin), Math.min(reach[1], to + margin)];
  if (!(margin > 0) || reach[1] - reach[0] < MIN_GAIN * (high - low)) return whole;
  return { low, high, isCut: true, reach };
}

/** The same counts, those outside of the range in a bin at its end, a hundredth of it wide. */
export function gathered({ edges, counts }: Binned, [low, high]: readonly [number, number]): Binned {
  const margin = (high - low) / 100;
  const inside: { from: number; to: number; count: number }[] = [];
  let [below, above] = [0, 0];
  for (const [bin, count] of counts.entries()) {
    const [from, to] = [edges[bin]!, edges[bin + 1]!];
    const share = (start: number, end: number): number => (Math.max(0, end - start) / (to - from)) * count;
    below += share(from, Math.min(to, low + margin));
    above += share(Math.max(from, high - margin), to);
    const [start, end] = [Math.max(from, low + margin), Math.min(to, high - margin)];
    if (end > start) inside.push({ from: start, to: end, count: share(start, end) });
  }
  const first = inside[0]?.from ?? high - margin;
  return {
    edges: [low, low + margin, first, ...inside.map(({ to }) => to), high - margin, high],
    counts: [below, 0, ...inside.map(({ count }) => count), 0, above],
  };
}
