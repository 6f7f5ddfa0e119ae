// The options of `multiDatasetTrainer`, and the configuration of the loop that they make.

import type { BatchLoader } from '../../data/index.ts';
import { ConfigError } from '../../errors.ts';
import { choice, count, flag, optionProblems, type Rule, text } from '../../metrics/options.ts';
import type { Logger } from '../../tracking/logger.ts';
import type { GenericTrainerConfig, ResolvedConfig } from '../../trainer/config/types.generated.ts';
import type { Callback } from '../../trainer/loop/events.ts';
import type { TrainingRun } from '../../trainer/run/run.ts';
import { storedHparams } from '../model/hparams.ts';
import { TRAINING_RULES } from '../model/model-options.ts';
import { type ConfigureOptimizersOptions, MultiDatasetModel } from '../model/multi-dataset-model.ts';
import type { RatedDataset } from '../model/readout-bias.ts';

/** Where batches come from: a `MultiDatasetDM`, or anything like it. */
export interface MultiDatasetData {
  /** Names of the data sets, in the order of their numbers. */
  readonly names: readonly string[];
  /** What is trained on, by name: rates of units are read from it. */
  readonly trainDsets?: Readonly<Record<string, RatedDataset>>;
  /** Batches in an epoch at most. Default: all. */
  readonly stepsPerEpoch?: number;
  /** Reads what there is to read. Called before everything else; a second call does nothing. */
  setup?(): Promise<void>;
  /** Batches of `MultiDatasetModel.trainingStep`. */
  trainDataloader(): BatchLoader<unknown>;
  valDataloader(): BatchLoader<unknown>;
  readonly settings?: { readonly enableCurriculum?: boolean };
}

const PRECISIONS = {
  '32': 'float32',
  '32-true': 'float32',
  '16': 'fp16-mixed',
  '16-mixed': 'fp16-mixed',
  bf16: 'bf16-mixed',
  'bf16-mixed': 'bf16-mixed',
  '64': 'float64',
  '64-true': 'float64',
} as const;

/** Lightning's names: `bf16` is `bf16-mixed`. */
export type LightningPrecision = keyof typeof PRECISIONS;

export interface MultiDatasetTrainerOptions extends Omit<ConfigureOptimizersOptions, 'maxEpochs'> {
  readonly model: MultiDatasetModel;
  /** The data. */
  readonly dm: MultiDatasetData;
  /** Default 100. */
  readonly maxEpochs?: number;
  /** Batches in an epoch at most. Default: as `dm` says. */
  readonly stepsPerEpoch?: number;
  /** A share of the validation batches up to 1, or above 1 so many of them, the first ones. Default 1, all; VisionCore took a random 0.05. */
  readonly limitValBatches?: number;
  /** Gradients are scaled down to this joint norm; 0 leaves them as they are. Default 1. */
  readonly gradientClipVal?: number;
  /** Batches of which an optimizer's step is made. Default 1. */
  readonly accumulateGradBatches?: number;
  /** Default '32'. */
  readonly precision?: LightningPrecision;
  /** What ranks checkpoints and stops early. Default 'val_bps_overall'. */
  readonly monitor?: string;
  /** Default 'max'. */
  readonly monitorMode?: 'min' | 'max';
  /** Epochs without an improvement of `monitor` after which the run ends. Default: it does not. */
  readonly earlyStoppingPatience?: number;
  /** An improvement is more than this. Default 0. */
  readonly earlyStoppingMinDelta?: number;
  /** Begin with biases at which each unit's output is its mean rate. Default true. */
  readonly initReadoutBias?: boolean;
  /** Folder in which the run has a folder of its name, with its three best checkpoints and the last one. Default: none are written, but by `run`. */
  readonly checkpointDir?: string;
  /** Default 'multidataset'. */
  readonly experimentName?: string;
  /** Steps between two log points. Default 50. */
  readonly logEveryNSteps?: number;
  /** Of the default generators at the start. Default: they are not seeded. */
  readonly seed?: number;
  /** Beside those that the options ask for, and in place of those of the same name. */
  readonly callbacks?: readonly Callback[];
  readonly loggers?: readonly Logger[];
  /** The folder that the run writes to. */
  readonly run?: TrainingRun;
  /** What else the loop is to be told; over what the options make of it. */
  readonly config?: GenericTrainerConfig;
}

const above = (least: number): Rule => [
  `a number above ${least}`,
  (value) => typeof value === 'number' && Number.isFinite(value) && value > least,
];
const object: Rule = ['an object', (value) => typeof value === 'object' && value !== null];
const isData = (value: unknown): boolean =>
  typeof (value as Partial<MultiDatasetData> | null)?.trainDataloader === 'function' &&
  typeof (value as Partial<MultiDatasetData>).valDataloader === 'function';

/** Callbacks and loggers are checked by the trainer. */
const RULES: Readonly<Record<keyof MultiDatasetTrainerOptions, Rule>> = {
  ...TRAINING_RULES,
  model: ['a MultiDatasetModel', (value) => value instanceof MultiDatasetModel],
  dm: ['a MultiDatasetDM', isData],
  maxEpochs: count(),
  stepsPerEpoch: count(),
  limitValBatches: above(0),
  gradientClipVal: ['a number from 0 on', (value) => Number.isFinite(value) && Number(value) >= 0],
  accumulateGradBatches: count(),
  precision: choice(...Object.keys(PRECISIONS)),
  monitor: text,
  monitorMode: choice('min', 'max'),
  earlyStoppingPatience: count(),
  earlyStoppingMinDelta: ['a number from 0 on', (value) => typeof value === 'number' && value >= 0],
  initReadoutBias: flag,
  checkpointDir: text,
  experimentName: text,
  logEveryNSteps: count(),
  seed: count(0),
  ...{ callbacks: ['a list', Array.isArray] as const, loggers: ['a list', Array.isArray] as const },
  ...{ run: object, config: object },
};

/** @throws {ConfigError} that lists everything that is wrong. */
export function checkTrainerOptions(options: MultiDatasetTrainerOptions): void {
  const problems = optionProblems(options, RULES, ['model', 'dm']);
  if (options?.earlyStoppingMinDelta !== undefined && options.earlyStoppingPatience === undefined)
    problems.push('earlyStoppingMinDelta: expected earlyStoppingPatience beside it, got none');
  if (problems.length > 0) throw new ConfigError('make a trainer of many data sets', problems);
}

/** The configuration of the loop. @param stepsPerEpoch - as the options or the data say. */
export function loopConfig(
  options: MultiDatasetTrainerOptions,
  stepsPerEpoch: number | undefined,
): GenericTrainerConfig {
  const { model, checkpointDir, seed, config = {}, run } = options;
  const keepsCheckpoints = (checkpointDir ?? run ?? config.checkpoint?.rootDir) !== undefined;
  const { gradientClipVal = 1, accumulateGradBatches = 1, precision = '32', logEveryNSteps = 50 } = options;
  const { experimentName = 'multidataset' } = options;
  const own: GenericTrainerConfig = {
    ...{ experimentName, logEveryNSteps },
    ...(seed === undefined ? {} : { seed }),
    trainLoaderConfig: stepsPerEpoch === undefined ? {} : { maxBatchesPerEpoch: stepsPerEpoch },
    performance: {
      gradientAccumulationSteps: accumulateGradBatches,
      ...(gradientClipVal > 0 && { clipGradNorm: gradientClipVal }),
      precision: PRECISIONS[precision],
    },
    validation: { perLoaderMetrics: false },
    logging: { logPerLoaderMetrics: false },
    // A batch need not have samples of every data set, whose readouts are left out then.
    ddp: { findUnusedParameters: true },
    ...(keepsCheckpoints && { checkpoint: checkpointSection(options) }),
    experimentConfig: { multidataset: storedHparams(model.hparams) },
  };
  return merged(own, config);
}

function checkpointSection(options: MultiDatasetTrainerOptions): NonNullable<GenericTrainerConfig['checkpoint']> {
  const { monitor = 'val_bps_overall', monitorMode = 'max', checkpointDir } = options;
  return {
    ...(checkpointDir === undefined ? {} : { rootDir: checkpointDir }),
    ...{ monitorMetric: monitor, monitorMode, keepTopK: 3, maxCheckpoints: 1 },
    filenameTemplate: `epoch={epoch:02d}-${monitor}={${monitor}:.4f}-step={step:06d}.ckpt`,
  };
}

/** Sections of the one with entries of the other over theirs. */
function merged(own: GenericTrainerConfig, over: GenericTrainerConfig): GenericTrainerConfig {
  const isSection = (value: unknown): value is object =>
    typeof value === 'object' && value !== null && !Array.isArray(value);
  const entries = Object.entries(over).map(([key, value]: [string, unknown]) => {
    const below = own[key as keyof ResolvedConfig];
    return [key, isSection(below) && isSection(value) ? { ...below, ...value } : value] as const;
  });
  return { ...own, ...Object.fromEntries(entries) };
}
