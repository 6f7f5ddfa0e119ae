// The architectures by the names that configuration files have for them.
import { expect, test } from 'vitest';
import { Registry } from '../trainer/parts/registry.ts';
import { modelParts } from './parts.ts';

const registry = new Registry().add(modelParts, 'sconce/models');

test('modelParts makes architectures with the options of their functions', async () => {
  const resnet = await registry.build('model', { type: 'resnet18', num_classes: 3 }, {});
  expect(resnet.parameters().at(-1)!.shape).toEqual([3]);
  await expect(registry.build('model', { type: 'resnet18', classes: 3 }, {})).rejects.toThrow(/classes/);
});

test('modelParts makes models of transformers from the fields of a config.json', async () => {
  const config = { n_layer: 1, n_head: 2, n_embd: 8, vocab_size: 11, n_positions: 4 };
  const model = await registry.build('model', { type: 'GPT2LMHeadModel', config }, {});
  expect(model.parameters()[0]!.shape).toEqual([11, 8]);
  expect(registry.check('model', { type: 'GPT2LMHead' })[0]!.text).toMatch(/did you mean GPT2LMHeadModel\?$/);
});
