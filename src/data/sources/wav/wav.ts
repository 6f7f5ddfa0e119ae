// Sound in RIFF/WAVE files, as tensors of amplitudes.
import { writeFile } from 'node:fs/promises';
import { ShapeError } from '../../../errors.ts';
import { hostBuffer, type Tensor } from '../../../tensor/index.ts';
import { OptionProblems } from '../../option-problems.ts';
import { type ByteSource, memorySource, openByteSource } from '../reading/byte-source.ts';
import { readWavLayout, type WavEncoding, type WavInfo, type WavLayout, wavHeader } from './wav-format.ts';

// C channels, F frames.

/** Sound as {@link readWav} gives it. */
export interface Wav extends WavInfo {
  /** Amplitudes, float32 [C, F], the caller's. Integers are scaled to [-1, 1): n bits by 2^-(n - 1), 8 bits after taking away 128. Floats are as in the file. */
  readonly waveform: Tensor;
  /** Frames of the whole file, of which `waveform` may be a part. */
  readonly numFrames: number;
}

/** Options of {@link readWav}. */
export interface ReadWavOptions {
  /** The first frame to read. Default 0. */
  readonly frameOffset?: number;
  /** How many frames to read. Default: all that follow. */
  readonly numFrames?: number | undefined;
}

/**
 * Reads a WAV file, or one that lies in memory: PCM of 8, 16, 24 and 32 bits, floats of 32 and 64, any number of channels, extensible formats. Of a part
 * only its bytes are read.
 * @throws {Error} naming the file, where it is none that can be read, or cut short. @throws {RangeError} for a part that the file does not have.
 * Source: torchaudio.load (normalize=True).
 */
export async function readWav(file: string | Uint8Array, options: ReadWavOptions = {}): Promise<Wav> {
  checkPart(options);
  const source = await openWav(file);
  try {
    const layout = await readWavLayout(source);
    const { numFrames, numChannels, encoding, sampleRate } = layout;
    const { frameOffset = 0, numFrames: count = Math.max(0, numFrames - frameOffset) } = options;
    if (frameOffset + count > numFrames) {
      throw new RangeError(
        `Cannot read WAV ${source.label}: expected a part of its ${numFrames} frames, got ${count} from frame ${frameOffset} on`,
      );
    }
    const { data, tensor: waveform } = hostBuffer('float32', [numChannels, count]);
    await readFrames(source, layout, { frameOffset, into: data as Float32Array, rowLength: count });
    return { waveform, sampleRate, numChannels, numFrames, encoding };
  } finally {
    await source.close();
  }
}

/** Reads frames from `frameOffset` on into rows of `rowLength`, one a channel, up to the end of the row or of the file. */
export async function readFrames(
  source: ByteSource,
  { frameBytes, dataOffset, numFrames, numChannels, encoding }: WavLayout,
  { frameOffset, into, rowLength }: { frameOffset: number; into: Float32Array; rowLength: number },
): Promise<void> {
  const count = Math.min(rowLength, numFrames - frameOffset);
  const bytes = await source.read(dataOffset + frameOffset * frameBytes, count * frameBytes);
  decodeSamples(bytes, into, { encoding, numChannels, rowLength });
}

/** What a file says about its sound; no sample is read. @throws {Error} as {@link readWav}. */
export async function readWavInfo(file: string | Uint8Array): Promise<WavInfo> {
  const source = await openWav(file);
  try {
    const { sampleRate, numChannels, numFrames, encoding } = await readWavLayout(source);
    return { sampleRate, numChannels, numFrames, encoding };
  } finally {
    await source.close();
  }
}

async function openWav(file: string | Uint8Array): Promise<ByteSource> {
  return typeof file === 'string' ? openByteSource(file, 'read WAV') : memorySource(file, 'in memory');
}

function checkPart(options: ReadWavOptions): void {
  const problems = new OptionProblems();
  problems.expectKnown(options, ['frameOffset', 'numFrames']);
  for (const option of ['frameOffset', 'numFrames'] as const) {
    const value = options[option];
    const isCount = value === undefined || (Number.isSafeInteger(value) && value >= 0);
    problems.expect(isCount, option, { wanted: 'an integer from 0 on', got: value });
  }
  problems.throwIfAny('read WAV');
}

/** Interleaved samples to one row of amplitudes a channel: [F, C] -> [C, F]. */
function decodeSamples(
  bytes: Uint8Array,
  into: Float32Array,
  { encoding, numChannels, rowLength }: { encoding: WavEncoding; numChannels: number; rowLength: number },
): void {
  const { at, scale, bias } = sampleReader(bytes, encoding);
  const numFrames = at.length / numChannels;
  for (let channel = 0; channel < numChannels; channel++) {
    const start = channel * rowLength;
    for (let frame = 0, from = channel; frame < numFrames; frame++, from += numChannels) {
      into[start + frame] = (at[from]! - bias) * scale;
    }
  }
}

/** The samples as numbers; amplitude = (number - bias) * scale, which is exact for up to 24 bits. */
function sampleReader(
  bytes: Uint8Array,
  encoding: WavEncoding,
): { at: ArrayLike<number>; scale: number; bias: number } {
  switch (encoding) {
    case 'pcm8':
      return { at: bytes, scale: 2 ** -7, bias: 128 };
    case 'pcm16':
      return { at: new Int16Array(...aligned(bytes, 2)), scale: 2 ** -15, bias: 0 };
    case 'pcm24':
      return { at: widen24(bytes), scale: 2 ** -31, bias: 0 };
    case 'pcm32':
      return { at: new Int32Array(...aligned(bytes, 4)), scale: 2 ** -31, bias: 0 };
    case 'float32':
      return { at: new Float32Array(...aligned(bytes, 4)), scale: 1, bias: 0 };
    case 'float64':
      return { at: new Float64Array(...aligned(bytes, 8)), scale: 1, bias: 0 };
  }
}

/** The arguments of a typed array over `bytes`, which are copied where they do not lie at a multiple of the element's size. Files are little-endian, as are all machines that libtorch runs on. */
function aligned(bytes: Uint8Array, elementBytes: number): [buffer: ArrayBuffer, offset: number, length: number] {
  const { buffer, byteOffset, length } = byteOffsetFits(bytes, elementBytes) ? bytes : bytes.slice();
  return [buffer as ArrayBuffer, byteOffset, length / elementBytes];
}

function byteOffsetFits(bytes: Uint8Array, elementBytes: number): boolean {
  return bytes.byteOffset % elementBytes === 0;
}

/** Samples of 24 bits in the upper three bytes of 32, which keeps their sign. */
function widen24(bytes: Uint8Array): Int32Array {
  const samples = new Int32Array(bytes.length / 3);
  for (let i = 0, from = 0; i < samples.length; i++, from += 3) {
    samples[i] = (bytes[from]! << 8) | (bytes[from + 1]! << 16) | (bytes[from + 2]! << 24);
  }
  return samples;
}

/** Options of {@link writeWav}. */
export interface WriteWavOptions {
  /** Frames a second, above 0. */
  readonly sampleRate: number;
  /** Default 'pcm16'. */
  readonly encoding?: 'pcm16' | 'float32';
}

/**
 * Writes amplitudes, [C, F] or [F], to a WAV file. For 'pcm16' they are multiplied by 2^15 and rounded; what lies outside [-1, 1) becomes the nearest that
 * there is, as players expect of loud sound.
 * @throws {ShapeError} for another number of dimensions. @throws {RangeError} for an amplitude that is no number, or more bytes than the format can count.
 * Source: torchaudio.save.
 */
export async function writeWav(path: string, waveform: Tensor, options: WriteWavOptions): Promise<void> {
  const { sampleRate, encoding = 'pcm16' } = options;
  const problems = new OptionProblems();
  problems.expectKnown(options, ['sampleRate', 'encoding']);
  const isRate = Number.isInteger(sampleRate) && sampleRate > 0 && sampleRate < 2 ** 32;
  problems.expect(isRate, 'sampleRate', { wanted: 'an integer above 0', got: sampleRate });
  problems.expect(encoding === 'pcm16' || encoding === 'float32', 'encoding', {
    wanted: 'pcm16 or float32',
    got: encoding,
  });
  problems.throwIfAny(`write WAV "${path}"`);
  const { shape } = waveform;
  if (shape.length !== 1 && shape.length !== 2) {
    throw new ShapeError(
      `Cannot write WAV "${path}": expected [channels, frames] or [frames], got [${shape.join(', ')}]`,
    );
  }
  const numFrames = shape.at(-1)!;
  const numChannels = shape.length === 2 ? shape[0]! : 1;
  const isWritable = numChannels > 0 && numChannels < 2 ** 16 && numFrames * numChannels * 4 < 2 ** 32 - 100;
  if (!isWritable) {
    throw new RangeError(
      `Cannot write WAV "${path}": expected 1 to 65535 channels and less than 4 GiB, got [${shape.join(', ')}]`,
    );
  }
  const amplitudes = waveform.detach().to('cpu').to('float32').contiguous().toTypedArray() as Float32Array;
  const samples = encodeSamples(path, amplitudes, { encoding, numChannels });
  const header = wavHeader({ sampleRate, numChannels, numFrames, encoding });
  const whole = new Uint8Array(header.length + samples.byteLength);
  whole.set(header);
  whole.set(new Uint8Array(samples.buffer), header.length);
  await writeFile(path, whole);
}

/** One run of amplitudes a channel to interleaved samples: [C, F] -> [F, C]. */
function encodeSamples(
  path: string,
  amplitudes: Float32Array,
  { encoding, numChannels }: { encoding: 'pcm16' | 'float32'; numChannels: number },
): Int16Array<ArrayBuffer> | Float32Array<ArrayBuffer> {
  const numFrames = amplitudes.length / numChannels;
  const samples = encoding === 'pcm16' ? new Int16Array(amplitudes.length) : new Float32Array(amplitudes.length);
  for (let i = 0; i < amplitudes.length; i++) {
    const amplitude = amplitudes[i]!;
    const channel = Math.floor(i / numFrames);
    const frame = i - channel * numFrames;
    if (encoding === 'pcm16' && !Number.isFinite(amplitude)) {
      throw new RangeError(
        `Cannot write WAV "${path}": expected finite amplitudes, got ${amplitude} at frame ${frame} of channel ${channel}`,
      );
    }
    const sample = Math.max(-(2 ** 15), Math.min(2 ** 15 - 1, Math.round(amplitude * 2 ** 15)));
    samples[frame * numChannels + channel] = encoding === 'pcm16' ? sample : amplitude;
  }
  return samples;
}
