// Power means over windows.

import { avgPool2d, avgPool3d } from '../../tensor/nn-ops.generated.ts';
import { avgPool1d, maxPool1d, maxPool2d, maxPool3d } from '../../tensor/ops.generated.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import type { Sizes } from '../sizes.ts';

const MEANS = [avgPool1d, avgPool2d, avgPool3d] as const;
const MAXIMA = [maxPool1d, maxPool2d, maxPool3d] as const;

/** (sum of x^p)^(1/p) over each window of 1, 2 or 3 dimensions. Source: torch.nn.functional.lp_pool2d and its siblings. @internal */
export function lpPool(
  dims: number,
  input: Tensor,
  normType: number,
  kernelSize: Sizes,
  options: { stride: Sizes | undefined; ceilMode: boolean },
): Tensor {
  const maximum = MAXIMA[dims - 1]!;
  if (normType === Number.POSITIVE_INFINITY) return maximum(input.abs(), kernelSize, options);
  if (normType === Number.NEGATIVE_INFINITY) return maximum(input.abs().neg(), kernelSize, options).neg();
  const means = MEANS[dims - 1]!(input.pow(normType), kernelSize, options);
  const count = typeof kernelSize === 'number' ? kernelSize ** dims : kernelSize.reduce((a, b) => a * b, 1);
  return means
    .sign()
    .mul(means.abs().relu())
    .mul(count)
    .pow(1 / normType);
}
