// GPT-2 as in transformers: the same state keys, the same weights from the same seed, the same bits in training.

import { ShapeError } from '../errors.ts';
import { functional } from '../nn/index.ts';
import { normal_, zeros_ } from '../nn/init.ts';
import { ModuleList } from '../nn/layers/container.ts';
import { Dropout } from '../nn/layers/dropout.ts';
import { Embedding } from '../nn/layers/embedding.ts';
import { LayerNorm } from '../nn/layers/layer-norm.ts';
import { Module } from '../nn/module.ts';
import { Parameter } from '../nn/parameter.ts';
import { readOptions } from '../tensor/arguments.ts';
import { autocast } from '../tensor/autocast.ts';
import { arange, empty, zeros } from '../tensor/create.ts';
import { addmm } from '../tensor/ops.generated.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { activation } from './activations.ts';
import { causalMask } from './attention-masks.ts';
import { type GPT2Config, gpt2Config, gpt2Schema } from './gpt2-config.ts';
import type { KeyValueCache } from './key-value-cache.ts';
import { PretrainedModel } from './pretrained-model.ts';

// B batch, T new tokens, S all tokens (seen ones included), C width, H heads.

/** y = x W + b, with W the other way round than in `Linear`. Shape: [..., inputs] -> [..., outputs]; weight [inputs, outputs].
 *  Weights start in N(0, 0.02^2), biases at 0. Source: transformers.pytorch_utils.Conv1D. */
export class Conv1D extends Module {
  readonly weight: Parameter;
  readonly bias: Parameter;

  constructor(outputs: number, inputs: number) {
    super();
    this.weight = new Parameter(empty([inputs, outputs]));
    this.bias = new Parameter(zeros([outputs]));
    normal_(this.weight, 0, 0.02);
  }

  forward(input: Tensor): Tensor {
    const [inputs = 0, outputs = 0] = this.weight.shape;
    return addmm(this.bias, input.view([-1, inputs]), this.weight).view([...input.shape.slice(0, -1), outputs]);
  }

  override extraRepr(): string {
    return `nf=${this.weight.size(1)}, nx=${this.weight.size(0)}`;
  }
}

class GPT2Attention extends Module {
  readonly c_attn: Conv1D;
  readonly c_proj: Conv1D;
  readonly attn_dropout: Dropout;
  readonly resid_dropout: Dropout;
  readonly config: GPT2Config;
  readonly layerIdx: number;

  constructor(config: GPT2Config, index: number) {
    super();
    this.config = config;
    this.layerIdx = index;
    this.c_attn = new Conv1D(3 * config.n_embd, config.n_embd);
    this.c_proj = new Conv1D(config.n_embd, config.n_embd);
    this.attn_dropout = new Dropout(config.attn_pdrop);
    this.resid_dropout = new Dropout(config.resid_pdrop);
  }

  private get scale(): number {
    const { scale_attn_weights, scale_attn_by_inverse_layer_idx, n_embd, n_head } = this.config;
    const scale = scale_attn_weights ? (n_embd / n_head) ** -0.5 : 1;
    return scale_attn_by_inverse_layer_idx ? scale / (this.layerIdx + 1) : scale;
  }

  /** @param mask - true where attended to, [B, 1, T, S]; undefined for the causal one of a sequence, or for one new token. */
  forward(input: Tensor, mask: Tensor | undefined, cache: KeyValueCache | undefined): Tensor {
    const { n_embd, n_head } = this.config;
    const [batch = 0, length = 0] = input.shape;
    const heads = this.c_attn
      .forward(input)
      .split(n_embd, { dim: 2 })
      .map((part) => part.view([batch, length, n_head, n_embd / n_head]).transpose(1, 2)); // three of [B, H, T, C / H]
    const [query, key, value] = heads as [Tensor, Tensor, Tensor];
    const [keys, values] = cache ? cache.update(this.layerIdx, key, value) : [key, value]; // [B, H, S, C / H]
    const mixed = this.attend(query, keys, values, mask);
    const joined = mixed.transpose(1, 2).contiguous().reshape([batch, length, n_embd]); // [B, T, C]
    return this.resid_dropout.forward(this.c_proj.forward(joined));
  }

  private attend(query: Tensor, keys: Tensor, values: Tensor, attnMask: Tensor | undefined): Tensor {
    const options = {
      attnMask,
      dropoutP: this.training ? this.attn_dropout.p : 0,
      scale: this.scale,
      isCausal: attnMask === undefined && query.size(2) > 1,
    };
    if (!this.config.reorder_and_upcast_attn) return functional.scaledDotProductAttention(query, keys, values, options);
    const [q, k, v] = [query, keys, values].map((x) => x.to('float32')) as [Tensor, Tensor, Tensor];
    const body = (): Tensor => functional.scaledDotProductAttention(q, k, v, options);
    return autocast(query.device, body, { enabled: false }).to(values.dtype);
  }
}

class GPT2MLP extends Module {
  readonly c_fc: Conv1D;
  readonly c_proj: Conv1D;
  readonly dropout: Dropout;
  readonly act: (x: Tensor) => Tensor;

  constructor(width: number, config: GPT2Config) {
    super();
    this.c_fc = new Conv1D(width, config.n_embd);
    this.c_proj = new Conv1D(config.n_embd, width);
    this.dropout = new Dropout(config.resid_pdrop);
    this.act = activation(config.activation_function);
  }

  forward(input: Tensor): Tensor {
    return this.dropout.forward(this.c_proj.forward(this.act(this.c_fc.forward(input))));
  }
}

class GPT2Block extends Module {
  readonly ln_1: LayerNorm;
  readonly attn: GPT2Attention;
  readonly ln_2: LayerNorm;
  readonly mlp: GPT2MLP;

  constructor(config: GPT2Config, index: number) {
    super();
    const eps = config.layer_norm_epsilon;
    this.ln_1 = new LayerNorm(config.n_embd, { eps });
    this.attn = new GPT2Attention(config, index);
    this.ln_2 = new LayerNorm(config.n_embd, { eps });
    this.mlp = new GPT2MLP(config.n_inner ?? 4 * config.n_embd, config);
  }

  forward(input: Tensor, mask: Tensor | undefined, cache: KeyValueCache | undefined): Tensor {
    const middle = this.attn.forward(this.ln_1.forward(input), mask, cache).add(input); // [B, T, C]
    return middle.add(this.mlp.forward(this.ln_2.forward(middle)));
  }
}

/** What all GPT-2 models share: how weights start, and how older files spell their keys. */
export abstract class GPT2PretrainedModel extends PretrainedModel<GPT2Config> {
  static readonly schema = gpt2Schema;
  static readonly baseModelPrefix = 'transformer';

  /** @throws {ConfigError} for fields that are unknown or out of range.  @throws {RangeError} unless the heads divide the width. */
  constructor(fields: Partial<GPT2Config> & { readonly num_labels?: number } = {}) {
    const config = gpt2Config(fields);
    if (config.n_embd % config.n_head !== 0)
      throw new RangeError(
        `Cannot make a GPT-2: expected n_head to divide n_embd, got ${config.n_head} and ${config.n_embd}`,
      );
    super(config);
  }

  /** Causal masks were in files once. */
  static override renameKey(key: string): string | undefined {
    return /(^|\.)attn\.(bias|masked_bias)$/.test(key) ? undefined : key;
  }

  /** Projections into the residual stream start smaller, the deeper the network: N(0, (initializer_range / sqrt(2 layers))^2). */
  protected override initWeights(module: Module): void {
    super.initWeights(module);
    const std = this.config.initializer_range;
    if (module instanceof Conv1D) {
      normal_(module.weight, 0, std);
      zeros_(module.bias);
    }
    if (module instanceof GPT2Attention || module instanceof GPT2MLP)
      normal_(module.c_proj.weight, 0, std / Math.sqrt(2 * this.config.n_layer));
  }
}

export interface GPT2Inputs {
  /** 1 for tokens that count and 0 for padding. Shape: [B, S]. Default: every token counts, which is faster. */
  attentionMask?: Tensor | undefined;
  /** Rows of the token table that are added, [B, T] int64. */
  tokenTypeIds?: Tensor | undefined;
  /** Shape: [B, T] or [1, T] int64. Default: from the number of tokens seen on. */
  positionIds?: Tensor | undefined;
  /** Vectors in place of `inputIds`. Shape: [B, T, C]. */
  inputsEmbeds?: Tensor | undefined;
  /** Keys and values of tokens that were seen; those of the new ones are added. */
  cache?: KeyValueCache | undefined;
  /** Give the outputs of all layers too. Default false. */
  outputHiddenStates?: boolean | undefined;
}

/** The names of `GPT2Inputs`. @internal */
export const GPT2_INPUTS = [
  ...['attentionMask', 'tokenTypeIds', 'positionIds', 'inputsEmbeds', 'cache', 'outputHiddenStates'],
];

export interface GPT2Output {
  /** After the last norm. Shape: [B, T, C]. */
  readonly lastHiddenState: Tensor;
  /** Embeddings, then the output of every layer, the last one after its norm; where they were asked for. */
  readonly hiddenStates: readonly Tensor[] | undefined;
}

/** A transformer whose tokens see those before them. Shape: inputIds [B, T] int64 -> [B, T, C].
 *  @throws {ShapeError} for more tokens than positions.
 *  Source: Radford et al. 2019; transformers.GPT2Model.
 *  @example
 *  import { GPT2Model } from 'sconce/models';
 *  const model = new GPT2Model({ vocab_size: 100, n_positions: 16, n_embd: 8, n_layer: 2, n_head: 2 });
 *  model.forward(tensor([[1n, 2n, 3n]])).lastHiddenState.shape; // [1, 3, 8] */
export class GPT2Model extends GPT2PretrainedModel {
  readonly wte: Embedding;
  readonly wpe: Embedding;
  readonly drop: Dropout;
  readonly h: ModuleList<GPT2Block>;
  readonly ln_f: LayerNorm;

  constructor(fields: Partial<GPT2Config> = {}) {
    super(fields);
    const { config } = this;
    this.wte = new Embedding(config.vocab_size, config.n_embd);
    this.wpe = new Embedding(config.n_positions, config.n_embd);
    this.drop = new Dropout(config.embd_pdrop);
    this.h = new ModuleList(Array.from({ length: config.n_layer }, (_, i) => new GPT2Block(config, i)));
    this.ln_f = new LayerNorm(config.n_embd, { eps: config.layer_norm_epsilon });
    this.postInit();
  }

  /** @param inputIds - undefined where `inputsEmbeds` is given. */
  forward(inputIds: Tensor | undefined, inputs: GPT2Inputs = {}): GPT2Output {
    readOptions('GPT2Model', GPT2_INPUTS, inputs);
    const { attentionMask, tokenTypeIds, cache, outputHiddenStates = false } = inputs;
    const embedded = this.embed(inputIds, inputs.inputsEmbeds); // [B, T, C]
    const [batch = 0, numNew = 0] = embedded.shape;
    const before = cache?.length ?? 0;
    const length = before + numNew;
    if (length > this.config.n_positions)
      throw new ShapeError(`Cannot apply GPT2Model: expected at most ${this.config.n_positions} tokens, got ${length}`);
    const positionIds = inputs.positionIds ?? arange(before, length, { device: embedded.device }).unsqueeze(0); // [1, T]
    let hidden = embedded.add(this.wpe.forward(positionIds));
    if (tokenTypeIds) hidden = hidden.add(this.wte.forward(tokenTypeIds));
    hidden = this.drop.forward(hidden);
    const mask = causalMask(attentionMask, batch, length, numNew, hidden);
    const states: Tensor[] = [hidden];
    for (const block of this.h) {
      hidden = block.forward(hidden, mask, cache);
      states.push(hidden);
    }
    hidden = this.ln_f.forward(hidden);
    const hiddenStates = outputHiddenStates ? [...states.slice(0, -1), hidden] : undefined;
    return { lastHiddenState: hidden, hiddenStates };
  }

  private embed(inputIds: Tensor | undefined, inputsEmbeds: Tensor | undefined): Tensor {
    if ((inputIds === undefined) === (inputsEmbeds === undefined))
      throw new TypeError(
        `Cannot apply GPT2Model: expected either inputIds or inputsEmbeds, got ${inputIds ? 'both' : 'neither'}`,
      );
    const given = (inputIds ?? inputsEmbeds) as Tensor;
    if (given.ndim !== (inputIds ? 2 : 3))
      throw new ShapeError(
        `Cannot apply GPT2Model: expected ${inputIds ? 'inputIds [B, T]' : 'inputsEmbeds [B, T, C]'}, got [${given.shape.join(', ')}]`,
      );
    return inputIds ? this.wte.forward(inputIds) : given;
  }
}
