// What a module knows beyond its properties: its buffers and hooks. A symbol's property and no private field, so that a copy can be given one.

import { hold, letGo } from '../tensor/scope.ts';
import { Tensor } from '../tensor/tensor.ts';
import type { Module } from './module.ts';

/** The property of a module that holds its registry. @internal */
export const registry: unique symbol = Symbol('sconce.registry');

/** Whether a value is a module, without its class, which imports what asks this. @internal */
export function isModule(value: unknown): value is Module {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, registry);
}

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

/** When a hook runs. @internal */
export type HookKind =
  | 'forwardPre'
  | 'forward'
  | 'backwardPre'
  | 'backward'
  | 'stateDictPre'
  | 'stateDict'
  | 'loadPre'
  | 'load';

/** One registered hook. @internal */
export interface HookEntry {
  readonly run: (...args: never[]) => unknown;
  readonly alwaysCall: boolean;
}

/** The part of a module that its properties do not show. @internal */
export class Registry {
  readonly buffers = new Map<string, BufferEntry>();
  /** In the order in which they run. */
  readonly hooks = new Map<HookKind, HookEntry[]>();
  /** Properties in which a parameter or a module was seen: no plain tensor takes its place unnoticed. */
  readonly seen = new Set<string>();
  /** While hooks stand in the way of `forward`: the function that the object had there itself, if any. */
  ownForward: PropertyDescriptor | undefined;
  isTraining = true;
  /** Whether `train()` leaves the module in evaluation mode. */
  staysInEval = false;

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

  hooksOf(kind: HookKind): readonly HookEntry[] {
    return this.hooks.get(kind) ?? [];
  }
}
