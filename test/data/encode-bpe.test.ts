// Text files to tokens by a tokenizer of sconce/models, the same as encoding each document, and back.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { encodeToFile, TokenDataset } from 'sconce/data';
import { PretrainedTokenizer } from 'sconce/models';
import { expect, it } from 'vitest';

/** A byte-level BPE of a few merges, with a special token that the post-processor would put before each text. */
const letters = [..."abcdefghijklmnopqrstuvwxyz,.'Ġ"];
const merges = ['t h', 'th e', 'Ġ the', 'Ġ a', 'n d', 'Ġa nd'];
const words = ['<|end|>', ...letters, ...merges.map((merge) => merge.replace(' ', ''))];
const file = {
  model: { type: 'BPE', vocab: Object.fromEntries(words.map((word, id) => [word, id])), merges },
  pre_tokenizer: { type: 'ByteLevel', add_prefix_space: false, trim_offsets: true, use_regex: true },
  decoder: { type: 'ByteLevel', add_prefix_space: true, trim_offsets: true, use_regex: true },
  added_tokens: [
    { id: 0, content: '<|end|>', special: true, single_word: false, lstrip: false, rstrip: false, normalized: false },
  ],
  post_processor: {
    type: 'TemplateProcessing',
    single: [{ SpecialToken: { id: '<|end|>', type_id: 0 } }, { Sequence: { id: 'A', type_id: 0 } }],
    pair: [{ Sequence: { id: 'A', type_id: 0 } }, { Sequence: { id: 'B', type_id: 0 } }],
    special_tokens: { '<|end|>': { id: '<|end|>', ids: [0], tokens: ['<|end|>'] } },
  },
};

it('encodeToFile() takes a PretrainedTokenizer, leaves out its special tokens, and ends documents itself', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'sconce-bpe-'));
  try {
    const encoder = await PretrainedTokenizer.fromJson(file);
    const documents = ['the cat and the hat', 'and then', 'a'];
    writeFileSync(join(folder, 'text.txt'), documents.join('\n'));
    const endToken = encoder.tokenToId('<|end|>')!;
    const path = join(folder, 'text.bin');
    const info = await encodeToFile(join(folder, 'text.txt'), path, { encoder, endToken, documents: 'line' });
    expect(info).toMatchObject({ dtype: 'uint8', numDocuments: 3, vocabSize: words.length, endToken: 0 });
    const dataset = await TokenDataset.open(path, { blockSize: info.numTokens - 1, isInMemory: true });
    const { input, target } = await dataset.get(0);
    const tokens = [...(input.toArray() as number[]), ...(target.toArray() as number[]).slice(-1)];
    const encoded = documents.map((text) => encoder.encode(text, { addSpecialTokens: false }).ids);
    expect(tokens).toEqual(encoded.flatMap((ids) => [...ids, 0]));
    expect(encoded[0]!.length).toBeLessThan(documents[0]!.length); // merges were made
    expect(encoder.encode('a').ids).toEqual([0, ...encoder.encode('a', { addSpecialTokens: false }).ids]);
    expect(encoder.decode(tokens, { skipSpecialTokens: false })).toBe(
      documents.map((text) => `${text}<|end|>`).join(''),
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
});
