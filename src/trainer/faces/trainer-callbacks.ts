// The callbacks of a `Trainer`: the loop's own and those with the nine events, in the order in which they were given.

import { ConfigError } from '../../errors.ts';
import { describeValue } from '../config/problems.ts';
import type { Callback, CallbackList } from '../loop/events.ts';
import { BatchLogs } from './batch-logs.ts';
import {
  callbackOfPositional,
  isPositional,
  type PositionalCallback,
  type PositionalHost,
} from './positional-callback.ts';

/** A callback of the loop, or one with some of the nine events of adaptiveneuralnetwork. */
export type TrainerCallback = Callback | PositionalCallback;

/** What the list needs to know of its trainer. */
export interface TrainerCallbacksHost extends Omit<PositionalHost, 'batchLogs'> {
  /** What the last training step gave. */
  output(): Readonly<Record<string, unknown>>;
}

/** Callbacks by their place. `append` adds one before `fit`. Source: adaptiveneuralnetwork, CallbackList. */
export class TrainerCallbacks implements Iterable<TrainerCallback> {
  readonly #list: CallbackList;
  readonly #host: TrainerCallbacksHost;
  readonly #logs: BatchLogs;
  readonly #given: TrainerCallback[] = [];

  /** @param list - the callbacks of the loop, which the list adds to. */
  constructor(list: CallbackList, host: TrainerCallbacksHost) {
    this.#list = list;
    this.#host = host;
    this.#logs = new BatchLogs(() => host.output());
  }

  get length(): number {
    return this.#given.length;
  }

  [Symbol.iterator](): Iterator<TrainerCallback> {
    return this.#given[Symbol.iterator]();
  }

  includes(callback: TrainerCallback): boolean {
    return this.#given.includes(callback);
  }

  /** @throws {ConfigError} for what is no callback, for a callback of the loop without a name of its own, and while `fit` runs. */
  append(callback: TrainerCallback): this {
    if (typeof callback !== 'object' || callback === null)
      throw new ConfigError('append a callback', [`callback: expected an object, got ${describeValue(callback)}`]);
    if (isPositional(callback)) {
      if (!this.#list.callbacks.includes(this.#logs)) this.#list.append(this.#logs);
      const host = { ...this.#host, batchLogs: () => this.#logs.current };
      const told = callbackOfPositional(callback, this.#nameOf(callback), host);
      this.#list.append({ ...told, after: [...(told.after ?? []), this.#logs.name] });
    } else this.#list.append(callback as Callback); // the list refuses what has no name
    this.#given.push(callback);
    return this;
  }

  /** Its own name, or that of its class; with a number where another callback has it. */
  #nameOf(callback: PositionalCallback): string {
    const name = callback.name || callback.constructor.name;
    const isTaken = (wanted: string): boolean => this.#list.callbacks.some((other) => other.name === wanted);
    let unique = name;
    for (let i = 2; isTaken(unique); i++) unique = `${name} ${i}`;
    return unique;
  }
}
