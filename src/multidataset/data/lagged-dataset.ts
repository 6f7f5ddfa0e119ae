// `LaggedDataset`: samples that are windows of recordings, gathered a whole batch at a time.

import { checkIndex } from '../../data/datasets/dataset.ts';
import type { BatchContext, Collated, Dataset } from '../../data/index.ts';
import { scope, type Tensor, tensor } from '../../tensor/index.ts';
import type { Lags } from './config/dataset-config.ts';

/** One sample by key, or a batch of them. */
export type LaggedSample = { [key: string]: Tensor };

/** What a {@link LaggedDataset} is made of. */
export interface LaggedDatasetParts {
  readonly name: string;
  /** By key: [frames, …], the same number of frames in each. */
  readonly tensors: Readonly<Record<string, Tensor>>;
  /** The frame of each sample. All its lags have to lie inside the tensors. */
  readonly frames: Int32Array;
  /** The keys of a sample, and which frames before its own each takes. */
  readonly keysLags: Readonly<Record<string, Lags>>;
}

/**
 * Samples that are windows of recordings: for a key with one lag, the frame so many frames before the sample's own; with several lags these frames, stacked in the
 * lags' order. Nothing is copied before it is asked for; a batch is one gather a key, whatever the number of lags.
 * Shape: one lag [frames, …] -> […]; L lags [frames, …] -> [L, …]; `stim` [frames, C, H, W] -> [C, L, H, W], with L = 1 for one lag.
 * The tensors stay the caller's, who must keep them alive.  Source: VisionCore, CombinedEmbeddedDataset.
 * @example
 * import { LaggedDataset } from 'sconce/multidataset';
 * const tensors = { stim: arange(10).view([10, 1, 1, 1]), robs: arange(10).mul(100) };
 * const dataset = new LaggedDataset({ name: 'count', tensors, frames: Int32Array.of(4, 9), keysLags: { stim: [0, 1, 2], robs: 0 } });
 * const { stim, robs } = dataset.getBatch(Int32Array.of(1, 0));
 * [stim!.shape, stim!.flatten().toArray(), robs!.toArray()]; // [[2, 1, 3, 1, 1], [9, 8, 7, 4, 3, 2], [900, 400]]
 */
export class LaggedDataset implements Dataset<LaggedSample> {
  readonly name: string;
  readonly length: number;
  readonly tensors: Readonly<Record<string, Tensor>>;
  readonly frames: Int32Array;
  readonly keysLags: Readonly<Record<string, Lags>>;

  constructor({ name, tensors, frames, keysLags }: LaggedDatasetParts) {
    this.name = name;
    this.length = frames.length;
    this.tensors = tensors;
    this.frames = frames;
    this.keysLags = keysLags;
  }

  get(index: number): LaggedSample {
    checkIndex(this, index, 'get a sample');
    return scope(() => {
      const batch = this.getBatch(Int32Array.of(index));
      return Object.fromEntries(Object.entries(batch).map(([key, value]) => [key, value.select(0, 0)]));
    });
  }

  getBatch(indices: Int32Array, _context?: BatchContext): Collated<LaggedSample> {
    const frames = indices.map((index) => this.frames[index]!);
    const rows = new Map<string, Tensor>();
    return scope(() =>
      Object.fromEntries(
        Object.entries(this.keysLags).map(([key, lags]) => {
          const name = String(lags);
          const at = rows.get(name) ?? tensor(framesAt(frames, lags));
          rows.set(name, at);
          const found = this.tensors[key]!.indexSelect(0, at); // [frames, ...] -> [B * L, ...]
          return [key, shaped(key, found, [frames.length, typeof lags === 'number' ? undefined : lags.length])];
        }),
      ),
    );
  }
}

/** The frames of a batch: for each sample its lags in their order. */
function framesAt(frames: Int32Array, lags: Lags): Int32Array {
  if (typeof lags === 'number') return frames.map((frame) => frame - lags);
  const all = new Int32Array(frames.length * lags.length);
  let at = 0;
  for (const frame of frames) for (const lag of lags) all[at++] = frame - lag;
  return all;
}

function shaped(key: string, found: Tensor, [count, numLags]: readonly [number, number | undefined]): Tensor {
  const rest = found.shape.slice(1);
  if (key === 'stim') return found.view([count, numLags ?? 1, ...rest]).transpose(1, 2); // [B * L, C, H, W] -> [B, C, L, H, W]
  return numLags === undefined ? found : found.view([count, numLags, ...rest]); // [B * L, ...] -> [B, L, ...]
}
