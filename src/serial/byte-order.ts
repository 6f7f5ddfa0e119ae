// Elements of big-endian files, turned around in place.
import { itemBytes, type StoredDType } from './stored-tensor.ts';

/** Turns the bytes of each number around; of a complex element, those of each half. */
export function swapBytes(bytes: Uint8Array, dtype: StoredDType): void {
  const width = dtype.startsWith('complex') ? itemBytes(dtype) / 2 : itemBytes(dtype);
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (width === 2) buffer.swap16();
  else if (width === 4) buffer.swap32();
  else if (width === 8) buffer.swap64();
}
