// BERT with heads: masked tokens, pretraining, a class of the sequence, a class of each token, a span that answers a question.

import { crossEntropy } from '../nn/functional/loss.ts';
import { Dropout } from '../nn/layers/dropout.ts';
import { LayerNorm } from '../nn/layers/layer-norm.ts';
import { Linear } from '../nn/layers/linear.ts';
import { Module } from '../nn/module.ts';
import { Parameter } from '../nn/parameter.ts';
import { readOptions } from '../tensor/arguments.ts';
import { zeros } from '../tensor/create.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { activation } from './activations.ts';
import { BERT_INPUTS, type BertInputs, BertModel, BertPretrainedModel } from './bert.ts';
import type { BertConfig } from './bert-config.ts';
import { numLabels } from './config-fields.ts';
import type { HeadOutput } from './gpt2-heads.ts';
import { sequenceLoss, tokenLoss } from './head-losses.ts';
import { tie } from './pretrained-model.ts';

// B batch, T tokens, C width, V vocabulary, K classes.

class BertPredictionHeadTransform extends Module {
  readonly dense: Linear;
  readonly LayerNorm: LayerNorm;
  readonly act: (x: Tensor) => Tensor;

  constructor(config: BertConfig) {
    super();
    this.dense = new Linear(config.hidden_size, config.hidden_size);
    this.LayerNorm = new LayerNorm(config.hidden_size, { eps: config.layer_norm_eps });
    this.act = activation(config.hidden_act);
  }

  forward(input: Tensor): Tensor {
    return this.LayerNorm.forward(this.act(this.dense.forward(input)));
  }
}

/** Logits of tokens. Its bias is the decoder's own. Shape: [B, T, C] -> [B, T, V]. */
class BertLMPredictionHead extends Module {
  readonly transform: BertPredictionHeadTransform;
  readonly decoder: Linear;
  readonly bias: Parameter;

  constructor(config: BertConfig) {
    super();
    this.transform = new BertPredictionHeadTransform(config);
    this.decoder = new Linear(config.hidden_size, config.vocab_size);
    this.bias = new Parameter(zeros([config.vocab_size]));
  }

  forward(input: Tensor): Tensor {
    return this.decoder.forward(this.transform.forward(input));
  }
}

class BertOnlyMLMHead extends Module {
  readonly predictions: BertLMPredictionHead;

  constructor(config: BertConfig) {
    super();
    this.predictions = new BertLMPredictionHead(config);
  }

  forward(input: Tensor): Tensor {
    return this.predictions.forward(input);
  }
}

class BertPreTrainingHeads extends Module {
  readonly predictions: BertLMPredictionHead;
  readonly seq_relationship: Linear;

  constructor(config: BertConfig) {
    super();
    this.predictions = new BertLMPredictionHead(config);
    this.seq_relationship = new Linear(config.hidden_size, 2);
  }

  forward(sequence: Tensor, pooled: Tensor): readonly [predictions: Tensor, relationship: Tensor] {
    return [this.predictions.forward(sequence), this.seq_relationship.forward(pooled)];
  }
}

const TIED = {
  'cls.predictions.decoder.weight': 'bert.embeddings.word_embeddings.weight',
  'cls.predictions.decoder.bias': 'cls.predictions.bias',
};

/** The decoder is the embedding's table, unless `tie_word_embeddings` is false. */
function tieDecoder(model: { config: BertConfig; bert: BertModel; cls: { predictions: BertLMPredictionHead } }): void {
  if (!model.config.tie_word_embeddings) return;
  const { decoder, bias } = model.cls.predictions;
  tie(decoder, 'weight', model.bert.embeddings.word_embeddings.weight);
  tie(decoder, 'bias', bias);
}

export interface LabelledBertInputs extends BertInputs {
  /** What the loss compares with; -100 counts for nothing. */
  labels?: Tensor | undefined;
}

/** The part of a head's inputs that the model below takes.
 *  @param own - names that the head takes itself. */
function inputsBelow<I extends object>(name: string, inputs: I, own: readonly (keyof I & string)[]): BertInputs {
  readOptions(name, [...BERT_INPUTS, ...own], inputs);
  return Object.fromEntries(Object.entries(inputs).filter(([key]) => !own.includes(key as keyof I & string)));
}

/** Logits of every token, for those that are masked. Shape: inputIds [B, T] int64 -> logits [B, T, V]. `labels` [B, T]: -100 where nothing is asked.
 *  Source: Devlin et al. 2018, arXiv:1810.04805; transformers.BertForMaskedLM. */
export class BertForMaskedLM extends BertPretrainedModel {
  readonly bert: BertModel;
  readonly cls: BertOnlyMLMHead;

  constructor(fields: Partial<BertConfig> = {}) {
    super(fields);
    this.bert = new BertModel(this.config, { addPoolingLayer: false });
    this.cls = new BertOnlyMLMHead(this.config);
    this.postInit();
    tieDecoder(this);
  }

  override get tiedKeys(): Readonly<Record<string, string>> {
    return this.config.tie_word_embeddings ? TIED : {};
  }

  forward(inputIds: Tensor | undefined, inputs: LabelledBertInputs = {}): HeadOutput {
    const below = inputsBelow('BertForMaskedLM', inputs, ['labels']);
    const { lastHiddenState, hiddenStates } = this.bert.forward(inputIds, below);
    const logits = this.cls.forward(lastHiddenState); // [B, T, V]
    return { loss: inputs.labels && tokenLoss(logits, inputs.labels), logits, hiddenStates };
  }
}

export interface BertForPreTrainingOutput {
  /** Where both labels were given: the sum of both losses. Shape: []. */
  readonly loss: Tensor | undefined;
  /** Shape: [B, T, V]. */
  readonly predictionLogits: Tensor;
  /** Shape: [B, 2]. */
  readonly seqRelationshipLogits: Tensor;
  readonly hiddenStates: readonly Tensor[] | undefined;
}

/** Logits of every token, and of whether the second sentence follows the first (0) or not (1). Shape: inputIds [B, T] int64 -> [B, T, V] and [B, 2].
 *  Source: Devlin et al. 2018, arXiv:1810.04805; transformers.BertForPreTraining. */
export class BertForPreTraining extends BertPretrainedModel {
  readonly bert: BertModel;
  readonly cls: BertPreTrainingHeads;

  constructor(fields: Partial<BertConfig> = {}) {
    super(fields);
    this.bert = new BertModel(this.config);
    this.cls = new BertPreTrainingHeads(this.config);
    this.postInit();
    tieDecoder(this);
  }

  override get tiedKeys(): Readonly<Record<string, string>> {
    return this.config.tie_word_embeddings ? TIED : {};
  }

  /** @throws {TypeError} for one of the labels without the other. */
  forward(
    inputIds: Tensor | undefined,
    inputs: LabelledBertInputs & { nextSentenceLabel?: Tensor | undefined } = {},
  ): BertForPreTrainingOutput {
    const below = inputsBelow('BertForPreTraining', inputs, ['labels', 'nextSentenceLabel']);
    const { labels, nextSentenceLabel } = inputs;
    if ((labels === undefined) !== (nextSentenceLabel === undefined))
      throw new TypeError('Cannot apply BertForPreTraining: expected labels and nextSentenceLabel, got one of them');
    const { lastHiddenState, poolerOutput, hiddenStates } = this.bert.forward(inputIds, below);
    const [predictionLogits, seqRelationshipLogits] = this.cls.forward(lastHiddenState, poolerOutput!);
    const loss =
      labels && nextSentenceLabel
        ? tokenLoss(predictionLogits, labels).add(tokenLoss(seqRelationshipLogits, nextSentenceLabel))
        : undefined;
    return { loss, predictionLogits, seqRelationshipLogits, hiddenStates };
  }
}

/** Logits of the sequence's classes, from the pooler. Shape: inputIds [B, T] int64 -> logits [B, K].
 *  Source: Devlin et al. 2018, arXiv:1810.04805; transformers.BertForSequenceClassification.
 *  @example
 *  import { BertForSequenceClassification } from 'sconce/models';
 *  const sizes = { vocab_size: 100, hidden_size: 8, num_hidden_layers: 2, num_attention_heads: 2, intermediate_size: 16 };
 *  const model = new BertForSequenceClassification({ ...sizes, num_labels: 3 });
 *  model.forward(tensor([[1n, 2n, 3n]])).logits.shape; // [1, 3] */
export class BertForSequenceClassification extends BertPretrainedModel {
  readonly bert: BertModel;
  readonly dropout: Dropout;
  readonly classifier: Linear;

  constructor(fields: Partial<BertConfig> & { readonly num_labels?: number } = {}) {
    super(fields);
    const { config } = this;
    this.bert = new BertModel(config);
    this.dropout = new Dropout(config.classifier_dropout ?? config.hidden_dropout_prob);
    this.classifier = new Linear(config.hidden_size, numLabels(config));
    this.postInit();
  }

  forward(inputIds: Tensor | undefined, inputs: LabelledBertInputs = {}): HeadOutput {
    const below = inputsBelow('BertForSequenceClassification', inputs, ['labels']);
    const { poolerOutput, hiddenStates } = this.bert.forward(inputIds, below);
    const logits = this.classifier.forward(this.dropout.forward(poolerOutput!)); // [B, K]
    const { labels } = inputs;
    return { loss: labels && sequenceLoss(logits, labels, this.config.problem_type), logits, hiddenStates };
  }
}

/** Logits of a class for every token. Shape: inputIds [B, T] int64 -> logits [B, T, K]. Source: transformers.BertForTokenClassification. */
export class BertForTokenClassification extends BertPretrainedModel {
  readonly bert: BertModel;
  readonly dropout: Dropout;
  readonly classifier: Linear;

  constructor(fields: Partial<BertConfig> & { readonly num_labels?: number } = {}) {
    super(fields);
    const { config } = this;
    this.bert = new BertModel(config, { addPoolingLayer: false });
    this.dropout = new Dropout(config.classifier_dropout ?? config.hidden_dropout_prob);
    this.classifier = new Linear(config.hidden_size, numLabels(config));
    this.postInit();
  }

  forward(inputIds: Tensor | undefined, inputs: LabelledBertInputs = {}): HeadOutput {
    const below = inputsBelow('BertForTokenClassification', inputs, ['labels']);
    const { lastHiddenState, hiddenStates } = this.bert.forward(inputIds, below);
    const logits = this.classifier.forward(this.dropout.forward(lastHiddenState)); // [B, T, K]
    return { loss: inputs.labels && tokenLoss(logits, inputs.labels), logits, hiddenStates };
  }
}

export interface BertForQuestionAnsweringOutput {
  /** Where both positions were given. Shape: []. */
  readonly loss: Tensor | undefined;
  /** Shape: [B, T]. */
  readonly startLogits: Tensor;
  /** Shape: [B, T]. */
  readonly endLogits: Tensor;
  readonly hiddenStates: readonly Tensor[] | undefined;
}

/** Logits of the first and the last token of an answer. Shape: inputIds [B, T] int64 -> [B, T] twice. Positions outside the sequence count for nothing.
 *  Source: transformers.BertForQuestionAnswering. */
export class BertForQuestionAnswering extends BertPretrainedModel {
  readonly bert: BertModel;
  readonly qa_outputs: Linear;

  /** @throws {RangeError} for a configuration of other than two labels. */
  constructor(fields: Partial<BertConfig> = {}) {
    super(fields);
    if (numLabels(this.config) !== 2)
      throw new RangeError(`Cannot make BertForQuestionAnswering: expected 2 labels, got ${numLabels(this.config)}`);
    this.bert = new BertModel(this.config, { addPoolingLayer: false });
    this.qa_outputs = new Linear(this.config.hidden_size, 2);
    this.postInit();
  }

  /** @throws {TypeError} for one of the positions without the other. */
  forward(
    inputIds: Tensor | undefined,
    inputs: BertInputs & { startPositions?: Tensor | undefined; endPositions?: Tensor | undefined } = {},
  ): BertForQuestionAnsweringOutput {
    const below = inputsBelow('BertForQuestionAnswering', inputs, ['startPositions', 'endPositions']);
    const { startPositions, endPositions } = inputs;
    if ((startPositions === undefined) !== (endPositions === undefined))
      throw new TypeError('Cannot apply BertForQuestionAnswering: expected both positions, got one of them');
    const { lastHiddenState, hiddenStates } = this.bert.forward(inputIds, below);
    const logits = this.qa_outputs.forward(lastHiddenState); // [B, T, 2]
    const [startLogits, endLogits] = logits
      .split(1, { dim: -1 })
      .map((part) => part.squeeze({ dim: -1 }).contiguous()) as [Tensor, Tensor];
    const length = startLogits.size(1);
    const lossOf = (scores: Tensor, positions: Tensor): Tensor =>
      crossEntropy(scores, positions.clamp({ min: 0, max: length }), { ignoreIndex: length });
    const loss =
      startPositions && endPositions
        ? lossOf(startLogits, startPositions).add(lossOf(endLogits, endPositions)).div(2)
        : undefined;
    return { loss, startLogits, endLogits, hiddenStates };
  }
}
