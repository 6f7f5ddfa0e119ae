// The archive alone: what is written is read, aligned, and every lie about it is found.
import { describe, expect, it } from 'vitest';
import { CheckpointError } from '../errors.ts';
import { readZipDirectory, readZipEntry } from './zip-reader.ts';
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

const readAll = (file: Uint8Array): [string, Uint8Array][] =>
  [...readZipDirectory(file)].map(([name, entry]) => [name, new Uint8Array(readZipEntry(entry))]);

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
    expect([...readZipDirectory(file).values()].every((entry) => entry.bytes.buffer === file.buffer)).toBe(true);
  });

  it('starts the data of every entry at a multiple of 64 bytes', () => {
    const file = archive();
    for (const entry of readZipDirectory(file).values())
      expect((entry.bytes.byteOffset - file.byteOffset) % 64).toBe(0);
  });

  it('yields the bytes themselves, not a copy', () => {
    const bytes = Uint8Array.of(1);
    expect([...new ZipWriter().entry('a', bytes)]).toContain(bytes);
  });

  it('writes an archive without entries', () => {
    expect(readAll(archive([]))).toEqual([]);
  });

  it('refuses more than zip holds without zip64', () => {
    const zip = new ZipWriter();
    for (let index = 0; index < 65_534; index++) zip.entry('', new Uint8Array()).next();
    expect(() => zip.entry('', new Uint8Array()).next()).toThrow('at most 65534 entries');
  });
});

describe('readZipDirectory()', () => {
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
      'got compression method 8',
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
      'contradicts the directory',
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
      'has no header',
    );
  });

  it('refuses entries that reach into the directory', () => {
    const file = archive([['x', Uint8Array.of(1)]]);
    for (const at of [18, 22, centralRecord(file, 0) + 20, centralRecord(file, 0) + 24]) file.writeUInt32LE(1000, at);
    refused(file, 'reaches into the directory');
  });

  it('refuses zip64 by name', () => {
    refused(
      changed((file) => file.writeUInt32LE(0xffff_ffff, centralRecord(file, 0) + 42)),
      'zip64',
    );
    refused(
      changed((file) => file.writeUInt16LE(0xffff, file.length - 12)),
      'zip64',
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

describe('readZipEntry()', () => {
  it('refuses an entry whose bytes have another CRC', () => {
    refused(
      changed((file) => file.writeUInt8(9, 64)),
      'expected CRC 55bc801d of entry "a/one"',
    );
  });
});
