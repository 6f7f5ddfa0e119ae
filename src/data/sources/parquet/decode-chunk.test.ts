// Checksums of pages: none of the fixtures has any, so that the pages here are written by hand.
import { crc32 } from 'node:zlib';
import { parquetHeader } from 'hyparquet/src/column.js';
import { expect, it } from 'vitest';
import { decodeChunk, type Hyparquet } from './decode-chunk.ts';
import { loadDecompressors } from './decompress.ts';

/** An integer as Thrift's compact protocol has it: zigzag, seven bits a byte. */
function integer(value: number): number[] {
  const bytes: number[] = [];
  for (let rest = ((value << 1) ^ (value >> 31)) >>> 0; ; rest >>>= 7) {
    if (rest < 0x80) return [...bytes, rest];
    bytes.push((rest & 0x7f) | 0x80);
  }
}

/** A page of the int32 numbers 7 and -2, plain, with the checksum in its header. */
function page(checksum: (bytes: Uint8Array) => number): Uint8Array {
  const data = new Uint8Array(Int32Array.of(7, -2).buffer);
  const field = (value: number): number[] => [0x15, ...integer(value)];
  const sizes = [...field(0), ...field(data.length), ...field(data.length)];
  const values = [0x1c, ...field(2), ...field(0), ...field(3), ...field(3), 0];
  return Uint8Array.from([...sizes, ...field(checksum(data)), ...values, 0, ...data]);
}

it('checks the checksum of a page that has one', async () => {
  const library = { parquetHeader, decompressors: await loadDecompressors() } as Hyparquet; // the others are for encodings that do not occur
  const plan = {
    type: 'INT32',
    codec: 'UNCOMPRESSED',
    numValues: 2,
    isOptional: false,
    vocabulary: undefined,
  } as const;
  const decode = (bytes: Uint8Array) => decodeChunk(bytes, plan, library);
  expect(decode(page((data) => crc32(data) | 0)).values).toEqual(Int32Array.of(7, -2));
  expect(() => decode(page((data) => crc32(data) ^ 1))).toThrow(
    /expected a page of checksum [0-9a-f]{8}, got [0-9a-f]{8}/,
  );
  const bytes = page((data) => crc32(data) | 0);
  bytes[bytes.length - 3]! ^= 4;
  expect(() => decode(bytes)).toThrow('expected a page of checksum');
});
