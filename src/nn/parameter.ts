// `Parameter`: a tensor that a module trains.

import { getNative, getScope, h } from '../tensor/call.ts';
import { Tensor } from '../tensor/tensor.ts';

/** A leaf that shares `data`'s memory and that modules find among their properties. It outlives the scope that it is made in.
 *  Source: torch.nn.Parameter. */
export class Parameter extends Tensor {
  /** @param requiresGrad - default true; integer tensors cannot require a gradient. */
  constructor(data: Tensor, requiresGrad = true) {
    super(getNative().alias(h(data)), getScope());
    this.keep();
    if (requiresGrad) this.requiresGrad = true;
  }

  /** As PyTorch prints it. */
  override toString(): string {
    return `Parameter containing:\n${super.toString()}`;
  }
}
