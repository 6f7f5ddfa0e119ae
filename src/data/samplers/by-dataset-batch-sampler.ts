// `ByDatasetBatchSampler`: VisionCore's batches, each from exactly one dataset of a concatenation.
import { Purpose } from '../philox.ts';
import { ClampedWeights } from './clamped-weights.ts';
import { partNames, readScores, type ScoreMismatch, type TaggedParts } from './contrast-scores.ts';
import { firstAbove } from './cumulative.ts';
import { checkStep, contrastAlpha, inputStep } from './curriculum.ts';
import { drawDistinct } from './distinct-draws.ts';
import { PlaceDraws } from './draws.ts';
import type { NumberColumn } from './numbers.ts';
import { RANK_OPTIONS, type RankOptions, SamplerProblems } from './option-checks.ts';
import { RankSlice } from './rank-slice.ts';
import { RoundRobin } from './round-robin.ts';
import { checkSampleCount, type Order, type Sampler, type SamplerInput } from './sampler.ts';

/** Options of {@link ByDatasetBatchSampler}. */
export interface ByDatasetBatchSamplerOptions extends RankOptions {
  /** The concatenation whose samples are played: a `ConcatDataset` of `TaggedDataset`, or anything with `datasets`. */
  readonly cat: TaggedParts;
  /** The `datasetIdx` of each dataset by its name. */
  readonly name2idx: Readonly<Record<string, number>>;
  /** Samples in a batch. */
  readonly batchSize: number;
  /** One score a sample of each dataset, by the dataset's name. Default: all samples of a dataset are alike. */
  readonly contrastScores?: Readonly<Record<string, NumberColumn>> | undefined;
  /** Training steps until `alpha` is 1. Default 8000. */
  readonly warmupSteps?: number;
  /** Default true. False: dataset by dataset in turn, every sample once. */
  readonly shuffle?: boolean;
  /** Shuffled: whether the number of batches is rounded down. Not shuffled: leave out each dataset's last batch where it is shorter. Default true. */
  readonly dropLast?: boolean;
  /** Together with epoch and step fixes the batches; the same in all processes. An integer from 0 to 2^53 - 1. Default 0. */
  readonly seed?: number;
  /** When a step that `setStep` names begins to act: with the next epoch, as in VisionCore, or `INPUT_DELAY` batches later. Default 'epoch'. */
  readonly stepAt?: 'epoch' | 'batch';
  /** What to do where a dataset has more or fewer samples than scores. Default 'error'. */
  readonly onMismatch?: ScoreMismatch;
}

/** One dataset of the concatenation. */
interface Part {
  readonly start: number;
  readonly size: number;
  /** Undefined where all samples are alike. */
  readonly weights: ClampedWeights | undefined;
}

const ACTION = 'make a ByDatasetBatchSampler';

/**
 * Plays batches that each come from one dataset of a concatenation. Shuffled, an epoch has as many batches as all samples fill; each draws its dataset in
 * proportion to size, and inside it `batchSize` samples in proportion to `min(alpha * c_i, 1)`, `alpha = 0.5 + 0.5 * step / warmupSteps` (1 after the
 * warm-up): different ones, or with replacement where the dataset is smaller than a batch. Not shuffled, datasets take turns and every sample comes once.
 *
 * Ranks play every `numReplicas`-th batch, equally many each: where they do not divide the epoch, `dropLast` leaves out batches at its end, else the first ones
 * come again. Memory: with scores 8.2 bytes a sample, else constant. `docs/decisions/0023-*` says what differs from VisionCore.
 * @throws {ConfigError} naming every option that is wrong, and scores that do not fit their dataset.  @throws {RangeError} for a score that is negative, NaN or
 * infinite, and for a dataset in which fewer scores are above 0 than a batch needs.  Source: VisionCore; draws come from Philox.
 * @example
 * import { ByDatasetBatchSampler } from 'sconce/data';
 * const cat = { datasets: [{ length: 3 }, { length: 5 }] };
 * const sampler = new ByDatasetBatchSampler({ cat, name2idx: { a: 0, b: 1 }, batchSize: 2, shuffle: false, dropLast: false });
 * const order = sampler.order(0);
 * Array.from({ length: order.length }, (_, batch) => order.at(batch).join()); // ['0,1', '3,4', '2', '5,6', '7']
 */
export class ByDatasetBatchSampler implements Sampler<Int32Array> {
  readonly length: number;
  readonly seed: number;
  readonly input: Sampler['input'];
  readonly inputEvery: 'epoch' | 'batch';
  readonly batchSize: number;
  readonly warmupSteps: number;
  readonly #parts: readonly Part[];
  /** Samples up to and with each part. */
  readonly #ends: readonly number[];
  readonly numReplicas: number;
  readonly #slice: RankSlice;
  /** The walk where nothing is shuffled. */
  readonly #walk: RoundRobin | undefined;
  #step = 0;

  constructor(options: ByDatasetBatchSamplerOptions) {
    checkOptions(options);
    const { seed = 0, shuffle = true, dropLast = true, batchSize, warmupSteps = 8000, stepAt = 'epoch' } = options;
    this.#parts = makeParts(options);
    this.#ends = this.#parts.map(({ start, size }) => start + size);
    const numSamples = checkSampleCount('ByDatasetBatchSampler', this.#ends.at(-1) ?? 0);
    const countBatches = (samples: number): number => (dropLast ? Math.floor : Math.ceil)(samples / batchSize);
    this.#walk = shuffle ? undefined : new RoundRobin(this.#parts.map(({ size }) => countBatches(size)));
    this.numReplicas = options.numReplicas ?? 1;
    this.#slice = new RankSlice(this.#walk?.length ?? countBatches(numSamples), {
      ...options,
      rest: dropLast ? 'drop' : 'repeat',
    });
    this.length = this.#slice.length;
    this.seed = seed;
    this.batchSize = batchSize;
    this.warmupSteps = warmupSteps;
    this.inputEvery = stepAt;
    if (shuffle && options.contrastScores) this.input = () => ({ step: this.#step });
  }

  /** Says at which training step the curriculum stands; the option `stepAt` says from when on that counts. */
  setStep(step: number): void {
    this.#step = checkStep(step, 'ByDatasetBatchSampler');
  }

  setInput(input: SamplerInput): void {
    this.setStep(inputStep(input));
  }

  order(epoch: number): Order<Int32Array> {
    const { length } = this;
    const walk = this.#walk;
    if (walk) return { length, at: (position) => this.#walkTo(walk, this.#slice.at(position)) };
    const key = { seed: this.seed, epoch };
    const now = this.#step;
    const choice = new PlaceDraws({ ...key, purpose: Purpose.datasetChoice });
    const samples = new PlaceDraws({ ...key, purpose: Purpose.datasetSamples });
    const rest = new PlaceDraws({ ...key, purpose: Purpose.datasetRest });
    const at = (position: number, input?: SamplerInput): Int32Array => {
      const batch = this.#slice.at(position);
      const part = this.#parts[firstAbove(this.#ends, choice.first(batch) * this.#ends.at(-1)!)]!;
      return this.#draw(part, input === undefined ? now : inputStep(input), {
        draw: (attempt) => samples.first(attempt, batch),
        drawAt: (index) => rest.first(index, batch),
      });
    };
    return { length, at };
  }

  #walkTo(walk: RoundRobin, batch: number): Int32Array {
    const { turn, round } = walk.at(batch);
    const { start, size } = this.#parts[turn]!;
    const first = round * this.batchSize;
    return Int32Array.from({ length: Math.min(this.batchSize, size - first) }, (_, i) => start + first + i);
  }

  #draw({ start, size, weights }: Part, step: number, uniform: Uniform): Int32Array {
    const count = this.batchSize;
    const alpha = contrastAlpha(step, this.warmupSteps);
    const draw = (attempt: number): number => {
      const u = uniform.draw(attempt);
      return weights ? weights.draw(u, alpha) : Math.floor(u * size);
    };
    if (count > size) return Int32Array.from({ length: count }, (_, i) => start + draw(i));
    const weightsOf = (): Float64Array => weights?.weights(alpha) ?? new Float64Array(size).fill(1);
    return drawDistinct({ count, draw, weights: weightsOf, drawAt: uniform.drawAt }).map((index) => start + index);
  }
}

/** Numbers uniform in [0, 1) for one batch, from two streams. */
interface Uniform {
  draw(attempt: number): number;
  drawAt(index: number): number;
}

function makeParts(options: ByDatasetBatchSamplerOptions): Part[] {
  const { cat: dataset, name2idx: datasetNameToIdx, contrastScores, batchSize, onMismatch = 'error' } = options;
  const named = { dataset, datasetNameToIdx };
  const names = partNames(named, ACTION);
  const scores = contrastScores && readScores({ ...named, scores: contrastScores, onMismatch }, ACTION);
  let start = 0;
  return dataset.datasets.map(({ length: size }, place) => {
    const part = { start, size, weights: scores && new ClampedWeights(scores.subarray(start, start + size)) };
    start += size;
    const needed = batchSize <= size ? batchSize : 1;
    if (part.weights && size > 0 && part.weights.numPositive < needed) {
      throw new RangeError(
        `Cannot ${ACTION}: expected at least ${needed} contrast scores above 0 for "${names[place]}", as many as a batch takes, got ${part.weights.numPositive}`,
      );
    }
    return part;
  });
}

const OPTIONS = [
  ...RANK_OPTIONS,
  'cat',
  'name2idx',
  'batchSize',
  'contrastScores',
  'warmupSteps',
  'shuffle',
  'dropLast',
  'seed',
  'stepAt',
  'onMismatch',
];

function checkOptions(options: ByDatasetBatchSamplerOptions): void {
  const problems = new SamplerProblems();
  problems.expectKnown(options, OPTIONS);
  problems.expectParts('cat', options.cat);
  problems.expectRecord('name2idx', options.name2idx);
  if (options.contrastScores !== undefined) problems.expectRecord('contrastScores', options.contrastScores);
  problems.expectRank(options);
  problems.expectCount('batchSize', options.batchSize);
  for (const option of ['shuffle', 'dropLast'] as const) problems.expectFlag(option, options[option] ?? false);
  problems.expectSeed(options.seed ?? 0);
  problems.expectCountOrNone('warmupSteps', options.warmupSteps ?? 8000);
  problems.expectChoice('stepAt', options.stepAt ?? 'epoch', ['epoch', 'batch']);
  problems.expectChoice('onMismatch', options.onMismatch ?? 'error', ['error', 'pad']);
  problems.throwIfAny(ACTION);
}
