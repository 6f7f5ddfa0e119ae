// Where the time of steps goes, loader by loader: sums of wall-clock time, read at log points. Nothing waits for a device: on one that works beside the host these are
// the times of the host.

import { profilingNames } from '../../data/index.ts';

/** The parts of a step. */
export const STEP_PARTS = ['data', 'forward', 'backward', 'optimizer', 'batch_wait'] as const;

export type StepPart = (typeof STEP_PARTS)[number];

const NUM_PARTS = STEP_PARTS.length;

/** Means of the times since the last log point, `profile/train/dl_{name}/time_forward_ms`. Source: model-training-framework. */
export class StepTimes {
  readonly #keys: readonly string[];
  readonly #sums: Float64Array;
  readonly #counts: Uint32Array;

  constructor(phase: 'train' | 'val' | 'test', loaderNames: readonly string[]) {
    this.#keys = profilingNames(loaderNames).flatMap((name) =>
      STEP_PARTS.map((part) => `profile/${phase}/dl_${name}/time_${part}_ms`),
    );
    this.#sums = new Float64Array(this.#keys.length);
    this.#counts = new Uint32Array(this.#keys.length);
  }

  /** @param part - its place in `STEP_PARTS`. */
  add(loaderIndex: number, part: number, ms: number): void {
    const at = loaderIndex * NUM_PARTS + part;
    this.#sums[at]! += ms;
    this.#counts[at]! += 1;
  }

  /** What was measured since the last call. */
  take(): Record<string, number> {
    const means: Record<string, number> = {};
    for (const [at, count] of this.#counts.entries()) if (count > 0) means[this.#keys[at]!] = this.#sums[at]! / count;
    this.#sums.fill(0);
    this.#counts.fill(0);
    return means;
  }
}
