// What is known of a training step beside that it can be called: whether Sconce wrote it, and whether it is told where its batch stands.

import type { StepOutput, TrainingOutput } from './step.ts';

type Step = (...args: never[]) => unknown;

/** A step that is captured without its metrics: these count, and are updated where it pauses. */
export interface StepInParts {
  /** What can be captured. @returns values of the batch, and what the metrics see of it. */
  readonly run: (batch: unknown) => { readonly values: TrainingOutput; readonly seen: object };
  /** Updates metrics. @param seen - copies. @returns further values. */
  readonly measure: (seen: never) => StepOutput;
}

interface Facts {
  readonly isStandard: boolean;
  readonly takesPlace: boolean;
  readonly inParts: StepInParts | undefined;
}

const known = new WeakMap<Step, Facts>();

/** Marks a step that computes its values of the batch alone, as far as its modules do: nothing is counted in it, no state of the program read.
 *  @param facts.inParts - of one with metrics, which do count.
 *  @param facts.isStandard - false for one with a function of the user's. */
export function markStandard<S extends Step>(step: S, facts: Partial<Omit<Facts, 'takesPlace'>> = {}): S {
  known.set(step, { isStandard: true, inParts: undefined, ...facts, takesPlace: false });
  return step;
}

/** Has a function that calls a step pass for it. */
export function standsFor<S extends Step>(wrapper: S, step: Step): S {
  known.set(wrapper, { isStandard: isStandard(step), takesPlace: takesPlace(step), inParts: inPartsOf(step) });
  return wrapper;
}

export const inPartsOf = (step: Step): StepInParts | undefined => known.get(step)?.inParts;

export const isStandard = (step: Step): boolean => known.get(step)?.isStandard ?? false;

/** Whether a step has parameters behind the trainer and the batch, which are other numbers in every step: in doubt it has. */
export function takesPlace(step: Step): boolean {
  return known.get(step)?.takesPlace ?? (step.length > 2 || hasHiddenParameters(String(step)));
}

/** Those that `length` does not count: `...rest`, `arguments`, and such with defaults. */
function hasHiddenParameters(source: string): boolean {
  if (/\barguments\b/.test(source)) return true;
  const begin = source.indexOf('(');
  const arrow = source.indexOf('=>');
  if (begin < 0 || (arrow >= 0 && arrow < begin)) return false; // one parameter without brackets
  let depth = 0;
  let numCommas = 0;
  for (let i = begin; i < source.length; i++) {
    const letter = source[i]!;
    if ('([{'.includes(letter)) depth += 1;
    else if (')]}'.includes(letter)) depth -= 1;
    else if (letter === ',' && depth === 1)
      numCommas += source
        .slice(i + 1)
        .trimStart()
        .startsWith(')')
        ? 0
        : 1;
    else if (depth === 1 && source.startsWith('...', i)) return true;
    if (depth === 0) break;
  }
  return numCommas > 1;
}
