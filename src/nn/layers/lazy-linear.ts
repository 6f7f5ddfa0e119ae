// A linear layer that learns its input's size from the first input.

import type { Tensor } from '../../tensor/tensor.ts';
import { factoryOf } from '../factory.ts';
import { UninitializedParameter } from '../uninitialized.ts';
import { hasUninitializedParams, plainOptions, waitForInput } from './lazy.ts';
import { Linear, type LinearOptions } from './linear.ts';

/** A `Linear` whose `inFeatures` is the last dimension of its first input. It becomes a `Linear` then, and draws its numbers then.
 *  Source: torch.nn.LazyLinear. */
export class LazyLinear extends Linear {
  constructor(outFeatures: number, options: LinearOptions = {}) {
    super(0, 0, plainOptions(options, { bias: false }));
    const { bias = true } = options;
    const wait = (): UninitializedParameter => new UninitializedParameter(factoryOf(options));
    this.weight.dispose();
    Object.assign(this, { outFeatures, weight: wait(), bias: bias ? wait() : undefined });
    waitForInput(this, Linear, (layer, input) => initialize(layer, input));
  }
}

function initialize(layer: Linear, input: Tensor): void {
  const inFeatures = input.size(-1);
  if (!hasUninitializedParams(layer)) {
    // A state came first.
    Object.assign(layer, { inFeatures: layer.weight.size(-1) });
    return;
  }
  (layer.weight as UninitializedParameter).materialize([layer.outFeatures, inFeatures]);
  (layer.bias as UninitializedParameter | undefined)?.materialize([layer.outFeatures]);
  Object.assign(layer, { inFeatures });
  layer.resetParameters();
}
