// The ways to a batch: sample by sample with a collate, or at once from a dataset that can gather.
import { SampleError } from '../../errors.ts';
import { collectTensors } from '../../tensor/index.ts';
import { type Collate, type Collated, defaultCollate } from '../collate/collate.ts';
import { type BatchContext, sampleContext } from '../context.ts';
import { checkIndex, type Dataset, datasetName } from '../datasets/dataset.ts';
import { type IterableDataset, isIterableDataset } from '../datasets/iterable.ts';
import type { BatchPlan, BatchRecipe, FinishedBatch } from './prefetch.ts';
import { runRecipe } from './run-recipe.ts';
import { limitTime } from './time-limit.ts';

/** What happens to samples that fail or do not come. */
export interface FailurePolicy {
  readonly onSampleError: 'throw' | 'skip';
  /** Seconds that a sample may take; 0 for no limit. */
  readonly timeout: number;
}

/** What a recipe needs to know beside its dataset. Plain data. */
export interface RecipeOptions extends FailurePolicy {
  /** Samples under way at a time where a batch by `getBatch` failed. */
  readonly concurrency: number;
}

/**
 * The recipe of a dataset in this thread; a worker thread has the same. By `collate` where there is one, else by the dataset's own `getBatch` or by type.
 * Recipes take the work that the source for their kind of dataset gives, and make what collate is typed to make: the casts say no more.
 */
export function datasetRecipe<S, B>(
  dataset: Dataset<S> | IterableDataset<unknown, S>,
  collate: Collate<S, B> | undefined,
  options: RecipeOptions,
): BatchRecipe<ArrayLike<unknown>, unknown, B> {
  type Recipe = BatchRecipe<ArrayLike<unknown>, unknown, B>;
  const collateOrDefault = collate ?? (defaultCollate as Collate<S, unknown> as Collate<S, B>);
  if (isIterableDataset(dataset)) return decodeRecipe(dataset, collateOrDefault, options) as Recipe;
  if (dataset.getBatch && !collate) return gatherRecipe(dataset, options) as unknown as Recipe;
  return sampleRecipe(dataset, collateOrDefault, options) as Recipe;
}

/** The result of a job whose sample failed and is left out. */
const SKIPPED = Symbol('skipped');

/** How single samples come about. */
interface SampleJobs<W, S> {
  /** Checks the work, and counts its samples. */
  count(work: W): number;
  load(plan: BatchPlan<W>, job: number): S | Promise<S>;
  /** As in `sample 3 of pictures`. */
  describe(plan: BatchPlan<W>, job: number): string;
}

/** One job a sample: `dataset.get`; then `collate`. Samples are the dataset's, so that none is freed here. */
export function sampleRecipe<S, B>(
  dataset: Dataset<S>,
  collate: Collate<S, B>,
  policy: FailurePolicy,
): BatchRecipe<Int32Array, unknown, B> {
  return samplewise(
    {
      count: (indices) => checkIndices(dataset, indices).length,
      load: ({ work, context }, job) => dataset.get(work[job]!, sampleContext(context, job)),
      describe: ({ work }, job) => `sample ${work[job]} of ${datasetName(dataset)}`,
    },
    collate,
    policy,
  );
}

/** One job a sample: `dataset.decode` of what a stream gave, or that itself; then `collate`. */
export function decodeRecipe<R, S, B>(
  dataset: IterableDataset<R, S>,
  collate: Collate<S, B>,
  policy: FailurePolicy,
): BatchRecipe<readonly R[], unknown, B> {
  return samplewise<readonly R[], S, B>(
    {
      count: ({ length }) => length,
      load: ({ work, context }, job) =>
        dataset.decode ? dataset.decode(work[job]!, sampleContext(context, job)) : (work[job] as unknown as S), // without decode, R is S
      describe: ({ context }, job) => streamedSample(dataset, context.epoch, context.indices[job]!),
    },
    collate,
    policy,
  );
}

/** What messages call a sample of an iterable dataset. */
export function streamedSample(dataset: IterableDataset<unknown, unknown>, epoch: number, index: number): string {
  return `sample ${index} of epoch ${epoch} of ${datasetName(dataset)}`;
}

function samplewise<W, S, B>(
  jobs: SampleJobs<W, S>,
  collate: Collate<S, B>,
  { onSampleError, timeout }: FailurePolicy,
): BatchRecipe<W, S | typeof SKIPPED, B> {
  const fail = (plan: BatchPlan<W>, job: number, cause: unknown): typeof SKIPPED => {
    if (onSampleError === 'skip') return SKIPPED;
    throw sampleError(jobs.describe(plan, job), plan.context.indices[job]!, cause);
  };
  return {
    numJobs: (work) => jobs.count(work),
    run: (plan, job) => {
      try {
        const sample = jobs.load(plan, job);
        if (!(sample instanceof Promise)) return sample;
        const settled: Promise<S | typeof SKIPPED> = sample.catch((error: unknown) => fail(plan, job, error));
        if (timeout === 0) return settled;
        const late = (): SampleError => lateSample(jobs.describe(plan, job), plan.context.indices[job]!, timeout);
        return limitTime(settled, { seconds: timeout, late });
      } catch (error) {
        return fail(plan, job, error);
      }
    },
    finish: (results, { context }) => {
      if (onSampleError === 'skip' && results.includes(SKIPPED)) return finishRest(results, context, collate);
      return { batch: checkBatch(collate(results as S[], context)), numSkipped: 0, context }; // none is SKIPPED
    },
    discard: () => undefined,
  };
}

/** Collates what has not failed. */
function finishRest<S, B>(
  results: readonly (S | typeof SKIPPED)[],
  context: BatchContext,
  collate: Collate<S, B>,
): FinishedBatch<B> {
  const slots = Int32Array.from(results.keys()).filter((slot) => results[slot] !== SKIPPED);
  const kept: BatchContext = {
    ...context,
    indices: slots.map((slot) => context.indices[slot]!),
    slots: slots.map((slot) => context.slots?.[slot] ?? slot),
  };
  const samples = results.filter((result): result is S => result !== SKIPPED);
  const batch = samples.length === 0 ? undefined : checkBatch(collate(samples, kept));
  return { batch, numSkipped: results.length - samples.length, context: kept };
}

/**
 * One job a batch: `dataset.getBatch`, which the dataset must have. Its tensors are the loader's until the batch is handed out.
 * Where it fails, the samples are asked for one by one, so that the one that fails is named or left out.
 */
export function gatherRecipe<S>(
  dataset: Dataset<S>,
  policy: RecipeOptions,
): BatchRecipe<Int32Array, FinishedBatch<Collated<S>>, Collated<S>> {
  const single = sampleRecipe(dataset, defaultCollate as Collate<S, Collated<S>>, policy);
  const oneByOne = async (plan: BatchPlan<Int32Array>, cause: unknown): Promise<FinishedBatch<Collated<S>>> => {
    if (cause instanceof SampleError && policy.onSampleError === 'throw') throw cause;
    const finished = await runRecipe(single, plan, policy.concurrency);
    if (finished.numSkipped > 0) return finished;
    dispose(finished);
    throw cause; // every sample is there: the fault is not theirs
  };
  return {
    numJobs: (indices) => {
      checkIndices(dataset, indices);
      return 1;
    },
    run: (plan) => {
      const { work, context } = plan;
      const finish = (batch: Collated<S>): FinishedBatch<Collated<S>> => ({
        batch: checkBatch(batch),
        numSkipped: 0,
        context,
      });
      try {
        const batch = dataset.getBatch!(work, context);
        if (!(batch instanceof Promise)) return finish(batch);
        const finished = batch.then(finish).catch((error: unknown) => oneByOne(plan, error));
        if (policy.timeout === 0) return finished;
        const samples = `${work.length} samples from ${work[0]} of ${datasetName(dataset)}`;
        const late = (): SampleError => lateSample(samples, work[0]!, policy.timeout);
        return limitTime(finished, { seconds: policy.timeout, late, discard: dispose });
      } catch (error) {
        return oneByOne(plan, error);
      }
    },
    finish: ([finished]) => finished!,
    discard: dispose,
  };
}

function dispose({ batch }: FinishedBatch<unknown>): void {
  for (const tensor of collectTensors(batch)) tensor.dispose();
}

function checkIndices<S>(dataset: Dataset<S>, indices: Int32Array): Int32Array {
  const { length } = dataset;
  for (let i = 0; i < indices.length; i++) {
    const index = indices[i]!;
    if (!(index >= 0 && index < length)) checkIndex(dataset, index, 'load a sample');
  }
  return indices;
}

/** Undefined stands for a batch of which nothing is left, and a promise would be handed out as if it were the batch. */
function checkBatch<B>(batch: B): B {
  if (batch !== undefined && !(batch instanceof Promise)) return batch;
  const got = batch === undefined ? 'undefined' : 'a Promise; do what takes time in the dataset, which may be async';
  throw new TypeError(`Cannot collate a batch: expected a value, got ${got}`);
}

/** The error for a sample that could not be made. */
export function sampleError(sample: string, index: number, cause: unknown): SampleError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new SampleError(`Cannot load ${sample}: ${reason}`, index, { cause });
}

/** The error for a sample that does not come. Never skipped: what is left out would depend on the moment. */
export function lateSample(sample: string, index: number, timeout: number): SampleError {
  return new SampleError(
    `Cannot load ${sample}: expected an answer within ${timeout} s, got none; give the loader a longer timeout, or look at what the dataset waits for`,
    index,
  );
}
