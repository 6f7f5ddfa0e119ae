// What transforms draw: one stream of numbers for each picture and place in a pipeline, so that no draw depends on another picture.
import { cos, exp, log, pow } from '../../tensor/float-math.ts';
import { type BatchContext, type SampleContext, sampleSeed } from '../context.ts';
import { Purpose, RandomStream, type StreamKey } from '../philox.ts';

/** Where a batch or a sample stands: what a loader hands to a transform of batches, and a dataset to one of samples. */
export type TransformContext = BatchContext | SampleContext;

const WORD = 2 ** 32;

/** The numbers that one picture (or one batch) gets at one place. Each call draws the next. */
export class SampleDraws {
  readonly #stream: RandomStream;

  /** @internal */
  constructor(key: StreamKey) {
    this.#stream = new RandomStream(key);
  }

  /** Uniform in [low, high), in steps of 2^-32 of the range. */
  uniform(low = 0, high = 1): number {
    return low + (high - low) * (this.#stream.next() / WORD);
  }

  /** An integer uniform in [low, high). */
  integer(low: number, high: number): number {
    return low + this.#stream.below(high - low);
  }

  /** True with probability `p`. */
  chance(p: number): boolean {
    return this.uniform() < p;
  }

  /** e to the power of a number uniform in [log(low), log(high)): a ratio is as likely as its inverse. */
  logUniform(low: number, high: number): number {
    return exp(this.uniform(log(low), log(high)));
  }

  /** Normal with mean 0 and deviation 1. Source: Box and Muller 1958. */
  normal(): number {
    const radius = Math.sqrt(-2 * log(1 - this.uniform()));
    return radius * cos(2 * Math.PI * this.uniform());
  }

  /** Of the symmetric Beta distribution with both parameters `alpha`, above 0: a number in [0, 1]. */
  beta(alpha: number): number {
    // By logarithms: for a small alpha both variables may be too small for a double, and their ratio is not.
    const difference = this.#logGamma(alpha) - this.#logGamma(alpha);
    return 1 / (1 + exp(-difference));
  }

  /** An integer in [0, 2^53), for a generator of libtorch. */
  seed(): number {
    const low = this.#stream.next();
    return low + (this.#stream.next() & 0x1fffff) * WORD;
  }

  /** The logarithm of a variable of the Gamma distribution. Source: Marsaglia and Tsang 2000, with their way for shapes below 1. */
  #logGamma(shape: number): number {
    if (shape < 1) return this.#logGamma(shape + 1) + log(1 - this.uniform()) / shape;
    const d = shape - 1 / 3;
    const c = 1 / Math.sqrt(9 * d);
    for (;;) {
      const x = this.normal();
      const v = pow(1 + c * x, 3);
      if (v > 0 && log(1 - this.uniform()) < 0.5 * x * x + d - d * v + d * log(v)) return log(d * v);
    }
  }
}

/** The streams of a batch at one place of a pipeline. */
export class Draws {
  /** How many pictures there are. */
  readonly length: number;
  readonly #seeds: Float64Array;
  readonly #batchSeed: number | undefined;
  readonly #place: number;

  private constructor(seeds: Float64Array, batchSeed: number | undefined, place: number) {
    this.length = seeds.length;
    this.#seeds = seeds;
    this.#batchSeed = batchSeed;
    this.#place = place;
  }

  /** For all samples of a batch, or for the one sample of a context. @internal */
  static from(context: TransformContext): Draws {
    if (!('indices' in context)) return new Draws(Float64Array.of(context.seed), undefined, 0);
    const seeds = Float64Array.from(context.indices, (_, sample) => sampleSeed(context, sample));
    return new Draws(seeds, context.seed, 0);
  }

  /** The stream of picture number `row`, from its beginning. */
  of(row: number): SampleDraws {
    // A pipeline of samples and one of batches may follow each other: they draw from different streams.
    const purpose = this.#batchSeed === undefined ? Purpose.sampleTransform : Purpose.batchTransform;
    return new SampleDraws({ seed: this.#seeds[row]!, epoch: this.#place, purpose });
  }

  /** One value a picture, each drawn by `draw` from its stream. */
  map<T>(draw: (draws: SampleDraws, row: number) => T): T[] {
    return Array.from({ length: this.length }, (_, row) => draw(this.of(row), row));
  }

  /** The stream of the whole batch, for what concerns all of its pictures alike. @throws {TypeError} for a sample, which has no batch. */
  ofBatch(action: string): SampleDraws {
    if (this.#batchSeed === undefined)
      throw new TypeError(
        `Cannot ${action}: expected a batch, got one sample; give the DataLoader the transform, which mixes the pictures of a batch`,
      );
    return new SampleDraws({ seed: this.#batchSeed, epoch: this.#place, purpose: Purpose.mixing });
  }

  /** The streams `places` further on, for a transform inside of another. */
  after(places: number): Draws {
    return new Draws(this.#seeds, this.#batchSeed, this.#place + places);
  }

  /** The streams of some of the pictures. */
  select(rows: readonly number[]): Draws {
    return new Draws(
      Float64Array.from(rows, (row) => this.#seeds[row]!),
      this.#batchSeed,
      this.#place,
    );
  }
}
