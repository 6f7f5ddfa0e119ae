// The example that serves a checkpoint: concurrent requests become batches, answers are the model's, and the event loop is not held up.
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { manualSeed, save, tensor } from 'sconce';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { SpiralNet } from '../../examples/serve/model.ts';
import { type Serving, serve } from '../../examples/serve/serve.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
let folder: string;
let serving: Serving;
let address: string;
manualSeed(1);
const model = new SpiralNet(64);

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'sconce-serve-'));
  mkdirSync(join(folder, 'node_modules'));
  symlinkSync(root, join(folder, 'node_modules', 'sconce'));
  const worker = join(folder, 'worker.mjs');
  await build({
    ...{ entryPoints: [join(root, 'examples/serve/worker.ts')], outfile: worker, bundle: true },
    ...{ packages: 'external', external: ['sconce'], platform: 'node', format: 'esm', logLevel: 'silent' },
  });
  const checkpoint = join(folder, 'model.ckpt');
  await save({ model_state_dict: model.stateDict() }, checkpoint);
  serving = serve({ checkpoint, hidden: 64, port: 0, worker: pathToFileURL(worker) });
  if (!serving.server.listening) await once(serving.server, 'listening');
  address = `http://127.0.0.1:${(serving.server.address() as AddressInfo).port}`;
});
afterAll(async () => {
  await serving.close();
  rmSync(folder, { recursive: true });
});

const post = async (points: unknown): Promise<{ status: number; body: { scores: number[][]; error?: string } }> => {
  const response = await fetch(`${address}/predict`, { method: 'POST', body: JSON.stringify({ points }) });
  return { status: response.status, body: (await response.json()) as { scores: number[][] } };
};

it('answers concurrent requests in batches, with what the model gives by hand', async () => {
  const points = Array.from({ length: 60 }, (_, i) => [Math.sin(i), Math.cos(3 * i)]);
  const first = await post([points[0]]); // the model is there now
  expect([first.status, first.body.error]).toEqual([200, undefined]);
  expect((await fetch(`${address}/health`)).status).toBe(200);
  const before = serving.batcher.numBatches;
  const delay = monitorEventLoopDelay({ resolution: 5 });
  delay.enable();
  const answers = await Promise.all(points.map((point) => post([point])));
  delay.disable();
  const wanted = model.forward(tensor(points)).softmax(-1).toArray() as number[][];
  answers.forEach(({ body }, i) => {
    for (const [k, score] of body.scores[0]!.entries()) expect(score).toBeCloseTo(wanted[i]![k]!, 5);
  });
  expect(serving.batcher.numBatches - before).toBeLessThan(points.length);
  expect(delay.percentile(50) / 1e6).toBeLessThan(50);
});

it('says that the model has gone, where its checkpoint cannot be read', async () => {
  const worker = pathToFileURL(join(folder, 'worker.mjs'));
  const { batcher, server, close } = serve({ checkpoint: join(folder, 'none.ckpt'), hidden: 64, port: 0, worker });
  const [failure] = (await once(batcher, 'failed')) as [Error];
  expect(failure.message).toContain('none.ckpt');
  if (!server.listening) await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/health`;
  expect((await fetch(url)).status).toBe(503);
  await close();
});

it('says what is wrong with a request', async () => {
  expect(await post([[1]])).toMatchObject({ status: 400, body: { error: 'Expected { "points": [[x, y], …] }' } });
  expect((await fetch(`${address}/other`)).status).toBe(404);
});
