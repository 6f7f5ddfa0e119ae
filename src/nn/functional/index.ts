// `nn.functional`: operators as functions of their inputs, in the form of torch.nn.functional. What is generated is passed on; what PyTorch writes in Python is here.

export * from '../../tensor/nn-ops.generated.ts';
export {
  affineGridGenerator as affineGrid,
  conv1d,
  conv2d,
  conv3d,
  convTranspose1d,
  convTranspose2d,
  convTranspose3d,
  layerNorm,
  logSoftmax,
  maxPool1d,
  maxPool2d,
  maxPool3d,
  relu,
  sigmoid,
  softmax,
  tanh,
} from '../../tensor/ops.generated.ts';
export * from './activation.ts';
export { type AttentionCall, scaledDotProductAttention } from './attention.ts';
export * from './dropout.ts';
export { type EmbeddingBagCall, embedding, embeddingBag, type LookupOptions } from './embedding.ts';
export * from './fold.ts';
export { type FractionalMaxPoolCall, fractionalMaxPool2d, fractionalMaxPool3d } from './fractional-max-pool.ts';
export * from './grid-sample.ts';
export { groupNorm } from './group-norm.ts';
export { type InterpolateOptions, type InterpolationMode, interpolate } from './interpolate.ts';
export { type LinearCrossEntropyCall, linearCrossEntropy } from './linear-cross-entropy.ts';
export { localResponseNorm } from './local-response-norm.ts';
export {
  binaryCrossEntropy,
  binaryCrossEntropyWithLogits,
  type CrossEntropyOptions,
  type CtcOptions,
  crossEntropy,
  ctcLoss,
  type GaussianNllOptions,
  gaussianNllLoss,
  huberLoss,
  type KlDivOptions,
  klDiv,
  l1Loss,
  mseLoss,
  nllLoss,
  type PoissonNllOptions,
  poissonNllLoss,
  type Reduction,
  type ReductionOptions,
  smoothL1Loss,
  type WeightedOptions,
} from './loss.ts';
export { type LPPoolOptions, lpPool1d, lpPool2d, lpPool3d } from './lp-pool.ts';
export {
  cosineEmbeddingLoss,
  hingeEmbeddingLoss,
  type MarginOptions,
  type MultiMarginOptions,
  marginRankingLoss,
  multilabelMarginLoss,
  multilabelSoftMarginLoss,
  multiMarginLoss,
  softMarginLoss,
  type TripletMarginOptions,
  type TripletMarginWithDistanceOptions,
  tripletMarginLoss,
  tripletMarginWithDistanceLoss,
} from './margin-loss.ts';
export { type MaxUnpoolCall, maxUnpool1d, maxUnpool2d, maxUnpool3d } from './max-unpool.ts';
export { type AttentionForwardOptions, multiHeadAttentionForward } from './multi-head-attention-forward.ts';
export * from './normalize.ts';
export { rmsNorm } from './rms-norm.ts';
