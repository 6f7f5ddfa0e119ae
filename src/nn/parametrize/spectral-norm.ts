// Weights divided by their largest singular value.

import { readOptions } from '../../tensor/arguments.ts';
import { noGrad } from '../../tensor/autograd.ts';
import { scope } from '../../tensor/scope.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { derivationsOf, stateOf } from '../derived-tensor.ts';
import { normalize } from '../functional/normalize.ts';
import { ConvTranspose1d, ConvTranspose2d, ConvTranspose3d } from '../layers/conv-transpose.ts';
import { Module } from '../module.ts';
import { registerParametrization } from './parametrize.ts';

export interface SpectralNormOptions {
  /** Steps of power iteration each time the weight is read in training. Default 1. */
  nPowerIterations?: number;
  /** Keeps norms from 0. Default 1e-12. */
  eps?: number;
  /** The dimension of the outputs. Default 0, and 1 for transposed convolutions. */
  dim?: number;
}

/** The options with their defaults.
 *  @throws {RangeError} for no steps, and a dimension that the weight does not have. @internal */
export function readSpectralNorm(
  name: string,
  module: Module,
  weight: Tensor,
  options: SpectralNormOptions,
): Required<SpectralNormOptions> {
  readOptions(name, ['nPowerIterations', 'eps', 'dim'], options);
  const isTransposed = [ConvTranspose1d, ConvTranspose2d, ConvTranspose3d].some((Class) => module instanceof Class);
  const { nPowerIterations = 1, eps = 1e-12, dim = isTransposed ? 1 : 0 } = options;
  if (!(Number.isInteger(nPowerIterations) && nPowerIterations > 0))
    throw new RangeError(`Cannot call ${name}: expected nPowerIterations of at least 1, got ${nPowerIterations}`);
  if (!(Number.isInteger(dim) && dim >= -weight.ndim && dim < weight.ndim))
    throw new RangeError(`Cannot call ${name}: expected dim from ${-weight.ndim} to ${weight.ndim - 1}, got ${dim}`);
  return { nPowerIterations, eps, dim: dim < 0 ? dim + weight.ndim : dim };
}

/** The weight as a matrix, its outputs first. Shape: -> [outputs, rest]. @internal */
export function asMatrix(weight: Tensor, dim: number): Tensor {
  if (dim === 0) return weight.flatten({ startDim: 1 });
  const others = weight.shape.flatMap((_, i) => (i === dim ? [] : [i]));
  return weight.permute([dim, ...others]).flatten({ startDim: 1 });
}

/** A unit vector in a direction that is drawn. @internal */
export function drawUnit(like: Tensor, size: number, eps: number): Tensor {
  return normalize(like.newEmpty([size]).normal_({ mean: 0, std: 1 }), { dim: 0, eps });
}

/** PyTorch prints it under this name. */
class _SpectralNorm extends Module {
  readonly dim: number;
  readonly eps: number;
  readonly nPowerIterations: number;
  declare _u: Tensor;
  declare _v: Tensor;

  constructor(weight: Tensor, { nPowerIterations, eps, dim }: Required<SpectralNormOptions>) {
    super();
    this.dim = dim;
    this.eps = eps;
    this.nPowerIterations = nPowerIterations;
    if (weight.ndim < 2) return;
    scope(() => {
      noGrad(() => {
        const matrix = asMatrix(weight, dim); // [h, w]
        const [u, v] = [matrix.newEmpty([matrix.size(0)]), matrix.newEmpty([matrix.size(1)])];
        for (const vector of [u, v]) vector.normal_({ mean: 0, std: 1 });
        this.registerBuffer('_u', normalize(u, { dim: 0, eps }));
        this.registerBuffer('_v', normalize(v, { dim: 0, eps }));
        this.iterate(matrix, 15);
      });
    });
  }

  /** Turns both vectors towards the largest singular value's, in place. */
  private iterate(matrix: Tensor, times: number): void {
    const { eps } = this;
    const step = (): void => {
      this._u.copy_(normalize(matrix.mv(this._v), { dim: 0, eps }));
      this._v.copy_(normalize(matrix.mH.mv(this._u), { dim: 0, eps }));
    };
    scope(() => noGrad(() => Array.from({ length: times }, step)));
  }

  forward(weight: Tensor): Tensor {
    if (weight.ndim < 2) return normalize(weight, { dim: 0, eps: this.eps });
    const matrix = asMatrix(weight, this.dim);
    if (this.training) this.iterate(matrix, this.nPowerIterations);
    // Copies: the next forward changes the vectors, and backward of this one needs them.
    const [u, v] = [this._u.clone(), this._v.clone()];
    return weight.div(u.vdot(matrix.mv(v)));
  }

  rightInverse(value: Tensor): Tensor {
    return value;
  }
}

/** Divides a weight by its largest singular value, which power iteration follows: a step each time the weight is read in training. A vector is divided by its length.
 *  The buffers `parametrizations.<name>.0._u` and `_v` hold the vectors.
 *  @param name - of the parameter or buffer. Default 'weight'.  @throws {TypeError} for one that the module does not have.
 *  Source: Miyato et al. 2018, arXiv:1802.05957; torch.nn.utils.parametrizations.spectral_norm. */
export function spectralNorm<M extends Module>(module: M, name = 'weight', options: SpectralNormOptions = {}): M {
  const weight = requireTensor('spectralNorm', module, name);
  return registerParametrization(
    module,
    name,
    new _SpectralNorm(weight, readSpectralNorm('spectralNorm', module, weight, options)),
  );
}

/** The tensor that a module uses under a name. @throws {TypeError} for a name without one. @internal */
export function requireTensor(action: string, module: Module, name: string): Tensor {
  const value = stateOf(module, name) ?? derivationsOf(module).get(name)?.read(module);
  if (value) return value;
  throw new TypeError(
    `Cannot call ${action}: expected a parameter or buffer of ${module.constructor.name}, got "${name}"`,
  );
}
