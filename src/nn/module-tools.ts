// `nn.utils`: what PyTorch has under torch.nn.utils, by its names.

export * as rnn from './packed-sequence.ts';
export { removeSpectralNorm, removeWeightNorm, spectralNorm, weightNorm } from './parametrize/older-norms.ts';
export * as parametrizations from './parametrize/parametrizations.ts';
export * as parametrize from './parametrize/parametrize.ts';
export * as prune from './prune/prune.ts';
