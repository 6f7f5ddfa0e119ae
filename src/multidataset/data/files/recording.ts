// A recording: tensors that count the same frames, as a file of one stimulus type has them.

import type { Tensor } from '../../../tensor/index.ts';

/** What a file says of one tensor. */
export interface TensorInfo {
  /** As the file names it. */
  readonly dtype: string;
  /** Its first entry counts frames. */
  readonly shape: readonly number[];
}

/** A file with tensors that are not yet read. */
export interface TensorSource {
  /** The file as messages name it. */
  readonly name: string;
  readonly tensors: ReadonlyMap<string, TensorInfo>;
  /** Frames per second, where the file says it: metadata `sampling_rate`. */
  readonly samplingRate: number | undefined;
  read(names: readonly string[]): Promise<Readonly<Record<string, Tensor>>>;
  close(): Promise<void>;
}

/** A recording in memory. */
export interface Recording {
  /** The file, for messages. */
  readonly name: string;
  readonly numFrames: number;
  readonly tensors: Readonly<Record<string, Tensor>>;
}

/** A rate as files write it: text. @throws {RangeError} for what is none. */
export function readRate(text: string | undefined, name: string): number | undefined {
  if (text === undefined) return undefined;
  const rate = Number(text);
  if (rate > 0 && rate < Number.POSITIVE_INFINITY) return rate;
  throw new RangeError(
    `Cannot read ${name}: expected a sampling_rate above 0 in its metadata, got ${JSON.stringify(text)}`,
  );
}
