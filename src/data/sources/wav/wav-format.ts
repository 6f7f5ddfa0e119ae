// The layout of RIFF/WAVE files: finds the format and the samples among the chunks, and says what is broken.
import { DataFileError } from '../../../errors.ts';
import type { ByteSource } from '../reading/byte-source.ts';

/** How samples are encoded. */
export type WavEncoding = 'pcm8' | 'pcm16' | 'pcm24' | 'pcm32' | 'float32' | 'float64';

/** What a file says about its sound. */
export interface WavInfo {
  /** Frames a second. A frame is one sample a channel. */
  readonly sampleRate: number;
  readonly numChannels: number;
  readonly numFrames: number;
  readonly encoding: WavEncoding;
}

/** A file's sound, and where its samples lie. */
export interface WavLayout extends WavInfo {
  readonly dataOffset: number;
  /** Bytes of one frame. */
  readonly frameBytes: number;
}

/** Format tags that say how samples are encoded. */
const PCM = 1;
const FLOAT = 3;
const EXTENSIBLE = 0xfffe;

/** Encodings that exist and are not read here, by their tag. */
const COMPRESSED: Readonly<Record<number, string>> = {
  2: 'Microsoft ADPCM',
  6: 'A-law',
  7: 'mu-law',
  17: 'IMA ADPCM',
  49: 'GSM 6.10',
  85: 'MP3',
};

/** The size that a writer leaves which cannot go back to fill it in, as one that writes to a pipe: the samples go to the end of the file. */
const UNKNOWN_SIZE = 0xffffffff;

/** Walks the chunks up to the samples. Chunks of other kinds are passed over, and one of an odd size is followed by a byte that counts for nothing.
 *  @throws {Error} naming the file: no RIFF/WAVE, no format, a kind of samples that is not known, cut short. */
export async function readWavLayout(source: ByteSource): Promise<WavLayout> {
  await checkSignature(source);
  let format: Format | undefined;
  for (let position = 12; position + 8 <= source.size; ) {
    const header = viewOf(await source.read(position, 8));
    const id = chunkName(header);
    const size = header.getUint32(4, true);
    const start = position + 8;
    if (id === 'data') return layoutOf(source, { format, start, size });
    if (start + size > source.size) {
      fail(
        source,
        `${size} bytes in chunk "${id}" at byte ${position}`,
        `${source.size - start}: the file is cut short`,
      );
    }
    if (id === 'fmt ') format = parseFormat(source, viewOf(await source.read(start, size)));
    position = start + size + (size % 2);
  }
  return fail(source, 'a chunk "data"', `none in ${source.size} bytes`);
}

async function checkSignature(source: ByteSource): Promise<void> {
  const header = viewOf(await source.read(0, Math.min(source.size, 12)));
  if (header.byteLength < 12) fail(source, 'a RIFF/WAVE file', `${header.byteLength} bytes`);
  const name = chunkName(header);
  const kind = chunkName(header, 8);
  if (name !== 'RIFF' || kind !== 'WAVE')
    fail(source, 'a RIFF/WAVE file', `one that begins with "${name}" and "${kind}"`);
}

/** Where samples lie, as the chunk "data" that begins at `start` says. Bytes behind the last whole frame are left out, as libsndfile does. */
function layoutOf(
  source: ByteSource,
  { format, start, size }: { format: Format | undefined; start: number; size: number },
): WavLayout {
  if (!format) return fail(source, 'a chunk "fmt " before the samples', 'none');
  const available = source.size - start;
  const numBytes = size === UNKNOWN_SIZE ? available : size;
  const { frameBytes } = format;
  if (numBytes > available) {
    const frames = (bytes: number): string => `${Math.floor(bytes / frameBytes)} frames (${bytes} bytes)`;
    fail(source, frames(numBytes), `${frames(available)}: the file is cut short`);
  }
  return { ...format, dataOffset: start, numFrames: Math.floor(numBytes / frameBytes) };
}

type Format = Omit<WavLayout, 'dataOffset' | 'numFrames'>;

function parseFormat(source: ByteSource, chunk: DataView): Format {
  if (chunk.byteLength < 16) fail(source, 'at least 16 bytes in chunk "fmt "', chunk.byteLength);
  const numChannels = chunk.getUint16(2, true);
  const sampleRate = chunk.getUint32(4, true);
  const frameBytes = chunk.getUint16(12, true);
  const bits = chunk.getUint16(14, true);
  let tag = chunk.getUint16(0, true);
  if (tag === EXTENSIBLE) {
    if (chunk.byteLength < 40) fail(source, '40 bytes in an extensible chunk "fmt "', chunk.byteLength);
    tag = chunk.getUint16(24, true); // the first bytes of the subformat's GUID
  }
  const encoding = encodingOf(tag, bits);
  if (!encoding) {
    const got = COMPRESSED[tag] ?? `${bits} bits of format ${tag}`;
    return fail(
      source,
      'PCM of 8, 16, 24 or 32 bits or floats of 32 or 64',
      `${got}; convert the file, as by "sox in.wav -e signed -b 16 out.wav"`,
    );
  }
  if (numChannels === 0 || sampleRate === 0)
    fail(source, 'channels and a sample rate', `${numChannels} and ${sampleRate}`);
  if (frameBytes !== (numChannels * bits) / 8) {
    fail(source, `frames of ${(numChannels * bits) / 8} bytes for ${numChannels} channels of ${bits} bits`, frameBytes);
  }
  return { sampleRate, numChannels, encoding, frameBytes };
}

function encodingOf(tag: number, bits: number): WavEncoding | undefined {
  if (tag === FLOAT) return bits === 32 ? 'float32' : bits === 64 ? 'float64' : undefined;
  if (tag !== PCM) return undefined;
  return bits === 8 ? 'pcm8' : bits === 16 ? 'pcm16' : bits === 24 ? 'pcm24' : bits === 32 ? 'pcm32' : undefined;
}

/** The header of a file of `numFrames` frames, up to its first sample. */
export function wavHeader({ sampleRate, numChannels, numFrames, encoding }: WavInfo): Uint8Array {
  const isFloat = encoding.startsWith('float');
  const bits = Number(encoding.slice(isFloat ? 5 : 3));
  const frameBytes = (numChannels * bits) / 8;
  const dataBytes = numFrames * frameBytes;
  // Floats carry the size of an extension (none) and the chunk "fact", as the format asks of all that is not PCM.
  const extra = isFloat ? 14 : 0;
  const bytes = new Uint8Array(44 + extra);
  const view = viewOf(bytes);
  const name = (text: string, at: number): void => bytes.set(new TextEncoder().encode(text), at);
  name('RIFF', 0);
  view.setUint32(4, 36 + extra + dataBytes + (dataBytes % 2), true);
  name('WAVEfmt ', 8);
  view.setUint32(16, isFloat ? 18 : 16, true);
  view.setUint16(20, isFloat ? FLOAT : PCM, true);
  view.setUint16(22, numChannels, true);
  view.setUint32(24, sampleRate, true);
  view.setUint32(28, sampleRate * frameBytes, true);
  view.setUint16(32, frameBytes, true);
  view.setUint16(34, bits, true);
  if (isFloat) {
    name('fact', 38);
    view.setUint32(42, 4, true);
    view.setUint32(46, numFrames, true);
  }
  name('data', 36 + extra);
  view.setUint32(40 + extra, dataBytes, true);
  return bytes;
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function chunkName(view: DataView, at = 0): string {
  const codes = [0, 1, 2, 3].map((i) => view.getUint8(at + i));
  return codes
    .map((code) => (code >= 32 && code < 127 ? String.fromCharCode(code) : `\\x${code.toString(16)}`))
    .join('');
}

function fail(source: ByteSource, wanted: string, got: string | number): never {
  const message = `Cannot read WAV ${source.label}: expected ${wanted}, got ${got}`;
  throw source.path === undefined ? new Error(message) : new DataFileError(message, { path: source.path });
}
