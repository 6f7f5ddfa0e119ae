// Parametrisations: tensors of a module that are functions of what is trained.

import { readOptions } from '../../tensor/arguments.ts';
import { noGrad } from '../../tensor/autograd.ts';
import { getScope } from '../../tensor/call.ts';
import { adopt, keep } from '../../tensor/scope.ts';
import { refuseLater } from '../../tensor/synchronous.ts';
import { Tensor } from '../../tensor/tensor.ts';
import { addState, Derivation, derive, originalClass, stateOf, underive } from '../derived-tensor.ts';
import { ModuleDict, ModuleList } from '../layers/container.ts';
import type { Module } from '../module.ts';
import { Parameter } from '../parameter.ts';

/** A module from what is trained to the tensor that is used. */
export interface Parametrization extends Module {
  /** Of one tensor, or of as many as `rightInverse` of the first parametrisation gives. */
  forward(...originals: Tensor[]): Tensor;
  /** What would have to be trained to give `value`; undefined where that cannot be told. Without this method: the value itself. */
  rightInverse?(value: Tensor): Tensor | readonly Tensor[] | undefined;
}

const shapeOf = (tensor: Tensor): string => `${tensor.dtype} [${tensor.shape.join(', ')}]`;

function refuse(name: string, expected: string, got: string): never {
  throw new TypeError(`Cannot parametrize "${name}": expected ${expected}, got ${got}`);
}

/** Says what a value is, for messages. */
function describe(value: unknown): string {
  if (value instanceof Tensor) return shapeOf(value);
  return Array.isArray(value) ? 'an array' : value === null ? 'null' : typeof value;
}

function isTensors(value: unknown): value is readonly Tensor[] {
  return Array.isArray(value) && value.length > 0 && value.every((each) => each instanceof Tensor);
}

/** Holds what a parametrisation makes of `from` to the tensor that it stands for. */
function checkSame(name: string, made: unknown, wanted: Tensor): void {
  const isSame = made instanceof Tensor && shapeOf(made) === shapeOf(wanted);
  if (!isSame) refuse(name, `${shapeOf(wanted)} unless unsafe is on`, describe(made));
}

/** The parametrisations of one tensor, first to last, with what is trained in `original`, or in `original0`, `original1` and so on.
 *  Source: torch.nn.utils.parametrize.ParametrizationList. */
export class ParametrizationList extends ModuleList<Parametrization> {
  declare readonly original: Tensor | undefined;
  /** Whether shape and dtype may change. */
  readonly unsafe: boolean;
  /** Of the tensor, for messages. */
  private readonly tensorName: string;
  /** How many tensors are trained; undefined for one under the name `original`. */
  private readonly count: number | undefined;

  /** @throws {TypeError} for inverses that do not give tensors that fit. @internal */
  constructor(name: string, parametrization: Parametrization, original: Tensor, unsafe: boolean) {
    super([parametrization]);
    this.tensorName = name;
    this.unsafe = unsafe;
    const given = noGrad(() => parametrization.rightInverse?.(original)) ?? original;
    const parts: unknown = given instanceof Tensor ? [given] : given;
    if (!isTensors(parts)) refuse(name, 'rightInverse to give tensors', describe(given));
    if (!unsafe) checkSame(name, parametrization.forward(...parts), original);
    this.count = given instanceof Tensor ? undefined : parts.length;
    if (this.count === undefined) this.register(original, parts[0]!);
    else {
      parts.forEach((part, i) => {
        const own = original instanceof Parameter ? new Parameter(part.detach(), original.requiresGrad) : part;
        addState(this, `original${i}`, own);
      });
    }
  }

  /** The same parameter as before, so that an optimizer that has it goes on training it. */
  private register(original: Tensor, given: Tensor): void {
    if (given.dtype !== original.dtype || given.device !== original.device)
      refuse(
        this.tensorName,
        `rightInverse to keep ${original.dtype} on ${original.device}`,
        `${given.dtype} on ${given.device}`,
      );
    if (given !== original) original.setData(given);
    addState(this, 'original', original);
  }

  /** What is trained, in order. */
  get originals(): Tensor[] {
    const own = this as unknown as Readonly<Record<string, Tensor>>; // registered by name
    if (this.count === undefined) return [own.original!];
    return Array.from({ length: this.count }, (_, i) => own[`original${i}`]!);
  }

  /** The tensor that the module uses. */
  compute(): Tensor {
    const [first, ...rest] = this;
    let value = first!.forward(...this.originals);
    for (const parametrization of rest) value = parametrization.forward(value);
    return value;
  }

  /** Changes what is trained so that the module's tensor becomes `value`, as far as the parametrisations allow.
   *  @throws {TypeError} for one that cannot be turned round. */
  rightInverse(value: Tensor): void {
    noGrad(() => {
      let given: Tensor | readonly Tensor[] = value;
      for (const parametrization of [...this].reverse()) {
        const before: Tensor | readonly Tensor[] | undefined = parametrization.rightInverse?.(given as Tensor);
        if (before === undefined)
          refuse(this.tensorName, 'rightInverse to assign a value', `none in ${parametrization.constructor.name}`);
        given = before;
      }
      const parts = given instanceof Tensor ? [given] : given;
      const { originals } = this;
      const fits = isTensors(parts) && parts.length === originals.length;
      if (!fits || !parts.every((part, i) => part.dtype === originals[i]!.dtype))
        refuse(
          this.tensorName,
          originals.map(shapeOf).join(', '),
          fits ? parts.map(shapeOf).join(', ') : describe(given),
        );
      // Copies: what was given stays the caller's.
      originals.forEach((original, i) => {
        original.setData(parts[i]!.clone());
      });
    });
  }
}

interface HasParametrizations extends Module {
  parametrizations?: ModuleDict<ParametrizationList>;
}

/** The parametrisations of a module, by the names of its tensors. Undefined where it has none. */
function listsOf(module: Module): ModuleDict<ParametrizationList> | undefined {
  const { parametrizations } = module as HasParametrizations;
  return parametrizations instanceof ModuleDict ? parametrizations : undefined;
}

/** What `cached` keeps, by module and name, while it runs. */
const running: { depth: number; values: Map<Module, Map<string, Tensor>> } = { depth: 0, values: new Map() };

/** Reads a tensor through its parametrisations. */
class Parametrized extends Derivation {
  private readonly name: string;

  constructor(name: string) {
    super();
    this.name = name;
  }

  override get prefix(): string {
    return 'Parametrized';
  }

  read(module: Module): Tensor {
    const list = listsOf(module)!.get(this.name);
    if (running.depth === 0) return list.compute();
    const values = running.values.get(module) ?? new Map<string, Tensor>();
    running.values.set(module, values);
    // It is used beyond the scope in which it is first read.
    const value = values.get(this.name) ?? keep(list.compute());
    values.set(this.name, value);
    return value;
  }

  write(module: Module, value: Tensor): void {
    listsOf(module)!.get(this.name).rightInverse(value);
  }
}

/** Runs `body`; in it every parametrised tensor is computed once, when it is first read. For weights that are used at every step of a loop.
 *  @throws {TypeError} if `body` returns a Promise or a generator.  Source: torch.nn.utils.parametrize.cached. */
export function cached<T>(body: () => T): T {
  running.depth++;
  try {
    const result = body();
    refuseLater(result, 'end cached()', 'outside of it');
    return result;
  } finally {
    running.depth--;
    if (running.depth === 0) {
      const values = [...running.values.values()].flatMap((byName) => [...byName.values()]);
      running.values = new Map();
      if (getScope()) adopt(values);
    }
  }
}

/** Whether a module has parametrised tensors, or one of this name. Source: torch.nn.utils.parametrize.is_parametrized. */
export function isParametrized(module: Module, tensorName?: string): boolean {
  const lists = listsOf(module);
  if (!lists) return false;
  return tensorName === undefined ? lists.length > 0 : lists.has(tensorName);
}

/** The class that a module had before it was parametrised. Source: torch.nn.utils.parametrize.type_before_parametrizations. */
export function typeBeforeParametrizations(module: Module): new (...args: unknown[]) => Module {
  return isParametrized(module) ? originalClass(module) : (module.constructor as new (...args: unknown[]) => Module);
}

function checkMore(module: Module, name: string, parametrization: Parametrization): void {
  const value = (module as unknown as Readonly<Record<string, Tensor>>)[name]!;
  const result = parametrization.forward(value);
  checkSame(name, result, value);
  const before = parametrization.rightInverse?.(result);
  if (before !== undefined) checkSame(name, before, value);
}

/** Makes a parameter or buffer of a module a function of what is trained in its place. The module's class becomes a subclass whose property computes it;
 *  what is trained is in `parametrizations.<name>`. Where `rightInverse` gives several tensors, tell the optimizer of them.
 *  @param options.unsafe - allow another shape or dtype. Default false.  @throws {TypeError} for a name that the module does not have, and results that do not fit.
 *  Source: torch.nn.utils.parametrize.register_parametrization.
 *  @example
 *  class Symmetric extends nn.Module {
 *    forward(x: Tensor): Tensor {
 *      return x.triu().add(x.triu({ diagonal: 1 }).t());
 *    }
 *  }
 *  const layer = nn.utils.parametrize.registerParametrization(new nn.Linear(3, 3), 'weight', new Symmetric());
 *  layer.weight.equal(layer.weight.t()); // true */
export function registerParametrization<M extends Module>(
  module: M,
  tensorName: string,
  parametrization: Parametrization,
  options: { unsafe?: boolean } = {},
): M {
  readOptions('registerParametrization', ['unsafe'], options);
  const { unsafe = false } = options;
  parametrization.train(module.training);
  const lists = listsOf(module);
  if (lists?.has(tensorName)) {
    if (!unsafe) checkMore(module, tensorName, parametrization);
    const list = lists.get(tensorName);
    list.append(parametrization);
    // Once it is on it stays on.
    if (unsafe) Object.assign(list, { unsafe });
    return module;
  }
  const original = stateOf(module, tensorName);
  if (!original) refuse(tensorName, `a parameter or buffer of ${module.constructor.name}`, 'none');
  const list = new ParametrizationList(tensorName, parametrization, original, unsafe);
  derive(module, tensorName, new Parametrized(tensorName));
  if (!lists) Object.assign(module, { parametrizations: new ModuleDict<ParametrizationList>() });
  listsOf(module)!.set(tensorName, list);
  return module;
}

/** Takes the parametrisations of a tensor away.
 *  @param options.leaveParametrized - keep the value that they give; else what was trained, where that is one tensor. Default true.
 *  @throws {TypeError} for a tensor that has none, and without `leaveParametrized` for one that several are trained for.
 *  Source: torch.nn.utils.parametrize.remove_parametrizations. */
export function removeParametrizations<M extends Module>(
  module: M,
  tensorName: string,
  options: { leaveParametrized?: boolean } = {},
): M {
  readOptions('removeParametrizations', ['leaveParametrized'], options);
  const { leaveParametrized = true } = options;
  const lists = listsOf(module);
  if (!lists?.has(tensorName)) refuse(tensorName, `a parametrized tensor of ${module.constructor.name}`, 'none');
  const list = lists.get(tensorName);
  let left = list.original;
  if (left) {
    if (leaveParametrized) left.setData(noGrad(() => list.compute()));
  } else {
    if (!leaveParametrized)
      refuse(tensorName, 'one tensor that is trained, to leave it unparametrized', `${list.originals.length}`);
    const last = list.compute();
    left = last.requiresGrad ? new Parameter(last.detach()) : last;
  }
  underive(module, tensorName);
  lists.delete(tensorName);
  if (lists.length === 0) Reflect.deleteProperty(module, 'parametrizations');
  addState(module, tensorName, left);
  return module;
}

/** Gives another module the parametrisations of this one, the same objects, and what they train.
 *  @param tensorName - of one tensor. Default: all.  Source: torch.nn.utils.parametrize.transfer_parametrizations_and_params. */
export function transferParametrizationsAndParams<M extends Module>(from: Module, to: M, tensorName?: string): M {
  const lists = listsOf(from);
  if (!lists) return to;
  for (const name of tensorName === undefined ? [...lists.keys()] : [tensorName]) {
    const list = lists.get(name);
    if (!(name in to)) addState(to, name, new Parameter(list.compute().detach()));
    for (const parametrization of list) registerParametrization(to, name, parametrization);
    const target = listsOf(to)!.get(name);
    const names = list.original ? ['original'] : list.originals.map((_, i) => `original${i}`);
    for (const each of names) Object.assign(target, { [each]: (list as unknown as Record<string, Tensor>)[each] });
  }
  return to;
}
