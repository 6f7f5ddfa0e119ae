// Every layer.

export * from './activation.ts';
export * from './adaptive-pool.ts';
export * from './adaptive-softmax.ts';
export * from './avg-pool.ts';
export { BatchNorm1d, BatchNorm2d, BatchNorm3d, type BatchNormOptions } from './batch-norm.ts';
export * from './container.ts';
export * from './conv.ts';
export * from './conv-transpose.ts';
export * from './cross-map-lrn.ts';
export * from './distance.ts';
export * from './dropout.ts';
export * from './embedding.ts';
export * from './group-norm.ts';
export * from './instance-norm.ts';
export * from './layer-norm.ts';
export * from './lazy-convolution.ts';
export * from './lazy-linear.ts';
export * from './lazy-norm.ts';
export * from './linear.ts';
export * from './max-pool.ts';
export * from './multihead-attention.ts';
export * from './padding.ts';
export * from './parameter-container.ts';
export * from './pixel-shuffle.ts';
export * from './rectifier.ts';
export * from './rnn.ts';
export * from './rnn-cell.ts';
export * from './shape.ts';
export * from './softmax.ts';
export * from './sync-batch-norm.ts';
export * from './transformer.ts';
export {
  type DecoderMasks,
  type EncoderMasks,
  type TransformerActivation,
  TransformerDecoderLayer,
  TransformerEncoderLayer,
  type TransformerLayerOptions,
} from './transformer-layer.ts';
export * from './upsample.ts';
