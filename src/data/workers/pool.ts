// The worker threads of one loader: started when there is something to do, kept between epochs.
import type { BatchPlan, BatchRecipe, FinishedBatch } from '../loader/prefetch.ts';
import type { PackedBatch, WorkerRecipe } from './messages.ts';
import { pack, release, unpack } from './packed.ts';
import { WorkerThread } from './thread.ts';

export interface WorkerPoolOptions {
  readonly numWorkers: number;
  readonly recipe: WorkerRecipe;
  /** What messages call the dataset. */
  readonly name: string;
  readonly length: number | undefined;
  readonly timeout: number;
}

/** Which worker makes a batch has no influence on the batch: a job is a pure function of its plan. */
export class WorkerPool {
  readonly #options: WorkerPoolOptions;
  readonly #threads: WorkerThread[] = [];
  /** Shared with the threads: jobs below it are dropped. Numbers are compared as they are, and 2^31 batches are far away. */
  readonly #firstWanted = new Int32Array(new SharedArrayBuffer(4));
  #numJobs = 0;
  #hasFailed = false;

  constructor(options: WorkerPoolOptions) {
    this.#options = options;
  }

  /** True when a job has failed, or a thread has ended. */
  get hasFailed(): boolean {
    return this.#hasFailed || this.#threads.some((thread) => thread.hasFailed);
  }

  /** Has a batch made by the thread that has the least to do. */
  async run(plan: BatchPlan<unknown>): Promise<PackedBatch | undefined> {
    const job = this.#numJobs++;
    const { context, work } = plan;
    const refuse = (path: string, got: string): Error =>
      new TypeError(
        `Cannot send samples of ${this.#options.name} to a worker thread: expected tensors on the CPU, typed arrays, numbers, strings, plain objects, arrays, maps and sets, got ${got} in ${path}; have the stream give what decode can make it from`,
      );
    try {
      const packed = pack({ context, work }, { name: 'plan', refuse });
      return await this.#choose().run({ job, plan: packed }, context.indices);
    } catch (error) {
      this.#hasFailed = true;
      throw error;
    }
  }

  /** Whatever was begun is not wanted any more. */
  abandon(): void {
    Atomics.store(this.#firstWanted, 0, this.#numJobs);
    for (const thread of this.#threads) thread.abandon();
  }

  /** Ends every thread. */
  async end(): Promise<void> {
    this.#hasFailed = true;
    await Promise.all(this.#threads.splice(0).map((thread) => thread.end()));
  }

  #choose(): WorkerThread {
    const { recipe, numWorkers, name, length, timeout } = this.#options;
    const failed = this.#threads.find((thread) => thread.hasFailed);
    if (failed) return failed; // its error is not lost
    let least: WorkerThread | undefined;
    for (const thread of this.#threads) if (!least || thread.numJobs < least.numJobs) least = thread;
    if (least && (least.numJobs === 0 || this.#threads.length === numWorkers)) return least;
    const number = this.#threads.length;
    const thread = new WorkerThread({ recipe, firstWanted: this.#firstWanted, number, name, length, timeout });
    this.#threads.push(thread);
    return thread;
  }
}

/** Batches of a pool's threads: one job a batch. */
export function pooledRecipe<B>(pool: WorkerPool): BatchRecipe<unknown, PackedBatch | undefined, B> {
  return {
    numJobs: () => 1,
    run: (plan) => pool.run(plan),
    finish: ([packed]) => {
      const { batch, ...rest } = packed!; // only jobs that nobody waits for are dropped
      return { ...rest, batch: unpack(batch) } as FinishedBatch<B>; // what the worker's recipe made
    },
    discard: (packed) => {
      if (packed) release(packed.batch);
    },
  };
}
