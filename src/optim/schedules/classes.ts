// The classes of torch.optim.lr_scheduler and of swa_utils' SWALR, with their options, in one list.

export { ChainedScheduler } from './chained.ts';
export { ConstantLR, type ConstantOptions } from './constant.ts';
export { CosineAnnealingLR, type CosineOptions } from './cosine.ts';
export { CosineAnnealingWarmRestarts, type CosineRestartsOptions } from './cosine-restarts.ts';
export { CyclicLR, type CyclicLROptions } from './cyclic.ts';
export { type ExponentialDecayOptions, ExponentialLR } from './exponential-decay.ts';
export { LambdaLR, MultiplicativeLR } from './lambda.ts';
export { type LayerPattern, type LayerwiseOptions, layerwiseGroups, layerwiseRules } from './layerwise.ts';
export { LayerwiseLRScheduler } from './layerwise-scheduler.ts';
export { LinearLR, type LinearOptions } from './linear.ts';
export {
  LinearWarmupCosineAnnealingLR,
  LinearWarmupCosineAnnealingWarmRestartsLR,
  type LinearWarmupCosineOptions,
  type LinearWarmupCosineRestartsOptions,
} from './linear-warmup-cosine.ts';
export { type MultiStepDecayOptions, MultiStepLR } from './multi-step-decay.ts';
export { OneCycleLR, type OneCycleLROptions } from './one-cycle.ts';
export { type PlateauOptions, ReduceLROnPlateau } from './plateau.ts';
export { type PolynomialDecayOptions, PolynomialLR } from './polynomial-decay.ts';
export {
  LRScheduler,
  type Schedule,
  type Scheduler,
  type SchedulerOptions,
  type SchedulerStateDict,
} from './scheduler.ts';
export { SequentialLR, type SequentialLROptions } from './sequential.ts';
export { type StepDecayOptions, StepLR } from './step-decay.ts';
export { SWALR, type SWALROptions } from './swa-anneal.ts';
export { traceScheduler } from './trace.ts';
export {
  LinearWarmupLR,
  type LinearWarmupOptions,
  LinearWarmupScheduler,
  type LinearWarmupSchedulerOptions,
  WarmupCosineScheduler,
  type WarmupCosineSchedulerOptions,
} from './warmup-decay.ts';
export { LinearWarmupOneCycleLR, type LinearWarmupOneCycleOptions } from './warmup-one-cycle.ts';
export type { WarmupStableDecayOptions } from './warmup-stable-decay.ts';
