// W&B: our requests beside those of Python's wandb to the same server, and its own reader on our offline runs.
// Without Python's wandb, ours are held against what it recorded: SCONCE_RECORD=wandb writes that anew.
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { WandbLoggerOptions } from '../../src/tracking/index.ts';
import { type RunInfo, WandbLogger } from '../../src/tracking/index.ts';
import { operationName, WandbServer } from '../../src/tracking/loggers/wandb/testing/wandb-server.ts';
import { type Asked, whatWasAsked } from './wandb-requests.ts';

const KEY = 'k'.repeat(40);
const fixture = fileURLToPath(new URL('../fixtures/wandb/requests.json', import.meta.url));
const isRecording = process.env.SCONCE_RECORD === 'wandb';
const packages = process.env.SCONCE_PYTHON_WANDB;
const python = process.env.SCONCE_PYTHON ?? 'python3';
const peerArgs = (...args: string[]): string[] => [fileURLToPath(new URL('wandb_peer.py', import.meta.url)), ...args];

function whyNoPeer(): string | undefined {
  if (packages === undefined) return 'SCONCE_PYTHON_WANDB names no folder with wandb';
  const probe = spawnSync(python, peerArgs('probe'), {
    encoding: 'utf8',
    env: { ...process.env, PYTHONPATH: packages },
  });
  const version = probe.stdout?.trim();
  return version === '0.30.0'
    ? undefined
    : `expected wandb 0.30.0, got ${version || probe.stderr?.trim().split('\n').at(-1)}`;
}
const missing = whyNoPeer();
if (missing !== undefined) console.log(`skipped, W&B beside Python's client: ${missing}`);

/** A picture of two pixels that any reader of PNG takes. */
const PICTURE = 'iVBORw0KGgoAAAANSUhEUgAAAAIAAAABCAAAAADRSSBWAAAAC0lEQVR4nGNgaAAAAIMAgVqDAZUAAAAASUVORK5CYII=';

let server: WandbServer;
let folder: string;
const said: string[] = [];

beforeEach(async () => {
  server = await WandbServer.start();
  folder = mkdtempSync(join(tmpdir(), 'sconce-wandb-'));
  writeFileSync(join(folder, 'picture.png'), Buffer.from(PICTURE, 'base64'));
  writeFileSync(join(folder, 'model.txt'), 'weights');
  vi.stubEnv('WANDB_BASE_URL', server.url);
  vi.stubEnv('WANDB_API_KEY', KEY);
});

afterEach(async () => {
  vi.unstubAllEnvs();
  await server.stop();
});

/** Runs the peer in a process of its own: the server answers in this one. */
function peer(...args: string[]): Promise<string> {
  const env = {
    ...process.env,
    PYTHONPATH: packages,
    HOME: folder,
    WANDB_ERROR_REPORTING: 'false',
    WANDB_SILENT: 'true',
  };
  const child = spawn(python, peerArgs(...args), { env, cwd: folder, timeout: 40_000, killSignal: 'SIGKILL' });
  let output = '';
  let complaints = '';
  child.stdout.on('data', (data: Buffer) => (output += data.toString()));
  child.stderr.on('data', (data: Buffer) => (complaints += data.toString()));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => (code === 0 ? resolve(output) : reject(new Error(`the peer failed: ${complaints}`))));
  });
}

const info = (resumedFrom?: number): RunInfo => ({
  id: 'abc12345',
  name: 'first',
  folder,
  config: { lr: 0.1, layers: [1, 2], model: { depth: 3 }, none: null },
  tags: ['a', 'b'],
  resumedFrom: resumedFrom === undefined ? undefined : at(resumedFrom),
  warn: (message) => void said.push(message),
});
const at = (step: number) => ({ step, microStep: step, epoch: 0 });
const MINE = { project: 'digits', entity: 'anna', notes: 'some notes', best: { 'val/loss': 'min' } } as const;

/** The same as `whole` in the peer. */
async function logWhole(more: WandbLoggerOptions = {}): Promise<WandbLogger> {
  const logger = new WandbLogger({ ...MINE, ...more });
  const bytes = Buffer.from(PICTURE, 'base64');
  logger.open(info());
  logger.logMetrics({ 'train/loss': 1.5, 'train/acc': Number.NaN, 'epoch_summary/train/loss': 1.5 }, at(1));
  logger.logMetrics({ lr: 0.1, 'loader_counts/a_batches': 3 }, at(1));
  logger.logMetrics({ 'train/loss': Number.POSITIVE_INFINITY, 'val/loss': 0.25, 'a.b': -1e-30 }, at(2));
  logger.logMetrics({ 'val/loss': 0.5 }, at(3));
  const moments = { min: 0, max: 1.5, sum: 5, sumOfSquares: 9, count: 6, numNonFinite: 0 };
  logger.logHistogram('weights/fc', { edges: [0, 0.5, 1, 1.5], counts: [1, 2, 3], ...moments }, at(3));
  logger.logImage('val/samples', { bytes, format: 'png', width: 2, height: 1, caption: 'a caption' }, at(4));
  const labels = { rows: ['cat', 'dog'], columns: ['cat', 'dog'], rowLabel: 'true', columnLabel: 'predicted' };
  logger.logMatrix(
    'val/confusion',
    {
      ...labels,
      values: [
        [1, 0],
        [1, 1],
      ],
    },
    at(5),
  );
  logger.logText('notes', '1 < 2', at(6));
  const artifact = { name: 'digits-model', type: 'model', description: 'the best', metadata: { loss: 0.5 } };
  const files = { 'weights/model.txt': join(folder, 'model.txt') };
  await logger.uploadArtifact({ ...artifact, files, aliases: ['best'] });
  await logger.close({ status: 'finished' });
  return logger;
}

async function goOn(step: number, from: number, more: WandbLoggerOptions = {}): Promise<void> {
  const logger = new WandbLogger({ project: 'digits', entity: 'anna', best: {}, ...more });
  logger.open(info(from));
  logger.logMetrics({ 'train/loss': 0.5 }, at(step));
  await logger.close({ status: 'failed' });
}

/** What the server was asked since it had `from` requests. */
const askedSince = (from: number): Asked => whatWasAsked(server.requests.slice(from));

const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value));
const recorded = (): Record<'whole' | 'resume' | 'rewind', Asked> => JSON.parse(readFileSync(fixture, 'utf8'));

test('WandbLogger asks what Python asks', async () => {
  const expected = recorded();
  await logWhole();
  expect(plain(askedSince(0))).toEqual(expected.whole);
  let numAsked = server.requests.length;
  await goOn(9, 6, { resume: 'must' });
  expect(plain(askedSince(numAsked))).toMatchObject(goesOn(expected.resume));
  numAsked = server.requests.length;
  await goOn(4, 3);
  const { begun, queries, ...asked } = askedSince(numAsked);
  // Whether there is something to take away is asked first; the rest is Python's.
  expect(begun[0]).toMatchObject({ operation: 'RunResumeStatus' });
  expect(plain(begun[1])).toEqual(expected.rewind.begun[0]);
  expect(queries.RewindRun).toBe(expected.rewind.queries.RewindRun);
  expect(plain(asked)).toMatchObject(goesOnIn(expected.rewind));
  expect(said).toEqual([]);
});

/** What runs that go on have in common; tags and the name are ours to say again. */
const goesOn = ({ begun, queries, ...asked }: Asked) => ({
  begun: [begun[0], { operation: 'UpsertBucket', name: 'abc12345', project: 'digits', entity: 'anna', id: null }],
  ...goesOnIn({ begun, queries, ...asked }),
});
const goesOnIn = ({ history, offset, end }: Asked) => ({ history, offset, end });

test.skipIf(missing !== undefined)(
  "Python's wandb still asks what was recorded of it",
  async () => {
    await peer('runs', folder, join(folder, 'picture.png'), join(folder, 'model.txt'));
    const firstOf = (name: string): number => server.requests.findIndex((request) => operationName(request) === name);
    const cuts = [0, firstOf('RunResumeStatus'), firstOf('RewindRun'), server.requests.length];
    const part = (index: number): Asked => whatWasAsked(server.requests.slice(cuts[index], cuts[index + 1]));
    const asked = plain({ whole: part(0), resume: part(1), rewind: part(2) });
    if (isRecording) writeFileSync(fixture, `${JSON.stringify(asked, undefined, 2)}\n`);
    expect(asked).toEqual(recorded());
  },
  120_000,
);

test.skipIf(missing !== undefined)(
  '`wandb sync` sends our offline runs as we would have sent them',
  async () => {
    const logger = await logWhole({ mode: 'offline' });
    const [records] = await Promise.all([
      peer('read', join(logger.folder!, 'run-abc12345.wandb')),
      peer('sync', logger.folder!),
    ]);
    const kinds = (JSON.parse(records) as object[]).map((record) => Object.keys(record)[0]);
    expect(new Set(kinds)).toEqual(
      new Set(['header', 'run', 'environment', 'metric', 'history', 'files', 'config', 'artifact', 'summary', 'exit']),
    );
    const { config, history, summary, artifact, files, uploaded, end } = recorded().whole;
    expect(plain(askedSince(0))).toMatchObject({ config, history, summary, artifact, files, uploaded, end });
  },
  60_000,
);

test.skipIf(missing !== undefined)(
  '`wandb sync` puts what was logged offline behind what the server has of the run',
  async () => {
    await logWhole();
    await goOn(4, 3, { mode: 'offline' });
    const numAsked = server.requests.length;
    await peer('sync', join(folder, 'wandb'));
    const { begun, history, offset } = askedSince(numAsked);
    expect(begun[0]).toMatchObject({ operation: 'RewindRun', metricValue: 3 });
    expect({ steps: history.map(({ _step }) => _step), offset }).toEqual({ steps: [4], offset: 3 });
  },
  60_000,
);
