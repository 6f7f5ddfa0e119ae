// The worker threads of a `DataLoader`, as the loader sees them: a recipe for each iteration, and an end.
import { datasetName, type Identity } from '../datasets/dataset.ts';
import type { BatchRecipe } from '../loader/prefetch.ts';
import type { OptionProblems } from '../option-problems.ts';
import { originOf } from './origin.ts';
import { pooledRecipe, WorkerPool, type WorkerPoolOptions } from './pool.ts';

/** The options of a loader that its workers need. */
export interface LoaderWorkersOptions {
  readonly numWorkers: number;
  /** Samples under way at a time in one worker. */
  readonly concurrency: number;
  readonly timeout: number;
  readonly onSampleError: 'throw' | 'skip';
}

/** Notes what keeps a loader with these options from having workers. */
export function expectWorkers(
  problems: OptionProblems,
  { dataset, collate, numWorkers }: { dataset: Identity; collate: unknown; numWorkers: number },
): void {
  if (!(numWorkers > 0)) return;
  problems.expect(collate === undefined, 'collate', {
    wanted: 'none beside workers, which cannot be sent a function: export it as collate from the module of the dataset',
    got: typeof collate,
  });
  if (typeof dataset !== 'object' || dataset === null || originOf(dataset)) return;
  problems.expect(false, 'numWorkers', {
    wanted: `0 for ${datasetName(dataset)}, which workers cannot make: make it, or what it is a Subset of, by datasetModule()`,
    got: numWorkers,
  });
}

/** A loader's threads live from the first batch to `end()`, to the loader's collection, or to an error; after an error the next iteration starts others. */
export class LoaderWorkers {
  readonly #options: WorkerPoolOptions;
  #pool: WorkerPool | undefined;

  constructor(dataset: Identity, { numWorkers, concurrency, timeout, onSampleError }: LoaderWorkersOptions) {
    const origin = originOf(dataset)!; // expectWorkers has seen to it
    this.#options = {
      numWorkers,
      recipe: { origin, concurrency, onSampleError },
      name: datasetName(dataset),
      length: dataset.length,
      timeout,
    };
  }

  /** The recipe of one iteration, which is to close it before there is another. */
  recipe<B>(): BatchRecipe<unknown, unknown, B> {
    const pool = this.#openPool();
    return {
      ...pooledRecipe<B>(pool),
      close: () => {
        pool.abandon();
        if (pool.hasFailed) void this.end();
      },
    } as BatchRecipe<unknown, unknown, B>; // results go from run to finish unseen
  }

  /** Ends the threads. A later iteration starts others. */
  async end(): Promise<void> {
    const pool = this.#pool;
    this.#pool = undefined;
    if (!pool) return;
    collected.unregister(this);
    await pool.end();
  }

  #openPool(): WorkerPool {
    if (this.#pool) return this.#pool;
    this.#pool = new WorkerPool(this.#options);
    collected.register(this, this.#pool, this);
    return this.#pool;
  }
}

/** A loader that nobody can iterate any more needs no threads. */
const collected = new FinalizationRegistry<WorkerPool>((pool) => void pool.end());
