// Names of values outside of the loop: the same ones in the log, the history, to callbacks and to monitors of either spelling.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { MeanMetric } from '../../metrics/index.ts';
import { ReduceLROnPlateau } from '../../optim/index.ts';
import { EarlyStopping } from '../callbacks/early-stopping.ts';
import type { Callback } from '../loop/events.ts';
import { KeptLog } from '../testing/kept-log.ts';
import { type TinyBatch, temporaryFolder, tinyLoader, tinyLoss, tinyTrainer } from '../testing/tiny.ts';
import { MetricNames } from './metric-names.ts';
import { weighted } from './weighted-value.ts';

const naming = (name: string): string => name.replace('train/dl_', 'train_dl_').replace(/^(train|val)\//, '$1_');

describe('GenericTrainer with metricNaming', () => {
  const named = (rootDir: string, callbacks: Callback[] = []) => {
    const log = new KeptLog();
    const gathered = new MeanMetric({ name: 'score/all' });
    const { trainer, model, optimizer } = tinyTrainer({
      metricNaming: naming,
      loggers: [log],
      callbacks,
      valMetrics: [gathered],
      trainMetrics: [new MeanMetric({ name: 'none' })],
      config: {
        logEveryNSteps: 1,
        checkpoint: {
          ...{ rootDir, monitorMetric: 'val_score/all', monitorMode: 'max', keepTopK: 1, maxCheckpoints: 1 },
          filenameTemplate: 'epoch={epoch}-val_loss={val_loss:.3f}-{step}.ckpt',
        },
        logging: { logPerLoaderMetrics: false, logSystemMetrics: false },
        profileTraining: false,
      },
    });
    trainer.setTrainingStep((_trainer, batch: TinyBatch) => {
      const loss = tinyLoss(model, batch);
      return { loss, 'loss/odd': weighted(loss.detach(), batch.row.remainder(2).sum()), phase: 'warm' };
    });
    trainer.setValidationStep((_trainer, batch: TinyBatch) => {
      gathered.update(model.forward(batch.x));
      return { loss: tinyLoss(model, batch) };
    });
    return { trainer, log, optimizer };
  };

  test('log, history, callbacks, monitors, schedules, names of files and validate() have its names alone', async () => {
    const heard = new Set<string>();
    const note = (_context: unknown, values: object): void => {
      for (const name of Object.keys(values)) heard.add(name);
    };
    const listener: Callback = {
      name: 'listener',
      measured: note,
      epochEnd: note,
      logged: note,
      validationEnd: (_context, result) => note(_context, result!.values),
    };
    const stopping = new EarlyStopping({ monitor: 'val/score/all', mode: 'max', patience: 99 });
    const rootDir = temporaryFolder();
    const { trainer, log, optimizer } = named(rootDir, [listener, stopping]);
    trainer.setSchedulers([
      { scheduler: new ReduceLROnPlateau(optimizer, { patience: 0, factor: 0.5 }), monitor: 'val/loss' },
    ]);
    const history = await trainer.fit({
      ...{ trainLoaders: [tinyLoader(5)], valLoaders: [tinyLoader(4)], valLoaderNames: ['v'], maxEpochs: 2 },
    });
    const own = ['train_loss', 'train_loss/odd', 'val_loss', 'val_score/all'];
    expect(Object.keys(history[1]!)).toEqual(expect.arrayContaining([...own, 'train_dl_dl0/loss', 'val_dl_v/loss']));
    const strange = [
      ...heard,
      ...Object.keys(history[1]!),
      ...log.metrics.flatMap(({ values }) => Object.keys(values)),
    ];
    expect(strange.filter((name) => /(^|\/)(train|val)\//.test(name))).toEqual([]);
    for (const name of own) expect(log.series(`epoch_summary/${name}`)).toHaveLength(2);
    expect(log.series('train_loss')).toHaveLength(6);
    expect(log.metrics.some(({ values }) => 'train_dl_dl0/loss' in values)).toBe(false); // as the configuration says
    expect(stopping.best).toBe(Math.max(...history.map((epoch) => epoch['val_score/all']!)));
    expect(trainer.history).toEqual(history);
    const loss = history[1]!.val_loss!.toFixed(3);
    expect(readdirSync(join(rootDir, 'experiment'))).toContain(`epoch=2-val_loss=${loss}-6.ckpt`);
    expect(Object.keys(await trainer.validate({ loaders: [tinyLoader(4)] }))).toContain('val_score/all');
  });

  test('refuses a monitor that nobody measures, with the names outside', async () => {
    const { trainer } = named(temporaryFolder(), [new EarlyStopping({ monitor: 'val_nothing' })]);
    await expect(
      trainer.fit({ trainLoaders: [tinyLoader(4)], valLoaders: [tinyLoader(4)], valLoaderNames: ['v'] }),
    ).rejects.toThrow(/monitor: expected one of .*train_loss.*val_score\/all.*, got "val_nothing"/);
  });
});

describe('MetricNames', () => {
  test('leaves out what gets no name', () => {
    const names = new MetricNames((name) => (name === 'train/loss' ? undefined : name));
    expect(names.outer({ 'train/loss': 1, 'val/loss': 2 })).toEqual({ 'val/loss': 2 });
  });

  test('refuses two values of one name', () => {
    const names = new MetricNames((name) => name.split('/')[0]!);
    expect(() => names.outer({ 'train/loss': 1, 'train/accuracy': 2 })).toThrow(
      'Cannot name values: expected metricNaming to give each a name of its own, got "train" for "train/accuracy" and for "train/loss"',
    );
    expect(() => new MetricNames((() => 5) as never).outer({ a: 1 })).toThrow('got 5 for "a"');
    expect(() => tinyTrainer({ metricNaming: 'snake' as never })).toThrow(
      'metricNaming: expected a function, got "snake"',
    );
  });
});
