// The public names of `sconce/multidataset`: one core and a readout for each of many data sets. Source: VisionCore.

export {
  ByDatasetBatchSampler,
  ContrastWeightedSampler,
  castStim,
  Float32View,
  groupCollate,
} from '../data/index.ts';
export {
  LinearWarmupCosineAnnealingLR,
  LinearWarmupCosineAnnealingWarmRestartsLR,
} from '../optim/index.ts';
export { CurriculumCallback, EpochHeartbeat, Heartbeat } from '../trainer/index.ts';
export {
  type EvaluatedData,
  ModelLoggingCallback,
  type ModelLoggingCallbackOptions,
} from './callbacks/model-logging-callback.ts';
export { TimeBudgetCallback, type TimeBudgetCallbackOptions } from './callbacks/time-budget-callback.ts';
export { datasetConfig } from './data/config/check-dataset-config.ts';
export type {
  DatafilterConfig,
  DatasetConfig,
  Lags,
  OpConfig,
  SamplingConfig,
  TransformConfig,
} from './data/config/dataset-config.ts';
export {
  type DatasetConfigs,
  type ReadDatasetConfigsOptions,
  readDatasetConfigs,
} from './data/config/read-dataset-configs.ts';
export type { DMSettings, MultiDatasetDMOptions } from './data/dm-options.ts';
export { type Group, GroupedDataset, type GroupedPart } from './data/grouped-dataset.ts';
export { LaggedDataset, type LaggedDatasetParts, type LaggedSample } from './data/lagged-dataset.ts';
export { MultiDatasetDM } from './data/multi-dataset-dm.ts';
export type { MultiDatasetBatch, MultiDatasetGroup, MultiDatasetSample } from './data/sample.ts';
export type { StoredDType } from './data/session-plan.ts';
export { type Rank, ValidationBatches } from './data/validation-batches.ts';
export type { RatesNetwork } from './evaluation/evaluate-dataset.ts';
export {
  type Analysis,
  type EvaluationStack,
  type EvaluationStackOptions,
  evaluationStack,
} from './evaluation/evaluation-stack.ts';
export { kernelPictures, type Picture } from './evaluation/kernel-pictures.ts';
export {
  type CorrelationOptions,
  type NoiseCorrectedCorrelation,
  noiseCorrectedCorrelation,
  type RepeatedTrials,
} from './evaluation/noise-corrected-correlation.ts';
export { rescaleRates } from './evaluation/rescale-rates.ts';
export {
  detectSaccades,
  type EventTriggered,
  type EyeTrace,
  eventTriggeredAverage,
  type Responses,
  type SaccadeOptions,
} from './evaluation/saccades.ts';
export { type SpikeTriggered, SpikeTriggeredAverage } from './evaluation/spike-triggered-average.ts';
export { FrozenCoreModel, type FrozenCoreOptions } from './model/frozen-core-model.ts';
export type { LossType, LrSchedulerName, MultiDatasetHparams } from './model/hparams.ts';
export type { MultiDatasetModelOptions, TrainingHparams } from './model/model-options.ts';
export {
  type ConfigureOptimizersOptions,
  type GroupedBatch,
  type ModelInput,
  MultiDatasetModel,
} from './model/multi-dataset-model.ts';
export type { CreateModelOptions } from './model/open-model.ts';
export type { LoadPretrainedOptions, PretrainedReport } from './model/pretrained.ts';
export { meanRates, type RatedDataset, ReadoutBias } from './model/readout-bias.ts';
export { AffineAdapter, type AffineAdapterOptions } from './network/adapters/affine-adapter.ts';
export { type AdapterContext, createAdapter } from './network/adapters/create-adapter.ts';
export { type BuildModelOptions, buildModel, type DatasetNetworkConfig } from './network/build-model.ts';
export { type Component, type ComponentConfig, type ComponentMaker, makeComponent } from './network/component.ts';
export type { ConvnetOptions } from './network/convnets/convnet.ts';
export { createConvnet } from './network/convnets/create-convnet.ts';
export { DenseNet } from './network/convnets/densenet.ts';
export { ResNet, type ResNetOptions } from './network/convnets/resnet.ts';
export { VanillaCNN } from './network/convnets/vanilla-cnn.ts';
export { X3DNet, type X3DOptions } from './network/convnets/x3d.ts';
export { createFrontend, type FrontendContext } from './network/frontends/create-frontend.ts';
export { DAModel, type DAModelOptions } from './network/frontends/da-model.ts';
export {
  LearnableTemporalConv,
  type LearnableTemporalConvOptions,
} from './network/frontends/learnable-temporal-conv.ts';
export { type RaisedCosineOptions, raisedCosineBasis } from './network/frontends/raised-cosine-basis.ts';
export { TemporalBasis, type TemporalBasisOptions } from './network/frontends/temporal-basis.ts';
export type { TemporalInit } from './network/frontends/temporal-kernels.ts';
export type { ActivationOptions, ActivationType } from './network/layers/activation-types.ts';
export { BSoftplus, SplitRelu } from './network/layers/activations.ts';
export type { WindowName, WindowOptions } from './network/layers/anti-alias-window.ts';
export type { BlockStep } from './network/layers/block-plan.ts';
export {
  type BlockOptions,
  ConvBlock,
  type ConvBlockOptions,
  type LearnedPoolOptions,
} from './network/layers/conv-block.ts';
export type { AxisSizes, ConvGeometry, Dim, KernelOptions, PaddingMode } from './network/layers/conv-settings.ts';
export type { ConvOptions } from './network/layers/conv-types.ts';
export type { NormOptions, NormType } from './network/layers/norm-types.ts';
export type { PoolOptions } from './network/layers/pool-types.ts';
export type { SoftPoolOptions } from './network/layers/pools.ts';
export type { InChannels, NetworkMakers, PartMaker, PartMakers } from './network/makers.ts';
export { MLP, type MLPOptions } from './network/mlp.ts';
export {
  type BaselineConfig,
  type ModelConfig,
  type ModelType,
  type NetworkConfig,
  readModelConfig,
} from './network/model-config.ts';
export {
  type BaselineOptions,
  ModularNetwork,
  type ModularNetworkParts,
  type NetworkInput,
} from './network/modular-network.ts';
export type { BehaviorEncoderOptions } from './network/modulators/behavior-encoder.ts';
export { ConcatModulator, type ConcatModulatorOptions } from './network/modulators/concat-modulator.ts';
export { ConvGRUModulator, type RecurrentModulatorOptions } from './network/modulators/conv-gru-modulator.ts';
export { createModulator, type MadeModulator, type ModulatorContext } from './network/modulators/create-modulator.ts';
export { FiLMModulator, type FiLMModulatorOptions } from './network/modulators/film-modulator.ts';
export {
  PredictiveCodingModulator,
  type PredictiveCodingModulatorOptions,
} from './network/modulators/predictive-coding-modulator.ts';
export {
  SpatialTransformerModulator,
  type SpatialTransformerModulatorOptions,
} from './network/modulators/spatial-transformer-modulator.ts';
export { Modulator, Readout } from './network/parts.ts';
export { createReadout, type ReadoutSizes } from './network/readouts/create-readout.ts';
export {
  type Drives,
  DynamicGaussianReadoutEI,
  type DynamicGaussianReadoutEIOptions,
  ExcitationInhibitionReadout,
} from './network/readouts/ei-readout.ts';
export { type GaussianWindow, gaussianMask } from './network/readouts/gaussian-mask.ts';
export { DynamicGaussianReadout, type DynamicGaussianReadoutOptions } from './network/readouts/gaussian-readout.ts';
export { FlattenedLinearReadout, type FlattenedLinearReadoutOptions } from './network/readouts/linear-readout.ts';
export { DynamicGaussianSN, type DynamicGaussianSNOptions } from './network/readouts/sn-readout.ts';
export { createSpikeHistory } from './network/readouts/spike-history.ts';
export { ConvGRU, ConvGRUCell, type ConvGRUOptions } from './network/recurrent/conv-gru.ts';
export { ConvLSTM, ConvLSTMCell, type ConvLSTMOptions, type ConvLSTMState } from './network/recurrent/conv-lstm.ts';
export { createRecurrent, type RecurrentContext } from './network/recurrent/create-recurrent.ts';
export { RecurrentWrapper, type RecurrentWrapperOptions } from './network/recurrent/recurrent-wrapper.ts';
export { PoissonBPSAggregator, poissonBitsPerSpike, type RatesBatch } from './objectives/bits-per-spike.ts';
export { DatasetScores } from './objectives/dataset-scores.ts';
export { type GroupMetric, GroupMetrics } from './objectives/group-metrics.ts';
export {
  type ElementLoss,
  type LossBatch,
  type LossSums,
  MaskedLoss,
  type MaskedLossOptions,
  MaskedObjectiveLoss,
  MaskedPoissonNLLLoss,
} from './objectives/masked-loss.ts';
export { type DatasetGroup, datasetOf, Objective, type ObjectiveMetric } from './objectives/objective.ts';
export {
  PoissonObjective,
  type PoissonObjectiveOptions,
  ZeroInflatedPoissonObjective,
  type ZeroInflatedPoissonObjectiveOptions,
} from './objectives/poisson-objective.ts';
export { SkippedGroups } from './objectives/skipped-groups.ts';
export {
  MaskedZIPNLLLoss,
  type MaskedZIPNLLLossOptions,
  ZeroInflatedPoissonNLLLoss,
  type ZeroInflatedPoissonOptions,
} from './objectives/zero-inflated-poisson.ts';
export { Regularization } from './regularizers/regularization.ts';
export type { PenaltyType, ProximalType, RegularizerSpec } from './regularizers/regularizer-spec.ts';
export { createRegularizers, type Regularizer, type Regularizers } from './regularizers/regularizers.ts';
export type { RegularizerSchedule } from './regularizers/schedule.ts';
export { effectiveStepSize } from './regularizers/step-size.ts';
export { seedNaming } from './trainer/metric-naming.ts';
export { MultiDatasetTrainer, multiDatasetTrainer } from './trainer/multi-dataset-trainer.ts';
export type { LightningPrecision, MultiDatasetData, MultiDatasetTrainerOptions } from './trainer/trainer-options.ts';
