// Counts elements that are no finite numbers, from the bytes of a tensor, without an engine.
import { itemBytes, type StoredDType } from './stored-tensor.ts';

/** Elements that are not a number, and infinite ones. A complex number counts by its parts. */
export interface NonFinite {
  readonly numNan: number;
  readonly numInf: number;
}

/** How a word of memory says that its number is not finite. */
interface Pattern {
  readonly wordBytes: 1 | 2 | 4;
  /** Two words a number. */
  readonly isDouble: boolean;
  /** Without its sign, a word above this value is NaN. */
  readonly infinity: number;
  readonly mask: number;
  /** Whether `infinity` itself is: the short formats have none, and all that is up there is NaN. */
  readonly hasInfinity: boolean;
}

const float32: Pattern = { wordBytes: 4, isDouble: false, infinity: 0x7f80_0000, mask: 0x7fff_ffff, hasInfinity: true };
const float64: Pattern = { ...float32, isDouble: true, infinity: 0x7ff0_0000 };
const float16: Pattern = { wordBytes: 2, isDouble: false, infinity: 0x7c00, mask: 0x7fff, hasInfinity: true };
const byte = { wordBytes: 1, isDouble: false, hasInfinity: false } as const;
const patterns: Partial<Record<StoredDType, Pattern>> = {
  float32,
  complex64: float32,
  float64,
  complex128: float64,
  float16,
  complex32: float16,
  bfloat16: { ...float16, infinity: 0x7f80 },
  float8_e5m2: { ...byte, infinity: 0x7c, mask: 0x7f, hasInfinity: true },
  float8_e4m3fn: { ...byte, infinity: 0x7f, mask: 0x7f },
  float8_e4m3fnuz: { ...byte, infinity: 0x80, mask: 0xff },
  float8_e5m2fnuz: { ...byte, infinity: 0x80, mask: 0xff },
  float8_e8m0fnu: { ...byte, infinity: 0xff, mask: 0xff },
};

/** Looks at every element. @param bytes - whole elements, at any address. */
export function countNonFinite(bytes: Uint8Array, dtype: StoredDType): NonFinite {
  const pattern = patterns[dtype];
  if (pattern === undefined) return { numNan: 0, numInf: 0 };
  if (dtype.endsWith('fnuz')) return { numNan: countBytes(bytes, pattern.infinity), numInf: 0 };
  const aligned = bytes.byteOffset % itemBytes(dtype) === 0 ? bytes : bytes.slice();
  const words = wordsOf(aligned, pattern.wordBytes);
  if (pattern.isDouble) return countDoubles(words, pattern);
  const { infinity, mask, hasInfinity } = pattern;
  let numNan = 0;
  let numInf = 0;
  for (let index = 0; index < words.length; index++) {
    const magnitude = words[index]! & mask;
    if (magnitude < infinity) continue;
    if (magnitude === infinity && hasInfinity) numInf++;
    else numNan++;
  }
  return { numNan, numInf };
}

function wordsOf({ buffer, byteOffset, byteLength }: Uint8Array, wordBytes: 1 | 2 | 4) {
  if (wordBytes === 4) return new Uint32Array(buffer, byteOffset, byteLength / 4);
  return wordBytes === 2
    ? new Uint16Array(buffer, byteOffset, byteLength / 2)
    : new Uint8Array(buffer, byteOffset, byteLength);
}

function countBytes(bytes: Uint8Array, wanted: number): number {
  let count = 0;
  for (let index = 0; index < bytes.length; index++) if (bytes[index] === wanted) count++;
  return count;
}

/** Whether a double is infinite or no number at all is also in its lower half, which comes first. */
function countDoubles(words: ArrayLike<number>, { infinity, mask }: Pattern): NonFinite {
  let numNan = 0;
  let numInf = 0;
  for (let index = 1; index < words.length; index += 2) {
    const magnitude = words[index]! & mask;
    if (magnitude < infinity) continue;
    if (magnitude === infinity && words[index - 1] === 0) numInf++;
    else numNan++;
  }
  return { numNan, numInf };
}
