// `ContrastWeightedSampler`: VisionCore's curriculum, from samples of high contrast to all samples alike.
import { Purpose, permutation } from '../philox.ts';
import { ClampedWeights } from './clamped-weights.ts';
import { readScores, type ScoreMismatch, type TaggedParts } from './contrast-scores.ts';
import { checkStep, contrastAlpha, inputStep, warmupShare } from './curriculum.ts';
import { PlaceDraws } from './draws.ts';
import type { NumberColumn } from './numbers.ts';
import { RANK_OPTIONS, type RankOptions, SamplerProblems } from './option-checks.ts';
import { RankSlice } from './rank-slice.ts';
import type { Order, Sampler, SamplerInput } from './sampler.ts';

/** Options of {@link ContrastWeightedSampler}. */
export interface ContrastWeightedSamplerOptions extends RankOptions {
  /** The concatenation whose samples are played: a `ConcatDataset` of `TaggedDataset`, or anything with `datasets`. */
  readonly dataset: TaggedParts;
  /** One score a sample of each dataset, by the dataset's name: finite, from 0 on; VisionCore divides them so that their median is 1. */
  readonly contrastScoresDict: Readonly<Record<string, NumberColumn>>;
  /** The `datasetIdx` of each dataset by its name. */
  readonly datasetNameToIdx: Readonly<Record<string, number>>;
  /** Default true. False: samples 0, 1, 2, … whatever the step. */
  readonly shuffle?: boolean;
  /** Together with epoch and step fixes the order; the same in all processes. An integer from 0 to 2^53 - 1. Default 0. */
  readonly seed?: number;
  /** Where the processes do not divide the epoch: leave out the last positions (true), or let the first ones come again (false). Default false. */
  readonly dropLast?: boolean;
  /** Training steps until all samples are alike. Default 8000. */
  readonly warmupSteps?: number;
  /** `'clamp'`: the published weights, which change to equal ones at once when the warm-up ends. `'blend'`: draws pass over to equal ones gradually. Default 'clamp'. */
  readonly transition?: 'clamp' | 'blend';
  /** When a step that `setStep` names begins to act: with the next epoch, as in VisionCore, or `INPUT_DELAY` batches later. Default 'epoch'. */
  readonly stepAt?: 'epoch' | 'batch';
  /** What to do where a dataset has more or fewer samples than scores. Default 'error'. */
  readonly onMismatch?: ScoreMismatch;
}

const ACTION = 'make a ContrastWeightedSampler';

/**
 * Plays samples of high contrast more often at first. Up to `warmupSteps`, each of the N positions of an epoch draws sample i, with replacement, in proportion
 * to `min(alpha * c_i, 1)`, with `alpha = 0.5 + 0.5 * step / warmupSteps`; from then on every epoch plays every sample once, shuffled.
 * With `transition: 'blend'` a position draws with probability `1 - step / warmupSteps` from the weights of step 0 and else from all samples alike, so that
 * nothing jumps when the warm-up ends.
 *
 * Ranks play every `numReplicas`-th position, padded and cut as by `DistributedSampler`. Memory: 8.2 bytes a sample (scores in float32, their order, sums); a
 * draw takes O(log N), whatever the step. `docs/decisions/0023-*` says what differs from VisionCore.
 * @throws {ConfigError} naming every option that is wrong, and scores that do not fit their dataset.  @throws {RangeError} for a score that is negative, NaN
 * or infinite, or where all are 0.  Source: VisionCore; draws come from Philox.
 * @example
 * import { ContrastWeightedSampler } from 'sconce/data';
 * const dataset = { datasets: [{ length: 2 }, { length: 2 }] };
 * const contrastScoresDict = { a: [0, 1], b: [1, 2] };
 * const sampler = new ContrastWeightedSampler({ dataset, contrastScoresDict, datasetNameToIdx: { a: 0, b: 1 }, warmupSteps: 100 });
 * const played = (epoch: number): number[] => [0, 1, 2, 3].map((position) => sampler.order(epoch).at(position));
 * played(0); // [1, 2, 1, 1]
 * sampler.setStep(100);
 * played(1); // [0, 3, 2, 1]
 */
export class ContrastWeightedSampler implements Sampler {
  readonly length: number;
  readonly seed: number;
  readonly warmupSteps: number;
  readonly inputEvery: 'epoch' | 'batch';
  readonly #count: number;
  readonly numReplicas: number;
  readonly #slice: RankSlice;
  readonly #isShuffled: boolean;
  readonly #isBlend: boolean;
  /** Bare when a permutation is in use, sorted with sums when weights are: never both beside a permutation. */
  #scores: Float32Array | ClampedWeights;
  #step = 0;

  constructor(options: ContrastWeightedSamplerOptions) {
    checkOptions(options);
    const { seed = 0, shuffle = true, dropLast = false, warmupSteps = 8000, transition = 'clamp' } = options;
    const { stepAt = 'epoch', contrastScoresDict: scores, onMismatch = 'error' } = options;
    this.#scores = readScores({ ...options, scores, onMismatch }, ACTION);
    this.#count = this.#scores.length;
    if (this.#count > 0 && this.#scores.every((score) => score === 0)) {
      throw new RangeError(
        `Cannot ${ACTION}: expected a contrast score above 0, got ${this.#count} scores without one`,
      );
    }
    this.numReplicas = options.numReplicas ?? 1;
    this.#slice = new RankSlice(this.#count, { ...options, rest: dropLast ? 'drop' : 'repeat' });
    this.length = this.#slice.length;
    this.seed = seed;
    this.warmupSteps = warmupSteps;
    this.inputEvery = stepAt;
    this.#isShuffled = shuffle;
    this.#isBlend = transition === 'blend';
  }

  /** Says at which training step the curriculum stands; the option `stepAt` says from when on that counts. */
  setStep(step: number): void {
    this.#step = checkStep(step, 'ContrastWeightedSampler');
  }

  input(): SamplerInput {
    return { step: this.#step };
  }

  setInput(input: SamplerInput): void {
    this.setStep(inputStep(input));
  }

  order(epoch: number): Order<number> {
    const key = { seed: this.seed, epoch };
    const now = this.#step;
    const draws = new PlaceDraws({ ...key, purpose: Purpose.contrast });
    let shuffled: Int32Array | undefined;
    const at = (position: number, input?: SamplerInput): number => {
      const place = this.#slice.at(position);
      if (!this.#isShuffled) return place;
      const step = input === undefined ? now : inputStep(input);
      if (step < this.warmupSteps) {
        shuffled = undefined;
        return this.#draw(draws, place, step);
      }
      if (!shuffled) {
        this.#releaseWeights();
        shuffled = permutation(this.#count, { ...key, purpose: Purpose.permutation });
      }
      return shuffled[place]!;
    };
    return { length: this.length, at };
  }

  #draw(draws: PlaceDraws, place: number, step: number): number {
    if (this.#scores instanceof Float32Array) this.#scores = new ClampedWeights(this.#scores);
    const u = draws.first(place);
    if (!this.#isBlend) return this.#scores.draw(u, contrastAlpha(step, this.warmupSteps));
    const isUniform = draws.second() < warmupShare(step, this.warmupSteps);
    return isUniform ? Math.floor(u * this.#count) : this.#scores.draw(u, contrastAlpha(0, this.warmupSteps));
  }

  #releaseWeights(): void {
    if (this.#scores instanceof ClampedWeights) this.#scores = this.#scores.scores();
  }
}

const OPTIONS = [
  ...RANK_OPTIONS,
  'dataset',
  'contrastScoresDict',
  'datasetNameToIdx',
  'shuffle',
  'seed',
  'dropLast',
  'warmupSteps',
  'transition',
  'stepAt',
  'onMismatch',
];

function checkOptions(options: ContrastWeightedSamplerOptions): void {
  const problems = new SamplerProblems();
  problems.expectKnown(options, OPTIONS);
  problems.expectParts('dataset', options.dataset);
  for (const option of ['contrastScoresDict', 'datasetNameToIdx'] as const) {
    problems.expectRecord(option, options[option]);
  }
  problems.expectRank(options);
  for (const option of ['shuffle', 'dropLast'] as const) problems.expectFlag(option, options[option] ?? false);
  problems.expectSeed(options.seed ?? 0);
  problems.expectCountOrNone('warmupSteps', options.warmupSteps ?? 8000);
  problems.expectChoice('transition', options.transition ?? 'clamp', ['clamp', 'blend']);
  problems.expectChoice('stepAt', options.stepAt ?? 'epoch', ['epoch', 'batch']);
  problems.expectChoice('onMismatch', options.onMismatch ?? 'error', ['error', 'pad']);
  problems.throwIfAny(ACTION);
}
