// `EMA`: an exponential moving average beside a model, put into it for evaluation and taken out again whatever happens.

import { CheckpointError } from '../errors.ts';
import { Module, type StateDict } from '../nn/module.ts';
import { noGrad } from '../tensor/autograd.ts';
import { isFloatingDType } from '../tensor/dtype.ts';
import { scope } from '../tensor/scope.ts';
import { Tensor } from '../tensor/tensor.ts';
import { lerp_ } from './lists.ts';
import { describe } from './schedules/options.ts';
import type { Schedule } from './schedules/scheduler.ts';

export interface EMAOptions {
  /** Share of the average that stays at an update, from 0 to 1; or a schedule of it, by the number of updates before. Default 0.999. */
  readonly decay?: number | Schedule;
  /** Average floating buffers too; others are copied. Default false: evaluation has the model's own. */
  readonly useBuffers?: boolean;
}

/** What a checkpoint holds of an average. */
export interface EMAState {
  readonly num_updates: number;
  /** By the names that the model gives its parameters, and buffers with `useBuffers`. */
  readonly averages: StateDict;
}

/** A schedule of the decay that lets an average forget its start.
 *  Rule: min(decay, (1 + n) / (10 + n)) after n updates.
 *  @throws {RangeError} for a decay outside of [0, 1].  Source: TensorFlow's ExponentialMovingAverage with num_updates. */
export function emaWarmup(decay = 0.999): Schedule {
  checkDecay(decay);
  return (numUpdates) => Math.min(decay, (1 + numUpdates) / (10 + numUpdates));
}

/** An exponential moving average of a model's weights that needs no second model.
 *  Rule: average <- average + (1 - decay) * (weight - average), starting at the weights that the model has when this is made.
 *  Costs one copy of the weights, and another one while they are swapped.
 *  @throws {RangeError} for a decay outside of [0, 1].
 *  Source: Polyak and Juditsky 1992; the form of `getEmaMultiAvgFn`.
 *  @example
 *  import { optim } from 'sconce';
 *  const model = new nn.Linear(1, 1, { bias: false });
 *  noGrad(() => void model.weight.fill_(1));
 *  const ema = new optim.EMA(model, { decay: 0.75 });
 *  noGrad(() => void model.weight.fill_(5));
 *  ema.update();
 *  ema.withAverages(() => model.weight.item()); // 2
 *  model.weight.item(); // 5 */
export class EMA {
  readonly model: Module;
  readonly useBuffers: boolean;
  readonly #decay: Schedule;
  #numUpdates = 0;
  readonly #averages: ReadonlyMap<string, Tensor>;
  /** The model's own weights while the averages are in it. */
  #setAside: ReadonlyMap<string, Tensor> | undefined;

  constructor(model: Module, options: EMAOptions = {}) {
    const { decay = 0.999, useBuffers = false, ...others } = options;
    const [unknown] = Object.keys(others);
    if (unknown !== undefined)
      throw new TypeError(`Cannot make EMA: expected options of { decay, useBuffers }, got "${unknown}"`);
    if (!(model instanceof Module)) throw new TypeError(`Cannot make EMA: expected a module, got ${describe(model)}`);
    if (typeof decay !== 'function') checkDecay(decay);
    this.model = model;
    this.useBuffers = useBuffers;
    this.#decay = typeof decay === 'function' ? decay : () => decay;
    this.#averages = copies(this.#tensors());
  }

  /** Updates that were made. */
  get numUpdates(): number {
    return this.#numUpdates;
  }

  #tensors(): Map<string, Tensor> {
    const found = new Map<string, Tensor>(this.model.namedParameters());
    if (this.useBuffers) for (const [name, buffer] of this.model.namedBuffers()) found.set(name, buffer);
    return found;
  }

  /** The model's tensors beside their averages. */
  #pairs(action: string): [name: string, average: Tensor, own: Tensor][] {
    const own = this.#tensors();
    const isSame = own.size === this.#averages.size && [...own.keys()].every((name) => this.#averages.has(name));
    if (!isSame)
      throw new Error(
        `Cannot ${action}: expected the ${this.#averages.size} tensors that the model had when its average was made, got ${own.size}; make a new EMA`,
      );
    return Array.from(own, ([name, tensor]) => [name, this.#averages.get(name)!, tensor.detach()]);
  }

  /** Takes the model's weights of now into the average: call it after the optimizer's step.
   *  @throws {Error} while the averages are in the model.  @throws {RangeError} where the schedule gives a decay outside of [0, 1]. */
  update(): void {
    this.#refuseSwapped('update an average');
    const decay = this.#decay(this.#numUpdates);
    checkDecay(decay);
    scope(() => noGrad(() => this.#move(1 - decay)), 'EMA.update()');
    this.#numUpdates += 1;
  }

  #move(weight: number): void {
    const groups = new Map<string, [Tensor[], Tensor[]]>();
    for (const [, average, own] of this.#pairs('update an average')) {
      if (!isFloatingDType(average.dtype)) {
        average.copy_(own);
        continue;
      }
      const key = `${average.device} ${average.dtype}`;
      const [averages, owns] = groups.get(key) ?? [[], []];
      averages.push(average);
      owns.push(own.to({ device: average.device, dtype: average.dtype }));
      groups.set(key, [averages, owns]);
    }
    for (const [averages, owns] of groups.values()) lerp_(averages, owns, weight);
  }

  #refuseSwapped(action: string): void {
    if (this.#setAside !== undefined)
      throw new Error(
        `Cannot ${action}: expected the model's own weights in it, got the averages; wait for withAverages to end`,
      );
  }

  /** Runs `body` with the averages in the model, and puts the model's own weights back: after an error too, and where `body` is async after its promise.
   *  What happens to the weights in `body` is lost.
   *  @returns what `body` returns.  @throws {Error} inside another call of it. */
  withAverages<T>(body: () => T): T {
    this.#refuseSwapped('put averages into a model');
    const pairs = this.#pairs('put averages into a model');
    this.#setAside = copies(new Map(pairs.map(([name, , own]) => [name, own])));
    noGrad(() => {
      for (const [, average, own] of pairs) own.copy_(average);
    });
    let isLater = false;
    try {
      const result = body();
      if (!isThenable(result)) return result;
      isLater = true;
      return Promise.resolve(result).finally(() => this.#restore()) as T;
    } finally {
      if (!isLater) this.#restore();
    }
  }

  #restore(): void {
    const own = this.#tensors();
    const aside = this.#setAside!;
    this.#setAside = undefined;
    noGrad(() => {
      for (const [name, tensor] of aside) {
        own.get(name)?.detach().copy_(tensor);
        tensor.dispose();
      }
    });
  }

  /** Puts the averages into the model for good, or into another one of the same names and shapes.
   *  @throws {CheckpointError} for other names or shapes. */
  copyTo(model: Module): void {
    if (model === this.model) this.#refuseSwapped('copy averages');
    const averages = Object.fromEntries(this.#averages);
    const kept = this.useBuffers ? {} : Object.fromEntries(model.namedBuffers());
    const state = model.stateDict();
    const wanted = Object.keys(state).filter((name) => !(name in kept) || name in averages);
    const missing = wanted.filter((name) => !(name in averages));
    if (missing.length > 0)
      throw new CheckpointError(
        `Cannot copy averages: expected averages for all parameters, got none for ${missing.join(', ')}`,
      );
    model.loadStateDict({ ...state, ...averages });
  }

  /** The averages by name, as tensors of their own on the same memory. */
  stateDict(): EMAState {
    const averages = Object.fromEntries(Array.from(this.#averages, ([name, average]) => [name, average.detach()]));
    return { num_updates: this.#numUpdates, averages };
  }

  /** Takes over a state.
   *  @throws {CheckpointError} that lists names and shapes that differ; nothing is taken then. */
  loadStateDict(state: EMAState): void {
    const { num_updates, averages } = (state ?? {}) as Partial<EMAState>;
    const count = Number(num_updates);
    if (!Number.isInteger(count) || count < 0 || typeof averages !== 'object' || averages === null)
      throw new CheckpointError(
        `Cannot load a state into EMA: expected num_updates and averages, got ${describe(num_updates)} and ${describe(averages)}`,
      );
    const problems = [
      ...[...this.#averages.keys()].filter((name) => !(name in averages)).map((name) => `missing: ${name}`),
      ...Object.keys(averages)
        .filter((name) => !this.#averages.has(name))
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
        `Cannot load a state into EMA: expected the model's own names and shapes, got\n  ${problems.join('\n  ')}`,
      );
    noGrad(() => {
      for (const [name, own] of this.#averages) own.copy_(averages[name]!);
    });
    this.#numUpdates = count;
  }
}

/** Copies that live on whatever the scope. */
function copies(tensors: ReadonlyMap<string, Tensor>): Map<string, Tensor> {
  return noGrad(() => new Map(Array.from(tensors, ([name, tensor]) => [name, tensor.detach().clone().keep()])));
}

const isThenable = (value: unknown): value is PromiseLike<unknown> =>
  typeof value === 'object' && value !== null && typeof Reflect.get(value, 'then') === 'function';

function checkDecay(decay: unknown): void {
  if (!(typeof decay === 'number' && decay >= 0 && decay <= 1))
    throw new RangeError(`Cannot average weights: expected decay from 0 to 1, got ${describe(decay)}`);
}
