import {
  appendFileSync,
  closeSync,
  existsSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { metricSeries, readRun } from '../read-run.ts';
import type { Clocks } from '../run-format.ts';
import type { ResumePoint } from '../run-log.ts';
import { JsonlLogger, type JsonlLoggerOptions } from './jsonl.ts';

let folder = '';
let path = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sconce-jsonl-'));
  path = join(folder, 'metrics.jsonl');
});
afterEach(() => rmSync(folder, { recursive: true }));

const at = (step: number): Clocks => ({ step, microStep: step * 2, epoch: Math.floor(step / 10) });
const losses = async (): Promise<readonly number[]> => metricSeries(await readRun(folder), 'train/loss').steps;

function opened(options?: JsonlLoggerOptions): JsonlLogger {
  const logger = new JsonlLogger(path, options);
  logger.open({ id: 'run', resumedFrom: undefined });
  return logger;
}

function openedAgain(resumedFrom: ResumePoint): JsonlLogger {
  const logger = new JsonlLogger(path);
  logger.open({ id: 'another', resumedFrom });
  return logger;
}

/** Logs the steps of a run, with a checkpoint after `savedStep` and a validation after that. */
function logSteps(logger: JsonlLogger, from: number, to: number, savedStep?: number): void {
  for (let step = from; step <= to; step += 1) {
    logger.logMetrics({ 'train/loss': 1 / step }, at(step));
    if (step !== savedStep) continue;
    logger.logEvent({ event: 'checkpointSaved', path: `checkpoints/step-${step}.pt` }, at(step));
    logger.logMetrics({ 'val/loss': step }, at(step));
  }
}

test('JsonlLogger writes what readRun() reads back, non-finite values included', async () => {
  const logger = opened({ now: () => 123 });
  logger.logMetrics({ 'train/loss': Number.NaN, '<script>': Number.NEGATIVE_INFINITY }, at(1));
  logger.logEvent({ event: 'finished' }, at(1));
  logger.close();
  const run = await readRun(folder);
  expect(run.header).toEqual({ kind: 'header', format: 'sconce-run', version: 3, time: 123, id: 'run' });
  const values = { 'train/loss': Number.NaN, '<script>': Number.NEGATIVE_INFINITY };
  expect(run.metrics).toEqual([{ kind: 'metrics', step: 1, microStep: 2, epoch: 0, time: 123, values }]);
  expect(run.events).toEqual([{ kind: 'event', event: 'finished', step: 1, microStep: 2, epoch: 0, time: 123 }]);
  expect(run.isTorn).toBe(false);
});

test('JsonlLogger writes on its timer, at an event, and when its buffer is full', async () => {
  vi.useFakeTimers();
  try {
    const logger = opened();
    logger.logMetrics({ 'train/loss': 1 }, at(1));
    expect(await losses()).toEqual([]);
    vi.advanceTimersByTime(500);
    expect(await losses()).toEqual([1]);
    logger.logMetrics({ 'train/loss': 1 }, at(2));
    logger.logEvent({ event: 'checkpointSaved', path: 'a.pt' }, at(2));
    expect(await losses()).toEqual([1, 2]);
    for (let step = 3; step < 2000; step += 1) logger.logMetrics({ 'train/loss': 1 }, at(step));
    expect((await losses()).length).toBeGreaterThan(500);
    logger.close();
    expect((await losses()).length).toBe(1999);
  } finally {
    vi.useRealTimers();
  }
});

test('JsonlLogger.open() makes a log that has its header from the moment that it is there', () => {
  // What a process leaves that dies before: no log, and a piece under another name.
  writeFileSync(`${path}.tmp`, '{"kind":"hea');
  opened().close();
  expect(readdirSync(folder)).toEqual(['metrics.jsonl']);
  expect(readFileSync(path, 'utf8')).toMatch(/^\{"kind":"header",.*\}\n$/);
});

test('JsonlLogger.open() does not touch the log of another run', () => {
  writeFileSync(path, 'precious');
  expect(() => opened()).toThrow('resume that run or choose another folder');
  expect(readFileSync(path, 'utf8')).toBe('precious');
});

test('JsonlLogger refuses records after close(), which may be called twice', () => {
  const logger = opened();
  logger.close();
  logger.close();
  expect(() => logger.logMetrics({ a: 1 }, at(1))).toThrow('expected an open log, got one that is closed');
});

test.runIf(existsSync('/proc/self/fd'))('JsonlLogger reports a failed write and loses no record to it', async () => {
  const logger = opened();
  const fd = readdirSync('/proc/self/fd').find((entry) => linkTarget(entry) === path);
  closeSync(Number(fd)); // from here on writes fail, as on a disk that went away
  logger.logMetrics({ 'train/loss': 1 }, at(1));
  expect(() => logger.flush()).toThrow(/Cannot write the run's log .*metrics\.jsonl: EBADF/);
  expect(openSync(path, 'a')).toBe(Number(fd)); // the lowest free number: the same, and writes work again
  logger.logMetrics({ 'train/loss': 1 }, at(2));
  logger.close();
  expect(await losses()).toEqual([1, 2]);
});

function linkTarget(entry: string): string | undefined {
  try {
    return readlinkSync(`/proc/self/fd/${entry}`);
  } catch {
    return undefined; // the listing's own descriptor, closed by now
  }
}

test('readRun() leaves out a line that was cut off, wherever it was cut', async () => {
  const logger = opened();
  logSteps(logger, 1, 3);
  logger.close();
  const whole = readFileSync(path, 'utf8');
  const lastLine = whole.trimEnd().lastIndexOf('\n') + 1;
  for (let length = lastLine; length < whole.length - 1; length += 1) {
    writeFileSync(path, whole.slice(0, length));
    expect(await losses()).toEqual([1, 2]);
  }
  writeFileSync(path, whole.trimEnd()); // whole but for its line end
  expect(await losses()).toEqual([1, 2, 3]);
});

test('readRun() names the line where a log is damaged before its end', async () => {
  const logger = opened();
  logSteps(logger, 1, 3);
  logger.close();
  writeFileSync(path, readFileSync(path, 'utf8').replace('"step":2', '"step":'));
  await expect(readRun(folder)).rejects.toThrow(/Cannot read .*metrics\.jsonl, line 3: /);
});

test('JsonlLogger.open() of a resumed run leaves each step once and keeps what it took out in the event', async () => {
  const first = opened();
  logSteps(first, 1, 25, 20);
  first.close();
  appendFileSync(path, '{"kind":"metrics","step":26,"micr'); // killed while writing
  const point = { ...at(20), checkpoint: 'checkpoints/step-20.pt' };
  const second = openedAgain(point);
  logSteps(second, 21, 30);
  second.close();

  const run = await readRun(folder);
  expect(metricSeries(run, 'train/loss').steps).toEqual(Array.from({ length: 30 }, (_, index) => index + 1));
  // The validation after the checkpoint will be measured again, though its step is the checkpoint's.
  expect(metricSeries(run, 'val/loss').steps).toEqual([]);
  const resumed = run.events.find((record) => record.event === 'resumed');
  expect(resumed?.dropped.map(({ kind, step }) => [kind, step])).toEqual(
    [20, 21, 22, 23, 24, 25].map((step) => ['metrics', step]),
  );
  expect(run.isTorn).toBe(false);
});

test('JsonlLogger.open() of a resumed run works twice from one checkpoint, and on a log that lost the checkpoint’s line', async () => {
  const first = opened();
  logSteps(first, 1, 8);
  first.close();
  for (const last of [9, 12]) {
    const logger = openedAgain({ ...at(5), checkpoint: 'checkpoints/step-5.pt' });
    logSteps(logger, 6, last);
    logger.close();
  }
  const run = await readRun(folder);
  expect(metricSeries(run, 'train/loss').steps).toEqual(Array.from({ length: 12 }, (_, index) => index + 1));
  const dropped = run.events.map((record) => (record.event === 'resumed' ? record.dropped.length : -1));
  expect(dropped).toEqual([3, 4]);
});

test('JsonlLogger.open() of a resumed run goes by the line with which the checkpoint was begun, whenever it was told that it is saved', async () => {
  const first = opened();
  first.logMetrics({ loss: 1 }, at(5));
  first.logEvent({ event: 'checkpointStarted', save: 0.1 + 0.2 }, at(5));
  first.logMetrics({ 'val/loss': 2 }, at(5));
  first.logEvent({ event: 'checkpointSaved', path: 'a.pt' }, at(6));
  first.close();
  openedAgain({ ...at(5), checkpoint: 'a.pt', save: 0.1 + 0.2 }).close();
  expect((await readRun(folder)).metrics.map(({ values }) => values)).toEqual([{ loss: 1 }]);
});

test('JsonlLogger.open() of a resumed run in mid-accumulation drops by micro-step', async () => {
  const first = opened();
  for (let microStep = 1; microStep <= 6; microStep += 1)
    first.logMetrics({ m: microStep }, { step: 1, microStep, epoch: 0 });
  first.close();
  openedAgain({ step: 1, microStep: 4, epoch: 0, checkpoint: 'a.pt' }).close();
  expect(metricSeries(await readRun(folder), 'm').values).toEqual([1, 2, 3, 4]);
});

test('JsonlLogger.open() of a resumed run without a checkpoint takes out every step, and begins again', async () => {
  const first = opened();
  logSteps(first, 1, 3);
  first.close();
  openedAgain({ step: 0, microStep: 0, epoch: 0 }).close();
  const run = await readRun(folder);
  expect(run.metrics).toEqual([]);
  const [resumed] = run.events;
  expect(resumed).not.toHaveProperty('checkpoint');
  expect(resumed?.event === 'resumed' && resumed.dropped.length).toBe(3);
});
