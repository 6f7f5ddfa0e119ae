// `capture`: a step is recorded while it runs, and from then on its operators are played without its JavaScript.

import type { Handle } from '../../binding/native.ts';
import { getNative, handles, wrap } from '../call.ts';
import { passOn, scope } from '../scope.ts';
import { refuseLater } from '../synchronous.ts';
import type { Tensor } from '../tensor.ts';
import { type CaptureExplanation, readExplanation } from './explanation.ts';
import { type Form, formOf, hasForm, isSameForm, nestOf } from './nest.ts';
import { changesSoFar, type NumberSlot, newNotes, noteIn, type Pause, pauseBy, type StepNotes } from './notes.ts';

/** Passes over a recorded step, in their order. All are done unless some are chosen, to see what each brings. */
export const CAPTURE_PASSES = {
  /** Views become other looks at the same memory, made once. */
  foldViews: 1,
  /** Operators whose results nobody needs are left out. */
  dropDead: 2,
  /** What is the same in every step is computed once. */
  hoistConstants: 4,
  /** Intermediate results share one arena, each for as long as it is needed. */
  planMemory: 8,
  /** Operators write into their place where libtorch has such a form of them. */
  useOutForms: 16,
  /** Pointwise operators write over an argument that nobody needs any more. */
  reuseInputs: 32,
  /** Kernels of few elements are called without libtorch's way to its own, once they have given its bits. */
  callDirectly: 64,
} as const;

export type CapturePass = keyof typeof CAPTURE_PASSES;

export interface CaptureOptions {
  /** Recordings that are kept at most: one for each shape of batch, and for each state of gradients that accumulate. Default 8. */
  readonly maxRecordings?: number;
  /** Default: all. */
  readonly passes?: readonly CapturePass[];
  /** Replays between two looks whether the step still is what was recorded: such a step runs as it is written. The first looks come sooner, after 1, 2, 4, …
   *  replays. Default 1024; 0: never. */
  readonly checkEvery?: number;
}

/** How a captured step fares. */
export interface CaptureStatus {
  /** Steps that ran as they are written, and those that were replayed. */
  readonly numEager: number;
  readonly numReplayed: number;
  readonly numRecordings: number;
  /** Why it is not captured; undefined where it is or may still be. */
  readonly refusal: string | undefined;
}

/** A step that is recorded and replayed. */
export interface CapturedStep<Args extends readonly unknown[], Result> {
  (...args: Args): Result;
  readonly status: CaptureStatus;
  /** What was recorded, of several recordings the one that was replayed most, and what became of it; undefined before the first recording. With times where `time` was called. */
  explain(): CaptureExplanation | undefined;
  /** Whether each operator of a replay is timed, for `explain`. */
  time(isTimed: boolean): void;
  /** Frees the recordings. The step runs as it is written from then on. */
  dispose(): void;
}

/** A step ran otherwise than it was recorded, though nothing had said so: what it has computed since is not to be trusted. */
export class ChangedStepError extends Error {
  override readonly name = 'ChangedStepError';
}

interface Recording {
  /** Its tape, and what the addon made of it once a second step was the same: then this is the number of both. */
  number: number;
  isCompiled: boolean;
  readonly form: Form;
  result: Form;
  notes: StepNotes;
  /** The changes up to which it holds. */
  version: number;
  numReplays: number;
  /** When it was used last, in steps. */
  usedAt: number;
}

/** Steps in a row that are like none before, until the step is given up. */
const MOST_UNLIKE = 16;
/** Steps in a row that cannot be captured. The first step of an optimizer makes its state, which later ones do not. */
const MOST_REFUSED = 4;

/** Whether a step of this thread is being recorded, also while it pauses. */
let isRecorderBusy = false;

const freed = new FinalizationRegistry<Set<number>>((numbers) => {
  for (const number of numbers) getNative().captureFree(number);
});

class StepCapture<Args extends readonly unknown[], Result> {
  readonly #step: (...args: Args) => Result;
  readonly #maxRecordings: number;
  readonly #passes: number;
  readonly #checkEvery: number;
  #recordings: Recording[] = [];
  /** What the addon holds for this step. */
  readonly #held = new Set<number>();
  readonly #found: Tensor[] = [];
  #isTimed = false;
  #timedMs = 0;
  #numTimed = 0;
  #numEager = 0;
  #numReplayed = 0;
  #numUnlike = 0;
  #numRefused = 0;
  #refusal: string | undefined;
  /** A replay has paused. */
  #isPaused = false;

  constructor(step: (...args: Args) => Result, options: CaptureOptions) {
    this.#step = step;
    this.#maxRecordings = options.maxRecordings ?? 8;
    this.#checkEvery = options.checkEvery ?? 1024;
    const passes = options.passes ?? (Object.keys(CAPTURE_PASSES) as CapturePass[]);
    this.#passes = passes.reduce((sum, pass) => sum + CAPTURE_PASSES[pass], 0);
    freed.register(this, this.#held);
  }

  get status(): CaptureStatus {
    return {
      numEager: this.#numEager,
      numReplayed: this.#numReplayed,
      numRecordings: this.#recordings.filter(({ isCompiled }) => isCompiled).length,
      refusal: this.#refusal,
    };
  }

  run(args: Args): Result {
    if (!this.#isTimed) return this.#run(args);
    const before = this.#numReplayed;
    const began = performance.now();
    const result = this.#run(args);
    if (this.#numReplayed === before) return result;
    this.#timedMs += performance.now() - began;
    this.#numTimed += 1;
    return result;
  }

  #run(args: Args): Result {
    if (this.#refusal !== undefined || isRecorderBusy || this.#isPaused) return this.#runPlain(args);
    const version = changesSoFar();
    for (let i = 0; i < this.#recordings.length; i++) {
      const recording = this.#recordings[i]!;
      if (!recording.isCompiled || recording.version !== version) continue;
      const found = this.#found;
      found.length = 0;
      if (!hasForm(args, recording.form, found) || !holds(recording.notes.conditions)) continue;
      const inputs = handles(found);
      found.length = 0; // nothing is held until the next step
      if (this.#isCheckDue(recording)) {
        if (getNative().captureUnfit(recording.number, inputs) === undefined) return this.#record(args, recording);
        continue;
      }
      const outputs = this.#replay(recording, inputs);
      if (outputs) return this.#given(recording, outputs);
    }
    return this.#record(args);
  }

  #replay(recording: Recording, inputs: Float64Array): readonly (Handle | undefined)[] | null {
    const { effects, pause } = recording.notes;
    // What counts may be done only where the operators are run, too.
    if (effects.length > 0 && getNative().captureUnfit(recording.number, inputs) !== undefined) return null;
    const outputs = this.#play(recording, false, () => getNative().captureReplay(recording.number, inputs));
    if (!pause || !outputs) return outputs;
    this.#askAndGoOn(recording, pause, outputs);
    return []; // it gave them there
  }

  /** Counts and sets numbers, up to the pause or behind it, and runs the operators there. */
  #play<T>(recording: Recording, isBehindPause: boolean, run: () => T): T {
    const { effects, slots, pause } = recording.notes;
    const [first, end] = isBehindPause ? [pause!.numEffects, effects.length] : [0, pause?.numEffects ?? effects.length];
    const [firstSlot, endSlot] = isBehindPause ? [pause!.numSlots, slots.length] : [0, pause?.numSlots ?? slots.length];
    // In the order of the step: numbers are read after what was counted before them.
    let next = first;
    for (let i = firstSlot; i < endSlot; i++) {
      const slot = slots[i]!;
      while (next < slot.numEffects) effects[next++]!.run();
      setNumbers(recording.number, slot);
    }
    while (next < end) effects[next++]!.run();
    try {
      return run();
    } catch (error) {
      const failing = getNative().captureFailing(recording.number);
      for (let i = end - 1; i >= first && effects[i]!.numOperations > failing; i--) effects[i]!.undo?.();
      throw error;
    }
  }

  #askAndGoOn(recording: Recording, pause: Pause, outputs: readonly (Handle | undefined)[]): void {
    let place = 0;
    const given = nestOf(pause.form, () => wrap(outputs[place++]!));
    let goesOn = false;
    this.#isPaused = true;
    try {
      goesOn = pause.goesOn(given as never); // of the form that the step gave
    } finally {
      this.#isPaused = false;
      if (!goesOn && this.#held.has(recording.number)) getNative().captureResume(recording.number, false);
    }
    if (!goesOn) return;
    const unfit = this.#play(recording, true, () => getNative().captureResume(recording.number, true));
    if (unfit === undefined) return;
    throw new TypeError(
      `Cannot go on with a captured step behind its pause: expected everything as it was before, got ${unfit}; leave gradients, parameters and modes alone there`,
    );
  }

  #given(recording: Recording, outputs: readonly (Handle | undefined)[]): Result {
    recording.numReplays += 1;
    this.#numReplayed += 1;
    this.#numUnlike = 0;
    this.#numRefused = 0;
    recording.usedAt = this.#numReplayed + this.#numEager;
    let place = 0;
    return nestOf(recording.result, () => wrap(outputs[place++]!)) as Result; // of the form that the step gave
  }

  #isCheckDue({ numReplays }: Recording): boolean {
    if (this.#checkEvery === 0 || numReplays === 0) return false;
    if (numReplays >= this.#checkEvery) return numReplays % this.#checkEvery === 0;
    return (numReplays & (numReplays - 1)) === 0;
  }

  /** The step as it is written. What it gives has no graph, as what a replay gives. */
  #runPlain(args: Args): Result {
    this.#numEager += 1;
    return scope(() => {
      const result = pausing(pausePlain, () => this.#step(...args));
      refuseLater(result, 'run a captured step', 'outside of it');
      const tensors: Tensor[] = [];
      const form = formOf(result, tensors);
      if (!form || tensors.length === 0) return result;
      const next = tensors.values();
      return nestOf(form, () => (next.next().value as Tensor).detach()) as Result;
    }, 'captured step');
  }

  /** The step as it is written, with an eye on what it does. @param checked - a recording that it must be the same as. */
  #record(args: Args, checked?: Recording): Result {
    const inputs: Tensor[] = [];
    const form = formOf(args, inputs);
    if (!form) {
      this.#giveUp('its arguments have tensors in something else than arrays and plain objects');
      return this.#runPlain(args);
    }
    const version = changesSoFar();
    const notes = newNotes();
    const native = getNative();
    if (!native.captureBegin(handles(inputs))) return this.#runPlain(args);
    this.#numEager += 1;
    isRecorderBusy = true;
    noteIn(notes);
    let ran: { given: unknown; form: Form | undefined };
    try {
      ran = scope(() => pausing(pauseRecorded(notes), () => this.#runNoted(args)), 'captured step');
    } catch (error) {
      native.captureAbandon();
      throw error;
    } finally {
      noteIn(undefined);
      isRecorderBusy = false;
    }
    const tape = native.captureFinish(checked?.number);
    if (typeof tape !== 'number') {
      if (checked && tape[1] !== undefined) throw changed(tape[1], checked);
      if (!notes.isCutShort) this.#noteRefusal(tape[0], checked);
    } else if (this.#refusal !== undefined) {
      native.captureFree(tape); // it was disposed of in the step
    } else {
      this.#held.add(tape);
      this.#numRefused = 0;
      const isChanging = changesSoFar() !== version;
      const made = { number: tape, isCompiled: false, form, result: ran.form!, notes, version, numReplays: 0 };
      this.#compare({ ...made, usedAt: this.#numReplayed + this.#numEager }, checked, isChanging);
    }
    return ran.given as Result;
  }

  #runNoted(args: Args): { given: unknown; form: Form | undefined } {
    const result = this.#step(...args);
    refuseLater(result, 'run a captured step', 'outside of it');
    const tensors: Tensor[] = [];
    const form = formOf(result, tensors);
    const native = getNative();
    if (!form) {
      native.captureRefuse('what it gives has tensors in something else than arrays and plain objects');
      native.captureStop(handles([]));
      return { given: result, form };
    }
    const detached = tensors.map((tensor) => tensor.detach());
    native.captureStop(handles(detached));
    const next = detached.values();
    return { given: nestOf(form, () => next.next().value as Tensor), form };
  }

  #noteRefusal(reason: string, checked: Recording | undefined): void {
    this.#numRefused += 1;
    // Up to there it was the same; whether it is what comes after that nobody knows.
    if (checked) this.#drop(checked);
    if (this.#numRefused >= MOST_REFUSED) this.#giveUp(reason);
  }

  #giveUp(reason: string): void {
    this.#refusal ??= reason;
    this.#recordings = [];
    this.#freeAll();
  }

  #compare(fresh: Recording, checked: Recording | undefined, isChanging: boolean): void {
    const native = getNative();
    let difference = isChanging ? 'it assigns registered state, or changes modules or optimizers' : undefined;
    for (const known of this.#recordings) {
      if (isChanging) break;
      const found = isSameStep(known, fresh) ?? native.captureDifference(known.number, fresh.number);
      if (found === undefined) {
        this.#adopt(known, fresh);
        return;
      }
      if (known === checked) {
        this.#free(fresh.number);
        throw changed(found, known);
      }
      if (isSameForm(known.form, fresh.form)) difference = found;
    }
    this.#numUnlike += 1;
    if (this.#numUnlike >= MOST_UNLIKE) {
      this.#free(fresh.number);
      this.#giveUp(difference ?? 'its arguments have other shapes, or other values beside tensors, in every step');
      return;
    }
    this.#dropStale();
    while (this.#recordings.length >= this.#maxRecordings) this.#dropOldest();
    this.#recordings.push(fresh);
  }

  /** A step that is the same as one before: from now on it can be replayed. */
  #adopt(known: Recording, fresh: Recording): void {
    const native = getNative();
    this.#numUnlike = 0;
    known.version = fresh.version;
    known.usedAt = fresh.usedAt;
    known.numReplays += 1;
    if (known.isCompiled) {
      this.#free(fresh.number);
      for (const { operation, last } of fresh.notes.slots) native.captureNumbers(known.number, operation, last);
      known.notes = fresh.notes;
      this.#dropStale();
      return;
    }
    this.#free(known.number);
    known.number = fresh.number;
    known.notes = fresh.notes;
    native.captureCompile(known.number, this.#passes);
    if (this.#isTimed) native.captureTime(known.number, true);
    known.isCompiled = true;
    known.numReplays = 0;
  }

  #dropOldest(): void {
    this.#drop(this.#recordings.reduce((a, b) => (b.usedAt < a.usedAt ? b : a)));
  }

  /** Recordings of tensors that are gone, such as the state of an optimizer before another was loaded. */
  #dropStale(): void {
    if (this.#recordings.length === 0) return;
    const stale = new Set(getNative().captureStale(this.#recordings.map(({ number }) => number)));
    for (const recording of [...this.#recordings]) if (stale.has(recording.number)) this.#drop(recording);
  }

  #drop(recording: Recording): void {
    const place = this.#recordings.indexOf(recording);
    if (place < 0) return;
    this.#recordings.splice(place, 1);
    this.#free(recording.number);
  }

  #free(number: number): void {
    getNative().captureFree(number);
    this.#held.delete(number);
  }

  #freeAll(): void {
    for (const number of this.#held) getNative().captureFree(number);
    this.#held.clear();
  }

  explain(): CaptureExplanation | undefined {
    const compiled = this.#recordings.filter(({ isCompiled }) => isCompiled);
    const [most] = compiled.sort((a, b) => b.numReplays - a.numReplays);
    const nanoseconds = this.#numTimed === 0 ? 0 : Math.round((this.#timedMs * 1e6) / this.#numTimed);
    return most && readExplanation(getNative().captureExplain(most.number), nanoseconds);
  }

  time(isTimed: boolean): void {
    this.#isTimed = isTimed;
    for (const { number, isCompiled } of this.#recordings) if (isCompiled) getNative().captureTime(number, isTimed);
  }

  dispose(): void {
    this.#giveUp(this.#refusal ?? 'it was disposed of');
  }
}

function pausing<T>(pauser: Parameters<typeof pauseBy>[0], body: () => T): T {
  const before = pauseBy(pauser);
  try {
    return body();
  } finally {
    pauseBy(before);
  }
}

const pausePlain = (given: unknown, goesOn: (given: never) => boolean): boolean => {
  const tensors: Tensor[] = [];
  const form = formOf(given, tensors);
  if (!form) return passOn(() => goesOn(given as never));
  return passOn(() => {
    const next = tensors.map((tensor) => tensor.detach()).values();
    return pausing(undefined, () => goesOn(nestOf(form, () => next.next().value as Tensor) as never));
  });
};

const pauseRecorded =
  (notes: StepNotes) =>
  (given: unknown, goesOn: (given: never) => boolean): boolean => {
    const native = getNative();
    const tensors: Tensor[] = [];
    const form = formOf(given, tensors);
    if (!form) {
      native.captureRefuse('what it gives has tensors in something else than arrays and plain objects');
      return pausePlain(given, goesOn);
    }
    return passOn(() => {
      const detached = tensors.map((tensor) => tensor.detach());
      native.capturePause(handles(detached));
      notes.pause = { form, goesOn, numEffects: notes.effects.length, numSlots: notes.slots.length };
      noteIn(undefined);
      const next = detached.values();
      try {
        const isGoingOn = pausing(undefined, () => goesOn(nestOf(form, () => next.next().value as Tensor) as never));
        notes.isCutShort ||= !isGoingOn;
        return isGoingOn;
      } finally {
        native.captureGoOn();
        noteIn(notes);
        if (notes.isCutShort) native.captureRefuse('it does not go on behind its pause');
      }
    });
  };

const changed = (found: string, { numReplays }: Recording): ChangedStepError =>
  new ChangedStepError(
    `Cannot go on with a captured step: expected what was recorded, got a step in which ${found}, after ${numReplays} replays; give what changes as an argument, or do not capture this step`,
  );

function holds(conditions: readonly (() => boolean)[]): boolean {
  for (let i = 0; i < conditions.length; i++) if (!conditions[i]!()) return false;
  return true;
}

function setNumbers(recording: number, slot: NumberSlot): void {
  const numbers = slot.read();
  let isSame = true;
  for (let i = 0; i < numbers.length; i++) if (!Object.is(numbers[i], slot.last[i])) isSame = false;
  if (isSame) return;
  getNative().captureNumbers(recording, slot.operation, numbers);
  slot.last = numbers;
}

/** What two recordings have otherwise beside their operators; undefined where that is the same. */
function isSameStep(known: Recording, fresh: Recording): string | undefined {
  if (!isSameForm(known.form, fresh.form)) return 'arguments have another form';
  if (!isSameForm(known.result, fresh.result))
    return 'what it gives has another form or other values beside its tensors';
  const a = known.notes;
  const b = fresh.notes;
  const isSame =
    a.effects.length === b.effects.length &&
    a.conditions.length === b.conditions.length &&
    a.pause?.numEffects === b.pause?.numEffects &&
    a.pause?.numSlots === b.pause?.numSlots &&
    (!a.pause || isSameForm(a.pause.form, b.pause!.form)) &&
    a.slots.length === b.slots.length &&
    a.slots.every(({ operation, numEffects }, i) => {
      const other = b.slots[i]!;
      return operation === other.operation && numEffects === other.numEffects;
    });
  return isSame ? undefined : 'what is counted or read anew is not the same';
}

/** A step that is recorded when it runs, and from the third run or so on replayed: the operators that it reached below autograd, backward and optimizers included,
 *  without its JavaScript, without a graph and without allocations. The numbers are the same to the bit. A step is recorded anew for other shapes, modules in other
 *  modes, other parameters, and runs as it is written where it cannot be captured: `status.refusal` says why.
 *
 *  The step must be synchronous, take what changes from call to call as arguments (tensors in arrays and plain objects), and do nothing else in JavaScript that
 *  counts: what reads values (`item()`), makes tensors of JavaScript's values or keeps tensors is noticed and not captured. What it gives has no graph. Learning
 *  rates and step counts of optimizers are read anew each time, random operators draw new numbers.
 *  A gradient that stays in `grad` after the step is overwritten by the next one, unless somebody holds it.
 *  @example
 *  import { optim } from 'sconce';
 *  const model = new nn.Linear(2, 1);
 *  const optimizer = new optim.SGD(model.parameters(), { lr: 0.1 });
 *  const step = capture((x: Tensor) => {
 *    optimizer.zeroGrad();
 *    const loss = model.forward(x).square().mean();
 *    loss.backward();
 *    optimizer.step();
 *    return loss;
 *  });
 *  for (let i = 0; i < 10; i++) step(ones([4, 2]));
 *  step.status.refusal; // undefined
 *  step.status.numReplayed > 4; // true */
export function capture<Args extends readonly unknown[], Result>(
  step: (...args: Args) => Result,
  options: CaptureOptions = {},
): CapturedStep<Args, Result> {
  if (typeof step !== 'function') throw new TypeError(`Cannot capture a step: expected a function, got ${typeof step}`);
  const { maxRecordings = 8, checkEvery = 1024, passes, ...unknown } = options;
  const [stray] = Object.keys(unknown);
  if (stray !== undefined)
    throw new TypeError(
      `Cannot capture a step: expected options of { maxRecordings, passes, checkEvery }, got "${stray}"`,
    );
  if (!Number.isInteger(maxRecordings) || maxRecordings < 1)
    throw new RangeError(`Cannot capture a step: expected maxRecordings of at least 1, got ${maxRecordings}`);
  if (!Number.isInteger(checkEvery) || checkEvery < 0)
    throw new RangeError(`Cannot capture a step: expected checkEvery of at least 0, got ${checkEvery}`);
  for (const pass of passes ?? [])
    if (!Object.hasOwn(CAPTURE_PASSES, pass))
      throw new RangeError(
        `Cannot capture a step: expected passes of { ${Object.keys(CAPTURE_PASSES).join(', ')} }, got "${pass}"`,
      );
  const whole = new StepCapture(step, { maxRecordings, checkEvery, ...(passes ? { passes } : {}) });
  const run = (...args: Args): Result => whole.run(args);
  return Object.defineProperties(run, {
    status: { get: () => whole.status },
    explain: { value: () => whole.explain() },
    time: { value: (isTimed: boolean) => whole.time(isTimed) },
    dispose: { value: () => whole.dispose() },
  }) as CapturedStep<Args, Result>;
}
