// The clocks of a run. Everything that is due at some moment is a pure function of them, so that a resumed run does the same.

/** Counters of a run; what a checkpoint stores of time. */
export interface Clocks {
  /** Optimizer updates. */
  step: number;
  /** Forward and backward passes. */
  microStep: number;
  /** Epochs completed; while one runs, its index. */
  epoch: number;
  /** Micro-steps done in the running epoch. */
  batchInEpoch: number;
  /** Samples seen by the model. */
  samples: number;
}

export function startClocks(): Clocks {
  return { step: 0, microStep: 0, epoch: 0, batchInEpoch: 0, samples: 0 };
}
