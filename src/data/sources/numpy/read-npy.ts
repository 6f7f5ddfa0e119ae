// An array of NumPy's out of a run of bytes: a .npy file, or an entry of a .npz file.
import { swapBytes } from '../../../serial/byte-order.ts';
import { dtypeBytes, hostBuffer, type Tensor } from '../../../tensor/index.ts';
import { type ByteFeed, fillWhole, requireEnd } from '../reading/byte-feed.ts';
import { headerPlace, type NpyHeader, NpyProblem, parseHeader, preambleBytes } from './npy-format.ts';

export interface NpySource {
  readonly feed: ByteFeed;
  /** More bytes than there can be. */
  readonly maxBytes: number;
}

const fail = (problem: string): NpyProblem => new NpyProblem(problem);

/** Reads the header. @returns it, and how many bytes it takes. @throws {NpyProblem} */
export async function readHeader({ feed }: NpySource): Promise<NpyHeader & { readonly numBytes: number }> {
  const preamble = Buffer.alloc(preambleBytes + 2);
  const first = preamble.subarray(0, preambleBytes);
  if ((await feed.fill(first)) < preambleBytes) throw new NpyProblem('expected an array, got the end of the file');
  const isShort = preamble[6] === 1;
  if (!isShort) await feed.fill(preamble.subarray(preambleBytes));
  const { start, length } = headerPlace(isShort ? first : preamble);
  const text = Buffer.alloc(length);
  await fillWhole(feed, text, 'the header', fail);
  return { ...parseHeader(text.toString('latin1')), numBytes: start + length };
}

/** Reads the array, whose bytes go straight into the tensor's memory. @throws {NpyProblem} */
export async function readArray(source: NpySource): Promise<Tensor> {
  const header = await readHeader(source);
  const { dtype, shape, isFortran, isBigEndian } = header;
  const stated = bytesOf(header);
  const what = `${dtype} elements of shape [${shape.join(', ')}]`;
  if (stated > source.maxBytes)
    throw new NpyProblem(`expected ${stated} bytes of ${what}, got at most ${source.maxBytes}: the file is cut short`);
  const { data, tensor } = hostBuffer(dtype, isFortran ? shape.toReversed() : shape);
  try {
    const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
    await fillWhole(source.feed, bytes, what, fail);
    await requireEnd(source.feed, what, fail);
    if (isBigEndian) swapBytes(bytes, dtype);
    return isFortran ? turned(tensor) : tensor;
  } catch (error) {
    tensor.dispose();
    throw error;
  }
}

/** Bytes of all elements. */
export function bytesOf({ shape, dtype }: NpyHeader): number {
  return shape.reduce((product, size) => product * size, dtypeBytes(dtype));
}

/** A tensor with its dimensions in the other order: a view of the same memory. */
export function turned(tensor: Tensor): Tensor {
  const view = tensor.permute(tensor.shape.map((_, dim) => tensor.shape.length - 1 - dim)); // [a, b, c] -> [c, b, a]
  tensor.dispose();
  return view;
}
