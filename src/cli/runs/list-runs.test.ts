// What the metrics of a run say stands in its summary, and is listed with it.
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { TrainingRun } from '../../trainer/run/run.ts';
import { temporaryFolder, tinyLoader, tinyTrainer } from '../../trainer/testing/tiny.ts';
import { runsCommand } from '../commands/runs.ts';
import { listRuns } from './list-runs.ts';

test('a run is listed with what was found, and sconce runs counts it', async () => {
  const folder = temporaryFolder();
  for (const [name, growth] of [
    ['grows', 10],
    ['sound', 0.5],
  ] as const) {
    const run = new TrainingRun(join(folder, name), { isResumed: false });
    await run.create({ options: {} });
    const { trainer, model } = tinyTrainer({ run, config: { hooks: { enableDiagnosis: false } } });
    trainer.setTrainingStep(({ clocks }, _batch) => ({
      loss: model.first.weight
        .sum()
        .mul(0)
        .add(growth ** clocks.epoch),
    }));
    await trainer.fit({ trainLoaders: [tinyLoader(2)], maxEpochs: 3 });
    await run.finish({ status: 'finished', exitCode: 0 });
    expect(run.diagnosis.map(({ rule }) => rule)).toEqual(name === 'grows' ? ['loss-exploding'] : []);
  }
  const runs = await listRuns(folder);
  const findings = Object.fromEntries(runs.map((run) => [run.name, run.findings?.map(({ severity }) => severity)]));
  expect(findings).toEqual({ grows: ['critical'], sound: undefined });
  const lines: string[] = [];
  const { log } = console;
  console.log = (text: string) => void lines.push(text);
  try {
    await runsCommand().parseAsync([folder], { from: 'user' });
  } finally {
    console.log = log;
  }
  const rows = lines
    .join('\n')
    .split('\n')
    .map((line) => line.split(/ {2,}/));
  expect(rows[0]).toContain('findings');
  expect(rows.find(([name]) => name === 'grows')).toContain('1 critical');
  expect(rows.find(([name]) => name === 'sound')!.some((cell) => /critical|warning/.test(cell))).toBe(false);
});
