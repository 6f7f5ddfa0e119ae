// The events of a run and who listens: one array an event, made once, of only those callbacks that have a method for it.

import { ConfigError, type StopSignal } from '../../errors.ts';
import { describeValue } from '../config/problems.ts';
import { PART } from '../profiling/run-times.ts';
import { noteCallbackFailure } from './callback-failures.ts';
import type { EvaluationResult } from './evaluator.ts';
import type { LoopContext } from './loop-context.ts';

/** What a callback may do. A method that is not there costs nothing. Methods inside a step are synchronous; the others may return a Promise.
 *  The order of events is the pseudocode at the top of loop.ts. */
export interface Callback {
  /** Unique among a trainer's callbacks; the key of its state in a checkpoint. */
  readonly name: string;
  /** What an error in one of its methods does: end the run, or a warning, once for each event, with which the run goes on. Default 'raise', or what
   *  `hooks.continueOnHookError` says. */
  readonly onError?: 'raise' | 'log';
  /** Names of callbacks that must hear each event before this one; `'*'` stands for all that do not say so themselves. */
  readonly after?: readonly string[];
  /** Names of callbacks that must hear each event after this one. */
  readonly before?: readonly string[];
  /** Whether of several processes that train together only the first tells this callback of events: one that prints, or writes a file. It must not wait for other ranks then.
   *  Its state is restored in all of them. Default false. */
  readonly isPrimaryOnly?: boolean;

  fitStart?(context: LoopContext): void | Promise<void>;
  /** The run goes on from this checkpoint; everything is restored. */
  checkpointLoaded?(context: LoopContext, path: string): void | Promise<void>;
  epochStart?(context: LoopContext): void | Promise<void>;
  batchStart?(context: LoopContext): void;
  forwardEnd?(context: LoopContext): void;
  backwardEnd?(context: LoopContext): void;
  /** A window is full: gradients are whole and unscaled. */
  optimizerStepStart?(context: LoopContext): void;
  /** Gradients were clipped by their norm: `context.gradientNorm` is the one before. */
  gradientsClipped?(context: LoopContext): void;
  optimizerStepEnd?(context: LoopContext): void;
  batchEnd?(context: LoopContext): void;
  /** Mean values since the last log point were read from the device. */
  logged?(context: LoopContext, values: Readonly<Record<string, number>>): void;
  /** An evaluation begins; `context.phase` says which. */
  validationStart?(context: LoopContext): void | Promise<void>;
  validationBatchStart?(context: LoopContext): void;
  validationBatchEnd?(context: LoopContext): void;
  /** However it ended: `result` is undefined where it was stopped or failed, so that whatever was swapped in for it comes back out. */
  validationEnd?(context: LoopContext, result: EvaluationResult | undefined): void | Promise<void>;
  /** `predict` begins. Its batches are no part of a run. */
  predictionStart?(context: LoopContext): void | Promise<void>;
  /** `context.output` is what the prediction step gave; its tensors end with the call. */
  predictionBatchEnd?(context: LoopContext): void;
  /** However it ended: `isComplete` is false where it was stopped or failed. */
  predictionEnd?(context: LoopContext, isComplete: boolean): void | Promise<void>;
  /** Values that count for the run: at the end of an epoch its means and, where it was validated, those of the validation; behind a validation inside an
   *  epoch those of the validation. Here belongs what monitors a metric. */
  measured?(context: LoopContext, values: Readonly<Record<string, number>>): void | Promise<void>;
  /** The epoch is completed: `context.clocks.epoch` counts it already. */
  epochEnd?(context: LoopContext, values: Readonly<Record<string, number>>): void | Promise<void>;
  /** A checkpoint is on the disk. With asynchronous saves the run may be further by now. */
  checkpointSaved?(context: LoopContext, path: string): void | Promise<void>;
  /** A stop signal came: what is done here is in the checkpoint that follows. */
  preempted?(context: LoopContext, signal: StopSignal): void | Promise<void>;
  /** The run goes on, but not quite as somebody may believe: a checkpoint that does not verify, a setting that changes nothing. */
  warning?(context: LoopContext, message: string): void;
  /** The run is at its end, and saved. */
  fitEnd?(context: LoopContext): void | Promise<void>;
  /** `fit` ends by an error, an InterruptedError included. */
  exception?(context: LoopContext, error: unknown): void | Promise<void>;
  /** The last event of every `fit`, however it ended: let go of timers, files and connections. Comes also where an earlier callback threw, to those that
   *  have not heard `fitStart` too. */
  close?(context: LoopContext): void | Promise<void>;

  /** The top-level key of a checkpoint under which the state lies. Default: under `callbacks`, by the callback's name. */
  readonly stateKey?: 'ema';
  /** What a checkpoint keeps of this callback. */
  state?(): Record<string, unknown>;
  loadState?(state: Record<string, unknown>): void;
}

const SYNCHRONOUS = [
  'batchStart',
  'forwardEnd',
  'backwardEnd',
  'optimizerStepStart',
  'gradientsClipped',
  'optimizerStepEnd',
  'batchEnd',
  'logged',
  'validationBatchStart',
  'validationBatchEnd',
  'predictionBatchEnd',
  'warning',
] as const;
const ASYNCHRONOUS = [
  'fitStart',
  'checkpointLoaded',
  'epochStart',
  'validationStart',
  'validationEnd',
  'predictionStart',
  'predictionEnd',
  'measured',
  'epochEnd',
  'checkpointSaved',
  'preempted',
  'fitEnd',
  'exception',
  'close',
] as const;

export type SyncEvent = (typeof SYNCHRONOUS)[number];
export type AsyncEvent = (typeof ASYNCHRONOUS)[number];
type Rest<E extends SyncEvent | AsyncEvent> =
  NonNullable<Callback[E]> extends (context: LoopContext, ...rest: infer R) => unknown ? R : never;
type Method = (context: LoopContext, ...rest: unknown[]) => unknown;

/** Every event, in the order in which a run first meets it; then those of a prediction. */
export const eventNames = [
  'fitStart',
  'checkpointLoaded',
  'warning',
  'epochStart',
  'batchStart',
  'forwardEnd',
  'backwardEnd',
  'optimizerStepStart',
  'gradientsClipped',
  'optimizerStepEnd',
  'batchEnd',
  'logged',
  'validationStart',
  'validationBatchStart',
  'validationBatchEnd',
  'validationEnd',
  'measured',
  'epochEnd',
  'preempted',
  'checkpointSaved',
  'fitEnd',
  'exception',
  'close',
  'predictionStart',
  'predictionBatchEnd',
  'predictionEnd',
] as const satisfies readonly (SyncEvent | AsyncEvent)[];

/** Callbacks in the order that their `before` and `after` ask for, else in the order given. A name in them that no callback has asks for nothing.
 *  @throws {ConfigError} that lists callbacks without a name or of one name, with only one of state and loadState, or before themselves. */
export function orderCallbacks(callbacks: readonly Callback[]): Callback[] {
  const problems = callbacks.flatMap((callback, i) => problemsOf(callback, i, callbacks));
  if (problems.length > 0) throw new ConfigError('order callbacks', problems);
  const ordered: Callback[] = [];
  const waiting = [...callbacks];
  const isLast = ({ after }: Callback): boolean => after?.includes('*') ?? false;
  const mustWait = (callback: Callback, other: Callback): boolean =>
    (callback.after?.includes(other.name) ?? false) ||
    (other.before?.includes(callback.name) ?? false) ||
    (isLast(callback) && !isLast(other));
  while (waiting.length > 0) {
    const next = waiting.findIndex((callback) => !waiting.some((other) => mustWait(callback, other)));
    if (next < 0) {
      const names = circleOf(waiting, mustWait).map(({ name }) => `"${name}"`);
      throw new ConfigError('order callbacks', [
        `callbacks: expected before and after without a circle, got ${names.join(' after ')}`,
      ]);
    }
    ordered.push(...waiting.splice(next, 1));
  }
  return ordered;
}

/** Callbacks of which each waits for the next one named and the last for the first. All of `waiting` wait for another. */
function circleOf(
  waiting: readonly Callback[],
  mustWait: (callback: Callback, other: Callback) => boolean,
): Callback[] {
  const path: Callback[] = [];
  let current = waiting[0]!;
  while (!path.includes(current)) {
    path.push(current);
    current = waiting.find((other) => mustWait(path.at(-1)!, other))!;
  }
  return [...path.slice(path.indexOf(current)), current];
}

function problemsOf(callback: Callback, i: number, all: readonly Callback[]): string[] {
  if (typeof callback !== 'object' || callback === null || typeof callback.name !== 'string' || callback.name === '')
    return [`callbacks.${i}: expected an object with a name, got ${describeValue(callback)}`];
  const { name } = callback;
  const problems: string[] = [];
  if (all.findIndex((other) => other?.name === name) !== i) {
    problems.push(`callbacks.${i}: expected a name of its own, got "${name}" for the second time`);
  }
  const key = callback.stateKey;
  const same = key === undefined ? undefined : all.slice(0, i).find((other) => other?.stateKey === key);
  if (same) problems.push(`callbacks.${i}: expected one that averages weights, got "${name}" beside "${same.name}"`);
  if (callback.after?.includes(name) || callback.before?.includes(name))
    problems.push(`callbacks.${i}: expected other names in before and after, got its own, "${name}"`);
  if (typeof callback.state !== typeof callback.loadState) {
    const [has, lacks] = callback.state ? ['state', 'loadState'] : ['loadState', 'state'];
    problems.push(`callbacks.${i}: expected both state and loadState, got "${name}" with ${has} and no ${lacks}`);
  }
  return problems;
}

/** Hears of an error that the run survives. */
export type FailureListener = (callback: Callback, event: SyncEvent | AsyncEvent, error: unknown) => void;

const emitFailure: FailureListener = ({ name }, event, error) =>
  process.emitWarning(
    `Callback "${name}" failed in ${event}: ${error instanceof Error ? error.message : String(error)}`,
    'SconceWarning',
  );

type Listening = { readonly [E in SyncEvent | AsyncEvent]: readonly Callback[] };

function listeningTo(callbacks: readonly Callback[]): Listening {
  const entries = eventNames.map((event) => [
    event,
    callbacks.filter((callback) => typeof callback[event] === 'function'),
  ]);
  return Object.fromEntries(entries) as Listening;
}

/** Measures the time of callbacks. */
export interface CallbackWatch {
  /** Whether each is to be measured by itself just now. */
  readonly isDetailed: boolean;
  /** @returns what was going on before. */
  enter(part: number): number;
  noteCallback(name: string, event: string, started: number, ended: number): void;
}

/** Tells callbacks of events. */
export class CallbackList {
  #callbacks: readonly Callback[];
  #listening: Listening;
  #isHeld = false;
  #isPrimary = true;

  /** Set while a fit runs. Outside of one, an error that is survived is a warning of the process. */
  onFailure: FailureListener | undefined;
  /** Set while a fit is profiled. */
  watch: CallbackWatch | undefined;
  readonly #isSurvived: (callback: Callback) => boolean;

  /** @param options.onError - for callbacks that do not say it themselves.  @throws {ConfigError} for callbacks that cannot be ordered. */
  constructor(callbacks: readonly Callback[], { onError = 'raise' }: { onError?: 'raise' | 'log' } = {}) {
    this.#callbacks = orderCallbacks(callbacks);
    this.#listening = listeningTo(this.#callbacks);
    this.#isSurvived = (callback) => (callback.onError ?? onError) === 'log';
  }

  /** In the order in which they are told. */
  get callbacks(): readonly Callback[] {
    return this.#callbacks;
  }

  /** Adds one behind the others, as far as the order asked for leaves it there.
   *  @throws {ConfigError} for one that cannot be ordered, and while a fit runs: its state would be in no checkpoint. */
  append(callback: Callback): void {
    if (this.#isHeld)
      throw new ConfigError('append a callback', ['callback: expected it before fit(), got it while fit() runs']);
    this.#callbacks = orderCallbacks([...this.#callbacks, callback]);
    this.#listen();
  }

  /** Whether this process prints and writes for all that train together: without, callbacks that only do that hear nothing. Default true. */
  set isPrimary(isPrimary: boolean) {
    this.#isPrimary = isPrimary;
    this.#listen();
  }

  #listen(): void {
    this.#listening = listeningTo(this.#callbacks.filter(({ isPrimaryOnly }) => this.#isPrimary || !isPrimaryOnly));
  }

  /** No callback comes until the returned function is called. */
  hold(): () => void {
    this.#isHeld = true;
    return () => {
      this.#isHeld = false;
    };
  }

  /** Whether some callback has a method for the event. */
  hears(event: SyncEvent | AsyncEvent): boolean {
    return this.#listening[event].length > 0;
  }

  /** An event inside a step.
   *  @throws {TypeError} if a callback returns a Promise: the step would go on without it. */
  tell<E extends SyncEvent>(event: E, context: LoopContext, ...rest: Rest<E>): void {
    const listening = this.#listening[event];
    if (listening.length === 0) return;
    const { watch } = this;
    const before = watch ? watch.enter(PART.callbacks) : 0;
    for (let i = 0; i < listening.length; i++) {
      const callback = listening[i]!;
      const started = watch?.isDetailed ? performance.now() : undefined;
      try {
        const method = callback[event] as Method;
        // Six events a step have no more to say: a list spread into a call costs as much as a short method.
        const result = rest.length === 0 ? method.call(callback, context) : method.call(callback, context, ...rest);
        if (result instanceof Promise) refusePromise(result, event, callback);
      } catch (error) {
        this.#survive(callback, event, error);
      }
      if (started !== undefined) watch!.noteCallback(callback.name, event, started, performance.now());
    }
    watch?.enter(before);
  }

  /** An event between steps: callbacks are awaited one after the other. */
  async announce<E extends AsyncEvent>(event: E, context: LoopContext, ...rest: Rest<E>): Promise<void> {
    const { watch } = this;
    if (this.#listening[event].length === 0) return;
    const before = watch?.enter(PART.callbacks);
    for (const callback of this.#listening[event]) {
      const started = performance.now();
      try {
        await (callback[event] as Method).call(callback, context, ...rest);
      } catch (error) {
        this.#survive(callback, event, error);
      }
      watch?.noteCallback(callback.name, event, started, performance.now());
    }
    if (before !== undefined) watch!.enter(before);
  }

  /** The same, but everyone hears it: what callbacks throw is returned. */
  async announceToAll<E extends AsyncEvent>(event: E, context: LoopContext, ...rest: Rest<E>): Promise<unknown[]> {
    const errors: unknown[] = [];
    for (const callback of this.#listening[event]) {
      try {
        await (callback[event] as Method).call(callback, context, ...rest);
      } catch (error) {
        if (this.#isSurvived(callback)) (this.onFailure ?? emitFailure)(callback, event, error);
        else {
          noteCallbackFailure(error, callback.name, event);
          errors.push(error);
        }
      }
    }
    return errors;
  }

  #survive(callback: Callback, event: SyncEvent | AsyncEvent, error: unknown): void {
    if (!this.#isSurvived(callback)) {
      noteCallbackFailure(error, callback.name, event);
      throw error;
    }
    (this.onFailure ?? emitFailure)(callback, event, error);
  }
}

function refusePromise(result: Promise<unknown>, event: string, { name }: Callback): never {
  result.catch(() => {}); // what the error below says is the reason
  throw new TypeError(
    `Cannot run ${event} of callback "${name}": expected a synchronous method inside a step, got one that returns a Promise`,
  );
}
