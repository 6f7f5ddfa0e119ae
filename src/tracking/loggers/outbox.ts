// What loggers send to servers through: in order, one request at a time, tried again for as long as it takes, in bounded memory, beside the run and never in its way.
import { DeliveryError } from './delivery-error.ts';

import {
  backOffMs,
  OUTBOX_DEFAULTS,
  type OutboxClock,
  type OutboxOptions,
  type OutboxTimer,
  wallClock,
} from './outbox-options.ts';

const MAX_WARNINGS = 30;

/** Sends what it is given to a server, beside the run: `add` only puts an item into memory.
 *  Rule: in order and one request at a time. A request that fails or takes longer than `timeoutMs` is made again with the same items, after a wait that
 *  doubles with each failure or as long as the server asks. What does not fit into memory meanwhile is dropped from its oldest end, counted and said.
 *  No method throws; timers do not keep the process alive, but while `flush` or `close` is waited for.
 *  @example
 *  import { Outbox } from 'sconce/tracking';
 *  const outbox = new Outbox<string>({ name: 'mine', warn: console.warn, send: async (lines) => void lines });
 *  outbox.add('loss 0.5');
 *  await outbox.close();
 *  outbox.counts; // { waiting: 0, sent: 1, lost: 0 } */
export class Outbox<T> {
  readonly #options: OutboxOptions<T> & typeof OUTBOX_DEFAULTS;
  readonly #clock: OutboxClock;
  readonly #warned = new Set<string>();
  /** Those that are being sent or will be again; the same ones until they are through. */
  #batch: readonly T[] = [];
  #waiting: T[] = [];
  #waitingSize = 0;
  /** Of all that is held. */
  #bytes = 0;
  #numAdded = 0;
  #numSent = 0;
  #numLost = 0;
  #numDropped = 0;
  #numFailures = 0;
  #lastFailure = '';
  #isPumping = false;
  #isClosed = false;
  #isStopped = false;
  #request: AbortController | undefined;
  #timer: OutboxTimer | undefined;
  /** The wait before the next try. */
  #wait: { readonly until: number; readonly isAsked: boolean; readonly end: () => void } | undefined;
  /** Those who wait for everything up to a number of items. */
  readonly #flushes = new Set<{ readonly upTo: number; readonly until: number; readonly done: () => void }>();

  constructor(options: OutboxOptions<T>) {
    this.#options = { ...OUTBOX_DEFAULTS, ...options };
    this.#clock = options.clock ?? wallClock;
  }

  /** How many items wait (those on their way included), have arrived, and never will. */
  get counts(): { readonly waiting: number; readonly sent: number; readonly lost: number } {
    return { waiting: this.#waiting.length + this.#batch.length, sent: this.#numSent, lost: this.#numLost };
  }

  add(item: T): void {
    this.#numAdded += 1;
    if (this.#isClosed || this.#isStopped) {
      this.#numLost += 1;
      if (!this.#isStopped) this.#warn('expected an open destination, got one that was closed');
      return;
    }
    this.#waiting.push(item);
    this.#waitingSize += this.#sizeOf(item);
    this.#bytes += this.#bytesOf(item);
    while (this.#isTooMuch()) this.#dropOldest();
    if (this.#isPumping) return;
    if (this.#waitingSize >= this.#options.maxBatch) this.#pump();
    else this.#timer ??= this.#startTimer(() => this.#pump(), this.#options.everyMs);
  }

  /** Resolves when everything added before has arrived or is lost, after `closeWithinMs` at the latest. Tries at once, whatever wait was going on, but
   *  one that the server asked for.  @param withinMs - in place of `closeWithinMs`. */
  flush(withinMs: number = this.#options.closeWithinMs): Promise<void> {
    const upTo = this.#numAdded;
    if (this.#isThrough(upTo)) return Promise.resolve();
    return new Promise((resolve) => {
      const timer = this.#clock.start(() => flush.done(), withinMs); // the one that keeps the process alive
      const done = (): void => {
        this.#clock.stop(timer);
        this.#flushes.delete(flush);
        resolve();
      };
      const flush = { upTo, until: this.#clock.now() + withinMs, done };
      this.#flushes.add(flush);
      this.#numFailures = 0;
      if (this.#wait === undefined) this.#pump();
      else if (!this.#wait.isAsked) this.#wait.end();
      else if (this.#isClosed && this.#wait.until > flush.until) done();
    });
  }

  /** Sends what is left, for `closeWithinMs` at most, and says what did not arrive. Nothing is sent afterwards.
   *  @param withinMs - in place of `closeWithinMs`. */
  async close(withinMs: number = this.#options.closeWithinMs): Promise<void> {
    if (this.#isClosed) return this.flush(withinMs);
    this.#isClosed = true;
    await this.flush(withinMs);
    const numLeft = this.#waiting.length + this.#batch.length;
    this.#request?.abort(new Error('the run has ended'));
    this.#forget();
    this.#numLost += numLeft;
    if (numLeft === 0 && this.#numDropped === 0) return;
    const reason =
      this.#lastFailure === '' ? `the server was given ${Math.round(withinMs)} ms at the end` : this.#lastFailure;
    this.#warn(`expected all ${this.#numAdded} records to arrive, got ${this.#numAdded - this.#numLost}; ${reason}`);
  }

  /** Sends batch after batch while there is one worth sending; never twice at the same time. */
  #pump(): void {
    if (this.#isPumping) return;
    this.#isPumping = true;
    this.#stopTimer();
    void this.#sendAll().finally(() => {
      this.#isPumping = false;
      this.#settleFlushes();
      if (this.#waiting.length === 0 || (this.#isClosed && this.#flushes.size === 0)) return;
      // Something may have been added or asked for while the loop was ending.
      if (this.#isPressing()) this.#pump();
      else this.#timer ??= this.#startTimer(() => this.#pump(), this.#options.everyMs);
    });
  }

  async #sendAll(): Promise<void> {
    do {
      if (this.#batch.length === 0) this.#batch = this.#takeBatch();
      const failure = await this.#try(this.#batch);
      if (this.#isStopped) return; // closed meanwhile: all has been counted
      if (failure !== undefined && !(await this.#handle(failure))) return;
      this.#settleFlushes();
    } while (this.#batch.length > 0 || (this.#waiting.length > 0 && this.#isPressing()));
  }

  /** Whether what waits goes now: somebody waits for it, or it is as much as one request takes. */
  #isPressing(): boolean {
    return this.#flushes.size > 0 || this.#waitingSize >= this.#options.maxBatch;
  }

  /** One request. @returns what went wrong; undefined where it arrived. */
  async #try(batch: readonly T[]): Promise<Error | undefined> {
    const request = new AbortController();
    this.#request = request;
    const { timeoutMs } = this.#options;
    const timer = this.#startTimer(() => request.abort(new Error(`no answer within ${timeoutMs} ms`)), timeoutMs);
    // Raced, because a client that cannot be stopped must not stop the outbox.
    const aborted = new Promise<never>((_, reject) => {
      request.signal.addEventListener('abort', () => reject(request.signal.reason), { once: true });
    });
    try {
      await Promise.race([this.#options.send(batch, request.signal), aborted]);
      if (this.#isStopped) return undefined;
      this.#numSent += batch.length;
      this.#dropBatch();
      this.#numFailures = 0;
      this.#lastFailure = '';
      return undefined;
    } catch (error) {
      const cause: unknown = request.signal.aborted ? request.signal.reason : error;
      return cause instanceof Error ? cause : new Error(String(cause));
    } finally {
      this.#clock.stop(timer);
      this.#request = undefined;
    }
  }

  /** @returns whether to go on sending. */
  async #handle(failure: Error): Promise<boolean> {
    this.#lastFailure = describe(failure);
    const after = failure instanceof DeliveryError ? failure.after : 'retry';
    if (after === 'retry') {
      this.#warn(`${this.#lastFailure}; it is tried again, and the run goes on`);
      this.#numFailures += 1;
      return this.#waitToRetry(failure instanceof DeliveryError ? failure.retryAfterMs : undefined);
    }
    const numLost = this.#batch.length + (after === 'stop' ? this.#waiting.length : 0);
    this.#numLost += numLost;
    this.#numFailures = 0;
    this.#dropBatch();
    if (after === 'skip') {
      this.#warn(`${this.#lastFailure}; ${numLost} records are left out`);
      return true;
    }
    this.#forget();
    this.#warn(`${this.#lastFailure}; nothing more is sent, and the run goes on`);
    return false;
  }

  /** @returns false where those who wait would no longer be there. */
  async #waitToRetry(askedMs: number | undefined): Promise<boolean> {
    const { retryFromMs, retryToMs } = this.#options;
    const waitMs = askedMs ?? backOffMs(this.#numFailures, retryFromMs, retryToMs, this.#clock.random());
    const until = this.#clock.now() + waitMs;
    if (this.#isClosed && [...this.#flushes].every((flush) => flush.until < until)) {
      for (const { done } of this.#flushes) done();
      return false;
    }
    await new Promise<void>((end) => {
      this.#wait = { until, isAsked: askedMs !== undefined, end };
      this.#timer = this.#startTimer(end, waitMs);
    });
    this.#wait = undefined;
    this.#stopTimer();
    return !this.#isStopped;
  }

  #takeBatch(): readonly T[] {
    let size = 0;
    let length = 0;
    for (const item of this.#waiting) {
      const itemSize = this.#sizeOf(item);
      if (length > 0 && size + itemSize > this.#options.maxBatch) break;
      size += itemSize;
      length += 1;
    }
    this.#waitingSize -= size;
    return this.#waiting.splice(0, length);
  }

  #dropBatch(): void {
    for (const item of this.#batch) this.#bytes -= this.#bytesOf(item);
    this.#batch = [];
  }

  #isTooMuch(): boolean {
    const { maxItems, maxBytes } = this.#options;
    const isTooMuch = this.#waiting.length + this.#batch.length > maxItems || this.#bytes > maxBytes;
    return isTooMuch && this.#waiting.length > 0;
  }

  #dropOldest(): void {
    const dropped = this.#waiting.shift()!;
    this.#waitingSize -= this.#sizeOf(dropped);
    this.#bytes -= this.#bytesOf(dropped);
    this.#numLost += 1;
    this.#numDropped += 1;
    const reason = this.#lastFailure === '' ? 'the server takes them more slowly than the run logs' : this.#lastFailure;
    if (this.#numDropped === 1)
      this.#warn(
        `expected at most ${this.#options.maxItems} records and ${this.#options.maxBytes} bytes to wait, got more; the oldest are dropped: ${reason}`,
      );
  }

  /** Lets go of everything; nothing is sent from here on. */
  #forget(): void {
    this.#isStopped = true;
    this.#batch = [];
    this.#waiting = [];
    this.#waitingSize = 0;
    this.#bytes = 0;
    this.#stopTimer();
    this.#wait?.end();
  }

  #isThrough(upTo: number): boolean {
    return this.#batch.length === 0 && this.#numAdded - this.#waiting.length >= upTo;
  }

  #settleFlushes(): void {
    for (const { upTo, done } of this.#flushes) if (this.#isThrough(upTo)) done();
  }

  #startTimer(then: () => void, afterMs: number): OutboxTimer {
    const timer = this.#clock.start(then, afterMs);
    timer.unref();
    return timer;
  }

  #stopTimer(): void {
    if (this.#timer !== undefined) this.#clock.stop(this.#timer);
    this.#timer = undefined;
  }

  #sizeOf(item: T): number {
    return this.#options.sizeOf?.(item) ?? 1;
  }

  #bytesOf(item: T): number {
    return this.#options.bytesOf?.(item) ?? 0;
  }

  /** Says a cause once, so that a server that is away for an hour is one line, and not more causes than a person reads. */
  #warn(reason: string): void {
    if (this.#warned.has(reason) || this.#warned.size >= MAX_WARNINGS) return;
    this.#warned.add(reason);
    const message = `Cannot log to ${this.#options.name}: ${reason}`;
    try {
      this.#options.warn(message);
    } catch {
      process.emitWarning(message); // the run's own log is broken too
    }
  }
}

/** The message of an error, with that of its cause where fetch hides it there. */
function describe(error: Error): string {
  const cause = error.cause instanceof Error && error.message === 'fetch failed' ? error.cause : undefined;
  if (cause === undefined) return error.message;
  return `${error.message} (${'code' in cause ? String(cause.code) : cause.message})`;
}
