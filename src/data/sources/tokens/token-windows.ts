// Tokens as tensors, and windows of them as pairs: what a model reads, and the same one token later.
import { fromBytes, fromShared, type Tensor } from '../../../tensor/index.ts';

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

/** Tokens in a tensor of a dtype that every libtorch has: unsigned ones of 16 and 32 bits as the signed ones with the same bits. */
export interface StoredTokens {
  readonly tensor: Tensor;
  /** Of what is widened to 64 bits, those that count, where the sign was none. */
  readonly mask: number | undefined;
}

const STORED = {
  uint8: { dtype: 'uint8', mask: undefined },
  uint16: { dtype: 'int16', mask: 0xffff },
  uint32: { dtype: 'int32', mask: 0xffffffff },
  int32: { dtype: 'int32', mask: undefined },
} as const;

/** A tensor over an array's memory where that is shared, else of a copy. */
export function storeTokens(tokens: TokenArray, shape: readonly number[] = [tokens.length]): StoredTokens {
  const { dtype, mask } = STORED[dtypeOf(tokens)];
  const isShared = tokens.buffer instanceof SharedArrayBuffer;
  return { tensor: isShared ? fromShared(tokens, shape, dtype) : fromBytes(tokens, shape, dtype), mask };
}

function dtypeOf(tokens: TokenArray): keyof typeof STORED {
  if (tokens instanceof Uint8Array) return 'uint8';
  if (tokens instanceof Uint16Array) return 'uint16';
  if (tokens instanceof Uint32Array) return 'uint32';
  if (tokens instanceof Int32Array) return 'int32';
  const got = (tokens as object | undefined)?.constructor?.name ?? String(tokens);
  throw new TypeError(
    `Cannot take tokens: expected a tensor, a Uint8Array, Uint16Array, Uint32Array or Int32Array, got ${got}; Int32Array.from(tokens) makes one`,
  );
}

/** Rows of T + 1 tokens as windows, in memory of their own. To be called in a scope, for what it makes on the way. Shape: [N, T + 1] -> two of [N, T]; [T + 1] -> two of [T]. */
export function splitWindows(rows: Tensor, mask: number | undefined): TokenWindow {
  const dim = rows.ndim - 1;
  const blockSize = rows.size(dim) - 1;
  const widen = (start: number): Tensor => {
    const part = rows.narrow(dim, start, blockSize);
    const wide = part.dtype === 'int64' ? part.clone() : part.to('int64');
    return mask === undefined ? wide : wide.bitwiseAnd_(mask);
  };
  return { input: widen(0), target: widen(1) };
}
