// Several loggers as one: everyone is told, and nobody hurts another.
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import type { Logger, RunInfo } from '../logger.ts';
import type { Clocks } from '../run-format.ts';
import { CSVLogger } from './csv/csv-logger.ts';
import { LoggerList } from './logger-list.ts';
import { TensorBoardLogger } from './tensorboard/tensorboard-logger.ts';

const at = { step: 3, microStep: 3, epoch: 0 };

function telling(name: string, heard: unknown[]): Logger {
  return {
    name,
    open: () => void heard.push([name, 'open']),
    logMetrics: (values, clocks) => void heard.push([name, values, clocks.step]),
    logText: (key, text) => void heard.push([name, key, text]),
    close: (end) => void heard.push([name, end]),
  };
}

function info(said: string[]): RunInfo {
  const run = { id: 'a', name: 'run', folder: undefined, config: {}, tags: [], resumedFrom: undefined };
  return { ...run, warn: (message) => void said.push(message) };
}

test('LoggerList tells the run’s own log first, and everyone that has a place for it', async () => {
  const heard: unknown[] = [];
  const plain: Logger = { name: 'plain', logMetrics: (values) => void heard.push(['plain', values]), close: () => {} };
  const list = new LoggerList([plain, telling('b', heard)], { record: telling('record', heard), clocks: () => at });
  await list.open(info([]));
  list.logMetrics({ x: 1 });
  list.logText('notes', 'hello', at);
  list.flush();
  await list.close({ status: 'finished' });
  await list.close();
  expect(heard).toEqual([
    ['b', 'open'],
    ['record', { x: 1 }, 3],
    ['plain', { x: 1 }],
    ['b', { x: 1 }, 3],
    ['record', 'notes', 'hello'],
    ['b', 'notes', 'hello'],
    ['b', { status: 'finished' }],
  ]);
});

test('LoggerList makes a warning, once for each method, of what one throws; the run’s own log may throw', async () => {
  const heard: unknown[] = [];
  const said: string[] = [];
  const broken: Logger = {
    name: 'broken',
    logMetrics: () => {
      throw new Error('no place');
    },
    logText: () => {
      throw new Error('no text');
    },
    close: () => Promise.reject(new Error('no end')),
  };
  const list = new LoggerList([broken, telling('good', heard)]);
  await list.open(info(said));
  list.logMetrics({ x: 1 }, at);
  list.logMetrics({ x: 2 }, at);
  list.logText('a', 'b', at);
  await list.close();
  expect(said).toEqual([
    'Logger "broken" failed in logMetrics: no place',
    'Logger "broken" failed in logText: no text',
    'Logger "broken" failed in close: no end',
  ]);
  expect(heard).toHaveLength(5);
  expect(() => new LoggerList([], { record: broken }).logMetrics({}, at)).toThrow('no place');
});

test('LoggerList tells one that could not be opened nothing, until it can', async () => {
  const heard: unknown[] = [];
  const said: string[] = [];
  let isUp = false;
  const late: Logger = {
    ...telling('late', heard),
    open: () => (isUp ? undefined : Promise.reject(new Error('no server'))),
  };
  const list = new LoggerList([late]);
  await list.open(info(said));
  list.logMetrics({ x: 1 }, at);
  await list.close();
  expect([said, heard]).toEqual([['Logger "late" failed in open: no server'], []]);
  isUp = true;
  await list.open(info(said));
  list.logMetrics({ x: 2 }, at);
  expect(heard).toEqual([['late', { x: 2 }, 3]]);
});

test('LoggerList refuses what no logger could take, before one is told', () => {
  const heard: unknown[] = [];
  const list = new LoggerList([telling('a', heard)]);
  const refused: readonly (readonly [() => void, string])[] = [
    [() => list.logText('x', 3 as never), 'Cannot log text "x": expected a text, got 3'],
    [
      () => list.logFigure('x', Promise.resolve('<svg/>') as never),
      'Cannot log figure "x": expected the text of an SVG file, as await figure(…).toSvg() gives it, got a Promise',
    ],
    [
      () => list.logImage('x', new Float32Array(4) as never),
      'Cannot log image "x": expected { bytes, format, width, height }, as imageOf(tensor) makes it, got a Float32Array',
    ],
    [
      () => list.logImage('x', { bytes: new Uint8Array(1), format: 'gif', width: 1, height: 1 } as never),
      `Cannot log image "x": expected format 'png' or 'jpeg', got "gif"`,
    ],
    [
      () => list.logHistogram('x', [1, 2] as never),
      'Cannot log histogram "x": expected a histogram, as histogramOf(tensor) makes one, got an Array',
    ],
    [
      () => list.logHistogram('x', { edges: [0, 1], counts: [1, 2], count: 3 } as never),
      'Cannot log histogram "x": expected one edge more than counts, got 2 edges and 2 counts',
    ],
    [
      () => list.logMatrix('x', { rows: ['a'] } as never),
      'Cannot log matrix "x": expected { rows, columns, values, rowLabel, columnLabel }, got an object without it',
    ],
    [
      () => list.logMatrix('x', { rows: ['a'], columns: ['b'], values: [[1, 2]], rowLabel: '', columnLabel: '' }),
      'Cannot log matrix "x": expected 1 rows of 1 values, got others',
    ],
  ];
  for (const [log, message] of refused) expect(log).toThrow(new TypeError(message));
  expect(heard).toEqual([]);
});

test('LoggerList says once that a logger is closed, where something is logged behind the end', async () => {
  const said: string[] = [];
  const failing: Logger = { ...telling('b', []), open: () => Promise.reject(new Error('no')) };
  const list = new LoggerList([telling('a', []), failing]);
  await list.open(info(said));
  await list.close();
  list.logMetrics({ x: 1 }, at);
  list.logText('x', 'y', at);
  expect(said).toEqual([
    'Logger "b" failed in open: no',
    'Logger "a" is closed: what is logged behind a fit does not reach it',
  ]);
});

test('LoggerList lets two loggers of one place know of each other', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'sconce-places-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const process = async (resumedFrom?: Clocks): Promise<string[]> => {
    const warnings: string[] = [];
    const list = new LoggerList([new CSVLogger(), new CSVLogger(), new TensorBoardLogger(), new TensorBoardLogger()]);
    const warn = (message: string) => void warnings.push(message.replaceAll(join(folder, '/'), ''));
    const run = { id: 'a', name: 'r', folder, config: {}, tags: [], resumedFrom, warn };
    for (const step of [1, 2]) {
      await list.open({ ...run, resumedFrom: step === 1 ? resumedFrom : { step: 1, microStep: 1, epoch: 0 } });
      list.logMetrics({ a: step }, { step, microStep: step, epoch: 0 });
      await list.close();
    }
    return warnings;
  };
  const expected = [
    'Two loggers write the table metrics.csv: one of them writes metrics-1.csv; leave it out, or give it a path of its own',
    'Two loggers write event files to tensorboard, where TensorBoard shows each value twice; leave one out, or give it a folder of its own',
  ];
  expect(await process()).toEqual(expected);
  expect(await process({ step: 0, microStep: 0, epoch: 0 })).toEqual(expected);
  expect(readdirSync(folder).sort()).toEqual(['metrics-1.csv', 'metrics.csv', 'tensorboard']);
  for (const name of ['metrics-1.csv', 'metrics.csv'])
    expect(
      readFileSync(join(folder, name), 'utf8')
        .split('\n')
        .slice(1)
        .map((line) => line.split(',')[0]),
    ).toEqual(['1', '2', '']);
});

test('LoggerList.close() says once which loggers it waits for, and for how long at most', async () => {
  const said: string[] = [];
  let end = (): void => {};
  const ended = new Promise<void>((resolve) => {
    end = resolve;
  });
  const plain = (name: string, close: Logger['close']): Logger => ({ name, logMetrics: () => {}, close });
  const slow = [{ ...plain('wandb', () => ended), closeWithinMs: 10_000 }, plain('mine', () => ended)];
  const say = (message: string): void => {
    said.push(message);
    end();
  };
  await new LoggerList([plain('quick', () => {}), ...slow], { waiting: { silentMs: 1, say } }).close();
  expect(said).toEqual(['Waiting for wandb, 10 s at most; mine']);
  await new LoggerList([plain('quick', () => {})], { waiting: { silentMs: 0, say } }).close();
  expect(said).toHaveLength(1);
});
