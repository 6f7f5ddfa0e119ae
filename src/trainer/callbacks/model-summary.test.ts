// ModelSummary in a fit.
import { expect, test } from 'vitest';
import { summary } from '../../nn/index.ts';
import { ones } from '../../tensor/index.ts';
import type { Logger } from '../../tracking/logger.ts';
import { TinyModel, tinyLoader, tinyTrainer } from '../testing/tiny.ts';
import { ModelSummary, summarizeModel } from './model-summary.ts';

test('ModelSummary prints the table when the first fit begins, with what is frozen, and gives it to loggers', async () => {
  let printed = '';
  const texts: string[] = [];
  const stream = { write: (text: string) => (printed += text) };
  const logger: Logger = {
    name: 'texts',
    logMetrics: () => {},
    logText: (key, text) => void texts.push(`${key}: ${text}\n`),
    close: () => {},
  };
  const table = new ModelSummary({ inputSize: [5, 3], stream });
  const { trainer, model } = tinyTrainer({ config: { freeze: ['first.*'] }, callbacks: [table], loggers: [logger] });
  for (const maxEpochs of [1, 2]) await trainer.fit({ trainLoaders: [tinyLoader(2)], maxEpochs });
  const shown = summary(model, { inputSize: [5, 3] });
  expect([shown.numTrainable, shown.rows[1]!.outputShapes]).toEqual([5, [[5, 4]]]);
  expect(printed).toBe(`${shown}\n`);
  expect(texts).toEqual([`model_summary: ${printed}`]);
});

test('summarizeModel() runs alone, with an input or without', () => {
  expect(summarizeModel(new TinyModel()).rows[1]!.outputShapes).toEqual([]);
  expect(summarizeModel(new TinyModel(), ones([2, 3])).rows[2]!.outputShapes).toEqual([[2, 1]]);
  expect(() => new ModelSummary({ input: ones([1]), inputSize: [1], depth: -1 })).toThrow(
    [
      'Cannot make ModelSummary: 2 problems',
      'inputSize: expected none beside input, got [1]',
      'depth: expected an integer from 0 on, got -1',
    ].join('\n  - '),
  );
});
