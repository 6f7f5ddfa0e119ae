// What readers of YAML and JSON share: a text becomes a node or problems, within bounds that no file of settings meets.

import type { ConfigNode } from './node.ts';
import type { Place, PlacedProblem } from './place.ts';

/** Bytes of a file. */
export const MAX_BYTES = 1 << 20;
/** Values of a file, those behind aliases counted as often as they are used. */
export const MAX_NODES = 100_000;
/** Objects and lists inside one another. */
export const MAX_DEPTH = 64;

/** A text as it was read. */
export interface TextReading {
  /** Undefined where there are problems. */
  readonly node: ConfigNode | undefined;
  readonly problems: readonly PlacedProblem[];
}

/** Counts what a text is made of, and stops where it is too much. */
export class Bounds {
  #nodes = 0;

  /** @throws {BoundsError} for one value too many, or one level. */
  enter(depth: number, place: Place): void {
    this.#nodes += 1;
    if (this.#nodes > MAX_NODES)
      throw new BoundsError(`at most ${MAX_NODES} values, aliases included, got more`, place);
    if (depth > MAX_DEPTH) throw new BoundsError(`at most ${MAX_DEPTH} levels, got more`, place);
  }
}

/** Ends the reading of a text that is out of bounds. */
export class BoundsError extends RangeError {
  readonly place: Place;

  constructor(wanted: string, place: Place) {
    super(`expected ${wanted}`);
    this.place = place;
  }
}

/** Decodes a file.
 *  @returns the text, or what is wrong. */
export function decodeText(bytes: Uint8Array): { text: string } | { problem: string } {
  if (bytes.length > MAX_BYTES) return { problem: `expected at most ${MAX_BYTES} bytes, got ${bytes.length}` };
  try {
    return { text: new TextDecoder('utf-8', { fatal: true }).decode(bytes) };
  } catch {
    return { problem: 'expected text in UTF-8, got other bytes' };
  }
}
