// A version of a model as a version of an artifact of Weights & Biases: its files, and its facts as metadata.
import { createHash } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RunInfo } from '../tracking/logger.ts';
import { findApiKey, type WandbLoggerOptions, wandbSettings } from '../tracking/loggers/wandb/options.ts';
import { WandbLogger } from '../tracking/loggers/wandb/wandb-logger.ts';
import { encodeValues } from '../tracking/run-format.ts';
import type { ModelRegistry } from './model-registry.ts';
import { type ModelVersion, referenceTo } from './model-version.ts';
import { LATEST } from './reference.ts';

export interface WandbModelOptions
  extends Pick<WandbLoggerOptions, 'project' | 'entity' | 'folder' | 'timeoutMs' | 'retryFromMs' | 'closeWithinMs'> {
  /** The artifact. Default: the model's own name. */
  readonly name?: string;
  /** `offline` leaves a run in `folder`, for `wandb sync`. Default: WANDB_MODE, else `online`. */
  readonly mode?: 'online' | 'offline';
}

/** What came of it. */
export interface WandbPublication {
  /** Where people look at the run that has the version; undefined where it is offline. */
  readonly url: string | undefined;
  /** The offline run, for `wandb sync`; undefined where W&B has the version. */
  readonly folder: string | undefined;
}

const OPTIONS = ['project', 'entity', 'name', 'mode', 'folder', 'timeoutMs', 'retryFromMs', 'closeWithinMs'];

/** Makes a version of a model a version of an artifact of type `model` in Weights & Biases.
 *  Rule: the verified files are the artifact's. Hash, metrics, lineage, tags and configuration are its metadata, notes the description, and the aliases that point at the version are the artifact's,
 *  beside `latest`. It belongs to a run of its own, which has metrics and configuration too; the run that it was trained in is not touched. Doing it twice gives the version that is there: W&B knows
 *  the content.
 *  @param reference - as in 'digits@production'.
 *  @throws {TypeError} that lists every option that is wrong.
 *  @throws {Error} for a server that does not take it, a missing API key, and files that are not as they were published. */
export async function publishToWandb(
  registry: ModelRegistry,
  reference: string,
  options: WandbModelOptions = {},
): Promise<WandbPublication> {
  const unknown = Object.keys(options).filter((key) => !OPTIONS.includes(key));
  if (unknown.length > 0)
    throw new TypeError(`Cannot publish to W&B: expected ${OPTIONS.join(', ')}, got ${unknown.join(', ')}`);
  const { name: artifact, ...place } = options;
  const { mode, baseUrl } = wandbSettings(place);
  const version = await registry.get(reference);
  const fail = (expected: string, got: string): Error =>
    new Error(`Cannot publish "${referenceTo(version)}" to W&B: expected ${expected}, got ${got}`);
  if (mode === 'disabled') throw fail('mode online or offline', 'disabled');
  if (mode === 'online' && findApiKey(baseUrl) === undefined)
    throw fail(`an API key for ${baseUrl} in WANDB_API_KEY or ~/.netrc`, 'none; mode "offline" needs none');
  const { aliases } = await registry.model(version.name);
  const own = Object.keys(aliases).filter((alias) => alias !== LATEST && aliases[alias] === version.number);
  const folder = await mkdtemp(join(tmpdir(), 'sconce-wandb-'));
  try {
    await registry.export(referenceTo(version), join(folder, 'files'));
    // A run that did not arrive is no use to anybody but by the error: the version lies in the registry.
    const logger = new WandbLogger(mode === 'online' ? { ...place, folder } : place);
    const warnings: string[] = [];
    const run = runOf(version, (message) => void warnings.push(message));
    logger.open(run);
    let delivery: string | undefined;
    try {
      const step = version.lineage.step ?? 0;
      if (Object.keys(version.metrics).length > 0)
        logger.logMetrics(version.metrics, { step, microStep: step, epoch: version.lineage.epoch ?? 0 });
      delivery = await logger.uploadArtifact({
        name: artifact ?? version.name,
        type: 'model',
        files: Object.fromEntries(version.files.map(({ path }) => [path, join(folder, 'files', path)])),
        aliases: own,
        metadata: metadataOf(version),
        ...(version.notes === undefined ? {} : { description: version.notes }),
      });
    } finally {
      await logger.close({ status: delivery === undefined ? 'failed' : 'finished' });
    }
    if (mode === 'offline') return { url: undefined, folder: logger.folder };
    if (delivery !== 'uploaded') throw fail('a server that takes it', warnings[0] ?? 'no answer in time');
    return { url: logger.url, folder: undefined };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The run that has the version: the same one however often it is published. */
function runOf(version: ModelVersion, warn: (message: string) => void): RunInfo {
  const name = referenceTo(version);
  const id = createHash('sha256').update(`${name} ${version.sha256}`).digest('hex').slice(0, 16);
  const { config, tags } = version;
  const isTable = typeof config === 'object' && config !== null && !Array.isArray(config);
  const table = isTable ? (config as Readonly<Record<string, unknown>>) : config === undefined ? {} : { config };
  return { id: `model-${id}`, name, folder: undefined, config: table, tags, resumedFrom: undefined, warn };
}

function metadataOf(version: ModelVersion): Record<string, unknown> {
  const { sha256, lineage, metrics, tags, config } = version;
  const facts = { version: referenceTo(version), sha256, lineage, metrics: encodeValues(metrics), tags };
  return { ...facts, ...(config === undefined ? {} : { config }) };
}
