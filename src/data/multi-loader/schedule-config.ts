// What decides whose turn it is when several loaders play: the options of a schedule, and what is wrong with them.
import { isPositiveInteger, type OptionProblems } from '../option-problems.ts';
import { EpochLengthPolicy } from './epoch-length.ts';
import { checkLossMix, type LossMixOptions } from './loss-mix.ts';
import { areWeights, checkWeightSchedule, type WeightFunction, type WeightSchedule } from './weights.ts';

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

/** What decides a schedule, beside the loaders' lengths. Under `weighted`, the shares come from one of `weights`, `temperature` and `weightSchedule`. */
export interface ScheduleConfig {
  /** Default `round_robin`. */
  readonly strategy?: SamplingStrategy;
  /** Default `sum_of_lengths`. */
  readonly epochLength?: EpochLengthPolicy;
  /** Batches in an epoch, for `fixed_num_steps`. */
  readonly stepsPerEpoch?: number | undefined;
  /** Relative shares of the loaders, for `weighted`. They need not sum to 1. */
  readonly weights?: readonly number[] | undefined;
  /** Shares by size, for `weighted`: proportional to size^(1 / temperature). 1 is proportional, Infinity the same for all. */
  readonly temperature?: number | undefined;
  /** The sizes that `temperature` goes by, in any unit. Default: the loaders' batches an epoch. */
  readonly sizes?: readonly number[] | undefined;
  /** Shares that change over the training, for `weighted`. */
  readonly weightSchedule?: WeightSchedule | WeightFunction | undefined;
  /** For `weighted`: more turns for loaders whose reported loss falls slowest. The shares above are where it starts from; default: equal ones. */
  readonly lossMix?: LossMixOptions | undefined;
  /** Loaders by number, for `alternating`. */
  readonly pattern?: readonly number[] | undefined;
  /** Batches that a loader gives in a row, for all strategies but `sequential`. Default 1. */
  readonly burstSize?: number;
}

/** The names of a schedule's options. */
export const SCHEDULE_OPTIONS = [
  'strategy',
  'epochLength',
  'stepsPerEpoch',
  'weights',
  'temperature',
  'sizes',
  'weightSchedule',
  'lossMix',
  'pattern',
  'burstSize',
] as const satisfies readonly (keyof ScheduleConfig)[];

/** True where shares change while an epoch is played: then there is no schedule to make beforehand. */
export function isMoving({ weightSchedule, lossMix }: ScheduleConfig): boolean {
  return weightSchedule !== undefined || lossMix !== undefined;
}

/** Notes all problems of `config` for `numLoaders` loaders. An option that the strategy would not use is one. */
export function checkSchedule(config: ScheduleConfig, numLoaders: number, problems: OptionProblems): void {
  const { strategy = 'round_robin', epochLength: policy = 'sum_of_lengths', stepsPerEpoch, pattern } = config;
  const { burstSize = 1 } = config;
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

  if (strategy === 'weighted') checkShares(config, numLoaders, problems);
  else {
    for (const option of ['weights', 'temperature', 'sizes', 'weightSchedule', 'lossMix'] as const)
      problems.expect(config[option] === undefined, option, {
        wanted: `none with ${strategy}`,
        got: typeof config[option] === 'number' || Array.isArray(config[option]) ? config[option] : 'one',
      });
  }

  const isAlternating = strategy === 'alternating';
  const patternWanted = isAlternating ? `loaders by number, from 0 to ${numLoaders - 1}` : `none with ${strategy}`;
  const isPattern = Array.isArray(pattern) && pattern.length > 0 && pattern.every(isLoader);
  problems.expect(isAlternating ? isPattern : pattern === undefined, 'pattern', {
    wanted: patternWanted,
    got: pattern,
  });
}

/** Notes problems of what gives the shares under `weighted`. */
function checkShares(config: ScheduleConfig, numLoaders: number, problems: OptionProblems): void {
  const { weights, temperature, sizes, weightSchedule, lossMix } = config;
  const given = (['weights', 'temperature', 'weightSchedule'] as const).filter((name) => config[name] !== undefined);
  const isSettled = given.length === 1 || (given.length === 0 && lossMix !== undefined);
  const ofLoaders = `${numLoaders} finite numbers above 0, one a loader`;
  if (!isSettled && given.length === 0) problems.expect(false, 'weights', { wanted: ofLoaders, got: undefined });
  else
    problems.expect(isSettled, given.at(-1) ?? 'weights', {
      wanted: `none beside ${given[0]}`,
      got: 'one of them too',
    });
  problems.expect(weights === undefined || areWeights(weights, numLoaders, { isZeroFit: false }), 'weights', {
    wanted: ofLoaders,
    got: weights,
  });
  problems.expect(temperature === undefined || temperature > 0, 'temperature', {
    wanted: 'a number above 0, or Infinity',
    got: temperature,
  });
  const isForSizes = sizes === undefined || temperature !== undefined;
  problems.expect(isForSizes, 'sizes', { wanted: 'none without temperature', got: sizes });
  const areSizes = sizes === undefined || areWeights(sizes, numLoaders, { isZeroFit: false });
  problems.expect(areSizes, 'sizes', { wanted: ofLoaders, got: sizes });
  if (weightSchedule !== undefined) checkWeightSchedule(weightSchedule, numLoaders, problems);
  if (lossMix !== undefined) checkLossMix(lossMix, problems);
}
