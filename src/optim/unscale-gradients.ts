// Gradients times a factor, in place, and whether one of them is not finite: one pass where libtorch has the kernel.

import type { Parameter } from '../nn/parameter.ts';
import * as aten from '../tensor/aten.generated.ts';
import { full } from '../tensor/create.ts';
import type { Device } from '../tensor/device.ts';
import { stack } from '../tensor/ops.generated.ts';
import { scope } from '../tensor/scope.ts';
import type { Tensor } from '../tensor/tensor.ts';

/** @returns whether an element of a gradient is inf or nan.  @throws {TypeError} for a gradient in float16. */
export function unscaleGradients(parameters: readonly Parameter[], factor: number): boolean {
  const byKind = new Map<string, Tensor[]>();
  for (const parameter of parameters) {
    const gradient = parameter.grad;
    if (!gradient) continue;
    if (gradient.dtype === 'float16') {
      throw new TypeError(
        'Cannot unscale gradients: expected float32, got float16, in which the division flushes small ones to zero; keep weights in float32 and run the forward pass under autocast',
      );
    }
    const values = gradient.layout === 'strided' ? gradient : aten._values(gradient);
    const kind = `${values.device} ${values.dtype}`;
    const list = byKind.get(kind);
    if (list) list.push(values);
    else byKind.set(kind, [values]);
  }
  // Every list is unscaled, also behind one that is not finite.
  return [...byKind.values()].map((gradients) => unscaleList(gradients, factor)).some((foundInf) => foundInf);
}

function unscaleList(gradients: readonly Tensor[], factor: number): boolean {
  const { device } = gradients[0]!;
  if (!hasKernel(device)) {
    const areFinite = stack(gradients.map((gradient) => gradient.mul_(factor).isfinite().all()));
    return areFinite.all().item() === 0;
  }
  const foundInf = full([], 0, { dtype: 'float32', device });
  const inverse = full([], factor, { dtype: 'float32', device });
  aten._amp_foreach_non_finite_check_and_unscale_(gradients, foundInf, inverse);
  return foundInf.item() !== 0;
}

const kernels = new Map<string, boolean>();

/** Whether libtorch has the kernel for a device; older ones have it on a GPU alone. */
function hasKernel(device: Device): boolean {
  const kind = device.split(':')[0]!;
  let isThere = kernels.get(kind);
  if (isThere === undefined) {
    isThere = scope(() => {
      const one = (): Tensor => full([], 1, { dtype: 'float32', device });
      try {
        aten._amp_foreach_non_finite_check_and_unscale_([one()], one(), one());
        return true;
      } catch {
        return false;
      }
    });
    kernels.set(kind, isThere);
  }
  return isThere;
}
