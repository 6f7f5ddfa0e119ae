// The public names of `sconce/multimodal`: contrastive training of two modalities. Source: multimodal_insight_engine.

export { DataHandler, type DataHandlerOptions, type ModelInputs, type NamedBatch } from './batches/data-handler.ts';
export { type BatchFeatures, FEATURES, featuresOf } from './batches/features.ts';
export { AlignmentMonitor, type AlignmentMonitorOptions } from './diagnostics/alignment-monitor.ts';
export { ComponentGradients, type ComponentGradientsOptions } from './diagnostics/component-gradients.ts';
export {
  COMPONENTS,
  type Component,
  type ComponentGroup,
  componentGroups,
  componentOf,
} from './diagnostics/components.ts';
export { FeatureCollapseCheck, type FeatureCollapseCheckOptions } from './diagnostics/feature-collapse-check.ts';
export { featureStatistics } from './diagnostics/feature-statistics.ts';
export { GradientHandler, type GradientHandlerOptions } from './diagnostics/gradient-handler.ts';
export type { GradientStatistics } from './diagnostics/gradient-statistics.ts';
export { LossAnomalies, type LossAnomaliesOptions } from './diagnostics/loss-anomalies.ts';
export { MetricsTracker, type MetricsTrackerOptions } from './diagnostics/metrics-tracker.ts';
export {
  type ModalityBalancingOptions,
  ModalityBalancingScheduler,
} from './diagnostics/modality-balancing-scheduler.ts';
export type { HookedOptimizer } from './diagnostics/rate-factors.ts';
export { type Alignment, AlignmentMetric, alignmentMetrics } from './evaluation/alignment.ts';
export {
  Evaluator,
  type EvaluatorEvaluateOptions,
  type EvaluatorOptions,
  type RetrievalInputs,
} from './evaluation/evaluator.ts';
export type { EvaluationParts, EvaluatorBatchOptions, PlayEvaluation } from './evaluation/evaluator-session.ts';
export {
  classEmbeddings,
  classPrompts,
  type ZeroShotInputs,
  type ZeroShotOutput,
  zeroShotClassify,
} from './evaluation/zero-shot.ts';
export { ZeroShotClassifier, type ZeroShotClassifierOptions } from './evaluation/zero-shot-classifier.ts';
export { BarlowTwinsLoss, type BarlowTwinsOptions } from './losses/barlow-twins-loss.ts';
export { CLIPLoss, type CLIPLossOptions } from './losses/clip-loss.ts';
export { CombinedLoss, type CombinedLossOptions } from './losses/combined-loss.ts';
export type { PositivesOptions, PositivesRule } from './losses/contrast.ts';
export { createLossFunction, type LossArguments } from './losses/create-loss-function.ts';
export { CrossEntropyLoss, type CrossEntropyOptions, type SampleWeightOptions } from './losses/cross-entropy-loss.ts';
export { DecorrelationLoss, type DecorrelationOptions } from './losses/decorrelation-loss.ts';
export { DecoupledLoss, type DecoupledLossOptions } from './losses/decoupled-loss.ts';
export { DynamicTemperatureLoss, type DynamicTemperatureLossOptions } from './losses/dynamic-temperature-loss.ts';
export { EMAMoCoLoss, type EMAMoCoOptions } from './losses/ema-moco-loss.ts';
export {
  FeatureConsistencyLoss,
  type FeatureConsistencyOptions,
  type FeatureDistance,
} from './losses/feature-consistency-loss.ts';
export type { FeatureQueue, QueueSide } from './losses/feature-queue.ts';
export {
  type ContrastOptions,
  computeRecallAtK,
  ntXentLoss,
  type RecallAtKOptions,
  supervisedContrastiveLoss,
} from './losses/functions.ts';
export { gatherFeatures } from './losses/gather-features.ts';
export { HardNegativeLoss, type HardNegativeLossOptions, type MiningStrategy } from './losses/hard-negative-loss.ts';
export type { HardNegativeOptions, HardNegatives } from './losses/hard-negatives.ts';
export {
  type HybridPhase,
  HybridPretrainVICRegLoss,
  type HybridPretrainVICRegOptions,
} from './losses/hybrid-pretrain-vicreg-loss.ts';
export { InfoNCELoss, type InfoNCELossOptions } from './losses/info-nce-loss.ts';
export { type LossSpec, makeLoss } from './losses/make-loss.ts';
export { MeanSquaredError, type MeanSquaredErrorLossOptions } from './losses/mean-squared-error.ts';
export {
  type MixedLossWeights,
  MixedMultimodalLoss,
  type MixedMultimodalLossOptions,
} from './losses/mixed-multimodal-loss.ts';
export { MoCoLoss, type MoCoOptions } from './losses/moco-loss.ts';
export { type LossInputs, type LossOutput, type MatchIds, MultimodalLoss } from './losses/multimodal-loss.ts';
export { MultitaskLoss, type MultitaskLossOptions } from './losses/multitask-loss.ts';
export { NTXentLoss, type NTXentLossOptions } from './losses/nt-xent-loss.ts';
export type { Pairs } from './losses/pairs.ts';
export type { ProjectionOptions } from './losses/projection.ts';
export { type RetrievalScores, retrievalScores } from './losses/retrieval-scores.ts';
export { SigLIPLoss, type SigLIPLossOptions } from './losses/siglip-loss.ts';
export {
  type SamplingStrategy,
  SimCLRLoss,
  type SimCLRLossOptions,
  type SimCLRLossType,
} from './losses/simclr-loss.ts';
export { SimilarityLoss, type SimilarityLossOptions } from './losses/similarity-loss.ts';
export { SimpleContrastiveLoss, type SimpleContrastiveLossOptions } from './losses/simple-contrastive-loss.ts';
export type { SmallBatchNoiseOptions } from './losses/small-batch-noise.ts';
export {
  type ContrastMode,
  SupervisedContrastiveLoss,
  type SupervisedContrastiveLossOptions,
} from './losses/supervised-contrastive-loss.ts';
export type { ModelInputOptions, TowerInput, TowerInputOptions } from './losses/towers.ts';
export { VICRegLoss, type VICRegOptions } from './losses/vicreg-loss.ts';
export {
  CrossModalAttention,
  type CrossModalAttentionOptions,
  type CrossModalMasks,
  FusionModule,
} from './models/cross-modal.ts';
export {
  DualEncoder,
  type DualEncoderInputs,
  type DualEncoderOptions,
  type DualEncoderOutput,
  type Pooling,
} from './models/dual-encoder.ts';
export {
  SmallTextModel,
  type SmallTextModelOptions,
  SmallVisionModel,
  type SmallVisionModelOptions,
} from './models/small-towers.ts';
export { multimodalParts } from './parts.ts';
export { type CrossModalSettings, CrossModalStrategy } from './stages/cross-modal-strategy.ts';
export { type EndToEndSettings, EndToEndStrategy } from './stages/end-to-end-strategy.ts';
export {
  type MultistageResult,
  MultistageTrainer,
  type MultistageTrainerOptions,
  type StageLoader,
  type StagePlace,
} from './stages/multistage-trainer.ts';
export type { StrategyEntry } from './stages/planned-stage.ts';
export { type SingleModalitySettings, SingleModalityStrategy } from './stages/single-modality-strategy.ts';
export type {
  ComponentConfig,
  LossConfig,
  StageConfig,
  StageConfigInput,
  StageOptimizerConfig,
  StageSchedulerConfig,
  StrategyName,
  TrainingConfigInput,
} from './stages/stage-config.ts';
export type { StageResult } from './stages/stage-files.ts';
export { TrainingConfig } from './stages/training-config.ts';
export {
  type ComponentStatus,
  type RatePlan,
  type StrategyParts,
  type StrategySettings,
  TrainingStrategy,
} from './stages/training-strategy.ts';
export { CheckpointManager, type CheckpointManagerOptions, type LoadedState } from './stores/checkpoint-manager.ts';
export type { HistoryDict, TrainingState, TrainingStateUpdate } from './stores/checkpoint-state.ts';
export { type AlignmentValues, MetricsCollector, type MetricsCollectorOptions } from './stores/metrics-collector.ts';
export { type History, MultimodalTrainer } from './trainer/multimodal-trainer.ts';
export type { MultimodalTrainerOptions, TrainOptions } from './trainer/multimodal-trainer-options.ts';
export {
  type TrainableModel,
  type TrainModelCallback,
  type TrainModelHistory,
  type TrainModelOptions,
  trainModel,
} from './trainer/train-model.ts';
export { TrainingLoop } from './trainer/training-loop.ts';
export type {
  LossModule,
  MultimodalModel,
  TrainEpochOptions,
  TrainingLoopOptions,
} from './trainer/training-loop-options.ts';
