// Vision transformer as in torchvision: the same state keys, the same weights from the same seed.

import { ShapeError } from '../errors.ts';
import { normal_, truncNormal_, xavierUniform_, zeros_ } from '../nn/init.ts';
import { GELU, Tanh } from '../nn/layers/activation.ts';
import { Sequential } from '../nn/layers/container.ts';
import { Conv2d } from '../nn/layers/conv.ts';
import { Dropout } from '../nn/layers/dropout.ts';
import { LayerNorm } from '../nn/layers/layer-norm.ts';
import { Linear } from '../nn/layers/linear.ts';
import { MultiheadAttention } from '../nn/layers/multihead-attention.ts';
import { Module, type UnaryModule } from '../nn/module.ts';
import { Parameter } from '../nn/parameter.ts';
import { readOptions } from '../tensor/arguments.ts';
import { empty, zeros } from '../tensor/create.ts';
import { cat } from '../tensor/ops.generated.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { checkCounts } from './counts.ts';

// N batch, T tokens (patches and the class token), E hidden width, K classes.

/** The encoder's layers, in options' names. */
interface EncoderSizes {
  readonly numLayers: number;
  readonly numHeads: number;
  readonly hiddenDim: number;
  readonly mlpDim: number;
  readonly dropout: number;
  readonly attentionDropout: number;
}

const norm = (width: number): LayerNorm => new LayerNorm(width, { eps: 1e-6 });

/** Shape: [N, T, E], unchanged. Source: torchvision.models.vision_transformer.MLPBlock. */
class MLPBlock extends Sequential {
  constructor(width: number, hidden: number, dropout: number) {
    const [up, down] = [new Linear(width, hidden), new Linear(hidden, width)];
    super(up, new GELU(), new Dropout(dropout), down, new Dropout(dropout));
    for (const layer of [up, down]) {
      xavierUniform_(layer.weight);
      if (layer.bias) normal_(layer.bias, 0, 1e-6);
    }
  }
}

/** Attention and a perceptron, each behind a norm and beside a skip. Shape: [N, T, E], unchanged. */
class EncoderBlock extends Module {
  readonly ln_1: LayerNorm;
  readonly self_attention: MultiheadAttention;
  readonly dropout: Dropout;
  readonly ln_2: LayerNorm;
  readonly mlp: MLPBlock;

  constructor({ numHeads, hiddenDim, mlpDim, dropout, attentionDropout }: EncoderSizes) {
    super();
    this.ln_1 = norm(hiddenDim);
    this.self_attention = new MultiheadAttention(hiddenDim, numHeads, { dropout: attentionDropout, batchFirst: true });
    this.dropout = new Dropout(dropout);
    this.ln_2 = norm(hiddenDim);
    this.mlp = new MLPBlock(hiddenDim, mlpDim, dropout);
  }

  forward(input: Tensor): Tensor {
    const normed = this.ln_1.forward(input);
    const [attended] = this.self_attention.forward(normed, normed, normed, { needWeights: false });
    const middle = this.dropout.forward(attended).add(input);
    return middle.add(this.mlp.forward(this.ln_2.forward(middle)));
  }
}

/** Shape: [N, T, E], unchanged. */
class Encoder extends Module {
  readonly pos_embedding: Parameter;
  readonly dropout: Dropout;
  readonly layers: Sequential;
  readonly ln: LayerNorm;

  constructor(numTokens: number, sizes: EncoderSizes) {
    super();
    this.pos_embedding = new Parameter(empty([1, numTokens, sizes.hiddenDim]).normal_({ std: 0.02 }));
    this.dropout = new Dropout(sizes.dropout);
    const layers = Array.from({ length: sizes.numLayers }, (_, i) => [`encoder_layer_${i}`, new EncoderBlock(sizes)]);
    this.layers = new Sequential(Object.fromEntries(layers) as Record<string, UnaryModule>);
    this.ln = norm(sizes.hiddenDim);
  }

  forward(input: Tensor): Tensor {
    return this.ln.forward(this.layers.forward(this.dropout.forward(input.add(this.pos_embedding))));
  }
}

export interface VisionTransformerOptions {
  /** Height and width of the pictures. Default 224. */
  imageSize?: number;
  /** Height and width of a patch; divides `imageSize`. */
  patchSize: number;
  numLayers: number;
  /** Divides `hiddenDim`. */
  numHeads: number;
  hiddenDim: number;
  /** Width of the perceptrons' hidden layer. */
  mlpDim: number;
  /** Probability of a zero after embeddings, attention and perceptrons, in training. Default 0. */
  dropout?: number;
  /** Probability of a zero among the weights of attention, in training. Default 0. */
  attentionDropout?: number;
  /** Default 1000. */
  numClasses?: number;
  /** Width of a layer with tanh before the last one. Default: none. */
  representationSize?: number;
}

const OPTIONS = [
  ...['imageSize', 'patchSize', 'numLayers', 'numHeads', 'hiddenDim', 'mlpDim'],
  ...['dropout', 'attentionDropout', 'numClasses', 'representationSize'],
];

function makeHeads(hiddenDim: number, numClasses: number, representationSize: number | undefined): Sequential {
  if (representationSize === undefined) {
    const head = new Linear(hiddenDim, numClasses);
    zeros_(head.weight);
    if (head.bias) zeros_(head.bias);
    return new Sequential({ head });
  }
  const pre_logits = new Linear(hiddenDim, representationSize);
  const head = new Linear(representationSize, numClasses);
  return new Sequential({ pre_logits, act: new Tanh(), head });
}

/** Patches of a picture and a class token through transformer layers; the class token's output is classified.
 *  Shape: [N, 3, imageSize, imageSize] -> [N, K]. The last layer starts at zero, patches in a cut normal distribution.
 *  @throws {TypeError} for an unknown option.  @throws {RangeError} for counts below 1, or patches that do not divide the picture.
 *  Source: Dosovitskiy et al. 2020, arXiv:2010.11929; torchvision.models.VisionTransformer.
 *  @example
 *  import { VisionTransformer } from 'sconce/models';
 *  const model = new VisionTransformer({ imageSize: 32, patchSize: 8, numLayers: 2, numHeads: 2, hiddenDim: 16, mlpDim: 32, numClasses: 10 });
 *  model.forward(zeros([2, 3, 32, 32])).shape; // [2, 10] */
export class VisionTransformer extends Module {
  readonly imageSize: number;
  readonly patchSize: number;
  readonly hiddenDim: number;
  readonly class_token: Parameter;
  readonly conv_proj: Conv2d;
  readonly encoder: Encoder;
  readonly heads: Sequential;

  constructor(options: VisionTransformerOptions) {
    super();
    readOptions('VisionTransformer', OPTIONS, options);
    const { imageSize = 224, patchSize, numLayers, numHeads, hiddenDim, mlpDim } = options;
    const { dropout = 0, attentionDropout = 0, numClasses = 1000, representationSize } = options;
    checkCounts('make VisionTransformer', { imageSize, patchSize, numLayers, numHeads, hiddenDim, mlpDim, numClasses });
    if (imageSize % patchSize !== 0)
      throw new RangeError(
        `Cannot make VisionTransformer: expected patches that divide the picture, got ${patchSize} and ${imageSize}`,
      );
    this.imageSize = imageSize;
    this.patchSize = patchSize;
    this.hiddenDim = hiddenDim;
    this.conv_proj = new Conv2d(3, hiddenDim, patchSize, { stride: patchSize });
    this.class_token = new Parameter(zeros([1, 1, hiddenDim]));
    const numTokens = (imageSize / patchSize) ** 2 + 1;
    this.encoder = new Encoder(numTokens, { numLayers, numHeads, hiddenDim, mlpDim, dropout, attentionDropout });
    const heads = makeHeads(hiddenDim, numClasses, representationSize);
    this.heads = heads;
    const std = Math.sqrt(1 / (3 * patchSize * patchSize));
    truncNormal_(this.conv_proj.weight, { std });
    if (this.conv_proj.bias) zeros_(this.conv_proj.bias);
    this.initializeHeads(representationSize !== undefined);
  }

  private initializeHeads(hasRepresentation: boolean): void {
    if (!hasRepresentation) return;
    const [first, last] = [this.heads.at(0), this.heads.at(-1)] as [Linear, Linear];
    truncNormal_(first.weight, { std: Math.sqrt(1 / first.inFeatures) });
    for (const tensor of [first.bias, last.weight, last.bias]) if (tensor) zeros_(tensor);
  }

  /** The class token's output. Shape: [N, 3, imageSize, imageSize] -> [N, E]. @throws {ShapeError} for pictures of another size. */
  forwardFeatures(input: Tensor): Tensor {
    const { imageSize, hiddenDim } = this;
    const [batch = 0, channels, height, width] = input.shape;
    if (input.ndim !== 4 || channels !== 3 || height !== imageSize || width !== imageSize)
      throw new ShapeError(
        `Cannot apply VisionTransformer: expected [N, 3, ${imageSize}, ${imageSize}], got [${input.shape.join(', ')}]`,
      );
    const patches = this.conv_proj.forward(input).reshape([batch, hiddenDim, -1]).permute([0, 2, 1]); // [N, T - 1, E]
    const tokens = cat([this.class_token.expand([batch, -1, -1]), patches], { dim: 1 }); // [N, T, E]
    return this.encoder.forward(tokens).select(1, 0);
  }

  forward(input: Tensor): Tensor {
    return this.heads.forward(this.forwardFeatures(input)); // [N, K]
  }
}

/** What the named models leave open. */
export type VitOptions = Omit<
  VisionTransformerOptions,
  'patchSize' | 'numLayers' | 'numHeads' | 'hiddenDim' | 'mlpDim'
>;

const BASE = { numLayers: 12, numHeads: 12, hiddenDim: 768, mlpDim: 3072 };
const LARGE = { numLayers: 24, numHeads: 16, hiddenDim: 1024, mlpDim: 4096 };

/** 86.6 million parameters with 1000 classes. Source: torchvision.models.vit_b_16. */
export function vitB16(options: VitOptions = {}): VisionTransformer {
  return new VisionTransformer({ ...BASE, patchSize: 16, ...options });
}

/** 88.2 million parameters with 1000 classes. Source: torchvision.models.vit_b_32. */
export function vitB32(options: VitOptions = {}): VisionTransformer {
  return new VisionTransformer({ ...BASE, patchSize: 32, ...options });
}

/** 304.3 million parameters with 1000 classes. Source: torchvision.models.vit_l_16. */
export function vitL16(options: VitOptions = {}): VisionTransformer {
  return new VisionTransformer({ ...LARGE, patchSize: 16, ...options });
}

/** 306.5 million parameters with 1000 classes. Source: torchvision.models.vit_l_32. */
export function vitL32(options: VitOptions = {}): VisionTransformer {
  return new VisionTransformer({ ...LARGE, patchSize: 32, ...options });
}

/** 632.0 million parameters with 1000 classes. Source: torchvision.models.vit_h_14. */
export function vitH14(options: VitOptions = {}): VisionTransformer {
  const sizes = { numLayers: 32, numHeads: 16, hiddenDim: 1280, mlpDim: 5120 };
  return new VisionTransformer({ ...sizes, patchSize: 14, ...options });
}
