// `nn.utils.parametrizations`: the parametrisations that PyTorch has.

export * from './orthogonal.ts';
export { type SpectralNormOptions, spectralNorm } from './spectral-norm.ts';
export { type WeightNormOptions, weightNorm } from './weight-norm.ts';
