// The nn layer's public names.

export * as functional from './functional/index.ts';
export * as init from './init.ts';
export { GELU, ReLU, Sigmoid, SiLU, Tanh } from './layers/activation.ts';
export { BatchNorm1d, BatchNorm2d, BatchNorm3d, type BatchNormOptions } from './layers/batch-norm.ts';
export { Flatten, Identity, ModuleList, Sequential } from './layers/container.ts';
export { Conv1d, Conv2d, Conv3d, type ConvOptions } from './layers/conv.ts';
export { Dropout } from './layers/dropout.ts';
export { Embedding, EmbeddingBag, type EmbeddingOptions } from './layers/embedding.ts';
export { LayerNorm, type LayerNormOptions } from './layers/layer-norm.ts';
export { Linear } from './layers/linear.ts';
export { AdaptiveAvgPool2d, AvgPool2d, MaxPool2d, type PoolOptions } from './layers/pooling.ts';
export { CrossEntropyLoss } from './losses/cross-entropy.ts';
export { MSELoss } from './losses/mse.ts';
export { type LoadReport, Module, type StateDict, type UnaryModule } from './module.ts';
export { Parameter } from './parameter.ts';
