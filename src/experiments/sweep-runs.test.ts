// What lies in a sweep's folder, read as it stands at any moment.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../trainer/testing/tiny.ts';
import { GridSearchResult } from './grid-search-result.ts';
import { ProgressTable } from './progress-table.ts';
import { sweepFrom } from './sweep-file.ts';
import { lastValues, lookAt, openSweep, type SweepRun, workingProcess } from './sweep-runs.ts';

const experiment = { name: 'x', parameters: { lr: 1 } };
const record = (step: number, values: object): string =>
  `${JSON.stringify({ kind: 'metrics', step, microStep: step, epoch: 0, time: 1, values })}\n`;

test('lookAt() tells a run that has begun from one that has not, and one that was killed', async () => {
  const folder = temporaryFolder();
  expect(await lookAt(join(folder, 'none'), experiment)).toMatchObject({ status: 'pending', folder: undefined });
  mkdirSync(join(folder, '.starting-1'));
  mkdirSync(join(folder, 'run-1'));
  expect(await lookAt(folder, experiment)).toMatchObject({ status: 'pending' });
  writeFileSync(join(folder, 'run-1', 'config.json'), '{}');
  writeFileSync(
    join(folder, 'run-1', 'metrics.jsonl'),
    `{"kind":"header"}\n${record(1, { 'train/loss': 3 })}{"kind":"met`,
  );
  expect(await lookAt(folder, experiment)).toMatchObject({
    status: 'interrupted',
    folder: join(folder, 'run-1'),
    step: 1,
    final: { 'train/loss': { value: 3 } },
  });
});

test('lastValues() reads the end of a long log', async () => {
  const folder = temporaryFolder();
  const lines = Array.from({ length: 3000 }, (_, i) => record(i, { 'train/loss': i === 2999 ? 'NaN' : i }));
  writeFileSync(join(folder, 'metrics.jsonl'), `{"kind":"header"}\n${lines.join('')}`);
  expect(await lastValues(folder)).toMatchObject({
    step: 2999,
    final: { 'train/loss': { value: Number.NaN, step: 2999 } },
  });
  expect(await lastValues(join(folder, 'none'))).toEqual({});
});

test('workingProcess() finds a process that trains there, and no other one', () => {
  const folder = temporaryFolder();
  expect(workingProcess(folder)).toBe(undefined);
  writeFileSync(join(folder, 'process.json'), JSON.stringify({ pid: process.pid }));
  expect(workingProcess(folder)).toBe(undefined); // this one, which has another command line
  writeFileSync(join(folder, 'process.json'), JSON.stringify({ pid: 2 ** 22 + 1 }));
  expect(workingProcess(folder)).toBe(undefined);
});

test('openSweep() keeps names for parameters, and refuses another experiment', async () => {
  const folder = temporaryFolder();
  const asked = { experiment: 'a.ts', base: { epochs: 1 }, experiments: [experiment] };
  expect(await openSweep(folder, asked)).toEqual([experiment]);
  const later = {
    ...asked,
    experiments: [
      { name: 'other', parameters: { lr: 2 } },
      { name: 'y', parameters: { lr: 1 } },
    ],
  };
  expect(await openSweep(folder, later)).toEqual([{ name: 'other', parameters: { lr: 2 } }, experiment]);
  await expect(openSweep(folder, { ...asked, experiment: 'b.ts', base: {} })).rejects.toThrow(/2 problems/);
});

const run = (name: string, status: SweepRun['status'], value?: number): GridSearchResult['runs'][number] => ({
  ...{
    name,
    status,
    parameters: { lr: value ?? 0, kind: 'sgd' },
    folder: undefined,
    message: status === 'failed' ? 'no\ndata' : undefined,
  },
  ...{ step: 3, epoch: 0, final: {}, seconds: 1.25 },
  best: value === undefined ? undefined : { value, step: 2, epoch: 0 },
});

test('GridSearchResult ranks by the metric, whichever way is better', () => {
  const runs = [run('a', 'finished', 2), run('b', 'failed', 0), run('c', 'finished', 1), run('d', 'finished')];
  const fields = { name: 's', folder: 'f', metric: 'val/loss', interruptedBy: undefined };
  const result = new GridSearchResult({ ...fields, runs, mode: 'min' });
  expect([result.best?.name, result.successRate, result.variedKeys]).toEqual(['c', 0.75, ['lr']]);
  expect(new GridSearchResult({ ...fields, runs, mode: 'max' }).best?.name).toBe('a');
  expect(result.table().split('\n')).toEqual([
    'lr  val/loss  at step  time   status',
    '1   1         2        1.3 s  finished',
    '2   2         2        1.3 s  finished',
    '0   0         2        1.3 s  failed: no',
    '0   –         –        1.3 s  finished',
  ]);
});

test('ProgressTable writes a line for each change, and redraws a table on a terminal', () => {
  const written: string[] = [];
  const lines = new ProgressTable({ write: (text) => written.push(text) }, undefined);
  lines.update([run('a', 'pending'), run('b', 'running')]);
  lines.update([run('a', 'pending'), run('b', 'running')]);
  lines.update([run('a', 'running'), run('b', 'failed')]);
  expect(written).toEqual(['running  b\n', 'running  a\n', 'failed  b  no\n']);
  written.length = 0;
  const table = new ProgressTable({ isTTY: true, columns: 30, write: (text) => written.push(text) }, 'val/loss');
  table.update([
    run('a', 'finished'),
    { ...run('b', 'running'), final: { 'val/loss': { value: 0.5, step: 1, epoch: 0 } } },
  ]);
  table.update([run('a', 'finished')]);
  expect(written[0]!.split('\n').map((line) => line.replace('\x1b[2K', ''))).toEqual([
    '1 of 2 finished, 1 at work, 0',
    'run  status    step  val/loss',
    'b    running   3     0.5000',
    'a    finished  3',
    '\x1b[J',
  ]);
  expect(written[1]!.startsWith('\x1b[4A')).toBe(true);
});

test('sweepFrom() takes one grid beside its fields, or several', () => {
  const one = sweepFrom({ experiment: 'a.ts', parallel: 3, stop_on_failure: true, parameters: { lr: [1, 2] } }, 'file');
  expect(one.search.name).toBe('file');
  expect(one.search.generateExperiments().length).toBe(2);
  expect(one.options).toEqual({ experiment: 'a.ts', maxParallel: 3, stopOnFailure: true });
  const grids = [{ parameters: { lr: [1] } }, { name: 'b', parameters: { kind: ['x', 'y'] } }];
  expect(sweepFrom({ experiment: 'a.ts', grids }, 'file').search.generateExperiments().length).toBe(3);
  expect(() => sweepFrom({ experiment: 'a.ts', grids, sets: [{ a: 1 }] }, 'f')).toThrow(
    'grids: expected none beside sets, got a list',
  );
  expect(() => sweepFrom({ experiment: 'a.ts' }, 'f')).toThrow('parameters: expected a grid of parameters, got none');
});
