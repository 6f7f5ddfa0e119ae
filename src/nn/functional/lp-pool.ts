// Power means over windows.

import { readOptions } from '../../tensor/arguments.ts';
import { avgPool2d, avgPool3d } from '../../tensor/nn-ops.generated.ts';
import { avgPool1d, maxPool1d, maxPool2d, maxPool3d } from '../../tensor/ops.generated.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { type Sizes, sizesFor } from '../sizes.ts';

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

export interface LPPoolOptions {
  /** Default: the kernel's size. */
  stride?: Sizes;
  /** Let windows reach over the edge, rather than leave a rest out. Default false. */
  ceilMode?: boolean;
}

function pool(dims: number, input: Tensor, normType: number, kernelSize: Sizes, options: LPPoolOptions): Tensor {
  const name = `lpPool${dims}d`;
  readOptions(name, ['stride', 'ceilMode'], options);
  sizesFor(`call ${name}`, kernelSize, dims, 'kernelSize', 1);
  return lpPool(dims, input, normType, kernelSize, { stride: options.stride, ceilMode: options.ceilMode ?? false });
}

/** Power means over windows. Shape: [N, C, L] -> [N, C, L'], with or without N. Source: torch.nn.functional.lp_pool1d. */
export function lpPool1d(input: Tensor, normType: number, kernelSize: Sizes, options: LPPoolOptions = {}): Tensor {
  return pool(1, input, normType, kernelSize, options);
}

/** Power means over windows. Shape: [N, C, H, W] -> [N, C, H', W'], with or without N. Source: torch.nn.functional.lp_pool2d. */
export function lpPool2d(input: Tensor, normType: number, kernelSize: Sizes, options: LPPoolOptions = {}): Tensor {
  return pool(2, input, normType, kernelSize, options);
}

/** Power means over windows. Shape: [N, C, D, H, W] -> [N, C, D', H', W'], with or without N. Source: torch.nn.functional.lp_pool3d. */
export function lpPool3d(input: Tensor, normType: number, kernelSize: Sizes, options: LPPoolOptions = {}): Tensor {
  return pool(3, input, normType, kernelSize, options);
}
