// What a loader does to every batch that has been made, however it was made: the user's transform, and pinned memory.
import { _to_copy } from '../../tensor/aten.generated.ts';
import { getNative } from '../../tensor/call.ts';
import { adopt, scope, Tensor } from '../../tensor/index.ts';
import type { BatchContext } from '../context.ts';
import type { DataLoaderOptions } from './loader-options.ts';
import type { BatchRecipe } from './prefetch.ts';

/**
 * Changes a whole batch: augments, normalises, takes apart. Synchronous; it owns the batch that it is given, of which nothing but what it returns is left.
 * `sampleSeed(context, i)` is the seed of sample i.
 */
export type BatchTransform<C, B> = (batch: C, context: BatchContext) => B;

/** The recipe `making`, then the loader's `transform`, then pinned memory. */
export function finishedRecipe<W, R, C, B>(
  making: BatchRecipe<W, R, C>,
  { transform, pinMemory = false }: Pick<DataLoaderOptions<never, C, B>, 'transform' | 'pinMemory'>,
): BatchRecipe<W, R, B> {
  const recipe = transform
    ? transformed(making, named(transform))
    : (making as BatchRecipe<W, R, unknown> as BatchRecipe<W, R, B>); // then B is C
  return pinMemory && canPin() ? transformed(recipe, pinned) : recipe;
}

/** `recipe`, and `transform` of what it makes. */
function transformed<W, R, C, B>(recipe: BatchRecipe<W, R, C>, transform: BatchTransform<C, B>): BatchRecipe<W, R, B> {
  return {
    numJobs: (work) => recipe.numJobs(work),
    run: (plan, job) => recipe.run(plan, job),
    finish: (results, plan) => {
      const { batch, numSkipped, context } = recipe.finish(results, plan);
      if (batch === undefined) return { batch: undefined, numSkipped, context };
      const changed = scope(() => synchronous(transform(adopt(batch), context)), 'transform');
      if (changed !== undefined) return { batch: changed, numSkipped, context };
      throw new TypeError("Cannot transform a batch: expected the loader's transform to return one, got undefined");
    },
    discard: (result) => recipe.discard(result),
    close: () => recipe.close?.(),
  };
}

/** `transform`, whose errors say which batch it was. */
function named<C, B>(transform: BatchTransform<C, B>): BatchTransform<C, B> {
  return (batch, context) => {
    try {
      return transform(batch, context);
    } catch (error) {
      const { epoch, position } = context;
      const reason = error instanceof Error ? error.message : String(error);
      throw new Error(`Cannot transform batch ${position} of epoch ${epoch}: ${reason}`, { cause: error });
    }
  };
}

/** @throws {TypeError} for a promise: what it will change would be freed by then. */
function synchronous<B>(batch: B): B {
  if (!(batch instanceof Promise)) return batch;
  batch.catch(() => undefined); // this error tells enough
  throw new TypeError(
    "Cannot transform a batch: expected the loader's transform to return one, got a Promise; do what takes time in the dataset, which may be async",
  );
}

/** `batch` with its tensors in page-locked memory, from where a GPU fetches them while other work goes on. Goes into arrays and plain objects. */
function pinned<B>(batch: B): B {
  if (batch instanceof Tensor) {
    return (batch.device === 'cpu' ? _to_copy(batch, undefined, undefined, undefined, true) : batch) as B & Tensor;
  }
  if (Array.isArray(batch)) return batch.map(pinned) as B & unknown[];
  if (typeof batch !== 'object' || batch === null || Object.getPrototypeOf(batch) !== Object.prototype) return batch;
  return Object.fromEntries(Object.entries(batch).map(([key, value]) => [key, pinned(value)])) as B & object;
}

/** Whether there is a GPU that pinned memory is for. */
export function canPin(): boolean {
  return getNative().numCudaDevices() > 0;
}
