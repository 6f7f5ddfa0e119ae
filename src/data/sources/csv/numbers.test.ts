// Tests of numbers from bytes: against JavaScript's own, on many digits and on the edges.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseFloatBytes, parseIntegerBytes, parseLongInteger, writeInt64 } from './numbers.ts';

const float = (text: string): number => parseFloatBytes(Buffer.from(text), 0, text.length);
const digits = (maxLength: number) =>
  fc.array(fc.integer({ min: 0, max: 9 }), { maxLength }).map((each) => each.join(''));

describe('parseFloatBytes()', () => {
  it('gives the nearest double of any decimal number', () => {
    const sign = fc.constantFrom('', '-', '+');
    const exponent = fc.oneof(
      fc.constant(''),
      fc.integer({ min: -330, max: 330 }).map((e) => `e${e}`),
      fc.integer({ min: -25, max: 25 }).map((e) => `E+${e}`.replace('+-', '-')),
    );
    fc.assert(
      fc.property(sign, digits(22), digits(22), exponent, (s, whole, decimals, e) => {
        if (whole === '' && decimals === '') return;
        const text = `${s}${whole}${decimals === '' ? '' : `.${decimals}`}${e}`;
        expect(float(text), text).toBe(Number(text));
      }),
      { numRuns: 3000 },
    );
  });

  it('gives back what JavaScript prints of a double, halfway cases included', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true }), (value) => {
        const text = String(value);
        expect(float(text)).toBe(Number(text));
      }),
      { numRuns: 3000 },
    );
    const halfway = fc.tuple(
      fc.bigInt({ min: 2n ** 52n, max: 2n ** 53n - 1n }),
      fc.bigInt({ min: 0n, max: 5n }),
      fc.nat(3),
    );
    fc.assert(
      fc.property(halfway, ([significand, shift, decimals]) => {
        const text = String((2n * significand + 1n) << shift); // lies in the middle of two doubles
        const moved = decimals === 0 ? text : `${text.slice(0, -decimals)}.${text.slice(-decimals)}`;
        for (const each of [text, moved]) expect(float(each), each).toBe(Number(each));
      }),
      { numRuns: 1000 },
    );
    for (const text of ['9007199254740993', '9007199254740992.5', '4503599627370496.5', '0.500000000000000166'])
      expect(float(text), text).toBe(Number(text));
  });

  it('takes infinities and spaces, and nothing that is no decimal number', () => {
    expect([float(' 1.5\t'), float('-inf'), float('Infinity'), float('1.'), float('.5')]).toEqual([
      1.5,
      -Infinity,
      Infinity,
      1,
      0.5,
    ]);
    expect(float('-0')).toBe(-0);
    for (const text of ['', ' ', '.', '-', '1e', '1e+', 'e5', '1.2.3', '0x10', '1_0', '1 2', 'nan', '--1', '1e5.0'])
      expect(float(text), text).toBeNaN();
  });
});

describe('integers', () => {
  it('are exact to the last of 64 bits', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }), (value) => {
        const bytes = Buffer.from(String(value));
        expect(parseLongInteger(bytes, 0, bytes.length)).toBe(value);
        const short = parseIntegerBytes(bytes, 0, bytes.length);
        if (!Number.isNaN(short)) expect(BigInt(short)).toBe(value);
      }),
    );
    for (const text of ['9223372036854775808', '-9223372036854775809', '1.0', '', '+', '1e3', '9'.repeat(100_000)])
      expect(parseLongInteger(Buffer.from(text), 0, text.length)).toBeUndefined();
  });

  it('are written as two halves', () => {
    const values = [0, 1, -1, 2 ** 31, -(2 ** 31) - 1, 2 ** 32, 999_999_999_999_999, -999_999_999_999_999];
    const out = new BigInt64Array(values.length);
    for (const [i, value] of values.entries()) writeInt64(new Int32Array(out.buffer), i, value);
    expect([...out]).toEqual(values.map(BigInt));
  });
});
