// Every lie that a header can tell, one by one; test/parity/safetensors.test.ts holds thousands at random against Python's library.
import { describe, expect, it } from 'vitest';
import { CheckpointError } from '../errors.ts';
import { encodeHeader, inFileOrder, lengthBytes, parseHeader, readHeaderBytes } from './safetensors-header.ts';

/** A file with this header and so many bytes behind it. */
function file(header: string | Uint8Array, dataBytes = 0): Uint8Array {
  const bytes = Buffer.from(header as string);
  const first = Buffer.alloc(lengthBytes);
  first.writeBigUInt64LE(BigInt(bytes.length));
  return Buffer.concat([first, bytes, Buffer.alloc(dataBytes)]);
}

const read = (bytes: Uint8Array) => {
  const length = readHeaderBytes(bytes.subarray(0, lengthBytes), bytes.length);
  return parseHeader(bytes.subarray(lengthBytes, lengthBytes + length), bytes.length);
};

const refused = (bytes: Uint8Array, message: string | RegExp): void => {
  expect(() => read(bytes)).toThrow(CheckpointError);
  expect(() => read(bytes)).toThrow(message);
};

const tensor = (dtype: string, shape: string, offsets: string): string =>
  `{"dtype":"${dtype}","shape":${shape},"data_offsets":${offsets}}`;

describe('parseHeader()', () => {
  it('reads tensors in the order of their bytes, whatever the order of the text', () => {
    const text = `{"b":${tensor('U8', '[2]', '[4,6]')},"__metadata__":{"k":"v"},"a":${tensor('F32', '[]', '[0,4]')}}  `;
    const { entries, metadata } = read(file(text, 6));
    expect([...entries.keys()]).toEqual(['a', 'b']);
    expect(entries.get('a')).toEqual({ dtype: 'F32', shape: [], start: 0, end: 4 });
    expect([...metadata]).toEqual([['k', 'v']]);
  });

  it('passes over keys of a tensor that it does not know, and takes null for no metadata', () => {
    const text = '{"__metadata__":null,"a":{"dtype":"U8","new":{"x":[1.5]},"shape":[1],"data_offsets":[0,1]}}';
    expect(read(file(text, 1)).entries.size).toBe(1);
  });

  const lies: readonly (readonly [string, string, number, string])[] = [
    [
      'overlaps',
      `{"a":${tensor('U8', '[4]', '[0,4]')},"b":${tensor('U8', '[4]', '[2,6]')}}`,
      6,
      'overlaps the one before',
    ],
    [
      'holes',
      `{"a":${tensor('U8', '[2]', '[0,2]')},"b":${tensor('U8', '[2]', '[3,5]')}}`,
      5,
      'at offset 2, got 3, after a gap',
    ],
    ['a first gap', `{"a":${tensor('U8', '[2]', '[1,3]')}}`, 3, 'at offset 0, got 1'],
    [
      'bytes beyond the file',
      `{"a":${tensor('U8', '[9]', '[0,9]')}}`,
      5,
      'expected 9 bytes of tensors, got 5: it is truncated',
    ],
    ['trailing bytes', `{"a":${tensor('U8', '[4]', '[0,4]')}}`, 5, 'the rest belongs to no tensor'],
    [
      'an end before the start',
      `{"a":${tensor('U8', '[2]', '[0,-2]')}}`,
      0,
      'whole data_offsets from 0 to 2^53 - 1 of tensor "a", got -2',
    ],
    [
      'reversed offsets',
      `{"z":${tensor('U8', '[2]', '[0,2]')},"a":${tensor('U8', '[1]', '[2,1]')}}`,
      2,
      'to end behind 2, got 1',
    ],
    [
      'another size',
      `{"a":${tensor('F32', '[3]', '[0,8]')}}`,
      8,
      'expected 12 bytes for tensor "a" of F32 in shape [3], got 8',
    ],
    ['a product that overflows', `{"a":${tensor('U8', '[4294967296,4294967296]', '[0,0]')}}`, 0, 'below 2^64'],
    ['an overflow before a zero', `{"a":${tensor('U8', '[4294967296,4294967296,0]', '[0,0]')}}`, 0, 'below 2^64'],
    ['half bytes', `{"a":${tensor('F4', '[3]', '[0,1]')}}`, 1, 'whole bytes'],
    ['negative sizes', `{"a":${tensor('U8', '[-1]', '[0,0]')}}`, 0, 'got -1'],
    ['fractions', `{"a":${tensor('U8', '[1.0]', '[0,1]')}}`, 1, 'got 1.0'],
    ['exponents', `{"a":${tensor('U8', '[1e0]', '[0,1]')}}`, 1, 'got 1e0'],
    ['sizes that no double holds', `{"a":${tensor('U8', '[0,9007199254740993]', '[0,0]')}}`, 0, 'got 9007199254740993'],
    [
      'another dtype',
      `{"a":${tensor('F128', '[1]', '[0,16]')}}`,
      16,
      'expected a dtype that the format has of tensor "a", got "F128"',
    ],
    ['a dtype of every object', `{"a":${tensor('toString', '[1]', '[0,1]')}}`, 1, 'got "toString"'],
    ['no dtype', '{"a":{"shape":[],"data_offsets":[0,1]}}', 1, 'got none'],
    [
      'three offsets',
      `{"a":${tensor('U8', '[1]', '[0,1,1]')}}`,
      1,
      'expected two data_offsets of tensor "a", got a list of 3',
    ],
    ['a list for a tensor', '{"a":["U8",[1],[0,1]]}', 1, 'got a list of 3'],
    ['a name twice', `{"a":${tensor('U8', '[0]', '[0,0]')},"a":${tensor('U8', '[1]', '[0,1]')}}`, 1, 'got "a" twice'],
    ['a key twice', '{"a":{"dtype":"U8","shape":[1],"shape":[2],"data_offsets":[0,1]}}', 1, 'got "shape" twice'],
    [
      'one name in two spellings',
      `{"a":${tensor('U8', '[0]', '[0,0]')},"\\u0061":${tensor('U8', '[1]', '[0,1]')}}`,
      1,
      '"a" twice',
    ],
    ['metadata that is no text', '{"__metadata__":{"a":1}}', 0, 'expected text under "a" of __metadata__, got 1'],
    ['metadata that is no object', '{"__metadata__":"x"}', 0, 'expected an object as __metadata__, got "x"'],
    ['a list', '[]', 0, 'begins with "{"'],
    ['a space first', ' {}', 0, 'expected a header that begins with "{", got byte 0x20'],
    ['a byte order mark first', '\ufeff{}', 0, 'got byte 0xef'],
    ['nothing', '', 0, 'an empty header'],
    ['something after it', '{}{}', 0, 'nothing after its value at character 2'],
    ['zeros after it', '{}\0', 0, 'nothing after its value'],
    ['a comma too many', '{"a":[1,]}', 0, 'expected a value at character 8'],
    ['half a surrogate pair', '{"\\ud800":null}', 0, 'expected an escape that JSON has'],
    ['the other half', '{"\\udc00":null}', 0, 'both halves'],
    ['a bare control character', '{"a\n":null}', 0, 'the end of a string'],
    ['numbers beyond doubles', '{"a":{"x":1e999}}', 0, 'a number that a double can hold'],
    ['leading zeros', '{"a":[01]}', 0, 'expected "," or "]"'],
    ['deep nesting', `{"a":${'['.repeat(200)}${']'.repeat(200)}}`, 0, 'at most 127 levels of nesting'],
  ];
  for (const [name, header, dataBytes, message] of lies) {
    it(`refuses ${name}`, () => refused(file(header, dataBytes), message));
  }

  it('refuses text that is not UTF-8', () => {
    refused(
      file(Buffer.concat([Buffer.from('{"'), Uint8Array.of(0xff), Buffer.from('":null}')])),
      'expected a header in UTF-8',
    );
  });
});

describe('readHeaderBytes()', () => {
  it('refuses files without room for their header, before a byte of it is read', () => {
    refused(new Uint8Array(), 'got 0 bytes');
    refused(new Uint8Array(7), 'got 7 bytes, too few');
    const huge = file('{}');
    for (const length of [3n, 2n ** 40n, 2n ** 63n, 2n ** 64n - 1n]) {
      Buffer.from(huge.buffer, huge.byteOffset).writeBigUInt64LE(length);
      refused(huge, 'it is truncated or of another kind');
    }
  });

  it('refuses headers above 100 MB, and names the way to read another kind', () => {
    const first = Buffer.alloc(8);
    first.writeBigUInt64LE(100_000_001n);
    expect(() => readHeaderBytes(first, 2 ** 40)).toThrow('at most 100000000 bytes');
    expect(() => readHeaderBytes(Buffer.from('PK\x03\x04\0\0\0\0'), 2 ** 40)).toThrow('read it with load()');
  });
});

describe('encodeHeader()', () => {
  const facts = (name: string, dtype: 'float32' | 'bool' | 'int64' | 'uint8') => ({
    name,
    dtype,
    shape: [1],
    sizeBytes: 8,
  });

  it('puts wide dtypes first, then names by their bytes, and pads to eight', () => {
    const names = ['\uffee', '\u{1f600}', 'B', 'a'];
    const tensors = [facts('x', 'bool'), ...names.map((name) => facts(name, 'float32')), facts('z', 'int64')];
    const ordered = inFileOrder(tensors).map(({ name }) => name);
    expect(ordered).toEqual(['z', 'B', 'a', '\uffee', '\u{1f600}', 'x']); // not in the order of UTF-16
    const header = Buffer.from(encodeHeader(inFileOrder([facts('w', 'uint8')]), new Map([['format', 'pt']])));
    const text = '{"__metadata__":{"format":"pt"},"w":{"dtype":"U8","shape":[1],"data_offsets":[0,8]}}';
    expect(header.toString('utf8', 8)).toBe(text.padEnd(Math.ceil(text.length / 8) * 8));
    expect(header.readBigUInt64LE()).toBe(BigInt(header.length - 8));
  });

  it('refuses names and dtypes that no file can have', () => {
    expect(() => inFileOrder([{ ...facts('a', 'bool'), dtype: 'complex128' }])).toThrow(
      'got complex128; save its viewAsReal()',
    );
    expect(() => inFileOrder([facts('__metadata__', 'bool')])).toThrow('other names than "__metadata__"');
    expect(() => inFileOrder([facts('\ud800', 'bool')])).toThrow('half a surrogate pair');
  });
});
