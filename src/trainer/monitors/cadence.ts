// When a monitor looks: at the first update of a run, and at the updates at which a clock passes a multiple of a number.

import type { LoopContext } from '../loop/loop-context.ts';

/** A pure function of the clocks, so that a resumed run looks at the same steps. Several optimizers each have their own turn. */
export class Cadence {
  readonly #clock: 'step' | 'microStep';
  readonly #every: number;
  /** By optimizer: the clock at its last update that was asked about. */
  #asked: number[] = [];

  constructor(clock: 'step' | 'microStep', every: number) {
    this.#clock = clock;
    this.#every = every;
  }

  /** At the start of a fit. */
  begin({ clocks, optimizers }: LoopContext): void {
    this.#asked = optimizers.map(() => clocks[this.#clock]);
  }

  /** Asked once at the start of each update. */
  isDue({ clocks, optimizerIndex }: LoopContext): boolean {
    const now = this.#clock === 'step' ? clocks.step + 1 : clocks.microStep;
    const before = this.#asked[optimizerIndex]!;
    this.#asked[optimizerIndex] = now;
    return clocks.step === 0 || Math.floor(now / this.#every) > Math.floor(before / this.#every);
  }
}
