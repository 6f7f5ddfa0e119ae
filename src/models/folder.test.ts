// Folders without a Python beside them: written and read again, files of every kind, and everything that can be wrong with them.
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Module, StateDict } from '../nn/module.ts';
import { loadSafetensors, saveSafetensors } from '../serial/safetensors.ts';
import { save } from '../serial/tensors.ts';
import { manualSeed, ones, zeros } from '../tensor/index.ts';
import * as models from './index.ts';

const GPT2 = { vocab_size: 20, n_positions: 8, n_embd: 8, n_layer: 1, n_head: 2, eos_token_id: 3 };
const BERT = {
  ...{ vocab_size: 20, hidden_size: 8, num_hidden_layers: 1, num_attention_heads: 2, intermediate_size: 16 },
  max_position_embeddings: 8,
};
const VIT = {
  ...{ image_size: [8, 16] as const, patch_size: 4, hidden_size: 8, num_hidden_layers: 1, num_attention_heads: 2 },
  intermediate_size: 16,
};
const RESNET = { embedding_size: 4, hidden_sizes: [8], depths: [1] };

let root: string;
let folder: string;
let numFolders = 0;
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'sconce-folders-'));
});
afterAll(() => rmSync(root, { recursive: true }));
beforeEach(() => {
  folder = join(root, String(numFolders++));
  manualSeed(numFolders);
});

const weights = (state: StateDict): unknown =>
  Object.fromEntries(Object.entries(state).map(([name, tensor]) => [name, [tensor.dtype, tensor.toArray()]]));

const configPath = (): string => join(folder, 'config.json');
const config = (): Record<string, unknown> => JSON.parse(readFileSync(configPath(), 'utf8')) as Record<string, unknown>;
const setConfig = (fields: object): void => writeFileSync(configPath(), JSON.stringify({ ...config(), ...fields }));

/** Weights of the folder, changed and written again. */
async function change(alter: (state: Record<string, StateDict[string]>) => void): Promise<void> {
  const path = join(folder, 'model.safetensors');
  const state = { ...(await loadSafetensors(path)) };
  alter(state);
  await saveSafetensors(state, path, { metadata: { format: 'pt' } });
}

describe('a folder', () => {
  it.each([
    new models.GPT2Model(GPT2),
    new models.GPT2LMHeadModel(GPT2),
    new models.GPT2LMHeadModel({ ...GPT2, tie_word_embeddings: false }),
    new models.GPT2ForSequenceClassification({ ...GPT2, num_labels: 3 }),
    new models.GPT2ForTokenClassification(GPT2),
    new models.BertModel(BERT),
    new models.BertForMaskedLM(BERT),
    new models.BertForPreTraining(BERT),
    new models.BertForSequenceClassification({ ...BERT, id2label: { 0: 'no', 1: 'yes', 2: 'maybe' } }),
    new models.BertForTokenClassification(BERT),
    new models.BertForQuestionAnswering(BERT),
    new models.ViTModel(VIT),
    new models.ViTForImageClassification({ ...VIT, qkv_bias: false }),
    new models.ResNetModel(RESNET),
    new models.ResNetForImageClassification({ ...RESNET, layer_type: 'basic', downsample_in_first_stage: true }),
  ])('comes back as what it was: $constructor.name', async (model) => {
    await model.savePretrained(folder);
    const loaded = await models.loadPretrained(folder);
    expect(loaded.constructor).toBe(model.constructor);
    expect(loaded.config).toEqual(model.config);
    expect(weights(loaded.stateDict())).toEqual(weights(model.stateDict()));
    expect(loaded.training).toBe(false);
  });

  it('has the names of transformers 4 in the files of a ViT', async () => {
    await new models.ViTForImageClassification(VIT).savePretrained(folder);
    const names = Object.keys(await loadSafetensors(join(folder, 'model.safetensors')));
    expect(names).toContain('vit.encoder.layer.0.attention.attention.query.weight');
    expect(names).toContain('vit.encoder.layer.0.output.dense.bias');
  });

  it('writes tied weights once, reads them under either name, and refuses two that differ', async () => {
    await new models.GPT2LMHeadModel(GPT2).savePretrained(folder);
    await change((state) => {
      expect(Object.keys(state)).not.toContain('lm_head.weight');
      state['lm_head.weight'] = state['transformer.wte.weight']!;
      delete state['transformer.wte.weight'];
    });
    const model = await models.GPT2LMHeadModel.fromPretrained(folder);
    expect(model.lm_head.weight === model.transformer.wte.weight).toBe(true);
    await change((state) => {
      state['transformer.wte.weight'] = zeros([20, 8]);
    });
    await expect(models.GPT2LMHeadModel.fromPretrained(folder)).rejects.toThrow(
      '"lm_head.weight": expected the same as "transformer.wte.weight", got another',
    );
    await models.GPT2LMHeadModel.fromPretrained(folder, { config: { tie_word_embeddings: false } });
  });

  it('is read in shards and from pytorch_model.bin, with the masks of older files', async () => {
    const model = new models.GPT2LMHeadModel(GPT2);
    await model.savePretrained(folder, { maxShardBytes: 1500 });
    expect(readdirSync(folder).filter((name) => name.endsWith('.safetensors')).length).toBeGreaterThan(2);
    expect(weights((await models.loadPretrained(folder)).stateDict())).toEqual(weights(model.stateDict()));
    for (const name of readdirSync(folder)) if (name.includes('safetensors')) rmSync(join(folder, name));
    const masks = { 'h.0.attn.bias': ones([1, 1, 8, 8]), 'h.0.attn.masked_bias': zeros([]) };
    await save({ ...model.transformer.stateDict(), ...masks }, join(folder, 'pytorch_model.bin'));
    expect(weights((await models.loadPretrained(folder)).stateDict())).toEqual(weights(model.stateDict()));
    const index = { weight_map: { 'wte.weight': '../elsewhere.bin' } };
    rmSync(join(folder, 'pytorch_model.bin'));
    writeFileSync(join(folder, 'pytorch_model.bin.index.json'), JSON.stringify(index));
    await expect(models.loadPretrained(folder)).rejects.toThrow('expected weight_map to name .bin files beside it');
  });

  it('loads a model without its head, and a head over a model without one', async () => {
    const masked = new models.BertForMaskedLM(BERT);
    await masked.savePretrained(folder);
    const bare = await models.BertModel.fromPretrained(folder, { drop: ['cls'], fresh: ['pooler'] });
    expect(weights(bare.encoder.stateDict())).toEqual(weights(masked.bert.encoder.stateDict()));
    await bare.savePretrained(folder);
    const options = { fresh: ['classifier'], config: { num_labels: 4 } };
    const headed = await models.BertForSequenceClassification.fromPretrained(folder, options);
    expect(weights(headed.bert.stateDict())).toEqual(weights(bare.stateDict()));
    expect(headed.classifier.outFeatures).toBe(4);
  });

  it('renames what the first BERTs had', async () => {
    const model = new models.BertForMaskedLM(BERT);
    await model.savePretrained(folder);
    await change((state) => {
      for (const name of Object.keys(state)) {
        const old = name.replace('LayerNorm.weight', 'LayerNorm.gamma').replace('LayerNorm.bias', 'LayerNorm.beta');
        const tensor = state[name]!;
        delete state[name];
        state[old] = tensor;
      }
      state['bert.embeddings.position_ids'] = zeros([1, 8], { dtype: 'int64' });
    });
    expect(weights((await models.loadPretrained(folder)).stateDict())).toEqual(weights(model.stateDict()));
  });

  it('gives the dtype of config.json, else of the weights, or the one that is asked for', async () => {
    const dtypeOf = (model: Module): string => model.parameters()[0]!.dtype;
    await new models.BertModel(BERT).to({ dtype: 'bfloat16' }).savePretrained(folder);
    expect(config().dtype).toBe('bfloat16');
    expect(dtypeOf(await models.loadPretrained(folder))).toBe('bfloat16');
    expect(dtypeOf(await models.loadPretrained(folder, { dtype: 'float64' }))).toBe('float64');
    setConfig({ dtype: undefined });
    expect(dtypeOf(await models.loadPretrained(folder))).toBe('bfloat16');
    await expect(models.loadPretrained(folder, { dtype: 'int64' })).rejects.toThrow('expected a floating dtype');
  });

  it('keeps fields that have no effect here for the next time', async () => {
    await new models.GPT2LMHeadModel(GPT2).savePretrained(folder);
    setConfig({ task_specific_params: { a: 1 }, summary_type: 'first', transformers_version: '4.0', n_ctx: 8 });
    const model = await models.loadPretrained(folder);
    await model.savePretrained(folder);
    expect(config()).toMatchObject({ task_specific_params: { a: 1 }, summary_type: 'first', n_ctx: 8 });
    expect(config()).not.toHaveProperty('transformers_version');
  });
});

describe('what is wrong with a folder', () => {
  beforeEach(async () => {
    await new models.GPT2LMHeadModel(GPT2).savePretrained(folder);
  });

  it('missing or damaged files are named', async () => {
    await expect(models.loadPretrained(join(folder, 'none'))).rejects.toThrow(/Cannot read ".*none\/config\.json"/);
    writeFileSync(configPath(), '{');
    await expect(models.loadPretrained(folder)).rejects.toThrow(/config\.json": expected JSON, got/);
    writeFileSync(configPath(), '[1]');
    await expect(models.loadPretrained(folder)).rejects.toThrow(/expected a JSON object, got \[1\]/);
    await new models.GPT2LMHeadModel(GPT2).savePretrained(folder);
    rmSync(join(folder, 'model.safetensors'));
    await expect(models.loadPretrained(folder)).rejects.toThrow(
      'expected model.safetensors, model.safetensors.index.json, pytorch_model.bin or pytorch_model.bin.index.json, got none',
    );
    await save([1, 2], join(folder, 'pytorch_model.bin'));
    await expect(models.loadPretrained(folder)).rejects.toThrow('expected tensors by name, got no dictionary of them');
    await save({ a: 1 }, join(folder, 'pytorch_model.bin'));
    await expect(models.loadPretrained(folder)).rejects.toThrow('expected tensors by name, got "a" that is none');
    await expect(models.PretrainedTokenizer.fromPretrained(folder)).rejects.toThrow(
      /tokenizer\.json": expected a JSON/,
    );
  });

  it('architectures that are not here are refused', async () => {
    setConfig({ architectures: ['LlamaForCausalLM'], model_type: 'llama' });
    await expect(models.loadPretrained(folder)).rejects.toThrow(
      /one architecture of GPT2Model, .*, got \["LlamaForCausalLM"\]/,
    );
    await expect(models.GPT2Model.fromPretrained(folder)).rejects.toThrow('with model_type "gpt2", got "llama"');
  });

  it('fields that change what is computed are refused, unknown ones unless they are named', async () => {
    setConfig({ attention_sinks: 4 });
    await expect(models.loadPretrained(folder)).rejects.toThrow('got the unknown "attention_sinks"');
    await models.loadPretrained(folder, { ignoreConfigFields: ['attention_sinks'] });
    setConfig({ add_cross_attention: true });
    await expect(models.loadPretrained(folder, { ignoreConfigFields: ['attention_sinks'] })).rejects.toThrow(
      'expected add_cross_attention of false',
    );
  });

  it('keys and shapes that do not fit are listed together', async () => {
    await change((state) => {
      state['transformer.extra.weight'] = ones([1]);
      state.toString = ones([1]) as never;
      state['transformer.ln_f.weight'] = ones([9]);
      delete state['transformer.wpe.weight'];
    });
    const problem = models.loadPretrained(folder);
    await expect(problem).rejects.toThrow('missing: transformer.wpe.weight; list them in fresh');
    await expect(problem).rejects.toThrow(
      /unexpected: (toString, transformer\.extra\.weight|transformer\.extra\.weight, toString); list them in drop/,
    );
    await expect(problem).rejects.toThrow('"transformer.ln_f.weight": expected shape [8], got [9]');
    await models.loadPretrained(folder, {
      fresh: ['transformer.wpe', 'transformer.ln_f.weight'],
      drop: ['transformer.extra', 'toString'],
    });
    await expect(models.loadPretrained(folder, { strict: false } as object)).rejects.toThrow('got "strict"');
  });

  it('tokenizers say what they lack', async () => {
    const model = { type: 'WordLevel', vocab: { to: 0, be: 1, '[CLS]': 2 } };
    const file = { model, pre_tokenizer: { type: 'Whitespace' } };
    const tokenizer = await models.PretrainedTokenizer.fromJson(file);
    expect(() => tokenizer.encode('to go')).toThrow('expected tokens of the vocabulary, got "go"');
    expect(() => tokenizer.batch(['to', 'to be'])).toThrow('expected a pad_token in tokenizer_config.json, got none');
    expect(tokenizer.batch(['to', 'to be'], { padTokenId: 2, paddingSide: 'left' }).inputIds.toArray()).toEqual([
      [2, 0],
      [0, 1],
    ]);
    expect(() => tokenizer.batch([])).toThrow('expected texts, got none');
    expect(() => tokenizer.batch([['to', 'be to be']], { maxLength: 3 })).toThrow('shorten one of the texts');
    expect(() => tokenizer.decode([0.5])).toThrow('expected token ids of one sequence');
    await expect(tokenizer.savePretrained(folder)).rejects.toThrow('expected one that came from a folder');
    await expect(models.PretrainedTokenizer.fromJson({ model: { type: 'Odd' } })).rejects.toThrow(
      'Cannot make a tokenizer',
    );
  });
});
