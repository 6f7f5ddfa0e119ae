// GPT-2 with heads: the next token, a class of the sequence, a class of each token.

import { Dropout } from '../nn/layers/dropout.ts';
import { Linear } from '../nn/layers/linear.ts';
import { readOptions } from '../tensor/arguments.ts';
import { arange } from '../tensor/create.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { numLabels } from './config-fields.ts';
import { type GenerateOptions, generate } from './generate.ts';
import { GPT2_INPUTS, type GPT2Inputs, GPT2Model, GPT2PretrainedModel } from './gpt2.ts';
import type { GPT2Config } from './gpt2-config.ts';
import { nextTokenLoss, sequenceLoss, tokenLoss } from './head-losses.ts';
import { tie } from './pretrained-model.ts';

// B batch, T tokens, C width, V vocabulary, K classes.

export interface HeadOutput {
  /** Where labels were given. Shape: []. */
  readonly loss: Tensor | undefined;
  readonly logits: Tensor;
  readonly hiddenStates: readonly Tensor[] | undefined;
}

export interface LabelledGPT2Inputs extends GPT2Inputs {
  /** What the loss compares with; -100 counts for nothing. */
  labels?: Tensor | undefined;
}

/** The part of a head's inputs that the model below takes. */
function withoutLabels(name: string, inputs: LabelledGPT2Inputs & { logitsToKeep?: number }): GPT2Inputs {
  readOptions(name, [...GPT2_INPUTS, 'labels', ...LM_INPUTS(name)], inputs);
  const { labels: _labels, logitsToKeep: _logitsToKeep, ...rest } = inputs;
  return rest;
}

const LM_INPUTS = (name: string): string[] => (name === 'GPT2LMHeadModel' ? ['logitsToKeep'] : []);

/** Logits of the next token, by the embedding's own table unless `tie_word_embeddings` is false. Shape: inputIds [B, T] int64 -> logits [B, T, V].
 *  With `labels` (the input itself, as a rule) the loss of each token against the next one.
 *  Source: Radford et al. 2019; transformers.GPT2LMHeadModel.
 *  @example
 *  import { GPT2LMHeadModel } from 'sconce/models';
 *  const model = new GPT2LMHeadModel({ vocab_size: 100, n_positions: 16, n_embd: 8, n_layer: 2, n_head: 2, eos_token_id: null });
 *  const inputIds = tensor([[1n, 2n, 3n]]);
 *  model.forward(inputIds, { labels: inputIds }).loss!.shape; // []
 *  model.generate(inputIds, { maxNewTokens: 4 }).shape; // [1, 7] */
export class GPT2LMHeadModel extends GPT2PretrainedModel {
  readonly transformer: GPT2Model;
  readonly lm_head: Linear;

  constructor(fields: Partial<GPT2Config> = {}) {
    super(fields);
    this.transformer = new GPT2Model(this.config);
    this.lm_head = new Linear(this.config.n_embd, this.config.vocab_size, { bias: false });
    this.postInit();
    if (this.config.tie_word_embeddings) tie(this.lm_head, 'weight', this.transformer.wte.weight);
  }

  override get tiedKeys(): Readonly<Record<string, string>> {
    return this.config.tie_word_embeddings ? { 'lm_head.weight': 'transformer.wte.weight' } : {};
  }

  /** @param inputs.logitsToKeep - the last tokens that logits are computed for; 0 for all. Default 0. */
  forward(inputIds: Tensor | undefined, inputs: LabelledGPT2Inputs & { logitsToKeep?: number } = {}): HeadOutput {
    const { labels, logitsToKeep = 0 } = inputs;
    const { lastHiddenState, hiddenStates } = this.transformer.forward(
      inputIds,
      withoutLabels('GPT2LMHeadModel', inputs),
    );
    const length = lastHiddenState.size(1);
    const kept = logitsToKeep === 0 ? length : Math.min(logitsToKeep, length);
    const logits = this.lm_head.forward(lastHiddenState.narrow(1, length - kept, kept)); // [B, T, V]
    return { loss: labels && nextTokenLoss(logits, labels), logits, hiddenStates };
  }

  /** Goes on with sequences, one token after the other, with a cache of keys and values. In evaluation mode, without gradients.
   *  Shape: [B, T] int64 -> [B, T + new], the given tokens included.
   *  @throws {RangeError} for more tokens than the model has positions.  Source: transformers' generate. */
  generate(inputIds: Tensor, options: GenerateOptions = {}): Tensor {
    return generate(this, inputIds, options);
  }
}

/** Logits of the classes, from the last token that is no padding (`pad_token_id`). Shape: inputIds [B, T] int64 -> logits [B, K].
 *  @throws {TypeError} for several sequences without `pad_token_id`.  Source: transformers.GPT2ForSequenceClassification. */
export class GPT2ForSequenceClassification extends GPT2PretrainedModel {
  readonly transformer: GPT2Model;
  readonly score: Linear;

  constructor(fields: Partial<GPT2Config> & { readonly num_labels?: number } = {}) {
    super(fields);
    this.transformer = new GPT2Model(this.config);
    this.score = new Linear(this.config.n_embd, numLabels(this.config), { bias: false });
    this.postInit();
  }

  forward(inputIds: Tensor | undefined, inputs: LabelledGPT2Inputs = {}): HeadOutput {
    const rest = withoutLabels('GPT2ForSequenceClassification', inputs);
    const { lastHiddenState, hiddenStates } = this.transformer.forward(inputIds, rest);
    const all = this.score.forward(lastHiddenState); // [B, T, K]
    const logits = this.pool(all, inputIds); // [B, K]
    const { labels } = inputs;
    return { loss: labels && sequenceLoss(logits, labels, this.config.problem_type), logits, hiddenStates };
  }

  private pool(all: Tensor, inputIds: Tensor | undefined): Tensor {
    const [batch = 0, length = 0] = all.shape;
    const padding = this.config.pad_token_id;
    if (padding === null && batch !== 1)
      throw new TypeError(
        `Cannot classify ${batch} sequences: expected pad_token_id in the configuration, got null; without it, one at a time`,
      );
    if (padding === null || inputIds === undefined) return all.select(1, -1);
    const places = arange(length, { device: all.device });
    const last = inputIds.ne(padding).to('int64').mul(places).argmax({ dim: -1 }); // [B]
    return all.index(arange(batch, { device: all.device }), last);
  }
}

/** Logits of a class for every token. Shape: inputIds [B, T] int64 -> logits [B, T, K]. Source: transformers.GPT2ForTokenClassification. */
export class GPT2ForTokenClassification extends GPT2PretrainedModel {
  readonly transformer: GPT2Model;
  readonly dropout: Dropout;
  readonly classifier: Linear;

  constructor(fields: Partial<GPT2Config> & { readonly num_labels?: number } = {}) {
    super(fields);
    this.transformer = new GPT2Model(this.config);
    this.dropout = new Dropout(this.config.classifier_dropout ?? 0.1);
    this.classifier = new Linear(this.config.n_embd, numLabels(this.config));
    this.postInit();
  }

  forward(inputIds: Tensor | undefined, inputs: LabelledGPT2Inputs = {}): HeadOutput {
    const rest = withoutLabels('GPT2ForTokenClassification', inputs);
    const { lastHiddenState, hiddenStates } = this.transformer.forward(inputIds, rest);
    const logits = this.classifier.forward(this.dropout.forward(lastHiddenState)); // [B, T, K]
    const { labels } = inputs;
    return { loss: labels && tokenLoss(logits, labels), logits, hiddenStates };
  }
}
