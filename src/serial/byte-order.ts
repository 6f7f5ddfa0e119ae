// Elements of big-endian files, turned around in place.
import { itemBytes, type StoredDType } from './stored-tensor.ts';

/** Bytes of the numbers that an element is made of: a complex one has two. */
export function elementWidth(dtype: StoredDType): number {
  return dtype.startsWith('complex') ? itemBytes(dtype) / 2 : itemBytes(dtype);
}

/** Turns the bytes of each number around. */
export function swapBytes(bytes: Uint8Array, dtype: StoredDType): void {
  const width = elementWidth(dtype);
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (width === 2) buffer.swap16();
  else if (width === 4) buffer.swap32();
  else if (width === 8) buffer.swap64();
}
