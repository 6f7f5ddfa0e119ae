// Pure schedules by name, as `optim.schedules`: functions of the step, to be used alone or with `LambdaLR`.

export { clamp, piecewiseLinear, product, repeat, scale, sequence, shift, stretch } from './compose.ts';
export { constant } from './constant.ts';
export { cosine } from './cosine.ts';
export { cosineRestarts } from './cosine-restarts.ts';
export { cyclic } from './cyclic.ts';
export { exponentialDecay } from './exponential-decay.ts';
export { inverseSqrt, noam } from './inverse-sqrt.ts';
export { multiplicative } from './lambda.ts';
export { layerwiseFactors } from './layerwise.ts';
export { linear } from './linear.ts';
export { linearWarmupCosine, linearWarmupCosineRestarts } from './linear-warmup-cosine.ts';
export { multiStepDecay } from './multi-step-decay.ts';
export { oneCycle } from './one-cycle.ts';
export { plateau } from './plateau.ts';
export { polynomialDecay } from './polynomial-decay.ts';
export { stepDecay } from './step-decay.ts';
export { swaAnneal } from './swa-anneal.ts';
export { warmupCosine } from './warmup-cosine.ts';
export { warmupStableDecay } from './warmup-stable-decay.ts';
