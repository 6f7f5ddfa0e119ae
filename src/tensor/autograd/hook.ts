// Hooks on gradients: functions that see, and may replace, the gradient of a tensor when it is complete.

import { getNative, h, wrap } from '../call.ts';
import { isRecording, noteChange } from '../capture/notes.ts';
import { refuseLater } from '../synchronous.ts';
import { Tensor } from '../tensor.ts';
import { describeValue, inCallback } from './callback.ts';

/** Gets the gradient; what it returns, if anything, takes the gradient's place. */
export type TensorHook = (gradient: Tensor) => Tensor | undefined;

/** What registering a hook gives. */
export class HookHandle {
  readonly #number: number;

  /** @internal */
  constructor(number: number) {
    this.#number = number;
  }

  /** The hook runs no more. Removing it again does nothing. */
  remove(): void {
    if (!isRecording()) noteChange();
    getNative().removeHook(this.#number);
  }

  /** `using handle = x.registerHook(…)` removes it at the end of the block. */
  [Symbol.dispose](): void {
    this.remove();
  }
}

/** @internal `Tensor.registerHook`. */
export function registerHook(tensor: Tensor, hook: TensorHook): HookHandle {
  requireFunction(hook, 'register a hook');
  const callback = (handle: number): number | undefined =>
    inCallback('a tensor hook', () => {
      const result: unknown = hook(wrap(handle)) ?? undefined;
      refuseLater(result, 'run a tensor hook', 'outside of it');
      if (result === undefined || result instanceof Tensor) return h(result);
      throw new TypeError(
        `Cannot run a tensor hook: expected it to return a tensor or undefined, got ${describeValue(result)}`,
      );
    });
  return register(tensor, callback, false);
}

/** @internal `Tensor.registerPostAccumulateGradHook`. */
export function registerPostAccumulateGradHook(tensor: Tensor, hook: (tensor: Tensor) => void): HookHandle {
  requireFunction(hook, 'register a post-accumulate hook');
  const callback = (handle: number): void =>
    inCallback('a post-accumulate hook', () => {
      const result: unknown = hook(wrap(handle));
      refuseLater(result, 'run a post-accumulate hook', 'outside of it');
    });
  return register(tensor, callback, true);
}

function register(tensor: Tensor, callback: (handle: number) => unknown, afterAccumulation: boolean): HookHandle {
  if (tensor.scope === undefined || !isRecording()) noteChange(); // of what a step makes for itself the step says so
  return new HookHandle(getNative().registerHook(h(tensor), callback, afterAccumulation));
}

function requireFunction(hook: unknown, action: string): void {
  if (typeof hook !== 'function')
    throw new TypeError(`Cannot ${action}: expected a function, got ${describeValue(hook)}`);
}
