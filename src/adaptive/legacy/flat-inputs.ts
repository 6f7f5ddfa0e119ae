// Pictures as rows, for models that take rows.

import type { Module } from '../../nn/module.ts';
import { Tensor } from '../../tensor/tensor.ts';

/** Runs something during which the model gets the inputs that are meant as [B, …] flattened to [B, N].
 *  @param isMeant - by their number of dimensions. @internal */
export async function withFlatInputs<T>(
  model: Module,
  isMeant: (ndim: number) => boolean,
  body: () => Promise<T>,
): Promise<T> {
  const hook = model.registerForwardPreHook((_model, inputs) => {
    const [input, ...rest] = inputs as readonly unknown[];
    if (!(input instanceof Tensor) || !isMeant(input.ndim)) return undefined;
    return [input.flatten({ startDim: 1 }), ...rest] as never[]; // what a module takes is its own business
  });
  try {
    return await body();
  } finally {
    hook.remove();
  }
}
