// What became of a recorded step, operator by operator.

/** A look at memory. */
export interface ExplainedTensor {
  /** Tensors with the same number share their memory. */
  readonly storage: number;
  readonly dtype: string;
  readonly shape: readonly number[];
}

export interface ExplainedOperator {
  /** As in `addmm` or `mul.Tensor`. */
  readonly name: string;
  readonly arguments: readonly ExplainedTensor[];
  readonly results: readonly ExplainedTensor[];
  /** Bytes of the memory that it makes. */
  readonly bytes: number;
  /** Numbers that are read anew at each replay. */
  readonly numSlots: number;
  /** - `into its place`: it writes its result where that is to be.
   *  - `own memory`: it has no such form, and takes memory for its result, which goes when nobody needs it any more.
   *  - `in place`: it changes what there is.
   *  - `computed once`: it gives the same in every step.
   *  - `dropped`: a view, or nobody needs it. */
  readonly fate: 'into its place' | 'own memory' | 'in place' | 'computed once' | 'dropped';
  /** A replay's mean; 0 where nobody timed it. */
  readonly nanoseconds: number;
}

/** A recorded step before and after the passes. */
export interface CaptureExplanation {
  /** Of the memory that all intermediate results share. */
  readonly arenaBytes: number;
  /** Of all intermediate results together. */
  readonly madeBytes: number;
  readonly numFolded: number;
  readonly numDead: number;
  readonly numHoisted: number;
  /** Replays that were timed. */
  readonly numReplays: number;
  readonly operations: readonly ExplainedOperator[];
}

/** @internal */
export const readExplanation = (json: string): CaptureExplanation => JSON.parse(json) as CaptureExplanation;
