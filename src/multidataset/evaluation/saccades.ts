// Saccades in the traces of an eye, and what responses do around events.

/** Samples of one eye, evenly spaced: [x, y] of each, without gaps. */
export interface EyeTrace {
  readonly x: ArrayLike<number>;
  readonly y: ArrayLike<number>;
  /** Samples a second. */
  readonly samplingRate: number;
}

export interface SaccadeOptions {
  /** The threshold, in robust standard deviations of the velocity. Default 6. */
  readonly lambda?: number;
  /** The shortest saccade, in seconds. Default 0.012. */
  readonly minSeconds?: number;
}

/** The samples at which saccades begin: where the velocity lies outside the ellipse (vx / ηx)² + (vy / ηy)² = 1 for `minSeconds`, with
 *  v(n) = (x(n+2) + x(n+1) - x(n-1) - x(n-2)) / 6 dt and η = λ sqrt(median(v²) - median(v)²).
 *  Source: Engbert and Kliegl 2003 (Vision Research 43:1035).
 *  @example
 *  import { detectSaccades } from 'sconce/multidataset';
 *  const x = Array.from({ length: 100 }, (_, n) => 0.01 * Math.sin(n) + (n < 50 ? 0 : 5));
 *  const y = Array.from({ length: 100 }, (_, n) => 0.01 * Math.cos(n));
 *  detectSaccades({ x, y, samplingRate: 240 }); // [48] */
export function detectSaccades({ x, y, samplingRate }: EyeTrace, options: SaccadeOptions = {}): number[] {
  const { lambda = 6, minSeconds = 0.012 } = options;
  const [vx, vy] = [x, y].map((trace) => velocities(trace, samplingRate));
  const [etaX, etaY] = [vx!, vy!].map((velocity) => lambda * robustDeviation(velocity));
  const minSamples = Math.max(1, Math.round(minSeconds * samplingRate));
  const starts: number[] = [];
  let length = 0;
  for (let n = 0; n < x.length; n++) {
    const isFast = (vx![n]! / etaX!) ** 2 + (vy![n]! / etaY!) ** 2 > 1;
    length = isFast ? length + 1 : 0;
    if (length === minSamples) starts.push(n - minSamples + 1);
  }
  return starts;
}

/** A mean over five samples; 0 at the two first and last. */
function velocities(trace: ArrayLike<number>, samplingRate: number): Float64Array {
  const result = new Float64Array(trace.length);
  for (let n = 2; n < trace.length - 2; n++)
    result[n] = ((trace[n + 2]! + trace[n + 1]! - trace[n - 1]! - trace[n - 2]!) * samplingRate) / 6;
  return result;
}

function robustDeviation(values: Float64Array): number {
  return Math.sqrt(Math.max(median(values.map((value) => value * value)) - median(values) ** 2, 0));
}

function median(values: Float64Array): number {
  const sorted = values.slice().sort();
  const middle = sorted.length / 2;
  return sorted.length % 2 === 1 ? sorted[Math.floor(middle)]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/** Responses over time, rows being consecutive. */
export interface Responses {
  /** Rows and units. */
  readonly shape: readonly [number, number];
  readonly robs: ArrayLike<number>;
  readonly rhat: ArrayLike<number>;
  /** 1 where a response counts. */
  readonly dfs: ArrayLike<number>;
}

/** Means around events, [bins of the window][units]; NaN where nothing counts. */
export interface EventTriggered {
  readonly robs: number[][];
  readonly rhat: number[][];
  /** Of these events. */
  readonly count: number;
}

/** Mean responses in a window around events, from `window[0]` up to and without `window[1]` bins behind each: sum dfs r / sum dfs. Events whose window leaves the rows are left out.
 *  Source: VisionCore's get_saccade_eval. */
export function eventTriggeredAverage(
  { shape: [numRows, numUnits], robs, rhat, dfs }: Responses,
  events: readonly number[],
  window: readonly [number, number],
): EventTriggered {
  const fitting = events.filter((event) => event + window[0] >= 0 && event + window[1] <= numRows);
  const offsets = Array.from({ length: window[1] - window[0] }, (_, i) => window[0] + i);
  const meanOf = (values: ArrayLike<number>): number[][] =>
    offsets.map((offset) =>
      Array.from({ length: numUnits }, (_, unit) => {
        let [sum, count] = [0, 0];
        for (const event of fitting) {
          const at = (event + offset) * numUnits + unit;
          if (dfs[at] === 0) continue; // what does not count may be NaN
          sum += values[at]! * dfs[at]!;
          count += dfs[at]!;
        }
        return count > 0 ? sum / count : Number.NaN;
      }),
    );
  return { robs: meanOf(robs), rhat: meanOf(rhat), count: fitting.length };
}

/** Events with neighbours, where they have some, between `least` and `most` bins away. Source: VisionCore's get_saccade_eval, from 0.1 to 0.5 s. */
export function spacedEvents(events: readonly number[], least: number, most: number): number[] {
  const isFit = (gap: number): boolean => gap > least && gap < most;
  return events.filter((event, i) => {
    const [before, after] = [events[i - 1], events[i + 1]];
    return (before === undefined || isFit(event - before)) && (after === undefined || isFit(after - event));
  });
}
