// A real client against a real server in this process; what it sends is held against Python's wandb in test/parity/wandb.test.ts.
import { existsSync, mkdtempSync, readdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { RunInfo } from '../../logger.ts';
import { readRecord } from './records.ts';
import { type RecordedRequest, WandbServer } from './testing/wandb-server.ts';
import { readTransactionLog } from './transaction-log.ts';
import { WandbLogger } from './wandb-logger.ts';

let server: WandbServer;
let folder: string;
let said: string[];

beforeEach(async () => {
  server = await WandbServer.start();
  folder = mkdtempSync(join(tmpdir(), 'sconce-wandb-'));
  said = [];
  vi.stubEnv('WANDB_BASE_URL', server.url);
  vi.stubEnv('WANDB_API_KEY', 'k'.repeat(40));
});

afterEach(async () => {
  vi.unstubAllEnvs();
  await server.stop();
});

const run = (more: Partial<RunInfo> = {}): RunInfo => ({
  id: 'abc12345',
  name: 'first',
  folder,
  config: { lr: 0.1 },
  tags: [],
  resumedFrom: undefined,
  warn: (message) => void said.push(message),
  ...more,
});
const at = (step: number) => ({ step, microStep: step, epoch: 0 });
const FAST = { sendEveryMs: 1, retryFromMs: 1, closeWithinMs: 30_000 };

/** Logs one value at each step. */
async function logSteps(logger: WandbLogger, info: RunInfo, steps: readonly number[]): Promise<void> {
  logger.open(info);
  for (const step of steps) logger.logMetrics({ loss: 1 / step }, at(step));
  await logger.close({ status: 'finished' });
}

const stepsOf = (lines: readonly string[]): unknown[] =>
  lines.map((line) => (JSON.parse(line) as { _step: number })._step);
const offlineRuns = (): string[] => readdirSync(join(folder, 'wandb')).filter((name) => name.startsWith('offline-run'));
const stepsOffline = (): number[] => {
  const [name] = offlineRuns();
  const records = readTransactionLog(join(folder, 'wandb', name!, 'run-abc12345.wandb')).map(readRecord);
  return records.flatMap((record) => (record.kind === 'history' ? [record.step] : []));
};

test('WandbLogger sends a run, and leaves nothing behind but its address', async () => {
  const logger = new WandbLogger({ project: 'digits', best: { loss: 'min' }, ...FAST });
  logger.open(run({ tags: ['a'] }));
  logger.logMetrics({ loss: 0.5, lr: 0.1 }, at(1));
  logger.logMetrics({ 'epoch_summary/loss': 0.25 }, at(1));
  logger.logMetrics({ loss: Number.NaN }, at(2));
  logger.logMetrics({ loss: 0.75 }, at(3));
  await logger.close({ status: 'failed' });
  const served = server.runs.get('abc12345')!;
  expect(stepsOf(served.history.filter((line) => !line.includes('NaN')))).toEqual([1, 3]);
  expect(JSON.parse(served.history[0]!)).toMatchObject({ loss: 0.5, lr: 0.1, 'epoch_summary/loss': 0.25 });
  expect(JSON.parse(served.summary)).toMatchObject({ loss: { last: 0.75, min: 0.5 }, lr: 0.1, _step: 3 });
  expect(JSON.parse(served.config)).toMatchObject({ lr: { value: 0.1 }, _wandb: { value: { m: [{ 1: 'loss' }] } } });
  expect(served).toMatchObject({ displayName: 'first', tags: ['a'], complete: true, exitcode: 1 });
  expect([...served.files.keys()]).toEqual(['wandb-metadata.json', 'wandb-summary.json', 'config.yaml']);
  expect(server.requests.every(({ headers }) => headers.authorization !== undefined || headers['content-length'])).toBe(
    true,
  );
  expect(logger.url).toBe(`${server.url}/anna/digits/runs/abc12345`);
  expect(readdirSync(join(folder, 'wandb'))).toEqual(['run-abc12345.url']);
  expect(said).toEqual([]);
});

test('WandbLogger says that an interrupted run was preempted', async () => {
  const logger = new WandbLogger({ project: 'digits', ...FAST });
  logger.open(run());
  await logger.close({ status: 'interrupted' });
  expect(server.requests.at(-1)!.body).toMatchObject({ preempting: true, complete: true, exitcode: 143 });
});

test('WandbLogger tries again what a server does not take, and nothing is lost or doubled', async () => {
  const answers = [
    { status: 500, body: 'broken' },
    { status: 429, body: '' },
    { status: 200, body: '<html>' },
    { status: 200, body: '{}' },
    { status: 200, body: 'null' },
  ];
  let numStreams = 0;
  server.intercept = (request: RecordedRequest) => {
    if (!request.path.endsWith('file_stream')) return answers.shift();
    numStreams += 1;
    return numStreams === 1 ? { status: 503 } : undefined;
  };
  await logSteps(new WandbLogger({ project: 'digits', ...FAST }), run(), [1, 2, 3]);
  expect(answers).toEqual([]);
  expect(stepsOf(server.runs.get('abc12345')!.history)).toEqual([1, 2, 3]);
  expect(offlineRuns()).toEqual([]);
  expect(said.some((message) => message.includes('HTTP 500: broken; it is tried again'))).toBe(true);
});

test('lines of one request stand behind those of the last', async () => {
  const logger = new WandbLogger({ project: 'digits', ...FAST });
  logger.open(run());
  for (const step of [1, 2, 3, 4, 5]) {
    logger.logMetrics({ loss: step }, at(step));
    // The row of a step is sent when the next one begins.
    await vi.waitFor(() => expect(server.runs.get('abc12345')?.history.length).toBe(step - 1), {
      timeout: 10_000,
      interval: 5,
    });
  }
  await logger.close();
  expect(stepsOf(server.runs.get('abc12345')!.history)).toEqual([1, 2, 3, 4, 5]);
  expect(said).toEqual([]);
});

test('a line whose answer did not come is sent again at its place', async () => {
  let numStreams = 0;
  server.intercept = (request: RecordedRequest) => {
    if (!request.path.endsWith('file_stream')) return undefined;
    numStreams += 1;
    if (numStreams > 1) return undefined;
    const { files } = request.body as { files: Record<string, { content: string[] }> };
    server.runs.get('abc12345')!.history.push(...files['wandb-history.jsonl']!.content);
    return 'hang';
  };
  await logSteps(new WandbLogger({ project: 'digits', ...FAST, sendEveryMs: 60_000, timeoutMs: 200 }), run(), [1, 2]);
  expect(stepsOf(server.runs.get('abc12345')!.history)).toEqual([1, 2]);
  expect(numStreams).toBe(2);
});

test('a server that hangs does not hold up the end; what did not arrive stays as an offline run', async () => {
  server.intercept = () => 'hang';
  const logger = new WandbLogger({ project: 'digits', sendEveryMs: 1, closeWithinMs: 100 });
  const start = performance.now();
  await logSteps(logger, run(), [1, 2]);
  expect(performance.now() - start).toBeLessThan(5_000);
  expect(stepsOffline()).toEqual([1, 2]);
  expect(said.at(-1)).toBe(
    `Not all of this run is in W&B; it stays in ${logger.folder}, and \`wandb sync ${logger.folder}\` sends it`,
  );
});

test('what the server refuses for good is not tried again, and stays', async () => {
  server.intercept = ({ path }) =>
    path === '/graphql' ? { status: 200, body: '{"errors":[{"message":"permission denied"}]}' } : undefined;
  await logSteps(new WandbLogger({ project: 'digits', ...FAST }), run(), [1]);
  expect(server.requests.length).toBe(1);
  expect(said[0]).toContain('expected success, got "permission denied"; nothing more is sent');
  expect(said.join()).not.toContain('kkkk');
  expect(stepsOffline()).toEqual([1]);
});

test('a file that cannot be uploaded is left out, and the values arrive', async () => {
  server.intercept = ({ path }) => (path.includes('html') ? { status: 403, body: 'expired' } : undefined);
  const logger = new WandbLogger({ project: 'digits', ...FAST });
  logger.open(run());
  logger.logText('notes', 'a <text>', at(1));
  await logger.close();
  expect(server.runs.get('abc12345')!.history.length).toBe(1);
  expect(said.some((message) => message.endsWith('expired; W&B does not get this file'))).toBe(true);
  expect(offlineRuns().length).toBe(1);
});

test('a run that goes on is the same run, without the steps beyond its checkpoint', async () => {
  const logger = new WandbLogger({ project: 'digits', ...FAST });
  await logSteps(logger, run(), [1, 2, 3, 4]);
  await logSteps(logger, run({ resumedFrom: at(4) }), [5]); // another fit
  expect(server.operations('RewindRun')).toEqual([]);
  expect(stepsOf(server.runs.get('abc12345')!.history)).toEqual([1, 2, 3, 4, 5]);
  await logSteps(new WandbLogger({ project: 'digits', ...FAST }), run({ resumedFrom: at(2) }), [3]);
  expect(server.operations('RewindRun')).toMatchObject([{ runName: 'abc12345', metricName: '_step', metricValue: 2 }]);
  expect(stepsOf(server.runs.get('abc12345')!.history)).toEqual([1, 2, 3]);
  server.canRewind = false;
  await logSteps(new WandbLogger({ project: 'digits', ...FAST }), run({ resumedFrom: at(1) }), [2, 4]);
  expect(stepsOf(server.runs.get('abc12345')!.history)).toEqual([1, 2, 3, 4]);
  expect(said[0]).toBe(
    'W&B keeps what the run logged there after step 1, which it goes on from: the server does not rewind runs. Steps up to 3 are not sent again',
  );
});

test('a run that goes on sends what an earlier process could not', async () => {
  server.intercept = () => ({ status: 401, body: 'who?' });
  const first = new WandbLogger({ project: 'digits', ...FAST });
  first.open(run());
  for (const step of [1, 2, 3]) first.logMetrics({ loss: step }, at(step));
  first.logText('notes', 'kept', at(3));
  await first.close({ status: 'failed' });
  expect(stepsOffline()).toEqual([1, 2, 3]);
  server.intercept = () => undefined;
  await logSteps(new WandbLogger({ project: 'digits', ...FAST }), run({ resumedFrom: at(3) }), [4]);
  const served = server.runs.get('abc12345')!;
  expect(stepsOf(served.history)).toEqual([1, 2, 3, 4]);
  expect(JSON.parse(served.history[2]!)).toMatchObject({ loss: 3, notes: { _type: 'html-file' } });
  expect([...served.files.keys()].some((name) => name.startsWith('media/html/notes_3_'))).toBe(true);
  expect(offlineRuns()).toEqual([]);
});

test('an offline run that goes on stays one, cut at its checkpoint', async () => {
  const options = { project: 'digits', mode: 'offline' } as const;
  await logSteps(new WandbLogger(options), run(), [1, 2, 3]);
  writeFileSync(join(folder, 'wandb', offlineRuns()[0]!, 'run-abc12345.wandb.synced'), '');
  await logSteps(new WandbLogger(options), run({ resumedFrom: at(2) }), [3, 4]);
  expect(stepsOffline()).toEqual([1, 2, 3, 4]);
  expect(readdirSync(join(folder, 'wandb', offlineRuns()[0]!)).sort()).toEqual(['files', 'run-abc12345.wandb']);
  expect(server.requests).toEqual([]);
  expect(said).toEqual([]);
});

test('resume "must" and "never" hold a run to what W&B knows', async () => {
  await logSteps(new WandbLogger({ project: 'digits', resume: 'must', ...FAST }), run(), [1]);
  expect(server.runs.size).toBe(0);
  expect(said[0]).toContain('expected a run "abc12345" in project "digits" (resume "must"), got none');
  await logSteps(new WandbLogger({ project: 'digits', resume: 'never', ...FAST }), run(), [1]);
  expect(server.runs.size).toBe(1);
  await logSteps(new WandbLogger({ project: 'digits', resume: 'never', ...FAST }), run(), [2]);
  await logSteps(new WandbLogger({ project: 'digits', resume: 'allow', ...FAST }), run(), [3]);
  expect(stepsOf(server.runs.get('abc12345')!.history)).toEqual([1, 3]);
});

test('without an API key a run stays offline, and the mode "disabled" leaves nothing', async () => {
  vi.stubEnv('WANDB_API_KEY', undefined);
  vi.stubEnv('NETRC', join(folder, 'none'));
  const logger = new WandbLogger({ project: 'digits' });
  await logSteps(logger, run(), [1]);
  expect(said[0]).toMatch(/^Cannot log to W&B: expected an API key for http.* got none; the run stays offline in/);
  expect(existsSync(logger.folder!)).toBe(true);
  const other = mkdtempSync(join(tmpdir(), 'sconce-wandb-'));
  await logSteps(new WandbLogger({ mode: 'disabled' }), run({ folder: other }), [1]);
  expect(readdirSync(other)).toEqual([]);
  expect(() => logger.logMetrics({ a: 1 }, at(2))).toThrow('expected an open logger, got one that is closed');
});

test('what was logged is on disk at once after flush(), the row that still grows too', async () => {
  const logger = new WandbLogger({ project: 'digits', mode: 'offline' });
  logger.open(run());
  logger.logMetrics({ loss: 1 }, at(1));
  logger.flush();
  expect(stepsOffline()).toEqual([1]);
  logger.logMetrics({ acc: 1 }, at(1));
  logger.logMetrics({ acc: 1 }, at(2));
  logger.flush();
  expect(stepsOffline()).toEqual([1, 2]);
  expect(() => logger.logMetrics({ acc: 1 }, at(1))).toThrow(/expected step 2 or a later one/);
  await logger.close();
});

test('uploadArtifact() makes a version on the server, or leaves it in the offline run', async () => {
  const file = join(folder, 'model.pt');
  writeFileSync(file, 'weights'.repeat(10));
  const artifact = {
    name: 'digits',
    type: 'model',
    files: { 'model.pt': file },
    aliases: ['best'],
    metadata: { loss: 0.5 },
  };
  const logger = new WandbLogger({ project: 'digits', ...FAST });
  logger.open(run());
  logger.logMetrics({ loss: 1 }, at(3));
  expect(await logger.uploadArtifact(artifact)).toBe('uploaded');
  const [served] = server.artifacts.values();
  // What Python's client computes of the same file; see test/parity/wandb.test.ts for the requests.
  expect(served!.input).toMatchObject({
    digest: '35a1336a5b7af74770776301760e120b',
    historyStep: 3,
    metadata: '{"loss":0.5}',
  });
  expect(served!.isCommitted).toBe(true);
  expect(served!.files.get('model.pt')!.toString()).toBe('weights'.repeat(10));
  expect(JSON.parse(served!.files.get('wandb_manifest.json')!.toString())).toMatchObject({
    contents: { 'model.pt': { digest: 'zLhKr26P48MTWZM5YKU1xw==', size: 70 } },
  });
  server.intercept = ({ path }) => (path.includes('/storage/artifact') ? { status: 500 } : undefined);
  writeFileSync(file, 'others');
  expect(await logger.uploadArtifact(artifact)).toBe('offline');
  server.intercept = () => undefined;
  await logger.close();
  expect(said.some((message) => message.endsWith('the artifact "digits" stays in the offline run'))).toBe(true);
  expect(offlineRuns().length).toBe(1);
  expect([...server.artifacts.values()].filter(({ isCommitted }) => isCommitted).length).toBe(1);
});

test('uploadArtifact() refuses what is no artifact', async () => {
  const logger = new WandbLogger({ project: 'digits', mode: 'offline' });
  logger.open(run());
  const wrong = { name: 'a/b', type: '', files: {}, aliases: ['a:b'], kind: 'model' };
  await expect(logger.uploadArtifact(wrong)).rejects.toThrow(
    /got "kind".*expected name of letters.*expected type of letters.*at least one, got none.*without \/ and :, got "a:b"/s,
  );
  await expect(logger.uploadArtifact({ name: 'a', type: 'model', files: { a: '/none' } })).rejects.toThrow(/ENOENT/);
  await logger.close();
});
