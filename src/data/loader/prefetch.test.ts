// Tests of the fetching pipeline: order, bounds, failures and a clean end, under every timing of its jobs.
import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { BatchSampler } from '../samplers/batch-sampler.ts';
import { SequentialSampler } from '../samplers/sequential-sampler.ts';
import { OrderSource } from './order-source.ts';
import { type BatchPlan, type BatchRecipe, type FinishedBatch, PrefetchIterator } from './prefetch.ts';

/** A recipe whose jobs end when the test says so: sample i is the number i, a batch is the list of its samples. */
class ManualRecipe implements BatchRecipe<Int32Array, number, number[]> {
  readonly running = new Map<number, { resolve: () => void; reject: (error: Error) => void }>();
  readonly started: number[] = [];
  readonly finished: number[] = [];
  readonly discarded: number[] = [];
  mostRunning = 0;

  numJobs(indices: Int32Array): number {
    return indices.length;
  }

  run({ work }: BatchPlan<Int32Array>, job: number): number | Promise<number> {
    const index = work[job]!;
    this.started.push(index);
    return new Promise((resolve, reject) => {
      const end = (settle: () => void) => () => {
        this.running.delete(index);
        settle();
      };
      this.running.set(index, { resolve: end(() => resolve(index)), reject: (error) => end(() => reject(error))() });
      this.mostRunning = Math.max(this.mostRunning, this.running.size);
    });
  }

  finish(results: number[], { context }: BatchPlan<Int32Array>): FinishedBatch<number[]> {
    this.finished.push(context.position);
    return { batch: results, numSkipped: 0, context };
  }

  discard(result: number): void {
    this.discarded.push(result);
  }
}

interface Setup {
  recipe: BatchRecipe<Int32Array, number, number[]>;
  numSamples?: number;
  batchSize?: number;
  concurrency?: number;
  prefetchFactor?: number;
  position?: number;
}

const iterate = ({
  recipe,
  numSamples = 10,
  batchSize = 2,
  concurrency = 3,
  prefetchFactor = 2,
  position = 0,
}: Setup) => {
  const order = new BatchSampler(new SequentialSampler(numSamples), { batchSize }).order(0);
  const source = new OrderSource({ order, seed: 0, epoch: 0, position });
  const nothing = () => undefined;
  return new PrefetchIterator({ source, recipe, concurrency, prefetchFactor, onBatch: nothing, onEnd: nothing });
};

/** Lets everything that is already settled run. */
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('PrefetchIterator', () => {
  it('gives every batch in order and keeps its bounds, whatever the order in which jobs end', async () => {
    const setup = fc.record({
      numSamples: fc.nat(30),
      batchSize: fc.integer({ min: 1, max: 7 }),
      concurrency: fc.integer({ min: 1, max: 9 }),
      prefetchFactor: fc.nat(4),
    });
    await fc.assert(
      fc.asyncProperty(setup, fc.infiniteStream(fc.nat()), async (options, choices) => {
        const recipe = new ManualRecipe();
        const iterator = iterate({ recipe, ...options });
        const batches: number[][] = [];
        const reading = (async () => {
          for await (const batch of iterator) {
            batches.push(batch);
            const lastAllowed = (batches.length + options.prefetchFactor) * options.batchSize;
            expect(Math.max(...recipe.started)).toBeLessThan(lastAllowed);
          }
        })();
        await settled();
        while (recipe.running.size > 0) {
          const keys = [...recipe.running.keys()];
          recipe.running.get(keys[choices.next().value % keys.length]!)!.resolve();
          await settled();
        }
        await reading;
        expect(batches.flat()).toEqual(Array.from({ length: options.numSamples }, (_, i) => i));
        expect(recipe.started).toEqual(batches.flat());
        expect(recipe.finished).toEqual(batches.map((_, position) => position));
        expect(recipe.mostRunning).toBeLessThanOrEqual(options.concurrency);
      }),
      { numRuns: 40 },
    );
  });

  it('hands out a batch that a synchronous job completes', async () => {
    const recipe = new ManualRecipe();
    const manual = recipe.run.bind(recipe);
    recipe.run = (plan, job) => (job === 0 ? manual(plan, job) : plan.work[job]!);
    const first = iterate({ recipe, concurrency: 1 }).next();
    await settled();
    recipe.running.get(0)!.resolve();
    expect((await first).value).toEqual([0, 1]);
  });

  it('keeps all its jobs busy: one that ends makes room for the next', async () => {
    const recipe = new ManualRecipe();
    const iterator = iterate({ recipe });
    iterator.prefetch();
    expect([...recipe.running.keys()]).toEqual([0, 1, 2]);
    recipe.running.get(1)!.resolve();
    await settled();
    expect([...recipe.running.keys()]).toEqual([0, 2, 3]);
  });

  it('prefetch() fetches prefetchFactor batches, and nothing where that is 0', async () => {
    const recipe = new ManualRecipe();
    iterate({ recipe, concurrency: 100, prefetchFactor: 2 }).prefetch();
    expect(recipe.started).toEqual([0, 1, 2, 3]);
    const lazy = new ManualRecipe();
    iterate({ recipe: lazy, prefetchFactor: 0 }).prefetch();
    expect(lazy.started).toEqual([]);
  });

  it('starts where it is told', async () => {
    const recipe = new ManualRecipe();
    const first = iterate({ recipe, position: 3 }).next();
    await settled();
    recipe.running.get(6)!.resolve();
    recipe.running.get(7)!.resolve();
    expect((await first).value).toEqual([6, 7]);
  });

  it('runs synchronous jobs only for the batch that is asked for', async () => {
    const run = vi.fn(({ work }: BatchPlan<Int32Array>, job: number) => work[job]!);
    const recipe: BatchRecipe<Int32Array, number, number[]> = {
      numJobs: (i) => i.length,
      run,
      finish: (batch, { context }) => ({ batch, numSkipped: 0, context }),
      discard: () => undefined,
    };
    const iterator = iterate({ recipe, concurrency: 1 });
    expect((await iterator.next()).value).toEqual([0, 1]);
    expect(run).toHaveBeenCalledTimes(2);
    expect((await iterator.next()).value).toEqual([2, 3]);
    expect(run).toHaveBeenCalledTimes(4);
  });

  it('throws a failure in its turn, after the batches before it, and is done then', async () => {
    const recipe = new ManualRecipe();
    const iterator = iterate({ recipe, concurrency: 100 });
    const reads = [iterator.next(), iterator.next(), iterator.next()].map((read) =>
      read.catch((error: unknown) => error),
    );
    await settled();
    recipe.running.get(3)!.reject(new Error('broken sample'));
    await settled();
    recipe.running.get(0)!.resolve();
    recipe.running.get(1)!.resolve();
    const [first, second, third] = await Promise.all(reads);
    expect(first).toEqual({ value: [0, 1], done: false });
    expect(second).toEqual(new Error('broken sample'));
    expect(third).toEqual({ value: undefined, done: true });
  });

  it.each(['run', 'finish', 'numJobs'] as const)('throws what %s throws to the caller of next()', async (method) => {
    const recipe = new ManualRecipe();
    vi.spyOn(recipe, method).mockImplementation(() => {
      throw new Error(`broken ${method}`);
    });
    if (method === 'finish') recipe.run = ({ work }, job) => work[job]!;
    const iterator = iterate({ recipe });
    await expect(iterator.next()).rejects.toThrow(`broken ${method}`);
    expect((await iterator.next()).done).toBe(true);
  });

  it('return() ends a waiting next() at once, and discards what has come and what still comes', async () => {
    const recipe = new ManualRecipe();
    const iterator = iterate({ recipe, concurrency: 100, prefetchFactor: 2 });
    const waiting = iterator.next();
    await settled();
    const [, second, third, failing, ...others] = [...recipe.running.values()];
    second!.resolve();
    await settled();
    await iterator.return();
    expect((await waiting).done).toBe(true);
    third!.resolve();
    failing!.reject(new Error('nobody waits for this one'));
    for (const other of others) other.resolve();
    await settled();
    expect(recipe.discarded.sort()).toEqual([1, 2, 4, 5]);
    expect(recipe.started).toEqual([0, 1, 2, 3, 4, 5]);
    expect((await iterator.next()).done).toBe(true);
  });

  it('close() with a reason makes a later next() throw it', async () => {
    const iterator = iterate({ recipe: new ManualRecipe() });
    await iterator.close(new Error('replaced'));
    await expect(iterator.next()).rejects.toThrow('replaced');
  });
});
