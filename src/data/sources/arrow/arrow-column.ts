// Columns of Arrow record batches as chunks that a table's columns are made of.
import type { Data, Field, Vector } from 'apache-arrow';
import { writeInt64 } from '../csv/numbers.ts';
import type { Vocabulary } from '../csv/vocabulary.ts';
import type { Chunk } from '../parquet/decode-chunk.ts';
import { ArrowProblem } from './problem.ts';

type Arrow = typeof import('apache-arrow');

/** As messages say it: a type that can be read, or one that cannot. A dictionary of text is `category`. */
export function foundType(arrow: Arrow, { type }: Field): string {
  const { DataType } = arrow;
  if (DataType.isDictionary(type))
    return isText(arrow, type.dictionary) ? 'category' : 'a dictionary of other than text';
  if (isText(arrow, type)) return 'string';
  if (DataType.isBool(type)) return 'bool';
  if (DataType.isInt(type)) {
    if (type.isSigned) return `int${type.bitWidth}`;
    return type.bitWidth === 8 ? 'uint8' : type.bitWidth === 16 ? 'int32' : `uint${type.bitWidth}`;
  }
  if (DataType.isFloat(type)) return ['float16', 'float32', 'float64'][type.precision]!;
  if (DataType.isDate(type)) return type.unit === 0 ? 'int32' : 'int64'; // days, milliseconds
  if (DataType.isTime(type)) return `int${type.bitWidth}`;
  return DataType.isTimestamp(type) ? 'int64' : String(type).toLowerCase();
}

function isText({ DataType }: Arrow, type: unknown): boolean {
  return DataType.isUtf8(type) || DataType.isLargeUtf8(type);
}

/** The values of a column in a batch. @param vocabulary - gives words their codes; text is text without. */
export function chunkOf(arrow: Arrow, data: Data, vocabulary: Vocabulary | undefined): Chunk {
  const { DataType } = arrow;
  const present = data.nullCount > 0 ? bitsOf(data.nullBitmap, data.offset, data.length) : undefined;
  if (DataType.isDictionary(data.type)) {
    const words = dictionaryWords(arrow, data.dictionary, vocabulary);
    return { values: lookUp(words, data.values as ArrayLike<number>, data.length, present), present };
  }
  if (isText(arrow, data.type)) return { values: wordsOf(data, vocabulary), present };
  if (DataType.isBool(data.type))
    return { values: bitsOf(data.values as Uint8Array, data.offset, data.length), present };
  if (data.values === undefined || data.values.length < data.length)
    throw new ArrowProblem(`expected ${data.length} values, got ${data.values?.length ?? 0}`);
  return { values: data.values.subarray(0, data.length) as Chunk['values'], present };
}

function bitsOf(bits: Uint8Array | undefined, offset: number, length: number): Uint8Array {
  if (bits === undefined || bits.length * 8 < offset + length)
    throw new ArrowProblem(`expected ${length} bits, got ${(bits?.length ?? 0) * 8}`);
  const bytes = new Uint8Array(length);
  for (let i = 0, at = offset; i < length; i++, at++) bytes[i] = (bits[at >> 3]! >> (at & 7)) & 1;
  return bytes;
}

function wordsOf({ values, valueOffsets, length }: Data, vocabulary: Vocabulary | undefined): string[] | BigInt64Array {
  const bytes = values as Uint8Array;
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const ends = valueOffsets as unknown as ArrayLike<number | bigint>;
  const codes = vocabulary && new BigInt64Array(length);
  const pairs = codes && new Int32Array(codes.buffer);
  const text = codes ? [] : new Array<string>(length);
  for (let i = 0; i < length; i++) {
    const from = Number(ends[i]);
    const to = Number(ends[i + 1]);
    if (!(from >= 0 && from <= to && to <= buffer.length))
      throw new ArrowProblem(`expected text of ${buffer.length} bytes, got some from ${from} to ${to}`);
    if (pairs) writeInt64(pairs, i, vocabulary!.codeOf(buffer, from, to));
    else text[i] = buffer.toString('utf8', from, to);
  }
  return codes ?? text;
}

function dictionaryWords(
  arrow: Arrow,
  dictionary: Vector | undefined,
  vocabulary: Vocabulary | undefined,
): string[] | BigInt64Array {
  const parts = (dictionary?.data ?? []).map(
    (part) => chunkOf(arrow, part, vocabulary).values as string[] | BigInt64Array,
  );
  if (!vocabulary) return (parts as string[][]).flat();
  return BigInt64Array.from((parts as BigInt64Array[]).flatMap((part) => [...part]));
}

function lookUp(
  words: string[] | BigInt64Array,
  indices: ArrayLike<number>,
  length: number,
  present: Uint8Array | undefined,
): string[] | BigInt64Array {
  const out: string[] | BigInt64Array = Array.isArray(words)
    ? new Array<string>(length).fill('')
    : new BigInt64Array(length);
  for (let i = 0; i < length; i++) {
    if (present?.[i] === 0) continue;
    const word = words[Number(indices[i])];
    if (word === undefined) throw new ArrowProblem(`expected a word below ${words.length}, got number ${indices[i]}`);
    out[i] = word as never; // an element of its own kind
  }
  return out;
}
