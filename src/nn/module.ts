// `Module`: parameters, buffers and submodules found from properties, with PyTorch's names for all of them.

import { CheckpointError } from '../errors.ts';
import { noGrad } from '../tensor/autograd.ts';
import { getNative, handles } from '../tensor/call.ts';
import type { Device } from '../tensor/device.ts';
import { type DType, isFloatingDType } from '../tensor/dtype.ts';
import { inspectCustom, inspected } from '../tensor/inspect.ts';
import { scope } from '../tensor/scope.ts';
import { Tensor } from '../tensor/tensor.ts';
import { type CopyOf, deepCopy } from './deep-copy.ts';
import { Registry, registry } from './module-registry.ts';
import { Parameter } from './parameter.ts';
import { indentRest } from './python-repr.ts';

/** Tensors by their names in a module, as in 'conv.weight'. Iteration order is PyTorch's. */
export type StateDict = Record<string, Tensor>;

export interface LoadReport {
  /** Names that the module has and the state has not. */
  readonly missing: readonly string[];
  /** Names that the state has and the module has not. */
  readonly unexpected: readonly string[];
}

/** Own parameters and submodules in the order of assignment.
 *  @throws {TypeError} for modules or parameters in a plain array, Map or Set, which would not be trained. */
function* ownProperties(module: Module): Generator<[name: string, value: Parameter | Module]> {
  for (const [name, value] of Object.entries(module)) {
    if (value instanceof Parameter || value instanceof Module) yield [name, value];
    else if (Array.isArray(value) || value instanceof Map || value instanceof Set) {
      const inside = [...(value instanceof Map ? value.values() : value)];
      if (inside.some((element) => element instanceof Module || element instanceof Parameter)) {
        const kind = Array.isArray(value) ? 'an array' : `a ${value.constructor.name}`;
        throw new TypeError(
          `Cannot collect the parameters of ${module.constructor.name}: expected modules in properties, got ${kind} of them in "${name}", which would not be trained; use ModuleList`,
        );
      }
    }
  }
}

function collectState(module: Module, prefix: string, state: StateDict): void {
  const own = [...ownProperties(module)];
  for (const [name, value] of own) if (value instanceof Parameter) state[prefix + name] = value.detach();
  for (const [name, { tensor, isPersistent }] of module[registry].buffers)
    if (tensor && isPersistent) state[prefix + name] = tensor.detach();
  for (const [name, value] of own) if (value instanceof Module) collectState(value, `${prefix}${name}.`, state);
}

/** Copies a state into a module's tensors. See `Module.loadStateDict`. */
function loadState(module: Module, state: Readonly<Record<string, Tensor>>, options: { strict?: boolean }): LoadReport {
  const own = module.stateDict();
  const missing = Object.keys(own).filter((name) => !(name in state));
  const unexpected = Object.keys(state).filter((name) => !(name in own));
  const problems: string[] = [];
  if (options.strict ?? true) {
    if (missing.length > 0) problems.push(`missing: ${missing.join(', ')}`);
    if (unexpected.length > 0) problems.push(`unexpected: ${unexpected.join(', ')}`);
  }
  const pairs = Object.entries(own).flatMap(([name, target]) =>
    name in state ? [{ name, target, source: state[name] as Tensor }] : [],
  );
  for (const { name, target, source } of pairs) {
    if (!(source instanceof Tensor)) {
      problems.push(`"${name}": expected a tensor, got ${source === null ? 'null' : typeof source}`);
    } else if (String(target.shape) !== String(source.shape)) {
      problems.push(`"${name}": expected shape [${target.shape.join(', ')}], got [${source.shape.join(', ')}]`);
    }
  }
  if (problems.length > 0) {
    throw new CheckpointError(
      `Cannot load a state into ${module.constructor.name}: expected the module's own names and shapes, got\n  ${problems.join('\n  ')}`,
    );
  }
  noGrad(() => {
    for (const { target, source } of pairs) target.copy_(source);
  });
  return { missing, unexpected };
}

/** Base of every layer and model. A subclass assigns parameters and submodules to properties in its constructor and defines `forward`; callers call
 *  `forward`. Names of properties are the keys of the state dict. Source: torch.nn.Module. */
export abstract class Module {
  /** True in training, false in evaluation; `train()` and `eval()` set it for the whole tree. */
  training = true;
  /** @internal */
  readonly [registry] = new Registry();

  abstract forward(...inputs: never[]): unknown;

  /** Makes `tensor` part of the module's state under a property of that name. What is assigned to the property in a scope lives on, until the end of the
   *  scope in which something else is assigned: `keep()` a value that is to live longer.
   *  In TypeScript, declare the property: `declare running_mean: Tensor`.
   *  @param options.persistent - whether it goes into the state dict. Default true. */
  registerBuffer(name: string, tensor: Tensor | undefined, options: { persistent?: boolean } = {}): void {
    if (name.includes('.') || name === '')
      throw new RangeError(`Cannot register buffer "${name}": expected a name without dots`);
    if (name in this && !this[registry].buffers.has(name)) {
      throw new TypeError(
        `Cannot register buffer "${name}": expected a free name, got one that ${this.constructor.name} has already`,
      );
    }
    this[registry].setBuffer(this, name, tensor, options.persistent ?? true);
  }

  /** This module's direct submodules by name; one that has two names comes once. */
  *namedChildren(): Generator<[name: string, module: Module]> {
    const seen = new Set<Module>();
    for (const [name, value] of ownProperties(this)) {
      if (!(value instanceof Module) || seen.has(value)) continue;
      seen.add(value);
      yield [name, value];
    }
  }

  /** This module and all below it, parents first; a module that is reached twice comes once. The root's name is ''. */
  *namedModules(prefix = '', seen: Set<Module> = new Set()): Generator<[name: string, module: Module]> {
    if (seen.has(this)) return;
    seen.add(this);
    yield [prefix, this];
    for (const [name, child] of this.namedChildren())
      yield* child.namedModules(prefix ? `${prefix}.${name}` : name, seen);
  }

  *modules(): Generator<Module> {
    for (const [, module] of this.namedModules()) yield module;
  }

  /** All parameters by name, in PyTorch's order; a shared one comes once. */
  *namedParameters(): Generator<[name: string, parameter: Parameter]> {
    const seen = new Set<Parameter>();
    for (const [prefix, module] of this.namedModules()) {
      for (const [name, value] of ownProperties(module)) {
        if (!(value instanceof Parameter) || seen.has(value)) continue;
        seen.add(value);
        yield [prefix ? `${prefix}.${name}` : name, value];
      }
    }
  }

  parameters(): Parameter[] {
    return Array.from(this.namedParameters(), ([, parameter]) => parameter);
  }

  /** All buffers by name, the ones that are not saved included. */
  *namedBuffers(): Generator<[name: string, buffer: Tensor]> {
    for (const [prefix, module] of this.namedModules()) {
      for (const [name, { tensor }] of module[registry].buffers)
        if (tensor) yield [prefix ? `${prefix}.${name}` : name, tensor];
    }
  }

  /** Parameters and persistent buffers by name, as tensors of their own on the same memory: what PyTorch's state_dict() gives, in its order. */
  stateDict(): StateDict {
    const state: StateDict = {};
    collectState(this, '', state);
    return state;
  }

  /** Copies a state into this module's tensors. Nothing is copied unless everything fits.
   *  @param options.strict - every name must be on both sides. Default true.
   *  @returns what did not match, for `strict: false`.
   *  @throws {CheckpointError} that lists every missing, unexpected and mismatched name. */
  loadStateDict(state: Readonly<Record<string, Tensor>>, options: { strict?: boolean } = {}): LoadReport {
    return scope(() => loadState(this, state, options), 'loadStateDict()');
  }

  /** Sets training mode in the whole tree. */
  train(mode = true): this {
    for (const module of this.modules()) module.training = mode;
    return this;
  }

  /** Sets evaluation mode: no dropout, running statistics instead of the batch's. */
  eval(): this {
    return this.train(false);
  }

  /** Whether the parameters are trained. */
  requiresGrad_(value = true): this {
    for (const parameter of this.parameters()) parameter.requiresGrad = value;
    return this;
  }

  /** Forgets all gradients. */
  zeroGrad(): void {
    getNative().clearGrads(handles(this.parameters()));
  }

  /** Calls `visit` on every module below and then on this one; the usual way to initialise. */
  apply(visit: (module: Module) => void): this {
    for (const [, child] of this.namedChildren()) child.apply(visit);
    visit(this);
    return this;
  }

  /** Moves parameters, their gradients and buffers in place; a dtype changes floating ones only, 'channels_last' those of four dimensions. Optimizers keep working. */
  to(target: { dtype?: DType; device?: Device; memoryFormat?: 'contiguous_format' | 'channels_last' }): this {
    const move = (): void => {
      const parameters = this.parameters();
      const gradients = parameters.flatMap((parameter) => parameter.grad ?? []);
      const tensors = [...gradients, ...parameters, ...Array.from(this.namedBuffers(), ([, buffer]) => buffer)];
      for (const tensor of tensors) {
        const dtype = target.dtype !== undefined && isFloatingDType(tensor.dtype) ? target.dtype : tensor.dtype;
        let moved = tensor.to({ dtype, ...(target.device === undefined ? {} : { device: target.device }) });
        if (target.memoryFormat !== undefined && tensor.ndim === 4)
          moved = moved.contiguous({ memoryFormat: target.memoryFormat });
        if (moved !== tensor) tensor.setData(moved);
      }
    };
    scope(() => noGrad(move), 'to()');
    return this;
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
      value instanceof Module ? [indentRest(`(${name}): ${value}`)] : [],
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
