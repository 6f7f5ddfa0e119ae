// Numbers straight from bytes, without a string in between: as exact as Number(text), several times as fast.

/** The powers of ten that a double holds exactly. */
const powers = Array.from({ length: 23 }, (_, exponent) => Number(`1e${exponent}`));
/** Digits that a double always holds. */
const safeDigits = 15;
/** Half of the digits that are taken into account without a string. */
const half = 9;
/** Cuts a double into two halves whose products are exact: 2^27 + 1. Source: Dekker 1971, doi:10.1007/BF01397083. */
const splitter = 134217729;
const decimal = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;
const infinity = /^([+-]?)inf(?:inity)?$/i;

const ZERO = 48;
const POINT = 46;
const PLUS = 43;
const MINUS = 45;

function isSpace(byte: number): boolean {
  return byte === 32 || byte === 9;
}

/**
 * The double nearest to the decimal number in the bytes from `start` to `end`; NaN where they are none. Spaces around it do not matter.
 * Up to 15 digits: one exact integer, one rounded division. Up to 18: the same with a rest, unless that is so near to the middle of two doubles that
 * the rest's own rounding could decide. What remains goes through a string.
 */
export function parseFloatBytes(bytes: Buffer, start: number, end: number): number {
  let from = start;
  let to = end;
  while (from < to && isSpace(bytes[from]!)) from++;
  while (to > from && isSpace(bytes[to - 1]!)) to--;
  const sign = bytes[from]!;
  let at = sign === MINUS || sign === PLUS ? from + 1 : from;
  const first = at;
  let point = -1;
  while (at < to && bytes[at] === ZERO) at++;
  if (at < to && bytes[at] === POINT) {
    point = at++;
    while (at < to && bytes[at] === ZERO) at++;
  }
  // Nine digits fit into an integer of 32 bits, whose arithmetic is faster.
  let head = 0;
  let tail = 0;
  let numDigits = 0;
  for (; at < to; at++) {
    const digit = bytes[at]! - ZERO;
    if (digit >= 0 && digit <= 9) {
      if (numDigits < half) head = (head * 10 + digit) | 0;
      else tail = (tail * 10 + digit) | 0;
      numDigits++;
    } else if (digit === POINT - ZERO && point < 0) point = at;
    else break;
  }
  let exponent = point < 0 ? 0 : point + 1 - at;
  if (at < to) exponent += parseExponent(bytes, at, to); // NaN where it is none
  const isNumber = at - first > (point < 0 ? 0 : 1);
  if (!isNumber || numDigits > 2 * half || !(exponent >= -22 && exponent <= 22)) return parseSlow(bytes, from, to);
  let value: number;
  if (numDigits <= safeDigits) {
    const whole = numDigits > half ? head * powers[numDigits - half]! + tail : head;
    value = exponent > 0 ? whole * powers[exponent]! : whole / powers[-exponent]!;
  } else {
    value = exponent > 0 ? Number.NaN : divide(head, powers[numDigits - half]!, tail, powers[-exponent]!);
    if (Number.isNaN(value)) return parseSlow(bytes, from, to);
  }
  return sign === MINUS ? -value : value;
}

/** (head * scale + tail) / divisor as the nearest double; NaN where that is too near to call. All are integers that doubles hold. */
function divide(head: number, scale: number, tail: number, divisor: number): number {
  const product = head * scale;
  const low = productError(head, scale, product) + tail;
  const high = product + low;
  const rest = low - (high - product);
  const quotient = high / divisor;
  const back = quotient * divisor;
  const correction = (high - back - productError(quotient, divisor, back) + rest) / divisor;
  const value = quotient + correction;
  const doubt = correction * 1e-9; // far more than the correction's own error
  return quotient + (correction + doubt) === value && quotient + (correction - doubt) === value ? value : Number.NaN;
}

/** a * b - product, exactly, where `product` is a * b rounded. */
function productError(a: number, b: number, product: number): number {
  const bigA = a * splitter;
  const highA = bigA - (bigA - a);
  const lowA = a - highA;
  const bigB = b * splitter;
  const highB = bigB - (bigB - b);
  const lowB = b - highB;
  return highA * highB - product + highA * lowB + lowA * highB + lowA * lowB;
}

/** What is written from `e` on; NaN where that is no exponent or a long one. */
function parseExponent(bytes: Buffer, from: number, to: number): number {
  if ((bytes[from]! | 32) !== 101 || to - from > 6) return Number.NaN;
  const sign = bytes[from + 1]!;
  let at = sign === MINUS || sign === PLUS ? from + 2 : from + 1;
  if (at >= to) return Number.NaN;
  let exponent = 0;
  for (; at < to; at++) {
    const digit = bytes[at]! - ZERO;
    if (digit < 0 || digit > 9) return Number.NaN;
    exponent = exponent * 10 + digit;
  }
  return sign === MINUS ? -exponent : exponent;
}

function parseSlow(bytes: Buffer, from: number, to: number): number {
  const text = bytes.toString('latin1', from, to);
  if (decimal.test(text)) return Number(text);
  const infinite = infinity.exec(text);
  if (!infinite) return Number.NaN;
  return infinite[1] === '-' ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
}

/** The integer in the bytes, where a double holds it and its neighbours; NaN where it is larger or they are none. */
export function parseIntegerBytes(bytes: Buffer, start: number, end: number): number {
  let from = start;
  let to = end;
  while (from < to && isSpace(bytes[from]!)) from++;
  while (to > from && isSpace(bytes[to - 1]!)) to--;
  const sign = bytes[from]!;
  if (sign === MINUS || sign === PLUS) from++;
  if (from >= to || to - from > safeDigits) return Number.NaN;
  let value = 0;
  for (let at = from; at < to; at++) {
    const digit = bytes[at]! - ZERO;
    if (digit < 0 || digit > 9) return Number.NaN;
    value = value * 10 + digit;
  }
  return sign === MINUS ? 0 - value : value;
}

const smallest = -(2n ** 63n);
const largest = 2n ** 63n - 1n;

/** The integer in the bytes, however many digits it has; undefined where they are none or 64 bits do not hold it. */
export function parseLongInteger(bytes: Buffer, start: number, end: number): bigint | undefined {
  const text = bytes.toString('latin1', start, end).trim();
  if (!/^[+-]?0*\d{1,19}$/.test(text)) return undefined;
  const value = text.startsWith('-') ? -BigInt(text.slice(1)) : BigInt(text.startsWith('+') ? text.slice(1) : text);
  return value >= smallest && value <= largest ? value : undefined;
}

/** Writes an integer that a double holds into element `index` of 64-bit integers, given as pairs of 32 bits, the low ones first. */
export function writeInt64(pairs: Int32Array, index: number, value: number): void {
  pairs[2 * index] = value; // modulo 2^32, as the language has it
  pairs[2 * index + 1] = Math.floor(value / 4294967296);
}
