// Tensors of a module that are computed from others of it whenever they are read: parametrised, normalised and pruned weights.

import type { Tensor } from '../tensor/tensor.ts';
import type { Module } from './module.ts';
import { registry } from './module-registry.ts';
import { Parameter } from './parameter.ts';

/** How a tensor is computed. It belongs to one module, and is copied with it: no private members. @internal */
export abstract class Derivation {
  /** The tensor, with its graph. */
  abstract read(module: Module): Tensor;
  /** What an assignment to the property does. */
  abstract write(module: Module, value: Tensor): void;
  /** What comes before the class's name when the module is printed. */
  get prefix(): string {
    return '';
  }
}

const derivations: unique symbol = Symbol('sconce.derivations');

interface HasDerivations {
  [derivations]?: Map<string, Derivation>;
}

type ModuleClass = new (...args: unknown[]) => Module;

/** The class that a module had before anything of it was derived, by the class that it has now. */
const originals = new WeakMap<object, ModuleClass>();
/** Classes by the original one and what is derived: they never change, so that modules, and copies of them, may share one. */
const made = new WeakMap<object, Map<string, ModuleClass>>();

/** @internal */
export function derivationsOf(module: Module): ReadonlyMap<string, Derivation> {
  return (module as HasDerivations)[derivations] ?? new Map<string, Derivation>();
}

/** The class of a module without what is derived. @internal */
export function originalClass(module: Module): ModuleClass {
  const current = module.constructor as ModuleClass;
  return originals.get(current) ?? current;
}

function classOf(original: ModuleClass, derived: ReadonlyMap<string, Derivation>): ModuleClass {
  if (derived.size === 0) return original;
  const prefix = [...derived.values()].find((derivation) => derivation.prefix !== '')?.prefix ?? '';
  const key = [prefix, ...[...derived.keys()].sort()].join(' ');
  const known = made.get(original) ?? new Map<string, ModuleClass>();
  made.set(original, known);
  const found = known.get(key);
  if (found) return found;
  const name = `${prefix}${original.name}`;
  const Derived = { [name]: class extends (original as new () => object) {} }[name] as ModuleClass;
  for (const property of derived.keys()) {
    Object.defineProperty(Derived.prototype, property, {
      configurable: true,
      enumerable: false,
      get(this: Module) {
        return derivationsOf(this).get(property)?.read(this);
      },
      set(this: Module, value: Tensor) {
        derivationsOf(this).get(property)?.write(this, value);
      },
    });
  }
  originals.set(Derived, original);
  known.set(key, Derived);
  return Derived;
}

function changeDerivations(module: Module, change: (derived: Map<string, Derivation>) => void): void {
  const original = originalClass(module);
  const derived = new Map((module as HasDerivations)[derivations]);
  change(derived);
  (module as HasDerivations)[derivations] = derived;
  Object.setPrototypeOf(module, classOf(original, derived).prototype as object);
}

/** The parameter or buffer of that name, or undefined. @internal */
export function stateOf(module: Module, name: string): Tensor | undefined {
  const buffer = module[registry].buffers.get(name);
  if (buffer) return buffer.tensor;
  const value: unknown = Object.getOwnPropertyDescriptor(module, name)?.value;
  return value instanceof Parameter ? value : undefined;
}

/** Takes a parameter or buffer away. @internal */
export function removeState(module: Module, name: string): void {
  if (module[registry].buffers.has(name)) module[registry].removeBuffer(module, name);
  else Reflect.deleteProperty(module, name);
}

/** Registers a tensor as what it is: a parameter, or else a buffer. @internal */
export function addState(module: Module, name: string, tensor: Tensor): void {
  if (tensor instanceof Parameter) Object.assign(module, { [name]: tensor });
  else module.registerBuffer(name, tensor);
}

/** Takes a module's own tensor away and computes one of its name from here on. @internal */
export function derive(module: Module, name: string, derivation: Derivation): void {
  removeState(module, name);
  changeDerivations(module, (derived) => derived.set(name, derivation));
}

/** Ends that; nothing has the name then. @internal */
export function underive(module: Module, name: string): void {
  changeDerivations(module, (derived) => derived.delete(name));
}
