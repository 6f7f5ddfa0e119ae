// `Parameter`: a tensor that a module trains.

import { getNative, getScope, h } from '../tensor/call.ts';
import { Tensor } from '../tensor/tensor.ts';

// A module cannot see into private fields and closures. The parameters that are alive can be seen, and one that gets a gradient and that nobody
// trains is such a one; hence the one list of this file. It holds nothing alive.
const alive = new Set<WeakRef<Parameter>>();
const collected = new FinalizationRegistry<WeakRef<Parameter>>((reference) => alive.delete(reference));

/** Every parameter of this thread that something refers to. @internal */
export function liveParameters(): Parameter[] {
  return Array.from(alive, (reference) => reference.deref()).filter((parameter) => parameter !== undefined);
}

/** A leaf that shares `data`'s memory and that modules find among their properties. It outlives the scope that it is made in.
 *  Source: torch.nn.Parameter. */
export class Parameter extends Tensor {
  /** @param requiresGrad - default true; integer tensors cannot require a gradient. */
  constructor(data: Tensor, requiresGrad = true) {
    super(getNative().alias(h(data)), getScope());
    this.keep();
    if (requiresGrad) this.requiresGrad = true;
    const reference = new WeakRef(this);
    alive.add(reference);
    collected.register(this, reference);
  }

  /** As PyTorch prints it. */
  override toString(): string {
    return `Parameter containing:\n${super.toString()}`;
  }
}
