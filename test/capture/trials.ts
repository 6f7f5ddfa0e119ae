// Trials that are played twice, with steps as they are written and with captured ones, and must see the same numbers.
import { type CapturedStep, type CaptureOptions, capture, manualSeed, type Tensor } from '../../src/tensor/index.ts';

/** A step, plain or captured: `capture` for the one, the step itself for the other. */
export type Capture = <Args extends readonly unknown[], Result>(
  step: (...args: Args) => Result,
) => ((...args: Args) => Result) & { dispose?: () => void };

/** Everything that a trial has seen, in numbers. */
export type Trial = (capture: Capture) => unknown[];

export interface Fate {
  readonly seen: unknown[];
  readonly steps: readonly CapturedStep<readonly unknown[], unknown>[];
}

export function play(trial: Trial, isCaptured: boolean, options: CaptureOptions = { checkEvery: 0 }): Fate {
  manualSeed(7);
  const steps: CapturedStep<readonly unknown[], unknown>[] = [];
  const captured: Capture = (step) => {
    if (!isCaptured) return step;
    const made = capture(step, options);
    steps.push(made as never);
    return made;
  };
  return { seen: trial(captured), steps };
}

export const values = (...tensors: (Tensor | undefined)[]): unknown[] => tensors.map((each) => each?.toArray());
