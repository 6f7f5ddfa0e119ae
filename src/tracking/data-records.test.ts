// Every kind of record comes back from its line as it was, with numbers that JSON does not have.
import { expect, test } from 'vitest';
import type { DataRecord } from './data-records.ts';
import { decodeRecord, encodeRecord } from './run-format.ts';

const at = { step: 3, microStep: 6, epoch: 1, time: 5, key: 'a/b' };
const histogram = { edges: [0, 1, 2], counts: [3, 4], min: 0, max: 2, sum: 7, sumOfSquares: 9, count: 7 };
const empty = { ...histogram, min: Number.NaN, max: Number.NaN, sum: Number.POSITIVE_INFINITY, sumOfSquares: 0 };
const matrix = {
  rows: ['cat', 'dog'],
  columns: ['x'],
  values: [[1], [Number.NaN]],
  rowLabel: 'true',
  columnLabel: 'said',
};
const RECORDS: DataRecord[] = [
  { kind: 'histogram', ...at, histogram: { ...histogram, numNonFinite: 0 } },
  { kind: 'histogram', ...at, histogram: { ...empty, numNonFinite: 2 } },
  { kind: 'matrix', ...at, matrix },
  { kind: 'image', ...at, path: 'media/a/b/3.png', width: 4, height: 5 },
  { kind: 'image', ...at, path: 'media/a/b/3.png', width: 4, height: 5, caption: 'a cat' },
  { kind: 'figure', ...at, path: 'media/a/b/3.svg' },
  { kind: 'text', ...at, text: 'first\nsecond' },
];

test.each(RECORDS)('decodeRecord() gives back %o', (record) => {
  expect(decodeRecord(encodeRecord(record))).toEqual(record);
});

test.each([
  ['{"kind":"histogram","key":"a","histogram":{"edges":[1,"x"]}', 'expected a number, got "x"'],
  ['{"kind":"matrix","key":"a","matrix":{"rows":5}', 'expected rows to be an array, got 5'],
  ['{"kind":"text","text":"a"', 'expected key to be a string, got nothing'],
])('decodeRecord() says what is wrong with %s', (start, message) => {
  expect(() => decodeRecord(`${start},"step":1,"microStep":1,"epoch":0,"time":0}`)).toThrow(message);
});
