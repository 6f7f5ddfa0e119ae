// The models that a Hugging Face folder can be loaded into, by the name in `architectures` of its config.json.

import { join } from 'node:path';
import { ConfigError } from '../errors.ts';
import { BertModel } from './bert.ts';
import {
  BertForMaskedLM,
  BertForPreTraining,
  BertForQuestionAnswering,
  BertForSequenceClassification,
  BertForTokenClassification,
} from './bert-heads.ts';
import { GPT2Model } from './gpt2.ts';
import { GPT2ForSequenceClassification, GPT2ForTokenClassification, GPT2LMHeadModel } from './gpt2-heads.ts';
import { type LoadOptions, loadFolder } from './load-folder.ts';
import type { PretrainedClass, PretrainedModel } from './pretrained-model.ts';
import { ResNetForImageClassification, ResNetModel } from './resnet-model.ts';
import { ViTForImageClassification, ViTModel } from './vit.ts';
import { readJsonObject } from './weight-files.ts';

const CLASSES: readonly unknown[] = [
  ...[GPT2Model, GPT2LMHeadModel, GPT2ForSequenceClassification, GPT2ForTokenClassification],
  ...[BertModel, BertForMaskedLM, BertForPreTraining],
  ...[BertForSequenceClassification, BertForTokenClassification, BertForQuestionAnswering],
  ...[ViTModel, ViTForImageClassification, ResNetModel, ResNetForImageClassification],
];

/** Model classes by their names in config.json. */
export const architectures: Readonly<Record<string, PretrainedClass>> = Object.fromEntries(
  (CLASSES as readonly PretrainedClass[]).map((modelClass) => [modelClass.name, modelClass]),
);

/** Loads a folder into the class that its config.json names. `GPT2LMHeadModel.fromPretrained(folder)` and so on load into a class of one's choice.
 *  @throws {ConfigError} for an architecture that is not here.  @throws {CheckpointError} as `fromPretrained` does.
 *  Source: transformers.AutoModel. */
export async function loadPretrained(folder: string, options: LoadOptions = {}): Promise<PretrainedModel> {
  const { architectures: names } = await readJsonObject(join(folder, 'config.json'));
  const name = Array.isArray(names) && names.length === 1 ? (names[0] as unknown) : undefined;
  const known = typeof name === 'string' && Object.hasOwn(architectures, name) ? architectures[name] : undefined;
  if (known) return loadFolder(known, folder, options);
  throw new ConfigError(`load "${folder}"`, [
    `expected config.json with one architecture of ${Object.keys(architectures).join(', ')}, got ${JSON.stringify(names) ?? 'none'}`,
  ]);
}
