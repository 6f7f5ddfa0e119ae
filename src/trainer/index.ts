// The public names of `sconce/trainer`.

export { EpochLengthPolicy, SamplingStrategy } from '../data/index.ts';
export type { Metric } from '../metrics/metric.ts';
export { Checkpointing, type CheckpointingOptions } from './callbacks/checkpointing.ts';
export { CurriculumCallback, type CurriculumCallbackOptions, type StepFollower } from './callbacks/curriculum.ts';
export { EarlyStopping, type EarlyStoppingOptions } from './callbacks/early-stopping.ts';
export { EMA, type EMACallbackOptions } from './callbacks/ema.ts';
export { Freezing, type FreezingOptions, type Unfreezing } from './callbacks/freezing.ts';
export { EpochHeartbeat, type EpochHeartbeatOptions, Heartbeat, type HeartbeatOptions } from './callbacks/heartbeat.ts';
export { LearningRateMonitor, type LearningRateMonitorOptions } from './callbacks/learning-rate-monitor.ts';
export { LoggingCallback, type LoggingCallbackOptions } from './callbacks/logging.ts';
export { ModelSummary, type ModelSummaryOptions, summarizeModel } from './callbacks/model-summary.ts';
export type { PredictionColumns } from './callbacks/prediction-rows.ts';
export { PredictionWriter, type PredictionWriterOptions } from './callbacks/prediction-writer.ts';
export { ProfilingCallback, type ProfilingCallbackOptions, type ProfilingMetrics } from './callbacks/profiling.ts';
export { ProgressCallback, type ProgressCallbackOptions } from './callbacks/progress.ts';
export { SWA, type SWACallbackOptions } from './callbacks/swa.ts';
export type { SwaRateOptions } from './callbacks/swa-rates.ts';
export { TimeBudget, type TimeBudgetOptions } from './callbacks/time-budget.ts';
export { profile, TraceCallback, type TraceOptions } from './callbacks/trace.ts';
export {
  type BatchStatisticsOptions,
  WeightAveraging,
  type WeightAveragingOptions,
} from './callbacks/weight-averaging.ts';
export {
  CheckpointManager,
  type CheckpointOptions,
  type CommittedCheckpoint,
  type ResumedCheckpoint,
  type SaveMoment,
} from './checkpoint/checkpoint-manager.ts';
export { CHECKPOINT_KEYS, type Checkpoint } from './checkpoint/format.ts';
export { type RestoreOptions, type Stateful, StateRegistry } from './checkpoint/state.ts';
export { type WarmStartOptions, type WarmStartReport, type WeightsLoader, warmStart } from './checkpoint/warm-start.ts';
export type {
  AveragingConfig,
  CheckpointConfig,
  EarlyStoppingConfig,
  FaultToleranceConfig,
  HooksConfig,
  LearningRateMonitorConfig,
  LoggingConfig,
  LossMixConfig,
  ModelCheckpointConfig,
  MultiLoaderConfig,
  PerformanceConfig,
  PreemptionConfig,
  ResolvedConfig,
  ValidationConfig,
  ValLoaderConfig,
  WarmStartConfig,
  WeightScheduleConfig,
} from './config/types.generated.ts';
export type { EvaluationOptions, MeasureOptions, PredictOptions } from './evaluation-options.ts';
export {
  type ConfigSummary,
  GenericTrainerConfig,
  MultiDataLoaderConfig,
} from './faces/config-classes.ts';
export { HookManager } from './faces/hook-manager.ts';
export { type BestMetricOptions, type EpochSummary, MetricsManager } from './faces/metrics-manager.ts';
export type {
  CheckpointFacts,
  FileFacts,
  LoadCheckpointOptions,
  LoadedCheckpoint,
  SaveCheckpointOptions,
} from './faces/own-checkpoints.ts';
export { Callback, type Logs, type PositionalCallback, type TrainEndLogs } from './faces/positional-callback.ts';
export { type TrainerCallback, TrainerCallbacks } from './faces/trainer-callbacks.ts';
export { type HookMetrics, TrainerHooks } from './faces/trainer-hooks.ts';
export type { TrainerFitOptions, TrainerMetric, TrainerOptions } from './faces/trainer-options.ts';
export type { PerformanceSummary, ResumeState, TrainingState } from './faces/trainer-surface.ts';
export {
  type FitOptions,
  GenericTrainer,
  type GenericTrainerOptions,
  type TrainerParts,
  type UserStep,
  type WarmStartLoader,
} from './generic-trainer.ts';
export { RunFolderStream, type RunFolderStreamOptions } from './logging/run-folder-stream.ts';
export type { Clocks } from './loop/clocks.ts';
export { DataHandler } from './loop/data-handler.ts';
export { type EvaluateOptions, type EvaluationResult, Evaluator, type EvaluatorOptions } from './loop/evaluator.ts';
export { CallbackList, eventNames, orderCallbacks } from './loop/events.ts';
export { TrainingLoop } from './loop/loop.ts';
export type { LoopContext, Phase } from './loop/loop-context.ts';
export type { EpochRecord, LoggingPlan, LoopDurations, LoopOptions } from './loop/loop-options.ts';
export type { NonFinitePolicy } from './loop/non-finite.ts';
export type { PrecisionMode } from './loop/precision.ts';
export type { SchedulerEntry } from './loop/scheduler-entry.ts';
export type { StepOutput, TrainingOutput } from './loop/step.ts';
export type { Aggregation, LoaderMean } from './metrics/aggregation.ts';
export type { MetricNaming } from './metrics/metric-names.ts';
export { MetricsCollector } from './metrics/metrics-collector.ts';
export { WeightedValue, weighted } from './metrics/weighted-value.ts';
export { DeviceStatsMonitor, type DeviceStatsMonitorOptions } from './monitors/device-stats-monitor.ts';
export { DiagnosisCallback, type DiagnosisCallbackOptions } from './monitors/diagnosis-callback.ts';
export { GradientMonitor, type GradientMonitorOptions } from './monitors/gradient-monitor.ts';
export { type HistogramOptions, histogramOf, histogramsOf } from './monitors/histogram.ts';
export type { GroupBy, ParameterChoice } from './monitors/parameter-groups.ts';
export { ParameterMonitor, type ParameterMonitorOptions } from './monitors/parameter-monitor.ts';
export { measurePeakFlops } from './monitors/peak-flops.ts';
export { ThroughputMonitor, type ThroughputMonitorOptions } from './monitors/throughput-monitor.ts';
export type { OptimizerConfig, OptimizerGroupConfig, OptionValue } from './optimization/optimizer-config.ts';
export { optimizerFromConfig } from './optimization/optimizer-from-config.ts';
export type { SchedulerConfig } from './optimization/scheduler-config.ts';
export { type RunLength, schedulerFromConfig } from './optimization/scheduler-from-config.ts';
export { libraryParts } from './parts/library.ts';
export { datasetOf, type NamedModule } from './parts/loaders.ts';
export type { LossPart, PartContexts, PartKind, PartResults, StepPart } from './parts/part-kinds.ts';
export type { OptionSpec, OptionsOf, PartProblem } from './parts/part-options.ts';
export {
  defineParts,
  type Part,
  type PartBuilder,
  type PartSpec,
  type Parts,
  part,
  Registry,
} from './parts/registry.ts';
export { Ranks } from './ranks/ranks.ts';
export { defineExperiment, type Experiment, type ExperimentOptions } from './run/experiment.ts';
export { type RunReport, TrainingRun, type TrainingRunOptions } from './run/run.ts';
export { type EpochMetrics, Trainer } from './trainer.ts';
export type { BatchSizeOptions, BatchSizeTrial, FoundBatchSize } from './tuning/batch-size.ts';
export type { FoundLearningRate, LearningRateOptions } from './tuning/learning-rate.ts';
