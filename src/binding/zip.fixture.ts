// Makes small zip files for tests.
import { crc32, deflateRawSync } from 'node:zlib';

/** A zip file of the given files, deflated; `badCrcOf` gets a wrong checksum. */
export function zipOf(files: Readonly<Record<string, string>>, badCrcOf?: string): Buffer {
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const [name, text] of Object.entries(files)) {
    const unpacked = Buffer.from(text);
    const packed = deflateRawSync(unpacked);
    const facts = Buffer.alloc(26);
    facts.writeUInt16LE(20, 0);
    facts.writeUInt16LE(8, 4);
    facts.writeUInt32LE((crc32(unpacked) + (name === badCrcOf ? 1 : 0)) >>> 0, 10);
    facts.writeUInt32LE(packed.length, 14);
    facts.writeUInt32LE(unpacked.length, 18);
    facts.writeUInt16LE(Buffer.byteLength(name), 22);
    const where = Buffer.alloc(14);
    where.writeUInt32LE(offset, 10);
    directory.push(Buffer.from('PK\x01\x02\x14\x00', 'latin1'), facts, where, Buffer.from(name));
    const local = [Buffer.from('PK\x03\x04', 'latin1'), facts, Buffer.from(name), packed];
    parts.push(...local);
    offset += local.reduce((sum, part) => sum + part.length, 0);
  }
  const numFiles = Object.keys(files).length;
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 'latin1');
  end.writeUInt16LE(numFiles, 8);
  end.writeUInt16LE(numFiles, 10);
  end.writeUInt32LE(
    directory.reduce((sum, part) => sum + part.length, 0),
    12,
  );
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...parts, ...directory, end]);
}
