// `Parameter`: a tensor that a module trains.

import type { Handle } from '../binding/native.ts';
import { getNative, getScope, h } from '../tensor/call.ts';
import { noteChange } from '../tensor/capture/notes.ts';
import { Tensor } from '../tensor/tensor.ts';

/** The parameters of this thread that are alive and have a gradient. A module cannot see into private fields and closures; a parameter
 *  that gets a gradient and that nobody trains is such a one. The addon keeps the list: references held weakly by JavaScript would keep every parameter
 *  alive until the event loop turns. @internal */
export function trainedParameters(): { handle: Handle; shape: readonly number[] }[] {
  const native = getNative();
  return Array.from(native.trainedParameters(), (handle) => ({ handle, shape: native.shape(handle) }));
}

/** A leaf that shares `data`'s memory and that modules find among their properties. It outlives the scope that it is made in.
 *  Source: torch.nn.Parameter. */
export class Parameter extends Tensor {
  /** @param requiresGrad - default true; integer tensors cannot require a gradient. */
  constructor(data: Tensor, requiresGrad = true) {
    super(getNative().alias(h(data)), getScope());
    this.keep();
    if (requiresGrad) this.requiresGrad = true;
    getNative().markParameter(this.handle);
    noteChange();
  }

  /** As PyTorch prints it. */
  override toString(): string {
    return `Parameter containing:\n${super.toString()}`;
  }
}
