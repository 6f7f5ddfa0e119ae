// The optim layer's public names.

export { AdamW, type AdamWHyperparameters } from './adamw.ts';
export { clipGradNorm_, clipGradValue_ } from './clip.ts';
export { GradScaler, type GradScalerOptions, type GradScalerStateDict } from './grad-scaler.ts';
export { Optimizer, type OptimizerStateDict, type ParamGroup, type ParamGroupInput } from './optimizer.ts';
export { LambdaLR, type SchedulerStateDict } from './schedules/lambda.ts';
export { type WarmupCosineOptions, warmupCosine } from './schedules/warmup-cosine.ts';
export { SGD, type SGDHyperparameters } from './sgd.ts';
