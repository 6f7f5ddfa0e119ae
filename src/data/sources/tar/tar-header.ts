// The headers of tar archives: ustar and its elders, GNU's long names, pax records; read with their checksums, and written.

/** What a header says of the entry that follows it. */
export interface TarHeader {
  readonly name: string;
  readonly size: number;
  /** One character, as in '0' for a file. */
  readonly type: string;
}

/** Every header, and every entry's end, lies at a multiple of this. */
export const BLOCK_BYTES = 512;

/** Where fields lie in a header. */
const NAME = [0, 100] as const;
const SIZE = [124, 136] as const;
const CHECKSUM = [148, 156] as const;
const TYPE = 156;
const MAGIC = [257, 263] as const;
const PREFIX = [345, 500] as const;

const SPACE = 32;
const ZERO = 48;
/** What stands at the magic's place in POSIX's archives. */
const USTAR = [117, 115, 116, 97, 114, 0];

const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

/** Bytes of an entry of `size` with what fills its last block. */
export function paddedBytes(size: number): number {
  return Math.ceil(size / BLOCK_BYTES) * BLOCK_BYTES;
}

/** Parses a block of 512 bytes. Undefined for a block of zeros, which ends an archive. @throws {Error} saying what is wrong with it. */
export function parseTarHeader(block: Uint8Array): TarHeader | undefined {
  let sum = 0;
  let bytes = 0; // their bits, to see whether all are zero
  for (let i = 0; i < BLOCK_BYTES; i++) {
    const byte = block[i]!;
    bytes |= byte;
    sum += i >= CHECKSUM[0] && i < CHECKSUM[1] ? SPACE : byte; // the checksum counts its own field as spaces
  }
  if (bytes === 0) return undefined;
  const stored = parseNumber(block, CHECKSUM);
  if (stored !== sum) throw new Error(`expected a header with checksum ${sum}, got ${stored ?? 'something else'}`);
  const size = parseNumber(block, SIZE);
  if (size === undefined || !Number.isSafeInteger(size) || size < 0)
    throw new Error(`expected an entry's size, got ${JSON.stringify(textOf(block, SIZE))}`);
  // Only POSIX's archives, not GNU's, have the rest of a long name in the field "prefix".
  const hasPrefix = block[PREFIX[0]] !== 0 && USTAR.every((byte, i) => block[MAGIC[0] + i] === byte);
  const prefix = hasPrefix ? textOf(block, PREFIX) : '';
  const name = textOf(block, NAME);
  const type = block[TYPE] === 0 ? '0' : String.fromCharCode(block[TYPE]!);
  return { name: prefix ? `${prefix}/${name}` : name, size, type };
}

/** A field's text up to the first zero. */
function textOf(block: Uint8Array, [start, end]: readonly [number, number]): string {
  const field = block.subarray(start, end);
  const length = field.indexOf(0);
  return decoder.decode(length < 0 ? field : field.subarray(0, length));
}

/** A field's number: octal digits with spaces or zeros around, or 256 as base where its first bit is set, as GNU writes what is too large. */
function parseNumber(block: Uint8Array, [start, end]: readonly [number, number]): number | undefined {
  let value = 0;
  if (block[start]! & 0x80) {
    value = block[start]! & 0x7f;
    for (let i = start + 1; i < end; i++) value = value * 256 + block[i]!;
    return value;
  }
  let at = start;
  while (at < end && block[at] === SPACE) at++;
  for (; at < end && block[at] !== SPACE && block[at] !== 0; at++) {
    const digit = block[at]! - ZERO;
    if (digit < 0 || digit > 7) return undefined;
    value = value * 8 + digit;
  }
  return value;
}

/** The records of a pax header: lines `length key=value`. @throws {Error} where they are none. */
export function parsePaxRecords(body: Uint8Array): ReadonlyMap<string, string> {
  const records = new Map<string, string>();
  for (let at = 0; at < body.length; ) {
    const space = body.indexOf(32, at);
    const digits = space < 0 ? '' : decoder.decode(body.subarray(at, space));
    const length = /^[1-9][0-9]{0,9}$/.test(digits) ? Number(digits) : 0;
    const record = decoder.decode(body.subarray(space + 1, at + length - 1));
    const equals = record.indexOf('=');
    if (length === 0 || at + length > body.length || body[at + length - 1] !== 10 || equals < 0)
      throw new Error(
        `expected pax records "length key=value", got ${JSON.stringify(decoder.decode(body.subarray(at, at + 40)))}`,
      );
    records.set(record.slice(0, equals), record.slice(equals + 1));
    at += length;
  }
  return records;
}

/** The header of a file, preceded by a pax header where its name or size does not fit into one of ustar's. */
export function formatTarHeader(name: string, size: number): Uint8Array {
  const bytes = encoder.encode(name);
  const fitsName = bytes.length <= NAME[1];
  const fitsSize = size < 8 ** 11;
  const header = formatBlock(fitsName ? bytes : bytes.subarray(0, NAME[1]), fitsSize ? size : 0, '0');
  if (fitsName && fitsSize) return header;
  const records = [
    ...(fitsName ? [] : [paxRecord('path', name)]),
    ...(fitsSize ? [] : [paxRecord('size', String(size))]),
  ];
  const body = encoder.encode(records.join(''));
  const whole = new Uint8Array(BLOCK_BYTES + paddedBytes(body.length) + BLOCK_BYTES);
  whole.set(formatBlock(encoder.encode('pax_header'), body.length, 'x'));
  whole.set(body, BLOCK_BYTES);
  whole.set(header, whole.length - BLOCK_BYTES);
  return whole;
}

/** A record says its own length, its digits included. */
function paxRecord(key: string, value: string): string {
  const rest = ` ${key}=${value}\n`;
  const restBytes = encoder.encode(rest).length;
  let length = restBytes + 1;
  while (length !== restBytes + String(length).length) length = restBytes + String(length).length;
  return `${length}${rest}`;
}

/** Owner and time are zero: the same samples make the same bytes. */
function formatBlock(name: Uint8Array, size: number, type: string): Uint8Array {
  const block = new Uint8Array(BLOCK_BYTES);
  const put = (text: string, at: number): void => block.set(encoder.encode(text), at);
  const octal = (value: number, digits: number): string => `${value.toString(8).padStart(digits, '0')}\0`;
  block.set(name);
  put(octal(0o644, 7), 100);
  put(octal(0, 7), 108);
  put(octal(0, 7), 116);
  put(octal(size, 11), SIZE[0]);
  put(octal(0, 11), 136);
  put('        ', CHECKSUM[0]);
  put(type, TYPE);
  put('ustar\x0000', MAGIC[0]);
  const sum = block.reduce((total, byte) => total + byte, 0);
  put(`${octal(sum, 6)} `, CHECKSUM[0]);
  return block;
}
