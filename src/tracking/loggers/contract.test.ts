// What holds for every logger: one line each.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, onTestFinished, test } from 'vitest';
import type { Histogram, LoggedImage, Matrix } from '../data-records.ts';
import { imageOf } from '../images/image-of.ts';
import type { Logger, RunInfo } from '../logger.ts';
import type { Clocks } from '../run-format.ts';
import { MLflowServer } from '../testing/mlflow-server.ts';
import { ConsoleLogger } from './console/console-logger.ts';
import { CSVLogger } from './csv/csv-logger.ts';
import { JsonlLogger } from './jsonl.ts';
import { LoggerList } from './logger-list.ts';
import { MLflowLogger } from './mlflow/mlflow-logger.ts';
import { TensorBoardLogger } from './tensorboard/tensorboard-logger.ts';
import { WandbLogger } from './wandb/wandb-logger.ts';

const mlflow = await new MLflowServer().start();
afterAll(() => {
  mlflow.stop();
  expect(mlflow.violations).toEqual([]);
});

/** Makes a logger that writes below a folder. */
const LOGGERS: Readonly<Record<string, (folder: string) => Logger>> = {
  console: () => new ConsoleLogger({ stream: { write: () => true } }),
  csv: () => new CSVLogger(),
  jsonl: (folder) => new JsonlLogger(join(folder, 'metrics.jsonl')),
  mlflow: () => new MLflowLogger({ trackingUri: mlflow.url }),
  tensorboard: () => new TensorBoardLogger(),
  wandb: (folder) => new WandbLogger({ project: 'contract', mode: 'offline', folder }),
};

const at = (step: number): Clocks => ({ step, microStep: 2 * step, epoch: 0 });
const histogram: Histogram = {
  ...{ edges: [0, 1, 2], counts: [3, 4], min: 0.5, max: 2, sum: 9, sumOfSquares: 14, count: 7, numNonFinite: 1 },
};
const emptyHistogram: Histogram = {
  ...{
    edges: [0, 0],
    counts: [0],
    min: Number.NaN,
    max: Number.NaN,
    sum: 0,
    sumOfSquares: 0,
    count: 0,
    numNonFinite: 0,
  },
};
const matrix: Matrix = {
  rows: ['a', 'b'],
  columns: ['a'],
  values: [[1], [Number.NaN]],
  rowLabel: 'true',
  columnLabel: '|',
};
const image: LoggedImage = imageOf([0, 1, 0.5, 0.2], { shape: [2, 2] });
const svg = '<svg xmlns="http://www.w3.org/2000/svg" width="4" height="4"><rect width="4" height="4"/></svg>';
const oddKeys = [
  '',
  ' ',
  '/',
  'a//b',
  '../up',
  'größe',
  '\u{1f600}',
  'a,"b"',
  'line\nend',
  '\u0000',
  'step',
  '__proto__',
  'x'.repeat(300),
];

function logEverything(logger: Logger, step: number): void {
  const clocks = at(step);
  logger.logMetrics({}, clocks);
  logger.logMetrics(
    {
      nan: Number.NaN,
      more: Number.POSITIVE_INFINITY,
      less: Number.NEGATIVE_INFINITY,
      tiny: 5e-324,
      huge: 1e308,
      zero: -0,
    },
    clocks,
  );
  for (const key of oddKeys) {
    logger.logMetrics(Object.fromEntries([[key, step]]), clocks);
    logger.logText?.(key, `# ${key}\n`, clocks);
    logger.logHistogram?.(key, histogram, clocks);
  }
  logger.logHistogram?.('empty', emptyHistogram, clocks);
  logger.logMatrix?.('matrix', matrix, clocks);
  logger.logImage?.('image', image, clocks);
  logger.logFigure?.('figure', svg, clocks);
  logger.logEvent?.({ event: 'checkpointSaved', path: 'checkpoints/a.ckpt' }, clocks);
  logger.logEvent?.({ event: 'warning', message: 'line\nend' }, clocks);
}

describe.each(Object.entries(LOGGERS))('logger %s', (name, make) => {
  function start(): { logger: Logger; run: (resumedFrom?: Clocks) => RunInfo; warnings: string[]; folder: string } {
    const folder = mkdtempSync(join(tmpdir(), `sconce-${name}-`));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const warnings: string[] = [];
    const run = (resumedFrom?: Clocks): RunInfo => ({
      ...{ id: 'abcd1234', name: 'a run', folder, config: { seed: 1, nested: { list: [1], none: null } }, tags: ['t'] },
      ...{ resumedFrom, warn: (message: string) => void warnings.push(message) },
    });
    return { logger: make(folder), run, warnings, folder };
  }

  test('is named as the configuration names it', () => {
    expect(start().logger.name).toBe(name);
  });

  test('takes whatever there is to log, in two fits, and in a process that goes on', async () => {
    const { logger, run, warnings, folder } = start();
    await logger.open?.(run());
    logEverything(logger, 1);
    logger.flush?.();
    await logger.close({ status: 'interrupted', message: 'SIGTERM' });
    await logger.open?.(run(at(1)));
    logEverything(logger, 2);
    await logger.close({ status: 'failed', message: 'no' });
    const another = make(folder);
    await another.open?.(run(at(1)));
    logEverything(another, 2);
    await another.close({ status: 'finished' });
    expect(warnings).toEqual([]);
  });

  if (!['console', 'mlflow'].includes(name))
    test('says what is in the way of its files', async () => {
      const { run, folder } = start();
      const file = join(folder, 'file');
      writeFileSync(file, '');
      const logger = make(join(file, 'inside'));
      const opened = (async () => logger.open?.({ ...run(), folder: join(file, 'inside') }))();
      await expect(opened).rejects.toThrow(
        /^Cannot open the log .*inside.*: expected a folder that can be written, got a file in its way$/,
      );
    });

  test('may be closed twice, and before it was opened; logging afterwards is an error', async () => {
    const { logger, run } = start();
    await logger.close();
    await logger.open?.(run());
    logger.logMetrics({ a: 1 }, at(1));
    await logger.close();
    await logger.close();
    expect(() => logger.logMetrics({ a: 1 }, at(1))).toThrow(/^Cannot .*: expected an open .*, got .*closed/);
  });

  test('leaves no listener and no timer behind', async () => {
    const { logger, run } = start();
    const before = process.listenerCount('exit');
    await logger.open?.(run());
    logger.logMetrics({ a: 1 }, at(1));
    await logger.close();
    expect(process.listenerCount('exit')).toBe(before);
  });

  test('does not change what it is given', async () => {
    const { logger, run } = start();
    await logger.open?.(run());
    const values = Object.freeze({ a: 1, b: Number.NaN });
    logger.logMetrics(values, Object.freeze(at(1)));
    logger.logHistogram?.('h', Object.freeze({ ...histogram, counts: Object.freeze([...histogram.counts]) }), at(1));
    await logger.close();
  });
});

describe('LoggerList', () => {
  const failing = (name: string): Logger => ({
    name,
    open: () => {
      if (name === 'at open') throw new Error('no server');
    },
    logMetrics: () => {
      throw new Error('full');
    },
    logText: () => {
      throw new Error('full');
    },
    close: () => Promise.reject(new Error('gone')),
  });

  test('keeps the errors of one from the others and from the run, and says each once', async () => {
    const heard: unknown[] = [];
    const good: Logger = {
      name: 'good',
      logMetrics: (values) => heard.push(values),
      close: (end) => void heard.push(end),
    };
    const warnings: string[] = [];
    const list = new LoggerList([failing('bad'), good, failing('at open')]);
    const warn = (message: string) => void warnings.push(message);
    await list.open({ id: 'a', name: 'r', folder: undefined, config: {}, tags: [], resumedFrom: undefined, warn });
    list.logMetrics({ a: 1 }, at(1));
    list.logMetrics({ a: 2 }, at(2));
    list.logText('k', 't', at(2));
    list.flush();
    await list.close({ status: 'finished' });
    expect(heard).toEqual([{ a: 1 }, { a: 2 }, { status: 'finished' }]);
    expect(warnings.map((message) => message.replace(/^Logger "(.*)" failed in /, '$1 '))).toEqual([
      'at open open: no server',
      'bad logMetrics: full',
      'bad logText: full',
      'bad close: gone',
    ]);
  });
});
