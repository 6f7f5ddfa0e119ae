// Windows that a kernel is multiplied with, so that it lets no high frequencies through that its sampling cannot hold.

import { tensor } from '../../../tensor/create.ts';
import type { Tensor } from '../../../tensor/tensor.ts';
import type { SettingsReader } from '../settings-reader.ts';

/** The windows of torch.signal.windows. */
export const WINDOWS = [
  'bartlett',
  'blackman',
  'cosine',
  'exponential',
  'gaussian',
  'general_cosine',
  'general_hamming',
  'hamming',
  'hann',
  'kaiser',
  'nuttall',
] as const;
export type WindowName = (typeof WINDOWS)[number];

/** Settings of a window. The last five are each of one window alone. */
export interface WindowOptions {
  /** Raises every value to this power: below 1 wider, above 1 narrower. Default 1. */
  readonly power?: number;
  /** Whether both ends are alike; false leaves out the last of one point more, for spectra. Default true. */
  readonly sym?: boolean;
  /** Standard deviation in points, of `gaussian`. Default 1. */
  readonly std?: number;
  /** Decay in points, of `exponential`. Default 1. */
  readonly tau?: number;
  /** Weights of the cosines, of `general_cosine`, which has to have them. */
  readonly a?: readonly number[];
  /** Of `general_hamming`. Default 0.54. */
  readonly alpha?: number;
  /** Of `kaiser`: larger is narrower. Default 12. */
  readonly beta?: number;
}

/** A window of any size: its values, the largest of them 1. */
export type WindowOf = (size: number) => readonly number[];

type Shape = (position: number, size: number) => number; // position from 0 to size - 1

const cosines =
  (weights: readonly number[]): Shape =>
  (n, size) =>
    weights.reduce((sum, weight, i) => sum + (-1) ** i * weight * Math.cos((2 * Math.PI * i * n) / (size - 1)), 0);

/** The modified Bessel function of the first kind and order 0, by its series. */
function besselI0(x: number): number {
  let [sum, term] = [1, 1];
  for (let k = 1; term > sum * 1e-17; k++) {
    term *= (x / (2 * k)) ** 2;
    sum += term;
  }
  return sum;
}

const middleOf = (size: number): number => (size - 1) / 2;

/** Reads the options of a window and gives the window; notes what is wrong with them. */
function readShape(window: WindowName, options: SettingsReader): Shape {
  switch (window) {
    case 'bartlett':
      return (n, size) => 1 - Math.abs(n / middleOf(size) - 1);
    case 'blackman':
      return cosines([0.42, 0.5, 0.08]);
    case 'cosine':
      return (n, size) => Math.sin((Math.PI * (n + 0.5)) / size);
    case 'exponential': {
      const tau = options.number('tau', 1, { above: 0 });
      return (n, size) => Math.exp(-Math.abs(n - middleOf(size)) / tau);
    }
    case 'gaussian': {
      const std = options.number('std', 1, { above: 0 });
      return (n, size) => Math.exp(-(((n - middleOf(size)) / std) ** 2) / 2);
    }
    case 'general_cosine': {
      const weights = options.raw('a');
      const isFit = Array.isArray(weights) && weights.length > 0 && weights.every(Number.isFinite);
      if (!isFit) options.note('a', 'a list of numbers');
      return cosines(isFit ? weights : [1]);
    }
    case 'general_hamming': {
      const alpha = options.number('alpha', 0.54);
      return cosines([alpha, 1 - alpha]);
    }
    case 'hamming':
      return cosines([0.54, 0.46]);
    case 'hann':
      return cosines([0.5, 0.5]);
    case 'kaiser': {
      const beta = options.number('beta', 12, { least: 0 });
      return (n, size) => besselI0(beta * Math.sqrt(Math.max(1 - (n / middleOf(size) - 1) ** 2, 0))) / besselI0(beta);
    }
    case 'nuttall':
      return cosines([0.3635819, 0.4891775, 0.1365995, 0.0106411]);
  }
}

/** Reads a window. Rule: w(n) = max(s(n), 0)^power / max_m max(s(m), 0)^power. Rounding makes the ends of some windows a trifle negative, which has no
 *  root; they count as 0.
 *  Source: torch.signal.windows; Harris 1978, doi:10.1109/PROC.1978.10837; Kaiser's and Nuttall's as in SciPy. */
export function readWindow(window: WindowName, options: SettingsReader): WindowOf {
  const power = options.number('power', 1, { least: 0 });
  const isSymmetric = options.flag('sym', true);
  const shape = readShape(window, options);
  return (size) => {
    if (size === 1) return [1];
    const points = isSymmetric ? size : size + 1;
    const values = Array.from({ length: size }, (_, n) => Math.max(shape(n, points), 0) ** power);
    const largest = Math.max(...values);
    return values.map((value) => value / Math.max(largest, 1e-12));
  };
}

/** The product of a window for each axis, of shape [1, 1, ...sizes]. Axes of fewer points than `least` are left as they are. */
export function maskOf(windowOf: WindowOf, sizes: readonly number[], options: { least: number }): Tensor {
  const values = sizes.map((size) => (size < options.least ? new Array<number>(size).fill(1) : windowOf(size)));
  const product = values.reduce<readonly number[]>((all, axis) => all.flatMap((a) => axis.map((b) => a * b)), [1]);
  return tensor(Float64Array.from(product), { dtype: 'float32' }).reshape([1, 1, ...sizes]);
}
