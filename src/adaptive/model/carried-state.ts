// State that goes on from batch to batch and changes its size: it is in every state dict, and is loaded at the size that it has there.

import { Module } from '../../nn/module.ts';
import type { LoadContext, StateDict } from '../../nn/module-state.ts';
import { Tensor } from '../../tensor/tensor.ts';

/** A part of a network with such state. Either all of it is in a state dict, or none: weights alone leave it as it is. */
export abstract class CarriedState extends Module {
  constructor() {
    super();
    this.registerStateDictPostHook(save);
    this.registerLoadStateDictPreHook(find);
  }

  /** Everything that goes on, by the names of adaptiveneuralnetwork. */
  abstract carried(): StateDict;

  /** What does not fit of a state, a line each. Nothing is changed. */
  abstract problemsOf(state: Readonly<StateDict>): string[];

  /** Goes on from a state without problems. Names that are missing stay as they are. */
  abstract carry(state: Readonly<StateDict>): void;

  override setExtraState(state: unknown): void {
    this.carry(state as StateDict); // from `find`
  }
}

function save(part: CarriedState, state: StateDict, prefix: string): void {
  for (const [name, tensor] of Object.entries(part.carried())) state[prefix + name] = tensor.detach();
}

/** Takes a part's own entries out of the state, so that their sizes are not held against it, and hands them over for when everything fits. */
function find(part: CarriedState, state: StateDict, { prefix, missing, problems }: LoadContext): void {
  const found: StateDict = {};
  const absent: string[] = [];
  for (const name of Object.keys(part.carried())) {
    const key = prefix + name;
    if (Object.hasOwn(state, key)) found[name] = state[key]!;
    else absent.push(key);
    delete state[key];
  }
  const strangers = Object.entries(found).filter(([, value]) => !(value instanceof Tensor));
  problems.push(...strangers.map(([name, value]) => `"${prefix}${name}": expected a tensor, got ${typeof value}`));
  if (strangers.length === 0) problems.push(...part.problemsOf(found).map((line) => line.replace('"', `"${prefix}`)));
  if (Object.keys(found).length > 0) missing.push(...absent);
  state[`${prefix}_extra_state`] = found as unknown as Tensor; // `setExtraState` gets it as it is
}

/** A line for a tensor whose shape is not the wanted one; undefined stands for any size. */
export function shapeProblem(name: string, { shape }: Tensor, wanted: readonly (number | undefined)[]): string[] {
  const isFit = shape.length === wanted.length && wanted.every((size, i) => size === undefined || size === shape[i]);
  const shown = wanted.map((size) => size ?? 'any').join(', ');
  return isFit ? [] : [`"${name}": expected shape [${shown}], got [${shape.join(', ')}]`];
}
