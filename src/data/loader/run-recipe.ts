// Makes one batch by its recipe, away from any loader: in a worker, or to see which sample of a batch fails.
import type { BatchPlan, BatchRecipe, FinishedBatch } from './prefetch.ts';

/**
 * Does the jobs of one batch, at most `concurrency` at a time, and finishes it. Where a job fails, no other is begun, those under way are waited for, and the
 * error of the earliest of them is thrown.
 */
export async function runRecipe<W, R, B>(
  recipe: BatchRecipe<W, R, B>,
  plan: BatchPlan<W>,
  concurrency: number,
): Promise<FinishedBatch<B>> {
  const numJobs = recipe.numJobs(plan.work);
  const results: R[] = [];
  let next = 0;
  const failures: { readonly job: number; readonly error: unknown }[] = [];
  const work = async (): Promise<void> => {
    while (next < numJobs && failures.length === 0) {
      const job = next++;
      try {
        const result = recipe.run(plan, job);
        results[job] = result instanceof Promise ? await result : result;
      } catch (error) {
        failures.push({ job, error });
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(concurrency, numJobs) }, work));
  const [first] = failures.sort((a, b) => a.job - b.job);
  if (!first) return recipe.finish(results, plan);
  for (const result of results) if (result !== undefined) recipe.discard(result);
  throw first.error;
}
