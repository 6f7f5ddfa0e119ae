// MLflowLogger against a server that holds every request against MLflow's published schema.
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { RunInfo } from '../../logger.ts';
import { MLflowServer } from '../../testing/mlflow-server.ts';
import { MLflowLogger, type MLflowLoggerOptions } from './mlflow-logger.ts';
import { MLflowNames, paramsOf } from './mlflow-names.ts';

let server: MLflowServer;
let warnings: string[];
beforeEach(async () => {
  server = await new MLflowServer().start();
  warnings = [];
});
afterEach(() => {
  server.stop();
  vi.unstubAllEnvs();
  expect(server.violations).toEqual([]);
});

const at = (step: number) => ({ step, microStep: step, epoch: 0 });
const runInfo = (more: Partial<RunInfo> = {}): RunInfo => ({
  id: 'id-1',
  name: 'digits',
  folder: undefined,
  config: { optimizer: { lr: 0.1, betas: [0.9, 0.99] }, seed: undefined, name: 'x', empty: {} },
  tags: ['small'],
  resumedFrom: undefined,
  warn: (message) => warnings.push(message),
  ...more,
});
const fast = { everyMs: 1, retryFromMs: 1, retryToMs: 2 };
const loggerOf = (options: MLflowLoggerOptions = {}) =>
  new MLflowLogger({ trackingUri: server.url, experiment: 'tests', now: () => 1234, outbox: fast, ...options });

test('MLflowLogger logs metrics, params, tags and artifacts, and ends the run', async () => {
  const logger = loggerOf({ tags: { team: 'a' } });
  logger.open(runInfo());
  logger.logMetrics({ 'train/loss': 0.5, 'val/nan': Number.NaN, 'val/inf': Number.NEGATIVE_INFINITY }, at(3));
  logger.logText('notes', 'hällo', at(3));
  logger.logFigure('val/curve', '<svg/>', at(4));
  logger.logImage('../x y', { bytes: new Uint8Array([1, 2]), format: 'jpeg', width: 1, height: 1 }, at(4));
  const matrix = {
    rows: ['a', 'b'],
    columns: ['a', 'b'],
    values: [
      [1, 2],
      [3, 4],
    ],
    rowLabel: 'true',
    columnLabel: 'predicted',
  };
  logger.logMatrix('confusion', matrix, at(4));
  await logger.close({ status: 'finished' });
  await logger.close();

  expect([...server.experiments.keys()]).toEqual(['tests']);
  const [[id, run]] = [...server.runs] as [[string, typeof server.runs extends Map<string, infer R> ? R : never]];
  expect(run).toMatchObject({ name: 'digits', status: 'FINISHED', endTime: 1234 });
  expect(run.metrics).toEqual([
    { key: 'train/loss', value: 0.5, timestamp: 1234, step: 3 },
    { key: 'val/nan', value: 'NaN', timestamp: 1234, step: 3 },
    { key: 'val/inf', value: '-Infinity', timestamp: 1234, step: 3 },
  ]);
  expect(Object.fromEntries(run.params)).toEqual({
    'optimizer.lr': '0.1',
    'optimizer.betas': '[0.9,0.99]',
    name: 'x',
    empty: '{}',
  });
  expect(Object.fromEntries(run.tags)).toMatchObject({
    'sconce.run_id': 'id-1',
    'sconce.tag.small': 'true',
    team: 'a',
  });
  const files = [...server.artifacts].map(([path, bytes]) => [
    path.replace(`0/${id}/artifacts/`, ''),
    bytes.toString(),
  ]);
  expect(files).toEqual([
    ['texts/notes/step_000003.txt', 'hällo'],
    ['figures/val/curve/step_000004.svg', '<svg/>'],
    ['images/_/x y/step_000004.jpg', '\u0001\u0002'],
    ['tables/confusion/step_000004.json', '{"columns":["true","a","b"],"data":[["a",1,2],["b",3,4]]}'],
  ]);
  expect(warnings).toEqual([]);
});

test('MLflowLogger goes on with the run that it finds, and says which params stay', async () => {
  for (const [resumedFrom, lr] of [
    [undefined, 0.1],
    [at(5), 0.2],
  ] as const) {
    const logger = loggerOf();
    logger.open(runInfo({ resumedFrom, config: { lr, width: 3, ...(lr === 0.2 ? { depth: 2 } : {}) } }));
    logger.logMetrics({ 'train/loss': lr }, at(6));
    await logger.close({ status: lr === 0.1 ? 'interrupted' : 'failed', message: 'x' });
    expect([...server.runs.values()].map(({ status }) => status)).toEqual([lr === 0.1 ? 'KILLED' : 'FAILED']);
  }
  const [run] = [...server.runs.values()];
  expect(Object.fromEntries(run!.params)).toEqual({ lr: '0.1', width: '3', depth: '2' });
  expect(run!.tags.get('sconce.resumed_from_step')).toBe('5');
  expect(run!.metrics.map(({ value }) => value)).toEqual([0.1, 0.2]);
  expect(warnings).toEqual(['MLflow keeps the params that the run began with: lr is 0.2 now and stays 0.1 there']);
});

test('MLflowLogger stays within the limits of a request', async () => {
  const logger = loggerOf();
  const config = Object.fromEntries(Array.from({ length: 250 }, (_, i) => [`p${i}`, i]));
  logger.open(runInfo({ config: { ...config, long: 'ä'.repeat(5000) } }));
  for (let step = 0; step < 30; step += 1) {
    const values = Object.fromEntries(Array.from({ length: 90 }, (_, i) => [`${'x'.repeat(240)}/${i}`, step]));
    logger.logMetrics(values, at(step));
  }
  logger.logMetrics(Object.fromEntries(Array.from({ length: 2500 }, (_, i) => [`m${i}`, i])), at(30));
  await logger.close();
  const [run] = [...server.runs.values()];
  expect(run!.params.size).toBe(251);
  expect(run!.params.get('long')).toBe('ä'.repeat(3000));
  expect(run!.metrics.length).toBe(30 * 90 + 2500);
  expect(warnings).toEqual([]);
});

test('MLflowLogger tries again at a server that fails anywhere, and logs everything once', async () => {
  const seen = new Map<string, number>();
  server.fault = (path) => {
    seen.set(path, (seen.get(path) ?? 0) + 1);
    return seen.get(path) === 1 ? 503 : undefined;
  };
  const logger = loggerOf();
  logger.open(runInfo());
  logger.logMetrics({ a: 1 }, at(1));
  logger.logText('t', 'x', at(1));
  await logger.close({ status: 'finished' });
  const runs = [...server.runs.values()];
  expect(runs.map(({ status, metrics }) => [status, metrics.length])).toEqual([['FINISHED', 1]]);
  expect(server.artifacts.size).toBe(1);
  expect(warnings[0]).toMatch(
    /^Cannot log to mlflow: Cannot ask MLflow for experiments\/get-by-name: expected success, got HTTP 503: out of order; /,
  );
});

test.each([
  ['hangs', 0, /no answer within 20 ms/],
  ['fails', 500, /HTTP 500: out of order/],
])('MLflowLogger ends in time at a server that %s', async (_, status, reason) => {
  server.fault = () => status;
  const logger = loggerOf({ outbox: { ...fast, timeoutMs: status === 0 ? 20 : 10_000, closeWithinMs: 100 } });
  const started = performance.now();
  logger.open(runInfo());
  logger.logMetrics({ a: 1 }, at(1));
  await logger.close({ status: 'finished' });
  expect(performance.now() - started).toBeLessThan(5_000);
  expect(warnings.at(-1)).toMatch(/^Cannot log to mlflow: expected all 2 records to arrive, got 0; /);
  expect(warnings.at(-1)).toMatch(reason);
});

test('MLflowLogger leaves pictures out where the server does not take them', async () => {
  server.artifactRoot = 's3://bucket/x';
  const logger = loggerOf();
  logger.open(runInfo());
  logger.logText('t', 'x', at(1));
  logger.logText('u', 'x', at(1));
  await logger.close();
  expect(server.artifacts.size).toBe(0);
  expect(new Set(warnings)).toEqual(
    new Set([
      expect.stringMatching(
        /expected a server that takes them .* got artifacts at "s3:\/\/bucket\/x\/0\/run0\/artifacts"; they are left out/,
      ),
    ]),
  );
});

test('MLflowLogger takes its server and who asks from the environment', async () => {
  vi.stubEnv('MLFLOW_TRACKING_URI', `${server.url}/`);
  vi.stubEnv('MLFLOW_TRACKING_TOKEN', 'secret');
  vi.stubEnv('MLFLOW_EXPERIMENT_NAME', 'named');
  for (const [username, expected] of [
    ['', 'Bearer secret'],
    ['me', `Basic ${Buffer.from('me:pass').toString('base64')}`],
  ] as const) {
    if (username !== '') {
      vi.stubEnv('MLFLOW_TRACKING_USERNAME', username);
      vi.stubEnv('MLFLOW_TRACKING_PASSWORD', 'pass');
    }
    server.authorizations.clear();
    const logger = new MLflowLogger({ outbox: fast });
    logger.open(runInfo());
    await logger.close();
    expect([...server.authorizations]).toEqual([expected]);
  }
  expect([...server.experiments.keys()]).toEqual(['named']);
  vi.stubEnv('MLFLOW_TRACKING_URI', '');
  expect(() => new MLflowLogger()).toThrow(
    'expected trackingUri or MLFLOW_TRACKING_URI as "http://localhost:5000", got none',
  );
  expect(() => new MLflowLogger({ trackingUri: 'mlruns' })).toThrow(
    'got "mlruns"; files and databases of MLflow need its server',
  );
  expect(() => new MLflowLogger({ uri: 'x' } as never)).toThrow('expected options of');
});

test('MLflowLogger refuses to log while it is not open', () => {
  expect(() => loggerOf().logMetrics({ a: 1 }, at(1))).toThrow('expected an open logger, got a closed one');
});

test('MLflowNames makes names that MLflow takes and keeps them apart', () => {
  const names = new MLflowNames();
  expect(['a:b', 'a*b', 'a_b', 'a:b', '/x', '../x', 'a//b', '.', 'a/./b'].map((name) => names.of(name))).toEqual([
    'a_b',
    'a_b_2',
    'a_b_3',
    'a_b',
    '_/x',
    '_/x_2',
    'a/_/b',
    '_',
    'a/_/b_2',
  ]);
  const long = ['y', 'z'].map((end) => names.of(`${'x'.repeat(249)}/${end}`));
  expect(new Set(long).size).toBe(2);
  expect(long.every((name) => name.length <= 250)).toBe(true);
});

test('paramsOf() flattens what is nested and writes the rest as JSON', () => {
  const config = { a: { b: { c: 1 } }, list: [{ d: 1 }], nothing: null, flag: true, text: 'x' };
  expect(paramsOf(config, new MLflowNames())).toEqual([
    { key: 'a.b.c', value: '1' },
    { key: 'list', value: '[{"d":1}]' },
    { key: 'nothing', value: 'null' },
    { key: 'flag', value: 'true' },
    { key: 'text', value: 'x' },
  ]);
});
