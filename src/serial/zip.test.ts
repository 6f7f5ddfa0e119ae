// The archive alone: what is written is read, aligned, and every lie about it is found.
import { describe, expect, it } from 'vitest';
import { CheckpointError } from '../errors.ts';
import { plainChecksum } from './checksum.ts';
import { type Reading, readMemory } from './reading.ts';
import { locateEntry, readDirectory, readEntries, type ZipEntry } from './zip-reader.ts';
import { ZipWriter } from './zip-writer.ts';

const contents: readonly (readonly [string, Uint8Array])[] = [
  ['a/one', Uint8Array.of(1, 2, 3)],
  ['a/empty', new Uint8Array()],
  ['a/größe', new Uint8Array(200).fill(7)],
];

function archive(entries = contents): Buffer {
  const zip = new ZipWriter();
  const chunks = entries.flatMap(([name, bytes]) => [...zip.entry(name, bytes)]);
  return Buffer.concat([...chunks, ...zip.end()]);
}

const inMemory = <T>(file: Uint8Array, reading: Reading<T>): T =>
  readMemory(file.length, (offset, numBytes) => file.subarray(offset, offset + numBytes), reading);
const directory = (file: Uint8Array): ZipEntry[] => [...inMemory(file, readDirectory(file.length)).values()];

/** Views of all entries, by name. */
function readAll(file: Uint8Array): [string, Uint8Array][] {
  const entries = directory(file);
  const found = new Map<string, Uint8Array>();
  const sinks = entries.map((entry) => [entry, { take: (bytes: Uint8Array) => found.set(entry.name, bytes) }] as const);
  inMemory(file, readEntries(new Map(sinks), plainChecksum));
  return entries.map(({ name }) => [name, found.get(name)!]);
}

const refused = (file: Uint8Array, message: string): void => {
  expect(() => readAll(file)).toThrow(CheckpointError);
  expect(() => readAll(file)).toThrow(message);
};

/** Offset of the directory record of an entry. */
function centralRecord(file: Buffer, index: number): number {
  let at = file.indexOf('PK\x01\x02');
  for (let step = 0; step < index; step++) at = file.indexOf('PK\x01\x02', at + 1);
  return at;
}

const changed = (change: (file: Buffer) => void): Buffer => {
  const file = archive();
  change(file);
  return file;
};

describe('ZipWriter', () => {
  it('writes entries that the reader gives back, as views, in order', () => {
    const file = archive();
    expect(readAll(file)).toEqual(contents);
    expect(readAll(file).every(([, bytes]) => bytes.buffer === file.buffer)).toBe(true);
  });

  it('starts the data of every entry at a multiple of 64 bytes', () => {
    const file = archive();
    for (const entry of directory(file)) expect(inMemory(file, locateEntry(entry)) % 64).toBe(0);
  });

  it('yields views of the bytes, not copies', () => {
    const bytes = new Uint8Array(3_000_000);
    const chunks = [...new ZipWriter().entry('a', bytes)].filter((chunk) => chunk.buffer === bytes.buffer);
    expect(chunks.reduce((sum, chunk) => sum + chunk.length, 0)).toBe(bytes.length);
  });

  it('writes an archive without entries', () => {
    expect(readAll(archive([]))).toEqual([]);
  });
});

/** What PyTorch 2.13 has in front of and behind data, and in the directory, far into a file. */
describe('ZipWriter beyond 4 GiB', () => {
  it('has offsets in zip64 fields, data at multiples of 64, and sizes of 8 bytes behind it', () => {
    const offset = 2 ** 32 + 10;
    const zip = new ZipWriter({ offset });
    const [header, data, descriptor] = [...zip.entry('archive/data/7', Uint8Array.of(1, 2, 3))] as Buffer[];
    expect((offset + header!.length) % 64).toBe(0);
    expect(data).toEqual(Uint8Array.of(1, 2, 3));
    expect(header!.readUInt16LE(30 + 14)).toBe(1);
    expect(header!.readUInt16LE(30 + 14 + 2)).toBe(8);
    expect(header!.readBigUInt64LE(30 + 14 + 4)).toBe(BigInt(offset));
    expect(header!.toString('latin1', 30 + 14 + 12, 30 + 14 + 14)).toBe('FB');
    expect(descriptor!.length).toBe(24);
    const [record, ends] = [...zip.end()] as Buffer[];
    expect(record!.readUInt32LE(42)).toBe(0xffff_ffff);
    expect(record!.readBigUInt64LE(46 + 14 + 4)).toBe(BigInt(offset));
    expect(ends!.readBigUInt64LE(48)).toBe(BigInt(offset + header!.length + 3 + 24));
    expect(ends!.readUInt32LE(56 + 20 + 16)).toBe(0xffff_ffff);
  });
});

describe('readDirectory()', () => {
  it('finds the directory before a comment', () => {
    const file = Buffer.concat([archive(), Buffer.from('hello')]);
    file.writeUInt16LE(5, file.length - 7);
    expect(readAll(file)).toEqual(contents);
  });

  it('refuses a name twice', () => {
    refused(archive([contents[0]!, contents[0]!]), 'a name twice');
  });

  it('refuses compressed and encrypted entries', () => {
    refused(
      changed((file) => file.writeUInt16LE(8, centralRecord(file, 0) + 10)),
      'got it compressed by method 8',
    );
    refused(
      changed((file) => file.writeUInt16LE(0x801, centralRecord(file, 0) + 8)),
      'got an encrypted one',
    );
  });

  it('refuses entries that overlap', () => {
    const file = archive([
      ['x', Uint8Array.of(1, 2, 3)],
      ['x', Uint8Array.of(1, 2, 3)],
    ]);
    const second = centralRecord(file, 1);
    file.write('y', second + 46, 'latin1');
    file.writeUInt32LE(0, second + 42); // both records point at the first entry
    refused(file, 'overlaps another');
  });

  it('refuses sizes, names and headers that contradict the directory', () => {
    const sizes = (file: Buffer, size: number): void => {
      file.writeUInt32LE(size, centralRecord(file, 0) + 20);
      file.writeUInt32LE(size, centralRecord(file, 0) + 24);
    };
    refused(
      changed((file) => sizes(file, 2)),
      'expected CRC 55bc801d of entry "a/one"',
    );
    refused(
      changed((file) => file.writeUInt32LE(9, centralRecord(file, 0) + 24)),
      'has two sizes',
    );
    refused(
      changed((file) => file.write('b', 30, 'latin1')),
      'contradicts the directory',
    );
    refused(
      changed((file) => file.writeUInt32LE(1, centralRecord(file, 0) + 42)),
      'has no header',
    );
    refused(
      changed((file) => file.writeUInt32LE(0xffff_fff0, centralRecord(file, 0) + 42)),
      'reaches into the directory',
    );
  });

  it('refuses entries that reach into the directory', () => {
    const file = archive([['x', Uint8Array.of(1)]]);
    for (const at of [18, 22, centralRecord(file, 0) + 20, centralRecord(file, 0) + 24]) file.writeUInt32LE(1000, at);
    refused(file, 'reaches into the directory');
  });

  it('reads sizes and offsets out of zip64 fields', () => {
    const file = archive([contents[0]!]);
    const at = centralRecord(file, 0);
    const extra = Buffer.alloc(28);
    extra.writeUInt16LE(1, 0);
    extra.writeUInt16LE(24, 2);
    for (const [index, value] of [3, 3, 0].entries()) extra.writeBigUInt64LE(BigInt(value), 4 + 8 * index);
    const record = Buffer.from(file.subarray(at, at + 46 + 5));
    for (const field of [20, 24, 42]) record.writeUInt32LE(0xffff_ffff, field);
    record.writeUInt16LE(extra.length, 30);
    const ends = Buffer.from(file.subarray(at + record.length));
    const grown = BigInt(record.length + extra.length);
    ends.writeBigUInt64LE(grown, 40); // bytes of the directory, in the zip64 end record
    ends.writeBigUInt64LE(BigInt(at) + grown, 56 + 8); // where that record is
    ends.writeUInt32LE(0xffff_ffff, 56 + 20 + 12);
    const large = Buffer.concat([file.subarray(0, at), record, extra, ends]);
    expect(readAll(large)).toEqual([contents[0]]);
    refused(Buffer.concat([file.subarray(0, at), record, extra.fill(0), ends]), 'has no zip64 sizes');
  });

  it('refuses end records that contradict each other, or lie elsewhere', () => {
    const end = (file: Buffer): number => file.length - 22;
    refused(
      changed((file) => file.writeUInt32LE(1, end(file) + 12)),
      'two end records contradict',
    );
    refused(
      changed((file) => file.writeUInt8(1, end(file) - 20 + 8)),
      'zip64 end record is not',
    );
    refused(
      changed((file) => file.writeBigUInt64LE(2n ** 63n, end(file) - 20 + 8)),
      'zip64 end record is not before',
    );
    refused(
      changed((file) => file.writeBigUInt64LE(2n ** 40n, end(file) - 20 - 56 + 48)),
      'two end records contradict',
    );
  });

  it('refuses what is no zip, and one of several disks', () => {
    refused(new Uint8Array(), 'expected a zip file');
    refused(new Uint8Array(1000), 'expected a zip file');
    refused(
      changed((file) => file.writeUInt16LE(1, file.length - 18)),
      'spans disks',
    );
  });
});

describe('readEntries()', () => {
  it('refuses an entry whose bytes have another CRC', () => {
    refused(
      changed((file) => file.writeUInt8(9, 64)),
      'expected CRC 55bc801d of entry "a/one"',
    );
  });
});
