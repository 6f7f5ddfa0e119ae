// The header of a safetensors file: what it says of each tensor, checked against the file's size before a byte of a tensor is read.
//
// A file is the header's length (8 bytes, little-endian), the header (JSON, padded with spaces), and the tensors' bytes, one after the other without a gap:
// {"__metadata__": {"format": "pt"}, "weight": {"dtype": "F32", "shape": [2, 2], "data_offsets": [0, 16]}}
// Source: https://github.com/huggingface/safetensors, README.md, "Format".

import { unreadable, unwritable } from './problems.ts';
import type { StoredDType } from './stored-tensor.ts';
import { describeJson, parseStrictJson, quoted, type StrictJson } from './strict-json.ts';

/** The dtypes of the format, in the order in which their tensors are written: the last first. Those without a name of ours have elements that are no whole
 *  bytes: a file may hold them, no tensor can. */
const dtypes = {
  BOOL: { bits: 8, dtype: 'bool' },
  F4: { bits: 4, dtype: undefined },
  F6_E2M3: { bits: 6, dtype: undefined },
  F6_E3M2: { bits: 6, dtype: undefined },
  U8: { bits: 8, dtype: 'uint8' },
  I8: { bits: 8, dtype: 'int8' },
  F8_E5M2: { bits: 8, dtype: 'float8_e5m2' },
  F8_E4M3: { bits: 8, dtype: 'float8_e4m3fn' },
  F8_E8M0: { bits: 8, dtype: 'float8_e8m0fnu' },
  F8_E4M3FNUZ: { bits: 8, dtype: 'float8_e4m3fnuz' },
  F8_E5M2FNUZ: { bits: 8, dtype: 'float8_e5m2fnuz' },
  I16: { bits: 16, dtype: 'int16' },
  U16: { bits: 16, dtype: 'uint16' },
  F16: { bits: 16, dtype: 'float16' },
  BF16: { bits: 16, dtype: 'bfloat16' },
  I32: { bits: 32, dtype: 'int32' },
  U32: { bits: 32, dtype: 'uint32' },
  F32: { bits: 32, dtype: 'float32' },
  C64: { bits: 64, dtype: 'complex64' },
  F64: { bits: 64, dtype: 'float64' },
  I64: { bits: 64, dtype: 'int64' },
  U64: { bits: 64, dtype: 'uint64' },
} as const satisfies Readonly<Record<string, { bits: number; dtype: StoredDType | undefined }>>;

/** A dtype by the name that files give it, as in `F32`. */
export type SafetensorsDType = keyof typeof dtypes;

const ranks = new Map(Object.keys(dtypes).map((name, rank) => [name, rank]));
const names = new Map(Object.entries(dtypes).map(([name, { dtype }]) => [dtype as string, name as SafetensorsDType]));

/** What a header says of a tensor. */
export interface SafetensorsEntry {
  readonly dtype: SafetensorsDType;
  readonly shape: readonly number[];
  /** Where its bytes begin and end, counted from the end of the header. */
  readonly start: number;
  readonly end: number;
}

export interface SafetensorsHeader {
  /** Free text that comes with the tensors. */
  readonly metadata: ReadonlyMap<string, string>;
  /** By name, in the order of their bytes. */
  readonly entries: ReadonlyMap<string, SafetensorsEntry>;
}

/** Bytes of the header's length, in front of it. */
export const lengthBytes = 8;
const maxHeaderBytes = 100_000_000;
const metadataKey = '__metadata__';
/** 2^64: counts that reach it are refused wherever they are, as by every reader that counts in 64 bits. */
const countLimit = 2 ** 64;

/** Our dtype for one of the format; undefined for those of less than a byte. */
export function dtypeOf(dtype: SafetensorsDType): StoredDType | undefined {
  return dtypes[dtype].dtype;
}

/** Bytes of the header, from the eight bytes in front of it.
 *  @param fileBytes - size of the whole file.  @throws {CheckpointError} for a file that cannot hold so long a header. */
export function readHeaderBytes(first: Uint8Array, fileBytes: number): number {
  if (first.length < lengthBytes) {
    throw unreadable(`expected a safetensors file, got ${fileBytes} bytes, too few for the length of its header`);
  }
  const length = Number(Buffer.from(first.buffer, first.byteOffset, lengthBytes).readBigUInt64LE());
  if (Buffer.from(first.subarray(0, 4)).toString('latin1') === 'PK\x03\x04') {
    throw unreadable('expected a safetensors file, got a zip file, as torch.save writes it; read it with load()');
  }
  if (length > fileBytes - lengthBytes) {
    throw unreadable(
      `expected a safetensors file, got a header of ${length} bytes in a file of ${fileBytes}: it is truncated or of another kind`,
    );
  }
  if (length > maxHeaderBytes) {
    throw unreadable(`expected a header of at most ${maxHeaderBytes} bytes, got ${length}`);
  }
  return length;
}

/** Reads a header and checks that its tensors lie one after the other, fill the file, and have as many bytes as dtype and shape say.
 *  @param fileBytes - size of the whole file.  @throws {CheckpointError} naming the tensor and what is wrong with it. */
export function parseHeader(bytes: Uint8Array, fileBytes: number): SafetensorsHeader {
  const header = parseStrictJson(decode(bytes), 'header');
  if (!(header instanceof Map)) throw unreadable(`expected an object as header, got ${describeJson(header)}`);
  const entries: [string, SafetensorsEntry][] = [];
  for (const [name, value] of header as ReadonlyMap<string, StrictJson>) {
    if (name !== metadataKey) entries.push([name, readEntry(name, value)]);
  }
  entries.sort(([, a], [, b]) => a.start - b.start || a.end - b.end);
  requireGapless(entries, fileBytes - lengthBytes - bytes.length);
  return { metadata: readMetadata(header.get(metadataKey)), entries: new Map(entries) };
}

function decode(bytes: Uint8Array): string {
  if (bytes[0] !== 0x7b) {
    const got = bytes.length === 0 ? 'an empty header' : `byte 0x${bytes[0]!.toString(16).padStart(2, '0')}`;
    throw unreadable(`expected a header that begins with "{", got ${got}`);
  }
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (cause) {
    throw unreadable('expected a header in UTF-8, got other bytes', { cause });
  }
}

function readMetadata(value: StrictJson | undefined): ReadonlyMap<string, string> {
  if (value === undefined || value === null) return new Map();
  if (!(value instanceof Map)) throw unreadable(`expected an object as __metadata__, got ${describeJson(value)}`);
  for (const [key, text] of value as ReadonlyMap<string, StrictJson>) {
    if (typeof text !== 'string') {
      throw unreadable(`expected text under ${quoted(key)} of __metadata__, got ${describeJson(text)}`);
    }
  }
  return value as ReadonlyMap<string, string>;
}

/** Keys that are not known are of a later version of the format, and passed over as by Python's reader. */
function readEntry(name: string, value: StrictJson): SafetensorsEntry {
  const wrong = (wanted: string, got: StrictJson | undefined): Error =>
    unreadable(`expected ${wanted} of tensor ${quoted(name)}, got ${describeJson(got)}`);
  if (!(value instanceof Map)) throw wrong('an object with dtype, shape and data_offsets', value);
  const fields = value as ReadonlyMap<string, StrictJson>;
  const [dtype, shape, offsets] = [fields.get('dtype'), fields.get('shape'), fields.get('data_offsets')];
  if (typeof dtype !== 'string' || !Object.hasOwn(dtypes, dtype)) throw wrong('a dtype that the format has', dtype);
  if (!Array.isArray(shape)) throw wrong('a list as shape', shape);
  const size = shape.find((extent) => typeof extent !== 'number');
  if (size !== undefined) throw wrong('whole sizes from 0 to 2^53 - 1 in the shape', size);
  if (!Array.isArray(offsets) || offsets.length !== 2) throw wrong('two data_offsets', offsets);
  const [start, end] = offsets;
  if (typeof start !== 'number') throw wrong('whole data_offsets from 0 to 2^53 - 1', start);
  if (typeof end !== 'number') throw wrong('whole data_offsets from 0 to 2^53 - 1', end);
  return { dtype: dtype as SafetensorsDType, shape: shape as number[], start, end };
}

/** @param entries - in the order of their bytes.  @param dataBytes - what the file has behind its header. */
function requireGapless(entries: readonly (readonly [string, SafetensorsEntry])[], dataBytes: number): void {
  let expected = 0;
  for (const [name, { dtype, shape, start, end }] of entries) {
    if (start !== expected) {
      const how = start < expected ? 'which overlaps the one before' : 'after a gap';
      throw unreadable(`expected tensor ${quoted(name)} at offset ${expected}, got ${start}, ${how}`);
    }
    if (end < start) throw unreadable(`expected tensor ${quoted(name)} to end behind ${start}, got ${end}`);
    const bytes = entryBytes(dtype, shape);
    if (bytes === undefined)
      throw unreadable(`expected tensor ${quoted(name)} to have whole bytes below 2^64, got more`);
    if (end - start !== bytes) {
      throw unreadable(
        `expected ${bytes} bytes for tensor ${quoted(name)} of ${dtype} in shape ${list(shape)}, got ${end - start}`,
      );
    }
    expected = end;
  }
  if (expected === dataBytes) return;
  const how = dataBytes < expected ? 'it is truncated' : 'the rest belongs to no tensor';
  throw unreadable(`expected ${expected} bytes of tensors, got ${dataBytes}: ${how}`);
}

/** Undefined where a 64-bit count would overflow on the way, or bits are left over. */
function entryBytes(dtype: SafetensorsDType, shape: readonly number[]): number | undefined {
  let bits = 1;
  for (const size of shape) {
    bits *= size;
    if (bits >= countLimit) return undefined;
  }
  bits *= dtypes[dtype].bits;
  return bits < countLimit && bits % 8 === 0 ? bits / 8 : undefined;
}

function list(shape: readonly number[]): string {
  return shape.length > 16 ? `[${shape.slice(0, 16).join(', ')}, … ${shape.length} in all]` : `[${shape.join(', ')}]`;
}

/** A tensor that is about to be written. */
export interface TensorFacts {
  readonly name: string;
  readonly dtype: StoredDType;
  readonly shape: readonly number[];
  readonly sizeBytes: number;
}

/** Puts tensors into the order of a file: widest dtype first, then by the bytes of their names.
 *  @throws {CheckpointError} for a dtype that the format has not, and a name that is taken or no text. */
export function inFileOrder<T extends TensorFacts>(tensors: readonly T[]): T[] {
  const keyed = tensors.map((tensor) => ({ tensor, rank: ranks.get(formatDType(tensor))!, key: encodeName(tensor) }));
  keyed.sort((a, b) => b.rank - a.rank || Buffer.compare(a.key, b.key));
  return keyed.map(({ tensor }) => tensor);
}

/** The eight bytes of length and the header, as Python's library writes them.
 *  @param tensors - in the order of the file.  @throws {CheckpointError} for a header above 100 MB. */
export function encodeHeader(tensors: readonly TensorFacts[], metadata: ReadonlyMap<string, string>): Uint8Array {
  let start = 0;
  const parts = tensors.map((tensor) => {
    const end = start + tensor.sizeBytes;
    const fields = { dtype: formatDType(tensor), shape: tensor.shape, data_offsets: [start, end] };
    start = end;
    return `${JSON.stringify(tensor.name)}:${JSON.stringify(fields)}`;
  });
  if (metadata.size > 0) {
    // Not by way of an object, which would sort keys that look like numbers.
    const texts = [...metadata].map(([key, text]) => `${JSON.stringify(key)}:${JSON.stringify(text)}`);
    parts.unshift(`"${metadataKey}":{${texts.join(',')}}`);
  }
  const json = Buffer.from(`{${parts.join(',')}}`);
  const paddedBytes = Math.ceil(json.length / lengthBytes) * lengthBytes;
  if (paddedBytes > maxHeaderBytes) {
    throw unwritable(`expected a header of at most ${maxHeaderBytes} bytes, got ${paddedBytes}; save in several files`);
  }
  const header = Buffer.alloc(lengthBytes + paddedBytes, ' ');
  header.writeBigUInt64LE(BigInt(paddedBytes));
  json.copy(header, lengthBytes);
  return header;
}

/** @throws {CheckpointError} for text that UTF-8 cannot hold. */
export function requireText(text: string, what: string): string {
  if (!/\p{Surrogate}/u.test(text)) return text;
  throw unwritable(`expected well-formed text as ${what}, got a string with half a surrogate pair`);
}

function formatDType({ name, dtype }: TensorFacts): SafetensorsDType {
  const found = names.get(dtype);
  if (found !== undefined) return found;
  const wayOut = dtype.startsWith('complex') ? '; save its viewAsReal(), or use save()' : '; convert it with to()';
  throw unwritable(`expected a dtype that safetensors files have at ${quoted(name)}, got ${dtype}${wayOut}`);
}

function encodeName({ name }: TensorFacts): Buffer {
  if (name === metadataKey) throw unwritable(`expected tensors under other names than "${metadataKey}", got one`);
  return Buffer.from(requireText(name, 'the name of a tensor'));
}
