// Artifacts of W&B: files under a name, with versions and aliases, uploaded to its server step by step as its own client does.
import { createHash, randomBytes } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { DeliveryError } from '../delivery-error.ts';
import type { WandbApi } from './api.ts';
import type { WandbArtifact } from './options.ts';
import {
  COMMIT_ARTIFACT,
  CREATE_ARTIFACT,
  CREATE_ARTIFACT_FILES,
  CREATE_ARTIFACT_MANIFEST,
  type CreateArtifactData,
  type CreateArtifactFilesData,
  type CreateArtifactManifestData,
} from './queries.ts';

/** A file of an artifact, read through once. */
export interface ManifestEntry {
  readonly path: string;
  readonly localPath: string;
  /** Of MD5, as base64. */
  readonly digest: string;
  readonly sizeBytes: number;
}

/** An artifact whose files have been read. */
export interface Manifest {
  readonly artifact: WandbArtifact;
  readonly entries: readonly ManifestEntry[];
  /** Of all entries, as hex. */
  readonly digest: string;
  readonly clientId: string;
  readonly sequenceClientId: string;
}

export interface ArtifactPlace {
  readonly api: WandbApi;
  readonly entity: string;
  readonly project: string;
  readonly runId: string;
  /** Where the run stands; left out before its first step. */
  readonly step: number | undefined;
  readonly signal: AbortSignal;
}

const MANIFEST = 'wandb_manifest.json';
/** What one request carries; W&B's client cuts larger files into parts. */
const MAX_FILE_BYTES = 2 ** 31 - 1;

/** Everything that is wrong with an artifact, before a file is read. @throws {TypeError} that lists it. */
export function checkArtifact({ name, type, files, aliases = [], ...rest }: WandbArtifact): void {
  const unknown = Object.keys(rest).filter((key) => key !== 'metadata' && key !== 'description');
  const badAlias = aliases.find((alias) => !/^[^/:]{1,128}$/.test(alias));
  const problems = [
    ...unknown.map((key) => `expected name, type, files, aliases, metadata and description, got "${key}"`),
    /^[\w.-]{1,128}$/.test(name)
      ? undefined
      : `expected name of letters, digits, ., _ and -, got ${JSON.stringify(name)}`,
    /^[\w.-]{1,128}$/.test(type)
      ? undefined
      : `expected type of letters, digits, ., _ and -, got ${JSON.stringify(type)}`,
    Object.keys(files ?? {}).length > 0 ? undefined : 'expected files by path, at least one, got none',
    badAlias === undefined ? undefined : `expected aliases without / and :, got ${JSON.stringify(badAlias)}`,
  ].filter((problem) => problem !== undefined);
  if (problems.length > 0) throw new TypeError(`Cannot upload an artifact to W&B: ${problems.join('\n  ')}`);
}

/** Reads the files of an artifact. @throws {RangeError} if one is larger than a request. @throws {Error} if one cannot be read. */
export async function makeManifest(artifact: WandbArtifact): Promise<Manifest> {
  checkArtifact(artifact);
  const entries: ManifestEntry[] = [];
  for (const [path, file] of Object.entries(artifact.files)) {
    const { size } = await stat(file);
    if (size > MAX_FILE_BYTES)
      throw new RangeError(`Cannot upload ${file} to W&B: expected at most ${MAX_FILE_BYTES} bytes, got ${size}`);
    entries.push({ path, localPath: resolve(file), digest: await md5Of(file), sizeBytes: size });
  }
  entries.sort((a, b) => (a.path < b.path ? -1 : 1));
  const lines = entries.map(({ path, digest }) => `${path}:${digest}\n`);
  const digest = createHash('md5')
    .update(`wandb-artifact-manifest-v1\n${lines.join('')}`)
    .digest('hex');
  return { artifact, entries, digest, clientId: randomId(), sequenceClientId: randomId() };
}

/** Uploads an artifact and makes it a version. @throws {DeliveryError} if the server refuses it. */
export async function uploadManifest(manifest: Manifest, place: ArtifactPlace): Promise<void> {
  const { api, signal } = place;
  const action = `upload the artifact "${manifest.artifact.name}"`;
  const input = { input: creationOf(manifest, place) };
  const created = await api.graphql<CreateArtifactData>(CREATE_ARTIFACT, input, action, signal);
  const known = created.createArtifact?.artifact;
  if (typeof known?.id !== 'string')
    throw new DeliveryError(`Cannot ${action}: expected an artifact in the answer, got none`, { after: 'retry' });
  if (known.state === 'COMMITTED') return; // the server has these very files under this name
  const base = known.artifactSequence?.latestArtifact?.id ?? null;
  const manifestId = (await announceManifest(known.id, base, '', false, action, place)).id;
  await uploadFiles(manifest, known.id, manifestId, action, place);
  const text = Buffer.from(JSON.stringify(manifestFile(manifest, known.id)));
  const { file } = await announceManifest(known.id, base, md5(text), true, action, place);
  if (typeof file.uploadUrl !== 'string')
    throw new DeliveryError(`Cannot ${action}: expected an address for the manifest, got none`, { after: 'retry' });
  await api.upload(file.uploadUrl, file.uploadHeaders ?? [], new Uint8Array(text), MANIFEST, signal);
  await api.graphql(COMMIT_ARTIFACT, { artifactID: known.id }, action, signal);
}

/** The input of CreateArtifact. */
function creationOf(manifest: Manifest, { entity, project, runId, step }: ArtifactPlace): object {
  const { name, type, description, metadata, aliases = [] } = manifest.artifact;
  const all = [...new Set(['latest', ...aliases])];
  return {
    entityName: entity,
    projectName: project,
    artifactTypeName: type,
    artifactCollectionName: name,
    artifactCollectionNames: null,
    runName: runId,
    digest: manifest.digest,
    digestAlgorithm: 'MANIFEST_MD5',
    description: description ?? null,
    aliases: all.map((alias) => ({ alias, artifactCollectionName: name })),
    metadata: metadata === undefined ? null : JSON.stringify(metadata),
    historyStep: step ?? null,
    enableDigestDeduplication: true,
    clientID: manifest.clientId,
    sequenceClientID: manifest.sequenceClientId,
    clientMutationId: null,
    distributedID: null,
    labels: null,
    storageRegion: null,
    ttlDurationSeconds: null,
  };
}

async function announceManifest(
  artifactID: string,
  baseArtifactID: string | null,
  digest: string,
  includeUpload: boolean,
  action: string,
  { api, entity, project, runId, signal }: ArtifactPlace,
): Promise<CreateArtifactManifestData['createArtifactManifest']['artifactManifest']> {
  const names = { entityName: entity, projectName: project, runName: runId };
  const what = { artifactID, baseArtifactID, name: MANIFEST, digest, manifestType: 'FULL', includeUpload };
  const variables = { ...what, ...names };
  const answer = await api.graphql<CreateArtifactManifestData>(CREATE_ARTIFACT_MANIFEST, variables, action, signal);
  return answer.createArtifactManifest.artifactManifest;
}

async function uploadFiles(
  { entries }: Manifest,
  artifactID: string,
  artifactManifestID: string,
  action: string,
  { api, signal }: ArtifactPlace,
): Promise<void> {
  const artifactFiles = entries.map(({ path, digest }) => ({
    artifactID,
    artifactManifestID,
    md5: digest,
    mimetype: null,
    name: path,
    uploadPartsInput: null,
  }));
  const input = { artifactFiles, clientMutationId: null, cloudRegionID: null, storageLayout: 'V2' };
  const answer = await api.graphql<CreateArtifactFilesData>(CREATE_ARTIFACT_FILES, { input }, action, signal);
  const { edges } = answer.createArtifactFiles.files;
  for (const [index, { path, localPath }] of entries.entries()) {
    const { uploadUrl, uploadHeaders } = edges[index]?.node ?? {};
    if (typeof uploadUrl !== 'string') continue; // the server has the file
    await api.upload(uploadUrl, uploadHeaders ?? [], new Uint8Array(await readFile(localPath)), path, signal);
  }
}

/** The manifest as a file of the artifact. */
function manifestFile({ entries }: Manifest, birthArtifactID: string): object {
  const contents = entries.map(({ path, digest, sizeBytes }) => [path, { digest, size: sizeBytes, birthArtifactID }]);
  return {
    version: 1,
    storagePolicy: 'wandb-storage-policy-v1',
    storagePolicyConfig: { storageLayout: 'V2' },
    contents: Object.fromEntries(contents),
  };
}

const md5 = (bytes: Uint8Array): string => createHash('md5').update(bytes).digest('base64');

async function md5Of(file: string): Promise<string> {
  const hash = createHash('md5');
  for await (const chunk of createReadStream(file)) hash.update(chunk as Buffer);
  return hash.digest('base64');
}

/** 128 letters and digits, by which W&B knows an artifact before it has an id. */
const randomId = (): string => Array.from(randomBytes(128), (byte) => (byte % 36).toString(36)).join('');
