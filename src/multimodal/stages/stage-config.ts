// What a stage of a training says: as it is given, and with every default filled in.

/** A loss by name, as `createLossFunction` knows it. */
export interface LossConfig {
  readonly name: string;
  /** Factor on it in the stage's loss. */
  readonly weight: number;
  /** Its options, in either spelling. */
  readonly params: Readonly<Record<string, unknown>>;
}

export interface StageOptimizerConfig {
  /** A type that `optimizerFromConfig` of sconce/trainer knows; `betas` and `eps` are for those that have them. Default 'adamw'. */
  readonly name: string;
  /** Default 1e-4. */
  readonly lr: number;
  /** Default 0.01. */
  readonly weightDecay: number;
  /** Default [0.9, 0.999]. */
  readonly betas: readonly [number, number];
  /** Default 1e-8. */
  readonly eps: number;
}

export interface StageSchedulerConfig {
  /** `warmup_cosine` (the default), `linear_warmup` (a line up, a line down), `cosine` (without warm-up) or `constant`; over the stage's steps. */
  readonly name: 'warmup_cosine' | 'linear_warmup' | 'cosine' | 'constant';
  /** Steps of the warm-up at most. Default 500. */
  readonly warmupSteps: number;
  /** Share of the stage's steps that the warm-up takes at most. Default 0.1. */
  readonly warmupRatio: number;
  /** Where the rates end, as a share of each group's. Default 0. */
  readonly minLrRatio: number;
}

/** A part of the model by its name, as in 'vision_model'. */
export interface ComponentConfig {
  readonly name: string;
  /** Default false: it is trained, whatever the strategy froze. */
  readonly freeze: boolean;
  /** Factor on the optimizer's `lr`. Default 1. */
  readonly lrMultiplier: number;
}

/** Which of the strategies a stage has. */
export type StrategyName = 'single_modality' | 'cross_modal' | 'end_to_end';

/** A stage with every default filled in. */
export interface StageConfig {
  /** Names its folder, too. */
  readonly name: string;
  /** Default: by the stage's name, `modality_specific_learning`, `cross_modal_fusion` or `end_to_end_fine_tuning`; else 'end_to_end'. */
  readonly strategy?: StrategyName | undefined;
  /** Further options of the strategy. */
  readonly strategyParams: Readonly<Record<string, unknown>>;
  /** Default: that of the strategy. */
  readonly losses: readonly LossConfig[];
  /** Default 10. */
  readonly epochs: number;
  /** Default 32. */
  readonly batchSize: number;
  readonly optimizer: StageOptimizerConfig;
  readonly scheduler: StageSchedulerConfig;
  readonly components: readonly ComponentConfig[];
  /** Whether the stage ends when its metric has not become better for `patience` epochs. Default true. */
  readonly earlyStopping: boolean;
  /** Default 5. */
  readonly patience: number;
  /** What stands in the stage's result of the validation with its best weights. Default ['val_loss']. */
  readonly evaluationMetrics: readonly string[];
  /** By which the best weights are chosen. Default 'val_loss'. */
  readonly monitorMetric: string;
  /** Default 'min'. */
  readonly monitorMode: 'min' | 'max';
  /** The greatest joint norm of gradients; null for no clipping. Default 1. */
  readonly clipGradNorm: number | null;
  /** Default true: operators that gain from it run in bfloat16 on a GPU. On the CPU it changes nothing. */
  readonly mixedPrecision: boolean;
  /** Default 1. */
  readonly gradientAccumulationSteps: number;
}

type Input<T> = { readonly [K in keyof T]?: T[K] | undefined };
type Named<T extends { name: string }> = Input<T> & { readonly name: string };

/** A stage as it is given: what is left out has its default. */
export type StageConfigInput = Omit<
  Input<StageConfig>,
  'name' | 'losses' | 'optimizer' | 'scheduler' | 'components'
> & {
  readonly name: string;
  readonly losses?: readonly Named<LossConfig>[] | undefined;
  readonly optimizer?: Input<StageOptimizerConfig> | undefined;
  readonly scheduler?: Input<StageSchedulerConfig> | undefined;
  readonly components?: readonly Named<ComponentConfig>[] | undefined;
};

/** A training as it is given. */
export interface TrainingConfigInput {
  readonly projectName?: string | undefined;
  readonly outputDir?: string | undefined;
  readonly seed?: number | undefined;
  readonly stages?: readonly StageConfigInput[] | undefined;
  readonly dataConfig?: Readonly<Record<string, unknown>> | undefined;
  readonly modelConfig?: Readonly<Record<string, unknown>> | undefined;
}
