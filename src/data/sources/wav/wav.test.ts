// Tests of WAV files: against Python's arithmetic (recorded by hand from the format's text), round trips, and files that are broken at every byte.
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hostBuffer, tensor } from '../../../tensor/index.ts';
import { DataLoader } from '../../loader/loader.ts';
import { readWav, readWavInfo, writeWav } from './wav.ts';
import { WavDataset } from './wav-dataset.ts';

let folder: string;
const file = (name: string): string => join(folder, name);
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sconce-wav-'));
});
afterAll(() => rm(folder, { recursive: true }));

const ascii = (text: string): number[] => [...text].map((letter) => letter.charCodeAt(0));
const u16 = (value: number): number[] => [value & 255, value >> 8];
const u32 = (value: number): number[] => [value & 255, (value >>> 8) & 255, (value >>> 16) & 255, value >>> 24];
const chunk = (id: string, bytes: readonly number[], size = bytes.length): number[] => [
  ...ascii(id),
  ...u32(size),
  ...bytes,
  ...(bytes.length % 2 ? [0] : []),
];
const fmt = (tag: number, channels: number, bits: number, rest: readonly number[] = []): number[] =>
  chunk('fmt ', [
    ...u16(tag),
    ...u16(channels),
    ...u32(8000),
    ...u32((8000 * channels * bits) / 8),
    ...u16((channels * bits) / 8),
    ...u16(bits),
    ...rest,
  ]);
const riff = (...chunks: readonly (readonly number[])[]): Uint8Array => {
  const body = [...ascii('WAVE'), ...chunks.flat()];
  return Uint8Array.from([...ascii('RIFF'), ...u32(body.length), ...body]);
};
const bytesOf = (array: ArrayBufferView): number[] => [
  ...new Uint8Array(array.buffer, array.byteOffset, array.byteLength),
];
const GUID_END = [0, 0, 0, 0, 16, 0, 128, 0, 0, 170, 0, 56, 155, 113];

describe('readWav()', () => {
  it.each([
    ['pcm8', fmt(1, 1, 8), [0, 128, 255, 64], [-1, 0, 127 / 128, -0.5]],
    ['pcm16', fmt(1, 1, 16), [0, 128, 255, 127, 1, 0, 255, 255], [-1, 32767 / 32768, 1 / 32768, -1 / 32768]],
    ['pcm24', fmt(1, 1, 24), [0, 0, 128, 255, 255, 127, 1, 0, 0], [-1, 1 - 2 ** -23, 2 ** -23]],
    ['pcm32', fmt(1, 1, 32), [0, 0, 0, 128, 0, 0, 0, 64, 1, 0, 0, 0], [-1, 0.5, 2 ** -31]],
    ['float32', fmt(3, 1, 32, [0, 0]), bytesOf(Float32Array.of(1.5, -0.1)), [1.5, Math.fround(-0.1)]],
    ['float64', fmt(3, 1, 64), bytesOf(Float64Array.of(1 / 3, -2)), [Math.fround(1 / 3), -2]],
  ])('scales %s as torchaudio.load does', async (encoding, format, bytes, expected) => {
    const wav = await readWav(riff(format, chunk('data', bytes)));
    expect([wav.encoding, wav.sampleRate, wav.numChannels, wav.numFrames]).toEqual([
      encoding,
      8000,
      1,
      expected.length,
    ]);
    expect(wav.waveform.dtype).toBe('float32');
    expect(wav.waveform.toArray()).toEqual([expected]);
  });

  it('gives one row a channel', async () => {
    const samples = bytesOf(Int16Array.of(1, -1, 2, -2, 3, -3));
    const { waveform } = await readWav(riff(fmt(1, 2, 16), chunk('data', samples)));
    expect(waveform.mul(32768).toArray()).toEqual([
      [1, 2, 3],
      [-1, -2, -3],
    ]);
  });

  it('passes over other chunks, of odd sizes too, and knows extensible formats', async () => {
    const extension = [...u16(22), ...u16(24), ...u32(3), ...u16(1), ...GUID_END];
    const bytes = riff(
      chunk('LIST', [1, 2, 3]),
      fmt(0xfffe, 1, 24, extension),
      chunk('junk', [7]),
      chunk('data', [0, 0, 64, 0, 0, 192, 9]), // a byte behind the last whole frame
      chunk('id3 ', [1, 2]),
    );
    const { waveform, encoding } = await readWav(bytes);
    expect(encoding).toBe('pcm24');
    expect(waveform.toArray()).toEqual([[0.5, -0.5]]);
  });

  it('takes samples of unknown size up to the end of the file', async () => {
    const { numFrames } = await readWav(riff(fmt(1, 1, 16), chunk('data', [1, 0, 2, 0], 0xffffffff)));
    expect(numFrames).toBe(2);
  });

  it('reads a part, and nothing beyond the file', async () => {
    const samples = Int16Array.from({ length: 100_000 }, (_, i) => i % 30_000);
    await writeFile(file('long.wav'), riff(fmt(1, 2, 16), chunk('data', bytesOf(samples))));
    const part = await readWav(file('long.wav'), { frameOffset: 49_998, numFrames: 2 });
    expect(part.waveform.mul(32768).toArray()).toEqual([
      [9996, 9998],
      [9997, 9999],
    ]);
    expect(part.numFrames).toBe(50_000);
    expect((await readWav(file('long.wav'), { frameOffset: 50_000 })).waveform.shape).toEqual([2, 0]);
    await expect(readWav(file('long.wav'), { frameOffset: 49_999, numFrames: 2 })).rejects.toThrow(
      `Cannot read WAV "${file('long.wav')}": expected a part of its 50000 frames, got 2 from frame 49999 on`,
    );
    await expect(readWav(file('long.wav'), { frameOffset: 50_001 })).rejects.toThrow(RangeError);
    await expect(readWav(file('long.wav'), { frameOffset: -1, numframes: 2 } as object)).rejects.toThrow(
      /numframes[\s\S]*frameOffset/,
    );
    expect(await readWavInfo(file('long.wav'))).toEqual({
      sampleRate: 8000,
      numChannels: 2,
      numFrames: 50_000,
      encoding: 'pcm16',
    });
  });

  it('names what is wrong with a file', async () => {
    const whole = riff(fmt(1, 2, 16), chunk('data', [1, 2, 3, 4, 5, 6, 7, 8]));
    const cases: [Uint8Array, RegExp][] = [
      [whole.slice(0, -3), /expected 2 frames \(8 bytes\), got 1 frames \(5 bytes\): the file is cut short/],
      [whole.slice(0, 30), /expected 16 bytes in chunk "fmt " at byte 12, got 10: the file is cut short/],
      [whole.slice(0, 5), /expected a RIFF\/WAVE file, got 5 bytes/],
      [Uint8Array.from({ length: 20 }), /expected a RIFF\/WAVE file, got one that begins with "\\x0\\x0\\x0\\x0"/],
      [riff(fmt(1, 2, 16)), /expected a chunk "data", got none in 36 bytes/],
      [riff(chunk('data', [1, 2])), /expected a chunk "fmt " before the samples, got none/],
      [riff(fmt(7, 1, 8), chunk('data', [1])), /got mu-law; convert the file, as by "sox/],
      [riff(fmt(1, 1, 12), chunk('data', [1])), /got 12 bits of format 1/],
      [riff(fmt(1, 0, 16), chunk('data', [1])), /expected channels and a sample rate, got 0 and 8000/],
      [riff(chunk('fmt ', [1, 0]), chunk('data', [])), /expected at least 16 bytes in chunk "fmt ", got 2/],
      [riff(fmt(0xfffe, 1, 16), chunk('data', [])), /expected 40 bytes in an extensible chunk "fmt ", got 16/],
    ];
    for (const [bytes, message] of cases) {
      await writeFile(file('broken.wav'), bytes);
      await expect(readWav(file('broken.wav'))).rejects.toThrow(message);
      await expect(readWav(file('broken.wav'))).rejects.toMatchObject({
        name: 'DataFileError',
        path: file('broken.wav'),
      });
      await expect(readWav(file('broken.wav'))).rejects.toThrow(`Cannot read WAV "${file('broken.wav')}": `);
    }
    await expect(readWav(file('missing.wav'))).rejects.toThrow(
      `Cannot read WAV "${file('missing.wav')}": expected a file, got ENOENT`,
    );
    await expect(readWav(folder)).rejects.toThrow(/expected a file, got something else/);
  });

  it('gives a sound or a named error for a file cut at any byte or changed at any byte of its header', async () => {
    const whole = riff(chunk('LIST', [1, 2, 3]), fmt(1, 2, 16), chunk('data', [1, 2, 3, 4, 5, 6, 7, 8]));
    const broken = [
      ...Array.from(whole, (_, end) => whole.slice(0, end)),
      ...Array.from(whole, (_, at) => whole.map((byte, i) => (i === at ? byte ^ 0xff : byte))),
    ];
    for (const bytes of broken) {
      const result = await readWav(bytes).catch((error: Error) => error);
      if (result instanceof Error) expect(result.message).toMatch(/^Cannot read WAV in memory: expected .*, got /);
      else expect(result.waveform.shape[0]).toBe(result.numChannels);
    }
  });
});

describe('writeWav()', () => {
  it('writes what readWav() reads, rounded to 16 bits and cut at their ends', async () => {
    const waveform = tensor([
      [0.5, -1, 1, 3],
      [-0.25, 1e-5, -7, 0],
    ]);
    await writeWav(file('out.wav'), waveform, { sampleRate: 44_100 });
    const { waveform: read, sampleRate } = await readWav(file('out.wav'));
    expect(sampleRate).toBe(44_100);
    expect(read.mul(32768).toArray()).toEqual([
      [16384, -32768, 32767, 32767],
      [-8192, 0, -32768, 0],
    ]);
    expect((await readFile(file('out.wav'))).length).toBe(44 + 16);
  });

  it('keeps floats as they are', async () => {
    const waveform = tensor([0.1, Number.POSITIVE_INFINITY, -7]);
    await writeWav(file('float.wav'), waveform, { sampleRate: 8000, encoding: 'float32' });
    expect((await readWav(file('float.wav'))).waveform.squeeze({ dim: 0 }).equal(waveform)).toBe(true);
  });

  it('refuses what no file can hold', async () => {
    await expect(writeWav(file('x.wav'), tensor([[[1]]]), { sampleRate: 1 })).rejects.toThrow('got [1, 1, 1]');
    await expect(writeWav(file('x.wav'), tensor([0, Number.NaN]), { sampleRate: 1 })).rejects.toThrow(
      'got NaN at frame 1 of channel 0',
    );
    await expect(writeWav(file('x.wav'), tensor([1]), { sampleRate: 0.5 })).rejects.toThrow('sampleRate');
  });
});

describe('WavDataset', () => {
  /** A sound of frames 1, 2, … of 2^-15, in two channels of opposite sign. */
  const sound = (numFrames: number): Uint8Array => {
    const samples = Int16Array.from({ length: 2 * numFrames }, (_, i) => (i % 2 ? -1 : 1) * (Math.floor(i / 2) + 1));
    return riff(fmt(1, 2, 16), chunk('data', bytesOf(samples)));
  };

  it('takes classes from folders, and crops or fills up to one length', async () => {
    for (const [name, numFrames] of [
      ['dog/a.wav', 3],
      ['cat/deep/b.WAV', 6],
      ['cat/a.txt', 1],
    ] as const) {
      await mkdir(join(folder, 'classes', name, '..'), { recursive: true });
      await writeFile(join(folder, 'classes', name), sound(numFrames));
    }
    const dataset = await WavDataset.fromFolder(join(folder, 'classes'), { sampleRate: 8000, numFrames: 4 });
    expect([dataset.classes, dataset.length]).toEqual([['cat', 'dog'], 2]);
    for (const { data, tensor: dirty } of Array.from({ length: 50 }, () => hostBuffer('float32', [2, 4]))) {
      (data as Float32Array).fill(9); // memory that what follows gets again
      dirty.dispose();
    }
    for await (const { waveform, target } of new DataLoader({ dataset, batchSize: 2 })) {
      expect(target!.toArray()).toEqual([0, 1]);
      expect(waveform.mul(2 ** 15).toArray()).toEqual([
        [
          [1, 2, 3, 4],
          [-1, -2, -3, -4],
        ],
        [
          [1, 2, 3, 0],
          [-1, -2, -3, 0],
        ],
      ]);
    }
    await expect(WavDataset.fromFolder(join(folder, 'classes/cat/deep'), { sampleRate: 8000 })).rejects.toThrow(
      'one folder a class, got none',
    );
    await expect(WavDataset.fromFolder(file('nowhere'), { sampleRate: 8000 })).rejects.toThrow(
      'expected a folder, got ENOENT',
    );
  });

  it('crops at random by the seed of the sample: all places occur, the same again for the same seed', async () => {
    await writeFile(file('crop.wav'), sound(6));
    const dataset = new WavDataset([file('crop.wav')], { sampleRate: 8000, numFrames: 4, crop: 'random' });
    const startFor = async (seed: number): Promise<number> => {
      const { waveform } = await dataset.get(0, { seed, epoch: 0 });
      const [first] = waveform.mul(2 ** 15).toArray() as number[][];
      expect(first).toEqual([0, 1, 2, 3].map((i) => first![0]! + i));
      return first![0]!;
    };
    const starts = await Promise.all(Array.from({ length: 30 }, (_, seed) => startFor(seed)));
    expect([...new Set(starts)].sort()).toEqual([1, 2, 3]);
    expect(await Promise.all(Array.from({ length: 30 }, (_, seed) => startFor(seed)))).toEqual(starts);
    await expect(dataset.get(0)).rejects.toThrow('expected the context of a sample');
  });

  it('names the file whose sound is another than it should be', async () => {
    const get = (options: object) => new WavDataset([file('crop.wav')], { sampleRate: 8000, ...options }).get(0);
    await expect(get({ sampleRate: 16_000 })).rejects.toThrow(
      `Cannot read WAV "${file('crop.wav')}": expected a sample rate of 16000, got 8000; convert the files to one`,
    );
    await expect(get({ numChannels: 1 })).rejects.toThrow('expected channels: 1, got 2');
    const make = (options: object) => () => new WavDataset(['a'], { sampleRate: 1, ...options });
    expect(make({ targets: [1, 2] })).toThrow('targets: expected one a file, 1, got 2');
    expect(make({ targets: [0.5] })).toThrow('targets: expected integers from 0 on, got 0.5 for file 0');
    expect(make({ crop: 'random' })).toThrow('crop: expected numFrames beside it');
    expect(make({ sampleRate: 0, numframes: 3 })).toThrow(/numframes[\s\S]*sampleRate/);
  });
});
