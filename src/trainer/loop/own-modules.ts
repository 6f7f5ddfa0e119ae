// Which modules compute with nothing but their settings, tensors and children: those of the library, as they were made.

import * as layers from '../../nn/index.ts';
import { Module } from '../../nn/module.ts';
import { Tensor } from '../../tensor/tensor.ts';

let classes: ReadonlySet<unknown> | undefined;

function isOwn(module: Module): boolean {
  classes ??= new Set(Object.values(layers));
  return classes.has(module.constructor);
}

/** Why modules may compute with something else; undefined where they do not.
 *  @returns completes "because ". */
export function whyForeign(modules: readonly Module[]): string | undefined {
  for (const module of modules.flatMap((each) => [...each.modules()])) {
    const { name } = module.constructor;
    if (!isOwn(module)) return `the class ${name} is not Sconce's own`;
    const given = Object.entries(module).find(([, value]) => typeof value === 'function');
    if (given) return `"${given[0]}" of ${name} is a function of its own`;
  }
  return undefined;
}

/** What the library's modules compute with beside tensors and children, at one moment. A property that is set later is seen: a probability of dropout, the momentum of a batch norm. Modules of
 *  the user's are left out: one that counts in a property would be another one in each step. */
export class ModuleSettings {
  readonly #owners: object[] = [];
  readonly #keys: string[] = [];
  readonly #values: unknown[] = [];

  constructor(modules: readonly Module[]) {
    for (const module of modules.flatMap((each) => [...each.modules()])) {
      if (!isOwn(module)) continue;
      this.#note(module, 'forward', module.forward);
      this.#take(module);
    }
  }

  #note(owner: object, key: string, value: unknown): void {
    this.#owners.push(owner);
    this.#keys.push(key);
    this.#values.push(value);
  }

  #take(owner: object): void {
    if (Array.isArray(owner)) this.#note(owner, 'length', owner.length);
    for (const [key, value] of Object.entries(owner)) {
      // Those are noticed by what registers them.
      if (value instanceof Tensor || value instanceof Module) continue;
      this.#note(owner, key, value);
      const isPlain =
        typeof value === 'object' &&
        value !== null &&
        (Array.isArray(value) || Object.getPrototypeOf(value) === Object.prototype);
      if (isPlain) this.#take(value);
    }
  }

  /** Whether all are what they were. */
  areSame(): boolean {
    for (let i = 0; i < this.#keys.length; i++) {
      if (!Object.is((this.#owners[i] as Record<string, unknown>)[this.#keys[i]!], this.#values[i])) return false;
    }
    return true;
  }
}
