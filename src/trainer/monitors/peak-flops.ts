// How fast matrix products can be on a device: what a step's speed is measured against.

import { noGrad } from '../../tensor/autograd.ts';
import { full } from '../../tensor/create.ts';
import type { Device } from '../../tensor/device.ts';
import type { DType } from '../../tensor/dtype.ts';
import { scope } from '../../tensor/scope.ts';
import type { Tensor } from '../../tensor/tensor.ts';

/** Sizes grow until a product takes so long, or has so many rows. */
const [LONG_MS, MOST_ROWS] = [10, 8192];
const NUM_TRIALS = 4;

/** Operations a second of a large square matrix product, the best of four trials; about a tenth of a second. A busy machine gives less.
 *  @param dtype - in which the product is computed, as 'bfloat16' for a training with mixed precision. */
export function measurePeakFlops(device: Device, dtype: DType): number {
  return scope(() =>
    noGrad(() => {
      for (let rows = 256; ; rows *= 2) {
        const matrix = full([rows, rows], 1 / rows, { dtype, device }); // its products have the same entries
        multiplyMs(matrix, 1); // sets up threads and kernels
        const ms = multiplyMs(matrix, 1);
        if (ms < LONG_MS && rows < MOST_ROWS) continue;
        // On a GPU one product is over before it is read.
        const numProducts = Math.max(1, Math.ceil(LONG_MS / ms));
        const best = Math.min(...Array.from({ length: NUM_TRIALS }, () => multiplyMs(matrix, numProducts)));
        return (2 * rows ** 3 * numProducts) / (best / 1000);
      }
    }),
  );
}

function multiplyMs(matrix: Tensor, numProducts: number): number {
  const started = performance.now();
  scope(() => {
    let product = matrix;
    for (let i = 0; i < numProducts; i++) product = product.mm(matrix);
    product.flatten().narrow(0, 0, 1).item(); // waits for the device
  });
  return performance.now() - started;
}
