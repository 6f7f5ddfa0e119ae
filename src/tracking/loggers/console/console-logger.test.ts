import { EventEmitter } from 'node:events';
import { expect, test, vi } from 'vitest';
import { ConsoleLogger, type ConsoleLoggerOptions } from './console-logger.ts';

const at = { step: 50, microStep: 100, epoch: 2 };

/** What a logger prints. */
function printed(log: (logger: ConsoleLogger) => void, options: ConsoleLoggerOptions = {}): string[] {
  const lines: string[] = [];
  const stream = { write: (text: string) => lines.push(text) };
  const logger = new ConsoleLogger({ format: '%(message)s', stream, ...options });
  logger.open({ warn: expect.fail });
  log(logger);
  logger.close();
  return lines.join('').split('\n').slice(0, -1);
}

test('ConsoleLogger groups the values of a step by the first part of their keys', () => {
  const values = {
    'train/loss': 0.12341,
    lr: 0.001,
    'train/dl_a/loss': 2,
    'val/loss': Number.NaN,
    tiny: 3e-6,
    'a/': 1,
  };
  expect(printed((logger) => logger.logMetrics(values, at))).toEqual([
    'Step 50 | train[loss=0.1234, dl_a/loss=2.0000] | lr=0.0010 | val[loss=nan] | tiny=3.0000e-6 | a/=1.0000',
  ]);
});

test('ConsoleLogger has lines of their own for an epoch’s summary and the shares of loaders', () => {
  const values = {
    'epoch_summary/train/loss': 0.5,
    'epoch_summary/val/loss': Number.NEGATIVE_INFINITY,
    'loader_proportions/a_batches': 1 / 3,
    'loader_proportions/a_samples': 0.2,
    'loader_proportions/a_divergence': 0.1,
    'loader_counts/a_batches': 20,
    'loader_counts/a_samples': 40,
    'loader_proportions/b_samples_batches': 2 / 3,
    'loader_proportions/b_samples_samples': 0.8,
    'loader_counts/b_samples_batches': 40,
    'loader_counts/b_samples_samples': 160,
    'loader_proportions/c_batches': 0,
  };
  expect(printed((logger) => logger.logMetrics(values, at))).toEqual([
    'Epoch 2 Summary: train/loss=0.5000 | val/loss=-inf',
    'Epoch 2 Loader Proportions: a: 33.3% (20 batches, 40 samples), b_samples: 66.7% (40 batches, 160 samples), c: 0.0%',
  ]);
  expect(printed((logger) => logger.logMetrics({}, at))).toEqual([]);
});

test('ConsoleLogger leaves out by default what files and pictures tell better, and of an epoch’s summary what single loaders repeat', () => {
  const values = {
    ...{ 'train/loss': 1, 'train/dl_a/loss': 2, 'profile/train/dl_a/time_forward': 3, 'system/tensor_mb': 4 },
    ...{ 'throughput/steps_per_sec': 5, 'gradients/norm': 6, 'parameters/norm': 7, systematic: 8 },
    ...{ 'epoch_summary/train/loss': 1, 'epoch_summary/train/dl_a/loss': 2, 'epoch_summary/val/dl_b/recall': 3 },
    'epoch_summary/profile/a': 4,
  };
  const log = (logger: ConsoleLogger): void => logger.logMetrics(values, at);
  expect(printed(log)).toEqual([
    'Step 50 | train[loss=1.0000, dl_a/loss=2.0000] | systematic=8.0000',
    'Epoch 2 Summary: train/loss=1.0000 | val/dl_b/recall=3.0000',
  ]);
  const all = printed(log, { shows: 'all' }).join('\n');
  for (const key of Object.keys(values)) expect(all).toContain(`${key.split('/').at(-1)}=`);
  expect(printed((logger) => logger.logMetrics({ 'system/tensor_mb': 4 }, at))).toEqual([]);
});

test('ConsoleLogger joins what is logged at one step, until something else is said', () => {
  const next = { ...at, step: 51 };
  const lines = printed((logger) => {
    logger.logMetrics({ 'train/loss': 1 }, at);
    logger.logMetrics({ lr: 2 }, at);
    logger.logMetrics({ 'train/accuracy': 3 }, { ...at, microStep: 101 });
    logger.logMetrics({ lr: 4 }, next);
    logger.logMetrics({ lr: 5 }, next);
    logger.logEvent({ event: 'warning', message: 'hot' }, next);
    logger.logMetrics({ a: 6 }, next);
    logger.flush();
    logger.logMetrics({ b: 7 }, next);
    logger.logText('notes', 'text', next);
    logger.logMetrics({ c: 8 }, next);
    logger.logMetrics({ d: 9 }, { ...next, epoch: 3 });
  });
  expect(lines).toEqual([
    'Step 50 | train[loss=1.0000, accuracy=3.0000] | lr=2.0000',
    ...['Step 51 | lr=4.0000', 'Step 51 | lr=5.0000', 'hot', 'Step 51 | a=6.0000', 'Step 51 | b=7.0000'],
    ...['Step 51 | notes: text', 'Step 51 | c=8.0000', 'Step 51 | d=9.0000'],
  ]);
});

test('ConsoleLogger holds a line back for half a second at most, with the time at which it was logged', () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setImmediate', 'clearImmediate', 'performance'] });
  try {
    const lines: string[] = [];
    let time = 0;
    const options = { format: '%(asctime)s %(message)s', now: () => time };
    const logger = new ConsoleLogger({ ...options, stream: { write: (text) => lines.push(text) } });
    for (const step of [1, 2]) {
      logger.logMetrics({ lr: step }, { ...at, step });
      time += 60_000;
      vi.advanceTimersByTime(500);
      expect(lines.length).toBe(step);
    }
    expect(lines.map((line) => line.slice(17, 23))).toEqual(['00,000', '00,000']);
    expect(lines[0]!.slice(14, 16)).not.toBe(lines[1]!.slice(14, 16));
    logger.close();
  } finally {
    vi.useRealTimers();
  }
});

test('ConsoleLogger lets no key or message move the cursor or break a line', () => {
  const lines = printed((logger) => {
    logger.logMetrics({ 'tr\nain/\u001b[2Jloss/ü': 1, '/x': 2 }, at);
    logger.logEvent({ event: 'warning', message: 'a\rb' }, at);
    logger.logText('notes', 'two\nlines', at);
  });
  expect(lines).toEqual([
    'Step 50 | tr\\x0aain[\\x1b[2Jloss/ü=1.0000] | /x=2.0000',
    'a\\x0db',
    'Step 50 | notes: two',
    'lines',
  ]);
});

test('ConsoleLogger shows lines of its level and above, in the form that is asked for', () => {
  const log = (logger: ConsoleLogger): void => {
    logger.logMetrics({ lr: 1 }, at);
    logger.logEvent({ event: 'checkpointStarted', save: 1 }, at);
    logger.logEvent({ event: 'checkpointSaved', path: 'checkpoints/a.ckpt' }, at);
    logger.logEvent({ event: 'resumed', checkpoint: 'a.ckpt', dropped: [] }, at);
    logger.logEvent({ event: 'interrupted', reason: 'SIGTERM' }, at);
    logger.logEvent({ event: 'failed', message: 'no' }, at);
    logger.logEvent({ event: 'finished' }, at);
  };
  const now = () => new Date(2026, 0, 2, 3, 4, 5, 6).getTime();
  expect(
    printed(log, { level: 'WARNING', format: '%(asctime)s|%(levelname)-8s|%(name)8s|%%|%(message)s', now }),
  ).toEqual([
    '2026-01-02 03:04:05,006|WARNING |  sconce|%|Interrupted at step 50: SIGTERM',
    '2026-01-02 03:04:05,006|ERROR   |  sconce|%|Failed at step 50: no',
  ]);
  expect(printed(log, { level: 'DEBUG', format: '%(levelname)s %(message)s' })).toContain(
    'DEBUG Checkpoint of step 50 begun',
  );
  expect(printed(log).length).toBe(6);
  expect(printed(log, { level: 'CRITICAL' })).toEqual([]);
});

test('ConsoleLogger clears the line of a progress bar on a terminal', () => {
  const lines: string[] = [];
  const stream = { isTTY: true, write: (text: string) => lines.push(text) };
  const logger = new ConsoleLogger({ format: '%(message)s', stream });
  logger.logMetrics({ lr: 1 }, at);
  logger.close();
  expect(lines).toEqual(['\r\u001b[KStep 50 | lr=1.0000\n']);
});

test('ConsoleLogger says once that its stream has ended, and the run goes on', () => {
  const stream = Object.assign(new EventEmitter(), { write: () => true });
  const warnings: string[] = [];
  const logger = new ConsoleLogger({ stream });
  logger.open({ warn: (message) => warnings.push(message) });
  stream.emit('error', new Error('EPIPE'));
  stream.emit('error', new Error('EPIPE'));
  logger.logMetrics({ lr: 1 }, at);
  expect(warnings).toEqual(['Cannot print what the run logs: EPIPE; its files have it']);
  logger.close();
  expect(stream.listenerCount('error')).toBe(0);
});

test.each([
  [{ level: 'LOUD' }, 'expected level DEBUG, INFO, WARNING, ERROR, CRITICAL, got "LOUD"'],
  [{ format: '%(message)s %(nane)s' }, 'expected format a text with %(message)s'],
  [{ format: '100% %(message)s' }, 'got "100% %(message)s"'],
  [{ shows: 'some' }, 'expected shows main, all, got "some"'],
  [{ colour: true }, 'got "colour"'],
])('new ConsoleLogger(%j) says what is wrong', (options, message) => {
  expect(() => new ConsoleLogger(options as ConsoleLoggerOptions)).toThrow(message);
});
