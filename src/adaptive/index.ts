// The public names of `sconce/adaptive`: a network of nodes with energy, activity and phases, its older loop, and what is around it. Source: adaptiveneuralnetwork.

export {
  Callback,
  LoggingCallback,
  ProfilingCallback,
  Trainer,
} from '../trainer/index.ts';
export { AdaptiveConfig, type NodeConfig } from './config/adaptive-config.ts';
export type { AdaptiveConfigFields, AdaptiveConfigOptions, AdaptiveDType, PhaseWeights } from './config/fields.ts';
export { runContinualBenchmark } from './continual/benchmark.ts';
export type { ContinualBenchmarkOptions } from './continual/benchmark-options.ts';
export { type CorruptOptions, corruptPictures, type PictureCorruption } from './continual/corruptions.ts';
export { progressiveDomainShift } from './continual/domain-shift.ts';
export {
  type CorruptionKind,
  type DomainShiftConfig,
  type ShiftScenario,
  type StageCorruption,
  shiftStages,
} from './continual/domain-shift-options.ts';
export { EpisodicMemory, type EpisodicMemoryOptions } from './continual/episodic-memory.ts';
export { ElasticWeightConsolidation, type ElasticWeightConsolidationOptions } from './continual/ewc.ts';
export { type FgsmOptions, fgsm } from './continual/fgsm.ts';
export { estimateFisher, type FisherDiagonal, type FisherLabels, type FisherOptions } from './continual/fisher.ts';
export {
  type ContinualMethod,
  type ContinualModel,
  FineTuning,
  JointTraining,
  type LearntTask,
} from './continual/method.ts';
export { ExperienceReplay, type ExperienceReplayOptions } from './continual/replay.ts';
export { accuracyFigure, type ContinualResult, comparisonFigure, resultSections } from './continual/result.ts';
export { type ContinualScenario, type SplitClassesOptions, splitClasses } from './continual/split-classes.ts';
export type { ContinualTask, PairSource } from './continual/task.ts';
export type { ClassLoss } from './continual/task-outputs.ts';
export {
  type AccuracyMatrix,
  averageAccuracies,
  averageAccuracy,
  averageForgetting,
  backwardTransfer,
  forwardTransfer,
  type TransferMeasures,
  transferMeasures,
} from './continual/transfer.ts';
export { type DigitsOptions, loadDigits } from './data/digits.ts';
export type { LoaderOptions, Pair, PairLoader } from './data/loaders.ts';
export {
  loadFashionMnist,
  loadMnist,
  loadMnistSubset,
  type MnistSubsetOptions,
  type PictureOptions,
} from './data/pictures.ts';
export { createSyntheticLoaders, type SyntheticOptions } from './data/synthetic.ts';
export { CallbackList } from './legacy/callback-list.ts';
export type { LoopMetrics } from './legacy/epoch-records.ts';
export type { LoopConfig, LoopModel, TrainingLoopOptions } from './legacy/loop-options.ts';
export { type QuickTrained, type QuickTrainOptions, quickTrain } from './legacy/quick-train.ts';
export {
  type EvaluateModelOptions,
  evaluateModel,
  type TrainEpochOptions,
  trainEpoch,
} from './legacy/train-epoch.ts';
export { TrainingLoop, type TrainOptions } from './legacy/training-loop.ts';
export { NodeHealth } from './lifecycle/node-health.ts';
export { NodeLifecycle, type NodeLifecycleOptions } from './lifecycle/node-lifecycle.ts';
export {
  type LifecycleAction,
  type LifecycleState,
  NodeLifecycleManager,
} from './lifecycle/node-lifecycle-manager.ts';
export type { PruningConfig, PruningOptions } from './lifecycle/pruning-config.ts';
export { AdaptiveDynamics, type AdaptiveDynamicsOptions, type DynamicsInputs } from './model/adaptive-dynamics.ts';
export { AdaptiveModel } from './model/adaptive-model.ts';
export { NodeState, type NodeTensors } from './model/node-state.ts';
export { Phase } from './model/phase.ts';
export type { AnxietyStats, PhaseStats, SparsityMetrics, StochasticPolicyMetrics } from './model/phase-metrics.ts';
export { PhaseScheduler } from './model/phase-scheduler.ts';
export type { PhaseSchedulerOptions } from './model/phase-scheduler-options.ts';
export { EnergyAwareAdam, type EnergyAwareAdamHyperparameters } from './optim/energy-aware-adam.ts';
export { EnergyAwareSGD, type EnergyAwareSGDHyperparameters } from './optim/energy-aware-sgd.ts';
export {
  type MetaAdaptiveHyperparameters,
  MetaAdaptiveOptimizer,
  type MetaParams,
} from './optim/meta-adaptive-optimizer.ts';
export type { AdaptationRecord, NodeRateHyperparameters, NodeSource } from './optim/node-rates.ts';
export { adaptiveParts } from './parts.ts';
export type { LayerClass } from './workflow/layer-kinds.ts';
export { type LayerMaker, LayerRegistry } from './workflow/layer-registry.ts';
export {
  type LayeredModelConfig,
  type LayerSpec,
  ModelBuilder,
  type ModelBuilderOptions,
} from './workflow/model-builder.ts';
export { WorkflowConfig } from './workflow/workflow-config.ts';
export type {
  WorkflowDataset,
  WorkflowEvaluation,
  WorkflowFields,
  WorkflowModel,
  WorkflowOptimizer,
  WorkflowOptions,
  WorkflowTraining,
} from './workflow/workflow-fields.ts';
