// Samples of tar shards: files of one key, before and after they are decoded.
import { type Tensor, tensor } from '../../../tensor/index.ts';
import type { SampleContext } from '../../context.ts';
import { decodeImage } from '../image/image.ts';
import { readArray } from '../numpy/read-npy.ts';
import { chunkFeed } from '../reading/byte-feed.ts';
import { reasonOf } from '../reading/byte-source.ts';

/** The files of one key as they lie in a shard. Plain data: it can be sent to a worker. */
export interface TarSample {
  /** What their names have in common, up to the first point behind the last slash. */
  readonly key: string;
  readonly shard: string;
  /** Where the first file's header lies in the shard. */
  readonly offset: number;
  /** Each file's bytes by the rest of its name, as in `jpg` or `seg.png`, in lower case. */
  readonly files: Readonly<Record<string, Uint8Array>>;
}

/** Makes a value of a file's bytes. What it draws at random is drawn from a generator seeded by `context.seed`. */
export type TarDecoder = (bytes: Uint8Array, context: SampleContext) => unknown;

const TEXTS = ['txt', 'text', 'transcript'];
const CLASSES = ['cls', 'cls2', 'index', 'inx', 'id', 'count'];
const IMAGES = ['jpg', 'jpeg', 'png', 'webp'];

/** What is made of files by the end of their names, where the user says nothing else. */
const DEFAULTS: ReadonlyMap<string, TarDecoder> = new Map<string, TarDecoder>([
  ...TEXTS.map((end) => [end, textOf] as const),
  ...CLASSES.map((end) => [end, integerOf] as const),
  ...IMAGES.map((end) => [end, pictureOf] as const),
  ['json', (bytes) => JSON.parse(textOf(bytes)) as unknown],
  ['npy', arrayOf],
]);

/**
 * The sample with its files decoded, and its key as `__key__`.
 * @param decoders - by the whole rest of a file's name, else by what follows its last point; before the defaults.
 * @throws {Error} naming shard, key and file.
 */
export async function decodeTarSample(
  sample: TarSample,
  decoders: Readonly<Record<string, TarDecoder>> | 'bytes',
  context: SampleContext,
): Promise<Record<string, unknown>> {
  const decoded: [string, unknown][] = [];
  for (const [name, bytes] of Object.entries(sample.files)) {
    const decoder = decoders === 'bytes' ? undefined : decoderOf(name, decoders);
    try {
      decoded.push([name, decoder ? await decoder(bytes, context) : bytes]);
    } catch (cause) {
      throw new Error(
        `Cannot decode "${sample.key}.${name}" in "${sample.shard}" at byte ${sample.offset}: ${reasonOf(cause)}`,
        { cause },
      );
    }
  }
  return Object.fromEntries([['__key__', sample.key], ...decoded]);
}

function decoderOf(name: string, decoders: Readonly<Record<string, TarDecoder>>): TarDecoder | undefined {
  const end = name.slice(name.lastIndexOf('.') + 1);
  for (const known of [name, end]) {
    if (Object.hasOwn(decoders, known)) return decoders[known];
  }
  return DEFAULTS.get(name) ?? DEFAULTS.get(end);
}

function textOf(bytes: Uint8Array): string {
  return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
}

/** A class is a bigint, so that a batch of them is int64. */
function integerOf(bytes: Uint8Array): bigint {
  const text = textOf(bytes).trim();
  if (!/^[+-]?\d{1,18}$/.test(text))
    throw new SyntaxError(`expected an integer, got ${JSON.stringify(text.slice(0, 40))}`);
  return BigInt(text);
}

/** The array of a .npy file. */
function arrayOf(bytes: Uint8Array): Promise<Tensor> {
  const chunks = [bytes];
  return readArray({ feed: chunkFeed({ next: async () => chunks.pop() }), maxBytes: bytes.length });
}

/** Pixels as uint8 [3, H, W]. */
async function pictureOf(bytes: Uint8Array): Promise<Tensor> {
  const { data, height, width } = await decodeImage(bytes);
  return tensor(data, { shape: [3, height, width] });
}
