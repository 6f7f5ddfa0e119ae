import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { RunInfo } from '../../logger.ts';
import type { Clocks } from '../../run-format.ts';
import { CSVLogger } from './csv-logger.ts';
import { headerLine, readHeader } from './csv-text.ts';
import { HeaderChange } from './header-change.ts';
import { createCsv, resumeCsv } from './open-csv.ts';

let folder = '';
const warnings: string[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sconce-csv-'));
  warnings.length = 0;
});
afterEach(() => rmSync(folder, { recursive: true }));

const at = (step: number): Clocks => ({ step, microStep: 2 * step, epoch: 0 });
const path = (name = 'metrics.csv') => join(folder, name);
const lines = (name?: string) => readFileSync(path(name), 'utf8').split('\n').slice(0, -1);

function opened(resumedFrom?: Clocks, logger = new CSVLogger({ now: () => 7 })): CSVLogger {
  const warn = (message: string) => void warnings.push(message);
  const run: RunInfo = { id: 'abc', name: 'run', folder, config: {}, tags: [], resumedFrom, warn };
  logger.open(run);
  return logger;
}

describe('CSVLogger', () => {
  test('has a row a moment, and a column for each metric from when it appears', () => {
    const logger = opened();
    logger.logMetrics({ 'train/loss': 0.1, lr: 1e-7 }, at(1));
    logger.logMetrics({ 'val/loss': 2 }, at(1));
    logger.flush();
    expect(lines()).toEqual(['step,micro_step,epoch,time,train/loss,lr,val/loss', '1,2,0,7,0.1,1e-7,2']);
    logger.logMetrics({ 'train/loss': Number.NaN, lr: Number.POSITIVE_INFINITY }, at(2));
    logger.logMetrics({ 'a,"b"\n': Number.NEGATIVE_INFINITY, step: 5 }, at(2));
    logger.logMetrics({ lr: 3 }, at(2));
    logger.close();
    expect(lines()).toEqual([
      'step,micro_step,epoch,time,train/loss,lr,val/loss,"a,""b""',
      '",metric/step',
      '1,2,0,7,0.1,1e-7,2',
      '2,4,0,7,NaN,inf,,-inf,5',
      '2,4,0,7,,3,,,',
    ]);
    expect(readHeader(readFileSync(path(), 'utf8'))?.columns).toEqual(
      'step,micro_step,epoch,time,train/loss,lr,val/loss'.split(',').concat('a,"b"\n', 'metric/step'),
    );
    expect(warnings).toEqual([]);
    expect(readdirSync(folder)).toEqual(['metrics.csv']);
  });

  test('writes what was logged on the next turn, then twice a second, a row that grows included', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setImmediate', 'clearImmediate', 'performance'] });
    try {
      const logger = opened();
      vi.advanceTimersByTime(1);
      logger.logMetrics({ a: 1 }, at(1));
      vi.advanceTimersByTime(400);
      expect(lines()).toEqual(['step,micro_step,epoch,time']);
      vi.advanceTimersByTime(100);
      expect(lines().at(-1)).toBe('1,2,0,7,1');
      logger.logMetrics({ b: 1 }, at(1));
      vi.advanceTimersByTime(500);
      expect(lines().at(-1)).toBe('1,2,0,7,1,1');
      vi.advanceTimersByTime(5000);
      logger.logMetrics({ a: 2 }, at(2)); // a slow step: nothing was written for a while
      vi.advanceTimersByTime(0);
      expect(lines().at(-1)).toBe('2,4,0,7,2,');
      logger.close();
    } finally {
      vi.useRealTimers();
    }
  });

  test('goes on without the rows beyond the checkpoint, and with values of its very moment once', () => {
    const first = opened();
    for (let step = 1; step <= 6000; step += 1) first.logMetrics({ loss: step / 3 }, at(step));
    first.logMetrics({ late: 1 }, at(6000));
    first.close();
    writeFileSync(path(), '6001,12002,0,7,0.333', { flag: 'a' }); // killed while writing
    const second = opened(at(5000));
    second.logMetrics({ loss: 0.5, 'val/loss': 4 }, at(5000)); // measured again
    second.logMetrics({ loss: 7 }, at(5000)); // a second time by this process: no value is lost
    second.logMetrics({ loss: 5001 }, at(5001));
    second.close();
    const text = lines();
    expect(text[0]).toBe('step,micro_step,epoch,time,loss,late,val/loss');
    expect(text.length).toBe(1 + 5000 + 1 + 1);
    expect(text.slice(-4)).toEqual([
      `4999,9998,0,7,${4999 / 3}`,
      '5000,10000,0,7,0.5,,4',
      '5000,10000,0,7,7,,',
      '5001,10002,0,7,5001,,',
    ]);
  });

  test('goes on where it was when it is opened again, and from the start where nothing was saved', () => {
    const logger = opened();
    logger.logMetrics({ a: 1 }, at(1));
    logger.close();
    logger.close();
    opened(at(1), logger).logMetrics({ a: 2 }, at(1));
    logger.close();
    expect(lines().slice(1)).toEqual(['1,2,0,7,1', '1,2,0,7,2']);
    opened(at(0)).close();
    expect(lines()).toEqual(['step,micro_step,epoch,time,a']);
    expect(() => logger.logMetrics({ a: 1 }, at(1))).toThrow('expected an open logger, got a closed one');
  });

  test('leaves the table of another run alone, and a file that is none', () => {
    writeFileSync(path(), 'precious');
    const logger = opened(at(3));
    logger.close();
    opened().close();
    expect(readFileSync(path(), 'utf8')).toBe('precious');
    expect(logger.path).toBe(path('metrics-1.csv'));
    expect(warnings.length).toBe(2);
    expect(lines('metrics-2.csv')).toEqual(['step,micro_step,epoch,time']);
  });

  test('refuses what is no number, and options that it does not have', () => {
    const logger = opened();
    expect(() => logger.logMetrics({ a: 'x' } as never, at(1))).toThrow('metric "a": expected a number, got string');
    logger.close();
    expect(() => new CSVLogger({ folder } as never)).toThrow('got "folder"');
  });
});

test('resumeCsv() finds the last row to keep, wherever blocks of the file end', () => {
  for (const width of [3, 70_000]) {
    const name = path(`${width}.csv`);
    const rows = Array.from({ length: 6 }, (_, i) => `${i},${i},0,7,${'1'.repeat(width)}\n`);
    writeFileSync(name, headerLine(['step', 'micro_step', 'epoch', 'time', 'ü']) + rows.join(''));
    for (let step = 0; step < 6; step += 1) {
      const found = resumeCsv(name, { step, microStep: step, epoch: 0 })!;
      expect(found.end).toBe(found.start + rows.slice(0, step + 1).join('').length);
      expect(found.lastRow?.start).toBe(found.start + rows.slice(0, step).join('').length);
    }
  }
});

test('HeaderChange copies a large file in pieces, and leaves the file as it was until it is through', () => {
  const { fd, start } = createCsv(path());
  const rows = `1,2,0,7\n`.repeat(1_200_000); // 9.6 MB
  writeFileSync(path(), rows, { flag: 'a' });
  const end = statSync(path()).size;
  const change = new HeaderChange({ path: path(), fd, start, end, columns: ['step', 'new'] });
  expect([change.step(), change.step()]).toEqual([undefined, undefined]);
  expect(statSync(path()).size).toBe(end);
  expect(change.step()).toMatchObject({ position: rows.length + 9, start: 9 });
  expect(readFileSync(path(), 'utf8') === `step,new\n${rows}`).toBe(true);
  expect(existsSync(`${path()}.tmp`)).toBe(false);
});
