// Hooks on the gradients that pass through a module: identities around its inputs and outputs, whose backward calls them.

import { describeValue } from '../tensor/autograd/callback.ts';
import { AutogradFunction, type FunctionContext, type Gradients } from '../tensor/autograd/function.ts';
import { isGradEnabled } from '../tensor/autograd.ts';
import { adopt } from '../tensor/scope.ts';
import { refuseLater } from '../tensor/synchronous.ts';
import { Tensor } from '../tensor/tensor.ts';
import type { Module } from './module.ts';
import { type HookEntry, registry } from './module-registry.ts';

/** A gradient for each value that a module takes or gives; undefined for what is no tensor or needs none. */
export type ModuleGradients = readonly (Tensor | undefined)[];

/** Runs before the gradients of a module's inputs are computed; an array that it returns takes the place of the output's gradients. */
export type BackwardPreHook<M extends Module = Module> = (
  module: M,
  gradOutputs: ModuleGradients,
) => ModuleGradients | undefined;

/** Runs when the gradients of a module's inputs are there; an array that it returns takes their place. */
export type BackwardHook<M extends Module = Module> = (
  module: M,
  gradInputs: ModuleGradients,
  gradOutputs: ModuleGradients,
) => ModuleGradients | undefined;

type Receive = (gradients: ModuleGradients) => ModuleGradients;

/** The identity; gradients pass through `receive`. */
class BackwardHookFunction extends AutogradFunction {
  static forward(
    ctx: FunctionContext & { receive: Receive },
    receive: Receive,
    materializes: boolean,
    ...tensors: Tensor[]
  ): Tensor[] {
    ctx.receive = receive;
    ctx.setMaterializeGrads(materializes);
    ctx.markNonDifferentiable(...tensors.filter((tensor) => !tensor.requiresGrad));
    return tensors;
  }

  static backward(ctx: FunctionContext & { receive: Receive }, ...gradients: (Tensor | undefined)[]): Gradients {
    return [undefined, undefined, ...ctx.receive(gradients)];
  }
}

/** Passes the tensors of a list through the identity, if one of them needs a gradient. @returns where they are, or undefined if none does. */
function watch(values: unknown[], receive: Receive, materializes: boolean): readonly number[] | undefined {
  const places = values.flatMap((value, i) => (value instanceof Tensor ? [i] : []));
  const tensors = places.map((i) => values[i] as Tensor);
  if (!isGradEnabled() || !tensors.some(({ requiresGrad }) => requiresGrad)) return undefined;
  const watched = BackwardHookFunction.apply(receive, materializes, ...tensors);
  for (const [position, place] of places.entries()) values[place] = watched[position];
  return places;
}

/** The hooks of one call of a module. Source: torch.utils.hooks.BackwardHook. @internal */
export class BackwardHooks {
  readonly #module: Module;
  readonly #hooks: readonly HookEntry[];
  readonly #preHooks: readonly HookEntry[];
  #inputPlaces: readonly number[] | undefined;
  #outputPlaces: readonly number[] = [];
  #numInputs = 0;
  #numOutputs = 0;
  /** From the backward of the outputs to that of the inputs; they belong to no scope meanwhile. */
  #gradOutputs: ModuleGradients | undefined;
  #kept: readonly Tensor[] = [];

  private constructor(module: Module) {
    this.#module = module;
    this.#hooks = module[registry].hooksOf('backward');
    this.#preHooks = module[registry].hooksOf('backwardPre');
  }

  /** Undefined for a module that has none. */
  static of(module: Module): BackwardHooks | undefined {
    const { hooks } = module[registry];
    return hooks.has('backward') || hooks.has('backwardPre') ? new BackwardHooks(module) : undefined;
  }

  watchInputs(inputs: readonly unknown[]): unknown[] {
    const watched = [...inputs];
    this.#numInputs = watched.length;
    this.#inputPlaces = watch(watched, (gradients) => this.#receiveInputs(gradients), true);
    return watched;
  }

  /** @throws {TypeError} for an output in which gradients cannot be watched. */
  watchOutput(output: unknown): unknown {
    const isList = Array.isArray(output);
    if (!isList && !(output instanceof Tensor))
      throw new TypeError(
        `Cannot watch the gradients of ${this.#module.constructor.name}: expected forward to return a tensor or an array with tensors, got ${describeValue(output)}; remove its backward hooks`,
      );
    const watched: unknown[] = isList ? [...(output as unknown[])] : [output];
    this.#numOutputs = watched.length;
    this.#outputPlaces = watch(watched, (gradients) => this.#receiveOutputs(gradients), false) ?? [];
    return isList ? watched : watched[0];
  }

  #receiveOutputs(given: ModuleGradients): ModuleGradients {
    let gradients = spread(given, this.#outputPlaces, this.#numOutputs);
    for (const { run } of this.#preHooks) {
      const changed: unknown = run(this.#module as never, gradients as never);
      gradients = this.#check('backward pre-hook', changed, this.#numOutputs) ?? gradients;
    }
    if (this.#inputPlaces === undefined) this.#runWithoutInputs(gradients);
    else {
      this.#kept = gradients.flatMap((gradient) => (gradient?.scope ? [gradient.keep()] : []));
      this.#gradOutputs = gradients;
    }
    return this.#outputPlaces.map((place) => gradients[place]);
  }

  /** Where no input needs a gradient, the hooks run as soon as those of the outputs are there. */
  #runWithoutInputs(gradOutputs: ModuleGradients): void {
    const none = new Array<undefined>(this.#numInputs).fill(undefined);
    for (const { run } of this.#hooks) {
      const changed = this.#check(
        'backward hook',
        run(this.#module as never, none as never, gradOutputs as never),
        none.length,
      );
      if (changed?.some((gradient) => gradient !== undefined))
        throw new TypeError(
          `Cannot run a backward hook of ${this.#module.constructor.name}: expected undefined for inputs that need no gradient, got a tensor`,
        );
    }
  }

  #receiveInputs(given: ModuleGradients): ModuleGradients {
    const gradOutputs = this.#gradOutputs;
    if (gradOutputs === undefined) return given; // the gradient came to the inputs past the outputs
    this.#gradOutputs = undefined;
    for (const gradient of this.#kept) if (!gradient.isDisposed) adopt(gradient);
    const places = this.#inputPlaces!;
    let gradients = spread(given, places, this.#numInputs);
    for (const { run } of this.#hooks) {
      const changed: unknown = run(this.#module as never, gradients as never, gradOutputs as never);
      gradients = this.#check('backward hook', changed, this.#numInputs) ?? gradients;
    }
    return places.map((place) => gradients[place]);
  }

  #check(kind: string, changed: unknown, length: number): ModuleGradients | undefined {
    const action = `run a ${kind} of ${this.#module.constructor.name}`;
    refuseLater(changed, action, 'outside of it');
    if (changed === undefined) return undefined;
    if (!Array.isArray(changed) || changed.length !== length)
      throw new TypeError(
        `Cannot ${action}: expected an array of ${length} or undefined, got ${Array.isArray(changed) ? `one of ${changed.length}` : describeValue(changed)}`,
      );
    const wrong: unknown = changed.find((gradient) => gradient !== undefined && !(gradient instanceof Tensor));
    if (wrong !== undefined)
      throw new TypeError(`Cannot ${action}: expected tensors or undefined, got ${describeValue(wrong)}`);
    return changed as ModuleGradients;
  }
}

/** The gradients at their places among `length`. */
function spread(gradients: ModuleGradients, places: readonly number[], length: number): ModuleGradients {
  const all = new Array<Tensor | undefined>(length).fill(undefined);
  for (const [position, place] of places.entries()) all[place] = gradients[position];
  return all;
}
