// Modules that hold modules.

import type { Tensor } from '../../tensor/tensor.ts';
import { Module, type UnaryModule } from '../module.ts';
import { orderedNames } from '../module-tree.ts';

/** Makes a property of a module or parameter, which is how modules find them.
 *  @throws {TypeError} for what is no module, and for a name that the container has or that would cut a state's key. */
function addNamed(container: Module, name: string, module: Module): void {
  const kind = container.constructor.name;
  if (!(module instanceof Module))
    throw new TypeError(
      `Cannot add "${name}" to a ${kind}: expected a module, got ${module === null ? 'null' : typeof module}`,
    );
  if (name === '' || name.includes('.'))
    throw new TypeError(`Cannot add "${name}" to a ${kind}: expected a name without dots`);
  if (name in container && !Object.hasOwn(container, name))
    throw new TypeError(`Cannot add "${name}" to a ${kind}: expected a free name, got one of its own members`);
  Object.assign(container, { [name]: module });
}

/** Holds the names of a container's modules in order. The modules themselves are properties, so that what replaces one there is applied. A symbol, which
 *  is no name of a module, and no private field, which no copy would have. */
const names: unique symbol = Symbol('names');

function at<M extends Module>(container: Module, order: ReadonlySet<string>, index: number): M {
  return elementAt(container, [...order], index);
}

function moduleOf<M extends Module>(container: Module, name: string): M {
  return (container as unknown as Readonly<Record<string, M>>)[name]!;
}

function elementAt<M extends Module>(container: Module, order: readonly string[], index: number): M {
  const name = order.at(index);
  if (name === undefined)
    throw new RangeError(`Cannot read module ${index}: expected an index of ${order.length} modules`);
  return moduleOf(container, name);
}

/** Applies modules one after the other. They are named '0', '1', …, or as the properties of the one object that is given.
 *  Source: torch.nn.Sequential. */
export class Sequential extends Module {
  /** @internal */
  readonly [orderedNames] = new Set<string>();

  constructor(...layers: UnaryModule[]);
  constructor(layers: Readonly<Record<string, UnaryModule>>);
  constructor(...layers: UnaryModule[] | [Readonly<Record<string, UnaryModule>>]) {
    super();
    const [first] = layers;
    const isNamed = layers.length === 1 && first !== undefined && !(first instanceof Module);
    const named = isNamed
      ? Object.entries(first)
      : layers.map((layer, i) => [String(i), layer as UnaryModule] as const);
    for (const [name, layer] of named) this.add(name, layer);
  }

  private add(name: string, layer: UnaryModule): void {
    addNamed(this, name, layer);
    this[orderedNames].add(name);
  }

  get length(): number {
    return this[orderedNames].size;
  }

  override addModule(name: string, module: UnaryModule | undefined): void {
    super.addModule(name, module);
    if (module) this[orderedNames].add(name);
  }

  append(layer: UnaryModule): this {
    this.add(String(this[orderedNames].size), layer);
    return this;
  }

  /** Negative indices count from the end. @throws {RangeError} for one that is not there. */
  at(index: number): UnaryModule {
    return at(this, this[orderedNames], index);
  }

  forward(input: Tensor): Tensor {
    let output = input;
    for (const name of this[orderedNames]) output = moduleOf<UnaryModule>(this, name).forward(output);
    return output;
  }

  *[Symbol.iterator](): Generator<UnaryModule, undefined> {
    for (const name of this[orderedNames]) yield moduleOf<UnaryModule>(this, name);
  }
}

/** A list of modules that are trained; the parent says how they are applied. They are named '0', '1', …  Source: torch.nn.ModuleList. */
export class ModuleList<M extends Module = UnaryModule> extends Module {
  private readonly [names]: string[] = [];

  constructor(modules: Iterable<M> = []) {
    super();
    for (const module of modules) this.append(module);
  }

  get length(): number {
    return this[names].length;
  }

  override addModule(name: string, module: M | undefined): void {
    super.addModule(name, module);
    if (module && !this[names].includes(name)) this[names].push(name);
  }

  append(module: M): this {
    const name = String(this[names].length);
    addNamed(this, name, module);
    this[names].push(name);
    return this;
  }

  /** Negative indices count from the end. @throws {RangeError} for one that is not there. */
  at(index: number): M {
    return elementAt(this, this[names], index);
  }

  forward(): never {
    throw new TypeError(
      'Cannot apply a ModuleList: expected its modules to be called one by one; use Sequential for a chain',
    );
  }

  *[Symbol.iterator](): Generator<M, undefined> {
    for (const name of this[names]) yield moduleOf<M>(this, name);
  }

  /** As PyTorch prints it: neighbours that look alike in one line, as in `(0-2): 3 x Linear(…)`. */
  override toString(): string {
    const runs: { first: number; last: number; text: string }[] = [];
    [...this].forEach((module, i) => {
      const text = module.toString();
      const run = runs.at(-1);
      if (run?.text === text) run.last = i;
      else runs.push({ first: i, last: i, text });
    });
    const { name } = this.constructor;
    if (runs.length === 0) return `${name}()`;
    const lines = runs.map(({ first, last, text }) => {
      const line = first === last ? `(${first}): ${text}` : `(${first}-${last}): ${last - first + 1} x ${text}`;
      return line.replaceAll('\n', '\n  ');
    });
    return `${name}(\n  ${lines.join('\n  ')}\n)`;
  }
}

/** Modules by name that are trained; the parent says how they are applied. Names that are whole numbers come first, in ascending order.
 *  Source: torch.nn.ModuleDict. */
export class ModuleDict<M extends Module = UnaryModule> extends Module {
  private readonly [names] = new Set<string>();

  constructor(modules: Readonly<Record<string, M>> | Iterable<readonly [string, M]> = {}) {
    super();
    const entries = Symbol.iterator in modules ? (modules as Iterable<readonly [string, M]>) : Object.entries(modules);
    for (const [name, module] of entries) this.set(name, module);
  }

  get length(): number {
    return this[names].size;
  }

  has(name: string): boolean {
    return this[names].has(name);
  }

  /** @throws {RangeError} for a name that is not there. */
  get(name: string): M {
    if (!this[names].has(name))
      throw new RangeError(`Cannot read module "${name}": expected one of ${[...this[names]].join(', ')}`);
    return moduleOf(this, name);
  }

  override addModule(name: string, module: M | undefined): void {
    super.addModule(name, module);
    if (module) this[names].add(name);
  }

  /** @throws {TypeError} for a name that cannot be one. */
  set(name: string, module: M): this {
    if (!this[names].has(name) && name in this)
      throw new TypeError(`Cannot add "${name}" to a ModuleDict: expected a free name, got one of its own members`);
    addNamed(this, name, module);
    this[names].add(name);
    return this;
  }

  /** @returns whether it was there. */
  delete(name: string): boolean {
    if (!this[names].delete(name)) return false;
    Reflect.deleteProperty(this, name);
    return true;
  }

  keys(): IterableIterator<string> {
    return this[names].keys();
  }

  *values(): Generator<M, undefined> {
    for (const name of this[names]) yield moduleOf<M>(this, name);
  }

  *[Symbol.iterator](): Generator<[name: string, module: M], undefined> {
    for (const name of this[names]) yield [name, moduleOf<M>(this, name)];
  }

  forward(): never {
    throw new TypeError('Cannot apply a ModuleDict: expected its modules to be called one by one');
  }
}
