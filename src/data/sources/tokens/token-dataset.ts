// `TokenDataset`: one long run of tokens, cut into windows for a language model.
import { ShapeError } from '../../../errors.ts';
import { keep, scope, Tensor, tensor } from '../../../tensor/index.ts';
import type { Dataset } from '../../datasets/dataset.ts';
import { isPositiveInteger, OptionProblems } from '../../option-problems.ts';
import { type TokenDType, TokenFile } from './token-file.ts';
import { type StoredTokens, splitWindows, storeTokens, type TokenArray, type TokenWindow } from './token-windows.ts';

// N windows, T tokens a window.

/** Options of {@link TokenDataset}. */
export interface TokenDatasetOptions {
  /** Tokens that a model reads at once, T. */
  readonly blockSize: number;
  /** Tokens from the start of one window to the start of the next. Default `blockSize`: every token is a target once. 1: all windows that there are. */
  readonly stride?: number;
}

/** Options of {@link TokenDataset.open}. */
export interface OpenTokenOptions extends TokenDatasetOptions {
  /** How the tokens lie, for a file without JSON beside it: little-endian, from the first byte on. */
  readonly dtype?: TokenDType | undefined;
  /** Read the whole file now, where it has room: then a batch waits for no disk. Default false: windows are read when they are asked for. */
  readonly isInMemory?: boolean;
}

const OPTIONS = ['blockSize', 'stride'];

/** Indices are 32-bit signed, as of every dataset. */
const MAX_WINDOWS = 2 ** 31 - 1;

/**
 * Windows of tokens as `{ input, target }`, int64 [T], where `target` is `input` one token later. Window i has tokens i * stride to i * stride + T; what is
 * left behind the last whole window is not played. Windows run across the ends of documents, as in GPT-2's training.
 * Memory: that of the tokens (of a file none); a window costs nothing until it is asked for. A batch is one gather.
 * Source: nanoGPT's get_batch.
 * @example
 * import { TokenDataset } from 'sconce/data';
 * const dataset = new TokenDataset(Uint16Array.of(5, 6, 7, 8, 9, 10, 11, 12), { blockSize: 3 });
 * dataset.length; // 2
 * const { input, target } = await dataset.getBatch(Int32Array.of(1, 0));
 * input; // tensor([[ 8,  9, 10], [ 5,  6,  7]])
 * target; // tensor([[ 9, 10, 11], [ 6,  7,  8]])
 */
export class TokenDataset implements Dataset<TokenWindow> {
  readonly name: string;
  readonly length: number;
  readonly blockSize: number;
  readonly stride: number;
  readonly numTokens: number;
  readonly #source: StoredTokens | TokenFile;
  /** All windows, [length, T + 1], as a view of the tokens in memory. */
  readonly #rows: Tensor | undefined;

  /**
   * @param tokens - a tensor of one dimension, which stays the caller's, who must keep it alive; a typed array, which is copied, unless it lies in a
   * SharedArrayBuffer; or an open file.
   * @throws {ConfigError} naming what is wrong with the options. @throws {RangeError} for tokens that do not fill one window.
   */
  constructor(tokens: TokenArray | Tensor | TokenFile, options: TokenDatasetOptions) {
    checkOptions(options, OPTIONS);
    const { blockSize, stride = blockSize } = options;
    const source = sourceOf(tokens);
    this.name = source instanceof TokenFile ? `TokenDataset "${source.path}"` : 'TokenDataset';
    this.blockSize = blockSize;
    this.stride = stride;
    this.numTokens = source instanceof TokenFile ? source.numTokens : source.tensor.numel;
    this.length = countWindows(this.name, this);
    this.#source = source;
    if (!(source instanceof TokenFile)) this.#rows = keep(source.tensor.unfold(0, blockSize + 1, stride));
  }

  /**
   * Opens a file of tokens, as `encodeToFile` or nanoGPT's prepare scripts write.
   * @throws {Error} naming the file: missing, cut short, or not as the JSON beside it says.
   */
  static async open(path: string, options: OpenTokenOptions): Promise<TokenDataset> {
    checkOptions(options, [...OPTIONS, 'dtype', 'isInMemory']);
    const { dtype, isInMemory = false, ...windows } = options;
    const file = await TokenFile.open(path, dtype);
    try {
      if (!isInMemory) return new TokenDataset(file, windows);
      const dataset = new TokenDataset(await file.readAll(), windows);
      await file.close();
      return dataset;
    } catch (error) {
      await file.close();
      throw error;
    }
  }

  get(index: number): TokenWindow | Promise<TokenWindow> {
    return this.#windows(Int32Array.of(index), (rows) => rows.select(0, 0));
  }

  getBatch(indices: Int32Array): TokenWindow | Promise<TokenWindow> {
    return this.#windows(indices, (rows) => rows);
  }

  /** Lets go of the file, if there is one. */
  async close(): Promise<void> {
    if (this.#source instanceof TokenFile) await this.#source.close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  /** @param pick - gives of the rows, [N, T + 1], those to be split. */
  #windows(indices: Int32Array, pick: (rows: Tensor) => Tensor): TokenWindow | Promise<TokenWindow> {
    const source = this.#source;
    if (source instanceof TokenFile) return this.#read(source, indices, pick);
    const rows = this.#rows!; // of tokens in memory
    return scope(() => splitWindows(pick(rows.indexSelect(0, tensor(indices).to(rows.device))), source.mask));
  }

  async #read(file: TokenFile, indices: Int32Array, pick: (rows: Tensor) => Tensor): Promise<TokenWindow> {
    const length = this.blockSize + 1;
    const starts = Array.from(indices, (index) => index * this.stride);
    const tokens = await file.read(starts, length);
    return scope(() => {
      const { tensor: rows, mask } = storeTokens(tokens, [indices.length, length]);
      return splitWindows(pick(rows), mask);
    });
  }
}

/** Where a dataset's tokens come from. */
function sourceOf(tokens: TokenArray | Tensor | TokenFile): StoredTokens | TokenFile {
  if (tokens instanceof TokenFile) return tokens;
  if (tokens instanceof Tensor) return { tensor: checkTensor(tokens), mask: undefined };
  return keep(storeTokens(tokens));
}

function checkOptions(options: OpenTokenOptions, known: readonly string[]): void {
  const problems = new OptionProblems();
  problems.expectKnown(options, known);
  const { blockSize, stride = 1, dtype = 'uint8' } = options;
  problems.expect(isPositiveInteger(blockSize), 'blockSize', { wanted: 'an integer above 0', got: blockSize });
  problems.expect(isPositiveInteger(stride), 'stride', { wanted: 'an integer above 0', got: stride });
  const isDType = ['uint8', 'uint16', 'uint32'].includes(dtype);
  problems.expect(isDType, 'dtype', { wanted: 'uint8, uint16 or uint32', got: dtype });
  problems.throwIfAny('make a TokenDataset');
}

function countWindows(
  name: string,
  { numTokens, blockSize, stride }: { numTokens: number; blockSize: number; stride: number },
): number {
  if (numTokens <= blockSize) {
    throw new RangeError(
      `Cannot make ${name}: expected more tokens than a window's ${blockSize}, got ${numTokens}; give a smaller blockSize or more text`,
    );
  }
  const length = Math.floor((numTokens - blockSize - 1) / stride) + 1;
  if (length > MAX_WINDOWS) {
    throw new RangeError(
      `Cannot make ${name}: expected at most ${MAX_WINDOWS} windows, got ${length}; give a larger stride`,
    );
  }
  return length;
}

const TENSOR_DTYPES = ['uint8', 'int8', 'int16', 'int32', 'int64'];

function checkTensor(tokens: Tensor): Tensor {
  if (tokens.ndim !== 1) {
    throw new ShapeError(
      `Cannot make a TokenDataset: expected tokens of one dimension, got [${tokens.shape.join(', ')}]`,
    );
  }
  if (!TENSOR_DTYPES.includes(tokens.dtype))
    throw new TypeError(`Cannot make a TokenDataset: expected tokens that are integers, got ${tokens.dtype}`);
  return tokens;
}
