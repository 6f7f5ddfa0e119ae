// The events of a run and who listens: one array an event, made once, of only those callbacks that have a method for it.

import type { EvaluationResult } from './evaluator.ts';
import type { LoopContext } from './loop-context.ts';

/** What a callback may do. A method that is not there costs nothing. Methods inside a step are synchronous; the others may return a Promise.
 *  The order of events is the pseudocode at the top of loop.ts. */
export interface Callback {
  /** Unique among a trainer's callbacks; the key of its state in a checkpoint. */
  readonly name: string;
  /** Names of callbacks that must hear each event before this one. */
  readonly after?: readonly string[];
  /** Names of callbacks that must hear each event after this one. */
  readonly before?: readonly string[];

  fitStart?(context: LoopContext): void | Promise<void>;
  epochStart?(context: LoopContext): void | Promise<void>;
  batchStart?(context: LoopContext): void;
  forwardEnd?(context: LoopContext): void;
  backwardEnd?(context: LoopContext): void;
  optimizerStepStart?(context: LoopContext): void;
  optimizerStepEnd?(context: LoopContext): void;
  batchEnd?(context: LoopContext): void;
  /** Mean values since the last log point were read from the device. */
  logged?(context: LoopContext, values: Readonly<Record<string, number>>): void;
  validationStart?(context: LoopContext): void | Promise<void>;
  validationBatchEnd?(context: LoopContext): void;
  validationEnd?(context: LoopContext, result: EvaluationResult): void | Promise<void>;
  epochEnd?(context: LoopContext, values: Readonly<Record<string, number>>): void | Promise<void>;
  checkpointSaved?(context: LoopContext, path: string): void | Promise<void>;
  fitEnd?(context: LoopContext): void | Promise<void>;

  /** What a checkpoint keeps of this callback. */
  state?(): Record<string, unknown>;
  loadState?(state: Record<string, unknown>): void;
}

const SYNCHRONOUS = [
  'batchStart',
  'forwardEnd',
  'backwardEnd',
  'optimizerStepStart',
  'optimizerStepEnd',
  'batchEnd',
  'logged',
  'validationBatchEnd',
] as const;
const ASYNCHRONOUS = [
  'fitStart',
  'epochStart',
  'validationStart',
  'validationEnd',
  'epochEnd',
  'checkpointSaved',
  'fitEnd',
] as const;

export type SyncEvent = (typeof SYNCHRONOUS)[number];
export type AsyncEvent = (typeof ASYNCHRONOUS)[number];
type Rest<E extends SyncEvent | AsyncEvent> =
  NonNullable<Callback[E]> extends (context: LoopContext, ...rest: infer R) => unknown ? R : never;

/** Every event, in the order in which a run first meets it. */
export const eventNames = [
  'fitStart',
  'epochStart',
  'batchStart',
  'forwardEnd',
  'backwardEnd',
  'optimizerStepStart',
  'optimizerStepEnd',
  'batchEnd',
  'logged',
  'validationStart',
  'validationBatchEnd',
  'validationEnd',
  'epochEnd',
  'checkpointSaved',
  'fitEnd',
] as const satisfies readonly (SyncEvent | AsyncEvent)[];

/** Callbacks in the order that their `before` and `after` ask for, else in the order given.
 *  @throws {TypeError} for two of one name, a name that is not there, or a circle. */
export function orderCallbacks(callbacks: readonly Callback[]): Callback[] {
  const byName = new Map<string, Callback>();
  for (const callback of callbacks) {
    if (byName.has(callback.name))
      throw new TypeError(`Cannot order callbacks: expected unique names, got "${callback.name}" twice`);
    byName.set(callback.name, callback);
  }
  const predecessors = new Map<Callback, Set<Callback>>(callbacks.map((callback) => [callback, new Set()]));
  const find = (name: string, of: Callback): Callback | undefined => {
    const found = byName.get(name);
    if (found === of)
      throw new TypeError(
        `Cannot order callbacks: expected another callback, got "${name}" in its own before or after`,
      );
    return found;
  };
  for (const callback of callbacks) {
    for (const name of callback.after ?? []) {
      const other = find(name, callback);
      if (other) predecessors.get(callback)!.add(other);
    }
    for (const name of callback.before ?? []) {
      const other = find(name, callback);
      if (other) predecessors.get(other)!.add(callback);
    }
  }
  const ordered: Callback[] = [];
  const waiting = [...callbacks];
  while (waiting.length > 0) {
    const next = waiting.findIndex((callback) =>
      [...predecessors.get(callback)!].every((earlier) => ordered.includes(earlier)),
    );
    if (next < 0) {
      throw new TypeError(
        `Cannot order callbacks: expected no circle, got one among ${waiting.map(({ name }) => `"${name}"`).join(', ')}`,
      );
    }
    ordered.push(...waiting.splice(next, 1));
  }
  return ordered;
}

/** Tells callbacks of events. */
export class CallbackList {
  readonly callbacks: readonly Callback[];
  readonly #sync: { readonly [E in SyncEvent]: readonly Callback[] };
  readonly #async: { readonly [E in AsyncEvent]: readonly Callback[] };

  constructor(callbacks: readonly Callback[]) {
    this.callbacks = orderCallbacks(callbacks);
    const listening = (event: SyncEvent | AsyncEvent): Callback[] =>
      this.callbacks.filter((callback) => typeof callback[event] === 'function');
    this.#sync = Object.fromEntries(SYNCHRONOUS.map((event) => [event, listening(event)])) as {
      [E in SyncEvent]: Callback[];
    };
    this.#async = Object.fromEntries(ASYNCHRONOUS.map((event) => [event, listening(event)])) as {
      [E in AsyncEvent]: Callback[];
    };
  }

  /** An event inside a step.
   *  @throws {TypeError} if a callback returns a Promise: the step would go on without it. */
  tell<E extends SyncEvent>(event: E, context: LoopContext, ...rest: Rest<E>): void {
    const listening = this.#sync[event];
    for (let i = 0; i < listening.length; i++) {
      const callback = listening[i]!;
      const method = callback[event] as (context: LoopContext, ...rest: unknown[]) => unknown;
      const result = method.call(callback, context, ...rest);
      if (result instanceof Promise) {
        result.catch(() => {});
        throw new TypeError(
          `Cannot run ${event} of callback "${callback.name}": expected a synchronous method inside a step, got one that returns a Promise`,
        );
      }
    }
  }

  /** An event between steps: callbacks are awaited one after the other. */
  async announce<E extends AsyncEvent>(event: E, context: LoopContext, ...rest: Rest<E>): Promise<void> {
    for (const callback of this.#async[event]) {
      const method = callback[event] as (context: LoopContext, ...rest: unknown[]) => unknown;
      await method.call(callback, context, ...rest);
    }
  }

  state(): Record<string, unknown> {
    return Object.fromEntries(
      this.callbacks.flatMap((callback) => (callback.state ? [[callback.name, callback.state()]] : [])),
    );
  }
}
