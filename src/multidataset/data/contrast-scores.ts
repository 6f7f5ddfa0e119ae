// The contrast of every sample, for curricula: one number for each sample that there is, in the samples' order.

import { ConfigError } from '../../errors.ts';
import { scope, type Tensor } from '../../tensor/index.ts';
import type { Lags } from './config/dataset-config.ts';
import type { LaggedDataset } from './lagged-dataset.ts';

/** Frames whose contrast is computed at a time. */
const CHUNK = 4096;

/**
 * The contrast of every sample, divided by the median of all samples of all data sets: the standard deviation (of n - 1) of the pixels of its latest frame, in
 * float32. Source: VisionCore, which has a number for every recorded frame, and takes the first ones for the samples.
 * @throws {ConfigError} for data sets without `stim`, and where the median is 0.
 */
export function contrastScores(datasets: Readonly<Record<string, LaggedDataset>>): Record<string, Float32Array> {
  const without = Object.keys(datasets).filter((name) => !datasets[name]!.tensors.stim);
  if (without.length > 0)
    throw new ConfigError('compute contrast scores', [`keys_lags: expected stim in ${without.join(', ')}, got none`]);
  const raw = Object.entries(datasets).map(([name, dataset]) => [name, sampleContrasts(dataset)] as const);
  const sorted = Float32Array.from(raw.flatMap(([, scores]) => [...scores])).sort();
  const median = sorted[(sorted.length - 1) >> 1]!; // the lower of two, as torch.median
  if (!(median > 0))
    throw new ConfigError('compute contrast scores', [
      `expected pictures with contrast in more than half of the samples, got a median of ${median}; train without a curriculum`,
    ]);
  return Object.fromEntries(raw.map(([name, scores]) => [name, scores.map((score) => score / median)]));
}

function sampleContrasts({ tensors, keysLags, frames }: LaggedDataset): Float32Array {
  const latest = Math.min(...[keysLags.stim as Lags].flat());
  const ofFrames = frameContrasts(tensors.stim!);
  return Float32Array.from(frames, (frame) => ofFrames[frame - latest]!);
}

/** The standard deviation of each frame's pixels. @param stim - [frames, C, H, W] */
function frameContrasts(stim: Tensor): Float32Array {
  const numFrames = stim.shape[0]!;
  const all = new Float32Array(numFrames);
  for (let start = 0; start < numFrames; start += CHUNK) {
    scope(() => {
      const count = Math.min(CHUNK, numFrames - start);
      const pixels = stim.narrow(0, start, count).to('float32').reshape([count, -1]); // [T, C, H, W] -> [T, C * H * W]
      all.set(pixels.std({ dim: 1 }).toTypedArray() as Float32Array, start);
    });
  }
  return all;
}
