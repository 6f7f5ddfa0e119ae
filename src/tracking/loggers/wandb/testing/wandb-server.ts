// A local server that answers as Weights & Biases does, as far as runs need it, and records every request; it can be told to fail or to hang.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gunzipSync } from 'node:zlib';
import { parseExtendedJson } from '../extended-json.ts';

/** A request as it came: `body` is read as JSON where it is JSON. */
export interface RecordedRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: unknown;
  readonly bytes: Buffer;
}

/** Answers a request in place of the server, or lets it (undefined); `hang` never answers. */
export type Intercept = (request: RecordedRequest) => { status: number; body?: string } | 'hang' | undefined;

/** A run as the server knows it. */
export interface ServedRun {
  id: string;
  name: string;
  displayName: string;
  config: string;
  tags: readonly string[];
  notes: string | null;
  history: string[];
  summary: string;
  files: Map<string, Buffer>;
  complete?: boolean;
  exitcode?: number;
}

type Variables = Record<string, unknown>;

export class WandbServer {
  readonly requests: RecordedRequest[] = [];
  readonly runs = new Map<string, ServedRun>();
  /** What artifacts were committed, by id. */
  readonly artifacts = new Map<string, { input: Variables; isCommitted: boolean; files: Map<string, Buffer> }>();
  intercept: Intercept = () => undefined;
  /** Whether the server knows how to rewind a run. */
  canRewind = true;
  readonly #server: Server;

  private constructor(server: Server) {
    this.#server = server;
  }

  static async start(): Promise<WandbServer> {
    const server = createServer();
    const started = new WandbServer(server);
    server.on('request', (request, response) => void started.#serve(request, response));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return started;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }

  /** The GraphQL operations of the given name that were asked for. */
  operations(name: string): Variables[] {
    return this.requests.filter((request) => operationName(request) === name).map(variablesOf);
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const raw = Buffer.concat(chunks);
    const bytes = request.headers['content-encoding'] === 'gzip' ? gunzipSync(raw) : raw;
    const isJson =
      (request.headers['content-type'] ?? '').includes('json') && !(request.url ?? '').startsWith('/storage');
    const { method = '', url: path = '', headers } = request;
    const recorded = { method, path, headers, bytes, body: isJson ? parse(bytes) : undefined };
    this.requests.push(recorded);
    const instead = this.intercept(recorded);
    if (instead === 'hang') return;
    const { status, body } = instead ?? this.#answer(recorded);
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end(body ?? '');
  }

  #answer(request: RecordedRequest): { status: number; body: string } {
    if (request.path === '/graphql') return ok({ data: this.#graphql(operationName(request), variablesOf(request)) });
    const stream = /^\/files\/([^/]+)\/([^/]+)\/([^/]+)\/file_stream$/.exec(request.path);
    if (stream) {
      const body = request.body as StreamBody;
      const offset = body.files?.['wandb-history.jsonl']?.offset ?? 0;
      const isGap = offset > this.#run(stream[3]!).history.length;
      return isGap ? { status: 400, body: 'lines are missing' } : ok(this.#stream(stream[3]!, body));
    }
    const stored = /^\/storage\/(run|artifact)\/([^/]+)\/(.+)$/.exec(request.path);
    if (stored && request.method === 'PUT') {
      const [, kind, owner, name] = stored as unknown as [string, string, string, string];
      const files = kind === 'run' ? this.#run(owner).files : this.artifacts.get(owner)?.files;
      files?.set(decodeURIComponent(name), request.bytes);
      return ok({});
    }
    return { status: 404, body: JSON.stringify({ error: `no such path ${request.path}` }) };
  }

  #graphql(name: string, variables: Variables): unknown {
    switch (name) {
      case 'ServerFeaturesQuery':
        return { serverInfo: { features: [] } };
      case 'Viewer':
        return {
          viewer: {
            id: 'dXNlcg==',
            entity: 'anna',
            username: 'anna',
            email: 'anna@example.org',
            flags: '{}',
            teams: { edges: [] },
          },
        };
      case 'UpsertBucket':
        return this.#upsert(variables);
      case 'RunResumeStatus':
        return this.#resumeStatus(variables);
      case 'RewindRun':
        return this.#rewind(variables);
      case 'CreateRunFiles': {
        const run = String(variables.run);
        const files = (variables.files as string[]).map((file) => ({
          name: file,
          uploadUrl: `${this.url}/storage/run/${run}/${encodeURIComponent(file)}`,
        }));
        return { createRunFiles: { runID: this.#run(run).id, uploadHeaders: [], files } };
      }
      default:
        return this.#artifact(name, variables) ?? {};
    }
  }

  #run(name: string): ServedRun {
    const known = this.runs.get(name);
    if (known) return known;
    const run: ServedRun = {
      id: Buffer.from(`Run:v1:${name}`).toString('base64'),
      name,
      displayName: `quiet-river-${this.runs.size + 1}`,
      config: '{}',
      tags: [],
      notes: null,
      history: [],
      summary: '{}',
      files: new Map(),
    };
    this.runs.set(name, run);
    return run;
  }

  #bucket(run: ServedRun, entity: unknown, project: unknown): object {
    const owner = { id: 'ZW50aXR5', name: entity ?? 'anna' };
    return {
      id: run.id,
      name: run.name,
      displayName: run.displayName,
      description: null,
      config: run.config,
      sweepName: null,
      project: { id: 'cHJvamVjdA==', name: project ?? 'uncategorized', entity: owner },
      historyLineCount: run.history.length,
    };
  }

  #upsert(variables: Variables): unknown {
    const name = String(variables.name);
    const inserted = !this.runs.has(name);
    const run = this.#run(name);
    if (typeof variables.config === 'string') run.config = variables.config;
    if (typeof variables.displayName === 'string') run.displayName = variables.displayName;
    if (typeof variables.notes === 'string') run.notes = variables.notes;
    if (Array.isArray(variables.tags)) run.tags = variables.tags as string[];
    return { upsertBucket: { bucket: this.#bucket(run, variables.entity, variables.project), inserted } };
  }

  #resumeStatus(variables: Variables): unknown {
    const run = this.runs.get(String(variables.name));
    const tail = JSON.stringify(run?.history.slice(-1) ?? []);
    const bucket = run && {
      id: run.id,
      name: run.name,
      summaryMetrics: run.summary,
      displayName: run.displayName,
      logLineCount: 0,
      historyLineCount: run.history.length,
      eventsLineCount: 0,
      historyTail: tail,
      eventsTail: '[]',
      config: run.config,
      tags: run.tags,
      notes: run.notes,
      wandbConfig: '{"t": 1}',
    };
    return {
      model: {
        id: 'cHJvamVjdA==',
        name: variables.project,
        entity: { id: 'ZW50aXR5', name: variables.entity ?? 'anna' },
        bucket: bucket ?? null,
      },
    };
  }

  #rewind(variables: Variables): unknown {
    const run = this.runs.get(String(variables.runName));
    if (!run || !this.canRewind) return { rewindRun: null };
    run.history = run.history.filter(
      (line) => Number((parseExtendedJson(line) as { _step: number })._step) <= Number(variables.metricValue),
    );
    return { rewindRun: { rewoundRun: this.#bucket(run, variables.entity, variables.project) } };
  }

  #stream(name: string, body: StreamBody): unknown {
    const run = this.#run(name);
    const history = body.files?.['wandb-history.jsonl'];
    if (history) run.history.splice(history.offset, history.content.length, ...history.content);
    const summary = body.files?.['wandb-summary.json'];
    if (summary) run.summary = summary.content.at(-1) ?? '{}';
    if (body.complete !== undefined) run.complete = body.complete;
    if (body.exitcode !== undefined) run.exitcode = body.exitcode;
    return { exitcode: null, limits: {} };
  }

  #artifact(name: string, variables: Variables): unknown {
    const url = (id: string, path: string): string => `${this.url}/storage/artifact/${id}/${encodeURIComponent(path)}`;
    switch (name) {
      case 'CreateArtifact': {
        const id = Buffer.from(`Artifact:${this.artifacts.size + 1}`).toString('base64');
        this.artifacts.set(id, { input: variables.input as Variables, isCommitted: false, files: new Map() });
        return { createArtifact: { artifact: { id, state: 'PENDING', artifactSequence: { latestArtifact: null } } } };
      }
      case 'CreateArtifactManifest': {
        const id = String(variables.artifactID);
        const file = { id: 'ZmlsZQ==', uploadUrl: url(id, String(variables.name)), uploadHeaders: [] };
        return { createArtifactManifest: { artifactManifest: { id: 'bWFuaWZlc3Q=', file } } };
      }
      case 'UpdateArtifactManifest': {
        const file = { id: 'ZmlsZQ==', uploadUrl: url('', 'wandb_manifest.json'), uploadHeaders: [] };
        return { updateArtifactManifest: { artifactManifest: { id: 'bWFuaWZlc3Q=', file } } };
      }
      case 'CreateArtifactFiles': {
        const edges = ((variables.input as Variables).artifactFiles as { artifactID: string; name: string }[]).map(
          ({ artifactID, name: file }) => ({
            node: {
              storagePath: `wandb_artifacts/${file}`,
              uploadUrl: url(artifactID, file),
              uploadHeaders: [],
              uploadMultipartUrls: null,
              artifact: { id: artifactID },
            },
          }),
        );
        return { createArtifactFiles: { files: { edges } } };
      }
      case 'CommitArtifact': {
        const id = String(variables.artifactID);
        const artifact = this.artifacts.get(id);
        if (artifact) artifact.isCommitted = true;
        return { commitArtifact: { artifact: { id, digest: artifact?.input.digest } } };
      }
      case 'ArtifactType':
        return { project: { artifact: null } };
      default:
        return undefined;
    }
  }
}

interface StreamBody {
  readonly files?: Readonly<Record<string, { readonly offset: number; readonly content: readonly string[] }>>;
  readonly complete?: boolean;
  readonly exitcode?: number;
}

function parse(bytes: Buffer): unknown {
  return bytes.length === 0 ? undefined : (JSON.parse(bytes.toString('utf8')) as unknown);
}

/** The name of the GraphQL operation that a request asks for; empty where it is none. */
export function operationName(request: RecordedRequest): string {
  if (request.path !== '/graphql') return '';
  const { operationName: name = '', query = '' } = request.body as { operationName?: string; query?: string };
  return name === '' ? (/(?:query|mutation)\s+(\w+)/.exec(query)?.[1] ?? '') : name;
}

function variablesOf(request: RecordedRequest): Variables {
  return (request.body as { variables?: Variables }).variables ?? {};
}

function ok(body: unknown): { status: number; body: string } {
  return { status: 200, body: JSON.stringify(body) };
}
