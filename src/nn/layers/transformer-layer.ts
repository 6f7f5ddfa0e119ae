// One layer of a transformer's encoder, and one of its decoder.

import { readOptions } from '../../tensor/arguments.ts';
import { gelu } from '../../tensor/nn-ops.generated.ts';
import { relu } from '../../tensor/ops.generated.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { type FactoryOptions, factoryOf } from '../factory.ts';
import { checkOptions, type OptionNames } from '../layer-options.ts';
import { Module, type UnaryModule } from '../module.ts';
import { Dropout } from './dropout.ts';
import { LayerNorm } from './layer-norm.ts';
import { Linear } from './linear.ts';
import { type AttendOptions, MultiheadAttention } from './multihead-attention.ts';

// T target length, S source length, N batch, E embedding.

export type TransformerActivation = 'relu' | 'gelu' | ((input: Tensor) => Tensor) | UnaryModule;

export interface TransformerLayerOptions extends FactoryOptions {
  /** Width of the inner layer. Default 2048. */
  dimFeedforward?: number;
  /** Default 0.1. */
  dropout?: number;
  /** Between the two linear maps: a name, a function or a module. Default 'relu'. */
  activation?: TransformerActivation;
  /** Default 1e-5. */
  layerNormEps?: number;
  /** Sequences are [N, T, E] instead of [T, N, E]. Default false. */
  batchFirst?: boolean;
  /** Normalise before attention and feed-forward, not after. Default false. */
  normFirst?: boolean;
  /** Default true. */
  bias?: boolean;
}

/** @internal */
export const LAYER_OPTIONS = {
  dimFeedforward: true,
  dropout: true,
  activation: true,
  layerNormEps: true,
  batchFirst: true,
  normFirst: true,
  bias: true,
  dtype: true,
  device: true,
} satisfies OptionNames<TransformerLayerOptions>;

/** A function of one tensor, and the module behind it where it is one: modules are found among properties. */
function activationOf(layer: string, given: TransformerActivation): ((input: Tensor) => Tensor) | UnaryModule {
  if (given === 'relu') return relu;
  if (given === 'gelu') return (input) => gelu(input);
  if (typeof given === 'function' || given instanceof Module) return given;
  throw new RangeError(
    `Cannot make ${layer}: expected activation "relu", "gelu", a function or a module, got ${JSON.stringify(given)}`,
  );
}

/** What both layers share: how to attend, and the feed-forward part.
 *  Rule of one part: x <- norm(x + part(x)), or x <- x + part(norm(x)) where the norm is first. */
abstract class TransformerLayer extends Module {
  abstract readonly linear1: Linear;
  abstract readonly dropout: Dropout;
  abstract readonly linear2: Linear;
  abstract readonly activation: ((input: Tensor) => Tensor) | UnaryModule;
  readonly normFirst: boolean;
  protected readonly dModel: number;
  protected readonly nhead: number;
  protected readonly options: Readonly<TransformerLayerOptions>;

  constructor(dModel: number, nhead: number, options: TransformerLayerOptions) {
    super();
    checkOptions(this, LAYER_OPTIONS, options);
    this.dModel = dModel;
    this.nhead = nhead;
    this.options = options;
    this.normFirst = options.normFirst ?? false;
  }

  protected get factory(): { bias: boolean } & FactoryOptions {
    return { bias: this.options.bias ?? true, ...factoryOf(this.options) };
  }

  protected makeNorm(): LayerNorm {
    return new LayerNorm(this.dModel, { eps: this.options.layerNormEps ?? 1e-5, ...this.factory });
  }

  protected makeAttention(): MultiheadAttention {
    const { dropout = 0.1, batchFirst = false } = this.options;
    return new MultiheadAttention(this.dModel, this.nhead, { dropout, batchFirst, ...this.factory });
  }

  protected feedForward(x: Tensor): Tensor {
    const { activation } = this;
    const inner = this.linear1.forward(x);
    const active = activation instanceof Module ? activation.forward(inner) : activation(inner);
    return this.linear2.forward(this.dropout.forward(active));
  }

  /** One part with its norm and dropout around it. */
  protected around(x: Tensor, norm: LayerNorm, dropout: Dropout, part: (x: Tensor) => Tensor): Tensor {
    if (this.normFirst) return x.add(dropout.forward(part(norm.forward(x))));
    return norm.forward(x.add(dropout.forward(part(x))));
  }
}

const attendOptions = (mask?: Tensor, padding?: Tensor, isCausal = false): AttendOptions => ({
  needWeights: false,
  isCausal,
  ...(mask ? { attnMask: mask } : {}),
  ...(padding ? { keyPaddingMask: padding } : {}),
});

export interface EncoderMasks {
  /** Places that are not attended to. Shape: [T, T], or [N H, T, T]. */
  srcMask?: Tensor;
  /** Positions that are not attended to. Shape: [N, T], or [T] without a batch. */
  srcKeyPaddingMask?: Tensor;
  /** Says that `srcMask` is the causal one. Default false. */
  isCausal?: boolean;
}

/** Self-attention and a feed-forward part, each with a residual connection and a norm. Shape: [T, N, E], unchanged, with or without N.
 *  Source: Vaswani et al. 2017, arXiv:1706.03762; torch.nn.TransformerEncoderLayer. */
export class TransformerEncoderLayer extends TransformerLayer {
  readonly self_attn: MultiheadAttention;
  override readonly linear1: Linear;
  override readonly dropout: Dropout;
  override readonly linear2: Linear;
  readonly norm1: LayerNorm;
  readonly norm2: LayerNorm;
  readonly dropout1: Dropout;
  readonly dropout2: Dropout;
  override readonly activation: ((input: Tensor) => Tensor) | UnaryModule;

  constructor(dModel: number, nhead: number, options: TransformerLayerOptions = {}) {
    super(dModel, nhead, options);
    const { dimFeedforward = 2048, dropout = 0.1, activation = 'relu' } = options;
    this.self_attn = this.makeAttention();
    this.linear1 = new Linear(dModel, dimFeedforward, this.factory);
    this.dropout = new Dropout(dropout);
    this.linear2 = new Linear(dimFeedforward, dModel, this.factory);
    this.norm1 = this.makeNorm();
    this.norm2 = this.makeNorm();
    this.dropout1 = new Dropout(dropout);
    this.dropout2 = new Dropout(dropout);
    this.activation = activationOf('TransformerEncoderLayer', activation);
  }

  forward(src: Tensor, options: EncoderMasks = {}): Tensor {
    readOptions('TransformerEncoderLayer.forward', ['srcMask', 'srcKeyPaddingMask', 'isCausal'], options);
    const masks = attendOptions(options.srcMask, options.srcKeyPaddingMask, options.isCausal);
    const x = this.around(src, this.norm1, this.dropout1, (y) => this.self_attn.forward(y, y, y, masks)[0]);
    return this.around(x, this.norm2, this.dropout2, (y) => this.feedForward(y));
  }
}

export interface DecoderMasks {
  /** Shape: [T, T], or [N H, T, T]. */
  tgtMask?: Tensor;
  /** Shape: [T, S], or [N H, T, S]. */
  memoryMask?: Tensor;
  /** Shape: [N, T], or [T] without a batch. */
  tgtKeyPaddingMask?: Tensor;
  /** Shape: [N, S], or [S] without a batch. */
  memoryKeyPaddingMask?: Tensor;
  /** Says that `tgtMask` is the causal one. Default false. */
  tgtIsCausal?: boolean;
  /** Says that `memoryMask` is the causal one. Default false. */
  memoryIsCausal?: boolean;
}

/** @internal */
export const DECODER_MASKS: readonly string[] = Object.keys({
  tgtMask: true,
  memoryMask: true,
  tgtKeyPaddingMask: true,
  memoryKeyPaddingMask: true,
  tgtIsCausal: true,
  memoryIsCausal: true,
} satisfies OptionNames<DecoderMasks>);

/** Self-attention, attention to the encoder's output, and a feed-forward part, each with a residual connection and a norm.
 *  Shape: tgt [T, N, E], memory [S, N, E] -> [T, N, E], with or without N.
 *  Source: Vaswani et al. 2017, arXiv:1706.03762; torch.nn.TransformerDecoderLayer. */
export class TransformerDecoderLayer extends TransformerLayer {
  readonly self_attn: MultiheadAttention;
  readonly multihead_attn: MultiheadAttention;
  override readonly linear1: Linear;
  override readonly dropout: Dropout;
  override readonly linear2: Linear;
  readonly norm1: LayerNorm;
  readonly norm2: LayerNorm;
  readonly norm3: LayerNorm;
  readonly dropout1: Dropout;
  readonly dropout2: Dropout;
  readonly dropout3: Dropout;
  override readonly activation: ((input: Tensor) => Tensor) | UnaryModule;

  constructor(dModel: number, nhead: number, options: TransformerLayerOptions = {}) {
    super(dModel, nhead, options);
    const { dimFeedforward = 2048, dropout = 0.1, activation = 'relu' } = options;
    this.self_attn = this.makeAttention();
    this.multihead_attn = this.makeAttention();
    this.linear1 = new Linear(dModel, dimFeedforward, this.factory);
    this.dropout = new Dropout(dropout);
    this.linear2 = new Linear(dimFeedforward, dModel, this.factory);
    this.norm1 = this.makeNorm();
    this.norm2 = this.makeNorm();
    this.norm3 = this.makeNorm();
    this.dropout1 = new Dropout(dropout);
    this.dropout2 = new Dropout(dropout);
    this.dropout3 = new Dropout(dropout);
    this.activation = activationOf('TransformerDecoderLayer', activation);
  }

  forward(tgt: Tensor, memory: Tensor, options: DecoderMasks = {}): Tensor {
    readOptions('TransformerDecoderLayer.forward', DECODER_MASKS, options);
    const own = attendOptions(options.tgtMask, options.tgtKeyPaddingMask, options.tgtIsCausal);
    const across = attendOptions(options.memoryMask, options.memoryKeyPaddingMask, options.memoryIsCausal);
    let x = this.around(tgt, this.norm1, this.dropout1, (y) => this.self_attn.forward(y, y, y, own)[0]);
    x = this.around(x, this.norm2, this.dropout2, (y) => this.multihead_attn.forward(y, memory, memory, across)[0]);
    return this.around(x, this.norm3, this.dropout3, (y) => this.feedForward(y));
  }
}
