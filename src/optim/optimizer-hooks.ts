// Functions that an optimizer calls around its steps and its state dicts.

import { noteChange } from '../tensor/capture/notes.ts';

/** What registering a hook gives. */
export class OptimizerHookHandle {
  readonly #remove: () => void;

  /** @internal */
  constructor(remove: () => void) {
    this.#remove = remove;
  }

  /** The hook runs no more. Removing it again does nothing. */
  remove(): void {
    this.#remove();
  }

  /** `using handle = optimizer.registerStepPreHook(…)` removes it at the end of the block. */
  [Symbol.dispose](): void {
    this.remove();
  }
}

const ofOperators = new WeakSet<object>();

/** Says that a hook runs operators and does nothing else that counts: captured steps may have it. @internal */
export function runningOperatorsAlone<Hook extends object>(hook: Hook): Hook {
  ofOperators.add(hook);
  return hook;
}

/** @internal */
export const runsOperatorsAlone = (hook: object): boolean => ofOperators.has(hook);

/** Hooks of one kind, in the order in which they run. @internal */
export class HookList<Hook extends (...args: never[]) => unknown> {
  readonly #hooks = new Map<object, Hook>();

  add(hook: Hook, action: string): OptimizerHookHandle {
    if (typeof hook !== 'function')
      throw new TypeError(`Cannot ${action}: expected a function, got ${hook === null ? 'null' : typeof hook}`);
    const key = {};
    this.#hooks.set(key, hook);
    noteChange();
    return new OptimizerHookHandle(() => {
      if (this.#hooks.delete(key)) noteChange();
    });
  }

  get size(): number {
    return this.#hooks.size;
  }

  /** Those of now: a hook may remove itself or add others. */
  [Symbol.iterator](): Iterator<Hook> {
    return [...this.#hooks.values()][Symbol.iterator]();
  }
}
