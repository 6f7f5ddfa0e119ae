// `ArrayDataset`: the elements of an array as samples.
import { checkIndex, type Dataset } from './dataset.ts';

/**
 * The elements of an array, or of a typed array, as samples. The array stays the caller's: the dataset sees later changes of elements.
 * @example
 * import { ArrayDataset, DataLoader } from 'sconce/data';
 * const dataset = new ArrayDataset([{ x: [1, 2], name: 'a' }, { x: [3, 4], name: 'b' }]);
 * const batches: unknown[] = [];
 * for await (const { x, name } of new DataLoader({ dataset, batchSize: 2 })) batches.push(x, name);
 * batches; // [[tensor([1., 3.]), tensor([2., 4.])], ['a', 'b']]
 */
export class ArrayDataset<S> implements Dataset<S> {
  readonly length: number;
  readonly #samples: ArrayLike<S>;

  constructor(samples: ArrayLike<S>) {
    this.length = samples.length;
    this.#samples = samples;
  }

  get(index: number): S {
    checkIndex(this, index, 'get a sample');
    return this.#samples[index]!;
  }
}
