// The configuration of BERT, field by field as config.json has it.

import { activationNames } from './activations.ts';
import {
  type ConfigSchema,
  count,
  oneOf,
  optional,
  positive,
  probability,
  readConfig,
  token,
  tokens,
} from './config-fields.ts';
import type { ModelConfig } from './pretrained-model.ts';

/** Source: transformers.BertConfig. */
export interface BertConfig extends ModelConfig {
  readonly vocab_size: number;
  /** Width. */
  readonly hidden_size: number;
  readonly num_hidden_layers: number;
  readonly num_attention_heads: number;
  /** Width of the perceptrons' hidden layer. */
  readonly intermediate_size: number;
  readonly hidden_act: string;
  readonly hidden_dropout_prob: number;
  readonly attention_probs_dropout_prob: number;
  /** Longest sequence. */
  readonly max_position_embeddings: number;
  readonly type_vocab_size: number;
  readonly layer_norm_eps: number;
  readonly pad_token_id: number | null;
  readonly bos_token_id: number | null;
  readonly eos_token_id: number | readonly number[] | null;
  /** Dropout before a classifier; null for `hidden_dropout_prob`. */
  readonly classifier_dropout: number | null;
}

/** What a BERT's config.json may say. */
export const bertSchema: ConfigSchema = {
  modelType: 'bert',
  fields: {
    vocab_size: { check: count, default: 30522 },
    hidden_size: { check: count, default: 768 },
    num_hidden_layers: { check: count, default: 12 },
    num_attention_heads: { check: count, default: 12 },
    intermediate_size: { check: count, default: 3072 },
    hidden_act: { check: oneOf(activationNames), default: 'gelu' },
    hidden_dropout_prob: { check: probability, default: 0.1 },
    attention_probs_dropout_prob: { check: probability, default: 0.1 },
    max_position_embeddings: { check: count, default: 512 },
    type_vocab_size: { check: count, default: 2 },
    initializer_range: { check: positive, default: 0.02 },
    layer_norm_eps: { check: positive, default: 1e-12 },
    pad_token_id: { check: optional(token), default: 0 },
    bos_token_id: { check: optional(token), default: null },
    eos_token_id: { check: optional(tokens), default: null },
    classifier_dropout: { check: optional(probability), default: null },
  },
  fixed: { position_embedding_type: ['absolute'] },
  // Left by the first BERTs, whose pooler was described and never was otherwise.
  inert: [
    ...['directionality', 'pooler_fc_size', 'pooler_num_attention_heads', 'pooler_num_fc_layers'],
    ...['pooler_size_per_head', 'pooler_type', 'language', 'name'],
  ],
};

/** A whole configuration from the fields that differ from BERT base, uncased.
 *  @throws {ConfigError} that lists every field that is unknown or out of range.
 *  @example
 *  import { bertConfig } from 'sconce/models';
 *  bertConfig({ num_hidden_layers: 2 }).hidden_size; // 768 */
export function bertConfig(fields: Partial<BertConfig> & { readonly num_labels?: number } = {}): BertConfig {
  return readConfig(bertSchema, fields) as unknown as BertConfig;
}
