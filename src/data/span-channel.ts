// Where work beside the loop tells how long it took, for whoever writes a trace: a channel of Node's, which costs nothing while nobody listens.

import { channel } from 'node:diagnostics_channel';

/** The channel's name. */
export const SPAN_CHANNEL = 'sconce:span';

/** A stretch of time on the clock of `performance.now()`. */
export interface Span {
  /** Who: one row of a trace, as in 'data worker 0'. */
  readonly row: string;
  readonly name: string;
  readonly startMs: number;
  readonly endMs: number;
}

const spans = channel(SPAN_CHANNEL);

/** The time now if somebody listens, else undefined. */
export function spanStart(): number | undefined {
  return spans.hasSubscribers ? performance.now() : undefined;
}

/** Tells of a stretch that ends now. @param startMs - as `spanStart` gave it: nothing is told of undefined. */
export function tellSpan(row: string, name: string, startMs: number | undefined): void {
  if (startMs !== undefined && spans.hasSubscribers) spans.publish({ row, name, startMs, endMs: performance.now() });
}
