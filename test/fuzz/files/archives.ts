// Archives that lie: zip files whose entries, directory and checksums were made to fit each other again, or not to, and tar files likewise.
import { crc32 } from 'node:zlib';
import type { Random } from '../random.ts';
import { damage, edgeNumber } from './bytes.ts';
import { changePickle } from './pickles.ts';

const SIGNATURES = { local: 0x04034b50, central: 0x02014b50, end: 0x06054b50 } as const;

interface Entry {
  name: string;
  content: Buffer;
}

/** Fields of a directory record and of a local header: offset and bytes. */
const CENTRAL_FIELDS = [[4, 2], [6, 2], [8, 2], [10, 2], [16, 4], [20, 4], [24, 4], [28, 2], [30, 2], [32, 2], [34, 2], [38, 4], [42, 4]] as const; // biome-ignore format: a table
const LOCAL_FIELDS = [[4, 2], [6, 2], [8, 2], [14, 4], [18, 4], [22, 4], [26, 2], [28, 2]] as const; // biome-ignore format: a table
const END_FIELDS = [[4, 2], [6, 2], [8, 2], [10, 2], [12, 4], [16, 4], [20, 2]] as const; // biome-ignore format: a table

/** The entries of an archive that is whole; undefined for any other. */
export function entriesOf(file: Buffer): Entry[] | undefined {
  const end = file.lastIndexOf('PK\x05\x06', undefined, 'latin1');
  if (end < 0 || end + 22 > file.length) return undefined;
  const entries: Entry[] = [];
  let at = file.readUInt32LE(end + 16);
  for (let left = file.readUInt16LE(end + 10); left > 0; left--) {
    if (at + 46 > file.length || file.readUInt32LE(at) !== SIGNATURES.central) return undefined;
    const [nameBytes, extraBytes, commentBytes] = [28, 30, 32].map((field) => file.readUInt16LE(at + field));
    const header = file.readUInt32LE(at + 42);
    if (header + 30 > file.length) return undefined;
    const start = header + 30 + file.readUInt16LE(header + 26) + file.readUInt16LE(header + 28);
    const name = file.toString('utf8', at + 46, at + 46 + nameBytes!);
    entries.push({ name, content: Buffer.from(file.subarray(start, start + file.readUInt32LE(at + 20))) });
    at += 46 + nameBytes! + extraBytes! + commentBytes!;
  }
  return entries;
}

/** An archive of entries as they are, all checksums right. */
export function zipOf(entries: readonly Entry[], isAligned = true): Buffer {
  const parts: Buffer[] = [];
  const records: Buffer[] = [];
  let offset = 0;
  for (const { name, content } of entries) {
    const encoded = Buffer.from(name);
    const unpadded = offset + 30 + encoded.length + 4;
    const extra = Buffer.alloc(isAligned ? 4 + ((64 - (unpadded % 64)) % 64) : 0, 'Z');
    if (isAligned) {
      extra.write('FB', 'latin1');
      extra.writeUInt16LE(extra.length - 4, 2);
    }
    const local = Buffer.alloc(30);
    local.writeUInt32LE(SIGNATURES.local, 0);
    local.writeUInt32LE(crc32(content), 14);
    local.writeUInt32LE(content.length, 18);
    local.writeUInt32LE(content.length, 22);
    local.writeUInt16LE(encoded.length, 26);
    local.writeUInt16LE(extra.length, 28);
    const record = Buffer.alloc(46);
    record.writeUInt32LE(SIGNATURES.central, 0);
    local.copy(record, 16, 14, 26);
    record.writeUInt16LE(encoded.length, 28);
    record.writeUInt32LE(offset, 42);
    parts.push(local, encoded, extra, content);
    records.push(record, encoded);
    offset += 30 + encoded.length + extra.length + content.length;
  }
  const directory = Buffer.concat(records);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(SIGNATURES.end, 0);
  end.writeUInt16LE(entries.length, 8);
  end.writeUInt16LE(entries.length, 10);
  end.writeUInt32LE(directory.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...parts, directory, end]);
}

/** A zip file with something in it changed, most often so that its checksums still fit. */
export function changeZip(file: Buffer, marker: string, random: Random): Buffer {
  const entries = entriesOf(file);
  if (entries === undefined || entries.length === 0) return file;
  const entry = random.pick(entries);
  switch (random.int(0, 13)) {
    case 0:
    case 1:
    case 2:
    case 3:
    case 4: {
      const pickle = entries.find(({ name }) => name.endsWith('/data.pkl')) ?? entry;
      pickle.content = changePickle(pickle.content, marker, random);
      return zipOf(entries);
    }
    case 5: // damage that the checksum does not show
      entry.content = damage(entry.content, file, random);
      return zipOf(entries, random.chance(0.8));
    case 6:
      entries.splice(entries.indexOf(entry), 1);
      return zipOf(entries);
    case 7:
      entries.splice(random.int(0, entries.length), 0, {
        ...entry,
        name: random.chance(0.5) ? entry.name : `${entry.name}x`,
      });
      return zipOf(entries);
    case 8:
      entry.name = random.pick([
        '',
        'data.pkl',
        'x/data.pkl',
        '../data.pkl',
        'archive/data/0',
        '/etc/passwd',
        'archive/constants.pkl',
        'é'.repeat(300),
        'archive/byteorder',
        'archive/version',
        '__proto__',
      ]);
      return zipOf(entries);
    case 9:
      if (/byteorder|version|alignment/.test(entry.name))
        entry.content = Buffer.from(
          random.pick(['', 'big', 'little\n', '0', '-1', '1e3', '99', '3\0', 'x'.repeat(1000)]),
        );
      else
        entry.content = Buffer.concat([entry.content, Buffer.alloc(random.pick([1, 4, 8, 64]))]).subarray(
          random.pick([0, 0, 1, 4]),
        );
      return zipOf(entries);
    case 10:
      return Buffer.concat([
        Buffer.alloc(random.pick([1, 22, 64])),
        zipOf(entries),
        Buffer.alloc(random.pick([0, 1, 22])),
      ]);
    case 11:
      return addZip64(zipOf(entries), random);
    case 12:
      return zipOf([
        ...entries,
        ...Array.from({ length: random.pick([100, 3000]) }, (_, i) => ({ name: `a/${i}`, content: Buffer.alloc(0) })),
      ]);
    default:
      return changeField(zipOf(entries), random);
  }
}

/** One number of one record, as it should not be. */
function changeField(file: Buffer, random: Random): Buffer {
  const [signature, fields] = random.pick([
    ['PK\x01\x02', CENTRAL_FIELDS],
    ['PK\x03\x04', LOCAL_FIELDS],
    ['PK\x05\x06', END_FIELDS],
  ] as const);
  const places: number[] = [];
  for (let at = file.indexOf(signature, 0, 'latin1'); at >= 0; at = file.indexOf(signature, at + 1, 'latin1'))
    places.push(at);
  const [offset, bytes] = random.pick<readonly [number, number]>(fields);
  const at = random.pick(places) + offset;
  if (at + bytes > file.length) return file;
  const before = file.readUIntLE(at, bytes);
  const number = random.chance(0.5) ? edgeNumber(random) : before + random.pick([-64, -8, -1, 1, 8, 64]);
  file.writeUIntLE(((number % 256 ** bytes) + 256 ** bytes) % 256 ** bytes, at, bytes);
  return file;
}

/** Records of zip64 in front of the end, right or wrong, which the old fields may or may not send a reader to. */
function addZip64(file: Buffer, random: Random): Buffer {
  const end = file.length - 22;
  const lie = (number: bigint): bigint =>
    random.chance(0.75) ? number : random.pick([0n, 1n, 2n ** 32n, 2n ** 53n, 2n ** 63n, 2n ** 64n - 1n, number + 1n]);
  const record = Buffer.alloc(56);
  record.writeUInt32LE(0x06064b50, 0);
  record.writeBigUInt64LE(lie(44n), 4);
  record.writeUInt16LE(45, 12);
  record.writeUInt16LE(45, 14);
  const count = BigInt(file.readUInt16LE(end + 10));
  record.writeBigUInt64LE(lie(count), 24);
  record.writeBigUInt64LE(lie(count), 32);
  record.writeBigUInt64LE(lie(BigInt(file.readUInt32LE(end + 12))), 40);
  record.writeBigUInt64LE(lie(BigInt(file.readUInt32LE(end + 16))), 48);
  const locator = Buffer.alloc(20);
  locator.writeUInt32LE(0x07064b50, 0);
  locator.writeBigUInt64LE(lie(BigInt(end)), 8);
  locator.writeUInt32LE(random.chance(0.9) ? 1 : edgeNumber(random), 16);
  const last = Buffer.from(file.subarray(end));
  if (random.chance(0.5)) last.writeUInt16LE(0xffff, 10);
  if (random.chance(0.5)) last.writeUInt32LE(0xffff_ffff, 12);
  if (random.chance(0.7)) last.writeUInt32LE(0xffff_ffff, 16);
  return Buffer.concat([file.subarray(0, end), record, locator, last]);
}

/** A tar file with a header that lies, or a member changed; its checksum is made to fit. */
export function changeTar(file: Buffer, marker: string, random: Random): Buffer {
  const blocks: { header: Buffer; content: Buffer }[] = [];
  for (let at = 0; at + 512 <= file.length && file[at] !== 0; ) {
    const size = Number.parseInt(file.toString('latin1', at + 124, at + 136), 8) || 0;
    const padded = Math.ceil(size / 512) * 512;
    blocks.push({
      header: Buffer.from(file.subarray(at, at + 512)),
      content: Buffer.from(file.subarray(at + 512, at + 512 + size)),
    });
    at += 512 + padded;
  }
  if (blocks.length === 0) return file;
  const block = random.pick(blocks);
  switch (random.int(0, 6)) {
    case 0:
    case 1:
      block.content = changePickle(block.content, marker, random);
      setSize(block.header, String(block.content.length.toString(8)));
      break;
    case 2:
      block.content = damage(block.content, file, random);
      setSize(block.header, String(block.content.length.toString(8)));
      break;
    case 3:
      setSize(block.header, random.pick(['0', '7', '77777777777', '-1', 'x', '9', '', '1']));
      break;
    case 4:
      block.header.write(
        random.pick(['tensors', 'storages', 'pickle', 'sys_info', '../x', '', 'ü']).padEnd(100, '\0'),
        0,
        'utf8',
      );
      break;
    case 5:
      block.header[156] = random.pick([0x30, 0x31, 0x32, 0x35, 0x4c, 0x78, 0, 0xff]);
      break;
    default:
      if (random.chance(0.5)) blocks.splice(blocks.indexOf(block), 1);
      else blocks.push(block);
  }
  if (random.chance(0.9)) for (const { header } of blocks) setChecksum(header);
  const parts = blocks.flatMap(({ header, content }) => [
    header,
    content,
    Buffer.alloc((512 - (content.length % 512)) % 512),
  ]);
  return Buffer.concat([...parts, Buffer.alloc(random.pick([0, 512, 1024]))]);
}

function setSize(header: Buffer, digits: string): void {
  header.write(digits.padStart(11, '0').slice(0, 11), 124, 'latin1');
  header[135] = 0;
}

function setChecksum(header: Buffer): void {
  header.fill(' ', 148, 156);
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1');
}
