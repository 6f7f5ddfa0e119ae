// Writes pixels as a JPEG: baseline, no subsampling of colours, the tables of the standard's Annex K.
import type { Pixels } from './pixels.ts';

/** Table K.1, row by row. */
const LUMINANCE = [
  ...[16, 11, 10, 16, 24, 40, 51, 61, 12, 12, 14, 19, 26, 58, 60, 55],
  ...[14, 13, 16, 24, 40, 57, 69, 56, 14, 17, 22, 29, 51, 87, 80, 62],
  ...[18, 22, 37, 56, 68, 109, 103, 77, 24, 35, 55, 64, 81, 104, 113, 92],
  ...[49, 64, 78, 87, 103, 121, 120, 101, 72, 92, 95, 98, 112, 100, 103, 99],
];
/** Table K.2. */
const CHROMINANCE = [
  ...[17, 18, 24, 47, 99, 99, 99, 99, 18, 21, 26, 66, 99, 99, 99, 99],
  ...[24, 26, 56, 99, 99, 99, 99, 99, 47, 66, 99, 99, 99, 99, 99, 99],
  ...Array<number>(32).fill(99),
];
/** Tables K.3 and K.5: how many codes of each length from 1 to 16, and what they stand for. Colours use them too. */
const DC_LENGTHS = [0, 1, 5, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0];
const DC_SYMBOLS = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11];
const AC_LENGTHS = [0, 2, 1, 3, 3, 2, 4, 3, 5, 5, 4, 4, 0, 0, 1, 125];
const AC_SYMBOLS = [
  ...Buffer.from(
    '01020300041105122131410613516107227114328191a1082342b1c11552d1f02433627282090a161718191a25262728292a3435363738393a434445464748494a535455565758595a' +
      '636465666768696a737475767778797a838485868788898a92939495969798999aa2a3a4a5a6a7a8a9aab2b3b4b5b6b7b8b9bac2c3c4c5c6c7c8c9cad2d3d4d5d6d7d8d9dae1e2e3e4' +
      'e5e6e7e8e9eaf1f2f3f4f5f6f7f8f9fa',
    'hex',
  ),
];

/** Places of a block of 8 by 8, in the order in which they are written: along its diagonals. */
const ZIGZAG = Array.from({ length: 64 }, (_, i) => i).sort((a, b) => {
  const [ra, ca, rb, cb] = [a >> 3, a & 7, b >> 3, b & 7];
  const diagonal = ra + ca;
  return diagonal - (rb + cb) || (diagonal % 2 === 0 ? rb - ra : ra - rb);
});

/** The discrete cosine transform of eight values: [frequency][place]. */
const COSINES = Array.from({ length: 8 }, (_, u) =>
  Float64Array.from(
    { length: 8 },
    (_, x) => (u === 0 ? Math.SQRT1_2 : 1) * 0.5 * Math.cos(((2 * x + 1) * u * Math.PI) / 16),
  ),
);

interface Code {
  readonly bits: number;
  readonly length: number;
}

/** @param quality - 1 to 100, as libjpeg counts. Gray or three channels. */
export function encodeJpeg(pixels: Pixels, quality: number): Uint8Array {
  const { width, height, numChannels } = pixels;
  const tables = [scaled(LUMINANCE, quality), scaled(CHROMINANCE, quality)];
  const planes = numChannels === 1 ? [pixels.data] : yCbCr(pixels.data);
  const out = new BitWriter();
  out.bytes(0xff, 0xd8);
  out.segment(0xe0, [...Buffer.from('JFIF\0'), 1, 1, 0, 0, 1, 0, 1, 0, 0]);
  for (let i = 0; i < (numChannels === 1 ? 1 : 2); i += 1)
    out.segment(0xdb, [i, ...ZIGZAG.map((at) => tables[i]![at]!)]);
  const components = planes.flatMap((_, i) => [i + 1, 0x11, i === 0 ? 0 : 1]);
  out.segment(0xc0, [8, height >> 8, height & 255, width >> 8, width & 255, planes.length, ...components]);
  out.segment(0xc4, [0x00, ...DC_LENGTHS, ...DC_SYMBOLS]);
  out.segment(0xc4, [0x10, ...AC_LENGTHS, ...AC_SYMBOLS]);
  out.segment(0xda, [planes.length, ...planes.flatMap((_, i) => [i + 1, 0]), 0, 63, 0]);
  const block = new Float64Array(64);
  const previous = planes.map(() => 0);
  for (let top = 0; top < height; top += 8)
    for (let left = 0; left < width; left += 8)
      for (const [i, plane] of planes.entries()) {
        for (let at = 0; at < 64; at += 1) {
          const y = Math.min(top + (at >> 3), height - 1);
          const x = Math.min(left + (at & 7), width - 1);
          block[at] = plane[y * width + x]! - 128;
        }
        previous[i] = writeBlock(out, transform(block), tables[i === 0 ? 0 : 1]!, previous[i]!);
      }
  return out.finish();
}

/** A table for a quality, as libjpeg scales it. */
function scaled(table: readonly number[], quality: number): number[] {
  const percent = quality < 50 ? 5000 / quality : 200 - 2 * quality;
  return table.map((entry) => Math.min(255, Math.max(1, Math.floor((entry * percent + 50) / 100))));
}

function yCbCr(data: Uint8Array): Float32Array[] {
  const length = data.length / 3;
  const [y, cb, cr] = [new Float32Array(length), new Float32Array(length), new Float32Array(length)];
  for (let i = 0; i < length; i += 1) {
    const [r, g, b] = [data[3 * i]!, data[3 * i + 1]!, data[3 * i + 2]!];
    y[i] = 0.299 * r + 0.587 * g + 0.114 * b;
    cb[i] = 128 - 0.168736 * r - 0.331264 * g + 0.5 * b;
    cr[i] = 128 + 0.5 * r - 0.418688 * g - 0.081312 * b;
  }
  return [y, cb, cr];
}

const rows = new Float64Array(64);
const frequencies = new Float64Array(64);

/** The frequencies of a block, along rows and then along columns. Valid until the next. */
function transform(block: Float64Array): Float64Array {
  for (let y = 0; y < 8; y += 1)
    for (let u = 0; u < 8; u += 1) {
      const wave = COSINES[u]!;
      let sum = 0;
      for (let x = 0; x < 8; x += 1) sum += wave[x]! * block[8 * y + x]!;
      rows[8 * y + u] = sum;
    }
  for (let v = 0; v < 8; v += 1)
    for (let u = 0; u < 8; u += 1) {
      const wave = COSINES[v]!;
      let sum = 0;
      for (let y = 0; y < 8; y += 1) sum += wave[y]! * rows[8 * y + u]!;
      frequencies[8 * v + u] = sum;
    }
  return frequencies;
}

/** @returns the block's mean, from which the next one's is counted. */
function writeBlock(out: BitWriter, values: Float64Array, table: readonly number[], previous: number): number {
  const mean = Math.round(values[0]! / table[0]!);
  writeNumber(out, DC_CODES, 0, mean - previous);
  let numZeros = 0;
  for (let i = 1; i < 64; i += 1) {
    const at = ZIGZAG[i]!;
    const value = Math.round(values[at]! / table[at]!);
    if (value === 0) {
      numZeros += 1;
      continue;
    }
    for (; numZeros > 15; numZeros -= 16) out.code(AC_CODES[0xf0]!);
    writeNumber(out, AC_CODES, numZeros, value);
    numZeros = 0;
  }
  if (numZeros > 0) out.code(AC_CODES[0x00]!);
  return mean;
}

/** A number's length with the zeros before it, then its bits. */
function writeNumber(out: BitWriter, codes: readonly Code[], numZeros: number, value: number): void {
  const length = 32 - Math.clz32(Math.abs(value));
  out.code(codes[(numZeros << 4) | length]!);
  if (length > 0) out.code({ bits: value < 0 ? value + (1 << length) - 1 : value, length });
}

/** The code of each symbol. */
function codesOf(lengths: readonly number[], symbols: readonly number[]): Code[] {
  const codes: Code[] = [];
  let bits = 0;
  let next = 0;
  for (const [i, count] of lengths.entries()) {
    for (let j = 0; j < count; j += 1) codes[symbols[next++]!] = { bits: bits++, length: i + 1 };
    bits <<= 1;
  }
  return codes;
}

const DC_CODES = codesOf(DC_LENGTHS, DC_SYMBOLS);
const AC_CODES = codesOf(AC_LENGTHS, AC_SYMBOLS);

class BitWriter {
  #bytes = Buffer.allocUnsafe(4096);
  #length = 0;
  #bits = 0;
  #numBits = 0;

  bytes(...bytes: number[]): void {
    for (const byte of bytes) this.#push(byte);
  }

  segment(marker: number, content: readonly number[]): void {
    const length = content.length + 2;
    this.bytes(0xff, marker, length >> 8, length & 255, ...content);
  }

  code({ bits, length }: Code): void {
    this.#bits = (this.#bits << length) | bits;
    this.#numBits += length;
    while (this.#numBits >= 8) {
      this.#numBits -= 8;
      const byte = (this.#bits >>> this.#numBits) & 255;
      this.#push(byte);
      if (byte === 255) this.#push(0); // else it would be a marker
    }
    this.#bits &= (1 << this.#numBits) - 1;
  }

  finish(): Uint8Array {
    if (this.#numBits > 0) this.code({ bits: (1 << (8 - this.#numBits)) - 1, length: 8 - this.#numBits });
    this.bytes(0xff, 0xd9);
    return new Uint8Array(this.#bytes.subarray(0, this.#length));
  }

  #push(byte: number): void {
    if (this.#length === this.#bytes.length) this.#bytes = Buffer.concat([this.#bytes], 2 * this.#bytes.length);
    this.#bytes[this.#length++] = byte;
  }
}
