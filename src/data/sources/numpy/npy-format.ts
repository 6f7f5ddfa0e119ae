// The header of a .npy file: a Python dictionary as text. It is read by a grammar of its own; nothing is executed.
import { type DType, dtypeBytes } from '../../../tensor/index.ts';

/** What a header says. */
export interface NpyHeader {
  readonly dtype: DType;
  readonly isBigEndian: boolean;
  /** Whether the first dimension is the one whose elements lie side by side. */
  readonly isFortran: boolean;
  readonly shape: readonly number[];
}

/** Bytes from the file's beginning up to and with the header's length, in version 1; 2 more in versions 2 and 3. */
export const preambleBytes = 10;
/** Longer headers than this are no array's. Python's limit is 10,000 characters. */
const maxHeaderBytes = 1 << 16;
/** Where elements begin is a multiple of this. */
const alignment = 64;
/** Room that NumPy leaves for the first size to grow. */
const growthDigits = 21;

const magic = '\x93NUMPY';

const dtypeOfCode: ReadonlyMap<string, DType> = new Map<string, DType>([
  ['b1', 'bool'],
  ['i1', 'int8'],
  ['i2', 'int16'],
  ['i4', 'int32'],
  ['i8', 'int64'],
  ['u1', 'uint8'],
  ['u2', 'uint16'],
  ['u4', 'uint32'],
  ['u8', 'uint64'],
  ['f2', 'float16'],
  ['f4', 'float32'],
  ['f8', 'float64'],
  ['c8', 'complex64'],
  ['c16', 'complex128'],
]);
const codeOfDType = new Map([...dtypeOfCode].map(([code, dtype]) => [dtype, code]));

/** What is wrong with a header, as "expected …, got …". */
export class NpyProblem extends Error {}

/** How long the header is, and where it begins. @param preamble - at least 12 bytes, or all that there are. */
export function headerPlace(preamble: Buffer): { start: number; length: number } {
  if (preamble.toString('latin1', 0, 6) !== magic || preamble.length < preambleBytes)
    throw new NpyProblem('expected a file that begins with \\x93NUMPY, got something else');
  const version = preamble[6]!;
  if (version < 1 || version > 3) throw new NpyProblem(`expected version 1, 2 or 3 of the format, got ${version}`);
  const start = version === 1 ? preambleBytes : preambleBytes + 2;
  if (preamble.length < start) throw new NpyProblem('expected the length of the header, got the end of the file');
  const length = version === 1 ? preamble.readUInt16LE(8) : preamble.readUInt32LE(8);
  if (length > maxHeaderBytes)
    throw new NpyProblem(`expected a header of at most ${maxHeaderBytes} bytes, got ${length}`);
  return { start, length };
}

const entry = /\s*'(\w+)'\s*:\s*(?:'([^'\\]*)'|(True|False)|\(([\d\s,]*)\)|(\[).*)\s*(?:,|(?=\}))/sy;

/** Reads `{'descr': '<f4', 'fortran_order': False, 'shape': (3, 4), }`. */
export function parseHeader(text: string): NpyHeader {
  const found = new Map<string, string | boolean | number[]>();
  const body = text.trim();
  if (!body.startsWith('{')) throw new NpyProblem(`expected a dictionary as the header, got ${shown(text)}`);
  for (let at = 1; body.slice(at).trim() !== '}'; at = entry.lastIndex) {
    entry.lastIndex = at;
    const match = entry.exec(body);
    if (!match) throw new NpyProblem(`expected descr, fortran_order and shape in the header, got ${shown(text)}`);
    const [, name, word, truth, sizes, list] = match;
    if (list !== undefined)
      throw new NpyProblem('expected plain elements, got a structure of fields; write one file a field');
    found.set(name!, word ?? (truth === undefined ? sizesOf(sizes!) : truth === 'True'));
  }
  const descr = found.get('descr');
  const isFortran = found.get('fortran_order');
  const shape = found.get('shape');
  if (typeof descr !== 'string' || typeof isFortran !== 'boolean' || !Array.isArray(shape) || found.size !== 3)
    throw new NpyProblem(`expected descr, fortran_order and shape in the header, got ${shown(text)}`);
  return { ...parseDType(descr), isFortran, shape };
}

function sizesOf(text: string): number[] {
  const sizes = text.split(',').map((size) => size.trim());
  if (sizes.at(-1) === '') sizes.pop();
  const numbers = sizes.map(Number);
  if (sizes.includes('') || !numbers.every(Number.isSafeInteger))
    throw new NpyProblem(`expected sizes as the shape, got (${text})`);
  return numbers;
}

function parseDType(descr: string): Pick<NpyHeader, 'dtype' | 'isBigEndian'> {
  const dtype = /^[<>|=]/.test(descr) ? dtypeOfCode.get(descr.slice(1)) : undefined;
  if (dtype !== undefined) return { dtype, isBigEndian: descr.startsWith('>') && dtypeBytes(dtype) > 1 };
  if (/^\|?O/.test(descr))
    throw new NpyProblem(
      'expected numbers, got Python objects, which only running a pickle could read; save an array of numbers',
    );
  throw new NpyProblem(`expected numbers or booleans that a tensor can hold, got elements of type ${shown(descr)}`);
}

/** A header as NumPy writes it, from the file's first byte to where elements begin.
 *  @returns undefined for a dtype that NumPy has not. */
export function writeHeader(dtype: DType, shape: readonly number[]): Buffer | undefined {
  const code = codeOfDType.get(dtype);
  if (code === undefined) return undefined;
  const order = dtypeBytes(dtype) === 1 ? '|' : '<';
  const sizes = shape.length === 1 ? `${shape[0]},` : shape.join(', ');
  const spare = shape.length === 0 ? '' : ' '.repeat(growthDigits - String(shape[0]).length);
  const text = `{'descr': '${order}${code}', 'fortran_order': False, 'shape': (${sizes}), }${spare}`;
  const unpadded = preambleBytes + text.length + 1;
  const padded = `${text}${' '.repeat(alignment - (unpadded % alignment))}\n`;
  const header = Buffer.alloc(preambleBytes + padded.length);
  header.write(magic, 'latin1');
  header[6] = 1;
  header.writeUInt16LE(padded.length, 8);
  header.write(padded, preambleBytes, 'latin1');
  return header;
}

function shown(text: string): string {
  return JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}…` : text);
}
