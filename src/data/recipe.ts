// The two ways to a batch: sample by sample with a collate, or at once from a dataset that can gather.
import { SampleError } from '../errors.ts';
import { collectTensors } from '../tensor/index.ts';
import type { BatchContext, Collate, Collated } from './collate.ts';
import { checkIndex, type Dataset, datasetName } from './dataset.ts';
import type { BatchRecipe } from './prefetch.ts';

/** Gives the context of the batch at `position` of an epoch. */
export type ContextAt = (position: number, indices: Int32Array) => BatchContext;

/** One job a sample: `dataset.get`; then `collate`. Samples are the dataset's, so that none is freed here. */
export function sampleRecipe<S, B>(
  dataset: Dataset<S>,
  collate: Collate<S, B>,
  contextAt: ContextAt,
): BatchRecipe<S, B> {
  return {
    numJobs: (indices) => indices.length,
    run: (indices, job) => {
      const index = indices[job]!;
      try {
        checkIndex(dataset, index, 'load a sample');
        const sample = dataset.get(index);
        return sample instanceof Promise ? sample.catch((error: unknown) => failSample(dataset, index, error)) : sample;
      } catch (error) {
        return failSample(dataset, index, error);
      }
    },
    finish: (samples, indices, position) => collate(samples, contextAt(position, indices)),
    discard: () => undefined,
  };
}

/** One job a batch: `dataset.getBatch`, which the dataset must have. Its tensors are the loader's until the batch is handed out. */
export function gatherRecipe<S>(dataset: Dataset<S>): BatchRecipe<Collated<S>, Collated<S>> {
  return {
    numJobs: () => 1,
    run: (indices) => {
      for (const index of indices) checkIndex(dataset, index, 'load a sample');
      return dataset.getBatch!(indices);
    },
    finish: ([batch]) => batch!,
    discard: (batch) => {
      for (const tensor of collectTensors(batch)) tensor.dispose();
    },
  };
}

function failSample<S>(dataset: Dataset<S>, index: number, cause: unknown): never {
  const reason = cause instanceof Error ? cause.message : String(cause);
  throw new SampleError(`Cannot load sample ${index} of ${datasetName(dataset)}: ${reason}`, index, { cause });
}
