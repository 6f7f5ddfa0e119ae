// Counts the operations of one training batch, once, while it runs.

import { NativeError } from '../../errors.ts';
import { OperatorRecorder } from '../../tensor/profiler/operator-recorder.ts';

/** Room for the operators of a batch. */
const MAX_OPERATORS = 200_000;

/** Begin, then end with the samples of the batch; until it has counted, again for the next one. */
export class StepFlops {
  #recorder: OperatorRecorder | undefined;
  #perSample: number | undefined;

  /** Of one sample; undefined before a batch was counted, and where it has no operation that counts. */
  get perSample(): number | undefined {
    return this.#perSample || undefined;
  }

  /** Whether a batch is still to be counted. */
  get isWanted(): boolean {
    return this.#perSample === undefined;
  }

  /** Leaves it to a later batch where operators are being recorded for somebody else. */
  begin(): void {
    try {
      this.#recorder = new OperatorRecorder({ maxOperators: MAX_OPERATORS, countsFlops: true }).start();
    } catch (error) {
      if (!(error instanceof NativeError)) throw error;
    }
  }

  /** @param numSamples - 0 for a batch that was not played to its end, and does not count. */
  end(numSamples: number): void {
    if (!this.#recorder) return;
    const profile = this.#recorder.stop();
    this.#recorder = undefined;
    if (numSamples === 0 || profile.numDropped > 0) return;
    let flops = 0;
    for (let i = 0; i < profile.length; i++) flops += profile.flopsAt(i);
    this.#perSample = flops / numSamples;
  }
}
