// The options of `MultiDatasetDM`, and what has to hold for them.

import { ConfigError } from '../../errors.ts';
import { choice, count, flag, optionProblems, type Rule, text } from '../../metrics/options.ts';
import { isObject } from './config/fields.ts';
import type { DatasetConfigs } from './config/read-dataset-configs.ts';
import type { StoredDType } from './session-plan.ts';

/** Options of {@link MultiDatasetDM}. */
export interface MultiDatasetDMOptions {
  /** A folder of YAML files, or a parent file with sessions: what `readDatasetConfigs` reads. Or `configs`. */
  readonly cfgDir?: string;
  /** The data sets in the place of files: what `readDatasetConfigs` gave, or of your own. A relative `data_dir` counts from the process's folder. */
  readonly configs?: DatasetConfigs;
  /** At most so many data sets, the first ones. Default 30. */
  readonly maxDs?: number;
  /** Samples in a batch, of one rank. Default 64. */
  readonly batch?: number;
  /** Threads that make batches beside the loop. Default 0: a batch is a few gathers, made in the loop's thread. */
  readonly workers?: number;
  /** Training steps in an epoch, which `multiDatasetTrainer` takes as its limit. Default 1000. */
  readonly stepsPerEpoch?: number;
  /** Play samples of high contrast more often at first. Default false. */
  readonly enableCurriculum?: boolean;
  /** Training steps until all samples are alike. Default 8000. */
  readonly warmupSteps?: number;
  /** `'clamp'`: the published weights, which change to equal ones at once when the warm-up ends. `'blend'`: draws pass over to equal ones gradually; not with
   *  `homogeneousBatches`. Default 'clamp'. */
  readonly transition?: 'clamp' | 'blend';
  /** When the curriculum's step acts: from the next epoch on, or a few batches later in the same one. Default 'batch'; VisionCore's is 'epoch'. */
  readonly stepAt?: 'epoch' | 'batch';
  /** How the stimulus is kept in memory. `'uint8'`: as it was recorded, with `pixelnorm` done to each batch; other transforms of it need one of the floats.
   *  Batches are float32 in any case. Default 'uint8'. */
  readonly dsetDtype?: StoredDType;
  /** Batches of one data set each, handed out as one group in the place of a list. Default false. */
  readonly homogeneousBatches?: boolean;
  /** Worker threads live until `close()`: the only way there is. Default true. */
  readonly persistentWorkers?: boolean;
  /** Batches made ahead, by each worker. Default 4 with workers, else 2. */
  readonly prefetchFactor?: number;
  /** What a `types` entry without a file is: an error, or a warning as long as the session has another. Default 'error'. */
  readonly missingTypes?: 'error' | 'skip';
  /** Which of `world` processes this one is: their shares have nothing in common. Default 0 of 1. */
  readonly rank?: number;
  readonly world?: number;
  /** Of the orders in which samples are played. Default 0. */
  readonly seed?: number;
}

/** The options with their defaults. */
export type DMSettings = Required<Omit<MultiDatasetDMOptions, 'cfgDir' | 'configs'>> &
  Pick<MultiDatasetDMOptions, 'cfgDir' | 'configs'>;

const RULES: Readonly<Record<keyof MultiDatasetDMOptions, Rule>> = {
  cfgDir: text,
  configs: [
    '{ names, configs }, two lists of one length',
    (value) =>
      isObject(value) &&
      Array.isArray(value.names) &&
      Array.isArray(value.configs) &&
      value.names.length === value.configs.length,
  ],
  maxDs: count(),
  batch: count(),
  workers: count(0),
  stepsPerEpoch: count(),
  enableCurriculum: flag,
  warmupSteps: count(0),
  transition: choice('clamp', 'blend'),
  stepAt: choice('epoch', 'batch'),
  dsetDtype: choice('uint8', 'bfloat16', 'float32'),
  homogeneousBatches: flag,
  persistentWorkers: ['true: workers live until close()', (value) => value === true],
  prefetchFactor: count(0),
  missingTypes: choice('error', 'skip'),
  rank: count(0),
  world: count(),
  seed: count(0),
};

/** @throws {ConfigError} that lists everything that is wrong. */
export function readDMOptions(options: MultiDatasetDMOptions): DMSettings {
  const problems = optionProblems(options, RULES);
  const action = 'make a MultiDatasetDM';
  if (isObject(options) && (options.cfgDir === undefined) === (options.configs === undefined))
    problems.push(`cfgDir: expected it or configs, got ${options.cfgDir === undefined ? 'none' : 'both'}`);
  if (problems.length > 0) throw new ConfigError(action, problems);
  const { workers = 0, rank = 0, world = 1 } = options;
  const settings: DMSettings = {
    ...(options.cfgDir === undefined ? { configs: options.configs! } : { cfgDir: options.cfgDir }),
    maxDs: options.maxDs ?? 30,
    batch: options.batch ?? 64,
    workers,
    stepsPerEpoch: options.stepsPerEpoch ?? 1000,
    enableCurriculum: options.enableCurriculum ?? false,
    warmupSteps: options.warmupSteps ?? 8000,
    transition: options.transition ?? 'clamp',
    stepAt: options.stepAt ?? 'batch',
    dsetDtype: options.dsetDtype ?? 'uint8',
    homogeneousBatches: options.homogeneousBatches ?? false,
    persistentWorkers: true,
    prefetchFactor: options.prefetchFactor ?? (workers > 0 ? 4 : 2),
    missingTypes: options.missingTypes ?? 'error',
    rank,
    world,
    seed: options.seed ?? 0,
  };
  if (rank >= world) problems.push(`rank: expected an integer below world, which is ${world}, got ${rank}`);
  if (settings.transition === 'blend' && settings.homogeneousBatches)
    problems.push("transition: expected 'clamp' beside homogeneousBatches, got 'blend'");
  if (!settings.enableCurriculum)
    for (const option of ['warmupSteps', 'transition', 'stepAt'] as const)
      if (options[option] !== undefined)
        problems.push(`${option}: expected none without enableCurriculum, got ${options[option]}`);
  if (problems.length > 0) throw new ConfigError(action, problems);
  return settings;
}
