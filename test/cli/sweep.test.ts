// `sconce sweep` as a process: runs beside each other, a failed one, a signal, going on, and what is compared at the end.
import { existsSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { quickGridSearch, runSingleExperiment } from '../../src/experiments/index.ts';
import { requireCompiled, sconce, startSconce } from './sconce.ts';

let folder: string;
beforeAll(async () => {
  await requireCompiled();
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'sconce-sweep-')));
  writeFileSync(join(folder, 'train.ts'), PROGRAM);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const PROGRAM = `
import { manualSeed, nn, numThreads, optim, tensor } from 'sconce';
import { DataLoader, TensorDataset } from 'sconce/data';
import { defineExperiment, GenericTrainer } from 'sconce/trainer';
export default defineExperiment({
  name: 'line',
  options: { lr: 0.01, kind: 'sgd', epochs: 3, pauseMs: 0 },
  async run(run, { lr, kind, epochs, pauseMs }) {
    if (lr > 1) throw new RangeError('lr is too large');
    console.log('threads ' + numThreads() + (run.isResumed ? ' resumed' : ''));
    manualSeed(0);
    const model = new nn.Linear(1, 1);
    const Kind = kind === 'adam' ? optim.Adam : optim.SGD;
    const dataset = new TensorDataset({ x: tensor([[1], [2], [3]]), y: tensor([[2], [4], [6]]) });
    const loss = new nn.MSELoss();
    const trainer = new GenericTrainer({
      model,
      optimizers: [new Kind(model.parameters(), { lr })],
      run,
      callbacks: [{ name: 'pause', epochEnd: () => new Promise((resolve) => setTimeout(resolve, pauseMs)) }],
    });
    trainer.setTrainingStep((_trainer, { x, y }) => ({ loss: loss.forward(model.forward(x), y) }));
    await trainer.fit({ trainLoaders: [new DataLoader({ dataset, batchSize: 1 })], maxEpochs: epochs });
    return {};
  },
});
`;

const results = (name: string) => JSON.parse(readFileSync(join(folder, 'sweeps', name, 'results.json'), 'utf8'));

test('sconce sweep runs a grid beside each other, survives a run that fails, and leaves finished ones as they are', {
  timeout: 60_000,
}, async () => {
  const sweep = `
experiment: train.ts
name: rates
set: { epochs: 2 }
metric: train_loss
parameters: { lr: [0.01, 0.05, 5], kind: [sgd, adam] }
exclude: [{ lr: 5, kind: adam }, { lr: 0.05, kind: adam }]
`;
  writeFileSync(join(folder, 'rates.yaml'), sweep);
  const dry = await sconce(['sweep', 'rates.yaml', '--dry-run'], folder);
  expect(dry.stdout.split('\n')).toEqual([
    'rates_[kind_sgd][lr_0.01]  {"lr":0.01,"kind":"sgd"}',
    'rates_[kind_adam][lr_0.01]  {"lr":0.01,"kind":"adam"}',
    'rates_[kind_sgd][lr_0.05]  {"lr":0.05,"kind":"sgd"}',
    'rates_[kind_sgd][lr_5]  {"lr":5,"kind":"sgd"}',
    '',
  ]);
  const { code, stdout, stderr } = await sconce(['sweep', 'rates.yaml', '--parallel', '2', '--threads', '1'], folder);
  expect([code, stderr]).toEqual([1, expect.stringContaining('3 of 4 finished. Results: sweeps/rates')]);
  expect(stderr).toContain('failed  rates_[kind_sgd][lr_5]  lr is too large');
  const lines = stdout.trim().split('\n');
  expect(lines[0]).toMatch(/^lr +kind +train\/loss +at step +time +status$/);
  expect(lines.length).toBe(5);
  expect(lines[4]).toMatch(/^5 +sgd +– +– .* failed: lr is too large$/);
  const first = results('rates');
  expect(first).toMatchObject({ successRate: 0.75, metric: 'train/loss', mode: 'min' });
  expect(lines[1]).toContain(first.best === 'rates_[kind_sgd][lr_0.05]' ? '0.05' : '0.01');
  const finished = first.runs.filter((run: { status: string }) => run.status === 'finished');
  for (const run of finished)
    expect(readFileSync(join(run.folder, '..', 'output.log'), 'utf8')).toContain('threads 1\n');
  expect(readdirSync(join(folder, 'sweeps', 'rates', 'plots')).sort()).toEqual(['kind.svg', 'lr.svg']);

  // Nothing is left to do but the failed one.
  const again = await sconce(['sweep', 'rates.yaml', '--retry-failed'], folder);
  expect(again.stderr).toContain('running  rates_[kind_sgd][lr_5]');
  expect(
    readdirSync(join(folder, 'sweeps', 'rates', 'rates_[kind_sgd][lr_5]')).filter((name) => name.startsWith('line-'))
      .length,
  ).toBe(2);

  const kept = results('rates').runs.filter((run: { status: string }) => run.status === 'finished');
  expect(kept.map((run: { folder: string }) => run.folder)).toEqual(
    finished.map((run: { folder: string }) => run.folder),
  );

  writeFileSync(join(folder, 'rates.yaml'), sweep.replace('epochs: 2', 'epochs: 4'));
  const other = await sconce(['sweep', 'rates.yaml'], folder);
  expect(other.stderr).toMatch(
    /^Cannot sweep: set: expected \{"epochs":2\}, as the sweep in ".*" was begun, got \{"epochs":4\}; give this one another name\n$/,
  );
});

test('sconce sweep stops every run at a signal, and goes on where they were', { timeout: 60_000 }, async () => {
  writeFileSync(
    join(folder, 'long.yaml'),
    'experiment: train.ts\nset: { epochs: 60, pauseMs: 20 }\nparallel: 2\nmetric: val/los\nparameters: { lr: [0.01, 0.02, 0.03] }\n',
  );
  const { process: child, ended } = startSconce(['sweep', 'long.yaml'], folder);
  const places = ['long_[lr_0.01]', 'long_[lr_0.02]'].map((name) => join(folder, 'sweeps', 'long', name));
  const hasBegun = (place: string): boolean =>
    existsSync(place) && readdirSync(place).some((name) => existsSync(join(place, name, 'metrics.jsonl')));
  while (!places.every(hasBegun) && child.exitCode === null) await sleep(20);
  child.kill('SIGTERM');
  const stopped = await ended;
  expect([stopped.code, stopped.stderr]).toEqual([
    143,
    expect.stringContaining('Go on with: npx sconce sweep long.yaml'),
  ]);
  const status = (): string[] => results('long').runs.map((run: { status: string }) => run.status);
  expect(status()).toEqual(['interrupted', 'interrupted', 'pending']);

  const { code, stderr } = await sconce(['sweep', 'long.yaml'], folder);
  expect([code, stderr]).toEqual([0, expect.stringContaining('3 of 3 finished')]);
  expect(stderr, 'of a metric that no run has measured').toMatch(
    /\nwarning: metric: expected one of .*train\/loss.*, got "val\/los": the runs cannot be compared\n/,
  );
  expect(status()).toEqual(['finished', 'finished', 'finished']);
  expect(results('long').runs.map((run: { step: number }) => run.step)).toEqual([180, 180, 180]);
  for (const place of places)
    expect(readFileSync(join(place, 'output.log'), 'utf8')).toMatch(/threads 1\n.*threads 1 resumed\n/s);
});

test('sconce sweep says everything that is wrong with its file', async () => {
  writeFileSync(
    join(folder, 'wrong.yaml'),
    'experimnt: a\nmode: best\nparallel: 0\nparameters: { lr: [] }\nlinked: { a: [1], b: [1, 2] }\n',
  );
  const { code, stderr } = await sconce(['sweep', 'wrong.yaml'], folder);
  expect([code, stderr.split('\n')]).toEqual([
    1,
    [
      'Cannot read "wrong.yaml": 6 problems',
      '  - wrong.yaml:1:1: experimnt: expected a known key, got an unknown key; did you mean experiment?',
      '  - wrong.yaml:1:1: experiment: expected the path of an experiment, got none',
      '  - wrong.yaml:2:1: mode: expected one of min, max, got "best"',
      '  - wrong.yaml:3:1: parallel: expected an integer above 0, got 0',
      '  - wrong.yaml:4:1: parameters: lr: expected a list of at least one value, got []',
      '  - wrong.yaml:5:1: linked.0: expected lists of one length above 0, got a with 1, b with 2',
      '',
    ],
  ]);
  writeFileSync(join(folder, 'torn.yaml'), 'experiment: a\nparameters: {lr: [1\n');
  const torn = await sconce(['sweep', 'torn.yaml'], folder);
  expect(torn.stderr).toMatch(/torn\.yaml:\d:\d+: expected \] that ends what began above/);
});

test('runSingleExperiment() and quickGridSearch() run here, and say how it went', { timeout: 60_000 }, async () => {
  const experiment = join(folder, 'train.ts');
  const parameters = { lr: 0.01, epochs: 1 };
  const single = await runSingleExperiment(experiment, { parameters, folder: join(folder, 'single'), threads: 1 });
  expect(single).toMatchObject({ name: 'train_[epochs_1][lr_0.01]', status: 'finished', step: 3 });
  expect(single.best?.step).toBe(3);
  const seen = new Set<string>();
  const result = await quickGridSearch(
    experiment,
    { lr: [2, 3], epochs: 1 },
    {
      ...{ folder: join(folder, 'quick'), stopOnFailure: true },
      onProgress: (runs) => void seen.add(runs.map(({ status }) => status).join(' ')),
    },
  );
  expect([result.successRate, result.best, [...seen]]).toEqual([
    ...[0, undefined],
    ['pending pending', 'running pending', 'failed pending'],
  ]);
  expect(result.runs[0]!.message).toBe('lr is too large');
});
