// `GeneratorDataset`: what a generator function gives, as an iterable dataset.
import { CheckpointError } from '../../errors.ts';
import type { SampleContext } from '../context.ts';
import { OptionProblems } from '../option-problems.ts';
import type { IterableDataset, SampleStream, StreamState } from './iterable.ts';

/** Options of {@link GeneratorDataset}. */
export interface GeneratorDatasetOptions<R, S> {
  /** What messages call the dataset. Default: the function's name. */
  readonly name?: string;
  /** Samples in an epoch where that is known; `Infinity` for epochs that never end. */
  readonly length?: number | undefined;
  /** Makes a sample of what the generator gave: everything that takes time. */
  readonly decode?: ((raw: R, context: SampleContext) => S | Promise<S>) | undefined;
}

/**
 * The samples that a (possibly asynchronous) generator function gives, which is called for every epoch, with its number. It must give the same for the same
 * epoch. Any function that returns something to iterate over will do.
 *
 * A generator cannot be put anywhere but at its beginning: the state is the number of samples given, and a resumed stream throws so many away. Let the generator
 * give what is cheap and leave the work to `decode`, or write an `IterableDataset`, where that takes too long.
 * @example
 * import { DataLoader, GeneratorDataset } from 'sconce/data';
 * const dataset = new GeneratorDataset(function* squares(epoch: number) {
 *   for (let i = 0; i < 4; i++) yield { epoch, square: i * i };
 * });
 * const batches: unknown[] = [];
 * for await (const { square } of new DataLoader({ dataset, batchSize: 4 })) batches.push(square);
 * batches; // [tensor([0., 1., 4., 9.])]
 */
export class GeneratorDataset<R, S = R> implements IterableDataset<R, S> {
  readonly name: string;
  readonly length: number | undefined;
  readonly decode?: (raw: R, context: SampleContext) => S | Promise<S>;
  readonly #generate: (epoch: number) => Iterable<R> | AsyncIterable<R>;

  /** @throws {ConfigError} naming every option that is wrong. */
  constructor(
    generate: (epoch: number) => Iterable<R> | AsyncIterable<R>,
    options: GeneratorDatasetOptions<R, S> = {},
  ) {
    const problems = new OptionProblems();
    problems.expectKnown(options, ['name', 'length', 'decode']);
    problems.expect(typeof generate === 'function', 'generate', { wanted: 'a function', got: typeof generate });
    const { name, length, decode } = options;
    const isLength = length === undefined || length === Number.POSITIVE_INFINITY || Number.isSafeInteger(length);
    problems.expect(isLength && !(length! < 0), 'length', { wanted: 'an integer from 0 on, or Infinity', got: length });
    problems.throwIfAny('make a GeneratorDataset');
    this.name = name ?? (generate.name || 'GeneratorDataset');
    this.length = length;
    this.#generate = generate;
    if (decode) this.decode = decode;
  }

  open(epoch: number, state: StreamState = 0): SampleStream<R> {
    if (!Number.isSafeInteger(state) || (state as number) < 0) {
      throw new CheckpointError(
        `Cannot resume ${this.name}: expected the number of samples that it gave, got ${JSON.stringify(state)}`,
      );
    }
    return new GeneratedStream(this.#generate, epoch, state as number);
  }
}

class GeneratedStream<R> implements SampleStream<R> {
  readonly #generate: (epoch: number) => Iterable<R> | AsyncIterable<R>;
  readonly #epoch: number;
  #iterator: Iterator<R> | AsyncIterator<R> | undefined;
  #numGiven: number;
  /** Samples still to be thrown away. */
  #numGivenBefore: number;
  /** A generator that has thrown says that it is done from then on, which is not the end that was meant. */
  #failure: { readonly error: unknown } | undefined;

  constructor(generate: (epoch: number) => Iterable<R> | AsyncIterable<R>, epoch: number, numGiven: number) {
    this.#generate = generate;
    this.#epoch = epoch;
    this.#numGiven = numGiven;
    this.#numGivenBefore = numGiven;
  }

  next(): R | undefined | Promise<R | undefined> {
    if (this.#failure) throw this.#failure.error;
    try {
      this.#iterator ??= this.#begin();
      while (this.#numGivenBefore > 0) {
        const result = this.#iterator.next();
        if (result instanceof Promise) return this.#nextLater(result);
        this.#take(result);
      }
      const result = this.#iterator.next();
      return result instanceof Promise ? this.#nextLater(result) : this.#take(result);
    } catch (error) {
      this.#failure = { error };
      throw error;
    }
  }

  state(): StreamState {
    return this.#numGiven;
  }

  async close(): Promise<void> {
    await this.#iterator?.return?.();
  }

  #begin(): Iterator<R> | AsyncIterator<R> {
    const given = this.#generate(this.#epoch);
    return Symbol.asyncIterator in given ? given[Symbol.asyncIterator]() : given[Symbol.iterator]();
  }

  async #nextLater(first: Promise<IteratorResult<R>>): Promise<R | undefined> {
    try {
      let result = await first;
      while (this.#numGivenBefore > 0 && !result.done) {
        this.#take(result);
        result = await this.#iterator!.next();
      }
      return this.#take(result);
    } catch (error) {
      this.#failure = { error };
      throw error;
    }
  }

  #take(result: IteratorResult<R>): R | undefined {
    if (result.done) {
      this.#numGivenBefore = 0;
      return undefined;
    }
    if (this.#numGivenBefore > 0) this.#numGivenBefore--;
    else this.#numGiven++;
    return result.value;
  }
}
