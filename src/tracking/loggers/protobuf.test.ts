import { expect, test } from 'vitest';
import { ProtobufWriter, readFields } from './protobuf.ts';

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

test('ProtobufWriter writes what the guide to the encoding shows', () => {
  expect(hex(new ProtobufWriter().varint(1, 150).finish())).toBe('089601');
  expect(hex(new ProtobufWriter().text(2, 'testing').finish())).toBe('120774657374696e67');
  expect(hex(new ProtobufWriter().message(3, (inner) => inner.varint(1, 150)).finish())).toBe('1a03089601');
  expect(hex(new ProtobufWriter().varint(1, -2).finish())).toBe('08feffffffffffffffff01');
});

test('ProtobufWriter writes messages of any length, and begins anew after finish()', () => {
  const writer = new ProtobufWriter(4);
  const long = 'é'.repeat(20_000);
  const message = writer.message(16, (inner) => inner.message(1, (innermost) => innermost.text(200, long))).finish();
  const [outer] = readFields(message);
  const [inner] = readFields(outer!.value as Uint8Array);
  const [innermost] = readFields(inner!.value as Uint8Array);
  expect([outer!.field, inner!.field, innermost!.field]).toEqual([16, 1, 200]);
  expect(Buffer.from(innermost!.value as Uint8Array).toString()).toBe(long);
  expect(hex(writer.varint(1, 0).finish())).toBe('0800');
});

test('readFields() reads back numbers of every type', () => {
  const writer = new ProtobufWriter();
  for (const value of [0, 127, 128, 2 ** 31, 2 ** 53 - 1, -1, -(2 ** 40)]) writer.varint(1, value);
  writer.double(2, Number.NaN).double(2, 1e300).float(3, 0.5).packedDoubles(4, [1, 2]);
  const fields = [...readFields(writer.finish())];
  expect(fields.slice(0, 10).map(({ value }) => value)).toEqual([
    0,
    127,
    128,
    2 ** 31,
    2 ** 53 - 1,
    -1,
    -(2 ** 40),
    Number.NaN,
    1e300,
    0.5,
  ]);
  expect((fields[10]!.value as Uint8Array).length).toBe(16);
});

test('readFields() refuses what ends inside a field', () => {
  const message = new ProtobufWriter().text(2, 'testing').finish();
  for (let length = 1; length < message.length; length += 1)
    expect(() => [...readFields(message.subarray(0, length))]).toThrow(SyntaxError);
  expect(() => [...readFields(Uint8Array.of(0x0b))]).toThrow(/expected a whole field/);
});
