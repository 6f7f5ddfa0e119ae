// The tree of modules: what lies in whose properties, walked and looked up by name.

import { describeValue } from '../tensor/autograd/callback.ts';
import { Tensor } from '../tensor/tensor.ts';
import type { Module } from './module.ts';
import { isModule, registry } from './module-registry.ts';
import { Parameter } from './parameter.ts';

/** How modules, parameters and buffers are listed by name. */
export interface NamedOptions {
  /** What every name begins with, without the dot. Default ''. */
  prefix?: string;
  /** Whether one that has two names comes once, under the first. Default true. */
  removeDuplicate?: boolean;
}

export interface NamedStateOptions extends NamedOptions {
  /** Whether what lies in submodules is listed too. Default true. */
  recurse?: boolean;
}

/** The names of a container that applies its modules itself, in order: a module that was put beside them would never run. @internal */
export const orderedNames: unique symbol = Symbol('sconce.orderedNames');

export const joinName = (prefix: string, name: string): string => (prefix === '' ? name : `${prefix}.${name}`);

const isState = (value: unknown): boolean => value instanceof Parameter || isModule(value);

function refuse(module: Module, got: string, wayOut: string): never {
  throw new TypeError(
    `Cannot collect the parameters of ${module.constructor.name}: expected modules in properties, got ${got}; ${wayOut}`,
  );
}

/** Refuses what would silently not be trained: state inside a plain collection, or a tensor where a parameter or a module was. */
function requireVisible(module: Module, name: string, value: object): void {
  if (value instanceof Tensor) {
    if (module[registry].seen.has(name))
      refuse(
        module,
        `a plain tensor in "${name}", which held a parameter or module before`,
        'assign a Parameter, or undefined to have none',
      );
  } else if (Array.isArray(value) || value instanceof Map || value instanceof Set) {
    const inside: Iterable<unknown> = value instanceof Map ? [...value.keys(), ...value.values()] : value;
    for (const element of inside) {
      if (!isState(element)) continue;
      const kind = Array.isArray(value) ? 'an array' : `a ${value.constructor.name}`;
      refuse(module, `${kind} of them in "${name}", which would not be trained`, 'use ModuleList');
    }
  }
}

/** Own parameters and submodules in the order of assignment.
 *  @throws {TypeError} for what would not be trained. @internal */
export function* ownProperties(module: Module): Generator<[name: string, value: Parameter | Module]> {
  const { seen } = module[registry];
  const order = (module as { readonly [orderedNames]?: ReadonlySet<string> })[orderedNames];
  for (const name of Object.keys(module)) {
    const value = (module as unknown as Readonly<Record<string, unknown>>)[name];
    if (typeof value !== 'object' || value === null) continue;
    if (isState(value)) {
      if (order && isModule(value) && !order.has(name))
        refuse(module, `"${name}", which was assigned and would not be applied`, 'use append() or addModule()');
      if (!seen.has(name)) seen.add(name);
      yield [name, value as Parameter | Module];
    } else requireVisible(module, name, value);
  }
}

/** @internal `Module.namedChildren`. */
export function* namedChildren(module: Module): Generator<[name: string, module: Module]> {
  const seen = new Set<Module>();
  for (const [name, value] of ownProperties(module)) {
    if (!isModule(value) || seen.has(value)) continue;
    seen.add(value);
    yield [name, value];
  }
}

/** @internal `Module.namedModules`. */
export function* namedModules(
  module: Module,
  { prefix = '', removeDuplicate = true }: NamedOptions,
  seen: Set<Module> = new Set(),
): Generator<[name: string, module: Module]> {
  if (seen.has(module)) return;
  seen.add(module);
  yield [prefix, module];
  for (const [name, child] of ownProperties(module)) {
    if (isModule(child)) yield* namedModules(child, { prefix: joinName(prefix, name), removeDuplicate }, seen);
  }
  if (!removeDuplicate) seen.delete(module); // now it holds this module's ancestors alone, so that a cycle ends
}

/** Entries of every module in the tree, each once unless told otherwise. */
function* namedMembers<T extends object>(
  module: Module,
  { prefix = '', recurse = true, removeDuplicate = true }: NamedStateOptions,
  members: (module: Module) => Iterable<readonly [name: string, value: unknown]>,
  isWanted: (value: unknown) => value is T,
): Generator<[name: string, value: T]> {
  const seen = new Set<T>();
  const modules = recurse ? namedModules(module, { prefix, removeDuplicate }) : [[prefix, module] as const];
  for (const [path, owner] of modules) {
    for (const [name, value] of members(owner)) {
      if (!isWanted(value) || seen.has(value)) continue;
      if (removeDuplicate) seen.add(value);
      yield [joinName(path, name), value];
    }
  }
}

/** @internal `Module.namedParameters`. */
export function namedParameters(
  module: Module,
  options: NamedStateOptions,
): Generator<[name: string, parameter: Parameter]> {
  return namedMembers(module, options, ownProperties, (value) => value instanceof Parameter);
}

/** @internal `Module.namedBuffers`. */
export function namedBuffers(module: Module, options: NamedStateOptions): Generator<[name: string, buffer: Tensor]> {
  const buffersOf = (owner: Module): Iterable<readonly [string, unknown]> =>
    Array.from(owner[registry].buffers, ([name, { tensor }]) => [name, tensor] as const);
  return namedMembers(module, options, buffersOf, (value) => value instanceof Tensor);
}

/** The own property of that name, buffers included. */
function propertyOf(module: Module, name: string): unknown {
  return Object.hasOwn(module, name) ? (module as unknown as Readonly<Record<string, unknown>>)[name] : undefined;
}

/** The names that `isWanted` finds in a module, for messages. */
function choices(module: Module, isWanted: (value: unknown) => boolean): string {
  const names = [
    ...ownProperties(module),
    ...Array.from(module[registry].buffers, ([name, { tensor }]) => [name, tensor] as const),
  ];
  const fitting = names.flatMap(([name, value]) => (isWanted(value) ? [`"${name}"`] : []));
  return fitting.length === 0 ? 'it has none' : `it has ${fitting.join(', ')}`;
}

function requireName(action: string, target: unknown): asserts target is string {
  if (typeof target !== 'string')
    throw new TypeError(`Cannot ${action}: expected a name, got ${describeValue(target)}`);
}

/** Walks from module to module along a dotted name. */
function walk(root: Module, action: string, path: readonly string[]): Module {
  let at = root;
  for (const [depth, name] of path.entries()) {
    const next = propertyOf(at, name);
    if (!isModule(next)) {
      const where =
        depth === 0 ? root.constructor.name : `"${path.slice(0, depth).join('.')}" (${at.constructor.name})`;
      throw new RangeError(
        `Cannot ${action}: expected a module "${name}" in ${where}, got ${next === undefined ? 'none' : describeValue(next)}; ${choices(at, isModule)}`,
      );
    }
    at = next;
  }
  return at;
}

/** @internal `Module.getSubmodule`. */
export function getSubmodule(root: Module, target: string): Module {
  const action = `get submodule "${target}" of ${root.constructor.name}`;
  requireName(action, target);
  return target === '' ? root : walk(root, action, target.split('.'));
}

function getMember<T>(
  root: Module,
  kind: string,
  target: string,
  isWanted: (owner: Module, name: string, value: unknown) => boolean,
  choose: (value: unknown) => boolean,
): T {
  const action = `get ${kind} "${target}" of ${root.constructor.name}`;
  requireName(action, target);
  const path = target.split('.');
  const name = path.pop()!;
  const owner = walk(root, action, path);
  const value = propertyOf(owner, name);
  if (isWanted(owner, name, value)) return value as T;
  const where = path.length === 0 ? root.constructor.name : `"${path.join('.')}" (${owner.constructor.name})`;
  throw new RangeError(
    `Cannot ${action}: expected a ${kind} "${name}" in ${where}, got ${value === undefined ? 'none' : describeValue(value)}; ${choices(owner, choose)}`,
  );
}

/** @internal `Module.getParameter`. */
export function getParameter(root: Module, target: string): Parameter {
  const isParameter = (value: unknown): boolean => value instanceof Parameter;
  return getMember(root, 'parameter', target, (_owner, _name, value) => isParameter(value), isParameter);
}

/** @internal `Module.getBuffer`. */
export function getBuffer(root: Module, target: string): Tensor {
  const isBuffer = (owner: Module, name: string, value: unknown): boolean =>
    value instanceof Tensor && owner[registry].buffers.has(name);
  return getMember(
    root,
    'buffer',
    target,
    isBuffer,
    (value) => value instanceof Tensor && !(value instanceof Parameter),
  );
}

/** Refuses a name under which nothing can be registered: empty, with dots, or taken by another kind of member. @internal */
export function requireFreeName(
  module: Module,
  what: string,
  name: string,
  isSameKind: (value: unknown) => boolean,
): void {
  requireName(`register ${what}`, name);
  if (name.includes('.') || name === '')
    throw new RangeError(`Cannot register ${what} "${name}": expected a name without dots`);
  if (!(name in module)) return;
  if (Object.hasOwn(module, name) && isSameKind(propertyOf(module, name))) return;
  throw new TypeError(
    `Cannot register ${what} "${name}": expected a free name, got one that ${module.constructor.name} has already`,
  );
}

/** @internal `Module.setSubmodule`. */
export function setSubmodule(
  root: Module,
  target: string,
  module: Module,
  { strict = false }: { strict?: boolean },
): void {
  const action = `set submodule "${target}" of ${root.constructor.name}`;
  requireName(action, target);
  if (target === '') throw new RangeError(`Cannot ${action}: expected the name of a submodule, got ""`);
  if (!isModule(module)) throw new TypeError(`Cannot ${action}: expected a module, got ${describeValue(module)}`);
  const path = target.split('.');
  const name = path.pop()!;
  const owner = walk(root, action, path);
  const before = propertyOf(owner, name);
  if ((strict || before !== undefined) && !isModule(before)) walk(root, action, [...path, name]);
  owner.addModule(name, module);
}
