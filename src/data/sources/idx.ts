// IDX files, as MNIST and its like come in.
import { stat } from 'node:fs/promises';
import { DataFileError } from '../../errors.ts';
import { swapBytes } from '../../serial/byte-order.ts';
import { type DType, dtypeBytes, hostBuffer, type Tensor } from '../../tensor/index.ts';
import { chunkFeed, fillWhole, maxInflation, requireEnd } from './reading/byte-feed.ts';
import { reasonOf } from './reading/byte-source.ts';
import { openChunks } from './reading/chunk-source.ts';

const action = 'read IDX file';

/** Element types by their codes. */
const dtypes: ReadonlyMap<number, DType & ('uint8' | 'int8' | 'int16' | 'int32' | 'float32' | 'float64')> = new Map([
  [0x08, 'uint8'],
  [0x09, 'int8'],
  [0x0b, 'int16'],
  [0x0c, 'int32'],
  [0x0d, 'float32'],
  [0x0e, 'float64'],
]);

/**
 * Reads an IDX file into a tensor of its type and shape: `train-images-idx3-ubyte` of MNIST gives uint8 [60000, 28, 28]. A name that ends in .gz is
 * decompressed. Bytes go straight into the tensor's memory.
 * Source: "The IDX file format" in yann.lecun.com/exdb/mnist.
 * @throws {DataFileError} naming the file, for one that is of another kind, cut short, or longer than it says.
 */
export async function readIdx(path: string): Promise<Tensor> {
  const failHere = (problem: string): DataFileError => fail(path, problem);
  const source = openChunks(path, 0);
  try {
    const feed = chunkFeed(source);
    const magic = new Uint8Array(4);
    await fillWhole(feed, magic, 'its beginning', failHere);
    const dtype = dtypes.get(magic[2]!);
    if (magic[0] !== 0 || magic[1] !== 0 || dtype === undefined) {
      const got = [...magic].map((byte) => byte.toString(16).padStart(2, '0')).join(' ');
      throw fail(
        path,
        `expected it to begin with 00 00, a type from 08 to 0e and the number of dimensions, got ${got}`,
      );
    }
    const sizes = Buffer.alloc(4 * magic[3]!);
    await fillWhole(feed, sizes, `the sizes of ${magic[3]} dimensions`, failHere);
    const shape = Array.from({ length: magic[3]! }, (_, dim) => sizes.readUInt32BE(4 * dim)); // [n, ...]
    await requirePlausible(path, shape, dtypeBytes(dtype));
    const { data, tensor } = hostBuffer(dtype, shape);
    try {
      const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
      const what = `elements of shape [${shape.join(', ')}]`;
      await fillWhole(feed, bytes, what, failHere);
      await requireEnd(feed, what, failHere);
      swapBytes(bytes, dtype);
      return tensor;
    } catch (error) {
      tensor.dispose();
      throw error;
    }
  } finally {
    await source.close();
  }
}

/** @throws {DataFileError} before memory is taken for more elements than the file can hold. */
async function requirePlausible(path: string, shape: readonly number[], itemBytes: number): Promise<void> {
  const { size } = await stat(path).catch((error: unknown) => {
    throw fail(path, `expected a file, got ${reasonOf(error)}`);
  });
  const wanted = shape.reduce((product, extent) => product * extent, itemBytes);
  const most = /\.t?gz$/i.test(path) ? size * maxInflation : size;
  if (wanted > most)
    throw fail(
      path,
      `expected ${wanted} bytes of elements of shape [${shape.join(', ')}], got a file of ${size}: the file is cut short`,
    );
}

function fail(path: string, problem: string): DataFileError {
  return new DataFileError(`Cannot ${action} "${path}": ${problem}`, { path });
}
