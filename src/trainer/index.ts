// The public names of `sconce/trainer`.

export { ProgressCallback, type ProgressCallbackOptions } from './callbacks/progress.ts';
export { CHECKPOINT_KEYS, type Checkpoint } from './checkpoint/format.ts';
export {
  CheckpointManager,
  type CheckpointOptions,
  type ResumedCheckpoint,
  type SaveMoment,
} from './checkpoint-manager.ts';
export type { Clocks } from './clocks.ts';
export type {
  CheckpointConfig,
  GenericTrainerConfig,
  LossMixConfig,
  MultiLoaderConfig,
  PerformanceConfig,
  ResolvedConfig,
  WeightScheduleConfig,
} from './config-types.ts';
export { DataHandler } from './data-handler.ts';
export { type EvaluationResult, Evaluator, type EvaluatorOptions } from './evaluator.ts';
export { type Callback, CallbackList, eventNames, orderCallbacks } from './events.ts';
export { defineExperiment, type Experiment, type ExperimentOptions } from './experiment.ts';
export {
  type FitOptions,
  GenericTrainer,
  type GenericTrainerOptions,
  type UserStep,
} from './generic-trainer.ts';
export { TrainingLoop } from './loop.ts';
export type { LoopContext } from './loop-context.ts';
export type { EpochRecord, LoopDurations, LoopOptions } from './loop-options.ts';
export type { Metric } from './metrics/metric.ts';
export { RetrievalRecall, type RetrievalRecallOptions } from './metrics/retrieval-recall.ts';
export { MetricsCollector } from './metrics-collector.ts';
export type { PrecisionMode } from './precision.ts';
export { type RunReport, TrainingRun, type TrainingRunOptions } from './run.ts';
export type { SchedulerEntry } from './scheduler-entry.ts';
export { type RestoreOptions, type Stateful, StateRegistry } from './state.ts';
export type { StepOutput, TrainingOutput } from './step.ts';
export { type EpochMetrics, Trainer, type TrainerFitOptions, type TrainerOptions } from './trainer.ts';
