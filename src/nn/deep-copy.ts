// Deep copies of modules and of what their properties hold, as Python's copy.deepcopy makes them.

import { noGrad } from '../tensor/autograd.ts';
import { getNative, h } from '../tensor/call.ts';
import { dtypeBytes } from '../tensor/dtype.ts';
import { Generator, getRngState, setRngState } from '../tensor/generator.ts';
import { Tensor } from '../tensor/tensor.ts';
import type { Module } from './module.ts';
import { isHooked, showHooks } from './module-hooks.ts';
import { isModule, Registry, registry } from './module-registry.ts';
import { Parameter } from './parameter.ts';
import { hiddenStateOf, tiedTo } from './private-members.ts';

/** Copies a value as the copy in progress does: what it has copied already comes back as that copy. */
export type CopyOf = <T>(value: T) => T;

/** An object that says how a new one like it is made. See `Module.emptyCopy`. */
interface HasEmptyCopy {
  emptyCopy(copyOf: CopyOf): object;
}

const hasEmptyCopy = (value: object): value is HasEmptyCopy =>
  typeof (value as Partial<HasEmptyCopy>).emptyCopy === 'function';

/** Built-in objects by the one prototype that they may have, and how each is copied. The elements of maps and sets follow. */
const BUILT_IN = new Map<object, (value: never, copyOf: CopyOf) => object>([
  [Array.prototype, (value: unknown[]) => new Array<unknown>(value.length)],
  [Map.prototype, () => new Map()],
  [Set.prototype, () => new Set()],
  [Date.prototype, (value: Date) => new Date(value)],
  [RegExp.prototype, (value: RegExp) => new RegExp(value)],
  [ArrayBuffer.prototype, (value: ArrayBuffer) => value.slice(0)],
  [Generator.prototype, (value: Generator) => value.cloneState()],
  [
    SharedArrayBuffer.prototype,
    (value: SharedArrayBuffer) => {
      const copy = new SharedArrayBuffer(value.byteLength);
      new Uint8Array(copy).set(new Uint8Array(value));
      return copy;
    },
  ],
]);

/** Properties that the registry makes, with what stands in their place otherwise: nothing, or the object's own `forward` beneath hooks. */
function hiddenNames(module: Module): Map<PropertyKey, PropertyDescriptor | undefined> {
  const own = module[registry];
  const names = new Map<PropertyKey, PropertyDescriptor | undefined>();
  for (const name of own.buffers.keys()) names.set(name, undefined);
  if (isHooked(module)) names.set('forward', own.ownForward);
  return names;
}

/** Whether a property works for the one object that has it: an accessor, or a function that is bound to it. A new object has its own. */
function isOfOneObject(property: PropertyDescriptor): boolean {
  if (!('value' in property)) return true;
  return typeof property.value === 'function' && tiedTo(property.value as () => void) !== undefined;
}

/** One deep copy: an object that is reached twice is copied once. */
class Copier {
  readonly #what: string;
  readonly #copies = new Map<object, object>();
  /** Objects whose `emptyCopy` runs. */
  readonly #beingMade = new Set<object>();
  /** Copies of whole storages by their address, so that views of one memory stay views of one memory. */
  readonly #storages = new Map<number, Tensor>();
  readonly #path: string[] = [];

  constructor(what: string) {
    this.#what = what;
  }

  readonly copyOf: CopyOf = <T>(value: T): T => {
    if (typeof value === 'function') this.#requireFree(value as (...args: never[]) => unknown);
    if (typeof value !== 'object' || value === null) return value;
    return (this.#copies.get(value) ?? this.#copyObject(value)) as T;
  };

  #refuse(got: string, wayOut: string): never {
    const where = this.#path.length === 0 ? '' : ` in "${this.#path.join('.')}"`;
    throw new TypeError(
      `Cannot copy ${this.#what}: expected what can be copied from outside, got ${got}${where}; ${wayOut}`,
    );
  }

  #requireFree(fn: (...args: never[]) => unknown): void {
    const tie = tiedTo(fn);
    if (tie !== undefined)
      this.#refuse(tie, 'the copy would call the original through it: make it a method, or define emptyCopy()');
  }

  #copyObject(value: object): object {
    if (value instanceof Tensor)
      return this.#remember(
        value,
        noGrad(() => this.#copyTensor(value)),
      );
    const prototype = Object.getPrototypeOf(value) as object | null;
    if (ArrayBuffer.isView(value)) return this.#remember(value, this.#copyView(value));
    const builtIn = prototype === null ? undefined : BUILT_IN.get(prototype);
    const copy = builtIn ? builtIn(value as never, this.copyOf) : this.#makeLike(value, prototype);
    this.#remember(value, copy);
    if (value instanceof Generator) return copy;
    if (value instanceof Map)
      for (const [key, each] of value) (copy as typeof value).set(this.copyOf(key), this.#at(key, each));
    if (value instanceof Set) for (const each of value) (copy as typeof value).add(this.copyOf(each));
    this.#copyProperties(value, copy);
    return copy;
  }

  #remember<T extends object>(value: T, copy: T): T {
    this.#copies.set(value, copy);
    return copy;
  }

  /** What lies under a name, for messages. */
  #at<T>(name: unknown, value: T): T {
    this.#path.push(typeof name === 'symbol' ? (name.description ?? 'a symbol') : String(name));
    const copy = this.copyOf(value);
    this.#path.pop();
    return copy;
  }

  /** An object of the same class without properties of its own, or with those of a new one. */
  #makeLike(value: object, prototype: object | null): object {
    if (prototype === null) return Object.create(null) as object;
    if (hasEmptyCopy(value)) return this.#makeByClass(value, prototype);
    const hidden = hiddenStateOf(prototype, Object.prototype);
    if (hidden !== undefined)
      this.#refuse(hidden, 'use properties instead (`private name` in TypeScript), or define emptyCopy() in the class');
    return Object.create(prototype) as object;
  }

  #makeByClass(value: HasEmptyCopy, prototype: object): object {
    const { name } = prototype.constructor;
    if (this.#beingMade.has(value))
      this.#refuse(`an emptyCopy() of ${name} that copies itself`, 'make a new one there');
    this.#beingMade.add(value);
    const draws = getRngState();
    try {
      const copy: unknown = value.emptyCopy(this.copyOf);
      if (typeof copy !== 'object' || copy === null || Object.getPrototypeOf(copy) !== prototype || copy === value)
        this.#refuse(
          `an emptyCopy() that returns no new ${name}`,
          `define emptyCopy() in ${name}, and return a new one`,
        );
      return copy;
    } finally {
      setRngState(draws);
      this.#beingMade.delete(value);
    }
  }

  #copyProperties(value: object, copy: object): void {
    const fresh = Object.getOwnPropertyDescriptors(copy) as Record<PropertyKey, PropertyDescriptor>;
    if (isModule(value)) this.#copyRegistry(value, copy);
    const hidden = isModule(value) ? hiddenNames(value) : new Map<PropertyKey, PropertyDescriptor | undefined>();
    for (const key of Reflect.ownKeys(fresh))
      if (key !== registry && !(isModule(copy) && copy[registry].buffers.has(key as string)))
        Reflect.deleteProperty(copy, key);
    for (const key of Reflect.ownKeys(value)) {
      if (key === registry || (key === 'length' && Array.isArray(value))) continue;
      const found = hidden.has(key) ? hidden.get(key) : Object.getOwnPropertyDescriptor(value, key);
      if (!found) continue;
      const own = Object.hasOwn(fresh, key) ? fresh[key] : undefined;
      Object.defineProperty(
        copy,
        key,
        isOfOneObject(found) && own && isOfOneObject(own) ? own : this.#copyProperty(key, found),
      );
    }
    if (isModule(copy)) showHooks(copy);
    if (!Object.isExtensible(value)) Object.preventExtensions(copy);
  }

  #copyProperty(key: PropertyKey, found: PropertyDescriptor): PropertyDescriptor {
    if ('value' in found) return { ...found, value: this.#at(key, found.value as unknown) };
    this.#path.push(String(key));
    return this.#refuse('an accessor of one object', 'put it into the class, or define emptyCopy()');
  }

  #copyRegistry(value: Module, copy: object): void {
    if (!isModule(copy)) Object.assign(copy, { [registry]: new Registry() });
    const source = value[registry];
    const target = (copy as Module)[registry];
    target.isTraining = source.isTraining;
    target.staysInEval = source.staysInEval;
    target.hooks.clear();
    for (const [kind, entries] of source.hooks)
      target.hooks.set(
        kind,
        entries.map((entry) => this.#remember(entry, { ...entry })),
      );
    for (const name of [...target.buffers.keys()]) target.removeBuffer(copy, name);
    for (const [name, { tensor, isPersistent }] of source.buffers)
      target.setBuffer(copy, name, tensor && this.#at(name, tensor), isPersistent);
  }

  #copyView(view: ArrayBufferView): ArrayBufferView {
    const length = view instanceof DataView ? view.byteLength : (view as Uint8Array).length;
    const Class = view.constructor as new (buffer: ArrayBufferLike, offset: number, length: number) => ArrayBufferView;
    if (Buffer.isBuffer(view)) return Buffer.from(view);
    return new Class(this.copyOf(view.buffer), view.byteOffset, length);
  }

  #copyTensor(tensor: Tensor): Tensor {
    if (!tensor.isLeaf) this.#refuse('a tensor that operators made, with a graph behind it', 'detach() it');
    if (tensor instanceof Parameter) return this.#copyParameter(tensor);
    if (hasEmptyCopy(tensor)) return tensor.emptyCopy(this.copyOf) as Tensor;
    const copy = this.#copyData(tensor);
    if (tensor.requiresGrad) copy.requiresGrad = true;
    const gradient = tensor.grad;
    if (gradient) copy.grad = gradient.detach().clone();
    return copy;
  }

  /** As PyTorch, without its gradient. */
  #copyParameter(parameter: Parameter): Parameter {
    if (hasEmptyCopy(parameter)) return parameter.emptyCopy(this.copyOf) as Parameter;
    if (Object.getPrototypeOf(parameter) !== Parameter.prototype)
      this.#refuse(`a parameter of class ${parameter.constructor.name}`, 'define emptyCopy() there');
    const detached = parameter.detach();
    const data = detached.clone();
    try {
      return new Parameter(data, parameter.requiresGrad);
    } finally {
      detached.dispose();
      data.dispose();
    }
  }

  /** The elements, in memory that the copies of all views of one storage share. */
  #copyData(tensor: Tensor): Tensor {
    const [address, bytes] =
      tensor.layout === 'strided' && tensor.device !== 'meta' ? getNative().storage(h(tensor)) : [0, 0];
    const size = dtypeBytes(tensor.dtype);
    if (address === 0 || bytes % size !== 0) return tensor.detach().clone();
    const whole =
      this.#storages.get(address) ??
      tensor
        .detach()
        .asStrided([bytes / size], [1], { storageOffset: 0 })
        .clone();
    this.#storages.set(address, whole);
    const typed = whole.dtype === tensor.dtype ? whole : whole.view(tensor.dtype);
    return typed
      .asStrided(tensor.shape, tensor.stride, { storageOffset: getNative().storageOffset(h(tensor)) })
      .detach();
  }
}

/** See `Module.deepCopy`. @internal */
export function deepCopy<T extends object>(value: T): T {
  return new Copier(value.constructor.name).copyOf(value);
}
