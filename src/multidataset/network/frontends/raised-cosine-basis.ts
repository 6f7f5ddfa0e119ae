// Functions of time that stand for a history: impulses, and cosine bumps that grow wider with their distance.

import { ConfigError } from '../../../errors.ts';
import { checkOptions, count, flag, type Rule } from '../../../metrics/options.ts';
import { tensor } from '../../../tensor/from-data.ts';
import type { Tensor } from '../../../tensor/tensor.ts';

// K functions, L bins of history.

export interface RaisedCosineOptions {
  /** Impulses, the first at the latest bin. Default 0. */
  readonly numDeltaFuncs?: number;
  /** Default 10. */
  readonly numCosineFuncs?: number;
  /** Bins of history. Default 32. */
  readonly historyBins?: number;
  /** Whether peaks and widths are even in the logarithm of time; else in time. Default true. */
  readonly logSpacing?: boolean;
  /** Of the first and the last peak. Default [5, 100]. */
  readonly peakRangeMs?: readonly [first: number, last: number];
  /** Default 5. */
  readonly binSizeMs?: number;
  /** Whether each function has length 1. Default true. */
  readonly normalize?: boolean;
  /** Whether functions are made orthogonal, one after the other. Default false. */
  readonly orthogonalize?: boolean;
}

const isNumber = (value: unknown): value is number => typeof value === 'number' && Number.isFinite(value);
const rising: Rule = [
  'two numbers of at least 0, the second above the first',
  (value) => {
    if (!Array.isArray(value) || value.length !== 2 || !value.every(isNumber)) return false;
    const [first, last] = value as [number, number];
    return first >= 0 && last > first;
  },
];
export const RAISED_COSINE_RULES: Readonly<Record<keyof RaisedCosineOptions, Rule>> = {
  numDeltaFuncs: count(0),
  numCosineFuncs: count(0),
  historyBins: count(),
  logSpacing: flag,
  peakRangeMs: rising,
  binSizeMs: ['a number above 0', (value) => isNumber(value) && value > 0],
  normalize: flag,
  orthogonalize: flag,
};

/** Functions over the bins of a history, the latest bin first; the bin of the present has none of them, so that a unit sees the past alone.
 *
 *  Formula, with t = i binSizeMs for bin i: bump k is (1 + cos(pi (f(t) - f(c_k)) / w)) / 2 where |f(t) - f(c_k)| <= w, else 0; f is the logarithm (of t + 1e-6), or the identity
 *  without `logSpacing`; the c_k are even in f over `peakRangeMs`, w is twice their distance. A single bump lies in the middle and has the range for w.
 *
 *  Shape: [K, 1, L + 1], impulses first.
 *  @throws {ConfigError} for options that do not fit, and for functions that are zero over the whole history or that cannot be made orthogonal.
 *  Source: Pillow et al. 2008, doi:10.1038/nature07140; VisionCore's make_raised_cosine_basis.
 *  @example
 *  import { raisedCosineBasis } from 'sconce/multidataset';
 *  raisedCosineBasis({ numDeltaFuncs: 1, numCosineFuncs: 4, historyBins: 20 }).shape; // [5, 1, 21] */
export function raisedCosineBasis(options: RaisedCosineOptions = {}): Tensor {
  checkOptions('make a basis of raised cosines', options, RAISED_COSINE_RULES);
  const { numDeltaFuncs = 0, numCosineFuncs = 10, historyBins = 32, logSpacing = true } = options;
  const { peakRangeMs = [5, 100], normalize = true, orthogonalize = false } = options;
  const bins = Array.from({ length: historyBins }, (_, bin) => bin);
  const impulses = Array.from({ length: numDeltaFuncs }, (_, k) => bins.map((bin) => (bin === k ? 1 : 0)));
  let functions = [...impulses, ...cosines(bins, numCosineFuncs, options)].map((values) => [0, ...values]);
  const problems = functions.flatMap((values, k) =>
    values.every((value) => value === 0)
      ? [`function ${k}: expected a value above 0 in some bin, got zeros alone`]
      : [],
  );
  if (logSpacing && peakRangeMs[0] === 0)
    problems.push('peakRangeMs: expected a first peak above 0 with logSpacing, got 0');
  if (functions.length === 0) problems.push('numDeltaFuncs, numCosineFuncs: expected one function or more, got none');
  if (problems.length === 0 && normalize) functions = functions.map((values) => scaled(values));
  if (problems.length === 0 && orthogonalize) functions = orthogonal(functions, problems);
  if (problems.length > 0) throw new ConfigError('make a basis of raised cosines', problems);
  return tensor(functions).unsqueeze(1);
}

function cosines(bins: readonly number[], numCosines: number, options: RaisedCosineOptions): number[][] {
  const { logSpacing = true, peakRangeMs = [5, 100], binSizeMs = 5 } = options;
  const [first, last] = logSpacing ? peakRangeMs.map(Math.log) : peakRangeMs;
  const range = last! - first!;
  const step = range / (numCosines - 1);
  const width = numCosines === 1 ? range : 2 * step;
  return Array.from({ length: numCosines }, (_, k) => {
    const centre = numCosines === 1 ? first! + range / 2 : first! + k * step;
    return bins.map((bin) => {
      const time = bin * binSizeMs;
      const angle = (((logSpacing ? Math.log(time + 1e-6) : time) - centre) * Math.PI) / width;
      return Math.abs(angle) > Math.PI ? 0 : (Math.cos(angle) + 1) / 2;
    });
  });
}

const dot = (a: readonly number[], b: readonly number[]): number => a.reduce((sum, value, i) => sum + value * b[i]!, 0);
const scaled = (values: readonly number[]): number[] => {
  const length = Math.sqrt(dot(values, values));
  return values.map((value) => value / length);
};

/** Gram and Schmidt, each result of length 1. */
function orthogonal(functions: readonly (readonly number[])[], problems: string[]): number[][] {
  const done: number[][] = [];
  for (const [k, values] of functions.entries()) {
    let rest = [...values];
    for (const other of done) {
      const share = dot(other, values);
      rest = rest.map((value, i) => value - share * other[i]!);
    }
    if (dot(rest, rest) < 1e-10 * dot(values, values))
      problems.push(`orthogonalize: expected functions that differ, got function ${k} as a sum of those before it`);
    done.push(scaled(rest));
  }
  return done;
}
