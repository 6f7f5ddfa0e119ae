// A version of a model as a version of MLflow's registered models: its files among the artifacts of a run, its facts as tags.
import { openAsBlob } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type MLflowAddress, MLflowClient, type MLflowRun } from '../tracking/loggers/mlflow/mlflow-client.ts';
import {
  chunked,
  MAX_ENTRIES,
  MAX_METRICS,
  MLflowNames,
  metricValue,
  paramsOf,
  tag,
} from '../tracking/loggers/mlflow/mlflow-names.ts';
import { RUN_ID_TAG } from '../tracking/loggers/mlflow/mlflow-run.ts';
import type { ModelRegistry } from './model-registry.ts';
import { type ModelVersion, referenceTo } from './model-version.ts';
import { LATEST } from './reference.ts';

export interface MLflowModelOptions extends MLflowAddress {
  /** The experiment of the run that has the files. Default: MLFLOW_EXPERIMENT_NAME, else 'Default'. */
  readonly experiment?: string;
  /** The registered model. Default: the model's own name. */
  readonly name?: string;
  /** How long all of it may take, in milliseconds. Default 10 minutes. */
  readonly timeoutMs?: number;
}

/** What came of it. */
export interface MLflowPublication {
  /** MLflow's number of the version. */
  readonly version: string;
  /** False where MLflow had a version of this content: it is that one. */
  readonly isNew: boolean;
}

const SHA_TAG = 'sconce.sha256';
const VERSION_TAG = 'sconce.model_version';

/** Makes a version of a model a version of one of MLflow's registered models.
 *  Rule: the verified files become artifacts of the run that it was trained in, where MLflow has that (`MLflowLogger` in the same experiment), else of a run of its
 *  own with the version's metrics and configuration. Hash and lineage are tags, notes the description, and the aliases that point at it, but `latest`, are set.
 *  Doing it twice gives the version that is there.
 *  @param reference - as in 'digits@production'.
 *  @throws {Error} for a server that does not take artifacts, and for files that are not as they were published. */
export async function publishToMLflow(
  registry: ModelRegistry,
  reference: string,
  options: MLflowModelOptions = {},
): Promise<MLflowPublication> {
  const version = await registry.get(reference);
  const { name = version.name, timeoutMs = 600_000 } = options;
  const client = new MLflowClient(options);
  const signal = AbortSignal.timeout(timeoutMs);
  await client.createRegisteredModel(name, signal);
  const had = await client.modelVersions(name, signal);
  const same = had.find(({ tags }) => tags.some(({ key, value }) => key === SHA_TAG && value === version.sha256));
  const published = same?.version ?? (await upload(registry, version, { ...options, name, client, signal }));
  const { aliases } = await registry.model(version.name);
  for (const alias of Object.keys(aliases))
    if (alias !== LATEST && aliases[alias] === version.number)
      await client.setModelAlias(name, alias.replaceAll('.', '_'), published, signal);
  return { version: published, isNew: same === undefined };
}

interface Upload extends MLflowModelOptions {
  readonly name: string;
  readonly client: MLflowClient;
  readonly signal: AbortSignal;
}

/** @returns the number of the version that was made. */
async function upload(registry: ModelRegistry, version: ModelVersion, options: Upload): Promise<string> {
  const { name, client, signal, experiment = process.env.MLFLOW_EXPERIMENT_NAME ?? 'Default' } = options;
  const experimentId = await client.experimentId(experiment, signal);
  const run = (await runOf(version, experimentId, options)) ?? (await createRun(version, experimentId, options));
  if (!client.takesArtifacts(run.artifactUri))
    throw new Error(
      `Cannot publish "${referenceTo(version)}" to MLflow: expected a server that takes artifacts (mlflow server --serve-artifacts), got artifacts at "${run.artifactUri}"`,
    );
  const inside = `models/${version.name}-v${version.number}`;
  const folder = await mkdtemp(join(tmpdir(), 'sconce-mlflow-'));
  try {
    await registry.export(referenceTo(version), folder);
    for (const { path } of version.files)
      await client.putArtifact(run.artifactUri, `${inside}/${path}`, await openAsBlob(join(folder, path)), signal);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  const { lineage, sha256, notes: description } = version;
  const facts = {
    [VERSION_TAG]: referenceTo(version),
    [SHA_TAG]: sha256,
    ...prefixed('sconce.lineage', lineage),
    ...prefixed('sconce.metrics', version.metrics),
  };
  const names = new MLflowNames();
  const tags = Object.entries(facts).map(([key, value]) => tag(names.of(key), value));
  const source = `${run.artifactUri}/${inside}`;
  return (await client.createModelVersion({ name, source, runId: run.id, tags, description }, signal)).version;
}

/** The run that it was trained in, or the one that an earlier try has made for it. */
async function runOf(
  version: ModelVersion,
  experimentId: string,
  { client, signal }: Upload,
): Promise<MLflowRun | undefined> {
  const { runId } = version.lineage;
  const trained =
    runId === undefined ? undefined : await client.findRun(experimentId, { key: RUN_ID_TAG, value: runId }, signal);
  return trained ?? client.findRun(experimentId, { key: VERSION_TAG, value: referenceTo(version) }, signal);
}

async function createRun(version: ModelVersion, experimentId: string, { client, signal }: Upload): Promise<MLflowRun> {
  const timestamp = Date.parse(version.createdAt);
  const name = referenceTo(version);
  const run = await client.createRun(
    { experimentId, name, startTime: timestamp, tags: [{ key: VERSION_TAG, value: name }] },
    signal,
  );
  const names = new MLflowNames();
  const step = version.lineage.step ?? 0;
  const metrics = Object.entries(version.metrics).map(([key, value]) => ({
    key: names.of(key),
    value: metricValue(value),
    timestamp,
    step,
  }));
  for (const some of chunked(metrics, MAX_METRICS)) await client.logBatch(run.id, { metrics: some }, signal);
  const params = paramsOf(version.config, new MLflowNames());
  for (const some of chunked(params, MAX_ENTRIES)) await client.logBatch(run.id, { params: some }, signal);
  await client.updateRun(run.id, { status: 'FINISHED', endTime: timestamp }, signal);
  return run;
}

/** Values of a record as texts, by names with a prefix. */
const prefixed = (prefix: string, record: object): Record<string, string> =>
  Object.fromEntries(Object.entries(record).map(([key, value]) => [`${prefix}.${key}`, String(value)]));
