// Tensors with the graph behind them, beside state that has none, so that state can be saved and copied at any time.

import { hold, letGo } from '../../tensor/scope.ts';
import type { Tensor } from '../../tensor/tensor.ts';

/** Tensors of the last step. They live until others take their place, as buffers do; a copy of their owner begins without any. */
export class LiveTensors<T extends Readonly<Record<string, Tensor>>> {
  #tensors: T | undefined;

  /** Undefined before the first step. */
  get tensors(): T | undefined {
    return this.#tensors;
  }

  set(tensors: T | undefined): void {
    const before = this.#tensors;
    for (const tensor of Object.values(tensors ?? {})) hold(tensor);
    this.#tensors = tensors;
    for (const tensor of Object.values(before ?? {})) letGo(tensor);
  }

  emptyCopy(): LiveTensors<T> {
    return new LiveTensors<T>();
  }
}
