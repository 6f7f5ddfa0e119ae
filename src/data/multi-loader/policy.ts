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
import { ConfigError } from '../../errors.ts';
import { OptionProblems } from '../option-problems.ts';
import { type EpochLengthPolicy, epochLength } from './epoch-length.ts';
import { checkSchedule, isMoving, type ScheduleConfig } from './schedule-config.ts';
import { normalized, temperatureWeights } from './weights.ts';

/**
 * The loader that gives each batch of an epoch, the same for every epoch. `lengths` are the loaders' batches an epoch, `Infinity` for one that never ends or
 * whose end nobody knows. Memory: 4 bytes a batch. Time: 10 to 60 ns a batch, once for all epochs.
 * @throws {ConfigError} naming every problem of `config`, shares that change among them: those have no schedule beforehand.
 * @param limit - how many batches of the epoch to schedule at most; the others cost nothing.
 * @throws {RangeError} where the epoch would not end, or has more than 2^31 - 1 batches.
 */
export function buildSchedule(
  config: ScheduleConfig,
  lengths: readonly number[],
  limit = Number.POSITIVE_INFINITY,
): Int32Array {
  const problems = new OptionProblems();
  checkSchedule(config, lengths.length, problems);
  problems.throwIfAny('schedule the loaders');
  const { strategy = 'round_robin', burstSize = 1 } = config;
  if (isMoving(config)) {
    const option = config.lossMix ? 'lossMix' : 'weightSchedule';
    throw new ConfigError('schedule the loaders', [
      `${option}: expected none, as it changes shares while an epoch is played, got one; play it with a MultiDataLoader`,
    ]);
  }
  const total = plannedLength(config, lengths);
  const length = Math.min(total, limit);
  if (length > MAX_TURNS) {
    throw new RangeError(
      `Cannot schedule the loaders: expected at most ${MAX_TURNS} batches in an epoch, got ${length}; set maxBatchesPerEpoch, or epochLength to "fixed_num_steps"`,
    );
  }
  switch (strategy) {
    case 'round_robin':
      return repeatBursts(
        lengths.map((_, loader) => loader),
        burstSize,
        length,
      );
    case 'alternating':
      return repeatBursts(config.pattern!, burstSize, length);
    case 'weighted': {
      // Shares are counted in bursts, so that bursts keep the weights; the last burst is cut where the epoch ends.
      const quotas = largestRemainder(Math.ceil(total / burstSize), fixedWeights(config, lengths));
      return repeatBursts(balancedInterleave(quotas, Math.ceil(length / burstSize)), burstSize, length);
    }
    case 'sequential': {
      const order = new Int32Array(length);
      let end = 0;
      sequentialQuotas(config.epochLength, total, lengths).forEach((quota, loader) => {
        order.fill(loader, end, end + quota);
        end += quota;
      });
      return order;
    }
  }
}

/** Turns are counted in 32 bits. */
const MAX_TURNS = 2 ** 31 - 1;

/** Turns in an epoch, before loaders that do not play again and a limit cut it. @throws {RangeError} where it would not end. */
export function plannedLength(config: ScheduleConfig, lengths: readonly number[]): number {
  const { strategy = 'round_robin', epochLength: policy = 'sum_of_lengths', stepsPerEpoch } = config;
  return epochLength({ strategy, epochLength: policy, stepsPerEpoch }, lengths);
}

/** The weights under `weighted` where nothing changes them: given, by size, or equal ones for a mix to start from. */
export function fixedWeights(
  { weights, temperature, sizes }: ScheduleConfig,
  lengths: readonly number[],
): readonly number[] {
  if (temperature !== undefined) return temperatureWeights(sizes ?? lengths, temperature);
  return weights ?? lengths.map(() => 1);
}

/** What part of an epoch each loader should have: its weight, an equal part, its entries in the pattern, or its turns under `sequential`. */
export function wantedShares(config: ScheduleConfig, lengths: readonly number[]): number[] {
  switch (config.strategy ?? 'round_robin') {
    case 'weighted':
      return normalized(fixedWeights(config, lengths));
    case 'round_robin':
      return normalized(lengths.map(() => 1));
    case 'alternating':
      return normalized(lengths.map((_, loader) => config.pattern!.filter((entry) => entry === loader).length));
    case 'sequential': {
      const total = plannedLength(config, lengths);
      return sequentialQuotas(config.epochLength, total, lengths).map((quota) => (total === 0 ? 0 : quota / total));
    }
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
  return kept.length <= maxBatches ? kept : kept.slice(0, maxBatches);
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
 * on a tie) and pays 1. At most `limit` turns are worked out. Credits are IEEE doubles summed in model-training-framework's order, so that even its rounding is reproduced: [1, 5] gives 1 1 1 0 1 1.
 */
export function balancedInterleave(quotas: readonly number[], limit = Number.POSITIVE_INFINITY): Int32Array {
  const left = quotas.map((quota) => Math.max(0, quota));
  const total = left.reduce((sum, quota) => sum + quota, 0);
  const shares = left.map((quota) => quota / total);
  const credits = new Float64Array(left.length);
  const order = new Int32Array(Math.min(total, limit));
  for (let turn = 0; turn < order.length; turn++) {
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
function sequentialQuotas(
  policy: EpochLengthPolicy = 'sum_of_lengths',
  total: number,
  lengths: readonly number[],
): number[] {
  if (policy === 'sum_of_lengths') return [...lengths];
  const equal = Math.floor(total / lengths.length);
  return lengths.map((_, loader) => equal + (loader < total % lengths.length ? 1 : 0));
}
