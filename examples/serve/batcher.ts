// Requests of a few milliseconds become one batch for the worker; too many that wait are turned away.
import { EventEmitter, once } from 'node:events';
import type { Worker } from 'node:worker_threads';

interface Waiting {
  readonly points: number[][];
  readonly resolve: (scores: number[][]) => void;
  readonly reject: (error: Error) => void;
}

/** What the server answers with 503. */
export class BusyError extends Error {}

/** Tells `failed` with the error when the model has gone. */
export class Batcher extends EventEmitter {
  readonly #worker: Worker;
  readonly #limits: { maxBatch: number; maxWaitMs: number; maxWaiting: number };
  #waiting: Waiting[] = [];
  #atWork: readonly Waiting[] | undefined;
  #timer: NodeJS.Timeout | undefined;
  #failure: Error | undefined;
  #isReady = false;
  /** Batches so far, for the curious. */
  numBatches = 0;

  constructor(worker: Worker, limits: { maxBatch: number; maxWaitMs: number; maxWaiting: number }) {
    super();
    this.#worker = worker;
    this.#limits = limits;
    worker.on('message', (message: { isReady?: boolean; scores?: number[][]; problem?: string }) => {
      if (message.isReady) this.#isReady = true;
      else this.#settle(message);
    });
    worker.on('error', (error) => this.#fail(error));
    worker.on('exit', () => this.#fail(new Error('The model has gone')));
  }

  get isReady(): boolean {
    return this.#isReady && this.#failure === undefined;
  }

  /** Class scores of points [N, 2]. */
  predict(points: number[][]): Promise<number[][]> {
    if (this.#failure) return Promise.reject(this.#failure);
    if (this.#waiting.length >= this.#limits.maxWaiting) return Promise.reject(new BusyError('Too many requests wait'));
    return new Promise((resolve, reject) => {
      this.#waiting.push({ points, resolve, reject });
      if (this.#waiting.length >= this.#limits.maxBatch) this.#send();
      else this.#timer ??= setTimeout(() => this.#send(), this.#limits.maxWaitMs);
    });
  }

  /** Ends the worker when everything that waits is answered. */
  async close(): Promise<void> {
    while (this.#failure === undefined && (this.#waiting.length > 0 || this.#atWork)) {
      this.#send();
      await once(this.#worker, 'message');
    }
    await this.#worker.terminate();
  }

  /** One batch is under way at a time: what comes meanwhile becomes the next one. */
  #send(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#atWork || this.#waiting.length === 0) return;
    this.#atWork = this.#waiting.splice(0, this.#limits.maxBatch);
    this.numBatches += 1;
    this.#worker.postMessage({ id: this.numBatches, points: this.#atWork.flatMap(({ points }) => points) });
  }

  #settle({ scores, problem }: { scores?: number[][]; problem?: string }): void {
    const batch = this.#atWork ?? [];
    this.#atWork = undefined;
    let at = 0;
    for (const { points, resolve, reject } of batch) {
      if (scores) resolve(scores.slice(at, at + points.length));
      else reject(new Error(problem));
      at += points.length;
    }
    this.#send();
  }

  #fail(error: Error): void {
    const isFirst = this.#failure === undefined;
    this.#failure ??= error;
    for (const { reject } of [...(this.#atWork ?? []), ...this.#waiting]) reject(error);
    this.#atWork = undefined;
    this.#waiting = [];
    if (isFirst) this.emit('failed', error);
  }
}
