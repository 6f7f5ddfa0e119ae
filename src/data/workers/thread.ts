// One worker thread of a pool: its life, the jobs that it has, and how long it may take.
import { join } from 'node:path';
import { MessageChannel, type MessagePort, receiveMessageOnPort, Worker } from 'node:worker_threads';
import { packageFolder } from '../../binding/sources.ts';
import { WorkerError } from '../../errors.ts';
import { spanStart, tellSpan } from '../span-channel.ts';
import type { JobMessage, PackedBatch, WorkerMessage, WorkerRecipe, WorkerStart } from './messages.ts';
import { unpackError } from './packed-error.ts';

export interface WorkerThreadOptions {
  readonly recipe: WorkerRecipe;
  readonly firstWanted: Int32Array;
  /** Its number in the pool, from 0. */
  readonly number: number;
  /** What messages call the dataset. */
  readonly name: string;
  /** Samples of the dataset as it was made here. */
  readonly length: number | undefined;
  /** Seconds that one batch may take; 0 for any time. */
  readonly timeout: number;
}

/** A job that a thread has. */
interface Job {
  /** When it was given, where somebody writes a trace. */
  readonly given: number | undefined;
  readonly indices: Int32Array;
  settle(finished: PackedBatch | undefined): void;
  fail(error: unknown): void;
}

/** Making the dataset may take so many times as long as a batch. */
const MAKING_FACTOR = 10;

/** What setTimeout can count. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** How many indices a message lists. */
const MAX_LISTED = 8;

/** Starts a thread at once. It does its jobs one after the other, and holds the process only while it has wanted ones. */
export class WorkerThread {
  readonly #options: WorkerThreadOptions;
  readonly #worker: Worker;
  readonly #port: MessagePort;
  /** In order: it works at the first. */
  readonly #jobs: Job[] = [];
  #timer: NodeJS.Timeout | undefined;
  #isReady = false;
  /** When the job before was done: jobs that wait for it begin then. */
  #lastDone = 0;
  /** Why it takes no more jobs. */
  #failure: unknown;

  constructor(options: WorkerThreadOptions) {
    this.#options = options;
    const { port1, port2 } = new MessageChannel();
    const { recipe, firstWanted, number } = options;
    const start: WorkerStart = { recipe, firstWanted, port: port2 };
    // From dist/ in every case: not every Node runs TypeScript in threads, and a bundled program has no such file beside it.
    this.#worker = new Worker(join(packageFolder(), 'dist', 'data', 'workers', 'entry.js'), {
      workerData: start,
      transferList: [port2],
      name: `sconce-data-${number}`,
    });
    this.#port = port1;
    port1.on('message', (message: WorkerMessage) => this.#receive(message));
    port1.unref(); // the thread alone holds the process
    this.#worker.on('error', (error: Error) => this.#failBy(error));
    this.#worker.on('exit', (exitCode) => this.#exit(exitCode));
    this.#worker.unref();
  }

  get numJobs(): number {
    return this.#jobs.length;
  }

  get hasFailed(): boolean {
    return this.#failure !== undefined;
  }

  /** Gives what was made; undefined where the job was not wanted any more. */
  run(message: JobMessage, indices: Int32Array): Promise<PackedBatch | undefined> {
    return new Promise((settle, fail) => {
      if (this.#failure !== undefined) {
        fail(this.#failure);
        return;
      }
      this.#jobs.push({ indices, settle, fail, given: spanStart() });
      this.#port.postMessage(message);
      this.#worker.ref();
      if (this.#isReady && this.#jobs.length === 1) this.#time();
    });
  }

  /** The jobs that it has are not wanted any more: they hold the process no longer. */
  abandon(): void {
    this.#worker.unref();
  }

  /** Ends the thread, wherever it is. Its jobs settle without a result. */
  async end(): Promise<void> {
    this.#failure ??= new Error('internal: a worker thread was given a job after its end');
    clearTimeout(this.#timer);
    for (const job of this.#jobs.splice(0)) job.settle(undefined);
    await this.#worker.terminate();
  }

  #receive(message: WorkerMessage): void {
    if (this.#failure !== undefined) return;
    switch (message.type) {
      case 'begun':
        this.#time();
        return;
      case 'ready':
        this.#isReady = true;
        this.#time();
        this.#checkLength(message);
        return;
      case 'unmade':
        this.#fail(unpackError(message.error));
        return;
      case 'done':
        this.#next().settle(message.finished);
        return;
      case 'dropped':
        this.#next().settle(undefined);
        return;
      case 'failed':
        this.#next().fail(unpackError(message.error));
    }
  }

  /** The first job has ended. */
  #next(): Job {
    const job = this.#jobs.shift()!; // answers come in the order of the jobs
    if (job.given !== undefined) {
      tellSpan(`data worker ${this.#options.number}`, 'batch', Math.max(job.given, this.#lastDone));
      this.#lastDone = performance.now();
    }
    if (this.#jobs.length === 0) this.#worker.unref();
    this.#time();
    return job;
  }

  #checkLength({ name, length }: { readonly name: string; readonly length: number | undefined }): void {
    const { number, length: expected } = this.#options;
    if (length === expected) return;
    this.#fail(
      new TypeError(
        `Cannot make ${name} in worker ${number}: expected ${expected} samples as in the main thread, got ${length}; have its module make it from its options and from files alone`,
      ),
    );
  }

  /** Counts the time from now on, while the thread has something to do. */
  #time(): void {
    const seconds = this.#options.timeout * (this.#isReady ? 1 : MAKING_FACTOR);
    clearTimeout(this.#timer);
    if (seconds === 0 || (this.#isReady && this.#jobs.length === 0)) return;
    this.#timer = setTimeout(() => this.#expire(seconds), Math.min(seconds * 1000, LONGEST_TIMER_MS));
    this.#timer.unref(); // whoever waits for an answer is held by the thread
  }

  #expire(seconds: number): void {
    const timer = this.#timer;
    this.#drain(); // this thread may have been busy itself, and the answer lies here
    if (this.#timer !== timer || this.#failure !== undefined) return;
    const wanted = `worker ${this.#options.number} to answer within ${seconds} s`;
    const wayOut = 'raise the option timeout, or look for what the dataset waits for';
    this.#fail(this.#error(wanted, 'nothing', { wayOut }));
  }

  #exit(exitCode: number): void {
    this.#drain(); // what it said before its end lies here
    const wanted = `worker ${this.#options.number} to go on`;
    if (this.#failure === undefined) this.#fail(this.#error(wanted, `its exit with code ${exitCode}`, { exitCode }));
    this.#port.close();
  }

  /** An error that no job caught: the thread ends by it. */
  #failBy(cause: Error & { readonly code?: unknown }): void {
    this.#drain();
    if (this.#failure !== undefined) return;
    const wanted = `worker ${this.#options.number} to go on`;
    const isFull = cause.code === 'ERR_WORKER_OUT_OF_MEMORY';
    const got = isFull ? 'its JavaScript memory full' : `its end by ${cause.name}: ${cause.message}`;
    const wayOut = isFull
      ? 'start node with --max-old-space-size and more MiB, or keep less in the dataset'
      : undefined;
    this.#fail(this.#error(wanted, got, { cause, exitCode: 1, wayOut }));
  }

  /** What lies in the port is received at once, in order. */
  #drain(): void {
    for (;;) {
      const received = receiveMessageOnPort(this.#port) as { readonly message: WorkerMessage } | undefined;
      if (!received) return;
      this.#receive(received.message);
    }
  }

  /** Fails every job that it has, and ends the thread. */
  #fail(error: unknown): void {
    this.#failure = error;
    clearTimeout(this.#timer);
    for (const job of this.#jobs.splice(0)) job.fail(error);
    void this.#worker.terminate(); // does not reject
  }

  #error(
    wanted: string,
    got: string,
    { cause, exitCode, wayOut }: { cause?: Error; exitCode?: number; wayOut?: string | undefined },
  ): WorkerError {
    const indices = [...(this.#jobs[0]?.indices ?? [])];
    const listed = indices.slice(0, MAX_LISTED).join(', ');
    const samples = indices.length > MAX_LISTED ? `${indices.length} samples (${listed}, …)` : `samples ${listed}`;
    const what =
      this.#isReady && indices.length > 0
        ? `load ${samples} of ${this.#options.name}`
        : `make ${this.#options.name} in a worker thread`;
    return new WorkerError(`Cannot ${what}: expected ${wanted}, got ${got}${wayOut ? `; ${wayOut}` : ''}`, {
      worker: this.#options.number,
      exitCode,
      indices: this.#isReady ? indices : [],
      ...(cause && { cause }),
    });
  }
}
