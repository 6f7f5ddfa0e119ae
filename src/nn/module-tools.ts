// `nn.utils`: what PyTorch has under torch.nn.utils, by its names.

export { type FunctionalCallOptions, functionalCall } from './functional-call.ts';
export {
  type FusedWeights,
  fuseConvBnEval,
  fuseConvBnWeights,
  fuseLinearBnEval,
  fuseLinearBnWeights,
  type NormStatistics,
} from './fusion.ts';
export * as rnn from './packed-sequence.ts';
export { parametersToVector, vectorToParameters } from './parameter-vector.ts';
export { removeSpectralNorm, removeWeightNorm, spectralNorm, weightNorm } from './parametrize/older-norms.ts';
export * as parametrizations from './parametrize/parametrizations.ts';
export * as parametrize from './parametrize/parametrize.ts';
export * as prune from './prune/prune.ts';
export { skipInit } from './skip-init.ts';
export { convertConv2dWeightMemoryFormat, convertConv3dWeightMemoryFormat } from './weight-memory-format.ts';
