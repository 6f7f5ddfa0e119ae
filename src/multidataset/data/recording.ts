// A recording: tensors that count the same frames, as a file of one stimulus type has them.

import type { DType, Tensor } from '../../tensor/index.ts';

/** What a file says of one tensor. */
export interface TensorInfo {
  readonly dtype: DType | string;
  /** Its first entry counts frames. */
  readonly shape: readonly number[];
}

/** A recording in memory. */
export interface Recording {
  /** The file, for messages. */
  readonly name: string;
  readonly numFrames: number;
  readonly tensors: Readonly<Record<string, Tensor>>;
}
