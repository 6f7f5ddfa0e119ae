// A column chunk of a Parquet file into an array: flat columns, with typed arrays from page to column. hyparquet reads the rarer encodings.
import { crc32 } from 'node:zlib';
import { writeInt64 } from '../csv/numbers.ts';
import type { Vocabulary } from '../csv/vocabulary.ts';
import { decompressPage, type loadDecompressors } from './decompress.ts';
import { decodeHybrid, ParquetProblem } from './hybrid.ts';

/** The physical types that are read. */
export type PhysicalType = 'BOOLEAN' | 'INT32' | 'INT64' | 'FLOAT' | 'DOUBLE' | 'BYTE_ARRAY';

/** Elements as they are stored; booleans as bytes, words of a category as their codes. */
export type ChunkArray = Uint8Array | Int32Array | BigInt64Array | Float32Array | Float64Array | string[];

/** What hyparquet gives to read pages with. */
export interface Hyparquet {
  readonly parquetHeader: typeof import('hyparquet/src/column.js').parquetHeader;
  readonly delta: typeof import('hyparquet/src/delta.js');
  readonly encoding: typeof import('hyparquet/src/encoding.js');
  readonly decompressors: Awaited<ReturnType<typeof loadDecompressors>>;
}

export interface ChunkPlan {
  readonly type: PhysicalType;
  readonly codec: string;
  readonly numValues: number;
  /** Whether values may be missing. */
  readonly isOptional: boolean;
  /** Words of a category get their codes here; text is text without. */
  readonly vocabulary: Vocabulary | undefined;
}

export interface Chunk {
  readonly values: ChunkArray;
  /** 1 where there is a value; undefined where all are there. */
  readonly present: Uint8Array | undefined;
}

/** Decodes the bytes of a chunk. @throws {ParquetProblem} @throws {Error} whatever hyparquet finds wrong with page headers. */
export function decodeChunk(bytes: Uint8Array, plan: ChunkPlan, hyparquet: Hyparquet): Chunk {
  const { numValues, type, vocabulary } = plan;
  const values = makeArray(vocabulary ? 'INT64' : type, numValues);
  let present: Uint8Array | undefined;
  let dictionary: ChunkArray | undefined;
  const reader = { view: new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength), offset: 0 };
  for (let row = 0; row < numValues; ) {
    if (reader.offset >= bytes.length) throw new ParquetProblem(`expected ${numValues} values, got ${row}`);
    const header = hyparquet.parquetHeader(reader);
    const page = bytes.subarray(reader.offset, reader.offset + header.compressed_page_size);
    if (page.length < header.compressed_page_size || header.compressed_page_size < 0)
      throw new ParquetProblem(`expected a page of ${header.compressed_page_size} bytes, got ${page.length}`);
    reader.offset += header.compressed_page_size;
    // Of the page as it is stored, where its writer gave one.
    if (header.crc !== undefined && crc32(page) !== header.crc >>> 0)
      throw new ParquetProblem(`expected a page of checksum ${hex(header.crc)}, got ${hex(crc32(page))}`);
    if (header.type === 'DICTIONARY_PAGE') {
      const plain = decompressPage(hyparquet.decompressors, plan.codec, page, header.uncompressed_page_size);
      dictionary = decodePlain(plain, 0, header.dictionary_page_header?.num_values ?? 0, plan);
      continue;
    }
    const data = openPage(page, header, plan, hyparquet);
    if (data.numValues > numValues - row || data.numValues < 0)
      throw new ParquetProblem(`expected ${numValues} values, got pages with ${row + data.numValues}`);
    const decoded = decodeValues(data, plan, dictionary, hyparquet);
    if (data.present) {
      present ??= new Uint8Array(numValues).fill(1, 0, row);
      present.set(data.present, row);
      scatter(decoded, values, row, data.present);
    } else {
      present?.fill(1, row, row + data.numValues);
      place(decoded, values, row);
    }
    row += data.numValues;
  }
  return { values, present };
}

function hex(checksum: number): string {
  return (checksum >>> 0).toString(16).padStart(8, '0');
}

/** A page of values, decompressed. */
interface Page {
  readonly bytes: Uint8Array;
  /** Where values begin. */
  readonly start: number;
  readonly encoding: string;
  /** Those that are missing included. */
  readonly numValues: number;
  readonly numPresent: number;
  readonly present: Uint8Array | undefined;
}

type Header = ReturnType<Hyparquet['parquetHeader']>;

function openPage(stored: Uint8Array, header: Header, plan: ChunkPlan, { decompressors }: Hyparquet): Page {
  const v1 = header.data_page_header;
  const v2 = header.data_page_header_v2;
  if (header.type === 'DATA_PAGE' && v1) {
    const bytes = decompressPage(decompressors, plan.codec, stored, header.uncompressed_page_size);
    const { num_values: numValues, encoding } = v1;
    if (!plan.isOptional) return { bytes, start: 0, encoding, numValues, numPresent: numValues, present: undefined };
    if (bytes.length < 4) throw new ParquetProblem('expected definition levels, got the end of a page');
    const start = 4 + new DataView(bytes.buffer, bytes.byteOffset, 4).getUint32(0, true);
    return { bytes, start, encoding, numValues, ...levelsOf(bytes, 4, start, numValues) };
  }
  if (header.type === 'DATA_PAGE_V2' && v2) {
    const { num_values: numValues, encoding } = v2;
    const levelBytes = v2.definition_levels_byte_length + v2.repetition_levels_byte_length;
    const packed = stored.subarray(levelBytes);
    const bytes = v2.is_compressed
      ? decompressPage(decompressors, plan.codec, packed, header.uncompressed_page_size - levelBytes)
      : packed;
    const levels = plan.isOptional
      ? levelsOf(stored, v2.repetition_levels_byte_length, levelBytes, numValues)
      : { numPresent: numValues, present: undefined };
    return { bytes, start: 0, encoding, numValues, ...levels };
  }
  throw new ParquetProblem(`expected a page of data, got ${header.type}`);
}

function levelsOf(
  bytes: Uint8Array,
  start: number,
  end: number,
  numValues: number,
): Pick<Page, 'numPresent' | 'present'> {
  const present = new Uint8Array(numValues);
  decodeHybrid(bytes, { start, end: Math.min(end, bytes.length), bitWidth: 1 }, present);
  let numPresent = 0;
  for (let i = 0; i < numValues; i++) numPresent += present[i]!;
  return { numPresent, present: numPresent < numValues ? present : undefined };
}

/** The values of a page that are there. */
function decodeValues(
  page: Page,
  plan: ChunkPlan,
  dictionary: ChunkArray | undefined,
  hyparquet: Hyparquet,
): ChunkArray {
  const { bytes, start, encoding, numPresent } = page;
  switch (encoding) {
    case 'PLAIN':
      return decodePlain(bytes, start, numPresent, plan);
    case 'PLAIN_DICTIONARY':
    case 'RLE_DICTIONARY': {
      if (dictionary === undefined) throw new ParquetProblem('expected a dictionary before its indices, got none');
      const indices = new Int32Array(numPresent);
      if (numPresent > 0)
        decodeHybrid(bytes, { start: start + 1, end: bytes.length, bitWidth: bytes[start]! }, indices);
      return lookUp(dictionary, indices);
    }
    case 'RLE': {
      const out = new Uint8Array(numPresent);
      decodeHybrid(bytes, { start: start + 4, end: bytes.length, bitWidth: 1 }, out);
      return out;
    }
    default:
      return decodeOther(page, plan, hyparquet);
  }
}

/** Encodings that hyparquet reads. */
function decodeOther(
  { bytes, start, encoding, numPresent }: Page,
  plan: ChunkPlan,
  { delta, encoding: split }: Hyparquet,
): ChunkArray {
  const reader = { view: new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength), offset: start };
  if (encoding === 'DELTA_BINARY_PACKED' && (plan.type === 'INT32' || plan.type === 'INT64')) {
    const out = plan.type === 'INT32' ? new Int32Array(numPresent) : new BigInt64Array(numPresent);
    delta.deltaBinaryUnpack(reader, numPresent, out);
    return out;
  }
  if (encoding === 'BYTE_STREAM_SPLIT')
    return split.byteStreamSplit(reader, numPresent, plan.type, undefined) as ChunkArray; // of the type asked for
  if (plan.type === 'BYTE_ARRAY' && encoding.startsWith('DELTA_')) {
    const out = new Array<Uint8Array>(numPresent);
    if (encoding === 'DELTA_LENGTH_BYTE_ARRAY') delta.deltaLengthByteArray(reader, numPresent, out);
    else delta.deltaByteArray(reader, numPresent, out);
    return wordsOf(out, plan);
  }
  throw new ParquetProblem(`expected values in an encoding of their type ${plan.type}, got ${encoding}`);
}

function wordsOf(words: readonly Uint8Array[], { vocabulary }: ChunkPlan): ChunkArray {
  const buffers = words.map((word) => Buffer.from(word.buffer, word.byteOffset, word.byteLength));
  if (!vocabulary) return buffers.map((word) => word.toString());
  return codesOf(buffers.map((word) => vocabulary.codeOf(word, 0, word.length)));
}

function codesOf(codes: readonly number[]): BigInt64Array {
  const out = new BigInt64Array(codes.length);
  const pairs = new Int32Array(out.buffer);
  for (let i = 0; i < codes.length; i++) writeInt64(pairs, i, codes[i]!);
  return out;
}

function makeArray(type: PhysicalType, length: number): ChunkArray {
  switch (type) {
    case 'BOOLEAN':
      return new Uint8Array(length);
    case 'INT32':
      return new Int32Array(length);
    case 'INT64':
      return new BigInt64Array(length);
    case 'FLOAT':
      return new Float32Array(length);
    case 'DOUBLE':
      return new Float64Array(length);
    case 'BYTE_ARRAY':
      return new Array<string>(length).fill('');
  }
}

/** Values as they are, one after the other. */
function decodePlain(bytes: Uint8Array, start: number, count: number, plan: ChunkPlan): ChunkArray {
  if (plan.type === 'BYTE_ARRAY') return decodeText(bytes, start, count, plan.vocabulary);
  if (plan.type === 'BOOLEAN') {
    if (start + Math.ceil(count / 8) > bytes.length) throw cutShort(count, plan.type);
    return Uint8Array.from({ length: count }, (_, i) => (bytes[start + (i >> 3)]! >> (i & 7)) & 1);
  }
  const itemBytes = plan.type === 'INT32' || plan.type === 'FLOAT' ? 4 : 8;
  if (start + count * itemBytes > bytes.length || count < 0) throw cutShort(count, plan.type);
  const out = makeArray(plan.type, count) as Exclude<ChunkArray, string[]>;
  new Uint8Array(out.buffer).set(bytes.subarray(start, start + count * itemBytes));
  return out;
}

function cutShort(count: number, type: string): ParquetProblem {
  return new ParquetProblem(`expected ${count} values of type ${type}, got the end of a page`);
}

function decodeText(bytes: Uint8Array, start: number, count: number, vocabulary: Vocabulary | undefined): ChunkArray {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (count < 0 || start + 4 * count > bytes.length) throw cutShort(count, 'BYTE_ARRAY');
  const out: string[] | BigInt64Array = vocabulary ? new BigInt64Array(count) : new Array<string>(count);
  const pairs = vocabulary ? new Int32Array((out as BigInt64Array).buffer) : undefined;
  for (let i = 0, at = start; i < count; i++) {
    if (at + 4 > buffer.length) throw cutShort(count, 'BYTE_ARRAY');
    const from = at + 4;
    at = from + buffer.readUInt32LE(at);
    if (at > buffer.length) throw cutShort(count, 'BYTE_ARRAY');
    if (vocabulary) writeInt64(pairs!, i, vocabulary.codeOf(buffer, from, at));
    else (out as string[])[i] = buffer.toString('utf8', from, at);
  }
  return out;
}

function lookUp(dictionary: ChunkArray, indices: Int32Array): ChunkArray {
  const { length } = dictionary;
  for (let i = 0; i < indices.length; i++) {
    if (indices[i]! >>> 0 >= length)
      throw new ParquetProblem(`expected an index below ${length}, got ${indices[i]! >>> 0}`);
  }
  if (Array.isArray(dictionary)) {
    const out = new Array<string>(indices.length);
    for (let i = 0; i < indices.length; i++) out[i] = dictionary[indices[i]!]!;
    return out;
  }
  if (dictionary instanceof BigInt64Array) {
    const out = new BigInt64Array(indices.length);
    const from = new Int32Array(dictionary.buffer, dictionary.byteOffset, 2 * length);
    const to = new Int32Array(out.buffer);
    for (let i = 0; i < indices.length; i++) {
      const index = 2 * indices[i]!;
      to[2 * i] = from[index]!;
      to[2 * i + 1] = from[index + 1]!;
    }
    return out;
  }
  const out = new (dictionary.constructor as Float32ArrayConstructor)(indices.length);
  for (let i = 0; i < indices.length; i++) out[i] = dictionary[indices[i]!]!;
  return out;
}

function place(from: ChunkArray, to: ChunkArray, at: number): void {
  if (Array.isArray(to)) for (let i = 0; i < from.length; i++) to[at + i] = (from as string[])[i]!;
  else to.set(from as never, at); // both are of the chunk's type
}

/** Puts values in the places of those that are there. */
function scatter(from: ChunkArray, to: ChunkArray, at: number, present: Uint8Array): void {
  const target = to as unknown as number[]; // or of another kind of element, both the same
  const source = from as unknown as number[];
  for (let i = 0, next = 0; i < present.length; i++) if (present[i] === 1) target[at + i] = source[next++]!;
}
