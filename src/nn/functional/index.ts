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
  groupNorm,
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
export * from './dropout.ts';
export { embedding, embeddingBag } from './embedding.ts';
export * from './grid-sample.ts';
export { type CrossEntropyOptions, crossEntropy, mseLoss, type Reduction } from './loss.ts';
export * from './normalize.ts';
