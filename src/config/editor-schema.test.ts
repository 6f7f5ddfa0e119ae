// The editors' schema and the printed file say what the reader takes.
// biome-ignore-all lint/suspicious/noTemplateCurlyInString: variables as configurations have them

import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { parseDocument } from './document.ts';
import { editorSchema } from './editor-schema.ts';
import { printConfig } from './print-config.ts';
import { experimentOf } from './read-experiment.ts';

describe('editorSchema()', () => {
  const schema = z.fromJSONSchema(editorSchema() as Parameters<typeof z.fromJSONSchema>[0]);

  it.each([
    { max_time: '1h30m', performance: { clip_grad_norm: 0.5, useAmp: true }, model: 'mlp' },
    {
      seed: '${SEED}',
      averaging: null,
      model: { type: 'mlp', hidden: 3 },
      optimizers: ['sgd', { type: 'adam', lr: 1 }],
    },
    {
      extends: ['a.yaml'],
      $schema: './x.json',
      train_loader_config: { weight_schedule: { points: [{ batch: 0, weights: [1] }] } },
    },
  ])('takes what the reader takes: %j', (file) => {
    expect(schema.safeParse(file).error).toBeUndefined();
  });

  it.each([
    { max_tim: 3 },
    { seed: -1 },
    { performance: { clip_grad_norm: 'big' } },
    { validation: { frequency: 'sometimes' } },
    { averaging: { decay: 0.5 } },
    { model: { hidden: 3 } },
    { log_every_n_steps: 0 },
  ])('marks what the reader refuses: %j', (file) => {
    expect(schema.safeParse(file).success).toBe(false);
  });

  it('has a description for every field', () => {
    const bare: string[] = [];
    const look = (value: unknown, path: string): void => {
      if (typeof value !== 'object' || value === null) return;
      for (const [key, inner] of Object.entries(value)) {
        if (key === 'properties')
          for (const [name, field] of Object.entries(inner as object))
            if (name !== '$schema' && !(field as { description?: string }).description) bare.push(`${path}.${name}`);
        look(inner, `${path}.${key}`);
      }
    };
    look(editorSchema(), '');
    expect(bare).toEqual([]);
  });
});

describe('printConfig()', () => {
  const config = {
    seed: 3,
    performance: { clipGradNorm: 0.5, precision: 'bf16-mixed' as const },
    customParams: { aB: 1, a_b: ['$x', '${HOME}', '$$', '$HOME', 'yes', '1'] },
    model: { type: 'mlp', hiddenSize: 2, hidden_size: 3 },
    training: { maxEpochs: 2 },
  };

  it.each(['yaml', 'json'] as const)('writes %s that reads as the same again', async (format) => {
    for (const spelling of ['snake_case', 'camelCase'] as const) {
      const text = await printConfig(config, { format, spelling });
      const { experiment, problems } = experimentOf(await parseDocument(text, { format, environment: {} }));
      expect(problems).toEqual([]);
      expect(experiment).toMatchObject({
        config: { seed: 3, performance: config.performance },
        customParams: config.customParams,
        parts: { model: config.model },
        maxEpochs: 2,
      });
    }
  });
});
