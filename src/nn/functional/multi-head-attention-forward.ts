// Attention of several heads as PyTorch's function has it: every weight is an argument.

import { readOptions } from '../../tensor/arguments.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { multiHeadAttention } from './multi-head-attention.ts';

// T target length, S source length, N batch, E embedding, H heads.

export interface AttentionForwardOptions {
  /** H, which divides E. */
  numHeads: number;
  /** The projections of query, key and value in one. Shape: [3 E, E]. This or all three of the following. */
  inProjWeight?: Tensor | undefined;
  /** Shape: [E, E]. */
  qProjWeight?: Tensor | undefined;
  /** Shape: [E, features of the key]. */
  kProjWeight?: Tensor | undefined;
  /** Shape: [E, features of the value]. */
  vProjWeight?: Tensor | undefined;
  /** Shape: [3 E]. */
  inProjBias?: Tensor | undefined;
  /** A key that every sequence gets. Shape: [1, 1, E]. With `biasV`. */
  biasK?: Tensor | undefined;
  /** Its value. Shape: [1, 1, E]. */
  biasV?: Tensor | undefined;
  /** Shape: [E, E]. */
  outProjWeight: Tensor;
  /** Shape: [E]. */
  outProjBias?: Tensor | undefined;
  /** Add a key and value of zeros to every sequence. Default false. */
  addZeroAttn?: boolean | undefined;
  /** Probability of a zero among the weights of attention, in training. Default 0. */
  dropoutP?: number | undefined;
  /** Default true. */
  training?: boolean | undefined;
  /** Keys that are not attended to: true, or numbers that are added. Shape: [N, S], or [S] without a batch. */
  keyPaddingMask?: Tensor | undefined;
  /** Places that are not attended to: true, or numbers that are added. Shape: [T, S], or [N H, T, S]. */
  attnMask?: Tensor | undefined;
  /** Give the weights too. Default true. */
  needWeights?: boolean | undefined;
  /** The mean of the weights over the heads. Default true. */
  averageAttnWeights?: boolean | undefined;
  /** Says that `attnMask` is the causal one. Default false. */
  isCausal?: boolean | undefined;
  /** Keys after their projection, instead of `key`. Shape: [N H, S, E / H]. */
  staticK?: Tensor | undefined;
  /** Values after their projection, instead of `value`. Shape: [N H, S, E / H]. */
  staticV?: Tensor | undefined;
}

const NAMES: readonly string[] = Object.keys({
  numHeads: true,
  inProjWeight: true,
  qProjWeight: true,
  kProjWeight: true,
  vProjWeight: true,
  inProjBias: true,
  biasK: true,
  biasV: true,
  outProjWeight: true,
  outProjBias: true,
  addZeroAttn: true,
  dropoutP: true,
  training: true,
  keyPaddingMask: true,
  attnMask: true,
  needWeights: true,
  averageAttnWeights: true,
  isCausal: true,
  staticK: true,
  staticV: true,
} satisfies Record<keyof AttentionForwardOptions, true>);

/** softmax(q k^T / sqrt(E / H) + mask) v by heads, between projections. Shape: query [T, N, E], key and value [S, N, ...], with or without N ->
 *  [T, N, E], and the weights where they are asked for: [N, T, S], or [N, H, T, S] not averaged.
 *  @throws {TypeError} for neither `inProjWeight` nor all three others, and for one of `biasK` and `biasV` alone.
 *  @throws {RangeError} for heads that do not divide the embedding.  Source: torch.nn.functional.multi_head_attention_forward. */
export function multiHeadAttentionForward(
  query: Tensor,
  key: Tensor,
  value: Tensor,
  options: AttentionForwardOptions,
): [output: Tensor, weights: Tensor | undefined] {
  readOptions('multiHeadAttentionForward', NAMES, options);
  const { numHeads, inProjWeight, qProjWeight, kProjWeight, vProjWeight, biasK, biasV } = options;
  const refuse = (expected: string, got: string): never => {
    throw new TypeError(`Cannot attend: expected ${expected}, got ${got}`);
  };
  const separate =
    qProjWeight && kProjWeight && vProjWeight ? ([qProjWeight, kProjWeight, vProjWeight] as const) : undefined;
  if (!separate && !inProjWeight) refuse('inProjWeight, or qProjWeight, kProjWeight and vProjWeight', 'neither');
  if (inProjWeight && (qProjWeight || kProjWeight || vProjWeight))
    refuse('inProjWeight, or qProjWeight, kProjWeight and vProjWeight', 'both');
  if ((biasK === undefined) !== (biasV === undefined)) refuse('biasK and biasV together', 'one of them');
  if ((options.staticK || options.staticV) && biasK) refuse('no biasK and biasV beside staticK and staticV', 'them');
  if (!(Number.isInteger(numHeads) && numHeads > 0 && query.size(-1) % numHeads === 0))
    throw new RangeError(
      `Cannot attend: expected heads that divide the embedding, got ${numHeads} and ${query.size(-1)}`,
    );
  const { inProjBias, outProjWeight, outProjBias } = options;
  return multiHeadAttention(
    query,
    key,
    value,
    { inProjWeight, separate, inProjBias, biasK, biasV, outProjWeight, outProjBias },
    {
      numHeads,
      dropout: options.dropoutP ?? 0,
      training: options.training ?? true,
      addZeroAttn: options.addZeroAttn ?? false,
      keyPaddingMask: options.keyPaddingMask,
      attnMask: options.attnMask,
      needWeights: options.needWeights ?? true,
      averageAttnWeights: options.averageAttnWeights ?? true,
      isCausal: options.isCausal ?? false,
      staticK: options.staticK,
      staticV: options.staticV,
    },
  );
}
