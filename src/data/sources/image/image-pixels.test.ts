// Holds decoded pictures and their transforms against the pixels of Pillow and torchvision (test/fixtures/images/make.py).
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';
import { getNative, wrap } from '../../../tensor/call.ts';
import { liveTensors } from '../../../tensor/index.ts';
import { Purpose, RandomStream } from '../../philox.ts';
import { decodeImage } from './image.ts';
import { makeImages } from './image-batch.ts';
import { planImages } from './image-plan.ts';
import type { ImageTransform } from './image-transform.ts';
import { decodeBySharp } from './sharp-decoder.ts';

const folder = fileURLToPath(new URL('../../../../test/fixtures/images/', import.meta.url));
const file = (name: string): string => join(folder, name);
const bytesOf = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, 'base64'));

interface Expected {
  readonly files: Readonly<Record<string, { width: number; height: number; rgb: string; over?: string }>>;
  readonly transforms: readonly { options: ImageTransform; shape: readonly number[]; dtype: string; values: string }[];
}
const expected = JSON.parse(readFileSync(file('expected.json'), 'utf8')) as Expected;
const [png, jpeg] = getNative().imageLibraries();

interface Sample {
  readonly shape: readonly number[];
  readonly dtype: string;
  readonly bytes: Uint8Array;
}

/** What a tensor [3, h, w], or one of a batch of one, holds; the tensor is let go of. */
function readSample(handle: number): Sample {
  const made = wrap(handle);
  const sample = { shape: made.shape.slice(-3), dtype: made.dtype, bytes: made.toBytes() };
  made.dispose();
  return sample;
}

async function sampleOf(input: string | Uint8Array, transform: ImageTransform, seed = 0): Promise<Sample> {
  const { handles, failures } = await makeImages([input], [seed], planImages(transform, 'test'));
  const sample = readSample(handles[0]!);
  if (failures[0]) throw failures[0].error;
  return sample;
}

/** The same of pixels, four bytes each. */
async function pixelsThrough(
  pixels: Uint8Array,
  [width, height]: number[],
  transform: ImageTransform,
): Promise<Uint8Array> {
  const { numbers } = planImages(transform, 'test');
  const [handles] = await getNative().images([pixels], [width!, height!], [0], numbers, undefined, undefined);
  return readSample(handles[0]!).bytes;
}

async function valuesOf(input: string | Uint8Array, transform: ImageTransform, seed = 0): Promise<Uint8Array> {
  return (await sampleOf(input, transform, seed)).bytes;
}

/** The largest difference of two lists of bytes. */
function distance(a: Uint8Array, b: Uint8Array): number {
  expect(a.length).toBe(b.length);
  return a.reduce((most, level, i) => Math.max(most, Math.abs(level - b[i]!)), 0);
}

afterEach(() => expect(liveTensors()).toBe(0));

/** Pictures that sharp takes otherwise: ink by a profile, and an orientation behind the pixels not at all. */
const isOtherBySharp = (name: string): boolean =>
  (name === 'cmyk.jpg' && jpeg === '') || (name === 'turned-late.png' && png === '');

/** libjpeg-turbo's numbers are the same since 2.0; sharp rounds otherwise in places. */
const tolerance = (name: string): number => {
  if (name.endsWith('.png')) return png === '' ? 1 : 0;
  return jpeg === '' ? 2 : 0;
};

describe('decoding', () => {
  it.runIf(process.env.CI)('is by both libraries, which .ci/run installs', () => {
    expect([png, jpeg]).toEqual([expect.stringMatching(/^1\.6/), expect.stringMatching(/^[23]\./)]);
  });

  it.each(Object.keys(expected.files).filter((name) => !isOtherBySharp(name)))(
    "gives Pillow's pixels of %s",
    async (name) => {
      const { width, height, rgb, over } = expected.files[name]!;
      const raw = { dtype: 'uint8' } as const;
      const sample = await sampleOf(file(name), { ...raw, decoding: { ignoresAlpha: true } });
      expect(sample.shape).toEqual([3, height, width]);
      expect(distance(sample.bytes, bytesOf(rgb))).toBeLessThanOrEqual(tolerance(name));
      const decoded = await decodeImage(file(name), { background: [10, 100, 200] });
      expect([decoded.width, decoded.height]).toEqual([width, height]);
      expect(distance(decoded.data, bytesOf(over ?? rgb))).toBeLessThanOrEqual(tolerance(name));
      expect(await decodeImage(readFileSync(file(name)), { background: [10, 100, 200] })).toEqual(decoded);
    },
  );

  it('leaves a picture as it lies in the file where its orientation is ignored', async () => {
    const { data } = await decodeImage(file('turned1.jpg'));
    const decoding = { ignoresOrientation: true };
    for (const name of ['turned3.jpg', 'turned6.jpg', 'turned8.jpg'])
      expect(await valuesOf(file(name), { dtype: 'uint8', decoding })).toEqual(data);
  });

  it.each(['rgb8.png', 'rgb-alpha8.png', 'grey-alpha8.png', 'palette-alpha.png', 'jpeg420.jpg', 'turned6.jpg'])(
    'agrees with sharp about %s',
    async (name) => {
      const { data, width, height } = await decodeBySharp(file(name), { maxPixels: 1e6, ignoresOrientation: false });
      const theirs = await pixelsThrough(data, [width, height], { dtype: 'uint8' });
      const ours = await valuesOf(file(name), { dtype: 'uint8' });
      expect(distance(theirs, ours)).toBeLessThanOrEqual(name.endsWith('.png') ? 0 : 3);
    },
  );
});

describe('transforms', () => {
  it.each(expected.transforms)("give torchvision's numbers: $options", async ({ options, shape, dtype, values }) => {
    const sample = await sampleOf(file('picture.png'), options);
    expect([sample.shape, sample.dtype]).toEqual([shape, dtype]);
    expect(sample.bytes).toEqual(bytesOf(values));
  });

  // The draws of native/image-random.h are those of philox.ts: made here again, and done by hand.
  const stream = (seed: number): RandomStream => new RandomStream({ seed, epoch: 0, purpose: Purpose.image });
  const whole = bytesOf(expected.files['picture.png']!.rgb);
  const [width, height] = [53, 37];
  const pixel = (channel: number, y: number, x: number, outside: number): number =>
    y < 0 || y >= height || x < 0 || x >= width ? outside : whole[(channel * height + y) * width + x]!;

  it.each([0, 1, 2 ** 40 + 3, 2 ** 53 - 1])(
    'randomCrop and randomHorizontalFlip draw from the seed %i',
    async (seed) => {
      const random = stream(seed);
      const top = random.below(height + 8 - 20 + 1) - 4;
      const left = random.below(width + 8 - 30 + 1) - 4;
      const isFlipped = random.next() / 2 ** 32 < 0.5;
      const wanted: number[] = [];
      for (let c = 0; c < 3; c++)
        for (let y = 0; y < 20; y++)
          for (let x = 0; x < 30; x++) wanted.push(pixel(c, top + y, left + (isFlipped ? 29 - x : x), [7, 8, 9][c]!));
      const randomCrop = { size: [20, 30], padding: 4, fill: [7, 8, 9] } as const;
      const got = await valuesOf(file('picture.png'), { randomCrop, randomHorizontalFlip: 0.5, dtype: 'uint8' }, seed);
      expect([...got]).toEqual(wanted);
    },
  );

  it.each([3, 4, 5])('randomResizedCrop draws part and flip from the seed %i', async (seed) => {
    const random = stream(seed);
    const uniform = (low: number, high: number): number => low + (high - low) * (random.next() / 2 ** 32);
    let part: readonly number[] | undefined;
    while (part === undefined) {
      const area = uniform(0.2, 0.9) * width * height;
      const ratio = Math.exp(uniform(Math.log(0.5), Math.log(2)));
      const w = Math.round(Math.sqrt(area * ratio));
      const h = Math.round(Math.sqrt(area / ratio));
      if (w <= width && h <= height) {
        const top = random.below(height - h + 1);
        part = [top, random.below(width - w + 1), h, w];
      }
    }
    const [top, left, h, w] = part as [number, number, number, number];
    // The same part, cut by hand, through the resize that is held against torchvision above.
    const cut = new Uint8Array(4 * h * w);
    for (let y = 0; y < h; y++)
      for (let x = 0; x < w; x++)
        cut.set([0, 1, 2].map((c) => pixel(c, top + y, left + x, 0)).concat(255), 4 * (y * w + x));
    const wanted = await pixelsThrough(cut, [w, h], { resize: [15, 12], dtype: 'uint8' });
    const randomResizedCrop = { size: [15, 12], scale: [0.2, 0.9], ratio: [0.5, 2] } as const;
    const got = await valuesOf(file('picture.png'), { randomResizedCrop, dtype: 'uint8' }, seed);
    expect(got).toEqual(wanted);
  });

  it('fill the whole result where a crop lies in the padding alone', async () => {
    const randomCrop = { size: 2, padding: 60_000, fill: [1, 2, 3] } as const;
    const got = await valuesOf(file('rgb8.png'), { randomCrop, dtype: 'uint8' }, 1);
    expect([...got]).toEqual([1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3]);
  });

  it('let the decoder halve a JPEG, close to the same numbers', async () => {
    const resize = [9, 13] as const;
    const exact = await valuesOf(file('jpeg444.jpg'), { resize, dtype: 'uint8' });
    const quick = await valuesOf(file('jpeg444.jpg'), { resize, dtype: 'uint8', decoding: { scalesJpeg: true } });
    expect(distance(exact, quick)).toBeLessThan(40);
    if (jpeg !== '') expect(quick).not.toEqual(exact);
  });
});

describe('planImages()', () => {
  it('names every option that is wrong', () => {
    const problems = (transform: object): string => {
      try {
        planImages(transform, 'test');
        return '';
      } catch (error) {
        return (error as Error).message;
      }
    };
    expect(problems({ resize: 0, flip: 1 })).toMatch(
      /2 problems\n.*flip: expected one of.*\n.*resize: expected pixels/s,
    );
    expect(problems({ centerCrop: 4, randomCrop: 4 })).toContain('randomCrop: expected none beside centerCrop, got 4');
    expect(problems({ resize: 4, randomResizedCrop: 4 })).toContain('resize: expected none beside randomResizedCrop');
    expect(problems({ randomCrop: { size: 4, paddings: 1 } })).toContain(
      'randomCrop.paddings: expected one of the options size, padding, fill',
    );
    expect(problems({ centerCrop: { size: 4, padding: 1 } })).toContain(
      'centerCrop.padding: expected one of the options size,',
    );
    expect(problems({ randomResizedCrop: { size: 4, scale: [0, 1] } })).toContain(
      'randomResizedCrop.scale: expected two numbers',
    );
    expect(problems({ normalize: { mean: [0, 0, 0], std: [1, 0, 1] } })).toContain(
      'normalize.std: expected three numbers other than 0',
    );
    expect(problems({ dtype: 'uint8', normalize: { mean: [0, 0, 0], std: [1, 1, 1] } })).toContain(
      'normalize: expected none for bytes',
    );
    expect(problems({ decoding: { ignoresAlpha: true, background: [0, 0, 0] } })).toContain(
      'decoding.background: expected none beside',
    );
    expect(problems({ decoding: { maxPixels: 2 ** 31 } })).toContain(
      'decoding.maxPixels: expected an integer from 1 to 2^31 - 1',
    );
    expect(problems({ randomHorizontalFlip: 2, interpolation: 'nearest' })).toMatch(
      /randomHorizontalFlip.*\n.*interpolation: expected bilinear/s,
    );
  });
});
