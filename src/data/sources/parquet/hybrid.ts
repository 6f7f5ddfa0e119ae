// The run-length and bit-packed hybrid in which Parquet keeps levels, dictionary indices and booleans.

/** What is wrong with a file, as "expected …, got …". */
export class ParquetProblem extends Error {}

/**
 * Decodes `out.length` integers of `bitWidth` bits from the bytes between `start` and `end`.
 * Source: github.com/apache/parquet-format, Encodings.md, "RLE/Bit-Packing Hybrid".
 * @throws {ParquetProblem} where the bytes end before.
 */
export function decodeHybrid(
  bytes: Uint8Array,
  { start, end, bitWidth }: { readonly start: number; readonly end: number; readonly bitWidth: number },
  out: Int32Array | Uint8Array,
): void {
  if (bitWidth > 32) throw new ParquetProblem(`expected integers of at most 32 bits, got ${bitWidth}`);
  if (bitWidth === 0) {
    out.fill(0);
    return;
  }
  let at = start;
  for (let filled = 0; filled < out.length; ) {
    let header = 0;
    let scale = 1;
    for (let byte = 128; byte >= 128; scale *= 128) {
      if (at >= end || scale > 2 ** 42) throw new ParquetProblem('expected more values, got the end of a page');
      byte = bytes[at++]!;
      header += (byte & 127) * scale;
    }
    const isPacked = header % 2 === 1;
    const length = Math.floor(header / 2) * (isPacked ? 8 : 1);
    const count = Math.min(length, out.length - filled);
    if (isPacked) {
      const packedEnd = at + (length / 8) * bitWidth;
      if (at + Math.ceil((count * bitWidth) / 8) > end)
        throw new ParquetProblem('expected more values, got the end of a page');
      unpack(bytes, at, bitWidth, out, filled, count);
      at = packedEnd;
    } else {
      const width = Math.ceil(bitWidth / 8);
      if (at + width > end) throw new ParquetProblem('expected more values, got the end of a page');
      let value = 0;
      for (let i = 0; i < width; i++) value |= bytes[at + i]! << (8 * i);
      out.fill(value, filled, filled + count);
      at += width;
    }
    filled += count;
  }
}

function unpack(
  bytes: Uint8Array,
  start: number,
  bitWidth: number,
  out: Int32Array | Uint8Array,
  first: number,
  count: number,
): void {
  let at = start;
  if (bitWidth === 8) {
    for (let i = 0; i < count; i++) out[first + i] = bytes[at++]!;
    return;
  }
  if (bitWidth > 24) {
    unpackWide(bytes, start, bitWidth, out, first, count);
    return;
  }
  const mask = (1 << bitWidth) - 1;
  let buffer = 0;
  let numBits = 0;
  for (let i = 0; i < count; i++) {
    while (numBits < bitWidth) {
      buffer |= bytes[at++]! << numBits;
      numBits += 8;
    }
    out[first + i] = buffer & mask;
    buffer >>>= bitWidth;
    numBits -= bitWidth;
  }
}

/** Bit by bit: dictionaries of more than 2^24 words are rare. */
function unpackWide(
  bytes: Uint8Array,
  start: number,
  bitWidth: number,
  out: Int32Array | Uint8Array,
  first: number,
  count: number,
): void {
  let bit = start * 8;
  for (let i = 0; i < count; i++) {
    let value = 0;
    for (let k = 0; k < bitWidth; k++, bit++) value |= ((bytes[bit >> 3]! >> (bit & 7)) & 1) << k;
    out[first + i] = value;
  }
}
