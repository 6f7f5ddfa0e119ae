// What an optimizer remembers of each parameter, beyond the scope of the step in which it was made.

import type { Parameter } from '../nn/parameter.ts';
import { hold, letGo } from '../tensor/scope.ts';
import { Tensor } from '../tensor/tensor.ts';
import type { StateValue } from './state-kinds.ts';

/** What is remembered of one parameter, by PyTorch's names. */
export type Entries = Record<string, StateValue>;

function holdAll(value: StateValue): void {
  if (value instanceof Tensor) hold(value);
  else if (typeof value === 'object') for (const tensor of value) hold(tensor);
}

function letGoAll(value: StateValue | undefined): void {
  if (value instanceof Tensor) letGo(value);
  else if (typeof value === 'object') for (const tensor of value) letGo(tensor);
}

/** Entries by parameter. A tensor that is put in here lives on: at once by `set`, and at the end of `step()` where an optimizer assigns to the entries
 *  themselves. What another takes the place of goes to the open scope. A list is taken as it is: who changes one assigns another. */
export class OptimizerState extends Map<Parameter, Entries> {
  /** The tensors that are held for each entries object, to tell what was assigned since. Made on first use: Map's constructor comes before fields. */
  #held: Map<Entries, Entries> | undefined;

  override set(parameter: Parameter, entries: Entries): this {
    const before = this.get(parameter);
    super.set(parameter, entries);
    this.#settle(entries);
    if (before !== undefined && before !== entries) this.#drop(before);
    return this;
  }

  override delete(parameter: Parameter): boolean {
    const before = this.get(parameter);
    if (before !== undefined) this.#drop(before);
    return super.delete(parameter);
  }

  override clear(): void {
    for (const entries of this.values()) this.#drop(entries);
    super.clear();
  }

  /** Holds what was assigned to entries since it was last called, and lets go of what it replaced. */
  settle(): void {
    for (const entries of this.values()) this.#settle(entries);
  }

  #settle(entries: Entries): void {
    this.#held ??= new Map();
    let held = this.#held.get(entries);
    if (held === undefined) {
      held = {};
      this.#held.set(entries, held);
    }
    for (const name in entries) {
      const [now, before] = [entries[name]!, held[name]];
      if (now === before) continue;
      holdAll(now);
      held[name] = now;
      letGoAll(before);
    }
    for (const name in held) {
      if (name in entries) continue;
      letGoAll(held[name]);
      delete held[name];
    }
  }

  #drop(entries: Entries): void {
    for (const value of Object.values(this.#held?.get(entries) ?? {})) letGoAll(value);
    this.#held?.delete(entries);
  }
}
