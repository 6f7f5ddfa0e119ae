// A version in MLflow's registry of models, against a server that holds every request against MLflow's published schema.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { save } from '../serial/tensors.ts';
import { tensor } from '../tensor/index.ts';
import { MLflowLogger } from '../tracking/loggers/mlflow/mlflow-logger.ts';
import { MLflowServer } from '../tracking/testing/mlflow-server.ts';
import { runInfo } from '../tracking/testing/run-info.ts';
import { ModelRegistry } from './model-registry.ts';
import { publishToMLflow } from './publish-to-mlflow.ts';

let server: MLflowServer;
let folder: string;
let registry: ModelRegistry;
beforeEach(async () => {
  server = await new MLflowServer().start();
  folder = mkdtempSync(join(tmpdir(), 'sconce-mlflow-'));
  registry = new ModelRegistry(join(folder, 'models'));
  await save({ w: tensor([1]) }, join(folder, 'a.pt'));
  await registry.publish(join(folder, 'a.pt'), {
    ...{
      name: 'digits',
      alias: ['production', 'v.x'],
      notes: 'first',
      metrics: { 'val/loss': 0.5 },
      config: { lr: 0.1 },
    },
    lineage: { runId: 'id-1', step: 7 },
  });
});
afterEach(() => {
  server.stop();
  rmSync(folder, { recursive: true });
  expect(server.violations).toEqual([]);
});

test('publishToMLflow() makes a version with files, facts and aliases, once', async () => {
  const options = { trackingUri: server.url };
  expect(await publishToMLflow(registry, 'digits', options)).toEqual({ version: '1', isNew: true });
  const [id, run] = [...server.runs][0]!;
  expect(run).toMatchObject({
    name: 'digits@v1',
    status: 'FINISHED',
    metrics: [{ key: 'val/loss', value: 0.5, step: 7 }],
  });
  expect(Object.fromEntries(run.params)).toEqual({ lr: '0.1' });
  const path = `0/${id}/artifacts/models/digits-v1/a.pt`;
  expect(server.artifacts.get(path)!.equals(readFileSync(join(folder, 'a.pt')))).toBe(true);
  const model = server.models.get('digits')!;
  expect(model.versions).toMatchObject([
    { source: `mlflow-artifacts:/0/${id}/artifacts/models/digits-v1`, run_id: id, description: 'first' },
  ]);
  const { sha256 } = await registry.get('digits');
  expect(model.versions[0]!.tags).toEqual(
    expect.arrayContaining([
      { key: 'sconce.model_version', value: 'digits@v1' },
      { key: 'sconce.sha256', value: sha256 },
      { key: 'sconce.lineage.step', value: '7' },
      { key: 'sconce.metrics.val/loss', value: '0.5' },
    ]),
  );
  expect(Object.fromEntries(model.aliases)).toEqual({ production: '1', v_x: '1' });
  expect(await publishToMLflow(registry, 'digits@v1', options)).toEqual({ version: '1', isNew: false });
  expect(model.versions).toHaveLength(1);
});

test('publishToMLflow() puts the files into the run that the model was trained in', async () => {
  const options = { trackingUri: server.url, experiment: 'tests' };
  const logger = new MLflowLogger(options);
  logger.open(runInfo());
  await logger.close();
  await publishToMLflow(registry, 'digits', { ...options, name: 'other' });
  expect(server.runs.size).toBe(1);
  expect(server.models.get('other')!.versions[0]!.run_id).toBe('run0');
});

test('publishToMLflow() says that a server does not take artifacts', async () => {
  server.artifactRoot = 's3://bucket';
  await expect(publishToMLflow(registry, 'digits', { trackingUri: server.url })).rejects.toThrow(
    'Cannot publish "digits@v1" to MLflow: expected a server that takes artifacts',
  );
  expect(server.models.get('digits')!.versions).toEqual([]);
});
