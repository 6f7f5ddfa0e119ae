// Which loader gives the next batch: a schedule is a pure function of the strategy, the loaders' lengths and the length of the epoch.
//
// Two loaders of 3 and 5 batches, weights 3 and 1, pattern [0, 0, 1], stepsPerEpoch 4, burstSize 1, shorter loaders playing again:
//
// | strategy    | sum_of_lengths  | max_of_lengths    | min_of_lengths | fixed_num_steps |
// |-------------|-----------------|-------------------|----------------|-----------------|
// | round_robin | 0 1 0 1 0 1 0 1 | 0 1 0 1 0         | 0 1 0          | 0 1 0 1         |
// | sequential  | 0 0 0 1 1 1 1 1 | 0×5 then 1×5      | 0 0 0 1 1 1    | 0 0 1 1         |
// | weighted    | 0 0 1 0 0 0 1 0 | 0 0 1 0 0         | 0 1 0          | 0 0 1 0         |
// | alternating | 0 0 1 0 0 1 0 0 | as sum_of_lengths | as sum         | 0 0 1 0         |
//
// The strategies, policies and orders are those of model-training-framework, whose results are tests here. What differs: a loader that never ends plays
// under fixed_num_steps (there it crashes); weighted shares are counted in bursts (there bursts distort them); an option that the strategy would not use,
// and weighted max_of_lengths over loaders that all never end (there an epoch of no batches), are errors; a loader that plays again in the same epoch gets
// a new order; the cap on an epoch's batches is called maxBatchesPerEpoch (there prefetch_cap_total_batches).
import { isPositiveInteger, OptionProblems } from '../option-problems.ts';
import { EpochLengthPolicy, epochLength } from './epoch-length.ts';

/** In what order loaders take turns. The values are those of configuration files. */
export const SamplingStrategy = {
  /** All of loader 0, then all of loader 1, and so on. */
  SEQUENTIAL: 'sequential',
  /** `burstSize` batches of each loader in turn. */
  ROUND_ROBIN: 'round_robin',
  /** Each loader as often as its weight says, spread evenly. */
  WEIGHTED: 'weighted',
  /** `pattern`, over and over. */
  ALTERNATING: 'alternating',
} as const;
export type SamplingStrategy = (typeof SamplingStrategy)[keyof typeof SamplingStrategy];

/** What decides a schedule, beside the loaders' lengths. */
export interface ScheduleConfig {
  /** Default `round_robin`. */
  readonly strategy?: SamplingStrategy;
  /** Default `sum_of_lengths`. */
  readonly epochLength?: EpochLengthPolicy;
  /** Batches in an epoch, for `fixed_num_steps`. */
  readonly stepsPerEpoch?: number | undefined;
  /** Relative shares of the loaders, for `weighted`. They need not sum to 1. */
  readonly weights?: readonly number[] | undefined;
  /** Loaders by number, for `alternating`. */
  readonly pattern?: readonly number[] | undefined;
  /** Batches that a loader gives in a row, for all strategies but `sequential`. Default 1. */
  readonly burstSize?: number;
}

/** Notes all problems of `config` for `numLoaders` loaders. An option that the strategy would not use is one. */
export function checkSchedule(config: ScheduleConfig, numLoaders: number, problems: OptionProblems): void {
  const {
    strategy = 'round_robin',
    epochLength: policy = 'sum_of_lengths',
    stepsPerEpoch,
    weights,
    pattern,
    burstSize = 1,
  } = config;
  const isLoader = (value: number): boolean => Number.isInteger(value) && value >= 0 && value < numLoaders;
  const oneOf = (values: object): string => `one of ${Object.values(values).join(', ')}`;

  problems.expect(Object.values(SamplingStrategy).includes(strategy), 'strategy', {
    wanted: oneOf(SamplingStrategy),
    got: strategy,
  });
  problems.expect(Object.values(EpochLengthPolicy).includes(policy), 'epochLength', {
    wanted: oneOf(EpochLengthPolicy),
    got: policy,
  });

  const hasBursts = strategy !== 'sequential';
  const burstWanted = hasBursts ? 'an integer above 0' : 'none with sequential, which has no bursts';
  problems.expect(hasBursts ? isPositiveInteger(burstSize) : burstSize === 1, 'burstSize', {
    wanted: burstWanted,
    got: burstSize,
  });

  const isFixed = policy === 'fixed_num_steps';
  const stepsWanted = isFixed ? 'an integer above 0' : `none with ${policy}`;
  const areStepsFit = isFixed ? isPositiveInteger(stepsPerEpoch) : stepsPerEpoch === undefined;
  problems.expect(areStepsFit, 'stepsPerEpoch', { wanted: stepsWanted, got: stepsPerEpoch });

  const isWeighted = strategy === 'weighted';
  const weightsWanted = isWeighted ? `${numLoaders} finite numbers above 0, one a loader` : `none with ${strategy}`;
  const areAllWeights =
    weights?.length === numLoaders && weights.every((weight) => Number.isFinite(weight) && weight > 0);
  problems.expect(isWeighted ? areAllWeights : weights === undefined, 'weights', {
    wanted: weightsWanted,
    got: weights,
  });

  const isAlternating = strategy === 'alternating';
  const patternWanted = isAlternating ? `loaders by number, from 0 to ${numLoaders - 1}` : `none with ${strategy}`;
  const isPattern = pattern !== undefined && pattern.length > 0 && pattern.every(isLoader);
  problems.expect(isAlternating ? isPattern : pattern === undefined, 'pattern', {
    wanted: patternWanted,
    got: pattern,
  });
}

/**
 * The loader that gives each batch of an epoch, the same for every epoch, 4 bytes a batch.
 * `lengths` are the loaders' batches an epoch, `Infinity` for one that never ends.
 * @throws {ConfigError} naming every problem of `config`. @throws {RangeError} where the epoch would not end.
 */
export function buildSchedule(config: ScheduleConfig, lengths: readonly number[]): Int32Array {
  const problems = new OptionProblems();
  checkSchedule(config, lengths.length, problems);
  problems.throwIfAny('schedule the loaders');
  const { strategy = 'round_robin', epochLength: policy = 'sum_of_lengths', stepsPerEpoch, burstSize = 1 } = config;
  const total = epochLength({ strategy, epochLength: policy, stepsPerEpoch }, lengths);
  switch (strategy) {
    case 'round_robin':
      return repeatBursts(
        lengths.map((_, loader) => loader),
        burstSize,
        total,
      );
    case 'alternating':
      return repeatBursts(config.pattern!, burstSize, total);
    case 'weighted': {
      // Shares are counted in bursts, so that bursts keep the weights; the last burst is cut where the epoch ends.
      const bursts = balancedInterleave(largestRemainder(Math.ceil(total / burstSize), config.weights!));
      return repeatBursts(bursts, burstSize, total);
    }
    case 'sequential':
      return Int32Array.from(
        sequentialQuotas(policy, total, lengths).flatMap((quota, loader) => new Array<number>(quota).fill(loader)),
      );
  }
}

/**
 * What is really played of a schedule: without `cycleShortLoaders`, a turn of a loader that has no batch left falls to the next turn in the schedule; at
 * most `maxBatches` batches.
 */
export function playableSchedule(
  schedule: Int32Array,
  lengths: readonly number[],
  {
    cycleShortLoaders,
    maxBatches = Number.POSITIVE_INFINITY,
  }: { readonly cycleShortLoaders: boolean; readonly maxBatches?: number | undefined },
): Int32Array {
  const played = new Array<number>(lengths.length).fill(0);
  const kept = cycleShortLoaders ? schedule : schedule.filter((loader) => played[loader]!++ < lengths[loader]!);
  return kept.subarray(0, Math.min(maxBatches, kept.length));
}

/**
 * Shares `total` turns out by weight: everyone gets the whole part of the exact share, and who lost most by that gets one of those left (Hamilton's
 * method). Equal remainders go to the lower number. The order of operations on doubles is that of model-training-framework, whose results it reproduces.
 */
export function largestRemainder(total: number, weights: readonly number[]): number[] {
  const sum = weights.reduce((partial, weight) => partial + weight, 0);
  const exact = weights.map((weight) => total * (weight / sum));
  const quotas = exact.map(Math.floor);
  const left = total - quotas.reduce((partial, quota) => partial + quota, 0);
  const byRemainder = exact.map((_, i) => i).sort((a, b) => exact[b]! - quotas[b]! - (exact[a]! - quotas[a]!)); // the sort is stable
  for (const i of byRemainder.slice(0, left)) quotas[i]!++;
  return quotas;
}

/**
 * Spreads each loader's turns evenly: before every turn each loader that has turns left earns its share; the one with most credit plays (the lower number
 * on a tie) and pays 1. Credits are IEEE doubles summed in model-training-framework's order, so that even its rounding is reproduced: [1, 5] gives 1 1 1 0 1 1.
 */
export function balancedInterleave(quotas: readonly number[]): Int32Array {
  const left = quotas.map((quota) => Math.max(0, quota));
  const total = left.reduce((sum, quota) => sum + quota, 0);
  const shares = left.map((quota) => quota / total);
  const credits = new Float64Array(left.length);
  const order = new Int32Array(total);
  for (let turn = 0; turn < total; turn++) {
    let chosen = -1;
    for (let i = 0; i < left.length; i++) {
      if (left[i] === 0) continue;
      credits[i]! += shares[i]!;
      if (chosen < 0 || credits[i]! > credits[chosen]!) chosen = i;
    }
    order[turn] = chosen;
    credits[chosen]! -= 1;
    left[chosen]!--;
  }
  return order;
}

/** Each entry of `turns` `burstSize` times, over and over, cut at `total`. */
function repeatBursts(turns: ArrayLike<number>, burstSize: number, total: number): Int32Array {
  const order = new Int32Array(total);
  for (let i = 0; i < total; i++) order[i] = turns[Math.floor(i / burstSize) % turns.length]!;
  return order;
}

/** How many batches in a row each loader gives under `sequential`. Under `fixed_num_steps`, what does not divide goes to the first loaders. */
function sequentialQuotas(policy: EpochLengthPolicy, total: number, lengths: readonly number[]): number[] {
  if (policy === 'sum_of_lengths') return [...lengths];
  const equal = Math.floor(total / lengths.length);
  return lengths.map((_, loader) => equal + (loader < total % lengths.length ? 1 : 0));
}
