// Encodes text files into one file of tokens, a document at a time.
import { open, rename, rm, writeFile } from 'node:fs/promises';
import { isPositiveInteger, OptionProblems } from '../../option-problems.ts';
import { type DocumentSplit, documentsOf } from '../text/text-documents.ts';
import { encodeText, type TokenEncoder } from './token-encoders.ts';
import { formatTokenInfo, TOKEN_ARRAYS, type TokenDType, type TokenFileInfo, tokenInfoPath } from './token-file.ts';

/** Options of {@link encodeToFile}. */
export interface EncodeToFileOptions {
  readonly encoder: TokenEncoder;
  /** Token put behind each document, so that a model can learn where one ends. Default: none. It may be `vocabSize`, which then grows by one. */
  readonly endToken?: number | undefined;
  /** What is a document: a file, a line, or what stands between texts such as '<|endoftext|>'. Documents without text are left out. Default 'file'. */
  readonly documents?: DocumentSplit;
  /** How tokens lie in the file. Default: the narrowest that holds all tokens. */
  readonly dtype?: TokenDType | undefined;
}

const OPTIONS = ['encoder', 'endToken', 'documents', 'dtype'];

/** Tokens are written when so many have come together. */
const BUFFER_TOKENS = 1 << 18;

/**
 * Encodes text files (UTF-8; .gz is decompressed) in their order into one file of tokens for `TokenDataset.open`, and writes beside it what is known of it.
 * Documents stand one after the other without padding ("packed"). Memory: one document; a piece of one where the encoder's `isSplittable` says that the
 * tokens are the same. The file is complete or not there: it gets its name when the last token is written.
 * @returns what the JSON says.
 * @throws {ConfigError} naming what is wrong with the options. @throws {Error} naming the file that is no text, or the token that is none; nothing is left then.
 */
export async function encodeToFile(
  files: string | readonly string[],
  path: string,
  options: EncodeToFileOptions,
): Promise<TokenFileInfo> {
  const { encoder, endToken, documents = 'file' } = options;
  const info = checkOptions(options);
  const partial = `${path}.partial`;
  const handle = await open(partial, 'w');
  const { dtype, vocabSize } = info;
  const writer = new TokenWriter((bytes) => handle.writeFile(bytes), dtype, vocabSize);
  let numDocuments = 0;
  try {
    for (const file of typeof files === 'string' ? [files] : files) {
      for await (const { text, isEnd } of documentsOf(file, documents, encoder.isSplittable ?? false)) {
        try {
          await writer.add(encodeText(encoder, text));
        } catch (cause) {
          const reason = cause instanceof Error ? cause.message : String(cause);
          throw new Error(`Cannot encode "${file}": ${reason} in document ${numDocuments}`, { cause });
        }
        if (!isEnd) continue;
        if (endToken !== undefined) await writer.add([endToken]);
        numDocuments++;
      }
    }
    await writer.flush();
    await handle.sync();
  } catch (error) {
    await handle.close();
    await rm(partial, { force: true });
    throw error;
  }
  await handle.close();
  const result = { dtype, numTokens: writer.numTokens, numDocuments, vocabSize, endToken };
  await writeFile(tokenInfoPath(path), formatTokenInfo(result));
  await rename(partial, path);
  return result;
}

function checkOptions(options: EncodeToFileOptions): { dtype: TokenDType; vocabSize: number } {
  const problems = new OptionProblems();
  problems.expectKnown(options, OPTIONS);
  const { encoder, endToken, documents = 'file', dtype } = options;
  const isEncoder = typeof encoder?.encode === 'function' && isPositiveInteger(encoder.vocabSize);
  problems.expect(isEncoder, 'encoder', { wanted: 'an object with encode and vocabSize', got: typeof encoder });
  const isSplit =
    documents === 'file' || documents === 'line' || (typeof documents === 'object' && documents.separator !== '');
  problems.expect(isSplit, 'documents', { wanted: "'file', 'line' or { separator }", got: JSON.stringify(documents) });
  const encoderSize = isEncoder ? encoder.vocabSize : 1;
  const isEnd = endToken === undefined || (Number.isInteger(endToken) && endToken >= 0 && endToken <= encoderSize);
  problems.expect(isEnd, 'endToken', { wanted: `an integer from 0 to ${encoderSize}`, got: endToken });
  const vocabSize = Math.max(encoderSize, (endToken ?? 0) + 1);
  const widths: Readonly<Record<TokenDType, number>> = { uint8: 2 ** 8, uint16: 2 ** 16, uint32: 2 ** 32 };
  const fits = dtype === undefined || vocabSize <= (widths[dtype] ?? 0);
  problems.expect(fits, 'dtype', { wanted: `uint8, uint16 or uint32 that holds ${vocabSize} tokens`, got: dtype });
  problems.throwIfAny('encode to a file');
  return { vocabSize, dtype: dtype ?? (vocabSize <= 2 ** 8 ? 'uint8' : vocabSize <= 2 ** 16 ? 'uint16' : 'uint32') };
}

/** Collects tokens and writes many at a time. */
class TokenWriter {
  numTokens = 0;
  readonly #write: (bytes: Uint8Array) => Promise<void>;
  readonly #vocabSize: number;
  readonly #tokens: Uint8Array | Uint16Array | Uint32Array;
  #count = 0;

  constructor(write: (bytes: Uint8Array) => Promise<void>, dtype: TokenDType, vocabSize: number) {
    this.#write = write;
    this.#vocabSize = vocabSize;
    this.#tokens = new TOKEN_ARRAYS[dtype](BUFFER_TOKENS);
  }

  async add(tokens: ArrayLike<number>): Promise<void> {
    const into = this.#tokens;
    for (let i = 0; i < tokens.length; i++) {
      const token = tokens[i]!;
      if (!(token >= 0 && token < this.#vocabSize && Number.isInteger(token)))
        throw new RangeError(`expected tokens from 0 to ${this.#vocabSize - 1}, got ${token}`);
      if (this.#count === into.length) await this.flush();
      into[this.#count++] = token;
    }
    this.numTokens += tokens.length;
  }

  async flush(): Promise<void> {
    const { buffer, BYTES_PER_ELEMENT } = this.#tokens;
    await this.#write(new Uint8Array(buffer, 0, this.#count * BYTES_PER_ELEMENT));
    this.#count = 0;
  }
}
