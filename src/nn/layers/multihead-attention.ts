// Attention of several heads.

import { ShapeError } from '../../errors.ts';
import { readOptions } from '../../tensor/arguments.ts';
import { empty } from '../../tensor/create.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { type FactoryOptions, factoryOf } from '../factory.ts';
import { multiHeadAttention } from '../functional/multi-head-attention.ts';
import { constant_, xavierNormal_, xavierUniform_ } from '../init.ts';
import { checkOptions, type OptionNames } from '../layer-options.ts';
import { Module } from '../module.ts';
import { Parameter } from '../parameter.ts';
import { Linear } from './linear.ts';

export interface MultiheadAttentionOptions extends FactoryOptions {
  /** Probability of a zero among the weights of attention, in training. Default 0. */
  dropout?: number;
  /** Default true. */
  bias?: boolean;
  /** Add a learnt key and value to every sequence. Default false. */
  addBiasKv?: boolean;
  /** Add a key and value of zeros to every sequence. Default false. */
  addZeroAttn?: boolean;
  /** Features of the keys. Default: `embedDim`. */
  kdim?: number;
  /** Features of the values. Default: `embedDim`. */
  vdim?: number;
  /** Sequences are [N, T, E] instead of [T, N, E]. Default false. */
  batchFirst?: boolean;
}

export interface AttendOptions {
  /** Keys that are not attended to: true, or numbers that are added. Shape: [N, S], or [S] without a batch. */
  keyPaddingMask?: Tensor;
  /** Places that are not attended to: true, or numbers that are added. Shape: [T, S], or [N H, T, S]. */
  attnMask?: Tensor;
  /** Give the weights too; without them the fast kernel is used. Default true. */
  needWeights?: boolean;
  /** The mean of the weights over the heads. Default true. */
  averageAttnWeights?: boolean;
  /** Says that `attnMask` is the causal one, so that the kernel need not read it. Default false. */
  isCausal?: boolean;
}

const OPTIONS = {
  dropout: true,
  bias: true,
  addBiasKv: true,
  addZeroAttn: true,
  kdim: true,
  vdim: true,
  batchFirst: true,
  dtype: true,
  device: true,
} satisfies OptionNames<MultiheadAttentionOptions>;

/** What a call may be told. */
const CALL: readonly string[] = Object.keys({
  keyPaddingMask: true,
  attnMask: true,
  needWeights: true,
  averageAttnWeights: true,
  isCausal: true,
} satisfies OptionNames<AttendOptions>);

/** PyTorch prints the output projection under this name. */
class NonDynamicallyQuantizableLinear extends Linear {}

/** softmax(q k^T / sqrt(E / H) + mask) v by heads, between projections of queries, keys and values and one of the result.
 *  Shape: query [T, N, E], key [S, N, kdim], value [S, N, vdim] -> [T, N, E]; all with or without N.
 *  Projections start as Xavier's uniform, biases at 0. Everywhere the composition of training is used: PyTorch's own kernel for evaluation rounds otherwise.
 *  Source: Vaswani et al. 2017, arXiv:1706.03762; torch.nn.MultiheadAttention. */
export class MultiheadAttention extends Module {
  readonly embedDim: number;
  readonly numHeads: number;
  readonly kdim: number;
  readonly vdim: number;
  readonly dropout: number;
  readonly batchFirst: boolean;
  readonly addZeroAttn: boolean;
  readonly q_proj_weight: Parameter | undefined;
  readonly k_proj_weight: Parameter | undefined;
  readonly v_proj_weight: Parameter | undefined;
  readonly in_proj_weight: Parameter | undefined;
  readonly in_proj_bias: Parameter | undefined;
  readonly out_proj: Linear;
  readonly bias_k: Parameter | undefined;
  readonly bias_v: Parameter | undefined;

  /** @throws {RangeError} unless the heads divide the embedding, and dropout is a probability. */
  constructor(embedDim: number, numHeads: number, options: MultiheadAttentionOptions = {}) {
    super();
    checkOptions(this, OPTIONS, options);
    const { dropout = 0, bias = true, addBiasKv = false, addZeroAttn = false, batchFirst = false } = options;
    if (!(embedDim > 0 && numHeads > 0 && embedDim % numHeads === 0))
      throw new RangeError(
        `Cannot make MultiheadAttention: expected heads that divide the embedding, got ${numHeads} and ${embedDim}`,
      );
    if (!(dropout >= 0 && dropout <= 1))
      throw new RangeError(`Cannot make MultiheadAttention: expected dropout from 0 to 1, got ${dropout}`);
    this.embedDim = embedDim;
    this.numHeads = numHeads;
    this.kdim = options.kdim ?? embedDim;
    this.vdim = options.vdim ?? embedDim;
    this.dropout = dropout;
    this.batchFirst = batchFirst;
    this.addZeroAttn = addZeroAttn;
    const make = (...shape: number[]): Parameter => new Parameter(empty(shape, factoryOf(options)));
    if (this.kdim === embedDim && this.vdim === embedDim) this.in_proj_weight = make(3 * embedDim, embedDim);
    else {
      this.q_proj_weight = make(embedDim, embedDim);
      this.k_proj_weight = make(embedDim, this.kdim);
      this.v_proj_weight = make(embedDim, this.vdim);
    }
    this.in_proj_bias = bias ? make(3 * embedDim) : undefined;
    this.out_proj = new NonDynamicallyQuantizableLinear(embedDim, embedDim, { bias, ...factoryOf(options) });
    this.bias_k = addBiasKv ? make(1, 1, embedDim) : undefined;
    this.bias_v = addBiasKv ? make(1, 1, embedDim) : undefined;
    this.resetParameters();
  }

  /** All but the weight of the output's projection, as in PyTorch. */
  resetParameters(): void {
    for (const weight of [this.in_proj_weight, this.q_proj_weight, this.k_proj_weight, this.v_proj_weight])
      if (weight) xavierUniform_(weight);
    if (this.in_proj_bias) {
      constant_(this.in_proj_bias, 0);
      constant_(this.out_proj.bias!, 0);
    }
    if (this.bias_k) xavierNormal_(this.bias_k);
    if (this.bias_v) xavierNormal_(this.bias_v);
  }

  private check(query: Tensor, key: Tensor, value: Tensor): void {
    const wanted = [this.embedDim, this.kdim, this.vdim];
    const dims = query.ndim === 3 ? 3 : 2;
    if ([query, key, value].every((x, i) => x.ndim === dims && x.size(-1) === wanted[i])) return;
    const got = [query, key, value].map((x) => `[${x.shape.join(', ')}]`).join(', ');
    throw new ShapeError(
      `Cannot apply MultiheadAttention: expected query, key and value of 2 or 3 dimensions, the last ${wanted.join(', ')}, got ${got}`,
    );
  }

  /** @returns the output, and the weights unless `needWeights` is false: [N, T, S], or [N, H, T, S] where they are not averaged.
   *  @throws {ShapeError} for shapes that do not fit.  @throws {TypeError} for `isCausal` without a mask. */
  forward(
    query: Tensor,
    key: Tensor,
    value: Tensor,
    options: AttendOptions = {},
  ): [output: Tensor, weights: Tensor | undefined] {
    readOptions('MultiheadAttention.forward', CALL, options);
    this.check(query, key, value);
    const swaps = this.batchFirst && query.ndim === 3;
    // What is one tensor stays one: the projections of self-attention are one product.
    const q = swaps ? query.transpose(1, 0) : query;
    const k = key === query ? q : swaps ? key.transpose(1, 0) : key;
    const v = value === key ? k : swaps ? value.transpose(1, 0) : value;
    const separate = this.in_proj_weight
      ? undefined
      : ([this.q_proj_weight!, this.k_proj_weight!, this.v_proj_weight!] as const);
    const weights = {
      inProjWeight: this.in_proj_weight,
      separate,
      inProjBias: this.in_proj_bias,
      biasK: this.bias_k,
      biasV: this.bias_v,
      outProjWeight: this.out_proj.weight,
      outProjBias: this.out_proj.bias,
    };
    const [output, shares] = multiHeadAttention(q, k, v, weights, {
      numHeads: this.numHeads,
      dropout: this.dropout,
      training: this.training,
      addZeroAttn: this.addZeroAttn,
      keyPaddingMask: options.keyPaddingMask,
      attnMask: options.attnMask,
      needWeights: options.needWeights ?? true,
      averageAttnWeights: options.averageAttnWeights ?? true,
      isCausal: options.isCausal ?? false,
    });
    return [swaps ? output.transpose(1, 0) : output, shares];
  }
}
