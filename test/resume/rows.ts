// Rows that are all different, read as if from a slow disk, with noise from the batch's own seed. Worker threads make the same dataset from this module.
import { Generator, randn, scope, type Tensor } from 'sconce';
import { type BatchContext, type Dataset, defaultCollate } from 'sconce/data';

interface Row {
  readonly x: Float32Array;
  readonly y: number;
}

export interface Batch {
  /** [B, 4] */
  readonly x: Tensor;
  /** [B] */
  readonly y: Tensor;
}

/** `length` rows from number `start` on. */
export default ({ length, start }: { length: number; start: number }): Dataset<Row> => ({
  length,
  async get(index) {
    const at = start + index;
    return { x: Float32Array.from({ length: 4 }, (_, d) => Math.sin(at * (d + 1.3))), y: Math.cos(at) };
  },
});

/** Adds noise that follows from the batch's seed. */
export function collate(samples: Row[], { seed }: BatchContext): Batch {
  return scope(() => {
    const { x, y } = defaultCollate(samples);
    return { x: x.add(randn(x.shape, { generator: new Generator(seed) }).mul(0.1)), y };
  });
}
