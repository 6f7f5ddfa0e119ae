// Reads config.json as transformers writes it: every field is known and checked, fixed at the one value that is supported, without effect here, or refused.

import { ConfigError } from '../errors.ts';

/** What a field may hold. */
export type FieldCheck = (value: unknown) => string | undefined;

/** A positive integer. */
export const count: FieldCheck = (value) =>
  Number.isInteger(value) && (value as number) > 0 ? undefined : 'a positive integer';
/** A probability. */
export const probability: FieldCheck = (value) =>
  typeof value === 'number' && value >= 0 && value <= 1 ? undefined : 'a number from 0 to 1';
/** A number above zero. */
export const positive: FieldCheck = (value) =>
  typeof value === 'number' && value > 0 ? undefined : 'a positive number';
export const flag: FieldCheck = (value) => (typeof value === 'boolean' ? undefined : 'true or false');
/** A row of an embedding, or of the vocabulary. */
export const token: FieldCheck = (value) =>
  Number.isInteger(value) && (value as number) >= 0 ? undefined : 'a token id';
export const tokens: FieldCheck = (value) =>
  Array.isArray(value) && value.length > 0 && value.every((id) => token(id) === undefined)
    ? undefined
    : token(value) && 'a token id or a list of them';
/** null, or what `check` takes. */
export const optional =
  (check: FieldCheck): FieldCheck =>
  (value) =>
    value === null ? undefined : (check(value) ?? undefined) && `${check(value)} or null`;
/** One of a few strings. */
export const oneOf =
  (names: readonly string[]): FieldCheck =>
  (value) =>
    typeof value === 'string' && names.includes(value) ? undefined : `one of ${names.join(', ')}`;
/** Names of classes by their index. */
export const labelNames: FieldCheck = (value) =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? undefined : 'an object of names by index';

/** What is known of an architecture's configuration. */
export interface ConfigSchema {
  /** As in config.json. */
  readonly modelType: string;
  /** Fields that are honoured, with their checks and defaults. */
  readonly fields: Readonly<Record<string, { readonly check: FieldCheck; readonly default: unknown }>>;
  /** Fields of which one value alone is supported. */
  readonly fixed: Readonly<Record<string, readonly unknown[]>>;
  /** Fields that have no effect on what is computed here. */
  readonly inert: readonly string[];
  /** Other names of fields, as transformers maps them. */
  readonly aliases?: Readonly<Record<string, string>>;
}

/** Fields of every configuration that say where it comes from, how transformers is to return things, or how its `generate` once worked by default. */
const INERT = [
  ...['architectures', 'auto_map', 'transformers_version', '_name_or_path', '_commit_hash'],
  ...['dtype', 'torch_dtype', 'use_cache', 'return_dict', 'output_hidden_states', 'output_attentions', 'torchscript'],
  ...['use_bfloat16', 'tf_legacy_loss', 'finetuning_task', 'task_specific_params', 'tokenizer_class', 'prefix'],
  ...['label2id', 'gradient_checkpointing', 'chunk_size_feed_forward', '_attn_implementation_autoset'],
  ...[
    'attn_implementation',
    '_attn_implementation',
    'sep_token_id',
    'decoder_start_token_id',
    'encoder_no_repeat_ngram_size',
  ],
  ...['max_length', 'min_length', 'do_sample', 'early_stopping', 'num_beams', 'num_beam_groups', 'diversity_penalty'],
  ...['temperature', 'top_k', 'top_p', 'typical_p', 'repetition_penalty', 'length_penalty', 'no_repeat_ngram_size'],
  ...['bad_words_ids', 'num_return_sequences', 'output_scores', 'return_dict_in_generate', 'forced_bos_token_id'],
  ...['forced_eos_token_id', 'remove_invalid_values', 'exponential_decay_length_penalty', 'suppress_tokens'],
  'begin_suppress_tokens',
];

/** Fields that belong to a file, and not to the model that is read from it. */
const WRITTEN_ANEW = [
  ...['architectures', 'auto_map', 'transformers_version', '_name_or_path', '_commit_hash', 'dtype', 'torch_dtype'],
  'label2id',
];

/** Fields of every configuration that would change the network. */
const FIXED: ConfigSchema['fixed'] = {
  is_encoder_decoder: [false],
  is_decoder: [false],
  add_cross_attention: [false],
  cross_attention_hidden_size: [null],
  tie_encoder_decoder: [false],
  pruned_heads: [{}],
  quantization_config: [null],
};

/** Fields of every configuration that are honoured. */
const SHARED: ConfigSchema['fields'] = {
  id2label: { check: labelNames, default: { 0: 'LABEL_0', 1: 'LABEL_1' } },
  problem_type: {
    check: optional(oneOf(['regression', 'single_label_classification', 'multi_label_classification'])),
    default: null,
  },
  tie_word_embeddings: { check: flag, default: true },
};

const show = (value: unknown): string => JSON.stringify(value) ?? String(value);

/** The fields that are honoured, with defaults for those that are left out.
 *  @param ignore - fields that are passed over, whatever they are.
 *  @throws {ConfigError} that lists every field that is unknown, out of range, or at a value that is not supported. */
export function readConfig(
  schema: ConfigSchema,
  given: Readonly<Record<string, unknown>>,
  ignore: readonly string[] = [],
): Record<string, unknown> {
  const fields = { ...SHARED, ...schema.fields };
  const fixed = { ...FIXED, ...schema.fixed };
  const problems: string[] = [];
  const read: Record<string, unknown> = {};
  for (const [name, field] of Object.entries(fields)) read[name] = field.default;
  for (const [givenName, value] of Object.entries(given)) {
    const { aliases = {} } = schema;
    const name = Object.hasOwn(aliases, givenName) ? aliases[givenName]! : givenName;
    if (ignore.includes(givenName) || value === undefined) continue;
    const field = Object.hasOwn(fields, name) ? fields[name] : undefined;
    if (field) {
      const wanted = field.check(value);
      if (wanted !== undefined) problems.push(`expected ${name} to be ${wanted}, got ${show(value)}`);
      else read[name] = value;
    } else if (name === 'num_labels') {
      if (count(value) === undefined) read.id2label = Object.fromEntries(labels(value as number));
      else problems.push(`expected num_labels to be a positive integer, got ${show(value)}`);
    } else if (Object.hasOwn(fixed, name)) {
      const allowed = fixed[name]!.map(show);
      if (!allowed.includes(show(value)))
        problems.push(`expected ${name} of ${allowed.join(' or ')}, the one that is supported, got ${show(value)}`);
    } else if (name === 'model_type') {
      if (value !== schema.modelType) problems.push(`expected model_type "${schema.modelType}", got ${show(value)}`);
    } else if (INERT.includes(name) || schema.inert.includes(name)) {
      if (!WRITTEN_ANEW.includes(name)) read[name] = value;
    } else {
      problems.push(
        `expected fields of ${schema.modelType}, got the unknown "${name}"; list it in ignoreConfigFields if it changes nothing`,
      );
    }
  }
  if (problems.length > 0) throw new ConfigError(`read a ${schema.modelType} configuration`, problems);
  return read;
}

const labels = (numLabels: number): [string, string][] =>
  Array.from({ length: numLabels }, (_, index) => [String(index), `LABEL_${index}`]);

/** The number of classes, as transformers counts them. */
export function numLabels(config: { readonly id2label: Readonly<Record<string, string>> }): number {
  return Object.keys(config.id2label).length;
}

/** config.json of a model, as transformers writes it. */
export function configFile(
  schema: ConfigSchema,
  config: Readonly<Record<string, unknown>>,
  architecture: string,
  dtype: string,
): Record<string, unknown> {
  const { id2label, ...rest } = config;
  const names = Object.entries(id2label as Readonly<Record<string, string>>);
  const areDefault = show(id2label) === show(SHARED.id2label!.default);
  const labelled = areDefault
    ? {}
    : { id2label, label2id: Object.fromEntries(names.map(([index, label]) => [label, Number(index)])) };
  const all = { ...rest, ...labelled, architectures: [architecture], dtype, model_type: schema.modelType };
  return Object.fromEntries(Object.entries(all).sort(([a], [b]) => (a < b ? -1 : 1)));
}
