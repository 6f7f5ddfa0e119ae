// The progress of real fits on a stream: what is shown, and that the line is left in order however the fit ends.
import { describe, expect, test } from 'vitest';
import type { Callback } from '../loop/events.ts';
import { type TinyBatch, tinyLoader, tinyTrainer } from '../testing/tiny.ts';
import { ProgressCallback } from './progress.ts';

/** What a fit with these callbacks shows on a terminal, control codes included. */
async function shown(callbacks: readonly Callback[], isLive = true): Promise<{ text: string; error: unknown }> {
  let text = '';
  const stream = { isTTY: isLive, columns: 100, write: (part: string) => (text += part) };
  const { trainer } = tinyTrainer({
    callbacks: [new ProgressCallback({ stream, metrics: ['train/loss', 'val/loss'] }), ...callbacks],
  });
  const fit = trainer.fit({ trainLoaders: [tinyLoader(6)], valLoaders: [tinyLoader(4)], maxEpochs: 2 });
  const error = await fit.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  return { text, error };
}

describe('ProgressCallback', () => {
  test('leaves one line an epoch where there is no terminal', async () => {
    const { text, error } = await shown([], false);
    expect(error).toBeUndefined();
    expect(text.split('\n')).toEqual([
      expect.stringMatching(/^epoch 1\/2 .* train\/loss \S+ +val\/loss \S+$/),
      expect.stringMatching(/^epoch 2\/2 .* train\/loss \S+ +val\/loss \S+$/),
      '',
    ]);
  });

  for (const [how, callback] of Object.entries<Callback>({
    'is interrupted': { name: 'x', batchEnd: () => process.kill(process.pid, 'SIGINT') },
    'fails in a step': {
      name: 'x',
      batchEnd: () => {
        throw new Error('no');
      },
    },
    'fails in a validation': { name: 'x', validationEnd: () => Promise.reject(new Error('no')) },
    'fails at its start': { name: 'x', fitStart: () => Promise.reject(new Error('no')) },
    'is completed': { name: 'x' },
  })) {
    test(`ends its line when the fit ${how}`, async () => {
      // So that there is a bar on the screen at the end.
      const slow: Callback = { name: 'slow', epochStart: () => new Promise((resolve) => setTimeout(resolve, 120)) };
      const { text, error } = await shown([slow, callback]);
      expect(error === undefined).toBe(how === 'is completed');
      expect(text === '' || text.endsWith('\n')).toBe(true);
      expect(text === '').toBe(how === 'fails at its start');
    });
  }

  test('leaves a line for each validation inside an epoch', async () => {
    let text = '';
    const stream = { write: (part: string) => (text += part) };
    const { trainer } = tinyTrainer({
      config: { validation: { frequency: 'every_n_steps', everyNSteps: 2 } },
      callbacks: [new ProgressCallback({ stream, metrics: ['train/loss', 'val/loss'] })],
    });
    await trainer.fit({ trainLoaders: [tinyLoader(10)], valLoaders: [tinyLoader(4)] });
    expect(text.split('\n')).toEqual([
      expect.stringMatching(/^step 2 +validated +val\/loss \S+$/),
      expect.stringMatching(/^step 4 +validated +val\/loss \S+$/),
      expect.stringMatching(/^epoch 1\/1 .* train\/loss \S+$/),
      '',
    ]);
  });

  test('shows the values of a single loader once', async () => {
    let text = '';
    const callbacks = [new ProgressCallback({ stream: { write: (part: string) => (text += part) } })];
    const { trainer } = tinyTrainer({ callbacks });
    await trainer.fit({ trainLoaders: [tinyLoader(6)], maxEpochs: 1 });
    expect(text.match(/train\/\S+/g)).toEqual(['train/loss']);
  });

  test('shows evaluations and predictions outside of a fit, over all their loaders, each with an end', async () => {
    let text = '';
    const stream = { isTTY: true, columns: 60, write: (part: string) => (text += part) };
    const { trainer } = tinyTrainer({ callbacks: [new ProgressCallback({ stream })] });
    trainer.setPredictStep((_trainer, { x }: TinyBatch) => x);
    const loaders = () => [tinyLoader(6), tinyLoader(3)];
    const last = (): string => {
      const codes = text.split('\r').at(-1)!.split('\u001b');
      return codes.map((part, k) => (k === 0 ? part : part.replace(/^\[\d*[A-Za-z]/, ''))).join('');
    };
    await trainer.validate({ loaders: loaders() });
    expect(last()).toMatch(/^validate {2}━+ {2}5\/5 .* batches\/s\n$/);
    await trainer.predict({ loaders: loaders(), limitBatches: 1 });
    expect(last()).toMatch(/^predict {2}━+ {2}2\/2 .*\n$/);
  });

  test('shows warnings on a line of their own', async () => {
    let text = '';
    const { trainer } = tinyTrainer({
      config: { checkpoint: { maxCheckpoints: 2 } },
      callbacks: [new ProgressCallback({ stream: { write: (part: string) => (text += part) } })],
    });
    await trainer.fit({ trainLoaders: [tinyLoader(2)] });
    expect(text).toMatch(
      /^warning: checkpoint changes nothing without checkpoint.rootDir: no checkpoints are written\n/,
    );
  });
});
