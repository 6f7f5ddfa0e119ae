// What a configuration looks like, for those who write one. Its schema, defaults and checks are in `schema.ts`, and a test holds the two equal.
// Written out, not derived from the schema: declarations that name a package need that package's types, and those of zod need Node's (docs/decisions/0006).

import type { PrecisionMode } from '../loop/precision.ts';

/** Shares of loaders that change over the training. */
export interface WeightScheduleConfig {
  /** By rising `batch`, the number of batches before it over all epochs. */
  points: readonly { batch: number; weights: readonly number[] }[];
  /** From one point to the next, default 'linear'. */
  interpolation?: 'linear' | 'cosine' | 'step' | undefined;
}

/** How strongly shares follow the losses of validation; formula at `LossMixOptions`. */
export interface LossMixConfig {
  /** Smaller reacts more strongly, default 0.1. */
  temperature?: number | undefined;
  /** How much of the losses before is kept in the smoothed one, in [0, 1); default 0.5. */
  smoothing?: number | undefined;
  /** The part of its original share that every loader keeps, in [0, 1]; default 0.1. */
  floor?: number | undefined;
}

/** How several training loaders take turns. */
export interface MultiLoaderConfig {
  /** Who plays next, default 'round_robin'. */
  samplingStrategy?: 'sequential' | 'round_robin' | 'weighted' | 'alternating' | undefined;
  /** Strategy 'weighted': one number above 0 a loader. */
  dataloaderWeights?: readonly number[] | undefined;
  /** Strategy 'weighted', in place of weights: shares proportional to size^(1 / temperature); 1 is proportional, a greater one gives more to small loaders. */
  temperature?: number | undefined;
  /** The sizes that `temperature` goes by. Default: the loaders' batches an epoch. */
  datasetSizes?: readonly number[] | undefined;
  /** Strategy 'weighted', in place of weights: shares that change over the training. */
  weightSchedule?: WeightScheduleConfig | undefined;
  /** Strategy 'weighted': more turns for loaders whose validation loss falls slowest. Needs a validation loader for each training loader, in their order. */
  lossMix?: LossMixConfig | undefined;
  /** Strategy 'alternating': loader numbers, repeated. */
  alternatingPattern?: readonly number[] | undefined;
  /** Default dl0, dl1, … */
  dataloaderNames?: readonly string[] | undefined;
  /** How many batches an epoch has, default 'sum_of_lengths'. */
  epochLengthPolicy?: 'sum_of_lengths' | 'max_of_lengths' | 'min_of_lengths' | 'fixed_num_steps' | undefined;
  /** Policy 'fixed_num_steps': batches in an epoch. */
  stepsPerEpoch?: number | undefined;
  /** A loader that is through plays again, default true. */
  cycleShortLoaders?: boolean | undefined;
  /** Batches in a row from one loader, default 1; not for 'sequential'. */
  burstSize?: number | undefined;
  /** An epoch ends after so many batches at most. */
  maxBatchesPerEpoch?: number | undefined;
  /** The same by the name that model-training-framework gives it, though it is not about fetching ahead. */
  prefetchCapTotalBatches?: number | undefined;
}

/** When a run saves, and what it keeps. */
export interface CheckpointConfig {
  /** Folder of the checkpoints of all experiments; a run that has a folder of its own keeps them there. Default: none are written. */
  rootDir?: string | undefined;
  saveEveryNSteps?: number | undefined;
  /** Default 1. */
  saveEveryNEpochs?: number | undefined;
  /** Newest files that stay, beside the best; default 5. */
  maxCheckpoints?: number | undefined;
  /** As in 'val/loss', or in the spelling `val_loss`. */
  monitorMetric?: string | undefined;
  /** Whether less or more of the monitored metric is better, default 'min'. */
  monitorMode?: 'min' | 'max' | undefined;
}

/** How steps are computed. */
export interface PerformanceConfig {
  /** Micro-batches in an optimizer's window, default 1. */
  gradientAccumulationSteps?: number | undefined;
  /** True is precision 'bf16-mixed', default false. */
  useAmp?: boolean | undefined;
  /** In which dtypes weights are kept and operators run, default 'float32': as the model is. */
  precision?: PrecisionMode | undefined;
  /** Keep the weights of convolutions and floating batches of four dimensions in channels-last order, in which convolutions are faster on GPUs with
   *  half precision and often on CPUs; default false. */
  channelsLast?: boolean | undefined;
  /** The joint norm of an optimizer's gradients is scaled down to this. */
  clipGradNorm?: number | undefined;
  clipGradValue?: number | undefined;
}

/** A configuration as it is written: everything may be left out. */
export interface GenericTrainerConfig {
  /** Default 'experiment'. */
  experimentName?: string | undefined;
  /** Seeds the default generators at the start of `fit`, unless the run is resumed. */
  seed?: number | undefined;
  trainLoaderConfig?: MultiLoaderConfig | undefined;
  checkpoint?: CheckpointConfig | undefined;
  performance?: PerformanceConfig | undefined;
  /** Factor on each loader's loss, before backward. */
  lossWeightsPerLoader?: readonly number[] | undefined;
  /** The optimizer of each loader. */
  perLoaderOptimizerId?: readonly number[] | undefined;
  /** Optimizer steps between two log points, default 50. */
  logEveryNSteps?: number | undefined;
  /** Default 1. */
  validateEveryNEpochs?: number | undefined;
}

/** `T` with a value in every field but those of `Open`, which have no default. */
type WithDefaults<T, Open extends keyof T> = { [K in Exclude<keyof T, Open>]-?: Exclude<T[K], undefined> } & Pick<
  T,
  Open
>;

/** A configuration with its defaults. */
export interface ResolvedConfig
  extends WithDefaults<
    Omit<GenericTrainerConfig, 'trainLoaderConfig' | 'checkpoint' | 'performance'>,
    'seed' | 'lossWeightsPerLoader' | 'perLoaderOptimizerId'
  > {
  trainLoaderConfig: WithDefaults<
    MultiLoaderConfig,
    | 'dataloaderWeights'
    | 'temperature'
    | 'datasetSizes'
    | 'weightSchedule'
    | 'lossMix'
    | 'alternatingPattern'
    | 'dataloaderNames'
    | 'stepsPerEpoch'
    | 'maxBatchesPerEpoch'
    | 'prefetchCapTotalBatches'
  >;
  checkpoint: WithDefaults<CheckpointConfig, 'rootDir' | 'saveEveryNSteps' | 'monitorMetric'>;
  performance: WithDefaults<PerformanceConfig, 'precision' | 'clipGradNorm' | 'clipGradValue'>;
}
