import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decodeHeader, decodeRecord, encodeRecord, headerRecord, type LogRecord } from './run-format.ts';

const clocks = { step: fc.nat(), microStep: fc.nat(), epoch: fc.nat(), time: fc.nat() };
const metrics = fc.record({
  kind: fc.constant('metrics' as const),
  ...clocks,
  values: fc.dictionary(
    fc.string(),
    fc.double().map((value) => value + 0), // JSON has no negative zero
    { noNullPrototype: true },
  ),
});

test('encodeRecord() and decodeRecord() give back every metric, non-finite ones and odd names included', () => {
  fc.assert(
    fc.property(metrics, (record) => {
      expect(decodeRecord(encodeRecord(record))).toEqual({ ...record });
    }),
  );
});

test('encodeRecord() writes non-finite values as their names', () => {
  const line = encodeRecord({
    kind: 'metrics',
    step: 1,
    microStep: 4,
    epoch: 0,
    time: 9,
    values: { a: Number.NaN, b: Number.POSITIVE_INFINITY, c: Number.NEGATIVE_INFINITY, d: 0.5 },
  });
  expect(JSON.parse(line).values).toEqual({ a: 'NaN', b: 'Infinity', c: '-Infinity', d: 0.5 });
});

test('encodeRecord() refuses a value that is not a number', () => {
  const values: Record<string, number> = JSON.parse('{"train/loss": null}');
  const record: LogRecord = { kind: 'metrics', step: 1, microStep: 1, epoch: 0, time: 0, values };
  expect(() => encodeRecord(record)).toThrow('Cannot log metric "train/loss": expected a number, got null');
});

test('encodeRecord() and decodeRecord() give back every event, dropped records included', () => {
  const at = { step: 5, microStep: 10, epoch: 1, time: 77 };
  const tail: LogRecord = { kind: 'metrics', ...at, values: { 'val/loss': Number.NaN } };
  const events: LogRecord[] = [
    { kind: 'event', event: 'checkpointStarted', save: 12.25, ...at },
    { kind: 'event', event: 'checkpointSaved', path: 'checkpoints/a.pt', ...at },
    { kind: 'event', event: 'resumed', checkpoint: 'checkpoints/a.pt', dropped: [tail], ...at },
    { kind: 'event', event: 'interrupted', reason: 'SIGTERM', ...at },
    { kind: 'event', event: 'warning', message: 'loss is NaN', ...at },
    { kind: 'event', event: 'failed', message: 'out of memory', ...at },
    { kind: 'event', event: 'finished', ...at },
  ];
  for (const event of events) expect(decodeRecord(encodeRecord(event))).toEqual(event);
});

test.each([
  ['[]', 'expected an object'],
  ['{"kind":"metrics","step":"1"}', 'expected step to be a number, got "1"'],
  ['{"kind":"x","step":1,"microStep":1,"epoch":0,"time":0}', 'expected kind "metrics", "event"'],
  ['{"kind":"event","event":"x","step":1,"microStep":1,"epoch":0,"time":0}', 'expected an event of format version 3'],
  ['{"kind":"metrics","step":1,"microStep":1,"epoch":0,"time":0,"values":{"a":"nan"}}', 'value of "a" to be a number'],
])('decodeRecord() says what is wrong with %s', (line, message) => {
  expect(() => decodeRecord(line)).toThrow(message);
});

test('decodeHeader() refuses a newer version and a file of another kind', () => {
  expect(decodeHeader(encodeRecord(headerRecord(5, 'a1')))).toEqual(headerRecord(5, 'a1'));
  const before = decodeHeader('{"kind":"header","format":"sconce-run","version":2,"time":36}');
  expect(before).toMatchObject({ version: 2, id: '10' });
  expect(() => decodeHeader('{"kind":"header","format":"sconce-run","version":4,"time":0}')).toThrow('got 4');
  expect(() => decodeHeader('{"kind":"header","format":"other","version":1,"time":0}')).toThrow(
    "header of a run's log",
  );
});
