// `AveragedWeights`: an average beside a model, put into it for evaluation and taken out again whatever happens. `EMA` and `SWA` say how it moves.

import { CheckpointError } from '../errors.ts';
import { Module, type StateDict } from '../nn/module.ts';
import { noGrad } from '../tensor/autograd.ts';
import { atEachStep, holdsWhile } from '../tensor/capture/notes.ts';
import { isFloatingDType } from '../tensor/dtype.ts';
import { scope } from '../tensor/scope.ts';
import { Tensor } from '../tensor/tensor.ts';
import { describe } from './schedules/options.ts';

export interface AveragedWeightsOptions {
  /** Average floating buffers too; others are copied. Default false: evaluation has the model's own. */
  readonly useBuffers?: boolean;
  /** The first update copies the weights, as `AveragedModel` does. Default false: the average starts at the weights that the model has when it is made. */
  readonly startsEmpty?: boolean;
  /** Keep averages of bfloat16 and float16 weights in float32: in their own dtype, an average does not move where the weights move by less than its last bit,
   *  which a decay of 0.999 makes the rule. Default false, as in PyTorch. */
  readonly widensHalves?: boolean;
}

/** What a checkpoint holds of an average. */
export interface AverageState {
  readonly num_updates: number;
  /** By the names that the model gives its parameters, a shared one under all its names, and buffers with `useBuffers`. */
  readonly averages: StateDict;
}

/** An average of a model's weights that needs no second model. Costs one copy of the weights, and another one while they are swapped. */
export abstract class AveragedWeights {
  readonly model: Module;
  readonly useBuffers: boolean;
  readonly #startsEmpty: boolean;
  #numUpdates = 0;
  readonly #averages: ReadonlyMap<string, Tensor>;
  /** The model's own weights while the averages are in it. */
  #setAside: ReadonlyMap<string, Tensor> | undefined;

  protected constructor(model: Module, options: AveragedWeightsOptions) {
    const { useBuffers = false, startsEmpty = false, widensHalves = false } = options;
    if (!(model instanceof Module))
      throw new TypeError(`Cannot make ${new.target.name}: expected a module, got ${describe(model)}`);
    this.model = model;
    this.useBuffers = useBuffers;
    this.#startsEmpty = startsEmpty;
    this.#averages = copies(this.#tensors(), widensHalves);
  }

  /** Moves averages towards the weights of now, in place. Lists of one device and dtype, floating.
   *  @param numUpdates - the updates before this one. */
  protected abstract move(averages: readonly Tensor[], current: readonly Tensor[], numUpdates: number): void;

  /** Updates that were made. */
  get numUpdates(): number {
    return this.#numUpdates;
  }

  /** Whether the averages are in the model. */
  get isSwappedIn(): boolean {
    return this.#setAside !== undefined;
  }

  #tensors({ removeDuplicate = true } = {}): Map<string, Tensor> {
    const found = new Map<string, Tensor>(this.model.namedParameters({ removeDuplicate }));
    if (this.useBuffers)
      for (const [name, buffer] of this.model.namedBuffers({ removeDuplicate })) found.set(name, buffer);
    return found;
  }

  /** The model's tensors beside their averages. */
  #pairs(action: string): [name: string, average: Tensor, own: Tensor][] {
    const own = this.#tensors();
    const isSame = own.size === this.#averages.size && [...own.keys()].every((name) => this.#averages.has(name));
    if (!isSame)
      throw new Error(
        `Cannot ${action}: expected the ${this.#averages.size} tensors that the model had when its average was made, got ${own.size}; make a new ${this.constructor.name}`,
      );
    return Array.from(own, ([name, tensor]) => [name, this.#averages.get(name)!, tensor.detach()]);
  }

  /** Takes the model's weights of now into the average: call it after the optimizer's step.
   *  @throws {Error} while the averages are in the model. */
  update(): void {
    this.#refuseSwapped('update an average');
    scope(() => noGrad(() => this.#update()), `${this.constructor.name}.update()`);
    const isFirst = this.#numUpdates === 0;
    holdsWhile(() => !this.isSwappedIn && (!this.#startsEmpty || (this.#numUpdates === 0) === isFirst));
    const count = (by: number) => (): void => {
      this.#numUpdates += by;
    };
    atEachStep(count(1), count(-1));
  }

  #update(): void {
    const isFirst = this.#startsEmpty && this.#numUpdates === 0;
    const groups = new Map<string, [averages: Tensor[], current: Tensor[]]>();
    for (const [, average, own] of this.#pairs('update an average')) {
      if (isFirst || !isFloatingDType(average.dtype)) {
        average.copy_(own);
        continue;
      }
      const key = `${average.device} ${average.dtype}`;
      const [averages, current] = groups.get(key) ?? [[], []];
      averages.push(average);
      current.push(own.to({ device: average.device, dtype: average.dtype }));
      groups.set(key, [averages, current]);
    }
    for (const [averages, current] of groups.values()) this.move(averages, current, this.#numUpdates);
  }

  #refuseSwapped(action: string): void {
    if (this.isSwappedIn)
      throw new Error(
        `Cannot ${action}: expected the model's own weights in it, got the averages; wait for withAverages to end`,
      );
  }

  /** Puts the averages into the model until `swapOut()`. What happens to the weights in between is lost.
   *  @throws {Error} where they are in it already. */
  swapIn(): void {
    this.#refuseSwapped('put averages into a model');
    const pairs = this.#pairs('put averages into a model');
    this.#setAside = copies(new Map(pairs.map(([name, , own]) => [name, own])));
    noGrad(() => {
      for (const [, average, own] of pairs) own.copy_(average);
    });
  }

  /** Puts the model's own weights back; does nothing where they are in it. */
  swapOut(): void {
    const aside = this.#setAside;
    if (aside === undefined) return;
    const own = this.#tensors();
    this.#setAside = undefined;
    noGrad(() => {
      for (const [name, tensor] of aside) {
        own.get(name)?.detach().copy_(tensor);
        tensor.dispose();
      }
    });
  }

  /** Runs `body` with the averages in the model, and puts the model's own weights back: after an error too, and where `body` is async after its promise.
   *  What happens to the weights in `body` is lost.
   *  @returns what `body` returns.  @throws {Error} inside another call of it. */
  withAverages<T>(body: () => T): T {
    this.swapIn();
    let isLater = false;
    try {
      const result = body();
      if (!isThenable(result)) return result;
      isLater = true;
      return Promise.resolve(result).finally(() => this.swapOut()) as T;
    } finally {
      if (!isLater) this.swapOut();
    }
  }

  /** Puts the averages into the model for good, or into another one of the same names and shapes.
   *  @throws {CheckpointError} for other names or shapes. */
  copyTo(model: Module): void {
    if (model === this.model) this.#refuseSwapped('copy averages');
    const { averages } = this.stateDict();
    const state = model.stateDict();
    const parameters = Array.from(model.namedParameters({ removeDuplicate: false }), ([name]) => name);
    const buffers = this.useBuffers ? Array.from(model.namedBuffers({ removeDuplicate: false }), ([name]) => name) : [];
    const missing = [...parameters, ...buffers.filter((name) => name in state)].filter((name) => !(name in averages));
    if (missing.length > 0)
      throw new CheckpointError(
        `Cannot copy averages: expected averages for all parameters, got none for ${missing.join(', ')}`,
      );
    model.loadStateDict({ ...state, ...averages });
  }

  /** The averages by name, as tensors of their own on the same memory. */
  stateDict(): AverageState {
    const canonical = new Map(Array.from(this.#tensors(), ([name, tensor]) => [tensor, name]));
    const averages: StateDict = {};
    for (const [name, tensor] of this.#tensors({ removeDuplicate: false })) {
      const average = this.#averages.get(canonical.get(tensor) ?? name);
      if (average) averages[name] = average.detach();
    }
    return { num_updates: this.#numUpdates, averages };
  }

  /** Takes over a state.
   *  @throws {CheckpointError} that lists names and shapes that differ; nothing is taken then. */
  loadStateDict(state: AverageState): void {
    const { num_updates, averages } = (state ?? {}) as Partial<AverageState>;
    const target = this.constructor.name;
    const count = Number(num_updates);
    if (!Number.isInteger(count) || count < 0 || typeof averages !== 'object' || averages === null)
      throw new CheckpointError(
        `Cannot load a state into ${target}: expected num_updates and averages, got ${describe(num_updates)} and ${describe(averages)}`,
      );
    const names = this.#tensors({ removeDuplicate: false });
    const problems = [
      ...[...this.#averages.keys()].filter((name) => !(name in averages)).map((name) => `missing: ${name}`),
      ...Object.keys(averages)
        .filter((name) => !names.has(name))
        .map((name) => `unexpected: ${name}`),
      ...Array.from(this.#averages).flatMap(([name, own]) => {
        const given: unknown = averages[name];
        if (given === undefined || (given instanceof Tensor && String(given.shape) === String(own.shape))) return [];
        return [
          `"${name}": expected shape [${own.shape.join(', ')}], got ${given instanceof Tensor ? `[${given.shape.join(', ')}]` : describe(given)}`,
        ];
      }),
    ];
    if (problems.length > 0)
      throw new CheckpointError(
        `Cannot load a state into ${target}: expected the model's own names and shapes, got\n  ${problems.join('\n  ')}`,
      );
    noGrad(() => {
      for (const [name, own] of this.#averages) own.copy_(averages[name]!);
    });
    this.#numUpdates = count;
  }
}

/** Copies that live on whatever the scope. */
function copies(tensors: ReadonlyMap<string, Tensor>, widensHalves = false): Map<string, Tensor> {
  const copyOf = (tensor: Tensor): Tensor =>
    widensHalves && (tensor.dtype === 'bfloat16' || tensor.dtype === 'float16')
      ? tensor.detach().to('float32')
      : tensor.detach().clone();
  return noGrad(() => new Map(Array.from(tensors, ([name, tensor]) => [name, copyOf(tensor).keep()])));
}

const isThenable = (value: unknown): value is PromiseLike<unknown> =>
  typeof value === 'object' && value !== null && typeof Reflect.get(value, 'then') === 'function';
