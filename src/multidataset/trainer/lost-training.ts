// `LostTraining`: ends a training of which no group counts any more, because its weights have become NaN or its data has nothing valid.

import type { Callback } from '../../trainer/loop/events.ts';
import type { LoopContext } from '../../trainer/loop/loop-context.ts';
import { WAY_OUT } from '../../trainer/loop/non-finite.ts';

/** So many batches in a row are not bad data any more. */
const MOST_IN_A_ROW = 100;

/** Looks at log points and at the ends of epochs, where values are read anyway, whether any group has counted. */
export class LostTraining implements Callback {
  readonly name = 'LostTraining';
  #sinceGood = 0;
  #lookedAt = 0;

  fitStart({ clocks }: LoopContext): void {
    this.#sinceGood = 0;
    this.#lookedAt = clocks.microStep;
  }

  logged(context: LoopContext, values: Readonly<Record<string, number>>): void {
    this.#look(context, values);
  }

  epochEnd(context: LoopContext, values: Readonly<Record<string, number>>): void {
    this.#look(context, values);
  }

  /** @throws {RangeError} where there was none in a hundred batches. */
  #look({ clocks }: LoopContext, values: Readonly<Record<string, number>>): void {
    this.#sinceGood = 'train_loss' in values ? 0 : this.#sinceGood + clocks.microStep - this.#lookedAt;
    this.#lookedAt = clocks.microStep;
    if (this.#sinceGood >= MOST_IN_A_ROW)
      throw new RangeError(
        `Cannot go on training: expected a group with a finite loss in ${MOST_IN_A_ROW} batches, got none in the last ${this.#sinceGood}; ${WAY_OUT}`,
      );
  }
}
