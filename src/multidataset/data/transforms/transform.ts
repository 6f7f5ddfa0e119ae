// What a transform of a recording is: a function of a whole tensor [frames, …], made from its parameters.

import type { Tensor } from '../../../tensor/index.ts';
import type { OpMaker } from '../config/ops.ts';

/** Makes a tensor [frames, …] of another one, which it leaves as it is. Runs in a scope that frees what lies between. */
export type Transform = (x: Tensor) => Tensor;

/** What transforms know of the data set. */
export interface TransformContext {
  readonly cids: readonly number[];
  /** Frames per second of what is transformed, where it is known. */
  readonly samplingRate?: number | undefined;
}

export type TransformMaker = OpMaker<TransformContext, Transform>;
