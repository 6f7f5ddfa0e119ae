// The configuration of transformers' ViT and ResNet, field by field as config.json has it.

import { activationNames } from './activations.ts';
import {
  type ConfigSchema,
  count,
  type FieldCheck,
  flag,
  oneOf,
  optional,
  positive,
  probability,
  readConfig,
} from './config-fields.ts';
import type { ModelConfig } from './pretrained-model.ts';

/** Source: transformers.ViTConfig. */
export interface ViTConfig extends ModelConfig {
  /** Width. */
  readonly hidden_size: number;
  readonly num_hidden_layers: number;
  readonly num_attention_heads: number;
  /** Width of the perceptrons' hidden layer. */
  readonly intermediate_size: number;
  readonly hidden_act: string;
  readonly hidden_dropout_prob: number;
  readonly attention_probs_dropout_prob: number;
  readonly layer_norm_eps: number;
  /** Height and width, or one number for both; of a patch too. */
  readonly image_size: number | readonly [number, number];
  readonly patch_size: number | readonly [number, number];
  readonly num_channels: number;
  /** Whether queries, keys and values have a bias. */
  readonly qkv_bias: boolean;
  /** null for the width. */
  readonly pooler_output_size: number | null;
  readonly pooler_act: string;
}

/** Source: transformers.ResNetConfig. */
export interface ResNetConfig extends ModelConfig {
  readonly num_channels: number;
  /** Channels after the first convolution. */
  readonly embedding_size: number;
  /** Channels and blocks of each stage. */
  readonly hidden_sizes: readonly number[];
  readonly depths: readonly number[];
  readonly layer_type: 'basic' | 'bottleneck';
  readonly hidden_act: string;
  /** Whether the first stage makes pictures smaller too. */
  readonly downsample_in_first_stage: boolean;
  /** Whether a bottleneck does so in its first convolution, as the first ResNets did. */
  readonly downsample_in_bottleneck: boolean;
}

const counts: FieldCheck = (value) =>
  Array.isArray(value) && value.length > 0 && value.every((each) => count(each) === undefined)
    ? undefined
    : 'a list of positive integers';

/** One size for height and width, or one each. */
const size: FieldCheck = (value) =>
  count(value) === undefined || (Array.isArray(value) && value.length === 2 && counts(value) === undefined)
    ? undefined
    : 'a positive integer or two';

/** What a ViT's config.json may say. */
export const vitSchema: ConfigSchema = {
  modelType: 'vit',
  fields: {
    hidden_size: { check: count, default: 768 },
    num_hidden_layers: { check: count, default: 12 },
    num_attention_heads: { check: count, default: 12 },
    intermediate_size: { check: count, default: 3072 },
    hidden_act: { check: oneOf(activationNames), default: 'gelu' },
    hidden_dropout_prob: { check: probability, default: 0 },
    attention_probs_dropout_prob: { check: probability, default: 0 },
    initializer_range: { check: positive, default: 0.02 },
    layer_norm_eps: { check: positive, default: 1e-12 },
    image_size: { check: size, default: 224 },
    patch_size: { check: size, default: 16 },
    num_channels: { check: count, default: 3 },
    qkv_bias: { check: flag, default: true },
    pooler_output_size: { check: optional(count), default: null },
    pooler_act: { check: oneOf(activationNames), default: 'tanh' },
  },
  fixed: {},
  inert: ['encoder_stride'], // of the decoder for masked pictures, which is not here
};

/** What a ResNet's config.json may say. */
export const resnetSchema: ConfigSchema = {
  modelType: 'resnet',
  fields: {
    num_channels: { check: count, default: 3 },
    embedding_size: { check: count, default: 64 },
    hidden_sizes: { check: counts, default: [256, 512, 1024, 2048] },
    depths: { check: counts, default: [3, 4, 6, 3] },
    layer_type: { check: oneOf(['basic', 'bottleneck']), default: 'bottleneck' },
    hidden_act: { check: oneOf(activationNames), default: 'relu' },
    initializer_range: { check: positive, default: 0.02 },
    downsample_in_first_stage: { check: flag, default: false },
    downsample_in_bottleneck: { check: flag, default: false },
  },
  fixed: {},
  // What a backbone gives out, and a mark of the first files.
  inert: ['out_features', 'out_indices', '_out_features', '_out_indices', 'stage_names', 'reshape_last_stage'],
};

/** A whole configuration from the fields that differ from ViT base, patches of 16.
 *  @throws {ConfigError} that lists every field that is unknown or out of range. */
export function vitConfig(fields: Partial<ViTConfig> & { readonly num_labels?: number } = {}): ViTConfig {
  return readConfig(vitSchema, fields) as unknown as ViTConfig;
}

/** A whole configuration from the fields that differ from ResNet-50.
 *  @throws {ConfigError} that lists every field that is unknown or out of range. */
export function resnetConfig(fields: Partial<ResNetConfig> & { readonly num_labels?: number } = {}): ResNetConfig {
  return readConfig(resnetSchema, fields) as unknown as ResNetConfig;
}
