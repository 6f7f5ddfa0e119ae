// How readers ask for bytes without knowing where they lie: in memory, where the answer is a view, or in a file, where reads run ahead.
import type { OpenFile } from './open-file.ts';
import { unreadable } from './problems.ts';

/** Bytes that a reader wants to look at now, and may keep. */
export interface Ask {
  readonly offset: number;
  readonly numBytes: number;
}

/** A part of a run. */
export interface Piece {
  readonly numBytes: number;
  /** Where its bytes go. */
  readonly into?: Uint8Array | undefined;
  /** Given as a whole, in memory that the reader may keep. Without this and `into` the bytes are lent. */
  readonly isKept?: boolean | undefined;
  /** Never given part by part. For short pieces. */
  readonly isWhole?: boolean | undefined;
  /** Given the bytes in order, for as long as the call lasts where they are lent; those of a long piece part by part. */
  readonly each?: ((part: Uint8Array) => void) | undefined;
}

/** Pieces that lie one after the other from `offset` on. The answer is empty. */
export interface Run {
  readonly offset: number;
  readonly pieces: readonly Piece[];
}

/** A reader: yields what it wants to know and is given the bytes. */
export type Reading<T> = Generator<Ask | Run, T, Uint8Array>;

/** Bytes of one read of a run: enough for the turn that it takes not to matter, few enough to be in a processor's cache when they are looked at. */
const batchBytes = 1 << 23;
/** Pieces of memory that one read may fill: the least that POSIX lets a system offer is 16, Linux and macOS have 1024. */
const batchParts = 1000;
/** Reads that are under way at a time. */
const numAhead = 3;

const nothing = new Uint8Array();

/** Memory by place; one array of JavaScript's cannot hold a large file. */
export type Slice = (offset: number, numBytes: number) => Uint8Array;

/** Lets a reader read memory. */
export function readMemory<T>(sizeBytes: number, slice: Slice, reading: Reading<T>): T {
  let step = reading.next();
  while (!step.done) {
    const ask = step.value;
    requireInside(ask, sizeBytes);
    if ('numBytes' in ask) step = reading.next(slice(ask.offset, ask.numBytes));
    else {
      giveRun(ask, slice);
      step = reading.next(nothing);
    }
  }
  return step.value;
}

function giveRun({ offset, pieces }: Run, slice: Slice): void {
  let at = offset;
  for (const { numBytes, into, each } of pieces) {
    const bytes = slice(at, numBytes);
    into?.set(bytes);
    each?.(into ?? bytes);
    at += numBytes;
  }
}

/** Lets a reader read a file of `sizeBytes` bytes. */
export async function readFile<T>(file: OpenFile, sizeBytes: number, reading: Reading<T>): Promise<T> {
  let step = reading.next();
  let last: { readonly offset: number; readonly bytes: Uint8Array } = { offset: 0, bytes: nothing };
  while (!step.done) {
    const ask = step.value;
    requireInside(ask, sizeBytes);
    if ('pieces' in ask) {
      await new RunReader(file, ask).read();
      step = reading.next(nothing);
      continue;
    }
    // What is asked for next is often a part of what was given.
    const from = ask.offset - last.offset;
    const isKnown = from >= 0 && from + ask.numBytes <= last.bytes.length;
    if (!isKnown) {
      const bytes = Buffer.allocUnsafeSlow(ask.numBytes); // memory of its own, so that elements in it are aligned
      await fill(file, [bytes], ask.offset);
      last = { offset: ask.offset, bytes };
    }
    step = reading.next(isKnown ? last.bytes.subarray(from, from + ask.numBytes) : last.bytes);
  }
  return step.value;
}

/** A part of a piece, as long as a batch at most. */
interface Part {
  readonly bytes: Uint8Array;
  readonly each: Piece['each'];
}

interface Batch {
  readonly parts: readonly Part[];
  /** The place among those that may be under way, whose spare memory it has. */
  readonly slot: number;
  readonly done: Promise<void>;
}

/** Reads a run in batches, a few at a time, and gives each part as soon as it and all before it are there. */
class RunReader {
  readonly #file: OpenFile;
  readonly #pieces: readonly Piece[];
  #offset: number;
  #piece = 0;
  /** Bytes of the piece that were asked for. */
  #asked = 0;
  /** The memory of a piece that is kept. */
  #kept: Uint8Array = nothing;
  readonly #spare = Array.from({ length: numAhead }, (): Uint8Array => nothing);

  constructor(file: OpenFile, run: Run) {
    this.#file = file;
    this.#pieces = run.pieces;
    this.#offset = run.offset;
  }

  async read(): Promise<void> {
    const pending: Batch[] = [];
    const free = this.#spare.map((_, slot) => slot);
    try {
      for (;;) {
        while (free.length > 0) {
          const batch = this.#begin(free[0]!);
          if (batch === undefined) break;
          free.shift();
          pending.push(batch);
        }
        const first = pending[0];
        if (first === undefined) return;
        await first.done;
        pending.shift();
        for (const { bytes, each } of first.parts) each?.(bytes);
        free.push(first.slot);
      }
    } finally {
      await Promise.allSettled(pending.map(({ done }) => done)); // nothing may write to memory that the caller lets go of
    }
  }

  #begin(slot: number): Batch | undefined {
    const offset = this.#offset;
    const wanted = this.#take();
    if (wanted.length === 0) return undefined;
    const spareBytes = wanted.reduce((sum, { into, numBytes }) => sum + (into === undefined ? numBytes : 0), 0);
    if (this.#spare[slot]!.length < spareBytes) this.#spare[slot] = Buffer.allocUnsafeSlow(spareBytes);
    let used = 0;
    const parts = wanted.map(({ into, numBytes, each }) => {
      if (into !== undefined) return { bytes: into, each };
      used += numBytes;
      return { bytes: this.#spare[slot]!.subarray(used - numBytes, used), each };
    });
    const filled = parts.map(({ bytes }) => bytes).filter((bytes) => bytes.length > 0);
    return { parts, slot, done: fill(this.#file, filled, offset) };
  }

  /** The parts of the next batch, cut off the run. */
  #take(): { into: Uint8Array | undefined; numBytes: number; each: Piece['each'] }[] {
    const parts: { into: Uint8Array | undefined; numBytes: number; each: Piece['each'] }[] = [];
    let left = batchBytes;
    for (; this.#piece < this.#pieces.length && left > 0 && parts.length < batchParts; ) {
      const piece = this.#pieces[this.#piece]!;
      if (piece.isKept && this.#asked === 0) this.#kept = Buffer.allocUnsafeSlow(piece.numBytes);
      const memory = piece.into ?? (piece.isKept ? this.#kept : undefined);
      const start = this.#asked;
      const end = piece.isWhole ? piece.numBytes : Math.min(piece.numBytes, start + left);
      const isWhole = end === piece.numBytes;
      const each = partEach(piece, memory, isWhole);
      parts.push({ into: memory?.subarray(start, end), numBytes: end - start, each });
      this.#offset += end - start;
      left -= end - start;
      this.#asked = isWhole ? 0 : end;
      if (isWhole) this.#piece++;
    }
    return parts;
  }
}

/** What a part is given to. A piece that is kept is given when its last part is there. */
function partEach(piece: Piece, memory: Uint8Array | undefined, isLast: boolean): Piece['each'] {
  if (!piece.isKept) return piece.each;
  return isLast ? () => piece.each?.(memory!) : undefined;
}

/** Fills pieces of memory with the bytes from `offset` on. */
async function fill(file: OpenFile, pieces: readonly Uint8Array[], offset: number): Promise<void> {
  let left = [...pieces];
  let at = offset;
  while (left.length > 0) {
    if (left.length === 1 && left[0]!.length === 0) return;
    const { bytesRead } = await file.readv(left, at);
    if (bytesRead === 0) throw unreadable(`expected more bytes at ${at}: the file shrank while it was read`);
    at += bytesRead;
    left = without(left, bytesRead);
  }
}

/** What is left of pieces whose first bytes are filled. */
function without(pieces: readonly Uint8Array[], numBytes: number): Uint8Array[] {
  let filled = numBytes;
  return pieces.flatMap((piece) => {
    const part = Math.min(filled, piece.length);
    filled -= part;
    return part === piece.length ? [] : [piece.subarray(part)];
  });
}

function requireInside(ask: Ask | Run, sizeBytes: number): void {
  const numBytes = 'numBytes' in ask ? ask.numBytes : ask.pieces.reduce((sum, piece) => sum + piece.numBytes, 0);
  if (ask.offset >= 0 && numBytes >= 0 && ask.offset + numBytes <= sizeBytes) return;
  throw unreadable(
    `expected ${numBytes} bytes at ${ask.offset}, got a file of ${sizeBytes}: it is truncated or damaged`,
  );
}
