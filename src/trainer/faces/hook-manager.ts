// `HookManager`: the hooks of a `GenericTrainer`, each a callback of the one list that the loop tells.

import { describeValue } from '../config/problems.ts';
import type { CallbackList } from '../loop/events.ts';
import { callbackOfHooks, type HookHost, TrainerHooks } from './trainer-hooks.ts';

/** Takes hooks before `fit`. They hear events in the order of their registration, after the trainer's callbacks. Source: model-training-framework. */
export class HookManager {
  readonly #hooks: TrainerHooks[] = [];
  readonly #callbacks: CallbackList;
  readonly #host: HookHost;

  constructor(callbacks: CallbackList, host: HookHost) {
    this.#callbacks = callbacks;
    this.#host = host;
  }

  get hooks(): readonly TrainerHooks[] {
    return [...this.#hooks];
  }

  /** @throws {TypeError} for what is no `TrainerHooks`.
   *  @throws {ConfigError} for a name that another hook or callback has, and while `fit` runs. */
  registerHook(hook: TrainerHooks): this {
    if (!(hook instanceof TrainerHooks))
      throw new TypeError(
        `Cannot register a hook: expected an instance of a class that extends TrainerHooks, got ${describeValue(hook)}; a callback goes into the trainer's callbacks`,
      );
    this.#callbacks.append(callbackOfHooks(hook, this.#host));
    this.#hooks.push(hook);
    return this;
  }
}
