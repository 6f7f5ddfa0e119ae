// `TransformedDataset`, `TransformedIterableDataset`: every sample of a dataset, changed by a function.
import type { SampleContext } from '../context.ts';
import { type Dataset, datasetName, expectDataset } from './dataset.ts';
import type { IterableDataset, SampleStream, StreamState } from './iterable.ts';

/** Changes a sample. What it draws at random it draws from a generator seeded by `context.seed`: then it is the same after a resume and under any concurrency. */
export type SampleTransform<S, T> = (sample: S, context: SampleContext) => T | Promise<T>;

/**
 * The samples of another dataset, each changed by a function, anew at every look. A loader asks for them one by one; a change of whole batches of tensors is
 * faster as the loader's `transform`.
 * @example
 * import { ArrayDataset, TransformedDataset } from 'sconce/data';
 * const dataset = new TransformedDataset(new ArrayDataset(['a', 'bc']), (word, { seed }) => ({ word, length: word.length, seed }));
 * dataset.get(1, { seed: 7, epoch: 0 }); // { word: 'bc', length: 2, seed: 7 }
 */
export class TransformedDataset<S, T> implements Dataset<T> {
  readonly name: string;
  readonly length: number;
  readonly #dataset: Dataset<S>;
  readonly #transform: SampleTransform<S, T>;

  constructor(dataset: Dataset<S>, transform: SampleTransform<S, T>) {
    expectDataset(dataset, 'make a TransformedDataset');
    this.name = `TransformedDataset of ${datasetName(dataset)}`;
    this.length = dataset.length;
    this.#dataset = dataset;
    this.#transform = transform;
  }

  get(index: number, context: SampleContext): T | Promise<T> {
    return changed(this.#dataset.get(index, context), this.#transform, context);
  }
}

/** The samples of an iterable dataset, each changed by a function after its `decode`: it runs beside others. */
export class TransformedIterableDataset<R, S, T> implements IterableDataset<R, T> {
  readonly name: string;
  readonly length: number | undefined;
  readonly numReplicas: number | undefined;
  readonly #dataset: IterableDataset<R, S>;
  readonly #transform: SampleTransform<S, T>;

  constructor(dataset: IterableDataset<R, S>, transform: SampleTransform<S, T>) {
    this.name = `TransformedIterableDataset of ${datasetName(dataset)}`;
    this.length = dataset.length;
    this.numReplicas = dataset.numReplicas;
    this.#dataset = dataset;
    this.#transform = transform;
  }

  open(epoch: number, state?: StreamState): SampleStream<R> {
    return this.#dataset.open(epoch, state);
  }

  decode(raw: R, context: SampleContext): T | Promise<T> {
    const sample = this.#dataset.decode ? this.#dataset.decode(raw, context) : (raw as unknown as S); // without decode, R is S
    return changed(sample, this.#transform, context);
  }
}

function changed<S, T>(
  sample: S | Promise<S>,
  transform: SampleTransform<S, T>,
  context: SampleContext,
): T | Promise<T> {
  return sample instanceof Promise ? sample.then((one) => transform(one, context)) : transform(sample, context);
}
