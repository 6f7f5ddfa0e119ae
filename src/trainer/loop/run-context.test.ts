// What callbacks measure of a batch is logged and kept like a step's own values.
import { expect, test } from 'vitest';
import { tensor } from '../../tensor/index.ts';
import { KeptLog } from '../testing/kept-log.ts';
import { tinyLoader, tinyTrainer } from '../testing/tiny.ts';
import type { Callback } from './events.ts';
import type { LoopContext } from './loop-context.ts';

test('measure() adds to the means of the batches that have it, at log points and in the epoch', async () => {
  const log = new KeptLog();
  const values = [1, 2, 4, 8];
  const callback: Callback = {
    name: 'every second batch',
    forwardEnd: ({ clocks, measure }) => {
      const value = values[clocks.microStep / 2];
      if (value !== undefined) measure({ own: tensor(value), nested: { number: value } });
    },
  };
  const { trainer } = tinyTrainer({ callbacks: [callback], loggers: [log], config: { logEveryNSteps: 4 } });
  const [record] = await trainer.fit({ trainLoaders: [tinyLoader(16)] });
  expect(record).toMatchObject({ 'train/own': 15 / 4, 'train/nested.number': 15 / 4 });
  expect(log.series('train/own')).toEqual([
    [4, 1.5],
    [8, 6],
  ]);
});

test('measure() refuses what belongs to no training batch', async () => {
  const errors: unknown[] = [];
  const attempt = ({ measure }: LoopContext): void => {
    try {
      measure({ own: 1 });
    } catch (error) {
      errors.push(String(error));
    }
  };
  const callback: Callback = { name: 'early', fitStart: attempt, validationBatchEnd: attempt };
  const { trainer } = tinyTrainer({ callbacks: [callback] });
  await trainer.fit({ trainLoaders: [tinyLoader(2)], valLoaders: [tinyLoader(2)] });
  expect(errors).toEqual(Array(2).fill('RangeError: Cannot measure values: expected a training batch, got none'));
});
