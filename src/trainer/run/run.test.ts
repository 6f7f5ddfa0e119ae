// A run's folder around real fits: its log when it is new, resumed, or begun from another run's checkpoint, and who may write to it.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readRun } from '../../tracking/read-run.ts';
import { readSummary } from '../../tracking/summary.ts';
import { temporaryFolder, tinyLoader, tinyTrainer } from '../testing/tiny.ts';
import { TrainingRun } from './run.ts';

const loaders = () => ({ trainLoaders: [tinyLoader(6)] });

async function newRun(): Promise<TrainingRun> {
  const run = new TrainingRun(join(temporaryFolder(), 'run'), { isResumed: false });
  await run.create({ options: { lr: 1 } });
  return run;
}

describe('TrainingRun', () => {
  test('keeps configuration, log, checkpoints, summary and report of a fit', async () => {
    const run = await newRun();
    const config = { logEveryNSteps: 2, logging: { logSystemMetrics: false } };
    await tinyTrainer({ run, config }).trainer.fit({ ...loaders(), maxEpochs: 2 });
    const report = await run.finish({
      status: 'finished',
      exitCode: 0,
      report: { title: 'A run', counts: { rows: 6 } },
    });
    expect(report).toBe(join(run.folder, 'report.html'));
    expect(readFileSync(report!, 'utf8')).toContain('A run');
    const { metrics, events, summary, ...read } = await readRun(run.folder);
    expect(read.config).toEqual({ options: { lr: 1 } });
    // Every second step, and the rest of each epoch.
    expect(metrics.map(({ step, epoch }) => [step, epoch])).toEqual([
      [2, 0],
      [3, 0],
      [4, 1],
      [6, 1],
      [6, 1],
    ]);
    expect(events.map(({ event }) => event).filter((event) => event !== 'checkpointStarted')).toEqual([
      'checkpointSaved',
      'checkpointSaved',
      'finished',
    ]);
    expect(summary).toMatchObject({
      status: 'finished',
      clocks: { step: 6, microStep: 6, epoch: 2 },
      counts: { rows: 6 },
    });
    expect(summary!.durations.epochsMs.length).toBe(2);
  });

  test('has in its summary, and by itself, what its metrics say about how it went', async () => {
    const run = await newRun();
    const { trainer, model } = tinyTrainer({ run, config: { hooks: { enableDiagnosis: false } } });
    trainer.setTrainingStep(({ clocks }, _batch) => ({
      loss: model.first.weight
        .sum()
        .mul(0)
        .add(10 ** clocks.epoch),
    }));
    await trainer.fit({ ...loaders(), maxEpochs: 3 });
    await run.finish({ status: 'finished', exitCode: 0 });
    expect(run.diagnosis.map(({ rule }) => rule)).toEqual(['loss-exploding']);
    expect((await readSummary(run.folder))!.diagnosis).toEqual(run.diagnosis);
  });

  test('shows what was added to its report, before what the experiment gives, which has the last word', async () => {
    const run = await newRun();
    await tinyTrainer({ run }).trainer.fit(loaders());
    const text = (title: string) => ({ kind: 'text', title, text: title }) as const;
    run.addToReport({ title: 'First', headline: ['train/loss'], counts: { rows: 6 }, sections: [text('One')] });
    run.addToReport({ title: 'Second', better: { 'train/loss': 'min' }, sections: [text('Two')] });
    const report = { counts: { columns: 2 }, sections: [text('Three')] };
    const page = readFileSync((await run.finish({ status: 'finished', exitCode: 0, report }))!, 'utf8');
    expect(page).toMatch(/<h1>Second<\/h1>.*<h2>One<\/h2>.*<h2>Two<\/h2>.*<h2>Three<\/h2>/s);
    const { summary } = await readRun(run.folder);
    expect(summary).toMatchObject({ counts: { rows: 6, columns: 2 }, best: { 'train/loss': { step: 3 } } });
    expect(page).toContain('<span class="note">best, step 3</span>');
  });

  test('begun from another run’s checkpoint says so in a log of its own', async () => {
    const [first, second] = [await newRun(), await newRun()];
    await tinyTrainer({ run: first }).trainer.fit(loaders());
    const resumeFromCheckpoint = join(first.checkpointFolder, 'latest.ckpt');
    await tinyTrainer({ run: second }).trainer.fit({ ...loaders(), maxEpochs: 2, resumeFromCheckpoint });
    await second.finish({ status: 'finished', exitCode: 0 });
    const { events, metrics } = await readRun(second.folder);
    expect(events[0]).toMatchObject({ event: 'resumed', step: 3, dropped: [] });
    expect(events[0]!.event === 'resumed' && join(second.folder, events[0]!.checkpoint!)).toBe(resumeFromCheckpoint);
    expect(metrics.map(({ step }) => step)).toEqual([6]);
    await first.finish({ status: 'finished', exitCode: 0 });
  });

  test('logs for one trainer: the same one again, not another', async () => {
    const run = await newRun();
    const { trainer } = tinyTrainer({ run });
    await trainer.fit(loaders());
    await trainer.fit({ ...loaders(), maxEpochs: 2 });
    await expect(
      tinyTrainer({ run }).trainer.fit({
        ...loaders(),
        resumeFromCheckpoint: join(run.checkpointFolder, 'latest.ckpt'),
      }),
    ).rejects.toThrow(
      /^Cannot log to run ".*": expected one trainer, got a second one; run it without `run`, or in an experiment of its own$/,
    );
    await run.finish({ status: 'finished', exitCode: 0 });
    expect((await readRun(run.folder)).metrics.map(({ step }) => step)).toEqual([3, 6]);
  });

  test('that failed before it logged has a summary that says why; one that was to be resumed stays as it was', async () => {
    const run = await newRun();
    expect(await run.finish({ status: 'failed', exitCode: 1, message: 'no data' })).toBeUndefined();
    const summary = await readSummary(run.folder);
    expect(summary).toMatchObject({ status: 'failed', message: 'no data', clocks: { step: 0 }, final: {} });
    expect(existsSync(join(run.folder, 'metrics.jsonl'))).toBe(false);
    const again = new TrainingRun(run.folder, { isResumed: true });
    await again.finish({ status: 'failed', exitCode: 1, message: 'parts are missing' });
    expect((await readSummary(run.folder))?.message).toBe('no data');
  });

  test('warns of a checkpoint folder that it does not use', async () => {
    const run = await newRun();
    await tinyTrainer({ run, config: { checkpoint: { rootDir: join(run.folder, 'other') } } }).trainer.fit(loaders());
    await run.finish({ status: 'finished', exitCode: 0 });
    const { events } = await readRun(run.folder);
    expect(events[0]).toMatchObject({
      event: 'warning',
      message: `checkpoint.rootDir changes nothing: the run keeps its checkpoints in "${run.checkpointFolder}"`,
    });
    expect(existsSync(join(run.folder, 'other'))).toBe(false);
  });
});
