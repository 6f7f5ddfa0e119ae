// Several loggers as one: everyone is told, and nobody hurts another.
import { expect, test } from 'vitest';
import type { Logger, RunInfo } from '../logger.ts';
import { LoggerList } from './logger-list.ts';

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
