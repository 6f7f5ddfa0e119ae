// The configuration of GPT-2, field by field as config.json has it.

import { activationNames } from './activations.ts';
import {
  type ConfigSchema,
  count,
  flag,
  oneOf,
  optional,
  positive,
  probability,
  readConfig,
  token,
  tokens,
} from './config-fields.ts';
import type { ModelConfig } from './pretrained-model.ts';

/** Source: transformers.GPT2Config. */
export interface GPT2Config extends ModelConfig {
  readonly vocab_size: number;
  /** Longest sequence. */
  readonly n_positions: number;
  /** Width. */
  readonly n_embd: number;
  readonly n_layer: number;
  readonly n_head: number;
  /** Width of the perceptrons' hidden layer; null for 4 times the width. */
  readonly n_inner: number | null;
  readonly activation_function: string;
  readonly resid_pdrop: number;
  readonly embd_pdrop: number;
  readonly attn_pdrop: number;
  readonly layer_norm_epsilon: number;
  /** Divide the products of queries and keys by the root of a head's width. */
  readonly scale_attn_weights: boolean;
  /** Divide them by the layer's number too. */
  readonly scale_attn_by_inverse_layer_idx: boolean;
  /** Compute attention in float32, whatever the model's dtype. */
  readonly reorder_and_upcast_attn: boolean;
  readonly bos_token_id: number | null;
  readonly eos_token_id: number | readonly number[] | null;
  readonly pad_token_id: number | null;
  readonly classifier_dropout: number | null;
}

/** What a GPT-2's config.json may say. */
export const gpt2Schema: ConfigSchema = {
  modelType: 'gpt2',
  fields: {
    vocab_size: { check: count, default: 50257 },
    n_positions: { check: count, default: 1024 },
    n_embd: { check: count, default: 768 },
    n_layer: { check: count, default: 12 },
    n_head: { check: count, default: 12 },
    n_inner: { check: optional(count), default: null },
    activation_function: { check: oneOf(activationNames), default: 'gelu_new' },
    resid_pdrop: { check: probability, default: 0.1 },
    embd_pdrop: { check: probability, default: 0.1 },
    attn_pdrop: { check: probability, default: 0.1 },
    layer_norm_epsilon: { check: positive, default: 1e-5 },
    initializer_range: { check: positive, default: 0.02 },
    scale_attn_weights: { check: flag, default: true },
    scale_attn_by_inverse_layer_idx: { check: flag, default: false },
    reorder_and_upcast_attn: { check: flag, default: false },
    bos_token_id: { check: optional(token), default: 50256 },
    eos_token_id: { check: optional(tokens), default: 50256 },
    pad_token_id: { check: optional(token), default: null },
    classifier_dropout: { check: optional(probability), default: null },
  },
  fixed: {},
  // The summary_… fields are for GPT2DoubleHeadsModel, which is not here; n_ctx was n_positions once.
  inert: [
    ...['summary_type', 'summary_use_proj', 'summary_activation', 'summary_proj_to_labels', 'summary_first_dropout'],
    ...['n_ctx', 'output_past', 'predict_special_tokens'],
  ],
  aliases: {
    hidden_size: 'n_embd',
    max_position_embeddings: 'n_positions',
    num_attention_heads: 'n_head',
    num_hidden_layers: 'n_layer',
  },
};

/** A whole configuration from the fields that differ from GPT-2 small.
 *  @throws {ConfigError} that lists every field that is unknown or out of range.
 *  @example
 *  import { gpt2Config } from 'sconce/models';
 *  gpt2Config({ n_layer: 2 }).n_head; // 12
 *  gpt2Config({ n_layers: 2 } as object); // throws ConfigError: Cannot read a gpt2 configuration: expected fields of gpt2, got the unknown "n_layers"; list it in ignoreConfigFields if it changes nothing */
export function gpt2Config(fields: Partial<GPT2Config> & { readonly num_labels?: number } = {}): GPT2Config {
  return readConfig(gpt2Schema, fields) as unknown as GPT2Config;
}
