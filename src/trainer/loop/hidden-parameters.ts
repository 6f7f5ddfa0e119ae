// Finds parameters that take part in the loss and that nobody trains: they sit where a module cannot see them.

import { trainedParameters } from '../../nn/parameter.ts';
import type { AnyOptimizer } from '../../optim/optimizer.ts';
import { allModules, type ModulesOfRun } from './modules-of-run.ts';

/** Looks once, at the first update of a fit. Gradients from before the fit are not its business. */
export class HiddenParameters {
  readonly #before: ReadonlySet<number> = new Set(trainedParameters().map(({ handle }) => handle));
  #hasLooked = false;

  /** To be called after a backward pass, before the update.
   *  @throws {TypeError} for a parameter that got a gradient and belongs to neither the model, nor a module beside it, nor an optimizer. */
  refuse(run: ModulesOfRun, optimizers: readonly AnyOptimizer[]): void {
    if (this.#hasLooked) return;
    this.#hasLooked = true;
    const known = [...allModules(run), ...optimizers].flatMap((owner) => owner.parameters());
    const handles = new Set(known.map(({ handle }) => handle));
    const hidden = trainedParameters().filter(({ handle }) => !handles.has(handle) && !this.#before.has(handle));
    if (hidden.length === 0) return;
    const shapes = hidden.map(({ shape }) => `[${shape.join(', ')}]`).join(', ');
    throw new TypeError(
      `Cannot train ${run.model.constructor.name}: expected every parameter in a property of the model, got a gradient for ${hidden.length} elsewhere, of shape ${shapes}; a private field (#name), a closure or a plain object hides them: use a property or ModuleList, or requiresGrad_(false) for what is not to be trained`,
    );
  }
}
