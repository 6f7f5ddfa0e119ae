// The example that fine-tunes a Hugging Face folder: its sentences, the folder that it makes, and a few of its steps.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { manualSeed, optim, scope, tensor } from 'sconce';
import { BertForSequenceClassification, PretrainedTokenizer } from 'sconce/models';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeFolder } from '../../examples/fine-tune/folder.ts';
import { allOpinions } from '../../examples/fine-tune/sentences.ts';

let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'sconce-fine-tune-'));
  manualSeed(0);
  await makeFolder(folder);
});
afterAll(() => rmSync(folder, { recursive: true }));

describe('the fine-tuning example', () => {
  it('has as many good sentences as bad ones, and turns opinions round', () => {
    const opinions = allOpinions();
    expect([opinions.length, opinions.filter(({ label }) => label === 1).length]).toEqual([3840, 1920]);
    const labels = new Map(opinions.map(({ text, label }) => [text, label]));
    expect(labels.get('the plot was dull !')).toBe(0);
    expect(labels.get('the plot was never dull !')).toBe(1);
    expect(labels.get('the plot was not great !')).toBe(0);
  });

  it('tokenizes every word of them', async () => {
    const tokenizer = await PretrainedTokenizer.fromPretrained(folder);
    const { tokens } = tokenizer.encode('The plot was not dull !');
    expect(tokens).toEqual(['[CLS]', 'the', 'plot', 'was', 'not', 'dull', '!', '[SEP]']);
    const unknown = tokenizer.tokenToId('[UNK]')!;
    expect(allOpinions().filter(({ text }) => tokenizer.encode(text).ids.includes(unknown))).toEqual([]);
  });

  it('learns from them with a head that is new', async () => {
    manualSeed(1);
    const tokenizer = await PretrainedTokenizer.fromPretrained(folder);
    const fresh = { fresh: ['classifier', 'bert.pooler'], drop: ['cls'] };
    const model = await BertForSequenceClassification.fromPretrained(folder, fresh);
    const opinions = allOpinions().slice(0, 16);
    const { inputIds, ...inputs } = tokenizer.batch(opinions.map(({ text }) => text));
    const labels = tensor(
      opinions.map(({ label }) => label),
      { dtype: 'int64' },
    );
    const optimizer = new optim.AdamW(model.train().parameters(), { lr: 3e-3 });
    const losses = Array.from({ length: 30 }, () =>
      scope(() => {
        const loss = model.forward(inputIds, { ...inputs, labels }).loss!;
        optimizer.zeroGrad();
        loss.backward();
        optimizer.step();
        return loss.item();
      }),
    );
    expect(losses[0]).toBeGreaterThan(0.5);
    expect(losses.at(-1)).toBeLessThan(0.1);
  });

  it('says what is missing and what is left over, and how to do without', async () => {
    await expect(BertForSequenceClassification.fromPretrained(folder)).rejects.toThrow(
      /missing: bert\.pooler\.dense\.weight, .*classifier\.bias; list them in fresh to start them anew\n {2}unexpected: cls\.predictions\.bias, .*list them in drop/,
    );
  });
});
