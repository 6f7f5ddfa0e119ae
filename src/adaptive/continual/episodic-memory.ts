// `EpisodicMemory`: a fixed number of samples that are, at any moment, a fair draw of all that came by.

import { deriveSeed, Purpose, RandomStream } from '../../data/philox.ts';
import { CheckpointError, ShapeError } from '../../errors.ts';
import { checkOptions, count } from '../../metrics/options.ts';
import { noGrad } from '../../tensor/autograd.ts';
import { tensor } from '../../tensor/from-data.ts';
import { scope } from '../../tensor/scope.ts';
import { Tensor } from '../../tensor/tensor.ts';
import { type Pair, seedRule } from '../data/loaders.ts';

export interface EpisodicMemoryOptions {
  /** Samples that are kept at most. Default 200. */
  readonly capacity?: number | undefined;
  /** Decides which samples stay. Default 42. */
  readonly seed?: number | undefined;
}

/** A memory of samples for replay. Reservoir sampling: of the n samples seen so far each is in it with the same probability, capacity / n, however they came.
 *
 *  Rule: the first `capacity` samples are all kept; sample n (from 1) behind them takes a place drawn from 0 to n - 1, if that is one of the memory's. What is drawn follows from the seed and n alone:
 *  a memory that is saved and loaded goes on as if nothing had been.
 *  Memory: capacity samples, allocated with the first of them, on its device.
 *  @throws {ConfigError} for options that do not fit.
 *  Source: Vitter 1985, Random sampling with a reservoir; for continual learning, Chaudhry et al. 2019, arXiv:1902.10486; adaptiveneuralnetwork, EpisodicMemory, which overwrites the oldest.
 *  @example
 *  import { arange } from 'sconce';
 *  import { EpisodicMemory } from 'sconce/adaptive';
 *  const memory = new EpisodicMemory({ capacity: 3, seed: 1 });
 *  const classes = arange(100, { dtype: 'int64' });
 *  memory.add([classes.to('float32').unsqueeze(1), classes]);
 *  [memory.length, memory.numSeen]; // [3, 100]
 *  memory.sample(2, { seed: 7 })[0].shape; // [2, 1] */
export class EpisodicMemory {
  readonly capacity: number;
  readonly seed: number;
  #numSeen = 0;
  #kept: Pair | undefined; // [capacity, …], [capacity]

  constructor(options: EpisodicMemoryOptions = {}) {
    checkOptions('make an EpisodicMemory', options, { capacity: count(), seed: seedRule });
    this.capacity = options.capacity ?? 200;
    this.seed = options.seed ?? 42;
  }

  /** Samples that are in it. */
  get length(): number {
    return Math.min(this.#numSeen, this.capacity);
  }

  /** Samples that came by. */
  get numSeen(): number {
    return this.#numSeen;
  }

  /** What is in it, as views: inputs [length, …] and classes [length].  @throws {RangeError} for an empty memory. */
  get samples(): Pair {
    const [inputs, classes] = this.#filled('read an EpisodicMemory');
    return [inputs.narrow(0, 0, this.length), classes.narrow(0, 0, this.length)];
  }

  /** Takes in samples, one after the other. Shape: inputs [N, …], classes [N].
   *  @throws {ShapeError} for another number of inputs than classes, and for samples that are not like those before. */
  add(pair: Pair): void {
    const [inputs, classes] = pair;
    const size = classes.shape[0] ?? 0;
    const rowOf = ({ shape, dtype }: Tensor): string => `${dtype} [${shape.slice(1).join(', ')}]`;
    if (classes.ndim === 0 || inputs.ndim === 0 || inputs.shape[0] !== size)
      throw new ShapeError(
        `Cannot add to an EpisodicMemory: expected as many inputs as classes, got [${inputs.shape.join(', ')}] and [${classes.shape.join(', ')}]`,
      );
    const misfit = this.#kept && pair.findIndex((part, i) => rowOf(part) !== rowOf(this.#kept![i]!));
    if (misfit !== undefined && misfit >= 0)
      throw new ShapeError(
        `Cannot add to an EpisodicMemory: expected ${misfit === 0 ? 'inputs' : 'classes'} of ${rowOf(this.#kept![misfit]!)}, got ${rowOf(pair[misfit]!)}`,
      );
    // The last sample that takes a place stays in it.
    const taken = new Map<number, number>();
    for (let i = 0; i < size; i++) {
      const place = this.#placeOf(this.#numSeen + i);
      if (place < this.capacity) taken.set(place, i);
    }
    if (taken.size > 0) noGrad(() => this.#write(pair, taken));
    this.#numSeen += size;
  }

  /** So many samples, drawn with replacement: a pure function of what is in the memory and of `seed`. The result is the caller's.
   *  @throws {RangeError} for an empty memory, and for less than one sample. */
  sample(numSamples: number, { seed }: { readonly seed: number }): Pair {
    const [inputs, classes] = this.#filled('draw from an EpisodicMemory');
    if (!Number.isSafeInteger(numSamples) || numSamples < 1)
      throw new RangeError(`Cannot draw from an EpisodicMemory: expected at least one sample, got ${numSamples}`);
    const stream = new RandomStream({ seed, epoch: 0, purpose: Purpose.replay });
    const places = tensor(
      BigInt64Array.from({ length: numSamples }, () => BigInt(stream.below(this.length))),
      {
        device: classes.device,
      },
    );
    const drawn: Pair = [inputs.indexSelect(0, places), classes.indexSelect(0, places)];
    places.dispose();
    return drawn;
  }

  /** Plain data and tensors, by snake_case names. */
  stateDict(): Record<string, unknown> {
    const kept = this.#kept && { inputs: this.#kept[0], classes: this.#kept[1] };
    return { capacity: this.capacity, seed: this.seed, num_seen: this.#numSeen, ...kept };
  }

  /** @throws {CheckpointError} for a state that is not of a memory like this one. Nothing is changed then. */
  loadStateDict(state: Readonly<Record<string, unknown>>): void {
    const { capacity, seed, num_seen, inputs, classes } = state;
    if (capacity !== this.capacity || seed !== this.seed)
      throw new CheckpointError(
        `Cannot load an EpisodicMemory: expected capacity ${this.capacity} and seed ${this.seed}, got ${String(capacity)} and ${String(seed)}`,
      );
    const isEmpty = inputs === undefined && classes === undefined && num_seen === 0;
    const isWhole = [inputs, classes].every((part) => part instanceof Tensor && part.shape[0] === capacity);
    if (!Number.isSafeInteger(num_seen) || !(isEmpty || isWhole))
      throw new CheckpointError(
        `Cannot load an EpisodicMemory: expected num_seen and tensors of ${capacity} inputs and classes, got something else`,
      );
    this.#numSeen = num_seen as number;
    this.#kept = isEmpty
      ? undefined
      : noGrad(() => [(inputs as Tensor).clone().keep(), (classes as Tensor).clone().keep()]);
  }

  #filled(action: string): Pair {
    if (this.#kept && this.#numSeen > 0) return this.#kept;
    throw new RangeError(`Cannot ${action}: expected samples in it, got none`);
  }

  #placeOf(number: number): number {
    if (number < this.capacity) return number;
    const seed = deriveSeed({ seed: this.seed, epoch: 0, purpose: Purpose.episodicMemory }, number);
    return Math.floor((seed / 2 ** 53) * (number + 1));
  }

  #write(pair: Pair, taken: ReadonlyMap<number, number>): void {
    this.#kept ??= pair.map((part) => part.newZeros([this.capacity, ...part.shape.slice(1)]).keep()) as unknown as Pair;
    const kept = this.#kept;
    scope(() => {
      const [places, rows] = [[...taken.keys()], [...taken.values()]].map((list) =>
        tensor(BigInt64Array.from(list, BigInt)),
      );
      pair.forEach((part, i) => {
        const here = kept[i]!;
        const chosen = part.indexSelect(0, rows!.to(part.device)).to(here.device);
        here.indexCopy_(0, places!.to(here.device), chosen);
      });
    });
  }
}
