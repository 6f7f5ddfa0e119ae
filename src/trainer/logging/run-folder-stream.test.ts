// A run's folder in a bucket: while it runs, at its end, and where the service is away.
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest';
import { hasMoto, noMoto, startMoto } from '../../tracking/testing/moto-server.ts';
import { runInfo } from '../../tracking/testing/run-info.ts';
import { bucketOf } from '../checkpoint/storage/open-storage.ts';
import { TrainingRun } from '../run/run.ts';
import { startGcsServer } from '../testing/gcs-server.ts';
import { temporaryFolder, tinyLoader, tinyTrainer } from '../testing/tiny.ts';
import { RunFolderStream } from './run-folder-stream.ts';

const fast = { retryFromMs: 1, retryToMs: 2 };

/** A run of a trainer with a configuration. @returns its files but checkpoints. */
async function playRun(streamTo: string): Promise<{ folder: string; files: string[] }> {
  const run = new TrainingRun(join(temporaryFolder(), 'run-7'), { isResumed: false });
  await run.create({ lr: 1 });
  const { trainer } = tinyTrainer({ run, config: { logging: { streamTo } } });
  await trainer.fit({ trainLoaders: [tinyLoader(6)], maxEpochs: 1 });
  await run.finish({ status: 'finished', exitCode: 0 });
  const files = readdirSync(run.folder, { recursive: true, encoding: 'utf8' }).filter(
    (path) => !path.startsWith('checkpoints') && statSync(join(run.folder, path)).isFile(),
  );
  return { folder: run.folder, files: files.sort() };
}

describe('RunFolderStream on gs://', () => {
  let server: Awaited<ReturnType<typeof startGcsServer>>;
  beforeEach(async () => {
    server = await startGcsServer();
    process.env.STORAGE_EMULATOR_HOST = server.url;
  });
  afterEach(() => server.close());

  test('has every file of a run that is over as it is, and no checkpoints', async () => {
    const { folder, files } = await playRun('gs://bucket/all/runs');
    expect(files).toEqual(expect.arrayContaining(['config.json', 'metrics.jsonl', 'report.html', 'summary.json']));
    expect([...server.objects.keys()].sort()).toEqual(files.map((path) => `all/runs/run-7/${path}`));
    for (const path of files)
      expect(server.objects.get(`all/runs/run-7/${path}`)!.equals(readFileSync(join(folder, path)))).toBe(true);
  });

  test('uploads what has changed while the run goes on, large files less often, and nothing else', async () => {
    const folder = temporaryFolder();
    const file = (name: string): string => join(folder, name);
    mkdirSync(file('checkpoints'));
    for (const name of ['metrics.jsonl', 'config.json', 'checkpoints/a.ckpt', '.hidden', 'x.json.tmp'])
      writeFileSync(file(name), 'a');
    writeFileSync(file('large'), 'x'.repeat(1000));
    const run = runInfo({ folder, name: 'r' });
    const stream = new RunFolderStream({ to: 'gs://bucket', everyMs: 5, bytesPerSecond: 0.001, outbox: fast });
    stream.open(run);
    await expect.poll(() => server.uploads.length).toBe(3);
    appendFileSync(file('large'), 'y');
    writeFileSync(file('new'), 'n');
    await expect.poll(() => server.uploads.length).toBe(4);
    rmSync(file('config.json'));
    await stream.close();
    expect(server.uploads).toEqual(['r/config.json', 'r/large', 'r/metrics.jsonl', 'r/new', 'r/large']);
    writeFileSync(file('summary.json'), 's');
    await stream.finish();
    expect(server.uploads.slice(5)).toEqual(['r/summary.json']);
    expect(server.objects.get('r/large')!.length).toBe(1001);
    expect(run.warnings).toEqual([]);
  });

  test('says that a trainer without a run has nothing to upload', async () => {
    const run = runInfo();
    const stream = new RunFolderStream({ to: 'gs://bucket/x' });
    stream.open(run);
    await stream.close();
    expect(run.warnings).toEqual([
      'Cannot stream to "gs://bucket/x": expected a run with a folder, got a trainer without one; nothing is uploaded',
    ]);
    expect(() => new RunFolderStream({ to: 'ftp://x' })).toThrow('expected an address as s3://bucket/prefix');
    expect(() => new RunFolderStream({ to: 's3://x', every: 3 } as never)).toThrow('expected options of');
  });
});

test('RunFolderStream ends in time where the service hangs', async () => {
  const server = createServer(() => {}).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  process.env.STORAGE_EMULATOR_HOST = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'metrics.jsonl'), 'a');
  const run = runInfo({ folder });
  const stream = new RunFolderStream({ to: 'gs://bucket/x', outbox: { ...fast, timeoutMs: 30, closeWithinMs: 100 } });
  stream.open(run);
  const started = performance.now();
  await stream.close();
  expect(performance.now() - started).toBeLessThan(5_000);
  expect(run.warnings.at(-1)).toMatch(
    /^Cannot log to gs:\/\/bucket\/x: expected all 1 records to arrive, got 0; no answer within 30 ms$/,
  );
  server.closeAllConnections();
  server.close();
});

test('RunFolderStream stops, and says why, where it is not let in', async () => {
  const server = createServer((_request, response) => response.writeHead(403).end('{}')).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  process.env.STORAGE_EMULATOR_HOST = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const folder = temporaryFolder();
  for (const name of ['a', 'b']) writeFileSync(join(folder, name), name);
  const run = runInfo({ folder });
  const stream = new RunFolderStream({ to: 'gs://bucket/x' });
  stream.open(run);
  const started = performance.now();
  await stream.close();
  expect(performance.now() - started).toBeLessThan(10_000);
  expect(run.warnings[0]).toMatch(/^Cannot log to gs:\/\/bucket\/x: Cannot upload "a": .*; nothing more is sent, and/);
  server.closeAllConnections();
  server.close();
});

const isMotoThere = hasMoto();
if (!isMotoThere) console.log(noMoto('runs streamed to S3'));

describe.runIf(isMotoThere)('RunFolderStream on s3://', () => {
  let server: Awaited<ReturnType<typeof startMoto>> | undefined;
  afterAll(() => server?.close());

  test('has every file of a run that is over', async () => {
    server = await startMoto();
    const { folder, files } = await playRun('s3://bucket/runs');
    const bucket = await bucketOf('s3://bucket/runs').open();
    expect((await bucket.list('runs/', { isDeep: true })).sort()).toEqual(files.map((path) => `runs/run-7/${path}`));
    expect(await bucket.readText('runs/run-7/summary.json')).toBe(readFileSync(join(folder, 'summary.json'), 'utf8'));
    expect(existsSync(join(folder, 'report.html'))).toBe(true);
  }, 60_000);
});
