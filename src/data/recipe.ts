// The two ways to a batch: sample by sample with a collate, or at once from a dataset that can gather.
import { SampleError } from '../errors.ts';
import { collectTensors } from '../tensor/index.ts';
import { type Collate, type Collated, defaultCollate } from './collate.ts';
import { sampleContext } from './context.ts';
import { checkIndex, type Dataset, datasetName } from './dataset.ts';
import type { BatchRecipe } from './prefetch.ts';

/** The recipe of a dataset in this thread; a worker thread has the same. By `collate` where there is one, else by the dataset's own `getBatch` or by type. */
export function datasetRecipe<S, B>(
  dataset: Dataset<S>,
  collate: Collate<S, B> | undefined,
): BatchRecipe<Int32Array, unknown, B> {
  // Without a collate, B is Collated<S>: hence the casts.
  if (dataset.getBatch && !collate) return gatherRecipe(dataset) as BatchRecipe<Int32Array, unknown, unknown> as never;
  return sampleRecipe(dataset, collate ?? (defaultCollate as Collate<S, unknown> as Collate<S, B>));
}

/** One job a sample: `dataset.get`; then `collate`. Samples are the dataset's, so that none is freed here. */
export function sampleRecipe<S, B>(dataset: Dataset<S>, collate: Collate<S, B>): BatchRecipe<Int32Array, S, B> {
  return {
    numJobs: (indices) => indices.length,
    run: ({ work, context }, job) => {
      const index = work[job]!;
      try {
        checkIndex(dataset, index, 'load a sample');
        const sample = dataset.get(index, sampleContext(context, job));
        return sample instanceof Promise ? sample.catch((error: unknown) => failSample(dataset, index, error)) : sample;
      } catch (error) {
        return failSample(dataset, index, error);
      }
    },
    finish: (samples, { context }) => ({ batch: collate(samples, context), numSkipped: 0 }),
    discard: () => undefined,
  };
}

/** One job a batch: `dataset.getBatch`, which the dataset must have. Its tensors are the loader's until the batch is handed out. */
export function gatherRecipe<S>(dataset: Dataset<S>): BatchRecipe<Int32Array, Collated<S>, Collated<S>> {
  return {
    numJobs: () => 1,
    run: ({ work, context }) => {
      for (const index of work) checkIndex(dataset, index, 'load a sample');
      return dataset.getBatch!(work, context);
    },
    finish: ([batch]) => ({ batch, numSkipped: 0 }),
    discard: (batch) => {
      for (const tensor of collectTensors(batch)) tensor.dispose();
    },
  };
}

function failSample<S>(dataset: Dataset<S>, index: number, cause: unknown): never {
  const reason = cause instanceof Error ? cause.message : String(cause);
  throw new SampleError(`Cannot load sample ${index} of ${datasetName(dataset)}: ${reason}`, index, { cause });
}
