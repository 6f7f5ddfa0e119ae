// The optim layer's public names.

export * from './algorithms.ts';
export { AveragedModel, type AveragedModelOptions, type UpdateBnOptions, updateBn } from './averaged-model.ts';
export {
  type AvgFn,
  getEmaAvgFn,
  getEmaMultiAvgFn,
  getSwaAvgFn,
  getSwaMultiAvgFn,
  type MultiAvgFn,
} from './averaging-functions.ts';
export { clipGradNorm_, clipGradsWithNorm_, clipGradValue_, getTotalNorm, type NormOptions } from './clip.ts';
export { EMA, type EMAOptions, type EMAState, emaWarmup } from './ema.ts';
export { GradScaler, type GradScalerOptions, type GradScalerStateDict } from './grad-scaler.ts';
export {
  ClippedAdamW,
  type ClippedAdamWOptions,
  GradientClipper,
  type GradientClipperOptions,
} from './gradient-clipper.ts';
export { Batch, GroupOptimizer, type GroupRule } from './group-optimizer.ts';
export type { Hyperparameter, HyperparameterKind, HyperparameterSpec } from './hyperparameters.ts';
export {
  type AnyOptimizer,
  type Closure,
  Optimizer,
  type OptimizerRule,
  type StepPostHook,
  type StepPreHook,
} from './optimizer.ts';
export { OptimizerHookHandle } from './optimizer-hooks.ts';
export type {
  GroupName,
  NamedParameter,
  OptimizerParams,
  ParamGroup,
  ParamGroupInput,
  ScheduleEntries,
} from './param-groups.ts';
export {
  describeGroups,
  NO_DECAY,
  type ParameterPlace,
  type ParameterRule,
  parameterGroups,
  type UsualHyperparameters,
  type Where,
} from './parameter-groups.ts';
export * from './schedules/classes.ts';
export * as schedules from './schedules/index.ts';
export { type WarmupCosineOptions, warmupCosine } from './schedules/warmup-cosine.ts';
export type { OptimizerStateDict } from './state-dict.ts';
export type { StateKind, StateValue } from './state-kinds.ts';
