import { expect, test } from 'vitest';
import { cos, exp, log, pow } from './float-math.ts';

// The right sides are what Python's math module gives; the last digits of JavaScript's are others, for exp by some of its versions.
test('cos(), exp(), log() and pow() give the last bit that the C library gives', () => {
  expect(cos(0.0374)).toBe(0.9993007015182632);
  expect(exp(-0.0166)).toBe(0.9835370207707462);
  expect(log(0.0015)).toBe(-6.502290170873972);
  expect(pow(0.9000011, 11)).toBe(0.3138148151249081);
  expect(pow(0.999, 16)).toBe(0.9841194418156399);
});

test('cos(), exp(), log() and pow() give inf and nan as IEEE 754 does', () => {
  expect([cos(Infinity), exp(1000), log(0), log(-1), pow(0, 0), pow(-8, 1 / 3), pow(2, -Infinity)]).toEqual([
    NaN,
    Infinity,
    -Infinity,
    NaN,
    1,
    NaN,
    0,
  ]);
});

test('pow() refuses what is no number', () => {
  expect(() => pow('2' as never, 3)).toThrow(TypeError);
});
