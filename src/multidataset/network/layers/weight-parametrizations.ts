// What a kernel is made of: a direction with a length, and a window over it.

import { Module, Parameter, utils } from '../../../nn/index.ts';
import { noGrad } from '../../../tensor/autograd.ts';
import { ones } from '../../../tensor/create.ts';
import { normExceptDim } from '../../../tensor/ops.generated.ts';
import type { Tensor } from '../../../tensor/tensor.ts';

/** Below it, a direction counts as this long, so that zeros stay zeros. */
const SHORTEST = 1e-12;

/** A kernel with a window over it: w * mask. The mask follows from the settings, so it is not in the state dict. */
class Windowed extends Module {
  declare mask: Tensor;

  constructor(mask: Tensor) {
    super();
    this.registerBuffer('mask', mask, { persistent: false });
  }

  forward(weight: Tensor): Tensor {
    return weight.mul(this.mask);
  }
}

/** A kernel whose slices along `dim` have the lengths `g`. `v` is the parameter that was there before, which VisionCore's files have twice: as
 *  `parametrizations.weight.original`, as it was at the start, and as `parametrizations.weight.0.v`, as it was trained. Here both names are of the one
 *  that is trained, and loading ends with `v`. */
class UnitDirections extends Module {
  readonly v: Parameter;
  readonly g: Parameter;
  readonly dim: number;

  constructor(weight: Parameter, dim: number, keepUnitNorm: boolean) {
    super();
    this.dim = dim;
    this.v = weight;
    const lengths = noGrad(() =>
      keepUnitNorm ? ones([weight.size(dim)], { dtype: weight.dtype, device: weight.device }) : this.lengths(weight),
    );
    this.g = new Parameter(lengths.flatten(), !keepUnitNorm);
  }

  private lengths(weight: Tensor): Tensor {
    return normExceptDim(weight, { pow: 2, dim: this.dim }); // [1, …, n, …, 1]
  }

  forward(weight: Tensor): Tensor {
    const lengths = this.lengths(weight).clampMin(SHORTEST);
    return weight.mul(this.g.view(lengths.shape).div(lengths));
  }
}

/** Trains the weight of a convolution as lengths times directions: w = g v / ‖v‖, a length for each slice along `dim`.
 *  @param options.keepUnitNorm - all lengths stay 1, and are not trained.
 *  Source: Salimans and Kingma 2016, arXiv:1602.07868; VisionCore's _WeightNorm. */
export function normWeight(layer: Module, options: { dim: number; keepUnitNorm: boolean }): void {
  const { weight } = layer as Module & { readonly weight: Parameter };
  utils.parametrize.registerParametrization(
    layer,
    'weight',
    new UnitDirections(weight, options.dim, options.keepUnitNorm),
  );
}

/** Puts a window over the weight of a convolution, after its lengths where they are trained: so those are of the kernel without the window. */
export function windowWeight(layer: Module, mask: Tensor): void {
  utils.parametrize.registerParametrization(layer, 'weight', new Windowed(mask));
}
