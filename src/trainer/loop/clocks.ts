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
  /** The step of the last validation that counted; 0 before the first. A validation that was due and is not noted here is made up for on resume. */
  validatedAt: number;
  /** Wall clock: how long the run has trained, all its processes together. Here and in the next two, equal runs may differ. */
  elapsedSeconds: number;
  /** `elapsedSeconds` of the last validation. */
  validatedAtSeconds: number;
  /** `elapsedSeconds` of the last checkpoint. */
  savedAtSeconds: number;
}

/** The clocks that count; the others measure time. */
export const COUNTS = ['step', 'microStep', 'epoch', 'batchInEpoch', 'samples', 'validatedAt'] as const;

export function startClocks(): Clocks {
  return {
    step: 0,
    microStep: 0,
    epoch: 0,
    batchInEpoch: 0,
    samples: 0,
    validatedAt: 0,
    elapsedSeconds: 0,
    validatedAtSeconds: 0,
    savedAtSeconds: 0,
  };
}
