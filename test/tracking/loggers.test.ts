// What loggers wrote, as the tools read it that people use: TensorBoard's own reader and table of runs, pandas. And what a killed process leaves.
import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, onTestFinished, test } from 'vitest';
import { imageOf } from '../../src/tracking/images/image-of.ts';
import { pngInfo } from '../../src/tracking/images/png-info.ts';
import { CSVLogger, type Logger, type RunInfo, readRun, TensorBoardLogger } from '../../src/tracking/index.ts';
import { maskedCrc32c } from '../../src/tracking/loggers/tensorboard/crc32c.ts';
import { readRecord } from '../../src/tracking/loggers/wandb/records.ts';
import { readTransactionLog } from '../../src/tracking/loggers/wandb/transaction-log.ts';
import type { Clocks } from '../../src/tracking/run-format.ts';
import { bundle, readChild } from '../child.ts';
import { findPythonTorch, type PythonTorch, runPython } from '../parity/python.ts';

const peer = fileURLToPath(new URL('loggers_peer.py', import.meta.url));

function findReaders(): PythonTorch | { readonly missing: string } {
  const python = findPythonTorch();
  if ('missing' in python) return python;
  try {
    runPython(python, ['-c', 'from importlib.metadata import version; version("tensorboard"); version("pandas")']);
    return python;
  } catch {
    return { missing: `${python.command} has no tensorboard, or no pandas` };
  }
}

const python = findReaders();
if ('missing' in python) console.log(`skipped, logs as Python reads them: ${python.missing}`);

const askPeer = (...args: string[]) =>
  JSON.parse(runPython(python as PythonTorch, [peer, ...args]), (_, value) =>
    value === 'NaN' || value === 'Infinity' || value === '-Infinity' ? Number(value) : value,
  );

function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'sconce-loggers-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

const at = (step: number): Clocks => ({ step, microStep: step, epoch: 0 });
const runOf = (folder: string, resumedFrom?: Clocks, config = {}): RunInfo => ({
  ...{ id: 'abcd1234', name: 'run-1', folder, config, tags: [], resumedFrom },
  warn: (message) => expect.fail(message),
});

const valueAt = (step: number): number => [Math.sin(step) / 3, Number.NaN, Number.POSITIVE_INFINITY, 1e-30][step % 4]!;

/** Logs 30 steps, is interrupted, goes on at step 20 and logs others from there to step 40. */
async function logTwice(logger: () => Logger, folder: string): Promise<void> {
  const config = { trainer: { lr: 0.5, name: 'größe', isOn: true, layers: [1, 2] } };
  const first = logger();
  await first.open?.(runOf(folder, undefined, config));
  for (let step = 1; step <= 30; step += 1)
    first.logMetrics({ 'train/loss': valueAt(step), 'a,"b"\u{1f600}': step }, at(step));
  await first.close({ status: 'interrupted' });
  const second = logger();
  await second.open?.(runOf(folder, at(20), config));
  for (let step = 21; step <= 40; step += 1) second.logMetrics({ 'train/loss': valueAt(step + 1) }, at(step));
  second.logMetrics({ 'val/loss': 0.25 }, at(40));
  const histogram = {
    edges: [-1, 0, 2],
    counts: [3, 4],
    min: -0.5,
    max: 2,
    sum: 3,
    sumOfSquares: 7,
    count: 7,
    numNonFinite: 1,
  };
  second.logHistogram?.('weights/head', histogram, at(40));
  second.logImage?.('samples', imageOf(new Uint8Array(5 * 7 * 3).fill(9), { shape: [5, 7, 3] }), at(40));
  second.logImage?.('photo', imageOf(new Uint8Array(64).fill(9), { shape: [8, 8], format: 'jpeg' }), at(40));
  second.logFigure?.('roc', '<svg xmlns="http://www.w3.org/2000/svg" width="6" height="4"></svg>', at(40));
  second.logText?.('notes', '# ä\ntext', at(40));
  second.logMatrix?.(
    'confusion',
    { rows: ['a'], columns: ['b'], values: [[2]], rowLabel: 'true', columnLabel: 'said' },
    at(40),
  );
  await second.close({ status: 'finished' });
}

const expectedLosses = Array.from({ length: 40 }, (_, i) => [i + 1, valueAt(i < 20 ? i + 1 : i + 2)] as const);

describe.skipIf('missing' in python)('TensorBoardLogger, as TensorBoard reads it', () => {
  test('every scalar, histogram, image, text and hyperparameter is there, and what is void is not', async () => {
    const folder = temporaryFolder();
    await logTwice(() => new TensorBoardLogger({ logDir: folder }), join(folder, 'run-1'));
    const read = askPeer('tensorboard', join(folder, 'run-1'));
    expect(read.scalars['train/loss']).toEqual(expectedLosses.map(([step, value]) => [step, Math.fround(value)]));
    expect(read.scalars['a,"b"\u{1f600}']).toEqual(Array.from({ length: 20 }, (_, i) => [i + 1, i + 1]));
    expect(read.scalars['val/loss']).toEqual([[40, 0.25]]);
    expect(read.histograms['weights/head']).toEqual([
      [40, { min: -0.5, max: 2, num: 7, sum: 3, sum_squares: 7, bucket_limit: [-1, 0, 2], bucket: [0, 3, 4] }],
    ]);
    expect(read.texts).toEqual({
      notes: [[40, '# ä\ntext']],
      confusion: [[40, '| true \\\\ said | b |\n| --- | ---: |\n| a | 2 |']],
    });
    const sizes = Object.entries<[number, number, number, string][]>(read.images).map(([tag, [image]]) => {
      const [step, width, height, bytes] = image!;
      return [tag, step, width, height, Buffer.from(bytes, 'base64').subarray(0, 2).toString('hex')];
    });
    expect(sizes).toEqual([
      ['samples', 40, 7, 5, '8950'],
      ['photo', 40, 8, 8, 'ffd8'],
      ['roc', 40, 12, 8, '8950'],
    ]);

    const table = askPeer('hparams', folder);
    expect(table.hparams).toEqual(['trainer.isOn', 'trainer.layers', 'trainer.lr', 'trainer.name']);
    expect(table.metrics).toEqual(['a,"b"\u{1f600}', 'train/loss', 'val/loss'].toSorted());
    expect(table.groups.length).toBe(1);
    const [{ hparams, sessions }] = table.groups;
    expect(hparams).toEqual({
      'trainer.lr': 0.5,
      'trainer.name': 'größe',
      'trainer.isOn': true,
      'trainer.layers': '[1,2]',
    });
    expect(sessions[0].status).toBe('STATUS_SUCCESS');
    // TensorBoard itself leaves out what is void too.
    expect(sessions[0].metricValues[0]).toMatchObject({ name: { tag: 'a,"b"\u{1f600}' }, trainingStep: 20, value: 20 });
    expect(sessions[0].metricValues).toContainEqual(
      expect.objectContaining({ name: { tag: 'val/loss' }, value: 0.25 }),
    );
  });
});

describe.skipIf('missing' in python)('CSVLogger, as pandas reads it', () => {
  test('every value is there as it was logged', async () => {
    const folder = temporaryFolder();
    await logTwice(() => new CSVLogger({ now: () => 5 }), folder);
    const { columns, types, rows } = askPeer('csv', join(folder, 'metrics.csv'));
    expect(columns).toEqual(['step', 'micro_step', 'epoch', 'time', 'train/loss', 'a,"b"\u{1f600}', 'val/loss']);
    expect(types).toEqual(['int64', 'int64', 'int64', 'int64', 'float64', 'float64', 'float64']);
    expect(rows.map(([step, , , , loss]: number[]) => [step, loss])).toEqual(expectedLosses);
    expect(rows.map((row: number[]) => row[5]).filter(Number.isFinite)).toEqual(
      Array.from({ length: 20 }, (_, i) => i + 1),
    );
    expect(rows.at(-1)[6]).toBe(0.25);
  });
});

/** The steps of the scalars in an event file, with every checksum looked at. */
function readSteps(path: string): number[] {
  const bytes = readFileSync(path);
  const steps: number[] = [];
  for (let start = 0; start < bytes.length; ) {
    const length = bytes.readUInt32LE(start);
    expect(bytes.readUInt32LE(start + 8)).toBe(maskedCrc32c(bytes, start, start + 8));
    expect(bytes.readUInt32LE(start + 12 + length)).toBe(maskedCrc32c(bytes, start + 12, start + 12 + length));
    if (bytes.subarray(start + 12, start + 12 + length).includes('train/loss')) steps.push(bytes[start + 22]!); // those here are below 128
    start += 16 + length;
  }
  return steps;
}

describe('a process that is killed', () => {
  test.each(['turning', 'blocked'])('leaves what was logged before, while its event loop is %s', async (mode) => {
    const folder = temporaryFolder();
    const script = bundle(new URL('children/log-until-killed.ts', import.meta.url));
    try {
      const child = spawn(process.execPath, [script.path, folder, mode], { stdio: ['ignore', 'pipe', 'inherit'] });
      const ended = new Promise((resolve) => child.once('exit', (_code, signal) => resolve(signal)));
      await new Promise((resolve) => child.stdout.once('data', resolve));
      child.kill('SIGKILL');
      expect(await ended).toBe('SIGKILL');
    } finally {
      script.remove();
    }
    const steps = Array.from({ length: 100 }, (_, i) => i + 1);
    const [eventFile] = readdirSync(join(folder, 'tensorboard'));
    expect(readSteps(join(folder, 'tensorboard', eventFile!))).toEqual(steps);
    const rows = readFileSync(join(folder, 'metrics.csv'), 'utf8').trimEnd().split('\n').slice(1);
    expect(rows.map((row) => Number(row.split(',')[0]))).toEqual(steps);
    expect((await readRun(folder)).metrics.map(({ step }) => step)).toEqual(steps);
    const [offlineRun] = readdirSync(join(folder, 'wandb'));
    const records = readTransactionLog(join(folder, 'wandb', offlineRun!, 'run-abcd1234.wandb')).map(readRecord);
    expect(records.flatMap((record) => (record.kind === 'history' ? [record.step] : []))).toEqual(steps);
  });
});

test('60,000 steps to every kind of file take no more memory at their end than near their start', () => {
  const entry = new URL('children/log-many.ts', import.meta.url);
  const options = { args: [temporaryFolder()], nodeOptions: ['--expose-gc'] };
  const { residentMiB } = readChild(entry, options) as { residentMiB: number[] };
  const [first, last] = [residentMiB.slice(1, 5), residentMiB.slice(6)].map((part) => Math.min(...part));
  // Lines that were kept would be 25 MiB; V8's own heap breathes, by up to 10 MiB on Node 24.
  expect(last! - first!).toBeLessThan(14);
});

test('pngInfo() refuses what is no PNG', () => {
  expect(() => pngInfo(new Uint8Array(50))).toThrow('Cannot read a PNG: expected its signature and header');
});
