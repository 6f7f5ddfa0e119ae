// What a module knows beyond its properties: its buffers. A symbol's property and no private field, so that a copy can be given one.

import { hold, letGo } from '../tensor/scope.ts';
import { Tensor } from '../tensor/tensor.ts';

/** The property of a module that holds its registry. @internal */
export const registry: unique symbol = Symbol('sconce.registry');

/** A registered buffer: it lives beyond the scope in which it was assigned, until the end of the scope in which another takes its place. @internal */
export class BufferEntry {
  readonly isPersistent: boolean;
  #tensor: Tensor | undefined;

  constructor(isPersistent: boolean) {
    this.isPersistent = isPersistent;
  }

  get tensor(): Tensor | undefined {
    return this.#tensor;
  }

  assign(name: string, tensor: Tensor | undefined): void {
    if (tensor !== undefined && !(tensor instanceof Tensor)) {
      throw new TypeError(
        `Cannot assign buffer "${name}": expected a tensor or undefined, got ${tensor === null ? 'null' : typeof tensor}`,
      );
    }
    const before = this.#tensor;
    if (tensor) hold(tensor);
    this.#tensor = tensor;
    if (before) letGo(before);
  }
}

/** The part of a module that its properties do not show. @internal */
export class Registry {
  readonly buffers = new Map<string, BufferEntry>();

  /** Makes `name` a property of the module that reads and writes its buffer. */
  setBuffer(module: object, name: string, tensor: Tensor | undefined, isPersistent: boolean): void {
    const entry = new BufferEntry(isPersistent);
    entry.assign(name, tensor);
    this.buffers.get(name)?.assign(name, undefined);
    this.buffers.set(name, entry);
    Object.defineProperty(module, name, {
      configurable: true,
      enumerable: false,
      get: () => entry.tensor,
      set: (value: Tensor | undefined) => entry.assign(name, value),
    });
  }

  /** Forgets a buffer and its property. */
  removeBuffer(module: object, name: string): void {
    this.buffers.get(name)?.assign(name, undefined);
    this.buffers.delete(name);
    Reflect.deleteProperty(module, name);
  }
}
