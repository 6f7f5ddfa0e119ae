// What became of a recorded step, operator by operator.

import type { Device } from '../device.ts';

/** A look at memory. */
export interface ExplainedTensor {
  /** As the operator's schema calls the argument or the result; of lists all have one name. */
  readonly name: string;
  /** Tensors with the same number share their memory. */
  readonly storage: number;
  readonly dtype: string;
  readonly shape: readonly number[];
  /** In elements. */
  readonly strides: readonly number[];
  /** In elements, from the beginning of the memory, or of an argument of the step. */
  readonly offset: number;
  /** Whose memory it is: made by the step, there before (parameters, optimizer state), an argument of the step, or a gradient that parameters came with. */
  readonly origin: 'step' | 'outside' | 'argument' | 'gradient';
  /** Of a memory with a place in the arena: where it begins, in bytes. */
  readonly place?: number;
}

export interface ExplainedOperator {
  /** As in `addmm` or `mul.Tensor`. */
  readonly name: string;
  readonly arguments: readonly ExplainedTensor[];
  /** What it is given beside tensors, by the schema's names: numbers, shapes, dtypes as text, as in `{ alpha: '1' }`. */
  readonly values: Readonly<Record<string, string>>;
  readonly results: readonly ExplainedTensor[];
  /** Bytes of the memory that it makes. */
  readonly bytes: number;
  /** Numbers that are read anew at each replay. */
  readonly numSlots: number;
  /** - `into its place`: it writes its result where that is to be.
   *  - `own memory`: it has no such form, and takes memory for its result, which goes when nobody needs it any more.
   *  - `in place`: it changes what there is.
   *  - `computed once`: it gives the same in every step.
   *  - `folded`: a view, which is made once.
   *  - `dropped`: nobody needs it. */
  readonly fate: 'into its place' | 'own memory' | 'in place' | 'computed once' | 'folded' | 'dropped';
  /** Whether its result is written over an argument that nobody needs any more. */
  readonly isOverwriting: boolean;
  /** Whether a kernel of ours is called by its address, without libtorch's way to its own. */
  readonly isDirect: boolean;
  /** Of a step on a GPU, the number of the CUDA graph that it is in, from 0; undefined where the host calls it, and where it is not run at each replay. On the
   *  CPU, where it would be. */
  readonly graph?: number;
  /** A replay's mean; 0 where nobody timed it. */
  readonly nanoseconds: number;
}

/** A recorded step before and after the passes. */
export interface CaptureExplanation {
  /** Where its tensors are. One on a GPU may have some on the CPU, too. */
  readonly device: Device;
  /** Why a step on a GPU is replayed by calls and not as CUDA graphs, where it is. */
  readonly graphRefusal?: string;
  /** Of the memory that all intermediate results share. */
  readonly arenaBytes: number;
  /** Of all intermediate results together. */
  readonly madeBytes: number;
  readonly numFolded: number;
  readonly numDead: number;
  readonly numHoisted: number;
  readonly numOverwriting: number;
  /** Replays that were timed. */
  readonly numReplays: number;
  /** A timed replay's mean, from its first operator to its last result. */
  readonly replayNanoseconds: number;
  /** The mean of the calls around them, with the JavaScript that looks whether the recording fits and makes results. */
  readonly stepNanoseconds: number;
  /** What the step is given and gives. */
  readonly arguments: readonly ExplainedTensor[];
  readonly results: readonly ExplainedTensor[];
  readonly operations: readonly ExplainedOperator[];
}

/** @internal */
export const readExplanation = (json: string, stepNanoseconds: number): CaptureExplanation => ({
  ...(JSON.parse(json) as CaptureExplanation), // as the addon writes it
  stepNanoseconds,
});
