// Rows for a small model, made in worker threads.
import type { Dataset } from '../../src/data/index.ts';

export default function make({ length }: { readonly length: number }): Dataset<object> {
  const get = (index: number): object => ({
    x: new Float32Array([index, index / 2, 1]),
    y: new Float32Array([index / 3]),
    row: index,
  });
  return { name: 'rows', length, get };
}
