// Modes for a while: every module's own comes back, however the block ends.

import type { Module } from './module.ts';

/** Remembers the mode of every module in a tree. Source: none in PyTorch, where `train()` makes all modes one. */
export class ModeHandle {
  readonly #modes: readonly (readonly [module: Module, training: boolean])[];
  #isRestored = false;

  /** @internal */
  constructor(root: Module) {
    this.#modes = Array.from(root.modules(), (module) => [module, module.training] as const);
  }

  /** Gives every module the mode that it had. Doing it again does nothing. */
  restore(): void {
    if (this.#isRestored) return;
    this.#isRestored = true;
    for (const [module, training] of this.#modes) module.training = training;
  }

  /** `using mode = model.evalMode()` restores at the end of the block. */
  [Symbol.dispose](): void {
    this.restore();
  }
}

/** @internal `Module.evalMode`, `Module.trainMode`. */
export function setMode(root: Module, training: boolean): ModeHandle {
  const handle = new ModeHandle(root);
  try {
    root.train(training);
  } catch (error) {
    handle.restore();
    throw error;
  }
  return handle;
}
