// Every picture of a real short run, compared in structure: panels, axes, legends, marks.
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { AdamW, CosineAnnealingLR } from '../../src/optim/index.ts';
import { manualSeed } from '../../src/tensor/index.ts';
import { JsonlLogger } from '../../src/tracking/loggers/jsonl.ts';
import { type Run, readRun } from '../../src/tracking/read-run.ts';
import { writeReport } from '../../src/tracking/report.ts';
import { type RunFigureChapter, runFigures } from '../../src/tracking/run-plots.ts';
import { LearningRateMonitor } from '../../src/trainer/callbacks/learning-rate-monitor.ts';
import { GenericTrainer } from '../../src/trainer/generic-trainer.ts';
import type { Callback } from '../../src/trainer/loop/events.ts';
import type { LoopContext } from '../../src/trainer/loop/loop-context.ts';
import { DeviceStatsMonitor } from '../../src/trainer/monitors/device-stats-monitor.ts';
import { GradientMonitor } from '../../src/trainer/monitors/gradient-monitor.ts';
import { ParameterMonitor } from '../../src/trainer/monitors/parameter-monitor.ts';
import { ThroughputMonitor } from '../../src/trainer/monitors/throughput-monitor.ts';
import { type TinyBatch, TinyModel, tinyLoader, tinyLoss } from '../../src/trainer/testing/tiny.ts';
import { describePanels, structureOf } from './structure.ts';

const STEPS = 24;
let folder = '';
let run: Run;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'sconce-pictures-'));
  await train(join(folder, 'metrics.jsonl'), 7, 0.05);
  run = await readRun(folder);
});
afterAll(() => rmSync(folder, { recursive: true }));

/** Three epochs over two loaders, with everything that a run can log. */
async function train(log: string, seed: number, lr: number): Promise<void> {
  manualSeed(seed);
  const model = new TinyModel();
  const optimizer = new AdamW(model.parameters(), { lr });
  const trainer = new GenericTrainer({
    model,
    optimizers: [optimizer],
    schedulers: [{ scheduler: new CosineAnnealingLR(optimizer, { tMax: STEPS }), interval: 'step' }],
    config: {
      logEveryNSteps: 2,
      trainLoaderConfig: { dataloaderNames: ['near', 'far'], samplingStrategy: 'weighted', dataloaderWeights: [3, 1] },
      valLoaderConfig: { dataloaderNames: ['held_out'] },
    },
    callbacks: [
      new KnownNumbers(),
      new LearningRateMonitor(), // one line with the loop's own
      new GradientMonitor({ everySteps: 4, histograms: true }),
      new ParameterMonitor({ everySteps: 4 }),
      new DeviceStatsMonitor(),
      new ThroughputMonitor(),
    ],
    loggers: [new JsonlLogger(log)],
  });
  trainer.setTrainingStep((_trainer, batch: TinyBatch) => ({
    loss: tinyLoss(model, batch),
  }));
  trainer.setValidationStep((_trainer, batch: TinyBatch) => ({ loss: tinyLoss(model, batch) }));
  await trainer.fit({
    trainLoaders: [tinyLoader(12), tinyLoader(12, { start: 40 })],
    valLoaders: [tinyLoader(8, { start: 80 })],
    maxEpochs: 3,
  });
}

/** Logs a confusion matrix and an alignment, whose numbers are known. */
class KnownNumbers implements Callback {
  readonly name = 'known-numbers';

  epochEnd({ logger, clocks }: LoopContext): void {
    const right = 5 + clocks.epoch;
    logger.logMatrix('val/confusion_matrix', { rows: ['low', 'high'], columns: ['low', 'high'], values: [[right, 3], [2, right]], rowLabel: 'true class', columnLabel: 'predicted class' }); // biome-ignore format: a table
    const gap = 0.2 * clocks.epoch;
    logger.logMetrics({ 'val/alignment/diag_mean': 0.1 + gap, 'val/alignment/sim_mean': 0.1, 'val/alignment/gap': gap, 'val/alignment/snr': 2 * gap }); // biome-ignore format: pairs
  }
}

/** Each picture with its panels, a line each. */
async function described(chapters: readonly RunFigureChapter[]): Promise<Record<string, Record<string, string[]>>> {
  const all: Record<string, Record<string, string[]>> = {};
  for (const { title, figures } of chapters) {
    all[title] = {};
    for (const { name, figure } of figures) all[title]![name] = describePanels(await structureOf(await figure.toSvg()));
  }
  return all;
}

const shares = (where: string, parts: string, count: number): string =>
  `shares "${where}": ms by step; ${parts}; ${count} rect`;
const allParts = 'data, forward, backward, optimizer, callbacks, rest';
const heat = (name: string): string =>
  `histograms "${name}": value by step; no values to most of a moment, median, 5 %, 95 %; cells, 3 line`;

test('runFigures() draws everything that a run has logged, and nothing besides', async () => {
  // What the machine tells differs between machines.
  const { System: system, ...all } = await described(runFigures(run));
  expect(system!['system mb']![0]).toMatch(/^lines: system mb by step; resident_mb, .*heap_used_mb, /);
  expect(system!['system mb']![0]).not.toMatch(/left_mb/);
  expect(system!['system left_mb']![0]).toMatch(/^lines: system left_mb by step; left_mb/);
  expect(system!['throughput samples_per_sec']).toEqual([
    'lines: throughput samples_per_sec by step; samples_per_sec; 1 line, 18 dot',
  ]);
  // One curve, drawn once.
  expect(Object.keys(system!)).not.toEqual(
    expect.arrayContaining([expect.stringMatching(/(?:batches|steps)_per_sec/)]),
  );
  expect(all).toEqual({
    Metrics: { loss: ['lines: loss by step; all, near, far, train, val; 4 line, 3 dot'] },
    'Metrics by epoch': { 'loss-epochs': ['lines: loss by epoch; train, train near, train far, val; 4 line, 12 dot'] },
    Matrices: {
      'val/confusion_matrix': [
        'matrix "at step 36": no axes; share of its row, 0 to 100 %; cells',
        'lines "how it changed: share of each row on the diagonal": share of the row by step; low, high; 2 line, 6 dot',
      ],
    },
    'Learning rate': { lr: ['schedule: learning rate by step; no legend; 1 line'] },
    Loaders: {
      loader_proportions: [
        'shares: share of batches by epoch; near, far; 6 rect',
        'shares: share of samples by epoch; near, far; 6 rect',
      ],
      loader_counts: ['shares: batches by epoch; near, far; 6 rect', 'shares: samples by epoch; near, far; 6 rect'],
      loader_divergence: ['lines: loader divergence by epoch; near, far; 2 line, 6 dot'],
    },
    Alignment: {
      alignment_metrics: [
        'lines "val alignment: similarity of pairs": cosine similarity by step; belonging together, all; 2 line, 6 dot',
        'lines "val alignment: gap and signal": value by step; gap, signal to noise; 2 line, 6 dot',
      ],
    },
    'Gradients and parameters': {
      'gradients components': [
        'lines "mean norm of a parameter": norm by step; first, second; 2 line, 20 dot',
        'lines "greatest mean by least": ratio by step; greatest by least; 1 line, 10 dot',
      ],
      'gradients norm': ['lines: gradients norm by step; grad_norm, max_norm, min_norm, avg_norm; 4 line, 40 dot'],
      'parameters norm': ['lines: parameters norm by step; all, first, second; 3 line, 30 dot'],
      'parameters ratio': ['lines: parameters ratio by step; all, first, second; 3 line, 30 dot'],
      'gradients-histograms': ['first.weight', 'first.bias', 'second.weight', 'second.bias'].map(heat),
    },
    Profile: {
      profile: [`parts: ms a batch, mean over the run; ${allParts}; 14 lanes`],
      'profile-steps': [
        shares('train near', allParts, 108),
        // The event loop has a turn every few milliseconds: a short run may have none.
        expect.stringMatching(/^shares "train, beside batches": ms by step; (turns, )?logging, validation; \d+ rect$/),
        shares('train far', allParts, 54),
        shares('val held_out', 'data, forward', 6),
      ],
    },
  });
});

test('every picture of a run becomes a PNG', async () => {
  const { default: sharp } = await import('sharp');
  for (const { figure } of runFigures(run).flatMap(({ figures }) => figures)) {
    const { channels } = await sharp(await figure.toPng({ scale: 0.4, theme: 'dark' })).stats();
    expect(channels[0]!.stdev).toBeGreaterThan(2); // paper alone has no spread
    expect(channels[0]!.mean).toBeLessThan(100);
  }
});

test('runFigures() draws several runs together: a colour a run, training and validation by their signs', async () => {
  const again = { ...run, metrics: run.metrics.map((record) => ({ ...record, step: record.step + 1 })) };
  const all = await described(runFigures({ first: run, second: again }, { metrics: ['loss', 'lr'] }));
  expect(all).toEqual({
    Metrics: {
      loss: ['lines: loss by step; first, second, train, val; 4 line, 6 dot'],
      'loss of near': ['lines: train loss by step; first, second; 2 line'],
      'loss of far': ['lines: train loss by step; first, second; 2 line'],
    },
    'Metrics by epoch': {
      'loss-epochs': [
        'lines "train": loss by epoch; first, second; 2 line, 6 dot',
        'lines "val": loss by epoch; first, second; 2 line, 6 dot',
      ],
      'loss of near-epochs': ['lines: train loss by epoch; first, second; 2 line, 6 dot'],
      'loss of far-epochs': ['lines: train loss by epoch; first, second; 2 line, 6 dot'],
    },
    'Learning rate': { lr: ['schedule: learning rate by step; first, second; 2 line'] },
  });
});

test('runFigures() leaves out counts that are always 0, unless they are asked for or a run has one', async () => {
  const asked = await described(runFigures(run, { metrics: ['gradients/num_zero'] }));
  expect(asked).toEqual({
    'Gradients and parameters': {
      'gradients num_zero': ['lines: gradients num_zero by step; num_zero; 1 line, 10 dot'],
    },
  });
  const broken = {
    metrics: run.metrics.map((record) => ({ ...record, values: { ...record.values } })),
    histograms: [],
    matrices: [],
  };
  broken.metrics.find(({ values }) => 'gradients/num_nonfinite' in values)!.values['gradients/num_nonfinite'] = 1;
  const namesOf = (chapters: readonly RunFigureChapter[]): string[] =>
    chapters.flatMap(({ figures }) => figures.map(({ name }) => name)).filter((name) => name.includes('num_'));
  expect(namesOf(runFigures(run))).toEqual([]);
  expect(namesOf(runFigures(broken))).toEqual(['gradients num_nonfinite']);
});

test('runFigures() draws batches and steps a second where they are no multiple of samples a second', async () => {
  const metrics = [1, 2, 3].map((step) => ({
    ...{ kind: 'metrics' as const, step, microStep: step, epoch: 0, time: 0 },
    values: {
      'throughput/samples_per_sec': 64 * step,
      'throughput/batches_per_sec': 2 * step,
      'throughput/steps_per_sec': 4,
    },
  }));
  const [system] = runFigures({ metrics, histograms: [], matrices: [] });
  expect(system!.figures.map(({ name }) => name)).toEqual(['throughput steps_per_sec', 'throughput samples_per_sec']);
  expect(await system!.figures[1]!.figure.toSvg()).toContain('batches_per_sec is 0.03125 of it<');
});

test('runFigures() refuses a metric that no run has, and says which there are', () => {
  expect(() => runFigures(run, { metrics: ['loss', 'acuracy'] })).toThrow(
    /^Cannot draw "acuracy": expected a metric of the run; there are .*train\/loss, /,
  );
});

test('a log of version 1 is drawn over steps and epochs', async () => {
  const old = mkdtempSync(join(tmpdir(), 'sconce-old-'));
  const record = (step: number, epoch: number, values: object): string =>
    JSON.stringify({ kind: 'metrics', step, microStep: step, epoch, time: 0, values });
  const lines = [{ kind: 'header', format: 'sconce-run', version: 1, time: 0 }].map((header) => JSON.stringify(header));
  for (const epoch of [0, 1]) {
    lines.push(record(epoch * 10 + 5, epoch, { 'train/loss': 2 - epoch, 'train/dl_a/loss': 2 - epoch, lr: 0.1 }));
    lines.push(
      record(epoch * 10 + 10, epoch, { 'train/loss': 1.5 - epoch, 'train/dl_a/loss': 1.5 - epoch, 'val/loss': 1 }),
    );
  }
  writeFileSync(join(old, 'metrics.jsonl'), `${lines.join('\n')}\n`);
  const all = await described(runFigures(await readRun(old)));
  rmSync(old, { recursive: true });
  expect(all).toEqual({
    Metrics: { loss: ['lines: loss by step; train, val; 2 line, 2 dot'] },
    'Metrics by epoch': { 'loss-epochs': ['lines: loss by epoch; train, val; 2 line, 4 dot'] },
    'Learning rate': { lr: ['schedule: learning rate by step; no legend; 1 line'] },
  });
});

test('the report has the pictures in chapters, and each as a file', async () => {
  await writeReport(folder, { title: 'A real run' });
  const html = readFileSync(join(folder, 'report.html'), 'utf8');
  const chapters = [...html.matchAll(/<h2>([^<]*)<\/h2>/g)].map((match) => match[1]!);
  expect(chapters.slice(0, 9)).toEqual([
    'Metrics',
    'Metrics by epoch',
    'Matrices',
    'Learning rate',
    'Loaders',
    'Alignment',
    'Gradients and parameters',
    'Profile',
    'System',
  ]);
  expect(readdirSync(join(folder, 'plots'))).toHaveLength(runFigures(run).flatMap(({ figures }) => figures).length);
});
