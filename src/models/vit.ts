// Vision transformer as in transformers: the state keys of its version 5, the same weights from the same seed. torchvision's is in vision-transformer.ts.

import { ShapeError } from '../errors.ts';
import { scaledDotProductAttention } from '../nn/functional/attention.ts';
import { truncNormal_ } from '../nn/init.ts';
import { ModuleList } from '../nn/layers/container.ts';
import { Conv2d } from '../nn/layers/conv.ts';
import { Dropout } from '../nn/layers/dropout.ts';
import { LayerNorm } from '../nn/layers/layer-norm.ts';
import { Linear } from '../nn/layers/linear.ts';
import { Module } from '../nn/module.ts';
import { Parameter } from '../nn/parameter.ts';
import { readOptions } from '../tensor/arguments.ts';
import { randn } from '../tensor/create.ts';
import { cat } from '../tensor/ops.generated.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { activation } from './activations.ts';
import { numLabels } from './config-fields.ts';
import type { HeadOutput } from './gpt2-heads.ts';
import { sequenceLoss } from './head-losses.ts';
import { PretrainedModel } from './pretrained-model.ts';
import { type ViTConfig, vitConfig, vitSchema } from './vit-config.ts';

// B batch, T tokens (the class and patches), C width, H heads, K classes.

const pair = (size: number | readonly [number, number]): readonly [height: number, width: number] =>
  typeof size === 'number' ? [size, size] : size;

class ViTPatchEmbeddings extends Module {
  readonly projection: Conv2d;

  constructor({ num_channels, hidden_size, patch_size }: ViTConfig) {
    super();
    this.projection = new Conv2d(num_channels, hidden_size, pair(patch_size), { stride: pair(patch_size) });
  }

  forward(pixels: Tensor): Tensor {
    return this.projection.forward(pixels).flatten({ startDim: 2 }).transpose(1, 2); // [B, T - 1, C]
  }
}

class ViTEmbeddings extends Module {
  readonly cls_token: Parameter;
  readonly position_embeddings: Parameter;
  readonly patch_embeddings: ViTPatchEmbeddings;
  readonly dropout: Dropout;

  constructor(config: ViTConfig) {
    super();
    const [imageSize, patchSize] = [pair(config.image_size), pair(config.patch_size)];
    const numPatches = Math.floor(imageSize[0] / patchSize[0]) * Math.floor(imageSize[1] / patchSize[1]);
    this.cls_token = new Parameter(randn([1, 1, config.hidden_size]));
    this.patch_embeddings = new ViTPatchEmbeddings(config);
    this.position_embeddings = new Parameter(randn([1, numPatches + 1, config.hidden_size]));
    this.dropout = new Dropout(config.hidden_dropout_prob);
  }

  forward(pixels: Tensor): Tensor {
    const patches = this.patch_embeddings.forward(pixels);
    const tokens = cat([this.cls_token.expand([pixels.size(0), -1, -1]), patches], { dim: 1 }); // [B, T, C]
    return this.dropout.forward(tokens.add(this.position_embeddings));
  }
}

class ViTAttention extends Module {
  readonly q_proj: Linear;
  readonly k_proj: Linear;
  readonly v_proj: Linear;
  readonly o_proj: Linear;
  readonly numAttentionHeads: number;
  readonly attentionDropout: number;

  constructor({ hidden_size, num_attention_heads, qkv_bias, attention_probs_dropout_prob }: ViTConfig) {
    super();
    this.q_proj = new Linear(hidden_size, hidden_size, { bias: qkv_bias });
    this.k_proj = new Linear(hidden_size, hidden_size, { bias: qkv_bias });
    this.v_proj = new Linear(hidden_size, hidden_size, { bias: qkv_bias });
    this.o_proj = new Linear(hidden_size, hidden_size);
    this.numAttentionHeads = num_attention_heads;
    this.attentionDropout = attention_probs_dropout_prob;
  }

  forward(input: Tensor): Tensor {
    const [batch = 0, length = 0, width = 0] = input.shape;
    const headWidth = width / this.numAttentionHeads;
    const [query, key, value] = [this.q_proj, this.k_proj, this.v_proj].map((layer) =>
      layer.forward(input).view([batch, length, this.numAttentionHeads, headWidth]).transpose(1, 2),
    ) as [Tensor, Tensor, Tensor]; // each [B, H, T, C / H]
    const dropoutP = this.training ? this.attentionDropout : 0;
    const mixed = scaledDotProductAttention(query, key, value, { dropoutP, scale: headWidth ** -0.5 });
    return this.o_proj.forward(mixed.transpose(1, 2).contiguous().reshape([batch, length, width])); // [B, T, C]
  }
}

class ViTMLP extends Module {
  readonly fc1: Linear;
  readonly fc2: Linear;
  readonly act: (x: Tensor) => Tensor;

  constructor({ hidden_size, intermediate_size, hidden_act }: ViTConfig) {
    super();
    this.fc1 = new Linear(hidden_size, intermediate_size);
    this.fc2 = new Linear(intermediate_size, hidden_size);
    this.act = activation(hidden_act);
  }

  forward(input: Tensor): Tensor {
    return this.fc2.forward(this.act(this.fc1.forward(input)));
  }
}

class ViTLayer extends Module {
  readonly attention: ViTAttention;
  readonly layernorm_before: LayerNorm;
  readonly layernorm_after: LayerNorm;
  readonly mlp: ViTMLP;
  readonly dropout: Dropout;

  constructor(config: ViTConfig) {
    super();
    const eps = config.layer_norm_eps;
    this.attention = new ViTAttention(config);
    this.layernorm_before = new LayerNorm(config.hidden_size, { eps });
    this.layernorm_after = new LayerNorm(config.hidden_size, { eps });
    this.mlp = new ViTMLP(config);
    this.dropout = new Dropout(config.hidden_dropout_prob);
  }

  forward(input: Tensor): Tensor {
    const attended = this.attention.forward(this.layernorm_before.forward(input)); // [B, T, C]
    const middle = this.dropout.forward(attended).add(input);
    return this.dropout.forward(this.mlp.forward(this.layernorm_after.forward(middle))).add(middle);
  }
}

class ViTPooler extends Module {
  readonly dense: Linear;
  readonly act: (x: Tensor) => Tensor;

  constructor({ hidden_size, pooler_output_size, pooler_act }: ViTConfig) {
    super();
    this.dense = new Linear(hidden_size, pooler_output_size ?? hidden_size);
    this.act = activation(pooler_act);
  }

  forward(input: Tensor): Tensor {
    return this.act(this.dense.forward(input.select(1, 0)));
  }
}

/** Names in files, which are those of transformers 4, and in memory, which are those of transformers 5. */
const NAMES: readonly (readonly [file: string, memory: string])[] = [
  ['.attention.attention.query.', '.attention.q_proj.'],
  ['.attention.attention.key.', '.attention.k_proj.'],
  ['.attention.attention.value.', '.attention.v_proj.'],
  ['.attention.output.dense.', '.attention.o_proj.'],
  ['.intermediate.dense.', '.mlp.fc1.'],
  ['.output.dense.', '.mlp.fc2.'],
];

/** What both ViTs share: their configuration, how weights start, and other spellings of keys. */
export abstract class ViTPretrainedModel extends PretrainedModel<ViTConfig> {
  static readonly schema = vitSchema;
  static readonly baseModelPrefix = 'vit';

  /** @throws {ConfigError} for fields that are unknown or out of range.  @throws {RangeError} unless the heads divide the width. */
  constructor(fields: Partial<ViTConfig> & { readonly num_labels?: number } = {}) {
    const config = vitConfig(fields);
    if (config.hidden_size % config.num_attention_heads !== 0)
      throw new RangeError(
        `Cannot make a ViT: expected num_attention_heads to divide hidden_size, got ${config.num_attention_heads} and ${config.hidden_size}`,
      );
    super(config);
  }

  /** Files have the names of transformers 4. */
  static override renameKey(key: string): string {
    const name = NAMES.reduce((renamed, [file, memory]) => renamed.replace(file, memory), key);
    return name.replace(/(^|\.)encoder\.layer\.(\d+)\./, '$1layers.$2.');
  }

  static override fileKey(key: string): string {
    const name = NAMES.reduceRight((renamed, [file, memory]) => renamed.replace(memory, file), key);
    return name.replace(/(^|\.)layers\.(\d+)\./, '$1encoder.layer.$2.');
  }

  protected override initWeights(module: Module): void {
    super.initWeights(module);
    if (!(module instanceof ViTEmbeddings)) return;
    const std = this.config.initializer_range;
    truncNormal_(module.position_embeddings, { std });
    truncNormal_(module.cls_token, { std });
  }
}

export interface ViTInputs {
  /** Give the outputs of all layers too. Default false. */
  outputHiddenStates?: boolean | undefined;
}

export interface ViTOutput {
  /** After the last norm. Shape: [B, T, C]. */
  readonly lastHiddenState: Tensor;
  /** The class token's through the pooler, where there is one. Shape: [B, pooler_output_size]. */
  readonly poolerOutput: Tensor | undefined;
  /** Embeddings, then the output of every layer; where they were asked for. */
  readonly hiddenStates: readonly Tensor[] | undefined;
}

/** Patches of a picture and a class token through transformer layers. Shape: pixels [B, num_channels, H, W] -> [B, T, C].
 *  @throws {ShapeError} for pictures of another size.
 *  Source: Dosovitskiy et al. 2020, arXiv:2010.11929; transformers.ViTModel. */
export class ViTModel extends ViTPretrainedModel {
  readonly embeddings: ViTEmbeddings;
  readonly layers: ModuleList<ViTLayer>;
  readonly layernorm: LayerNorm;
  readonly pooler: ViTPooler | undefined;

  /** @param options.addPoolingLayer - default true. */
  constructor(fields: Partial<ViTConfig> = {}, options: { addPoolingLayer?: boolean } = {}) {
    super(fields);
    readOptions('ViTModel', ['addPoolingLayer'], options);
    this.embeddings = new ViTEmbeddings(this.config);
    const { num_hidden_layers } = this.config;
    this.layers = new ModuleList(Array.from({ length: num_hidden_layers }, () => new ViTLayer(this.config)));
    this.layernorm = new LayerNorm(this.config.hidden_size, { eps: this.config.layer_norm_eps });
    this.pooler = (options.addPoolingLayer ?? true) ? new ViTPooler(this.config) : undefined;
    this.postInit();
  }

  forward(pixels: Tensor, inputs: ViTInputs = {}): ViTOutput {
    readOptions('ViTModel', ['outputHiddenStates'], inputs);
    const wanted = [this.config.num_channels, ...pair(this.config.image_size)];
    if (pixels.ndim !== 4 || String(pixels.shape.slice(1)) !== String(wanted))
      throw new ShapeError(
        `Cannot apply ViTModel: expected [B, ${wanted.join(', ')}], got [${pixels.shape.join(', ')}]`,
      );
    const states = [this.embeddings.forward(pixels)];
    for (const layer of this.layers) states.push(layer.forward(states.at(-1)!));
    const lastHiddenState = this.layernorm.forward(states.at(-1)!); // [B, T, C]
    const poolerOutput = this.pooler?.forward(lastHiddenState);
    return { lastHiddenState, poolerOutput, hiddenStates: inputs.outputHiddenStates ? states : undefined };
  }
}

/** Logits of a picture's classes, from the class token. Shape: pixels [B, num_channels, H, W] -> logits [B, K].
 *  Source: transformers.ViTForImageClassification.
 *  @example
 *  import { ViTForImageClassification } from 'sconce/models';
 *  const sizes = { hidden_size: 8, num_hidden_layers: 2, num_attention_heads: 2, intermediate_size: 16, image_size: 16, patch_size: 8 };
 *  const model = new ViTForImageClassification({ ...sizes, num_labels: 3 });
 *  model.forward(zeros([1, 3, 16, 16])).logits.shape; // [1, 3] */
export class ViTForImageClassification extends ViTPretrainedModel {
  readonly vit: ViTModel;
  readonly classifier: Linear;

  constructor(fields: Partial<ViTConfig> & { readonly num_labels?: number } = {}) {
    super(fields);
    this.vit = new ViTModel(this.config, { addPoolingLayer: false });
    this.classifier = new Linear(this.config.hidden_size, numLabels(this.config));
    this.postInit();
  }

  /** @param inputs.labels - what the loss compares with, [B] int64. */
  forward(pixels: Tensor, inputs: ViTInputs & { labels?: Tensor | undefined } = {}): HeadOutput {
    readOptions('ViTForImageClassification', ['outputHiddenStates', 'labels'], inputs);
    const { labels, ...below } = inputs;
    const { lastHiddenState, hiddenStates } = this.vit.forward(pixels, below);
    const logits = this.classifier.forward(lastHiddenState.select(1, 0)); // [B, K]
    return { loss: labels && sequenceLoss(logits, labels, this.config.problem_type), logits, hiddenStates };
  }
}
