// NumPy's .npy files, read and written.
import { open } from 'node:fs/promises';
import { resolve } from 'node:path';
import { DataFileError, DTypeError } from '../../../errors.ts';
import { writeFileDurably } from '../../../serial/file.ts';
import { getNative, h, wrap } from '../../../tensor/call.ts';
import { dtypeBytes, type Tensor } from '../../../tensor/index.ts';
import { OptionProblems } from '../../option-problems.ts';
import { fileFeed } from '../reading/byte-feed.ts';
import { reasonOf } from '../reading/byte-source.ts';
import { NpyProblem, writeHeader } from './npy-format.ts';
import { bytesOf, type NpySource, readArray, readHeader, turned } from './read-npy.ts';

const readAction = 'read NumPy file';
const writeAction = 'write NumPy file';

/** Options of {@link loadNpy}. */
export interface LoadNpyOptions {
  /** Map the file into memory instead of reading it: elements come from the disk when they are first used, so that the array may be larger than memory,
   *  and writing to them changes nothing in the file. If the file is truncated while the tensor lives, the process dies. Default false. */
  readonly mmap?: boolean | undefined;
}

/**
 * Reads an array from a .npy file of any version as a tensor of its dtype and shape; one in Fortran order is a transposed view. Nothing in the file is
 * executed: arrays of Python objects are refused. Source: numpy.load.
 * @throws {DataFileError} naming the file, for one that is of another kind, cut short, or longer than it says.
 * @example
 * import { loadNpy, saveNpy } from 'sconce/data';
 * await saveNpy(tensor([[1, 2], [3, 4]]), '/tmp/sconce-doc.npy');
 * await loadNpy('/tmp/sconce-doc.npy'); // tensor([[1., 2.], [3., 4.]])
 */
export async function loadNpy(path: string, options: LoadNpyOptions = {}): Promise<Tensor> {
  const problems = new OptionProblems();
  problems.expectKnown(options, ['mmap']);
  problems.throwIfAny('load an array');
  try {
    const file = await open(path, 'r');
    try {
      const { size } = await file.stat();
      const source = { feed: fileFeed(file, 0, size), maxBytes: size };
      return options.mmap ? await mapArray(source, `/dev/fd/${file.fd}`, size) : await readArray(source);
    } finally {
      await file.close();
    }
  } catch (error) {
    throw inNumpyFile(path, error);
  }
}

async function mapArray(source: NpySource, mapped: string, size: number): Promise<Tensor> {
  const header = await readHeader(source);
  const { dtype, shape, isFortran, isBigEndian, numBytes } = header;
  const stated = bytesOf(header);
  if (numBytes + stated !== size) throw new NpyProblem(`expected ${numBytes + stated} bytes, got a file of ${size}`);
  if (isBigEndian) throw new NpyProblem('expected little-endian elements to map, got big-endian ones; leave out mmap');
  if (numBytes % dtypeBytes(dtype) !== 0)
    throw new NpyProblem(
      `expected elements at a multiple of ${dtypeBytes(dtype)} bytes to map, got them at ${numBytes}; leave out mmap`,
    );
  const whole = wrap(getNative().mapFile(resolve(mapped), size));
  const bytes = wrap(getNative().sliceMemory(h(whole), numBytes, stated)); // [bytes]
  const flat = bytes.view(dtype);
  const tensor = flat.view(isFortran ? shape.toReversed() : [...shape]);
  for (const each of [whole, bytes, flat]) each.dispose();
  return isFortran ? turned(tensor) : tensor;
}

/**
 * Writes a tensor to a .npy file as numpy.save does, to the byte: row by row, version 1. The file appears whole or not at all. Source: numpy.save.
 * @throws {DTypeError} for a dtype that NumPy has not (bfloat16, float8). @throws {DataFileError} where the file cannot be written.
 */
export async function saveNpy(tensor: Tensor, path: string): Promise<void> {
  const chunks = arrayChunks(tensor, `${writeAction} "${path}"`);
  try {
    await writeFileDurably(path, chunks);
  } catch (error) {
    throw new DataFileError(
      `Cannot ${writeAction} "${path}": expected a place that can be written, got ${reasonOf(error)}`,
      {
        path,
        cause: error,
      },
    );
  }
}

/** Header and elements. @param action - for messages. */
export function arrayChunks(tensor: Tensor, action: string): Uint8Array[] {
  const header = writeHeader(tensor.dtype, tensor.shape);
  if (header !== undefined) return [header, tensor.toBytes()];
  throw new DTypeError(
    `Cannot ${action}: expected a dtype that NumPy has, got ${tensor.dtype}; convert it with .to('float32')`,
  );
}

/** The error with the file's name. @param where - as in `entry "x.npy"`. */
export function inNumpyFile(path: string, error: unknown, where?: string): unknown {
  const isProblem = error instanceof NpyProblem;
  if (!isProblem && !isSystemError(error)) return error;
  const place = where === undefined ? '' : `, ${where}`;
  const problem = isProblem ? error.message : `expected a readable file, got ${reasonOf(error)}`;
  return new DataFileError(`Cannot ${readAction} "${path}"${place}: ${problem}`, { path, cause: error });
}

function isSystemError(error: unknown): boolean {
  return error instanceof Error && 'syscall' in error;
}
