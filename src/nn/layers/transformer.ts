// The transformer: stacks of layers, and encoder and decoder together.

import { ShapeError } from '../../errors.ts';
import { readOptions } from '../../tensor/arguments.ts';
import { full } from '../../tensor/create.ts';
import type { Device } from '../../tensor/device.ts';
import type { DType } from '../../tensor/dtype.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { factoryOf } from '../factory.ts';
import { additiveMask } from '../functional/multi-head-attention.ts';
import { xavierUniform_ } from '../init.ts';
import { checkOptions, type OptionNames } from '../layer-options.ts';
import { Module, type UnaryModule } from '../module.ts';
import { ModuleList } from './container.ts';
import { LayerNorm } from './layer-norm.ts';
import {
  DECODER_MASKS,
  type DecoderMasks,
  type EncoderMasks,
  LAYER_OPTIONS,
  TransformerDecoderLayer,
  TransformerEncoderLayer,
  type TransformerLayerOptions,
} from './transformer-layer.ts';

// T target length, S source length, N batch, E embedding.

/** Minus infinity above the diagonal, zeros elsewhere: nobody sees what comes after. Shape: -> [size, size].
 *  @param options.dtype - default 'float32'. */
export function generateSquareSubsequentMask(size: number, options: { dtype?: DType; device?: Device } = {}): Tensor {
  return full([size, size], Number.NEGATIVE_INFINITY, { dtype: 'float32', ...factoryOf(options) }).triu({
    diagonal: 1,
  });
}

/** Whether a mask is the causal one, where nobody said. */
function isCausalMask(mask: Tensor | undefined, given: boolean | undefined, length: number): boolean {
  if (given !== undefined || !mask) return given ?? false;
  if (mask.ndim !== 2 || mask.size(0) !== length || mask.size(1) !== length) return false;
  return mask.equal(generateSquareSubsequentMask(length, { dtype: mask.dtype, device: mask.device }));
}

const lengthOf = (x: Tensor, batchFirst: boolean): number => (x.ndim === 2 ? x.size(0) : x.size(batchFirst ? 1 : 0));

/** A layer that a stack can copy. `TransformerEncoderLayer` is one. */
export interface EncoderLayer extends Module {
  forward(src: Tensor, options: EncoderMasks): Tensor;
}

/** A layer that a stack can copy. `TransformerDecoderLayer` is one. */
export interface DecoderLayer extends Module {
  forward(tgt: Tensor, memory: Tensor, options: DecoderMasks): Tensor;
}

export interface StackOptions {
  /** After the last layer. */
  norm?: UnaryModule;
  /** Sequences are [N, T, E]; where to look for their length. Default false, or what the layer says of itself. */
  batchFirst?: boolean;
}

function copies<L extends Module>(stack: string, layer: L, count: number): ModuleList<L> {
  if (!(Number.isInteger(count) && count > 0))
    throw new RangeError(`Cannot make ${stack}: expected numLayers of at least 1, got ${count}`);
  return new ModuleList(Array.from({ length: count }, () => layer.deepCopy()));
}

function isBatchFirst(layer: Module, options: StackOptions): boolean {
  const isKnown = layer instanceof TransformerEncoderLayer || layer instanceof TransformerDecoderLayer;
  return options.batchFirst ?? (isKnown && layer.self_attn.batchFirst);
}

const STACK = { norm: true, batchFirst: true } satisfies OptionNames<StackOptions>;

export interface EncoderOptions extends Omit<EncoderMasks, 'srcMask' | 'isCausal'> {
  /** Places that are not attended to. Shape: [T, T], or [N H, T, T]. */
  mask?: Tensor;
  /** Whether `mask` is the causal one. Default: found out, which waits for the device. */
  isCausal?: boolean;
}

/** Copies of one layer on top of each other. Shape: [T, N, E], unchanged, with or without N.
 *  PyTorch's path for evaluation that leaves padded positions out of the products is not taken: their outputs are not zeros here.
 *  Source: torch.nn.TransformerEncoder. */
export class TransformerEncoder extends Module {
  readonly layers: ModuleList<EncoderLayer>;
  readonly numLayers: number;
  readonly norm: UnaryModule | undefined;
  private readonly batchFirst: boolean;

  constructor(encoderLayer: EncoderLayer, numLayers: number, options: StackOptions = {}) {
    super();
    checkOptions(this, STACK, options);
    this.layers = copies('TransformerEncoder', encoderLayer, numLayers);
    this.numLayers = numLayers;
    this.norm = options.norm;
    this.batchFirst = isBatchFirst(encoderLayer, options);
  }

  forward(src: Tensor, options: EncoderOptions = {}): Tensor {
    readOptions('TransformerEncoder.forward', ['mask', 'srcKeyPaddingMask', 'isCausal'], options);
    const mask = additiveMask(options.mask, 'mask', src.dtype);
    const padding = additiveMask(options.srcKeyPaddingMask, 'srcKeyPaddingMask', src.dtype);
    const masks: EncoderMasks = {
      isCausal: isCausalMask(mask, options.isCausal, lengthOf(src, this.batchFirst)),
      ...(mask ? { srcMask: mask } : {}),
      ...(padding ? { srcKeyPaddingMask: padding } : {}),
    };
    let output = src;
    for (const layer of this.layers) output = layer.forward(output, masks);
    return this.norm ? this.norm.forward(output) : output;
  }
}

/** Copies of one layer on top of each other. Shape: tgt [T, N, E], memory [S, N, E] -> [T, N, E], with or without N.
 *  Source: torch.nn.TransformerDecoder. */
export class TransformerDecoder extends Module {
  readonly layers: ModuleList<DecoderLayer>;
  readonly numLayers: number;
  readonly norm: UnaryModule | undefined;
  private readonly batchFirst: boolean;

  constructor(decoderLayer: DecoderLayer, numLayers: number, options: StackOptions = {}) {
    super();
    checkOptions(this, STACK, options);
    this.layers = copies('TransformerDecoder', decoderLayer, numLayers);
    this.numLayers = numLayers;
    this.norm = options.norm;
    this.batchFirst = isBatchFirst(decoderLayer, options);
  }

  /** @param options.tgtIsCausal - default: found out, which waits for the device. */
  forward(tgt: Tensor, memory: Tensor, options: DecoderMasks = {}): Tensor {
    readOptions('TransformerDecoder.forward', DECODER_MASKS, options);
    const tgtIsCausal = isCausalMask(options.tgtMask, options.tgtIsCausal, lengthOf(tgt, this.batchFirst));
    let output = tgt;
    for (const layer of this.layers) output = layer.forward(output, memory, { ...options, tgtIsCausal });
    return this.norm ? this.norm.forward(output) : output;
  }
}

export interface TransformerOptions extends TransformerLayerOptions {
  /** Default 512. */
  dModel?: number;
  /** Default 8. */
  nhead?: number;
  /** Default 6. */
  numEncoderLayers?: number;
  /** Default 6. */
  numDecoderLayers?: number;
  /** Instead of the usual encoder. */
  customEncoder?: Module & { forward(src: Tensor, options: EncoderOptions): Tensor };
  /** Instead of the usual decoder. */
  customDecoder?: Module & { forward(tgt: Tensor, memory: Tensor, options: DecoderMasks): Tensor };
}

const OPTIONS = {
  dModel: true,
  nhead: true,
  numEncoderLayers: true,
  numDecoderLayers: true,
  customEncoder: true,
  customDecoder: true,
  ...LAYER_OPTIONS,
} satisfies OptionNames<TransformerOptions>;

export interface TransformerMasks extends DecoderMasks {
  /** Shape: [S, S], or [N H, S, S]. */
  srcMask?: Tensor;
  /** Shape: [N, S], or [S] without a batch. */
  srcKeyPaddingMask?: Tensor;
  /** Whether `srcMask` is the causal one. Default: found out. */
  srcIsCausal?: boolean;
}

/** Encoder and decoder. Shape: src [S, N, E], tgt [T, N, E] -> [T, N, E], with or without N. Matrices start as Xavier's uniform.
 *  Source: Vaswani et al. 2017, arXiv:1706.03762; torch.nn.Transformer. */
export class Transformer extends Module {
  static readonly generateSquareSubsequentMask = generateSquareSubsequentMask;

  readonly encoder: Module & { forward(src: Tensor, options: EncoderOptions): Tensor };
  readonly decoder: Module & { forward(tgt: Tensor, memory: Tensor, options: DecoderMasks): Tensor };
  readonly dModel: number;
  readonly nhead: number;
  readonly batchFirst: boolean;

  constructor(options: TransformerOptions = {}) {
    super();
    checkOptions(this, OPTIONS, options);
    const { dModel = 512, nhead = 8, numEncoderLayers = 6, numDecoderLayers = 6 } = options;
    const { customEncoder, customDecoder, ...rest } = options;
    const { dModel: _dModel, nhead: _nhead, numEncoderLayers: _encoders, numDecoderLayers: _decoders, ...layer } = rest;
    const norm = { eps: layer.layerNormEps ?? 1e-5, bias: layer.bias ?? true, ...factoryOf(layer) };
    this.encoder =
      customEncoder ??
      new TransformerEncoder(new TransformerEncoderLayer(dModel, nhead, layer), numEncoderLayers, {
        norm: new LayerNorm(dModel, norm),
      });
    this.decoder =
      customDecoder ??
      new TransformerDecoder(new TransformerDecoderLayer(dModel, nhead, layer), numDecoderLayers, {
        norm: new LayerNorm(dModel, norm),
      });
    this.resetParameters();
    this.dModel = dModel;
    this.nhead = nhead;
    this.batchFirst = layer.batchFirst ?? false;
  }

  resetParameters(): void {
    for (const parameter of this.parameters()) if (parameter.ndim > 1) xavierUniform_(parameter);
  }

  /** @throws {ShapeError} for batches or features that do not fit. */
  forward(src: Tensor, tgt: Tensor, options: TransformerMasks = {}): Tensor {
    readOptions('Transformer.forward', [...DECODER_MASKS, 'srcMask', 'srcKeyPaddingMask', 'srcIsCausal'], options);
    const batchDim = this.batchFirst ? 0 : 1;
    const haveOneBatch = src.ndim !== 3 || src.size(batchDim) === tgt.size(batchDim);
    if (src.ndim !== tgt.ndim || !haveOneBatch || src.size(-1) !== this.dModel || tgt.size(-1) !== this.dModel)
      throw new ShapeError(
        `Cannot apply Transformer: expected src and tgt of one batch and ${this.dModel} features, got [${src.shape.join(', ')}] and [${tgt.shape.join(', ')}]`,
      );
    const { srcMask, srcKeyPaddingMask, srcIsCausal, ...masks } = options;
    const memory = this.encoder.forward(src, {
      ...(srcMask ? { mask: srcMask } : {}),
      ...(srcKeyPaddingMask ? { srcKeyPaddingMask } : {}),
      ...(srcIsCausal === undefined ? {} : { isCausal: srcIsCausal }),
    });
    return this.decoder.forward(tgt, memory, masks);
  }
}
