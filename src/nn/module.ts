// `Module`: parameters, buffers and submodules found from properties, with PyTorch's names for all of them.

import { readOptions } from '../tensor/arguments.ts';
import { describeValue } from '../tensor/autograd/callback.ts';
import { getNative, handles } from '../tensor/call.ts';
import { noteChange } from '../tensor/capture/notes.ts';
import type { Device } from '../tensor/device.ts';
import type { DType } from '../tensor/dtype.ts';
import { inspectCustom, inspected } from '../tensor/inspect.ts';
import type { Tensor } from '../tensor/tensor.ts';
import type { BackwardHook, BackwardPreHook } from './backward-hooks.ts';
import { type CopyOf, deepCopy } from './deep-copy.ts';
import { type FreezeOptions, type FreezeReport, type NamePattern, setFrozen } from './freeze.ts';
import {
  type ForwardHook,
  type ForwardHookOptions,
  type ForwardPreHook,
  type HookOptions,
  type RemovableHandle,
  registerHook,
} from './module-hooks.ts';
import { type ModeHandle, setMode } from './module-mode.ts';
import { emptyModule, type ModuleMoveOptions, moveModule } from './module-move.ts';
import { isModule, Registry, registry } from './module-registry.ts';
import {
  collectState,
  type LoadReport,
  type LoadStateDictHook,
  type LoadStateDictOptions,
  type LoadStateDictPreHook,
  loadState,
  type StateDict,
  type StateDictHook,
  type StateDictOptions,
  type StateDictPreHook,
} from './module-state.ts';
import {
  getBuffer,
  getParameter,
  getSubmodule,
  type NamedOptions,
  type NamedStateOptions,
  namedBuffers,
  namedChildren,
  namedModules,
  namedParameters,
  ownProperties,
  requireFreeName,
  setSubmodule,
} from './module-tree.ts';
import { Parameter } from './parameter.ts';
import { indentRest } from './python-repr.ts';
import { isLazy } from './uninitialized.ts';

export type { LoadReport, StateDict } from './module-state.ts';

const NAMED = ['prefix', 'removeDuplicate'];
const NAMED_STATE = [...NAMED, 'recurse'];

/** Base of every layer and model. A subclass assigns parameters and submodules to properties in its constructor and defines `forward`; callers call
 *  `forward`. Names of properties are the keys of the state dict. Source: torch.nn.Module. */
export abstract class Module {
  /** @internal */
  readonly [registry] = new Registry();

  /** True in training, false in evaluation; `train()` and `eval()` set it for the whole tree. */
  get training(): boolean {
    return this[registry].isTraining;
  }
  set training(mode: boolean) {
    const own = this[registry];
    if (own.isTraining === mode) return;
    own.isTraining = mode;
    noteChange();
  }

  abstract forward(...inputs: never[]): unknown;

  /** Makes `tensor` part of the module's state under a property of that name. What is assigned to the property in a scope lives on, until the end of the
   *  scope in which something else is assigned: `keep()` a value that is to live longer.
   *  In TypeScript, declare the property: `declare running_mean: Tensor`.
   *  @param options.persistent - whether it goes into the state dict. Default true. */
  registerBuffer(name: string, tensor: Tensor | undefined, options: { persistent?: boolean } = {}): void {
    readOptions('registerBuffer', ['persistent'], options);
    const { buffers } = this[registry];
    requireFreeName(this, 'buffer', name, () => buffers.has(name));
    this[registry].setBuffer(this, name, tensor, options.persistent ?? true);
  }

  /** Assigns a parameter to a property whose name is known only when the program runs; `this.weight = new Parameter(…)` does the same.
   *  @param parameter - undefined for one that is not there, as a missing bias.  @throws {TypeError} for a name that is taken, and for a plain tensor. */
  registerParameter(name: string, parameter: Parameter | undefined): void {
    requireFreeName(this, 'parameter', name, (value) => value === undefined || value instanceof Parameter);
    if (parameter !== undefined && !(parameter instanceof Parameter))
      throw new TypeError(
        `Cannot register parameter "${name}": expected a Parameter or undefined, got ${describeValue(parameter)}`,
      );
    Reflect.set(this, name, parameter);
  }

  /** Assigns a module to a property whose name is known only when the program runs.
   *  @throws {TypeError} for a name that is taken, and for what is no module.  Source: torch.nn.Module.add_module, register_module. */
  addModule(name: string, module: Module | undefined): void {
    requireFreeName(this, 'module', name, (value) => value === undefined || isModule(value));
    if (module !== undefined && !isModule(module))
      throw new TypeError(`Cannot register module "${name}": expected a module, got ${describeValue(module)}`);
    Reflect.set(this, name, module);
  }

  /** This module's direct submodules; one that has two names comes once. */
  *children(): Generator<Module> {
    for (const [, child] of namedChildren(this)) yield child;
  }

  /** This module's direct submodules by name; one that has two names comes once. */
  namedChildren(): Generator<[name: string, module: Module]> {
    return namedChildren(this);
  }

  /** This module and all below it, parents first; a module that is reached twice comes once. The root's name is ''. */
  namedModules(options: NamedOptions = {}): Generator<[name: string, module: Module]> {
    readOptions('namedModules', NAMED, options);
    return namedModules(this, options);
  }

  *modules(): Generator<Module> {
    for (const [, module] of namedModules(this, {})) yield module;
  }

  /** All parameters by name, in PyTorch's order; a shared one comes once. */
  namedParameters(options: NamedStateOptions = {}): Generator<[name: string, parameter: Parameter]> {
    readOptions('namedParameters', NAMED_STATE, options);
    return namedParameters(this, options);
  }

  /** @param options.recurse - whether those of submodules are among them. Default true. */
  parameters(options: { recurse?: boolean } = {}): Parameter[] {
    readOptions('parameters', ['recurse'], options);
    return Array.from(namedParameters(this, options), ([, parameter]) => parameter);
  }

  /** All buffers by name, the ones that are not saved included; a shared one comes once. */
  namedBuffers(options: NamedStateOptions = {}): Generator<[name: string, buffer: Tensor]> {
    readOptions('namedBuffers', NAMED_STATE, options);
    return namedBuffers(this, options);
  }

  /** @param options.recurse - whether those of submodules are among them. Default true. */
  buffers(options: { recurse?: boolean } = {}): Tensor[] {
    readOptions('buffers', ['recurse'], options);
    return Array.from(namedBuffers(this, options), ([, buffer]) => buffer);
  }

  /** The module below under a name with dots, as in 'encoder.layers.0'; '' is this module.
   *  @throws {RangeError} that says at which part of the name there is no module, and which there are. */
  getSubmodule(target: string): Module {
    return getSubmodule(this, target);
  }

  /** Puts a module in the place of the one under a name with dots, or there where none is yet.
   *  @param options.strict - only in the place of one. Default false.  @throws {RangeError} for a name whose parent is not there. */
  setSubmodule(target: string, module: Module, options: { strict?: boolean } = {}): void {
    readOptions('setSubmodule', ['strict'], options);
    setSubmodule(this, target, module, options);
  }

  /** The parameter under a name with dots. @throws {RangeError} for one that is not there. */
  getParameter(target: string): Parameter {
    return getParameter(this, target);
  }

  /** The buffer under a name with dots. @throws {RangeError} for one that is not there. */
  getBuffer(target: string): Tensor {
    return getBuffer(this, target);
  }

  /** Parameters and persistent buffers by name, as tensors of their own on the same memory: what PyTorch's state_dict() gives, in its order. */
  stateDict(options: StateDictOptions = {}): StateDict {
    return collectState(this, options);
  }

  /** Copies a state into this module's tensors. Nothing is copied unless everything fits; where a hook runs after loading, missing and unexpected names
   *  are judged after it. A value may be of a kind of numbers that the module's holds (integers in a float, not the reverse).
   *  @returns what did not match, for `strict: false`.
   *  @throws {CheckpointError} that lists every missing, unexpected and mismatched name, and the prefix that would make them fit. */
  loadStateDict(state: Readonly<Record<string, Tensor>>, options: LoadStateDictOptions = {}): LoadReport {
    return loadState(this, state, options);
  }

  /** Define it to save more than tensors: what it returns goes into the state dict as '_extra_state'. */
  getExtraState?(): unknown;

  /** Gets back what `getExtraState` returned. */
  setExtraState?(state: unknown): void;

  /** Sets training mode in the whole tree: calls `train` of every submodule, so that a class may override it. */
  train(mode = true): this {
    if (typeof mode !== 'boolean')
      throw new TypeError(
        `Cannot set the mode of ${this.constructor.name}: expected a boolean, got ${describeValue(mode)}`,
      );
    this.training = mode && !this[registry].staysInEval;
    for (const [, child] of namedChildren(this)) child.train(mode);
    return this;
  }

  /** Sets evaluation mode: no dropout, running statistics instead of the batch's. */
  eval(): this {
    return this.train(false);
  }

  /** Sets evaluation mode until the end of a block; then every module has its own mode again, after an exception too.
   *  @example
   *  const model = new nn.Sequential(new nn.Dropout(), new nn.Linear(2, 1));
   *  const evaluate = (x: Tensor) => {
   *    using mode = model.evalMode();
   *    return model.forward(x);
   *  };
   *  evaluate(ones([1, 2])).shape; // [1, 1]
   *  model.training; // true */
  evalMode(): ModeHandle {
    return setMode(this, false);
  }

  /** As `evalMode`, but sets training mode: for dropout at prediction time, say. */
  trainMode(): ModeHandle {
    return setMode(this, true);
  }

  /** Whether the parameters are trained. */
  requiresGrad_(value = true): this {
    for (const parameter of this.parameters()) parameter.requiresGrad = value;
    return this;
  }

  /** Stops training of the parameters whose names match, and forgets their gradients, so that an optimizer that has them passes them over.
   *  Running statistics of batch norms go on changing in training, as in PyTorch, unless `inEval`.
   *  @throws {RangeError} if nothing matches.
   *  @example
   *  const model = new nn.Sequential({ body: new nn.Linear(2, 2), head: new nn.Linear(2, 1) });
   *  model.freeze('body').parameters; // ['body.weight', 'body.bias'] */
  freeze(pattern: NamePattern, options?: FreezeOptions): FreezeReport {
    return setFrozen(this, pattern, true, options);
  }

  /** Trains the parameters whose names match. Modules that `inEval` kept follow `train()` again from its next call on.
   *  @throws {RangeError} if nothing matches. */
  unfreeze(pattern: NamePattern): FreezeReport {
    return setFrozen(this, pattern, false);
  }

  /** Forgets all gradients.
   *  @param options.setToNone - false fills them with zeros instead. Default true. */
  zeroGrad(options: { setToNone?: boolean } = {}): void {
    readOptions('zeroGrad', ['setToNone'], options);
    if (options.setToNone ?? true)
      getNative().clearGrads(handles(this.parameters().filter((parameter) => !isLazy(parameter))));
    else for (const parameter of this.parameters()) parameter.grad?.detach().zero_();
  }

  /** Calls `visit` on every module below and then on this one; the usual way to initialise. */
  apply(visit: (module: Module) => void): this {
    for (const [, child] of namedChildren(this)) child.apply(visit);
    visit(this);
    return this;
  }

  /** Moves parameters, their gradients and buffers. A dtype changes floating and complex tensors only, a memory format those of four or five dimensions.
   *  Parameters stay the same objects, so that optimizers keep working, unless they go to device 'meta'; what is shared stays shared.
   *  @param target - a dtype, a device, a tensor whose dtype and device are meant, or options alone.
   *  @throws {TypeError} for an integer dtype, a real dtype where there are complex tensors, a format of another number of dimensions, and for tensors
   *    on device 'meta', which have nothing to move; nothing has moved then.
   *  @example
   *  new nn.BatchNorm1d(2).to('float64').weight!.dtype; // 'float64' */
  to(
    target: DType | Device | Tensor | ModuleMoveOptions,
    options?: Pick<ModuleMoveOptions, 'nonBlocking' | 'memoryFormat'>,
  ): this {
    moveModule(this, target, options);
    return this;
  }

  /** Moves to a device without copying: tensors hold whatever was in their memory. The way from device 'meta' to another.
   *  @param options.recurse - whether submodules move too. Default true. */
  toEmpty(options: { device: Device; recurse?: boolean }): this {
    emptyModule(this, options);
    return this;
  }

  /** Runs `hook(module, inputs)` before each `forward`; an array that it returns takes the place of all inputs. Options objects are inputs like others.
   *  Hooks run in the order of registration. @returns a handle whose `remove()` ends it. */
  registerForwardPreHook<M extends Module>(
    this: M,
    hook: ForwardPreHook<M>,
    options: HookOptions = {},
  ): RemovableHandle {
    readOptions('registerForwardPreHook', ['prepend'], options);
    return registerHook(this, 'forwardPre', hook, options);
  }

  /** Runs `hook(module, inputs, output)` after each `forward`; what it returns, if anything, takes the output's place.
   *  @example
   *  const layer = new nn.Linear(2, 3);
   *  const shapes: unknown[] = [];
   *  const handle = layer.registerForwardHook((_layer, _inputs, output) => void shapes.push(output.shape));
   *  layer.forward(ones([4, 2]));
   *  handle.remove();
   *  shapes; // [[4, 3]] */
  registerForwardHook<M extends Module>(
    this: M,
    hook: ForwardHook<M>,
    options: ForwardHookOptions = {},
  ): RemovableHandle {
    readOptions('registerForwardHook', ['prepend', 'alwaysCall'], options);
    return registerHook(this, 'forward', hook, options);
  }

  /** Runs `hook(module, gradInputs, gradOutputs)` when backward has the gradients of this module's inputs; an array that it returns takes their place.
   *  Only tensors that are inputs or outputs themselves count, not those inside arrays or objects. Where no input needs a gradient, it runs with
   *  `gradInputs` of undefined. An input or output cannot be changed in place then. */
  registerFullBackwardHook<M extends Module>(
    this: M,
    hook: BackwardHook<M>,
    options: HookOptions = {},
  ): RemovableHandle {
    readOptions('registerFullBackwardHook', ['prepend'], options);
    return registerHook(this, 'backward', hook, options);
  }

  /** Runs `hook(module, gradOutputs)` before backward goes through this module; an array that it returns takes their place. */
  registerFullBackwardPreHook<M extends Module>(
    this: M,
    hook: BackwardPreHook<M>,
    options: HookOptions = {},
  ): RemovableHandle {
    readOptions('registerFullBackwardPreHook', ['prepend'], options);
    return registerHook(this, 'backwardPre', hook, options);
  }

  /** Runs `hook(module, prefix, keepVars)` before this module's entries are collected. */
  registerStateDictPreHook<M extends Module>(this: M, hook: StateDictPreHook<M>): RemovableHandle {
    return registerHook(this, 'stateDictPre', hook);
  }

  /** Runs `hook(module, state, prefix)` when this module's entries are in `state`, which it may change. */
  registerStateDictPostHook<M extends Module>(this: M, hook: StateDictHook<M>): RemovableHandle {
    return registerHook(this, 'stateDict', hook);
  }

  /** Runs `hook(module, state, context)` before this module looks for its names in `state`, a copy, which it may change: for names of old files. */
  registerLoadStateDictPreHook<M extends Module>(this: M, hook: LoadStateDictPreHook<M>): RemovableHandle {
    return registerHook(this, 'loadPre', hook);
  }

  /** Runs `hook(module, { missing, unexpected })` when this module is loaded; names that it takes out of the lists are no error. */
  registerLoadStateDictPostHook<M extends Module>(this: M, hook: LoadStateDictHook<M>): RemovableHandle {
    return registerHook(this, 'load', hook);
  }

  /** A copy that shares nothing with this module: parameters (without their gradients, as in PyTorch), buffers, submodules and every other property,
   *  whatever its nesting. What is reached twice is copied once: shared parameters stay shared, and views of one memory too. Functions, hooks among
   *  them, are the same ones. Draws nothing.
   *
   *  Private members (`#name`) of a class cannot be copied from outside: such a class defines `emptyCopy`.
   *  @throws {TypeError} for what cannot be copied: private members, bound functions and arrow functions that refer to `this` (they would call the
   *    original), results of operators with a graph behind them, and built-in objects such as promises and weak maps.
   *  Source: copy.deepcopy of a torch.nn.Module. */
  deepCopy(): this {
    return deepCopy(this);
  }

  /** Define it in a class with private members, so that `deepCopy` can copy its objects: it returns a new object of the class, made as this one was,
   *  with private members as a copy should have them. Whatever this module has in properties and buffers goes into the new one afterwards.
   *  @param copyOf - copies a value as the copy in progress does, for what a private member refers to.
   *  @example
   *  class Counting extends nn.Module {
   *    #calls = 0;
   *    override emptyCopy(): nn.Module {
   *      const copy = new Counting();
   *      copy.#calls = this.#calls;
   *      return copy;
   *    }
   *    forward(x: Tensor): Tensor {
   *      this.#calls += 1;
   *      return x.mul(this.#calls);
   *    }
   *  }
   *  const model = new Counting();
   *  model.forward(tensor(1));
   *  model.deepCopy().forward(tensor(1)); // tensor(2.) */
  emptyCopy?(copyOf: CopyOf): Module;

  /** What stands between the parentheses when this module is printed. */
  extraRepr(): string {
    return '';
  }

  /** The tree as PyTorch prints it. */
  toString(): string {
    const children = [...ownProperties(this)].flatMap(([name, value]) =>
      isModule(value) ? [indentRest(`(${name}): ${value}`)] : [],
    );
    const extra = this.extraRepr();
    const extraLines = extra === '' ? [] : extra.split('\n');
    if (children.length === 0 && extraLines.length <= 1) return `${this.constructor.name}(${extra})`;
    return `${this.constructor.name}(\n  ${[...extraLines, ...children].join('\n  ')}\n)`;
  }

  /** What `console.log` shows. */
  [inspectCustom](depth: number, options: { depth?: number | null | undefined }): string | object {
    return inspected(this.toString(), depth, options);
  }
}

/** A module from one tensor to one tensor: what `Sequential` chains. */
export interface UnaryModule extends Module {
  forward(input: Tensor): Tensor;
}
