// A version as an artifact of Weights & Biases, against the local server of the logger's tests.
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { save } from '../serial/tensors.ts';
import { tensor } from '../tensor/index.ts';
import { WandbServer } from '../tracking/loggers/wandb/testing/wandb-server.ts';
import { ModelRegistry } from './model-registry.ts';
import { publishToWandb } from './publish-to-wandb.ts';

let server: WandbServer;
let folder: string;
let registry: ModelRegistry;
beforeEach(async () => {
  server = await WandbServer.start();
  folder = mkdtempSync(join(tmpdir(), 'sconce-registry-'));
  vi.stubEnv('WANDB_BASE_URL', server.url);
  vi.stubEnv('WANDB_API_KEY', 'k'.repeat(40));
  vi.stubEnv('WANDB_MODE', undefined);
  registry = new ModelRegistry(join(folder, 'models'));
  await save({ w: tensor([1]) }, join(folder, 'a.pt'));
  await registry.publish(join(folder, 'a.pt'), {
    ...{ name: 'digits', alias: 'production', notes: 'first', tags: ['small'] },
    ...{ metrics: { 'val/loss': 0.5, 'val/ratio': Number.NaN }, config: { lr: 0.1 } },
    lineage: { runId: 'id-1', step: 7 },
  });
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await server.stop();
  rmSync(folder, { recursive: true });
});

const FAST = { project: 'digits', retryFromMs: 1, closeWithinMs: 30_000 };

test('publishToWandb() makes an artifact with files, facts and aliases, in one run however often', async () => {
  const { url, folder: offline } = await publishToWandb(registry, 'digits', FAST);
  expect(offline).toBeUndefined();
  const [id, run] = [...server.runs][0]!;
  expect(url).toBe(`${server.url}/anna/digits/runs/${id}`);
  expect(run).toMatchObject({ displayName: 'digits@v1', tags: ['small'], complete: true, exitcode: 0 });
  expect(run.history[0]).toMatch(/"_step":7,"val\/loss":0\.5,"val\/ratio":NaN/);
  expect(JSON.parse(run.config)).toMatchObject({ lr: { value: 0.1 } });
  const [artifact] = server.artifacts.values();
  expect(artifact).toMatchObject({
    isCommitted: true,
    input: { artifactTypeName: 'model', artifactCollectionName: 'digits', runName: id, description: 'first' },
  });
  const aliases = artifact!.input.aliases as { alias: string }[];
  expect(aliases.map(({ alias }) => alias)).toEqual(['latest', 'production']);
  expect(artifact!.files.get('a.pt')!.equals(readFileSync(join(folder, 'a.pt')))).toBe(true);
  const { sha256 } = await registry.get('digits');
  expect(JSON.parse(artifact!.input.metadata as string)).toMatchObject({
    ...{ version: 'digits@v1', sha256, tags: ['small'], config: { lr: 0.1 } },
    metrics: { 'val/loss': 0.5, 'val/ratio': 'NaN' },
    lineage: { runId: 'id-1', step: 7 },
  });
  await publishToWandb(registry, 'digits@production', FAST);
  expect([...server.runs.keys()]).toEqual([id]);
  const digests = [...server.artifacts.values()].map(({ input }) => input.digest);
  expect(new Set(digests).size).toBe(1); // by which W&B knows that it has the content
});

test('publishToWandb() leaves an offline run where that is asked for', async () => {
  vi.stubEnv('WANDB_API_KEY', undefined);
  const where = join(folder, 'offline');
  const result = await publishToWandb(registry, 'digits', { ...FAST, mode: 'offline', folder: where, name: 'other' });
  expect(result.url).toBeUndefined();
  expect(result.folder!.startsWith(join(where, 'offline-run-'))).toBe(true);
  const kept = readdirSync(result.folder!, { recursive: true }).map(String);
  expect(kept.some((path) => path.endsWith('a.pt'))).toBe(true);
  expect(server.requests).toEqual([]);
});

test('publishToWandb() says why W&B has not got it', async () => {
  server.intercept = ({ path }) => (path.includes('/storage/artifact') ? { status: 403 } : undefined);
  await expect(publishToWandb(registry, 'digits', FAST)).rejects.toThrow(
    /^Cannot publish "digits@v1" to W&B: expected a server that takes it, got .*403/,
  );
  vi.stubEnv('WANDB_API_KEY', undefined);
  vi.stubEnv('NETRC', join(folder, 'none'));
  await expect(publishToWandb(registry, 'digits', FAST)).rejects.toThrow('expected an API key for');
  await expect(publishToWandb(registry, 'digits', { ...FAST, alias: 'x' } as never)).rejects.toThrow('got alias');
  vi.stubEnv('WANDB_MODE', 'disabled');
  await expect(publishToWandb(registry, 'digits', FAST)).rejects.toThrow('expected mode online or offline');
});
