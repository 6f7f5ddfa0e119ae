// Iterable datasets: samples in sequence, where there is no index to ask for.
import type { SampleContext } from '../context.ts';
import type { PlainData } from '../plain-data.ts';

/** Where an open stream stands: plain data, which goes into checkpoints. */
export type StreamState = PlainData;

/**
 * Samples in sequence: tar shards, endless text, what a generator gives. A dataset itself has no position, an open stream has; a loader keeps its state.
 * `R` is what the stream gives (bytes, say), `S` is a sample.
 */
export interface IterableDataset<R, S = R> {
  /** What messages call the dataset. Default: the name of its class. */
  readonly name?: string;
  /** Samples in an epoch where that is known; `Infinity` for epochs that never end. */
  readonly length?: number | undefined;
  /** How many processes share an epoch, where this gives the part of one of them. Default 1. */
  readonly numReplicas?: number | undefined;
  /**
   * Opens a stream at the beginning of `epoch`, or behind `state` (that a stream of the same epoch gave) without reading again what came before.
   * A pure function of the two: whoever opens it again gets the same samples.
   */
  open(epoch: number, state?: StreamState): SampleStream<R>;
  /** Makes a sample of what the stream gave: everything that takes time. Calls run beside each other, and in worker threads where the loader has them. */
  decode?(raw: R, context: SampleContext): S | Promise<S>;
}

/** A stream that an `IterableDataset` has opened. A loader calls `next` again only after the call before has ended. */
export interface SampleStream<R> {
  /**
   * What comes next; undefined at the end. One that throws, and can go on behind what is broken, does so when it is called again; its state has moved. One
   * that cannot throws again.
   */
  next(): R | undefined | Promise<R | undefined>;
  /** The place behind what was given last. Cheap; a state that was given never changes. */
  state(): StreamState;
  /** Lets go of files and whatever else is open. Called once, at the end or before; where a `next` is under way, what it gives is thrown away. */
  close(): void | Promise<void>;
}

/** True for an `IterableDataset`. */
export function isIterableDataset(value: unknown): value is IterableDataset<unknown, unknown> {
  return typeof value === 'object' && value !== null && typeof (value as { open?: unknown }).open === 'function';
}
