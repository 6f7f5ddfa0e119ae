// The schema of a run's configuration: fields, defaults and validation from one place; its types are in `types.generated.ts`. Every field does what it says.

import { z } from 'zod';
import type { PrecisionMode } from '../loop/precision.ts';
import { crossFieldProblems, crossFieldWarnings } from './cross-field.ts';
import {
  count,
  duration,
  flag,
  folderName,
  fromZero,
  index,
  listOf,
  oneOf,
  positive,
  record,
  section,
  text,
} from './fields.ts';
import { loaderProblems } from './loader-problems.ts';
import { multiLoader, valLoaders } from './loader-schema.ts';
import { logging } from './logging-schema.ts';
import { isBeside, withoutMisfits } from './misfits.ts';
import { describeIssues, wanted } from './problems.ts';
import { keysAt } from './schema-keys.ts';
import * as sections from './section-schemas.ts';
import type { GenericTrainerConfig, ResolvedConfig } from './types.generated.ts';

const SEED = 'an integer from 0 to 4294967295';

export const configSchema = section({
  experimentName: folderName.default('experiment').describe('Name of the run, and of its folder of checkpoints'),
  seed: z
    .int(wanted(SEED))
    .min(0, wanted(SEED))
    .max(2 ** 32 - 1, wanted(SEED))
    .optional()
    .describe('Seeds the default generators at the start of `fit`, unless the run is resumed'),
  trainLoaderConfig: multiLoader.prefault({}).describe('How several training loaders take turns'),
  valLoaderConfig: valLoaders.prefault({}).describe('The validation loaders'),
  checkpoint: sections.checkpoint.prefault({}).describe('When a run saves, and what it keeps'),
  preemption: sections.preemption.prefault({}).describe('How a run ends on a signal, and how it comes back'),
  performance: sections.performance.prefault({}).describe('How steps are computed'),
  validation: sections.validation.prefault({}).describe('When and how a run validates'),
  faultTolerance: sections.faultTolerance.prefault({}).describe('What checkpoints hold of the data'),
  ddp: sections.ddp.prefault({}).describe('How several processes train together; without effect in one'),
  logging: logging.prefault({}).describe('What a run writes down, and where'),
  hooks: sections.hooks.prefault({}).describe('Callbacks that come with the trainer'),
  warmStart: sections.warmStart.prefault({}).describe('Weights to begin with'),
  averaging: sections.averaging.optional().describe('Averages of the weights over the training. Default: none'),
  lossWeightsPerLoader: listOf(positive, 'numbers above 0')
    .optional()
    .describe("Factor on each loader's loss, before backward"),
  perLoaderOptimizerId: listOf(index, 'optimizer numbers').optional().describe('The optimizer of each loader'),
  freeze: listOf(text, 'patterns of parameter names')
    .optional()
    .describe("Parameters that are not trained, by name; `*` stands for anything, as in 'encoder.*'"),
  logEveryNSteps: count.default(50).describe('Optimizer steps between two log points'),
  logLossEveryNSteps: count.optional().describe('The same as `logEveryNSteps`'),
  validateEveryNEpochs: count.default(1).describe('Epochs between two validations'),
  maxSteps: count.optional().describe('The run is over after so many optimizer steps. Default: no limit'),
  maxTime: duration
    .optional()
    .describe(
      "The run is over after so many seconds, those before a resume included; or a text as '1h30m'. Default: no limit",
    ),
  earlyStoppingPatience: count
    .optional()
    .describe('The run is over after so many measurements without improvement. Default: never'),
  earlyStoppingMetric: text
    .default('val/loss')
    .describe('The metric that has to improve, in any spelling that `checkpoint.monitorMetric` takes'),
  earlyStoppingMode: oneOf('min', 'max').default('min').describe('Whether less or more is better'),
  earlyStoppingMinDelta: fromZero.default(0).describe('An improvement is more than this'),
  nonFinite: oneOf('error', 'skip', 'warn')
    .default('error')
    .describe('What a loss that is not finite does: end the run, leave out the update, or warn'),
  fastDevRun: z
    .union([flag, count], wanted('true, false, or a number of batches'))
    .default(false)
    .describe('A trial of everything: one epoch of one batch (true) or of so many, validation too; nothing is saved'),
  dryRun: flag.default(false).describe('The same as `fastDevRun: true`'),
  overfitBatches: count
    .optional()
    .describe('Train and validate on the first so many batches alone, the same in every epoch. Default: on all'),
  detectAnomaly: flag
    .default(false)
    .describe('Whether backward says which operator made the first value that is not a number; slow'),
  debugMode: flag.default(false).describe('The same as `detectAnomaly`'),
  profileTraining: flag.default(true).describe('Whether the parts of steps are timed, as `profile/…`'),
  experimentConfig: record.optional().describe('Plain values of yours that checkpoints keep under `hyper_parameters`'),
}).describe('The configuration of a run');

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
  const issues = parsed.error?.issues ?? [];
  // What is wrong is left out for the checks between fields, so that one reading tells all.
  const fitting = parsed.success ? given : withoutMisfits(given, configSchema);
  const config = parsed.data ?? configSchema.parse(fitting);
  const problems = [
    ...describeIssues(issues, given, (path) => keysAt(configSchema, path)),
    ...[...loaderProblems(config, numLoadersOf(config)), ...crossFieldProblems(fitting)].filter(isBeside(issues)),
  ];
  if (problems.length > 0) return { config: undefined, problems, warnings: [] };
  foldNames(config, given);
  return { config, problems, warnings: crossFieldWarnings(given) };
}

/** Fields that are another name of one take its place, so that the parts read one alone. */
function foldNames(config: ResolvedConfig, given: GenericTrainerConfig): void {
  config.logEveryNSteps =
    given.logEveryNSteps ?? given.logLossEveryNSteps ?? given.logging?.logScalarsEveryNSteps ?? config.logEveryNSteps;
  if (config.dryRun) config.fastDevRun = true;
  if (config.debugMode) config.detectAnomaly = true;
  if (config.preemption.signal !== undefined) config.preemption.signals = [config.preemption.signal];
}

/** Without loaders, their number is taken from the first list that has one entry a loader. */
function numLoadersOf(config: ResolvedConfig): number {
  const { dataloaderNames, dataloaderWeights, datasetSizes, weightSchedule } = config.trainLoaderConfig;
  const weights = dataloaderWeights ?? datasetSizes ?? weightSchedule?.points[0]?.weights;
  const lists = [dataloaderNames, config.lossWeightsPerLoader, config.perLoaderOptimizerId, weights];
  const pattern = config.trainLoaderConfig.alternatingPattern ?? [];
  return lists.find((list) => list !== undefined)?.length ?? Math.max(0, ...pattern) + 1;
}

/** The precision mode that a configuration asks for. */
export function precisionModeOf({ precision, useAmp }: ResolvedConfig['performance']): PrecisionMode {
  return precision ?? (useAmp ? 'bf16-mixed' : 'float32');
}
