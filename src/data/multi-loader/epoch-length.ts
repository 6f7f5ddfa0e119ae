// How many batches an epoch over several loaders has: a pure function of the loaders' lengths and a policy.

/** From what the length of an epoch follows. The values are those of configuration files. */
export const EpochLengthPolicy = {
  /** All batches of all loaders. */
  SUM_OF_LENGTHS: 'sum_of_lengths',
  /** The longest loader; shorter ones play again. */
  MAX_OF_LENGTHS: 'max_of_lengths',
  /** The shortest loader; longer ones are cut. */
  MIN_OF_LENGTHS: 'min_of_lengths',
  /** `stepsPerEpoch` batches. */
  FIXED_NUM_STEPS: 'fixed_num_steps',
} as const;
export type EpochLengthPolicy = (typeof EpochLengthPolicy)[keyof typeof EpochLengthPolicy];

/** The part of a schedule's configuration that fixes the length of an epoch. */
export interface EpochLengthConfig {
  readonly strategy: 'sequential' | 'round_robin' | 'weighted' | 'alternating';
  readonly epochLength: EpochLengthPolicy;
  readonly stepsPerEpoch: number | undefined;
}

/**
 * The number of batches in an epoch. `lengths` are the loaders' batches an epoch, `Infinity` for one that never ends.
 *
 * | strategy | sum | max | min | fixed |
 * |---|---|---|---|---|
 * | round_robin | Σ | longest | shortest | N |
 * | weighted | Σ | longest finite | shortest | N |
 * | sequential | Σ | longest · n | shortest · n | N |
 * | alternating | Σ | Σ | Σ | N |
 *
 * A loader that never ends needs a fixed number of steps; only `weighted` takes such a loader under max, where the finite ones give the length.
 * @throws {RangeError} where the length would be infinite.
 */
export function epochLength(
  { strategy, epochLength: policy, stepsPerEpoch }: EpochLengthConfig,
  lengths: readonly number[],
): number {
  if (policy === 'fixed_num_steps') return stepsPerEpoch!; // checked with the configuration
  const finite = lengths.filter(Number.isFinite);
  const canEnd =
    strategy === 'weighted' && policy === 'max_of_lengths' ? finite.length > 0 : finite.length === lengths.length;
  if (!canEnd) {
    const endless = lengths.flatMap((length, loader) => (Number.isFinite(length) ? [] : [loader]));
    throw new RangeError(
      `Cannot tell the length of an epoch: expected loaders that end under "${strategy}" with "${policy}", got loader ${endless.join(', ')} without an end; set epochLength to "fixed_num_steps" and stepsPerEpoch`,
    );
  }
  const sum = finite.reduce((total, length) => total + length, 0);
  if (policy === 'sum_of_lengths' || strategy === 'alternating') return sum;
  const one = policy === 'max_of_lengths' ? Math.max(...finite) : Math.min(...finite);
  return strategy === 'sequential' ? one * lengths.length : one;
}
