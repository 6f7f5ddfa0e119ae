// What a trainer tells its loggers: the run, its values at their keys, and how each fit ended.
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Logger, RunInfo } from '../../tracking/logger.ts';
import { JsonlLogger } from '../../tracking/loggers/jsonl.ts';
import { metricKeys, metricSeries, readRun } from '../../tracking/read-run.ts';
import { temporaryFolder, tinyLoader, tinyTrainer } from '../testing/tiny.ts';

const loaders = () => ({ trainLoaders: [tinyLoader(8)], valLoaders: [tinyLoader(4)] });

class Listening implements Logger {
  readonly name = 'listening';
  readonly heard: string[] = [];
  readonly runs: RunInfo[] = [];
  keys = new Set<string>();

  open(run: RunInfo): void {
    this.runs.push(run);
    this.heard.push(`open at ${run.resumedFrom?.step ?? 'the start'}`);
  }

  logMetrics(values: Readonly<Record<string, number>>): void {
    for (const key in values) this.keys.add(key);
  }

  logEvent(event: { readonly event: string }): void {
    this.heard.push(event.event);
  }

  close(end?: { readonly status: string; readonly message?: string }): void {
    this.heard.push(`${end?.status}${end?.message === undefined ? '' : `: ${end.message}`}`);
  }
}

test('a fit opens its loggers, logs steps and epochs to them, and closes them; the next fit goes on', async () => {
  const logger = new Listening();
  const { trainer } = tinyTrainer({ loggers: [logger], config: { logEveryNSteps: 1, experimentName: 'tiny' } });
  await trainer.fit({ ...loaders(), maxEpochs: 1 });
  const { step } = trainer.clocks;
  await trainer.fit({ ...loaders(), maxEpochs: 2 });
  expect(logger.heard).toEqual(['open at the start', 'finished', `open at ${step}`, 'finished']);
  expect(logger.runs[0]).toMatchObject({ name: 'tiny', folder: undefined, config: { trainer: { logEveryNSteps: 1 } } });
  expect(logger.runs[0]!.id).toMatch(/^[a-z0-9]{8}$/);
  expect(logger.runs[1]!.id).toBe(logger.runs[0]!.id);
  const keys = ['train/loss', 'val/loss', 'lr', 'epoch_summary/train/loss', 'epoch_summary/val/loss'];
  for (const key of keys) expect(logger.keys).toContain(key);
});

test('a fit that fails says so to its loggers', async () => {
  const logger = new Listening();
  const failing = {
    name: 'failing',
    epochEnd: () => {
      throw new Error('no more');
    },
  };
  const { trainer } = tinyTrainer({ loggers: [logger], callbacks: [failing] });
  await expect(trainer.fit(loaders())).rejects.toThrow('no more');
  expect(logger.heard.at(-1)).toBe('failed: no more');
});

test('a fit whose parts cannot be made opens no logger', async () => {
  const logger = new Listening();
  const { trainer } = tinyTrainer({ loggers: [logger] });
  Object.assign(trainer, {
    makeTrainingLoop: () => {
      throw new Error('no loop');
    },
  });
  await expect(trainer.fit(loaders())).rejects.toThrow('no loop');
  expect(logger.heard).toEqual([]);
});

test('a run that goes on from a checkpoint has the id that it had', async () => {
  const config = { checkpoint: { rootDir: temporaryFolder() } };
  const ids: (string | undefined)[] = [];
  for (const maxEpochs of [1, 2]) {
    const logger = new Listening();
    const { trainer } = tinyTrainer({ loggers: [logger], config });
    await trainer.fit({ ...loaders(), maxEpochs });
    ids.push(logger.runs[0]!.id);
    expect(logger.heard[0]).toBe(maxEpochs === 1 ? 'open at the start' : 'open at 4');
  }
  expect(ids[0]).toBe(ids[1]);
});

test('what a logger throws is a warning of the run', async () => {
  const said: string[] = [];
  const broken: Logger = {
    name: 'broken',
    logMetrics: () => {
      throw new Error('full');
    },
    close: () => {},
  };
  const listening = { name: 'listening', warning: (_: unknown, message: string) => void said.push(message) };
  const { trainer } = tinyTrainer({ loggers: [broken], callbacks: [listening] });
  await trainer.fit(loaders());
  expect(said).toEqual(['Logger "broken" failed in logMetrics: full']);
});

test('a callback logs at the clocks of its moment, and a JSONL log without a run goes on over fits', async () => {
  const folder = temporaryFolder();
  const callback = {
    name: 'mine',
    optimizerStepEnd: (context: Parameters<NonNullable<import('../loop/events.ts').Callback['batchEnd']>>[0]) =>
      context.logger.logMetrics({ 'mine/step': context.clocks.step }),
  };
  const logger = new JsonlLogger(join(folder, 'metrics.jsonl'));
  const { trainer } = tinyTrainer({ loggers: [logger], callbacks: [callback] });
  await trainer.fit({ ...loaders(), maxEpochs: 1 });
  await trainer.fit({ ...loaders(), maxEpochs: 2 });
  const run = await readRun(folder);
  const { steps, values } = metricSeries(run, 'mine/step');
  expect(steps).toEqual(values);
  expect(steps).toEqual(Array.from({ length: trainer.clocks.step }, (_, i) => i + 1));
  expect(metricKeys(run)).toContain('epoch_summary/val/loss');
});
