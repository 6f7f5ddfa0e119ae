// Activations by the names that config.json gives them, composed as transformers composes them, so that the bits are the same.

import { gelu, hardswish, hardtanh, mish, silu } from '../tensor/nn-ops.generated.ts';
import type { Tensor } from '../tensor/tensor.ts';

const ROOT = Math.sqrt(2 / Math.PI);

/** Every name that is supported. `gelu_new` is eight operators and `gelu_pytorch_tanh` one: the same formula, other rounding.
 *  Source: transformers.activations.ACT2FN. */
const ACTIVATIONS: Readonly<Record<string, (x: Tensor) => Tensor>> = {
  gelu: (x) => gelu(x),
  gelu_python: (x) => x.mul(0.5).mul(x.div(Math.sqrt(2)).erf().add(1)),
  gelu_new: (x) => x.mul(0.5).mul(x.add(x.pow(3).mul(0.044715)).mul(ROOT).tanh().add(1)),
  gelu_fast: (x) => x.mul(0.5).mul(x.mul(0.7978845608).mul(x.mul(0.044715).mul(x).add(1)).tanh().add(1)),
  gelu_pytorch_tanh: (x) => gelu(x, { approximate: 'tanh' }),
  quick_gelu: (x) => x.mul(x.mul(1.702).sigmoid()),
  hardswish: (x) => hardswish(x),
  linear: (x) => x,
  mish: (x) => mish(x),
  relu: (x) => x.relu(),
  relu6: (x) => hardtanh(x, { minVal: 0, maxVal: 6 }),
  relu2: (x) => x.relu().square(),
  sigmoid: (x) => x.sigmoid(),
  silu: (x) => silu(x),
  swish: (x) => silu(x),
  tanh: (x) => x.tanh(),
};

/** The names of `activation`. */
export const activationNames: readonly string[] = Object.keys(ACTIVATIONS);

/** The function of that name. @throws {RangeError} for another. */
export function activation(name: string): (x: Tensor) => Tensor {
  if (Object.hasOwn(ACTIVATIONS, name)) return ACTIVATIONS[name]!;
  throw new RangeError(`Cannot make an activation: expected one of ${activationNames.join(', ')}, got "${name}"`);
}
