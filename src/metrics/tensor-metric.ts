// The base of metrics whose state is tensors: sums, lists of batches, and what is put together by a function of two.

import { CheckpointError } from '../errors.ts';
import { noGrad } from '../tensor/autograd.ts';
import { zeros } from '../tensor/create.ts';
import type { Device } from '../tensor/device.ts';
import type { DType } from '../tensor/dtype.ts';
import { cat } from '../tensor/ops.generated.ts';
import { scope } from '../tensor/scope.ts';
import { Tensor } from '../tensor/tensor.ts';
import type { MergeableMetric, MetricState } from './metric.ts';

/** One tensor of a metric's state, and how two of them become one: a sum starts as zeros of its shape, a list keeps batches one behind the other, and a function
 *  makes one of two. */
export type StateKind =
  | { readonly kind: 'sum'; readonly shape: readonly number[]; readonly dtype: DType }
  | { readonly kind: 'list'; readonly isOptional?: boolean }
  | { readonly kind: 'combined'; readonly combine: (own: Tensor, other: Tensor) => Tensor };

/** A metric that gathers tensors on the device of what it is given. They are kept beyond scopes until `reset`. A class of your own says what it gathers, adds to it in
 *  `update`, and reads it in `compute`.
 *  @example
 *  import { TensorMetric } from 'sconce/metrics';
 *  class Largest extends TensorMetric {
 *    constructor() {
 *      super('Largest', { largest: { kind: 'combined', combine: (own, other) => own.maximum(other) } });
 *    }
 *    update(values: Tensor): void {
 *      this.gather(values.device, () => this.combine('largest', values.max()));
 *    }
 *    compute(): Record<string, number> {
 *      return this.isEmpty ? {} : { largest: this.read('largest').item() };
 *    }
 *  }
 *  const largest = new Largest();
 *  largest.update(tensor([1, 5, 2]));
 *  largest.update(tensor([3]));
 *  largest.compute(); // { largest: 5 } */
export abstract class TensorMetric implements MergeableMetric {
  /** As in messages. */
  protected readonly label: string;
  readonly #kinds: Readonly<Record<string, StateKind>>;
  readonly #tensors = new Map<string, Tensor[]>();
  /** Where the tensors are; undefined where they may be anywhere. */
  #device: Device | undefined;

  /** @param label - the metric's name in messages.  @param kinds - what it gathers, by name. */
  protected constructor(label: string, kinds: Readonly<Record<string, StateKind>>) {
    this.label = label;
    this.#kinds = kinds;
  }

  abstract update(...inputs: Tensor[]): void;
  abstract compute(): Record<string, number>;

  /** Whether nothing was gathered. */
  protected get isEmpty(): boolean {
    return this.#tensors.size === 0;
  }

  /** Runs the body of an update: without gradients, and freeing what it makes. @param device - of the inputs; the state moves there. */
  protected gather(device: Device, body: () => void): void {
    if (device !== this.#device) {
      this.#device = device;
      for (const list of this.#tensors.values())
        for (const [i, tensor] of list.entries()) list[i] = moved(tensor, device);
    }
    noGrad(() => scope(body, this.label));
  }

  /** Runs the body of `compute`: the same, and waiting is allowed. */
  protected reading<T>(body: () => T): T {
    return noGrad(() => scope(body, this.label));
  }

  /** The sum of that name, for adding to it in place. */
  protected sum(name: string): Tensor {
    const there = this.#tensors.get(name);
    if (there) return there[0]!; // a sum is one tensor
    const kind = this.#kinds[name];
    if (kind?.kind !== 'sum') throw new TypeError(`internal: "${name}" of ${this.label} is no sum`);
    const sum = zeros(kind.shape, { dtype: kind.dtype, ...(this.#device ? { device: this.#device } : {}) }).keep();
    this.#tensors.set(name, [sum]);
    return sum;
  }

  /** Puts a batch behind the list of that name. @param values - [N, …]; a copy is kept. */
  protected append(name: string, values: Tensor): void {
    const own = values.detach().clone().keep();
    const list = this.#tensors.get(name);
    if (list) list.push(own);
    else this.#tensors.set(name, [own]);
  }

  /** Takes another part of what a function puts together. */
  protected combine(name: string, other: Tensor): void {
    const kind = this.#kinds[name];
    if (kind?.kind !== 'combined') throw new TypeError(`internal: "${name}" of ${this.label} is not combined`);
    const own = this.#tensors.get(name)?.[0];
    this.#tensors.set(name, [(own ? kind.combine(own, other) : other.clone()).keep()]);
    own?.dispose();
  }

  protected has(name: string): boolean {
    return this.#tensors.has(name);
  }

  /** What was gathered under a name; a list as one tensor. */
  protected read(name: string): Tensor {
    const list = this.#tensors.get(name);
    if (!list) throw new TypeError(`internal: ${this.label} has not gathered "${name}"`);
    if (list.length > 1) list.splice(0, list.length, joined(list));
    return list[0]!; // no list is empty
  }

  reset(): void {
    for (const list of this.#tensors.values()) for (const tensor of list) tensor.dispose();
    this.#tensors.clear();
    this.#device = undefined;
  }

  state(): MetricState {
    const names = [...this.#tensors.keys()];
    return noGrad(() => Object.fromEntries(names.map((name) => [name, this.read(name).clone()])));
  }

  loadState(state: MetricState): void {
    const loaded = this.#checked(state);
    this.reset();
    for (const [name, tensor] of loaded) this.#tensors.set(name, [tensor.detach().clone().keep()]);
  }

  merge(state: MetricState): void {
    const other = this.#checked(state);
    noGrad(() =>
      scope(() => {
        for (const [name, tensor] of other) {
          const own = this.#tensors.get(name)?.[0];
          const part = own ? tensor.to({ device: own.device }) : tensor;
          if (!own) this.#tensors.set(name, [part.detach().clone().keep()]);
          else if (this.#kinds[name]!.kind === 'sum') own.add_(part);
          else if (this.#kinds[name]!.kind === 'list') this.append(name, part);
          else this.combine(name, part);
        }
      }, this.label),
    );
    this.#device = undefined;
  }

  /** @throws {CheckpointError} for what is no state of this metric. */
  #checked(state: MetricState): [name: string, tensor: Tensor][] {
    const refuse = (wanted: string, got: string): never => {
      throw new CheckpointError(`Cannot load the state of ${this.label}: expected ${wanted}, got ${got}`);
    };
    if (typeof state !== 'object' || state === null) refuse('an object', String(state));
    const names = Object.keys(state);
    const unknown = names.filter((name) => !Object.hasOwn(this.#kinds, name));
    const known = Object.keys(this.#kinds);
    if (unknown.length > 0) refuse(`entries of ${known.join(', ')}`, unknown.map((name) => `"${name}"`).join(', '));
    const isOptional = (kind: StateKind): boolean => kind.kind === 'list' && kind.isOptional === true;
    const missing = known.filter((name) => !isOptional(this.#kinds[name]!) && !Object.hasOwn(state, name));
    if (names.length > 0 && missing.length > 0) refuse(`"${missing.join('", "')}" too`, `"${names.join('", "')}"`);
    return names.map((name) => {
      const tensor = state[name];
      const kind = this.#kinds[name]!;
      if (!(tensor instanceof Tensor)) return refuse(`a tensor under "${name}"`, typeof tensor);
      const isFit = kind.kind !== 'sum' || (String(tensor.shape) === String(kind.shape) && tensor.dtype === kind.dtype);
      if (!isFit && kind.kind === 'sum')
        refuse(
          `${kind.dtype} of shape [${kind.shape.join(', ')}] under "${name}"`,
          `${tensor.dtype} of [${tensor.shape.join(', ')}]; were the options the same?`,
        );
      return [name, tensor];
    });
  }
}

function moved(tensor: Tensor, device: Device): Tensor {
  if (tensor.device === device) return tensor;
  const there = noGrad(() => tensor.to({ device })).keep();
  tensor.dispose();
  return there;
}

function joined(list: readonly Tensor[]): Tensor {
  const whole = noGrad(() => cat(list)).keep();
  for (const part of list) part.dispose();
  return whole;
}
