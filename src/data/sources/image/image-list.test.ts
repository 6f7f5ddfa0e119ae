// Tests of the picture datasets: batches, samples, loaders, workers of nothing but paths, and every way in which a picture can be missing.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { crc32, deflateSync } from 'node:zlib';
import sharp from 'sharp';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { SampleError } from '../../../errors.ts';
import { liveTensors } from '../../../tensor/index.ts';
import { sampleContext } from '../../context.ts';
import { DataLoader } from '../../loader/loader.ts';
import { decodeImage } from './image.ts';
import { ImageFolder } from './image-folder.ts';
import { ImageList } from './image-list.ts';

const fixtures = fileURLToPath(new URL('../../../../test/fixtures/images/', import.meta.url));
let folder: string;
const file = (name: string): string => join(folder, name);

/** A PNG header that claims a size, and hardly any data behind it. */
function claim(width: number, height: number): Buffer {
  const chunk = (kind: string, data: Buffer): Buffer => {
    const body = Buffer.concat([Buffer.from(kind, 'latin1'), data]);
    const frame = Buffer.alloc(body.length + 8);
    frame.writeUInt32BE(data.length, 0);
    body.copy(frame, 4);
    frame.writeUInt32BE(crc32(body), body.length + 4);
    return frame;
  };
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 2], 8);
  const signature = Buffer.from('\x89PNG\r\n\x1a\n', 'latin1');
  const parts = [chunk('IHDR', header), chunk('IDAT', deflateSync(Buffer.alloc(10))), chunk('IEND', Buffer.alloc(0))];
  return Buffer.concat([signature, ...parts]);
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'sconce-images-'));
  const png = readFileSync(join(fixtures, 'rgb8.png'));
  const jpeg = readFileSync(join(fixtures, 'jpeg420.jpg'));
  writeFileSync(file('a.png'), png);
  writeFileSync(file('b.jpg'), jpeg);
  await sharp(png).webp({ lossless: true }).toFile(file('c.webp'));
  writeFileSync(file('webp.png'), readFileSync(file('c.webp'))); // the name of one format, the bytes of another
  writeFileSync(file('cut.png'), png.subarray(0, png.length - 30));
  writeFileSync(file('cut.jpg'), jpeg.subarray(0, jpeg.length - 100));
  writeFileSync(file('empty.png'), '');
  writeFileSync(file('text.png'), 'this is no picture');
  writeFileSync(file('bomb.png'), claim(60_000, 60_000));
  const wrong = Buffer.from(png);
  wrong[45]! ^= 1;
  writeFileSync(file('wrong.png'), wrong);
});
afterAll(() => rmSync(folder, { recursive: true }));
// What `get` gave a loader goes with its collection.
setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;
afterEach(async () => {
  for (let i = 0; i < 3 && liveTensors() > 0; i++) {
    collectGarbage();
    await new Promise((resolve) => setImmediate(resolve));
  }
  expect(liveTensors()).toBe(0);
});

const augment = { randomResizedCrop: 6, randomHorizontalFlip: 0.5 } as const;
const context = (indices: readonly number[], seed = 1) => ({
  seed,
  epoch: 0,
  position: 0,
  indices: Int32Array.from(indices),
});

describe('ImageList', () => {
  it('gives in a batch what it gives one by one, whatever the format', async () => {
    const paths = ['a.png', 'b.jpg', 'c.webp', 'webp.png'];
    const list = new ImageList({ paths, targets: [3, 1, 4, 1], folder, transform: augment });
    const where = context([2, 0, 3, 1, 0]);
    const { image, target } = await list.getBatch(where.indices, where);
    expect([image.shape, image.dtype, target.dtype, target.toArray()]).toEqual([
      [5, 3, 6, 6],
      'float32',
      'int64',
      [4, 3, 1, 1, 3],
    ]);
    for (const [i, index] of where.indices.entries()) {
      const sample = await list.get(index, sampleContext(where, i));
      const row = image.select(0, i);
      expect(sample.image.toBytes()).toEqual(row.toBytes());
      expect(sample.target).toBe(BigInt(list.targets[index]!));
      row.dispose();
      sample.image.dispose();
    }
    // Index 0 comes twice, with other draws each time.
    const rows = image.unbind();
    expect(rows[1]!.toBytes()).not.toEqual(rows[4]!.toBytes());
    for (const tensor of [...rows, image, target]) tensor.dispose();
  });

  it('takes measured targets, and pictures of one size without a transform', async () => {
    const list = new ImageList({ paths: ['a.png', 'c.webp'], targets: Float32Array.of(0.5, 2), folder });
    const where = context([1, 0]);
    const { image, target } = await list.getBatch(where.indices, where);
    expect([image.shape, target.dtype, target.toArray()]).toEqual([[2, 3, 9, 11], 'float32', [2, 0.5]]);
    const rows = image.unbind();
    expect(rows[0]!.toBytes()).toEqual(rows[1]!.toBytes());
    for (const tensor of [...rows, image, target]) tensor.dispose();
  });

  it('refuses to stack pictures of several sizes, naming two', async () => {
    const list = new ImageList({ paths: ['a.png', 'b.jpg'], targets: [0, 0], folder });
    const where = context([0, 1]);
    await expect(list.getBatch(where.indices, where)).rejects.toThrow(
      `expected 9 x 11 pixels as in image "${file('a.png')}", got 37 x 53 in image "${file('b.jpg')}"; give the transform a crop`,
    );
  });

  it.each([
    ['cut.png', 'expected a whole PNG, JPEG or WebP file, got '],
    ['cut.jpg', 'expected a whole PNG, JPEG or WebP file, got '],
    ['wrong.png', 'expected a whole PNG, JPEG or WebP file, got '],
    ['empty.png', 'got an empty file'],
    ['text.png', 'expected a whole PNG, JPEG or WebP file, got '],
    ['missing.png', 'got No such file or directory'],
    ['.', 'got a folder'],
    ['bomb.png', 'expected at most 178956970 pixels, got '],
    ['a.png', 'expected at least 20 x 20 pixels of height and width, got 9 x 11; resize before'],
  ])('names file and sample of %s', async (name, reason) => {
    const transform = name === 'a.png' ? { centerCrop: 20 } : { resize: [4, 4] as const };
    const list = new ImageList({ paths: ['b.jpg', name], targets: [0, 0], folder, transform });
    const where = context([0, 1, 0]);
    const failure = await list.getBatch(where.indices, where).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(SampleError);
    const { message, index } = failure as SampleError;
    expect(index).toBe(1);
    expect(message).toContain(
      `sample 1 of ImageList: Cannot ${name === 'a.png' ? 'crop' : 'decode'} image "${folder}/${name}"`,
    );
    expect(message).toContain(reason);
    await expect(list.get(1)).rejects.toThrow(reason);
  });

  it('has a loader leave out broken pictures, and count them', async () => {
    const paths = ['a.png', 'cut.png', 'b.jpg', 'missing.png', 'c.webp', 'a.png'];
    const list = new ImageList({ paths, targets: [0, 1, 2, 3, 4, 5], folder, transform: augment });
    const loader = new DataLoader({ dataset: list, batchSize: 3, onSampleError: 'skip', seed: 3 });
    const targets: unknown[] = [];
    for await (const { image, target } of loader) {
      targets.push(target.toArray());
      image.dispose();
      target.dispose();
    }
    expect([targets, loader.numSkipped]).toEqual([[[0, 2], [4, 5]], 2]); // biome-ignore format: two batches
  });

  it('is the same again from the same seed, and another from the next epoch', async () => {
    const list = new ImageList({ paths: ['b.jpg', 'a.png'], targets: [0, 1], folder, transform: augment });
    const loader = new DataLoader({ dataset: list, batchSize: 2, seed: 5 });
    const read = async (epoch: number): Promise<Uint8Array[]> => {
      loader.setEpoch(epoch);
      const images: Uint8Array[] = [];
      for await (const { image, target } of loader) {
        images.push(image.toBytes());
        image.dispose();
        target.dispose();
      }
      return images;
    };
    const first = await read(0);
    expect(await read(0)).toEqual(first);
    expect(await read(1)).not.toEqual(first);
  });

  it('lists what is wrong with its options', () => {
    expect(() => new ImageList({ paths: [], targets: [] })).toThrow('paths: expected at least one path, got 0');
    expect(() => new ImageList({ paths: ['a'], targets: [] })).toThrow('targets: expected one a path (1), got 0');
    expect(() => new ImageList({ paths: ['a'], targets: [0.5] })).toThrow(
      'targets[0]: expected an integer; for measured values',
    );
    expect(() => new ImageList({ paths: [''], targets: [0] })).toThrow('paths[0]: expected the path of a file, got');
    expect(() => new ImageList({ paths: ['a'], targets: [0], root: 'b' } as never)).toThrow(
      'root: expected one of the options',
    );
    expect(() => new ImageList({ paths: ['a'], targets: [0], transform: { crop: 3 } as never })).toThrow(
      'crop: expected one of the options resize,',
    );
  });
});

describe('ImageFolder', () => {
  it("has torchvision's classes and order, through links", async () => {
    const root = file('classes');
    const place = (path: string): void => {
      mkdirSync(join(root, path, '..'), { recursive: true });
      writeFileSync(join(root, path), readFileSync(file('a.png')));
    };
    for (const path of [
      'dog/b/2.png',
      'dog/b/10.PNG',
      'dog/b-c/1.png',
      'dog/z.png',
      'dog/notes.txt',
      'Cat/x.png',
      'é/y.png',
    ])
      place(path);
    symlinkSync(join(root, 'Cat'), join(root, 'ant'));
    symlinkSync(join(root, 'dog'), join(root, 'dog/b/loop'));
    writeFileSync(join(root, 'beside.png'), '');
    const pictures = await ImageFolder.open(root, { transform: { resize: [2, 3], dtype: 'uint8' } });
    expect(pictures.classes).toEqual(['Cat', 'ant', 'dog', 'é']);
    expect(pictures.classToIdx).toEqual({ Cat: 0, ant: 1, dog: 2, é: 3 });
    expect(pictures.paths.map((path) => path.slice(root.length + 1))).toEqual(['Cat/x.png', 'ant/x.png', 'dog/z.png', 'dog/b/10.PNG', 'dog/b/2.png', 'dog/b-c/1.png', 'é/y.png']); // biome-ignore format: a list
    expect([...pictures.targets]).toEqual([0, 1, 2, 2, 2, 2, 3]);
    const loader = new DataLoader({ dataset: pictures, batchSize: 7 });
    for await (const { image, target } of loader) {
      expect([image.shape, image.dtype, target.toArray()]).toEqual([[7, 3, 2, 3], 'uint8', [0, 1, 2, 2, 2, 2, 3]]);
      image.dispose();
      target.dispose();
    }
  });

  it('names classes without pictures, and says where there is no class', async () => {
    const root = file('empty-classes');
    for (const name of ['a', 'b', 'c']) mkdirSync(join(root, name), { recursive: true });
    writeFileSync(join(root, 'b/1.png'), readFileSync(file('a.png')));
    await expect(ImageFolder.open(root)).rejects.toThrow(/in each of 3 class folders, got none in "a", "c"; remove/);
    const pictures = await ImageFolder.open(root, { allowsEmpty: true });
    expect([pictures.classes, [...pictures.targets]]).toEqual([['a', 'b', 'c'], [1]]);
    await expect(ImageFolder.open(root, { allowsEmpty: true, extensions: ['.gif'] })).rejects.toThrow(
      'expected files ending in .gif, got none',
    );
    await expect(ImageFolder.open(join(root, 'a'))).rejects.toThrow('expected a folder for each class in it, got none');
    await expect(ImageFolder.open(join(root, 'nowhere'))).rejects.toThrow('ENOENT');
    await expect(ImageFolder.open(root, { extensions: ['png'], recursive: true } as never)).rejects.toThrow(
      /recursive: expected one of.*\n.*endings as in .png, got png/s,
    );
  });
});

describe('decodeImage()', () => {
  it('refuses more pixels than are allowed, of every format', async () => {
    for (const name of ['a.png', 'b.jpg', 'c.webp'])
      await expect(decodeImage(file(name), { maxPixels: 50 })).rejects.toThrow('expected at most 50 pixels, got');
    expect((await decodeImage(file('a.png'), { maxPixels: 99 })).width).toBe(11);
  });

  it('takes bytes that change while it works', async () => {
    const bytes = new Uint8Array(readFileSync(file('b.jpg')));
    const whole = await decodeImage(bytes);
    const decoding = decodeImage(bytes);
    bytes.fill(0);
    structuredClone(bytes.buffer, { transfer: [bytes.buffer] });
    expect(await decoding).toEqual(whole);
  });
});
