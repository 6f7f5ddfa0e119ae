// The interface of a metric that needs more than a mean of batch values.

import type { Tensor } from '../../tensor/tensor.ts';

/** Gathers batches and gives values at the end of an evaluation. `update` runs inside a step and is synchronous. */
export interface Metric {
  update(...inputs: Tensor[]): void;
  /** Values by name, as in `{ i2t_r1: 0.5 }`. */
  compute(): Record<string, number>;
  reset(): void;
}
