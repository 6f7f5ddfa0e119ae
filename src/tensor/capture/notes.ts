// What JavaScript tells a step that is being recorded. A replay runs operators alone: what JavaScript did beside them in the step, it does again by these.

import { getNative } from '../call.ts';
import type { Form } from './nest.ts';

/** Numbers of one operator that are read anew at each replay. */
export interface NumberSlot {
  /** Its place among the step's operators. */
  readonly operation: number;
  readonly read: () => readonly number[];
  last: readonly number[];
  /** How much had been counted when they were read. */
  readonly numEffects: number;
}

/** What JavaScript counts in a step. */
export interface Effect {
  readonly run: () => void;
  readonly undo: (() => void) | undefined;
  /** How many of the step's operators had been run before. */
  readonly numOperations: number;
}

/** Where a step asks whether it goes on. */
export interface Pause {
  readonly form: Form;
  readonly goesOn: (given: never) => boolean;
  /** How much was counted and read before it. */
  readonly numEffects: number;
  readonly numSlots: number;
}

/** What one recording of a step was told. */
export interface StepNotes {
  readonly effects: Effect[];
  readonly slots: NumberSlot[];
  readonly conditions: (() => boolean)[];
  readonly subjects: Set<object>;
  pause: Pause | undefined;
  /** It was told not to go on there: then it is no whole step. */
  isCutShort: boolean;
}

/** @internal */
export const newNotes = (): StepNotes => ({
  ...{ effects: [], slots: [], conditions: [], subjects: new Set() },
  ...{ pause: undefined, isCutShort: false },
});

let notes: StepNotes | undefined;

/** Whether a step is being recorded in this thread. @internal */
export const isRecording = (): boolean => notes !== undefined;

/** Begins or ends what `readAnew` and its like note in. @internal */
export function noteIn(next: StepNotes | undefined): void {
  notes = next;
}

/** The numbers of the next operator, all that its schema has as floating numbers, in its order. A captured step calls `read` again before each replay: learning
 *  rates and what is computed of them must be read this way.
 *  @example
 *  let factor = 1;
 *  const step = capture((x: Tensor) => {
 *    const [alpha] = readAnew(() => [factor]);
 *    return x.add(x, { alpha });
 *  });
 *  const one = ones([]);
 *  for (let i = 0; i < 4; i++) step(one);
 *  factor = 3;
 *  step(one).item(); // 4 */
export function readAnew<const N extends readonly number[]>(read: () => N): N {
  const numbers = read();
  if (notes && numbers.length > 0) {
    const operation = getNative().captureSlots(numbers.length);
    notes.slots.push({ operation, read, last: numbers, numEffects: notes.effects.length });
  }
  return numbers;
}

/** A number, or what computes one: then it is read anew. */
export type Reading = number | (() => number);

/** The one number of the next operator. @see readAnew */
export const numberOf = (reading: Reading): number =>
  typeof reading === 'number' ? reading : readAnew(() => [reading()])[0];

/** Does something now, and again before each replay of a captured step: what a step counts in JavaScript.
 *  @param undo - takes the last `effect` back: where an operator of a replay throws that the step runs before it. */
export function atEachStep(effect: () => void, undo?: () => void): void {
  effect();
  notes?.effects.push({ run: effect, undo, numOperations: getNative().captureOperations() });
}

type Pauser = (given: unknown, goesOn: (given: never) => boolean) => boolean;

let pauser: Pauser | undefined;

/** Says what `pauseStep` does. @returns what it did before. @internal */
export function pauseBy(next: Pauser | undefined): Pauser | undefined {
  const before = pauser;
  pauser = next;
  return before;
}

/** Leaves a step in its middle, with tensors of it in hand, and asks whether it goes on. Where it does not, the step has to return, and what follows is not done in a
 *  replay either. Once in a step, which gives its tensors here and none at its end; in no scope of the step's own.
 *  @param given - tensors in arrays and plain objects. Of a captured step `goesOn` gets copies without a graph.
 *  @param goesOn - may read values and do whatever else is no part of the step. A replay calls that of the step that was recorded: it must not look at what was an argument of that one.
 *  @returns what `goesOn` says.
 *  @example
 *  const step = capture((x: Tensor) => {
 *    const sum = x.sum();
 *    if (!pauseStep({ sum }, (seen) => Number.isFinite(seen.sum.item()))) return;
 *    total.add_(sum);
 *  });
 *  const total = zeros([]);
 *  for (const value of [1, Number.NaN, 2]) step(full([3], value));
 *  total.item(); // 9 */
export function pauseStep<T>(given: T, goesOn: (given: T) => boolean): boolean {
  return pauser ? pauser(given, goesOn) : goesOn(given);
}

/** Whether the step that is being recorded has named this subject before: what holds of its first use may not hold of its second. */
export function isRepeated(subject: object): boolean {
  if (!notes) return false;
  if (notes.subjects.has(subject)) return true;
  notes.subjects.add(subject);
  return false;
}

/** A captured step is recorded anew where this is false before a replay. */
export function holdsWhile(condition: () => boolean): void {
  notes?.conditions.push(condition);
}

/** Says why a step that is being recorded cannot be captured: it runs as it is written, then. Nothing where none is being recorded.
 *  @param reason - completes "because ". */
export function refuseCapture(reason: string): void {
  if (notes) getNative().captureRefuse(reason);
}

/** What the JavaScript of steps goes by beside numbers: which tensors registered state holds, modes of modules, parameters of optimizers. */
let version = 0;

/** Notes a change of that kind; captured steps look whether they still are what they were. @internal */
export function noteChange(): void {
  version += 1;
}

/** @internal */
export const changesSoFar = (): number => version;
