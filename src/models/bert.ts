// BERT as in transformers: the same state keys, the same weights from the same seed, the same bits in training.

import { ShapeError } from '../errors.ts';
import { scaledDotProductAttention } from '../nn/functional/attention.ts';
import { Tanh } from '../nn/layers/activation.ts';
import { ModuleList } from '../nn/layers/container.ts';
import { Dropout } from '../nn/layers/dropout.ts';
import { Embedding } from '../nn/layers/embedding.ts';
import { LayerNorm } from '../nn/layers/layer-norm.ts';
import { Linear } from '../nn/layers/linear.ts';
import { Module } from '../nn/module.ts';
import { readOptions } from '../tensor/arguments.ts';
import { arange, zeros } from '../tensor/create.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { activation } from './activations.ts';
import { bidirectionalMask } from './attention-masks.ts';
import { type BertConfig, bertConfig, bertSchema } from './bert-config.ts';
import { PretrainedModel } from './pretrained-model.ts';

// B batch, T tokens, C width, H heads.

/** Tokens, their type and their place, added. */
class BertEmbeddings extends Module {
  readonly word_embeddings: Embedding;
  readonly position_embeddings: Embedding;
  readonly token_type_embeddings: Embedding;
  readonly LayerNorm: LayerNorm;
  readonly dropout: Dropout;

  constructor(config: BertConfig) {
    super();
    const { vocab_size, hidden_size, max_position_embeddings, type_vocab_size, pad_token_id } = config;
    const padding = pad_token_id === null ? {} : { paddingIdx: pad_token_id };
    this.word_embeddings = new Embedding(vocab_size, hidden_size, padding);
    this.position_embeddings = new Embedding(max_position_embeddings, hidden_size);
    this.token_type_embeddings = new Embedding(type_vocab_size, hidden_size);
    this.LayerNorm = new LayerNorm(hidden_size, { eps: config.layer_norm_eps });
    this.dropout = new Dropout(config.hidden_dropout_prob);
  }

  forward(words: Tensor, tokenTypeIds: Tensor | undefined, positionIds: Tensor | undefined): Tensor {
    const [batch = 0, length = 0] = words.shape;
    const device = words.device;
    const types = tokenTypeIds ?? zeros([batch, length], { dtype: 'int64', device });
    const places = positionIds ?? arange(length, { device }).unsqueeze(0); // [1, T]
    const sum = words.add(this.token_type_embeddings.forward(types)).add(this.position_embeddings.forward(places));
    return this.dropout.forward(this.LayerNorm.forward(sum)); // [B, T, C]
  }
}

class BertSelfAttention extends Module {
  readonly query: Linear;
  readonly key: Linear;
  readonly value: Linear;
  readonly dropout: Dropout;
  readonly numAttentionHeads: number;

  constructor({ hidden_size, num_attention_heads, attention_probs_dropout_prob }: BertConfig) {
    super();
    this.numAttentionHeads = num_attention_heads;
    this.query = new Linear(hidden_size, hidden_size);
    this.key = new Linear(hidden_size, hidden_size);
    this.value = new Linear(hidden_size, hidden_size);
    this.dropout = new Dropout(attention_probs_dropout_prob);
  }

  forward(input: Tensor, attnMask: Tensor | undefined): Tensor {
    const [batch = 0, length = 0, width = 0] = input.shape;
    const headWidth = width / this.numAttentionHeads;
    const [query, key, value] = [this.query, this.key, this.value].map((layer) =>
      layer.forward(input).view([batch, length, this.numAttentionHeads, headWidth]).transpose(1, 2),
    ) as [Tensor, Tensor, Tensor]; // each [B, H, T, C / H]
    const dropoutP = this.training ? this.dropout.p : 0;
    const mixed = scaledDotProductAttention(query, key, value, { attnMask, dropoutP, scale: headWidth ** -0.5 });
    return mixed.transpose(1, 2).contiguous().reshape([batch, length, width]); // [B, T, C]
  }
}

/** A projection beside a skip, normed: LayerNorm(dropout(dense(x)) + skip). */
class BertResidual extends Module {
  readonly dense: Linear;
  readonly LayerNorm: LayerNorm;
  readonly dropout: Dropout;

  constructor(inputs: number, config: BertConfig) {
    super();
    this.dense = new Linear(inputs, config.hidden_size);
    this.LayerNorm = new LayerNorm(config.hidden_size, { eps: config.layer_norm_eps });
    this.dropout = new Dropout(config.hidden_dropout_prob);
  }

  forward(input: Tensor, skip: Tensor): Tensor {
    return this.LayerNorm.forward(this.dropout.forward(this.dense.forward(input)).add(skip));
  }
}

/** PyTorch prints the two by these names. */
class BertSelfOutput extends BertResidual {}
class BertOutput extends BertResidual {}

class BertAttention extends Module {
  readonly self: BertSelfAttention;
  readonly output: BertSelfOutput;

  constructor(config: BertConfig) {
    super();
    this.self = new BertSelfAttention(config);
    this.output = new BertSelfOutput(config.hidden_size, config);
  }

  forward(input: Tensor, mask: Tensor | undefined): Tensor {
    return this.output.forward(this.self.forward(input, mask), input);
  }
}

class BertIntermediate extends Module {
  readonly dense: Linear;
  readonly act: (x: Tensor) => Tensor;

  constructor(config: BertConfig) {
    super();
    this.dense = new Linear(config.hidden_size, config.intermediate_size);
    this.act = activation(config.hidden_act);
  }

  forward(input: Tensor): Tensor {
    return this.act(this.dense.forward(input));
  }
}

class BertLayer extends Module {
  readonly attention: BertAttention;
  readonly intermediate: BertIntermediate;
  readonly output: BertOutput;

  constructor(config: BertConfig) {
    super();
    this.attention = new BertAttention(config);
    this.intermediate = new BertIntermediate(config);
    this.output = new BertOutput(config.intermediate_size, config);
  }

  forward(input: Tensor, mask: Tensor | undefined): Tensor {
    const attended = this.attention.forward(input, mask); // [B, T, C]
    return this.output.forward(this.intermediate.forward(attended), attended);
  }
}

class BertEncoder extends Module {
  readonly layer: ModuleList<BertLayer>;

  constructor(config: BertConfig) {
    super();
    this.layer = new ModuleList(Array.from({ length: config.num_hidden_layers }, () => new BertLayer(config)));
  }

  /** @returns the input and the output of every layer. */
  forward(input: Tensor, mask: Tensor | undefined): Tensor[] {
    const states = [input];
    for (const layer of this.layer) states.push(layer.forward(states.at(-1)!, mask));
    return states;
  }
}

/** The first token through a layer with tanh. Shape: [B, T, C] -> [B, C]. */
class BertPooler extends Module {
  readonly dense: Linear;
  readonly activation: Tanh;

  constructor(config: BertConfig) {
    super();
    this.dense = new Linear(config.hidden_size, config.hidden_size);
    this.activation = new Tanh();
  }

  forward(input: Tensor): Tensor {
    return this.activation.forward(this.dense.forward(input.select(1, 0)));
  }
}

/** What all BERT models share: their configuration, and how older files spell their keys. */
export abstract class BertPretrainedModel extends PretrainedModel<BertConfig> {
  static readonly schema = bertSchema;
  static readonly baseModelPrefix = 'bert';

  /** @throws {ConfigError} for fields that are unknown or out of range.  @throws {RangeError} unless the heads divide the width. */
  constructor(fields: Partial<BertConfig> & { readonly num_labels?: number } = {}) {
    const config = bertConfig(fields);
    if (config.hidden_size % config.num_attention_heads !== 0)
      throw new RangeError(
        `Cannot make a BERT: expected num_attention_heads to divide hidden_size, got ${config.num_attention_heads} and ${config.hidden_size}`,
      );
    super(config);
  }

  /** Norms had a gamma and a beta once, and places a buffer. */
  static override renameKey(key: string): string | undefined {
    if (/(^|\.)embeddings\.(position_ids|token_type_ids)$/.test(key)) return undefined;
    return key.replace(/LayerNorm\.gamma$/, 'LayerNorm.weight').replace(/LayerNorm\.beta$/, 'LayerNorm.bias');
  }
}

export interface BertInputs {
  /** 1 for tokens that count and 0 for padding. Shape: [B, T]. Default: every token counts, which is faster. */
  attentionMask?: Tensor | undefined;
  /** The sentence that a token belongs to, [B, T] int64. Default: 0. */
  tokenTypeIds?: Tensor | undefined;
  /** Shape: [B, T] or [1, T] int64. Default: from 0 on. */
  positionIds?: Tensor | undefined;
  /** Vectors in place of `inputIds`. Shape: [B, T, C]. */
  inputsEmbeds?: Tensor | undefined;
  /** Give the outputs of all layers too. Default false. */
  outputHiddenStates?: boolean | undefined;
}

/** The names of `BertInputs`. @internal */
export const BERT_INPUTS = ['attentionMask', 'tokenTypeIds', 'positionIds', 'inputsEmbeds', 'outputHiddenStates'];

export interface BertModelOutput {
  /** Shape: [B, T, C]. */
  readonly lastHiddenState: Tensor;
  /** The first token's through the pooler, where there is one. Shape: [B, C]. */
  readonly poolerOutput: Tensor | undefined;
  /** Embeddings, then the output of every layer; where they were asked for. */
  readonly hiddenStates: readonly Tensor[] | undefined;
}

/** A transformer whose tokens see each other. Shape: inputIds [B, T] int64 -> [B, T, C] and [B, C].
 *  @throws {ShapeError} for more tokens than positions.
 *  Source: Devlin et al. 2018, arXiv:1810.04805; transformers.BertModel.
 *  @example
 *  import { BertModel } from 'sconce/models';
 *  const sizes = { vocab_size: 100, hidden_size: 8, num_hidden_layers: 2, num_attention_heads: 2, intermediate_size: 16 };
 *  new BertModel(sizes).forward(tensor([[1n, 2n, 3n]])).poolerOutput!.shape; // [1, 8] */
export class BertModel extends BertPretrainedModel {
  readonly embeddings: BertEmbeddings;
  readonly encoder: BertEncoder;
  readonly pooler: BertPooler | undefined;

  /** @param options.addPoolingLayer - default true. */
  constructor(fields: Partial<BertConfig> = {}, options: { addPoolingLayer?: boolean } = {}) {
    super(fields);
    readOptions('BertModel', ['addPoolingLayer'], options);
    this.embeddings = new BertEmbeddings(this.config);
    this.encoder = new BertEncoder(this.config);
    this.pooler = (options.addPoolingLayer ?? true) ? new BertPooler(this.config) : undefined;
    this.postInit();
  }

  /** @param inputIds - undefined where `inputsEmbeds` is given. */
  forward(inputIds: Tensor | undefined, inputs: BertInputs = {}): BertModelOutput {
    readOptions('BertModel', BERT_INPUTS, inputs);
    const { attentionMask, tokenTypeIds, positionIds, outputHiddenStates = false } = inputs;
    const words = this.embed(inputIds, inputs.inputsEmbeds);
    const [batch = 0, length = 0] = words.shape;
    if (length > this.config.max_position_embeddings)
      throw new ShapeError(
        `Cannot apply BertModel: expected at most ${this.config.max_position_embeddings} tokens, got ${length}`,
      );
    const embedded = this.embeddings.forward(words, tokenTypeIds, positionIds); // [B, T, C]
    const states = this.encoder.forward(embedded, bidirectionalMask(attentionMask, batch, length));
    const lastHiddenState = states.at(-1)!;
    const poolerOutput = this.pooler?.forward(lastHiddenState);
    return { lastHiddenState, poolerOutput, hiddenStates: outputHiddenStates ? states : undefined };
  }

  private embed(inputIds: Tensor | undefined, inputsEmbeds: Tensor | undefined): Tensor {
    if ((inputIds === undefined) === (inputsEmbeds === undefined))
      throw new TypeError(
        `Cannot apply BertModel: expected either inputIds or inputsEmbeds, got ${inputIds ? 'both' : 'neither'}`,
      );
    const given = (inputIds ?? inputsEmbeds) as Tensor;
    if (given.ndim !== (inputIds ? 2 : 3))
      throw new ShapeError(
        `Cannot apply BertModel: expected ${inputIds ? 'inputIds [B, T]' : 'inputsEmbeds [B, T, C]'}, got [${given.shape.join(', ')}]`,
      );
    return inputIds ? this.embeddings.word_embeddings.forward(inputIds) : given;
  }
}
