// Makes a Hugging Face folder to begin from: a small BERT with random weights, and a tokenizer of whole words. Any other BERT's folder does as well.
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { BertForMaskedLM } from 'sconce/models';
import { allWords } from './sentences.ts';

const SPECIAL = ['[PAD]', '[UNK]', '[CLS]', '[SEP]', '[MASK]'];

/** Writes config.json, model.safetensors, tokenizer.json and tokenizer_config.json. */
export async function makeFolder(folder: string): Promise<void> {
  const vocabulary = [...SPECIAL, ...allWords()];
  const model = new BertForMaskedLM({
    vocab_size: vocabulary.length,
    hidden_size: 64,
    num_hidden_layers: 2,
    num_attention_heads: 4,
    intermediate_size: 128,
    max_position_embeddings: 32,
  });
  await model.savePretrained(folder);
  const named = (name: string) => ({ id: SPECIAL.indexOf(name), ids: [SPECIAL.indexOf(name)], tokens: [name] });
  const piece = (id: string) => ({ SpecialToken: { id, type_id: 0 } });
  const flags = { single_word: false, lstrip: false, rstrip: false, normalized: false, special: true };
  const tokenizer = {
    version: '1.0',
    truncation: null,
    padding: null,
    added_tokens: SPECIAL.map((content, id) => ({ id, content, ...flags })),
    normalizer: {
      type: 'BertNormalizer',
      clean_text: true,
      handle_chinese_chars: true,
      strip_accents: null,
      lowercase: true,
    },
    pre_tokenizer: { type: 'BertPreTokenizer' },
    post_processor: {
      type: 'TemplateProcessing',
      single: [piece('[CLS]'), { Sequence: { id: 'A', type_id: 0 } }, piece('[SEP]')],
      pair: [
        ...[piece('[CLS]'), { Sequence: { id: 'A', type_id: 0 } }, piece('[SEP]')],
        ...[{ Sequence: { id: 'B', type_id: 1 } }, { SpecialToken: { id: '[SEP]', type_id: 1 } }],
      ],
      special_tokens: { '[CLS]': { ...named('[CLS]'), id: '[CLS]' }, '[SEP]': { ...named('[SEP]'), id: '[SEP]' } },
    },
    decoder: { type: 'WordPiece', prefix: '##', cleanup: true },
    model: {
      type: 'WordPiece',
      unk_token: '[UNK]',
      continuing_subword_prefix: '##',
      max_input_chars_per_word: 100,
      vocab: Object.fromEntries(vocabulary.map((word, id) => [word, id])),
    },
  };
  const names = {
    pad_token: '[PAD]',
    unk_token: '[UNK]',
    cls_token: '[CLS]',
    sep_token: '[SEP]',
    mask_token: '[MASK]',
  };
  const config = { tokenizer_class: 'PreTrainedTokenizerFast', model_max_length: 32, ...names };
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'tokenizer.json'), JSON.stringify(tokenizer));
  await writeFile(join(folder, 'tokenizer_config.json'), JSON.stringify(config, undefined, 2));
}
