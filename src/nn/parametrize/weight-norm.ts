// Weights as direction times length.

import { readOptions } from '../../tensor/arguments.ts';
import { _weight_norm } from '../../tensor/aten.generated.ts';
import { normExceptDim } from '../../tensor/ops.generated.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { Module } from '../module.ts';
import { registerParametrization } from './parametrize.ts';

export interface WeightNormOptions {
  /** The dimension whose slices each have a length of their own; 'all' for one length of the whole tensor. Default 0. */
  dim?: number | 'all';
}

/** libtorch's number for it. @internal */
export function readWeightNormDim(name: string, options: WeightNormOptions): number {
  readOptions(name, ['dim'], options);
  const { dim = 0 } = options;
  if (dim === 'all') return -1;
  if (Number.isInteger(dim)) return dim;
  throw new TypeError(`Cannot call ${name}: expected dim of an integer or "all", got ${String(dim)}`);
}

/** PyTorch prints it under this name. */
class _WeightNorm extends Module {
  readonly dim: number;

  constructor(dim: number) {
    super();
    this.dim = dim;
  }

  forward(length: Tensor, direction: Tensor): Tensor {
    return _weight_norm(direction, length, this.dim);
  }

  rightInverse(weight: Tensor): readonly [length: Tensor, direction: Tensor] {
    return [normExceptDim(weight, { pow: 2, dim: this.dim }), weight];
  }
}

/** Trains the length and the direction of a weight apart: w = g v / |v|, g in `parametrizations.<name>.original0` and v in `original1`. Files of the
 *  older function, with `<name>_g` and `<name>_v`, load. Tell an optimizer that was made before.
 *  @param name - of the parameter. Default 'weight'.  @throws {TypeError} for one that the module does not have.
 *  Source: Salimans and Kingma 2016, arXiv:1602.07868; torch.nn.utils.parametrizations.weight_norm. */
export function weightNorm<M extends Module>(module: M, name = 'weight', options: WeightNormOptions = {}): M {
  registerParametrization(module, name, new _WeightNorm(readWeightNormDim('weightNorm', options)), { unsafe: true });
  module.registerLoadStateDictPreHook((_module: Module, state, { prefix }) => {
    const older = [state[`${prefix}${name}_g`], state[`${prefix}${name}_v`]] as const;
    if (!older[0] || !older[1]) return;
    for (const suffix of ['_g', '_v']) delete state[`${prefix}${name}${suffix}`];
    state[`${prefix}parametrizations.${name}.original0`] = older[0];
    state[`${prefix}parametrizations.${name}.original1`] = older[1];
  });
  return module;
}
