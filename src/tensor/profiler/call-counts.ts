// What this thread's JavaScript has asked of libtorch: operators called, and reads of tensors' elements, which wait for the device.

import { getNative } from '../call.ts';
import { placeIn } from '../memory-tracking.ts';

/** Places in `callCounts()`. @internal */
export const OPERATORS = 0;
/** `item`, `toArray`, `toTypedArray` and what else takes elements out of a tensor. @internal */
export const READS = 1;

let counts: Float64Array | undefined;

/** The counters, which the addon writes: reading them costs nothing. They never go back. @internal */
export function callCounts(): Float64Array {
  if (counts) return counts;
  const memory = new Float64Array(2);
  getNative().countCalls(memory);
  counts = memory;
  return memory;
}

/** Reads elements without counting it: what the library reads in the host's memory on purpose is nothing that a program could leave out. @internal */
export function readUncounted<T>(read: () => T): T {
  const memory = callCounts();
  const before = memory[READS]!;
  try {
    return read();
  } finally {
    memory[READS] = before;
  }
}

/** Has the place told at which the next read of a tensor's elements happens, as in 'step (/home/me/train.ts:12:5)'.
 *  @returns ends the wait for it. @internal */
export function onNextRead(listener: (place: string) => void): () => void {
  getNative().watchReads(() => listener(placeIn(deepStack())));
  return () => getNative().watchReads(undefined);
}

function deepStack(): string {
  const before = Error.stackTraceLimit;
  Error.stackTraceLimit = 30; // the library's own calls stand before the program's
  const { stack } = new Error();
  Error.stackTraceLimit = before;
  return stack ?? '';
}
