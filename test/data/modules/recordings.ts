// Recordings as VisionCore has them: every session with its own number of units.
import { arange, type Tensor } from 'sconce';
import { type Dataset, groupCollate } from 'sconce/data';

export interface RecordingOptions {
  readonly length: number;
  readonly numUnits: number;
}

export interface Recording {
  readonly stim: Tensor;
  readonly robs: Tensor;
  readonly dfs: Tensor;
}

export default function recordings({ length, numUnits }: RecordingOptions): Dataset<Recording> {
  return {
    name: 'recordings',
    length,
    get: async (index) => ({
      stim: arange(index, index + 4, { dtype: 'uint8' }).reshape([1, 1, 2, 2]), // [C, T, H, W]
      robs: arange(numUnits).add(index),
      dfs: arange(numUnits).gt(0),
    }),
  };
}

export const collate = groupCollate;
