// What a client asked of W&B's server, without what no two runs share: times, paths of this machine, random names, and the order of what is a set.
import { parseExtendedJson } from '../../src/tracking/loggers/wandb/extended-json.ts';
import { operationName, type RecordedRequest } from '../../src/tracking/loggers/wandb/testing/wandb-server.ts';

type Fields = Record<string, unknown>;

export interface Asked {
  /** GraphQL texts by name, without white space. */
  readonly queries: Fields;
  /** Variables of every operation that begins a run or finds one, in their order. */
  readonly begun: readonly Fields[];
  /** W&B's configuration when the run ended. */
  readonly config: Fields;
  /** Lines of the history, and the line at which they begin. */
  readonly history: readonly Fields[];
  readonly offset: number;
  readonly summary: Fields;
  /** The artifact of type `model` (aliases are a set there): what is asked for it, and its manifest. */
  readonly artifact: Fields;
  /** Files by name, with what they have in them. */
  readonly files: Fields;
  readonly uploaded: readonly string[];
  readonly end: Fields;
}

const ARTIFACTS = ['CreateArtifact', 'CreateArtifactManifest', 'CreateArtifactFiles', 'CommitArtifact'];
const BEGINS = ['UpsertBucket', 'RunResumeStatus', 'RewindRun'];

export function whatWasAsked(requests: readonly RecordedRequest[]): Asked {
  const operations = requests.filter(({ path }) => path === '/graphql');
  const named = (...names: string[]): RecordedRequest[] => operations.filter((r) => names.includes(operationName(r)));
  const known = named(...BEGINS, ...ARTIFACTS, 'CreateRunFiles');
  const streams = requests.filter(({ path }) => path.endsWith('/file_stream'));
  const bodies = streams.map(
    ({ body }) => body as Fields & { files?: Record<string, { offset: number; content: string[] }> },
  );
  const linesOf = (name: string) => bodies.flatMap(({ files }) => files?.[name] ?? []);
  const history = linesOf('wandb-history.jsonl');
  const upserts = named('UpsertBucket').map(variablesOf);
  const uploads = requests.filter(({ method, path }) => method === 'PUT' && path.startsWith('/storage/run/'));
  const end = bodies.find(({ complete }) => complete !== undefined) ?? {};
  for (const { path, headers } of [...operations, ...streams]) {
    if (headers.authorization !== `Basic ${Buffer.from(`api:${'k'.repeat(40)}`).toString('base64')}`)
      throw new Error(`expected the key at ${path}, got ${String(headers.authorization)}`);
  }
  return {
    queries: Object.fromEntries(known.map((request) => [operationName(request), withoutSpace(request)])),
    begun: named(...BEGINS)
      .filter((request) => !isUpdate(request))
      .map(beginningOf),
    config: configOf(upserts.at(-1)?.config),
    history: history.flatMap(({ content }) => content.map((line) => settled(parseExtendedJson(line)) as Fields)),
    offset: history[0]?.offset ?? -1,
    summary: settled(parseExtendedJson(linesOf('wandb-summary.json').at(-1)?.content.at(-1) ?? '{}')) as Fields,
    artifact: artifactOf(requests, named(...ARTIFACTS)),
    files: Object.fromEntries(
      uploads
        .map(fileOf)
        .filter(([name]) => name !== 'requirements.txt')
        .sort(),
    ),
    uploaded: bodies
      .flatMap(({ uploaded }) => (uploaded ?? []) as string[])
      .map(pathOf)
      .filter((name) => name !== 'requirements.txt')
      .sort(),
    end: { complete: end.complete, exitcode: end.exitcode, paths: [...new Set(streams.map(({ path }) => path))] },
  };
}

/** Requests of the artifact that CreateArtifact makes of type `model`; the server numbers its answers. */
function artifactOf(requests: readonly RecordedRequest[], operations: readonly RecordedRequest[]): Fields {
  const created = operations.filter((request) => operationName(request) === 'CreateArtifact').map(inputOf);
  const index = created.findIndex(({ artifactTypeName }) => artifactTypeName === 'model');
  if (index < 0) return {};
  const id = Buffer.from(`Artifact:${index + 1}`).toString('base64');
  const { clientID, sequenceClientID, historyStep, aliases, ...input } = created[index]!;
  const uploads = requests.filter(
    ({ path }) =>
      path.startsWith(`/storage/artifact/${encodeURIComponent(id)}/`) || path.startsWith(`/storage/artifact/${id}/`),
  );
  const texts = uploads.map(
    ({ path, bytes }) => [decodeURIComponent(path.split('/').at(-1)!), bytes.toString()] as const,
  );
  const { contents, ...manifest } = JSON.parse(Object.fromEntries(texts)['wandb_manifest.json'] ?? '{}') as Fields;
  const entries = Object.entries((contents ?? {}) as Record<string, Fields>);
  const settledId = (value: unknown): unknown => JSON.parse(JSON.stringify(value).replaceAll(id, 'ID'));
  return settledId({
    input: {
      ...input,
      aliases: (aliases as { alias: string }[]).sort((a, b) => (a.alias < b.alias ? -1 : 1)),
      hasIds: [clientID, sequenceClientID].every((text) => String(text).length === 128),
    },
    steps: operations
      .filter((request) => operationName(request) !== 'CreateArtifact' && JSON.stringify(request.body).includes(id))
      // The digest of a manifest follows from its bytes, in which Python notes paths of its machine.
      .map((request) => [
        operationName(request),
        { ...variablesOf(request), ...(variablesOf(request).digest ? { digest: 'of its bytes' } : {}) },
      ]),
    manifest,
    contents: entries.map(([path, { digest, size, birthArtifactID }]) => ({ path, digest, size, birthArtifactID })),
    files: texts.filter(([name]) => name !== 'wandb_manifest.json'),
  }) as Fields;
}

const inputOf = (request: RecordedRequest): Fields => variablesOf(request).input as Fields;

const variablesOf = (request: RecordedRequest): Fields => (request.body as { variables: Fields }).variables;

const withoutSpace = (request: RecordedRequest): string =>
  (request.body as { query: string }).query.replace(/[\s,]+/g, '');

/** Whether an upsert tells of a changed configuration alone. */
const isUpdate = (request: RecordedRequest): boolean =>
  operationName(request) === 'UpsertBucket' && variablesOf(request).host === null;

/** Without what the machine and the program are, and without the configuration, which is compared as it is at the end. */
function beginningOf(request: RecordedRequest): Fields {
  const { host, program, config, ...variables } = variablesOf(request);
  const isText = (value: unknown): boolean => typeof value === 'string' && value !== '';
  const told = operationName(request) === 'UpsertBucket' ? { host: isText(host), program: isText(program) } : {};
  return { operation: operationName(request), ...variables, ...told };
}

/** Without what is W&B's knowledge of its own client. */
function configOf(json: unknown): Fields {
  const config = parseExtendedJson(String(json)) as Record<string, { value: Fields }>;
  const { cli_version, python_version, t, e, ...own } = config._wandb!.value;
  return { ...config, _wandb: { ...own, hasTelemetry: t !== undefined } };
}

/** A file that W&B's client writes of itself counts by its name and what every client knows. */
function fileOf({ path, bytes }: RecordedRequest): [string, unknown] {
  const name = pathOf(decodeURIComponent(path.split('/').at(-1)!));
  const text = bytes.toString('utf8');
  if (name === 'wandb-metadata.json') {
    const { os, program, host, root, executable, startedAt, writerId } = JSON.parse(text) as Fields;
    return [
      name,
      Object.entries({ os, program, host, root, executable, startedAt, writerId })
        .filter(([, value]) => value)
        .map(([key]) => key),
    ];
  }
  if (name === 'wandb-summary.json') return [name, settled(parseExtendedJson(text))];
  if (name === 'config.yaml') return [name, 'the configuration'];
  if (name.endsWith('.table.json')) return [name, JSON.parse(text)];
  return [name, name.endsWith('.png') ? bytes.toString('base64') : text];
}

/** A file's path without the step and hash in its name. */
const pathOf = (path: string): string => path.replace(/_\d+_[0-9a-f]{20}\./, '_N_HASH.');

/** Without times. JSON has no numbers that are none: they are texts here. */
function settled(value: unknown): unknown {
  if (typeof value === 'number') return Number.isFinite(value) ? value : String(value);
  if (Array.isArray(value)) return value.map(settled);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value)
    .filter(([key]) => !['_timestamp', '_runtime', 'runtime', 'artifact_path', '_latest_artifact_path'].includes(key))
    .map(([key, entry]) => [key, key === 'path' ? pathOf(String(entry)) : settled(entry)] as const);
  // The table's bytes differ where Python writes 1.0; its content is compared as a file.
  const isTable = entries.some(([key, entry]) => key === '_type' && entry === 'table-file');
  return Object.fromEntries(entries.filter(([key]) => !isTable || (key !== 'sha256' && key !== 'size')));
}
