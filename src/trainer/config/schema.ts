// The schema of a run's configuration: defaults and validation from one place; its types are in `types.ts`. Every field does what it says.

import { z } from 'zod';
import { checkSchedule, type ScheduleConfig } from '../../data/multi-loader/schedule-config.ts';
import { OptionProblems } from '../../data/option-problems.ts';
import { isMixed, PRECISION_MODES, type PrecisionMode } from '../loop/precision.ts';
import { describeIssues, wanted } from './problems.ts';
import type { GenericTrainerConfig, ResolvedConfig } from './types.ts';

const count = z.int(wanted('an integer above 0')).positive(wanted('an integer above 0'));
const index = z.int(wanted('an integer from 0 on')).nonnegative(wanted('an integer from 0 on'));
const positive = z.number(wanted('a number above 0')).positive(wanted('a number above 0'));
const text = z.string(wanted('a text')).min(1, wanted('a text that is not empty'));
const flag = z.boolean(wanted('true or false'));
const oneOf = <const T extends readonly string[]>(...values: T) =>
  z.enum(values, wanted(`one of ${values.join(', ')}`));
const listOf = <T extends z.ZodType>(element: T, what: string) =>
  z.array(element, wanted(`a list of ${what}`)).readonly();

const weightPoint = z.strictObject(
  { batch: index, weights: listOf(z.number(wanted('a number')), 'numbers, one a loader') },
  wanted('a { batch, weights }'),
);

const weightSchedule = z.strictObject(
  {
    points: listOf(weightPoint, '{ batch, weights }'),
    interpolation: oneOf('linear', 'cosine', 'step').optional(),
  },
  wanted('an object with points'),
);

const lossMix = z.strictObject(
  {
    temperature: positive.optional(),
    smoothing: z.number(wanted('a number from 0 on and below 1')).optional(),
    floor: z.number(wanted('a number from 0 to 1')).optional(),
  },
  wanted('an object'),
);

const multiLoader = z.strictObject(
  {
    samplingStrategy: oneOf('sequential', 'round_robin', 'weighted', 'alternating').default('round_robin'),
    dataloaderWeights: listOf(positive, 'numbers above 0').optional(),
    temperature: positive.optional(),
    datasetSizes: listOf(positive, 'numbers above 0').optional(),
    weightSchedule: weightSchedule.optional(),
    lossMix: lossMix.optional(),
    alternatingPattern: listOf(index, 'loader numbers').optional(),
    dataloaderNames: listOf(text, 'names').optional(),
    epochLengthPolicy: oneOf('sum_of_lengths', 'max_of_lengths', 'min_of_lengths', 'fixed_num_steps').default(
      'sum_of_lengths',
    ),
    stepsPerEpoch: count.optional(),
    cycleShortLoaders: flag.default(true),
    burstSize: count.default(1),
    maxBatchesPerEpoch: count.optional(),
    prefetchCapTotalBatches: count.optional(),
  },
  wanted('an object'),
);

const checkpoint = z.strictObject(
  {
    rootDir: text.optional(),
    saveEveryNSteps: count.optional(),
    saveEveryNEpochs: count.default(1),
    maxCheckpoints: count.default(5),
    monitorMetric: text.optional(),
    monitorMode: oneOf('min', 'max').default('min'),
  },
  wanted('an object'),
);

const performance = z.strictObject(
  {
    gradientAccumulationSteps: count.default(1),
    useAmp: flag.default(false),
    precision: oneOf(...PRECISION_MODES).optional(),
    channelsLast: flag.default(false),
    clipGradNorm: positive.optional(),
    clipGradValue: positive.optional(),
  },
  wanted('an object'),
);

export const configSchema = z.strictObject(
  {
    experimentName: text.default('experiment'),
    seed: z.int(wanted('an integer')).optional(),
    trainLoaderConfig: multiLoader.prefault({}),
    checkpoint: checkpoint.prefault({}),
    performance: performance.prefault({}),
    lossWeightsPerLoader: listOf(positive, 'numbers above 0').optional(),
    perLoaderOptimizerId: listOf(index, 'optimizer numbers').optional(),
    logEveryNSteps: count.default(50),
    validateEveryNEpochs: count.default(1),
  },
  wanted('an object'),
);

/** By path, without the places in lists. */
const SECTIONS: Readonly<Record<string, { readonly shape: object }>> = {
  '': configSchema,
  trainLoaderConfig: multiLoader,
  'trainLoaderConfig.weightSchedule': weightSchedule,
  'trainLoaderConfig.weightSchedule.points': weightPoint,
  'trainLoaderConfig.lossMix': lossMix,
  checkpoint,
  performance,
};

/** What a configuration says, or what is wrong with it. */
export interface ConfigReading {
  /** Undefined where there are problems. */
  readonly config: ResolvedConfig | undefined;
  /** One line for every field that is wrong, unknown, or would not be used by what is chosen beside it. */
  readonly problems: readonly string[];
  /** What is right and changes nothing. */
  readonly warnings: readonly string[];
}

/** Checks a configuration and fills in defaults. What depends on the loaders is checked again when they are known. */
export function readConfig(given: GenericTrainerConfig): ConfigReading {
  const parsed = configSchema.safeParse(given);
  if (!parsed.success) {
    const problems = describeIssues(parsed.error.issues, given, (path) =>
      Object.keys(SECTIONS[path.replace(/\.\d+/g, '')]!.shape),
    );
    return { config: undefined, problems, warnings: [] };
  }
  const config = parsed.data;
  const { dataloaderNames: names, dataloaderWeights, datasetSizes, weightSchedule } = config.trainLoaderConfig;
  const { alternatingPattern: pattern } = config.trainLoaderConfig;
  const weights = dataloaderWeights ?? datasetSizes ?? weightSchedule?.points[0]?.weights;
  // Without loaders, their number is taken from the first list that has one entry a loader.
  const numLoaders =
    [names, config.lossWeightsPerLoader, config.perLoaderOptimizerId, weights].find((list) => list !== undefined)
      ?.length ?? Math.max(0, ...(pattern ?? [])) + 1;
  const problems = loaderProblems(config, numLoaders);
  const { useAmp, precision } = given.performance ?? {};
  if (useAmp !== undefined && precision !== undefined && useAmp !== isMixed(precision))
    problems.push(
      `performance.useAmp: expected nothing, or ${!useAmp} beside precision "${precision}", got ${useAmp}; precision alone says it`,
    );
  const warnings: string[] = [];
  if (given.checkpoint?.monitorMode !== undefined && config.checkpoint.monitorMetric === undefined)
    warnings.push('checkpoint.monitorMode changes nothing without checkpoint.monitorMetric');
  return { config: problems.length > 0 ? undefined : config, problems, warnings };
}

/** The precision mode that a configuration asks for. */
export function precisionModeOf({ precision, useAmp }: ResolvedConfig['performance']): PrecisionMode {
  return precision ?? (useAmp ? 'bf16-mixed' : 'float32');
}

/** What of a configuration does not fit `numLoaders` training loaders. */
export function loaderProblems(config: ResolvedConfig, numLoaders: number): string[] {
  const names = config.trainLoaderConfig.dataloaderNames;
  const counted = {
    'trainLoaderConfig.dataloaderNames': names,
    lossWeightsPerLoader: config.lossWeightsPerLoader,
    perLoaderOptimizerId: config.perLoaderOptimizerId,
  };
  const problems = Object.entries(counted)
    .filter(([, list]) => list !== undefined && list.length !== numLoaders)
    .map(([path, list]) => `${path}: expected one entry a loader, ${numLoaders}, got ${list!.length}`);
  const twice = names?.find((name, i) => names.indexOf(name) !== i);
  if (twice !== undefined)
    problems.push(`trainLoaderConfig.dataloaderNames: expected names that differ, got "${twice}" twice`);
  if (config.trainLoaderConfig.maxBatchesPerEpoch && config.trainLoaderConfig.prefetchCapTotalBatches)
    problems.push(
      `trainLoaderConfig.prefetchCapTotalBatches: expected none beside maxBatchesPerEpoch, which is the same, got ${config.trainLoaderConfig.prefetchCapTotalBatches}`,
    );
  const schedule = new OptionProblems();
  checkSchedule(scheduleOf(config), numLoaders, schedule);
  return [...problems, ...schedule.lines.map(asConfigured)];
}

/** The schedule that a configuration asks for. */
export function scheduleOf({ trainLoaderConfig: config }: ResolvedConfig): ScheduleConfig {
  return {
    strategy: config.samplingStrategy,
    epochLength: config.epochLengthPolicy,
    stepsPerEpoch: config.stepsPerEpoch,
    weights: config.dataloaderWeights,
    temperature: config.temperature,
    sizes: config.datasetSizes,
    weightSchedule: config.weightSchedule,
    lossMix: config.lossMix,
    pattern: config.alternatingPattern,
    burstSize: config.burstSize,
  };
}

const PATHS: Readonly<Record<string, string>> = {
  strategy: 'samplingStrategy',
  epochLength: 'epochLengthPolicy',
  weights: 'dataloaderWeights',
  sizes: 'datasetSizes',
  pattern: 'alternatingPattern',
};

/** A schedule's problem under the configuration's names. */
function asConfigured(problem: string): string {
  return problem
    .replace(/^\w+/, (option) => `trainLoaderConfig.${PATHS[option] ?? option}`)
    .replace(/(?<=expected none beside )\w+/, (option) => PATHS[option] ?? option);
}
