// What an outbox is told: how much it holds, how long it gathers, waits and tries.
import type { RequestSignal } from './web-types.ts';

/** Timers and chance, so that tests need not wait for them. */
export interface OutboxClock {
  /** Milliseconds from any moment. */
  now(): number;
  start(then: () => void, afterMs: number): OutboxTimer;
  stop(timer: OutboxTimer): void;
  /** In [0, 1). */
  random(): number;
}

/** A timer, which keeps the process alive until it is told not to. */
export interface OutboxTimer {
  unref(): unknown;
}

export interface OutboxOptions<T> {
  /** Sends items, the oldest first. Is called again with the same items until it resolves, so that a request which arrived without its answer can be
   *  told from a new one. Has to end when the signal is aborted; whatever it throws is tried again, but for a `DeliveryError` that says otherwise. */
  send(items: readonly T[], signal: RequestSignal): Promise<void>;
  /** The destination, for messages, as in 'mlflow'. */
  readonly name: string;
  /** Told what the run survives: each distinct cause once. */
  warn(message: string): void;
  /** Items that are held at most, those being sent included. Of more, the oldest that are not being sent are dropped. Default 10,000. */
  readonly maxItems?: number;
  /** What those items may hold together, in units of `bytesOf`: of more, the oldest that are not being sent are dropped. Default 32 MiB. */
  readonly maxBytes?: number;
  /** What an item holds in memory beside its place; 0 by default. */
  bytesOf?(item: T): number;
  /** What one call of `send` gets at most, in units of `sizeOf`; one item always goes. Default 1,000. */
  readonly maxBatch?: number;
  /** An item's share of `maxBatch`; 1 by default, so that `maxBatch` counts items. */
  sizeOf?(item: T): number;
  /** How long items are gathered for one request, in milliseconds. Default 1,000. */
  readonly everyMs?: number;
  /** After how many milliseconds a request is given up and tried again. Default 10,000. */
  readonly timeoutMs?: number;
  /** How long `flush` and `close` wait at most, in milliseconds. Default 10,000. */
  readonly closeWithinMs?: number;
  /** The first wait after a failure, in milliseconds; each further one is twice as long. Default 500. */
  readonly retryFromMs?: number;
  /** The longest wait after a failure, in milliseconds, but where the server asks for longer. Default 30,000. */
  readonly retryToMs?: number;
  readonly clock?: OutboxClock;
}

/** What holds where nothing is said. */
export const OUTBOX_DEFAULTS = {
  maxItems: 10_000,
  maxBytes: 32 << 20,
  maxBatch: 1_000,
  everyMs: 1_000,
  timeoutMs: 10_000,
  closeWithinMs: 10_000,
  retryFromMs: 500,
  retryToMs: 30_000,
};

/** The clock of the machine. */
export const wallClock: OutboxClock = {
  now: () => performance.now(),
  start: (then, afterMs) => setTimeout(then, Math.min(afterMs, 2 ** 31 - 1)),
  stop: (timer) => clearTimeout(timer as NodeJS.Timeout),
  random: Math.random,
};

/** How long to wait before the next try: between a half and the whole of `fromMs * 2 ** numFailures`, `toMs` at most, so that many runs whose server
 *  came back do not all ask at once. */
export function backOffMs(numFailures: number, fromMs: number, toMs: number, random: number): number {
  return Math.min(toMs, fromMs * 2 ** (numFailures - 1)) * (0.5 + random / 2);
}
