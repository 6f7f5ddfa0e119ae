// Windows of tokens as pairs of tensors: what a model reads, and the same one token later.
import { hostBuffer, type Tensor } from '../../tensor/index.ts';

// N windows, T tokens a window.

/** Tokens as they lie in memory. */
export type TokenArray = Uint8Array | Uint16Array | Uint32Array | Int32Array;

/** What a language model learns from: at each place it reads `input` up to there and should say `target` there. */
export interface TokenWindow {
  /** int64 [T]; [N, T] in a batch. */
  readonly input: Tensor;
  /** The tokens behind those of `input`: int64, of the same shape. */
  readonly target: Tensor;
}

/**
 * Copies windows of `blockSize + 1` tokens into two contiguous tensors of `shape`.
 * @param windowAt - where window number i lies.
 */
export function gatherWindows(
  shape: readonly number[],
  windowAt: (i: number) => { readonly tokens: TokenArray; readonly start: number },
): TokenWindow {
  const blockSize = shape.at(-1)!;
  const numWindows = shape.length === 2 ? shape[0]! : 1;
  const input = hostBuffer('int64', shape);
  const target = hostBuffer('int64', shape);
  // As pairs of 32 bits, the lower half first: writing 64-bit integers from JavaScript would make a bigint each.
  const inputWords = new Int32Array(input.data.buffer, input.data.byteOffset, 2 * input.data.length);
  const targetWords = new Int32Array(target.data.buffer, target.data.byteOffset, 2 * target.data.length);
  for (let i = 0; i < numWindows; i++) {
    const { tokens, start } = windowAt(i);
    const at = 2 * i * blockSize;
    if (tokens instanceof Int32Array) widenSigned(tokens, start, { inputWords, targetWords, at, blockSize });
    else widen(tokens, start, { inputWords, targetWords, at, blockSize });
  }
  return { input: input.tensor, target: target.tensor };
}

interface Window {
  readonly inputWords: Int32Array;
  readonly targetWords: Int32Array;
  readonly at: number;
  readonly blockSize: number;
}

function widen(tokens: Exclude<TokenArray, Int32Array>, start: number, into: Window): void {
  const { inputWords, targetWords, at, blockSize } = into;
  let token = tokens[start]!;
  for (let i = 0, word = at, from = start + 1; i < blockSize; i++, word += 2, from++) {
    inputWords[word] = token;
    inputWords[word + 1] = 0;
    token = tokens[from]!;
    targetWords[word] = token;
    targetWords[word + 1] = 0;
  }
}

/** As `widen`; negative numbers, which mark what a loss leaves out, keep their sign. */
function widenSigned(tokens: Int32Array, start: number, into: Window): void {
  const { inputWords, targetWords, at, blockSize } = into;
  let token = tokens[start]!;
  for (let i = 0, word = at, from = start + 1; i < blockSize; i++, word += 2, from++) {
    inputWords[word] = token;
    inputWords[word + 1] = token >> 31;
    token = tokens[from]!;
    targetWords[word] = token;
    targetWords[word + 1] = token >> 31;
  }
}
