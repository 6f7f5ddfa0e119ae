// What the kernels of a learnable temporal convolution are at the start.

import { randn } from '../../../tensor/create.ts';

export const TEMPORAL_INITS = ['gaussian_derivatives', 'biphasic', 'identity', 'random'] as const;
export type TemporalInit = (typeof TEMPORAL_INITS)[number];

type Kernel = readonly number[];

/** Kernels as rows, the latest frame last; undefined for 'random', which leaves them as a convolution starts.
 *  @returns instead what is wrong with the sizes, after "expected". */
export function temporalKernels(
  init: TemporalInit,
  { kernelSize, numChannels }: { kernelSize: number; numChannels: number },
): readonly Kernel[] | string | undefined {
  const channels = Array.from({ length: numChannels }, (_, channel) => channel);
  switch (init) {
    case 'random':
      return undefined;
    case 'identity':
      return channels.map((channel) => impulse(kernelSize, Math.min(channel, kernelSize - 1)));
    case 'biphasic':
      if (kernelSize < 2) return 'two frames or more for a biphasic kernel';
      return channels.map(() => biphasic(kernelSize));
    case 'gaussian_derivatives':
      if (kernelSize < 2 && numChannels > 1) return 'two frames or more for the derivative of a Gaussian';
      return channels.map((channel) => gaussianDerivative(kernelSize, channel));
  }
}

function impulse(size: number, at: number): Kernel {
  return Array.from({ length: size }, (_, i) => (i === at ? 1 : 0));
}

/** The Gaussian of deviation K / 6 over K frames (channel 0), its first and second derivative, then noise under the Gaussian; each of length 1. */
function gaussianDerivative(size: number, order: number): Kernel {
  const sigma = size / 6;
  const noise = order > 2 ? (randn([size]).toArray() as number[]) : [];
  const values = Array.from({ length: size }, (_, i) => {
    const t = i - (size - 1) / 2;
    const gaussian = Math.exp(-0.5 * (t / sigma) ** 2);
    if (order === 0) return gaussian;
    if (order === 1) return (-t / sigma ** 2) * gaussian;
    if (order === 2) return (((t / sigma) ** 2 - 1) / sigma ** 2) * gaussian;
    return noise[i]! * gaussian;
  });
  const length = Math.sqrt(values.reduce((sum, value) => sum + value ** 2, 0));
  return values.map((value) => value / length);
}

/** Of the two lobes, in frames of 1/120 s. */
const FAST = 0.008 * 120;
const SLOW = 0.022 * 120;

/** A fast lobe against a slower one: t e^(-t / fast) / fast^2 - 0.9 t e^(-t / slow) / slow^2 at frame t, its mean taken away and its positive part summing to 1. */
function biphasic(size: number): Kernel {
  const lobe = (t: number, tau: number): number => (t * Math.exp(-t / tau)) / tau ** 2;
  const values = Array.from({ length: size }, (_, t) => lobe(t, FAST) - 0.9 * lobe(t, SLOW));
  const mean = values.reduce((sum, value) => sum + value, 0) / size;
  const centred = values.map((value) => value - mean);
  const positive = centred.reduce((sum, value) => sum + Math.max(value, 0), 0);
  return centred.map((value) => value / positive);
}
