// An iterable dataset: lines that are read in sequence, and decoded in random time.
import type { IterableDataset, SampleContext } from 'sconce/data';

export interface LinesOptions {
  readonly length: number;
  /** The line that cannot be decoded. */
  readonly broken?: number;
  /** The line that comes with a function. */
  readonly closed?: number;
}

export interface RawLine {
  readonly number: number;
  readonly bytes: Uint8Array;
  readonly close?: () => void;
}

export interface Line {
  readonly text: string;
  readonly number: number;
  readonly epoch: number;
  readonly seed: string;
}

export default ({ length, broken, closed }: LinesOptions): IterableDataset<RawLine, Line> => ({
  name: 'Lines',
  open: (epoch, state = 0) => {
    let at = state as number;
    return {
      next: () => {
        if (at >= length) return undefined;
        const number = at++;
        const bytes = Buffer.from(`before line ${number} of ${epoch} behind`).subarray(7, -7);
        return number === closed ? { number, bytes, close: () => undefined } : { number, bytes };
      },
      state: () => at,
      close: () => undefined,
    };
  },
  decode: async ({ number, bytes }: RawLine, { seed, epoch }: SampleContext): Promise<Line> => {
    await new Promise((resolve) => setTimeout(resolve, Math.random() * 3));
    if (number === broken) throw new SyntaxError('a line without words');
    return { text: bytes.toString(), number, epoch, seed: String(seed) };
  },
});
