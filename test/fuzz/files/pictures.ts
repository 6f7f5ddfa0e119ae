// Pictures that lie: PNG whose chunks were changed and have right checksums again, and JPEG whose segments say other than what follows.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { crc32, deflateSync, inflateSync } from 'node:zlib';
import { decodeImage, ImageList } from '../../../src/data/index.ts';
import type { Random } from '../random.ts';
import { damage, edgeNumber } from './bytes.ts';
import type { FileReader } from './readers.ts';

/** More pixels are refused, so that no honest memory looks like a leak. */
const maxPixels = 500_000;

/** The picture as it is, and a part of it resized. */
async function read(path: string): Promise<unknown> {
  const whole = await decodeImage(path, { maxPixels });
  const transform = { randomResizedCrop: 16, randomHorizontalFlip: 0.5, decoding: { maxPixels, scalesJpeg: true } };
  const { image } = await new ImageList({ paths: [path], targets: [0], transform }).get(0, { seed: 5, epoch: 0 });
  return { whole, image };
}

/** The readers of pictures, whose files lie in `folder`. */
export function pictureReaders(folder: string): readonly FileReader[] {
  const named = (ending: string): Buffer[] =>
    readdirSync(folder)
      .filter((name) => name.endsWith(ending))
      .map((name) => readFileSync(join(folder, name)));
  return [
    // PNG has checksums, but the ends of two small files of nearly the same beginning are often a whole other picture.
    { name: 'png', bases: async () => named('.png'), change: changePng, isChecked: false, read },
    { name: 'jpeg', bases: async () => named('.jpg'), change: changeJpeg, isChecked: false, read },
  ];
}

interface Chunk {
  kind: string;
  data: Buffer;
}

function chunksOf(file: Buffer): Chunk[] {
  const chunks: Chunk[] = [];
  for (let at = 8; at + 12 <= file.length; ) {
    const length = file.readUInt32BE(at);
    const data = file.subarray(at + 8, at + 8 + length);
    if (data.length < length) break;
    chunks.push({ kind: file.toString('latin1', at + 4, at + 8), data: Buffer.from(data) });
    at += 12 + length;
  }
  return chunks;
}

function pngOf(chunks: readonly Chunk[]): Buffer {
  const framed = chunks.flatMap(({ kind, data }) => {
    const body = Buffer.concat([Buffer.from(kind, 'latin1'), data]);
    const ends = Buffer.alloc(8);
    ends.writeUInt32BE(data.length, 0);
    ends.writeUInt32BE(crc32(body), 4);
    return [ends.subarray(0, 4), body, ends.subarray(4)];
  });
  return Buffer.concat([Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), ...framed]);
}

const KINDS = ['PLTE', 'tRNS', 'eXIf', 'iCCP', 'zTXt', 'iTXt', 'gAMA', 'bKGD', 'hIST', 'IDAT', 'IEND', 'acTL', 'fdAT', 'IHDR', 'sBIT', 'vpAg']; // biome-ignore format: a list

function changePng(file: Buffer, _marker: string, random: Random): Buffer {
  const chunks = chunksOf(file);
  if (chunks.length === 0) return file;
  const chunk = random.pick(chunks);
  const header = chunks[0]!.data;
  switch (random.int(0, 8)) {
    case 0: // a size
      if (header.length >= 8)
        header.writeUInt32BE(random.chance(0.5) ? random.int(0, 700) : edgeNumber(random), random.pick([0, 4]));
      break;
    case 1: // depth, colour, compression, filter, interlace
      if (header.length >= 13) header[random.int(8, 12)] = random.pick([0, 1, 2, 3, 4, 6, 8, 16, 255]);
      break;
    case 2:
      chunk.data = damage(chunk.data, file, random);
      break;
    case 3:
      chunks.splice(chunks.indexOf(chunk), 1);
      break;
    case 4:
      chunks.splice(random.int(0, chunks.length), 0, { ...chunk });
      break;
    case 5: {
      const data = Buffer.alloc(random.pick([0, 1, 2, 3, 6, 256, 768, 769]), random.int(0, 255));
      chunks.splice(random.int(1, chunks.length), 0, { kind: random.pick(KINDS), data });
      break;
    }
    case 6:
      chunk.kind = random.pick(KINDS);
      break;
    default: {
      // Filters and pixels that inflate, but are other than the header says.
      const pixels = chunks.find(({ kind }) => kind === 'IDAT');
      if (pixels) pixels.data = changeInflated(pixels.data, random);
    }
  }
  return pngOf(chunks);
}

function changeInflated(data: Buffer, random: Random): Buffer {
  try {
    const plain = inflateSync(data, { maxOutputLength: 2 ** 22 });
    const changed = random.chance(0.1) ? Buffer.alloc(2 ** 22, plain[0] ?? 0) : damage(plain, plain, random);
    return deflateSync(changed);
  } catch {
    return damage(data, data, random);
  }
}

interface Segment {
  marker: number;
  /** Without the two bytes of length; of the last one all that follows. */
  data: Buffer;
}

function segmentsOf(file: Buffer): Segment[] {
  const segments: Segment[] = [];
  for (let at = 2; at + 4 <= file.length && file[at] === 0xff; ) {
    const marker = file[at + 1]!;
    const length = file.readUInt16BE(at + 2);
    const isScan = marker === 0xda;
    const end = isScan ? file.length : at + 2 + length;
    segments.push({ marker, data: Buffer.from(file.subarray(at + 4, end)) });
    at = end;
  }
  return segments;
}

function jpegOf(segments: readonly Segment[]): Buffer {
  const parts = segments.flatMap(({ marker, data }) => {
    const start = Buffer.from([0xff, marker, 0, 0]);
    // A scan's own header says how long it is: two bytes for each component and four more.
    start.writeUInt16BE(marker === 0xda ? 6 + 2 * (data[0] ?? 0) : Math.min(data.length + 2, 0xffff), 2);
    return [start, data];
  });
  return Buffer.concat([Buffer.from([0xff, 0xd8]), ...parts]);
}

const MARKERS = [
  0xc0, 0xc1, 0xc2, 0xc3, 0xc4, 0xc9, 0xca, 0xcc, 0xd0, 0xd8, 0xd9, 0xda, 0xdb, 0xdc, 0xdd, 0xe0, 0xe1, 0xee, 0xfe,
  0x01,
];

function changeJpeg(file: Buffer, _marker: string, random: Random): Buffer {
  const segments = segmentsOf(file);
  if (segments.length === 0) return file;
  const segment = random.pick(segments);
  const frame = segments.find(({ marker }) => marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker));
  switch (random.int(0, 8)) {
    case 0: // a size
      if (frame && frame.data.length >= 5)
        frame.data.writeUInt16BE(
          random.chance(0.6) ? random.int(0, 700) : edgeNumber(random) & 0xffff,
          random.pick([1, 3]),
        );
      break;
    case 1: // precision, components, their sampling and tables
      if (frame && frame.data.length > 6)
        frame.data[random.pick([0, ...frame.data.keys()].filter((at) => at === 0 || at > 4))] = random.pick([
          0, 1, 2, 3, 4, 8, 12, 0x11, 0x12, 0x21, 0x22, 0x41, 0x44, 255,
        ]);
      break;
    case 2:
    case 3:
      segment.data = damage(segment.data, file, random);
      break;
    case 4:
      segments.splice(segments.indexOf(segment), 1);
      break;
    case 5:
      segments.splice(
        random.int(0, segments.length),
        0,
        ...Array.from({ length: random.pick([1, 1, 2, 300]) }, () => segment),
      );
      break;
    case 6:
      segment.marker = random.pick(MARKERS);
      break;
    case 7: {
      const data = Buffer.alloc(random.pick([0, 1, 2, 14, 65, 300]), random.int(0, 255));
      segments.splice(random.int(0, segments.length), 0, { marker: random.pick(MARKERS), data });
      break;
    }
    default: // a length that is not so
      return damage(jpegOf(segments), file, random);
  }
  return jpegOf(segments);
}
