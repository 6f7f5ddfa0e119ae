// Finds parameters that take part in the loss and that nobody trains: they sit where a module cannot see them.

import type { Module } from '../nn/module.ts';
import { liveParameters, type Parameter } from '../nn/parameter.ts';
import type { AnyOptimizer } from '../optim/optimizer.ts';

/** Looks once, at the first update of a fit. Gradients from before the fit are not its business. */
export class HiddenParameters {
  readonly #before: ReadonlySet<Parameter>;
  #hasLooked = false;

  constructor() {
    this.#before = new Set(liveParameters().filter(hasGradient));
  }

  /** To be called after a backward pass, before the update.
   *  @throws {TypeError} for a parameter that got a gradient and belongs to neither the model nor an optimizer. */
  refuse(model: Module, optimizers: readonly AnyOptimizer[]): void {
    if (this.#hasLooked) return;
    this.#hasLooked = true;
    const known = new Set([...model.parameters(), ...optimizers.flatMap((optimizer) => optimizer.parameters())]);
    const hidden = liveParameters().filter(
      (parameter) => !known.has(parameter) && !this.#before.has(parameter) && hasGradient(parameter),
    );
    if (hidden.length === 0) return;
    const shapes = hidden.map(({ shape }) => `[${shape.join(', ')}]`).join(', ');
    throw new TypeError(
      `Cannot train ${model.constructor.name}: expected every parameter in a property of the model, got a gradient for ${hidden.length} elsewhere, of shape ${shapes}; a private field (#name), a closure or a plain object hides them: use a property or ModuleList, or requiresGrad_(false) for what is not to be trained`,
    );
  }
}

const hasGradient = (parameter: Parameter): boolean => !parameter.isDisposed && parameter.grad !== undefined;
