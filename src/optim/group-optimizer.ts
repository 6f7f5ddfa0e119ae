// `GroupOptimizer`: an optimizer that looks once a step at the gradients of each group.

import type { Parameter } from '../nn/parameter.ts';
import { getNative, handles, wrap } from '../tensor/call.ts';
import { atEachStep } from '../tensor/capture/notes.ts';
import { isComplexDType } from '../tensor/dtype.ts';
import { viewAsReal } from '../tensor/ops.generated.ts';
import { Tensor } from '../tensor/tensor.ts';
import { type Closure, Optimizer, type OptimizerRule } from './optimizer.ts';
import type { Entries } from './optimizer-state.ts';
import type { OptimizerParams, ParamGroup } from './param-groups.ts';

/** A rule that is applied to each parameter with a gradient. */
export interface GroupRule<H> extends OptimizerRule<H> {
  /** Takes sparse gradients; they are refused where this is left out. The text says what to use instead. */
  readonly sparse?: 'taken' | `; ${string}`;
  /** How complex parameters are taken: as pairs of real numbers, or as they are. They are refused where this is left out. */
  readonly complex?: 'as pairs' | 'as they are';
}

// What traitsOf adds up.
const SOME_COMPLEX = 1;
const SOME_SPARSE = 2;
const SEVERAL_KINDS = 4;

/** Parameters of a group that have a gradient, of one dtype and on one device: lists of one length, a place for each parameter. */
export class Batch<H> {
  readonly group: ParamGroup<H>;
  readonly params: readonly Tensor[];
  readonly grads: readonly Tensor[];
  readonly entries: readonly Entries[];
  /** Parameters and gradients as they are, complex ones too. */
  readonly whole: { readonly params: readonly Tensor[]; readonly grads: readonly Tensor[] };
  readonly #traits: number;
  /** Complex tensors are given as pairs of real numbers, which share their memory. */
  readonly #asPairs: boolean;
  readonly #name: string;

  /** @internal */
  constructor(
    name: string,
    group: ParamGroup<H>,
    lists: { params: readonly Tensor[]; grads: readonly Tensor[]; entries: readonly Entries[] },
    traits: number,
    asPairs: boolean,
  ) {
    this.#name = name;
    this.group = group;
    this.#traits = traits;
    this.#asPairs = asPairs && (traits & SOME_COMPLEX) !== 0;
    this.params = this.#asPairs ? lists.params.map(realPairs) : lists.params;
    this.grads = this.#asPairs ? lists.grads.map(realPairs) : lists.grads;
    this.entries = lists.entries;
    this.whole = lists;
  }

  /** Whether a gradient is sparse. */
  get hasSparse(): boolean {
    return (this.#traits & SOME_SPARSE) !== 0;
  }

  /** Whether complex tensors are given as pairs of real numbers. PyTorch updates them by its loop, and not by fused kernels. */
  get hasPairs(): boolean {
    return this.#asPairs;
  }

  /** The state of that name of every parameter. @throws {TypeError} where one has none. */
  tensors(name: string): Tensor[] {
    return this.entries.map((entries) => {
      const value = entries[name];
      if (!(value instanceof Tensor))
        throw new TypeError(
          `Cannot update by ${this.#name}: expected "${name}" in the state of every parameter, got none; the option that asks for it has to be there from the first step on`,
        );
      return this.#asPairs ? realPairs(value) : value;
    });
  }

  /** Adds 1 to every step count, where these are plain numbers, and gives them. */
  countSteps(): number[] {
    const { entries } = this;
    const count = (by: number) => (): void => {
      for (const each of entries) each.step = (each.step as number) + by;
    };
    atEachStep(count(1), count(-1));
    return stepsOf(entries);
  }

  /** Some of the places, with the lists of no other. */
  at(places: readonly number[]): Batch<H> {
    const lists = {
      params: places.map((i) => this.whole.params[i]!),
      grads: places.map((i) => this.whole.grads[i]!),
      entries: places.map((i) => this.entries[i]!),
    };
    const sparse = lists.grads.some((grad) => grad.layout !== 'strided') ? SOME_SPARSE : 0;
    const complex = lists.params.some((param) => isComplexDType(param.dtype)) ? SOME_COMPLEX : 0;
    return new Batch(this.#name, this.group, lists, sparse | complex, this.#asPairs);
  }

  /** The places in parts that `keyOf` tells apart. */
  split(keyOf: (place: number) => unknown): Batch<H>[] {
    const parts = new Map<unknown, number[]>();
    for (let i = 0; i < this.params.length; i++) {
      const key = keyOf(i);
      const part = parts.get(key);
      if (part) part.push(i);
      else parts.set(key, [i]);
    }
    return parts.size === 1 ? [this] : Array.from(parts.values(), (places) => this.at(places));
  }

  /** Parts of one dtype on one device, dense or sparse. @internal */
  parts(): Batch<H>[] {
    if ((this.#traits & (SEVERAL_KINDS | SOME_SPARSE)) === 0) return [this];
    const { params, grads } = this.whole;
    return this.split((i) => `${params[i]!.dtype} ${params[i]!.device} ${grads[i]!.layout}`);
  }
}

/** Step counts that are plain numbers. @internal */
export const stepsOf = (entries: readonly Entries[]): number[] => entries.map(({ step }) => step as number);

/** A complex tensor as pairs of real numbers, of the same memory; others as they are. @internal */
export function realPairs(tensor: Tensor): Tensor {
  return isComplexDType(tensor.dtype) ? viewAsReal(tensor.resolveConj()) : tensor;
}

/** Base of the optimizers that look at gradients once a step. Derive from this class to write one of your own: `start` makes the state of a parameter,
 *  `update` changes parameters. */
export abstract class GroupOptimizer<H extends { lr: number } = { lr: number }> extends Optimizer<H> {
  readonly #rule: GroupRule<H>;

  /** @throws as `Optimizer`'s. */
  constructor(params: OptimizerParams<H>, rule: GroupRule<H>, options?: Readonly<Partial<H>>) {
    super(params, rule, options);
    this.#rule = rule;
  }

  /** The state of a parameter before its first update. */
  protected abstract start(parameter: Parameter, group: ParamGroup<H>): Entries;

  /** Updates parameters in place. Called for each part of a group that has gradients: those of one dtype on one device, sparse gradients apart. */
  protected abstract update(batch: Batch<H>): void;

  protected override advance(closure: Closure | undefined): unknown {
    const loss = closure?.();
    for (const group of this.paramGroups) this.#advance(group);
    return loss;
  }

  #advance(group: ParamGroup<H>): void {
    const found = getNative().gradsOf(handles(group.params));
    const params: Parameter[] = [];
    const grads: Tensor[] = [];
    for (let i = 0; i < found.length; i++) {
      if (found[i] === 0) continue;
      params.push(group.params[i]!);
      grads.push(wrap(found[i]!));
    }
    if (params.length === 0) return;
    const traits = getNative().traitsOf(handles(params), handles(grads));
    if (traits !== 0) this.#refuse(traits, params);
    const entries = params.map((parameter) => this.state.get(parameter) ?? this.#begin(parameter, group));
    const asPairs = this.#rule.complex === 'as pairs';
    const batch = new Batch(this.constructor.name, group, { params, grads, entries }, traits, asPairs);
    for (const part of batch.parts()) this.update(part);
  }

  #begin(parameter: Parameter, group: ParamGroup<H>): Entries {
    const entries = this.start(parameter, group);
    this.state.set(parameter, entries);
    return entries;
  }

  #refuse(traits: number, params: readonly Parameter[]): void {
    const { sparse, complex } = this.#rule;
    const name = this.constructor.name;
    if ((traits & SOME_SPARSE) !== 0 && sparse !== 'taken')
      throw new TypeError(`Cannot update by ${name}: expected dense gradients, got a sparse one${sparse ?? ''}`);
    if ((traits & SOME_COMPLEX) === 0 || complex !== undefined) return;
    const got = params.find((parameter) => isComplexDType(parameter.dtype))!.dtype;
    throw new TypeError(`Cannot update by ${name}: expected real parameters, got one of ${got}`);
  }
}
