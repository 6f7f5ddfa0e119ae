// How readers ask for bytes without knowing where they lie: in memory, where the answer is a view, or in a file, where reads run ahead.
import type { OpenFile } from './open-file.ts';
import { unreadable } from './problems.ts';

/** A run of bytes that a reader asks for. */
export interface Ask {
  readonly offset: number;
  readonly numBytes: number;
  /** Where the bytes go, `numBytes` of them. */
  readonly into?: Uint8Array | undefined;
  /** Given the bytes piece by piece, in order, for as long as the call lasts. Then the answer is empty. */
  readonly each?: ((piece: Uint8Array) => void) | undefined;
}

/** A reader: yields what it wants to know and is given the bytes, which it may keep. */
export type Reading<T> = Generator<Ask, T, Uint8Array>;

/** Bytes of one read of a run that is given piece by piece. */
const pieceBytes = 1 << 22;
/** Reads that are under way while a piece is looked at. */
const numAhead = 3;
/** Bytes for one read call: the system takes at most 2 GiB. */
const callBytes = 1 << 30;

const nothing = new Uint8Array();

/** Lets a reader read memory. */
export function readMemory<T>(file: Uint8Array, reading: Reading<T>): T {
  let step = reading.next();
  while (!step.done) {
    const { offset, numBytes, into, each } = step.value;
    requireInside(step.value, file.length);
    const bytes = file.subarray(offset, offset + numBytes);
    into?.set(bytes);
    each?.(into ?? bytes);
    step = reading.next(each === undefined ? (into ?? bytes) : nothing);
  }
  return step.value;
}

/** Lets a reader read a file of `sizeBytes` bytes. */
export async function readFile<T>(file: OpenFile, sizeBytes: number, reading: Reading<T>): Promise<T> {
  let step = reading.next();
  while (!step.done) {
    requireInside(step.value, sizeBytes);
    step = reading.next(await answer(file, step.value));
  }
  return step.value;
}

async function answer(file: OpenFile, ask: Ask): Promise<Uint8Array> {
  if (ask.each !== undefined) {
    await stream(file, ask, ask.each);
    return nothing;
  }
  const bytes = ask.into ?? Buffer.allocUnsafeSlow(ask.numBytes); // memory of its own, so that elements in it are aligned
  await fill(file, bytes, ask.offset);
  return bytes;
}

/** Reads several pieces at a time, and gives each as soon as it and all before it are there. */
async function stream(file: OpenFile, ask: Ask, each: (piece: Uint8Array) => void): Promise<void> {
  const { offset, numBytes, into } = ask;
  const spare = into === undefined ? Array.from({ length: numAhead }, () => Buffer.allocUnsafeSlow(pieceBytes)) : [];
  const begin = (start: number): Promise<Uint8Array> => {
    const length = Math.min(pieceBytes, numBytes - start);
    const piece = into?.subarray(start, start + length) ?? spare[(start / pieceBytes) % numAhead]!.subarray(0, length);
    return fill(file, piece, offset + start).then(() => piece);
  };
  const pending: Promise<Uint8Array>[] = [];
  let next = 0;
  try {
    for (let done = 0; done < numBytes; done += pieceBytes) {
      for (; next < numBytes && pending.length < numAhead; next += pieceBytes) pending.push(begin(next));
      each(await pending[0]!);
      pending.shift();
    }
  } finally {
    await Promise.allSettled(pending); // nothing may write to memory that the caller lets go of
  }
}

async function fill(file: OpenFile, bytes: Uint8Array, offset: number): Promise<void> {
  for (let start = 0; start < bytes.length; ) {
    const length = Math.min(callBytes, bytes.length - start);
    const { bytesRead } = await file.read(bytes, start, length, offset + start);
    if (bytesRead === 0)
      throw unreadable(`expected more bytes at ${offset + start}: the file shrank while it was read`);
    start += bytesRead;
  }
}

function requireInside({ offset, numBytes }: Ask, sizeBytes: number): void {
  if (offset >= 0 && numBytes >= 0 && offset + numBytes <= sizeBytes) return;
  throw unreadable(`expected ${numBytes} bytes at ${offset}, got a file of ${sizeBytes}: it is truncated or damaged`);
}
