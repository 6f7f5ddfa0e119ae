// EarlyStopping in real fits: what ends a run and when, what a resume keeps of it, and every option that is wrong.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { ConfigError } from '../../errors.ts';
import type { GenericTrainerConfig } from '../config/types.generated.ts';
import type { Callback } from '../loop/events.ts';
import { temporaryFolder, tinyLoader, tinyTrainer, weightsOf } from '../testing/tiny.ts';
import { EarlyStopping, type EarlyStoppingOptions } from './early-stopping.ts';

interface Ended {
  readonly epochs: number;
  readonly stopping: EarlyStopping;
  readonly lines: string;
}

/** A run of ten epochs at most whose validation gives these losses, one an epoch. */
async function runWith(losses: readonly number[], options: EarlyStoppingOptions): Promise<Ended> {
  let lines = '';
  const stream = { write: (text: string) => (lines += text) };
  const stopping = new EarlyStopping({ monitor: 'val/score', ...options, ...(options.verbose ? { stream } : {}) });
  const { trainer } = tinyTrainer({ callbacks: [stopping] });
  trainer.setValidationStep(() => ({ score: losses[trainer.currentEpoch] ?? 0 }));
  await trainer.fit({ trainLoaders: [tinyLoader(2)], valLoaders: [tinyLoader(2)], maxEpochs: losses.length });
  return { epochs: trainer.currentEpoch, stopping, lines };
}

describe('EarlyStopping', () => {
  test.each<[string, readonly number[], EarlyStoppingOptions, number, string | undefined]>([
    ['counts what is not better', [3, 2, 2, 2.5, 1], { patience: 2 }, 4, 'has not improved on 2 in 2 measurements'],
    ['begins to count again', [3, 2, 2.5, 1, 1.5, 0], { patience: 2 }, 6, undefined],
    ['asks for more than minDelta', [1, 0.9, 0.8, 0.7, 0.6], { patience: 2, minDelta: 0.2 }, 3, 'on 1 in'],
    ['is exact at minDelta', [1, 0.75, 0.5], { patience: 1, minDelta: 0.25 }, 2, 'on 1 in 1 measurement'],
    ['goes up', [1, 2, 2, 3], { patience: 1, mode: 'max' }, 3, 'on 2 in 1 measurement'],
    ['goes up by minDelta', [1, 1.05, 2], { patience: 1, mode: 'max', minDelta: 0.1 }, 2, 'on 1 in 1'],
    ['is content', [3, 2, 1, 0], { threshold: 1.5 }, 3, 'is 1, better than 1.5'],
    ['gives up', [3, 9, 1, 0], { divergence: 8 }, 2, 'is 9, worse than 8'],
    ['gives up on small values', [3, -9, 1], { divergence: -8, mode: 'max' }, 2, 'is -9, worse than -8'],
    ['refuses nan', [3, Number.NaN, 1], {}, 2, 'is NaN'],
    ['refuses infinity', [3, Number.POSITIVE_INFINITY, 1], {}, 2, 'is Infinity'],
    ['counts nan', [Number.NaN, 3, Number.NaN, 2], { checkFinite: false, patience: 2 }, 4, undefined],
    [
      'counts nan alone',
      [Number.NaN, Number.NaN, 2],
      { checkFinite: false, patience: 2 },
      2,
      'was never a number in 2',
    ],
  ])('%s', async (_, losses, options, epochs, reason) => {
    const ended = await runWith(losses, options);
    expect(ended.epochs).toBe(epochs);
    if (reason === undefined) expect(ended.stopping.stopReason).toBeUndefined();
    else expect(ended.stopping.stopReason).toMatch(new RegExp(`^EarlyStopping: val/score .*${reason}`));
  });

  test('says what it sees where it is asked to', async () => {
    const { lines } = await runWith([3, 2, 2], { patience: 1, verbose: true });
    expect(lines.split('\n')).toEqual([
      'EarlyStopping: val/score improved from nothing to 3',
      'EarlyStopping: val/score improved from 3 to 2',
      'Stopped by EarlyStopping: val/score has not improved on 2 in 1 measurement',
      '',
    ]);
  });

  test('takes the spelling of systems that came before, and lists what there is for a metric that never comes', async () => {
    await runWith([3, 2], { monitor: 'val_score' });
    const wrong = runWith([3, 2], { monitor: 'val_loss' });
    await expect(wrong).rejects.toThrow(
      'Cannot stop early: callbacks.EarlyStopping.monitor: expected one of train/loss, train/dl_dl0/loss, val/score, val/dl_val_dl0/score, got "val_loss"',
    );
    await expect(wrong).rejects.toThrow(ConfigError);
  });

  test('waits for the first validation where epochs before have none', async () => {
    const stopping = new EarlyStopping({ patience: 1 });
    const { trainer } = tinyTrainer({ config: { validateEveryNEpochs: 3 }, callbacks: [stopping] });
    await trainer.fit({ trainLoaders: [tinyLoader(2)], valLoaders: [tinyLoader(2)], maxEpochs: 3 });
    expect(stopping.best).toBeGreaterThan(0);
  });

  test('finds the metric missing at the end of the first epoch where nobody validates', async () => {
    const { trainer } = tinyTrainer({ callbacks: [new EarlyStopping()] });
    await expect(trainer.fit({ trainLoaders: [tinyLoader(2)], maxEpochs: 9 })).rejects.toThrow(
      'expected one of train/loss, train/dl_dl0/loss, got "val/loss"',
    );
    expect(trainer.currentEpoch).toBe(0);
  });

  test('leaves the best weights in the model where it is asked to', async () => {
    const seen: number[][] = [];
    const watch: Callback = { name: 'watch', measured: ({ model }) => void seen.push(weightsOf(model)) };
    const stopping = new EarlyStopping({ monitor: 'val/score', patience: 2, restoreBest: true });
    const { trainer, model } = tinyTrainer({ callbacks: [stopping, watch] });
    trainer.setValidationStep(() => ({ score: [3, 1, 2, 2][trainer.currentEpoch]! }));
    await trainer.fit({ trainLoaders: [tinyLoader(4)], valLoaders: [tinyLoader(2)], maxEpochs: 9 });
    expect(trainer.currentEpoch).toBe(4);
    expect(weightsOf(model)).toEqual(seen[1]);
    expect(seen[3]).not.toEqual(seen[1]);
  });

  /** Runs to `epochs`, in a folder that may have checkpoints, whose validation gives these losses. */
  async function resumed(
    losses: readonly number[],
    epochs: number,
    folder: string,
  ): Promise<Ended & { weights: number[] }> {
    const config: GenericTrainerConfig = { checkpoint: { rootDir: folder, saveEveryNEpochs: 1 } };
    const stopping = new EarlyStopping({ monitor: 'val/score', patience: 3, restoreBest: true });
    const { trainer, model } = tinyTrainer({ config, callbacks: [stopping] });
    trainer.setValidationStep(() => ({ score: losses[trainer.currentEpoch]! }));
    const latest = join(folder, 'experiment', 'latest.ckpt');
    const from = existsSync(latest) ? { resumeFromCheckpoint: latest } : {};
    await trainer.fit({ trainLoaders: [tinyLoader(4)], valLoaders: [tinyLoader(2)], maxEpochs: epochs, ...from });
    return { epochs: trainer.currentEpoch, stopping, lines: '', weights: weightsOf(model) };
  }

  test('counts on in a run that is resumed, to the same end', async () => {
    const losses = [5, 4, 6, 6, 6, 1];
    const whole = await resumed(losses, 6, temporaryFolder());
    const folder = temporaryFolder();
    await resumed(losses, 3, folder);
    const { epochs, stopping, weights } = await resumed(losses, 6, folder);
    expect([epochs, stopping.best, stopping.count]).toEqual([5, 4, 3]);
    expect([whole.epochs, whole.stopping.best, whole.stopping.count]).toEqual([5, 4, 3]);
    expect(weights).toEqual(whole.weights);
    // It stays ended, whatever the limit is now.
    const again = await resumed(losses, 99, folder);
    expect([again.epochs, again.stopping.stopReason]).toEqual([5, stopping.stopReason]);
  });

  test('lists every option that is wrong', () => {
    const wrong = {
      patience: 0,
      mode: 'up',
      minDelta: -1,
      threshold: Number.NaN,
      name: '',
      wait: 3,
      stream: { write: () => true },
    };
    expect(() => new EarlyStopping(wrong as never)).toThrow(
      [
        'Cannot make EarlyStopping: 7 problems',
        'wait: expected one of monitor, patience, mode, minDelta, threshold, divergence, checkFinite, restoreBest, verbose, stream, name, got an unknown key',
        'patience: expected an integer above 0, got 0',
        'mode: expected min or max, got "up"',
        'minDelta: expected a number from 0 on, got -1',
        'threshold: expected a finite number, got NaN',
        'stream: expected none without verbose, got an object',
        'name: expected a text that is not empty, got ""',
      ].join('\n  - '),
    );
  });
});
