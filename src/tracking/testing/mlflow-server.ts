// A server that takes what MLflow's REST API 2.0 takes, refuses everything else, and keeps it: the fields and limits are those of MLflow's published
// service.proto, model_registry.proto and mlflow_artifacts.proto, and of its checks of names and lengths, written down anew.

import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { z } from 'zod';

const bytesAtMost = (max: number) =>
  z.string().refine((text) => Buffer.byteLength(text) <= max, `at most ${max} bytes`);
/** Letters, digits, `_`, `.`, `-`, blanks and slashes, and no path that could be written otherwise. */
const key = bytesAtMost(250)
  .min(1)
  .regex(/^[/\w.\- ]*$/)
  .refine(
    (name) => !name.startsWith('/') && name.split('/').every((part) => !['', '.', '..'].includes(part)),
    'a path of its own',
  );
const int64 = z.number().int();
const metric = z.strictObject({
  key,
  value: z.union([z.number(), z.enum(['NaN', 'Infinity', '-Infinity'])]),
  timestamp: int64.nonnegative(),
  step: int64,
});
const param = z.strictObject({ key, value: bytesAtMost(6000) });
const tag = z.strictObject({ key, value: bytesAtMost(5000) });
const runId = z.string().regex(/^[a-zA-Z0-9][\w-]{0,255}$/);
const status = z.enum(['RUNNING', 'SCHEDULED', 'FINISHED', 'FAILED', 'KILLED']);

const requests = {
  'experiments/get-by-name': z.strictObject({ experiment_name: z.string().min(1) }),
  'experiments/create': z.strictObject({ name: z.string().min(1).max(500) }),
  'runs/create': z.strictObject({
    experiment_id: z.string(),
    run_name: z.string(),
    start_time: int64,
    tags: z.array(tag).max(100),
  }),
  'runs/search': z.strictObject({
    experiment_ids: z.array(z.string()),
    filter: z.string(),
    run_view_type: z.enum(['ACTIVE_ONLY', 'DELETED_ONLY', 'ALL']),
    max_results: int64.positive().max(50_000),
  }),
  'runs/update': z.strictObject({ run_id: runId, status, end_time: int64.optional() }),
  'runs/log-batch': z
    .strictObject({
      run_id: runId,
      metrics: z.array(metric).max(1000),
      params: z.array(param).max(100),
      tags: z.array(tag).max(100),
    })
    .refine(({ metrics, params, tags }) => metrics.length + params.length + tags.length <= 1000, '1000 of all')
    .refine(
      ({ params }) => new Set(params.map((each) => each.key)).size === params.length,
      'params with keys of their own',
    )
    .refine((body) => JSON.stringify(body).length <= 1e6, '1 MB'),
  'registered-models/create': z.strictObject({ name: z.string().min(1) }),
  'registered-models/alias': z.strictObject({
    name: z.string(),
    alias: z
      .string()
      .regex(/^[\w-]+$/)
      .refine((alias) => alias.toLowerCase() !== 'latest' && !/^[vV]\d+$/.test(alias)),
    version: z.string().regex(/^\d+$/),
  }),
  'model-versions/search': z.strictObject({ filter: z.string(), page_token: z.string().optional() }),
  'model-versions/create': z.strictObject({
    name: z.string(),
    source: z.string().min(1),
    run_id: runId,
    tags: z.array(tag),
    description: z.string().optional(),
  }),
};

type Path = keyof typeof requests;
type Body<P extends Path> = z.infer<(typeof requests)[P]>;

interface KeptRun {
  readonly experiment: string;
  readonly name: string;
  status: string;
  endTime: number | undefined;
  readonly metrics: z.infer<typeof metric>[];
  readonly params: Map<string, string>;
  readonly tags: Map<string, string>;
}

interface KeptModel {
  readonly versions: (Body<'model-versions/create'> & { readonly version: string })[];
  readonly aliases: Map<string, string>;
}

/** What MLflow answers with another status than 200. */
class Refusal extends Error {
  readonly status: number;
  readonly code: string;

  constructor(httpStatus: number, code: string, message: string = code) {
    super(message);
    this.status = httpStatus;
    this.code = code;
  }
}

/** What a server has, and how it behaves. */
export class MLflowServer {
  readonly experiments = new Map<string, string>();
  readonly runs = new Map<string, KeptRun>();
  readonly models = new Map<string, KeptModel>();
  readonly artifacts = new Map<string, Buffer>();
  /** Method and path of every request, in order. */
  readonly requests: string[] = [];
  /** What was refused because it does not fit the schema. */
  readonly violations: string[] = [];
  readonly authorizations = new Set<string | undefined>();
  /** The status to answer a request with in place of doing it; 0 for no answer at all. */
  fault: (path: string) => number | undefined = () => undefined;
  /** Where runs have their artifacts. */
  artifactRoot = 'mlflow-artifacts:';
  url = '';
  readonly #server = createServer(async (request, response) => {
    const path = request.url!.split('?', 1)[0]!;
    this.requests.push(`${request.method} ${path.replace('/api/2.0/', '')}`);
    this.authorizations.add(request.headers.authorization);
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const fault = this.fault(path);
    if (fault === 0) return;
    if (fault !== undefined) {
      response.writeHead(fault).end('out of order');
      return;
    }
    try {
      response.end(JSON.stringify(this.#answer(request, Buffer.concat(chunks))));
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      response.writeHead(error.status, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ error_code: error.code, message: error.message }));
    }
  });

  async start(): Promise<this> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    this.url = `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
    return this;
  }

  stop(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }

  #answer(request: IncomingMessage, bytes: Buffer): object {
    const url = new URL(request.url!, 'http://server');
    const [, artifact] = /^\/api\/2\.0\/mlflow-artifacts\/artifacts\/(.+)$/.exec(url.pathname) ?? [];
    if (artifact !== undefined) {
      if (request.method !== 'PUT') return this.#violation(`${request.method} of an artifact`);
      this.artifacts.set(decodeURIComponent(artifact), bytes);
      return {};
    }
    const path = url.pathname.replace('/api/2.0/mlflow/', '') as Path;
    const schema = requests[path];
    const isGet = path === 'experiments/get-by-name' || path === 'model-versions/search';
    if (schema === undefined) return this.#violation(`no endpoint ${url.pathname}`);
    if (request.method !== (isGet ? 'GET' : 'POST')) return this.#violation(`${request.method} ${path}`);
    const parsed = schema.safeParse(isGet ? Object.fromEntries(url.searchParams) : JSON.parse(bytes.toString()));
    if (!parsed.success) return this.#violation(`${path}: ${z.prettifyError(parsed.error)}`);
    return this.#endpoints[path](parsed.data as never);
  }

  #violation(what: string): never {
    this.violations.push(what);
    throw new Refusal(400, 'INVALID_PARAMETER_VALUE', what);
  }

  #run(id: string): KeptRun {
    const run = this.runs.get(id);
    if (run === undefined) throw new Refusal(404, 'RESOURCE_DOES_NOT_EXIST', `Run ${id} not found`);
    return run;
  }

  #shown(id: string): object {
    const { experiment, name, status: at, params, tags } = this.#run(id);
    const pairs = (map: Map<string, string>): object[] => [...map].map(([each, value]) => ({ key: each, value }));
    const artifact_uri = `${this.artifactRoot}/${experiment}/${id}/artifacts`;
    return {
      info: {
        run_id: id,
        run_name: name,
        experiment_id: experiment,
        status: at,
        artifact_uri,
        lifecycle_stage: 'active',
      },
      data: { params: pairs(params), tags: pairs(tags) },
    };
  }

  readonly #endpoints: { [P in Path]: (body: Body<P>) => object } = {
    'experiments/get-by-name': ({ experiment_name: name }) => {
      const id = this.experiments.get(name);
      if (id === undefined) throw new Refusal(404, 'RESOURCE_DOES_NOT_EXIST');
      return { experiment: { experiment_id: id, name, lifecycle_stage: 'active' } };
    },
    'experiments/create': ({ name }) => {
      if (this.experiments.has(name)) throw new Refusal(400, 'RESOURCE_ALREADY_EXISTS');
      this.experiments.set(name, String(this.experiments.size));
      return { experiment_id: this.experiments.get(name) };
    },
    'runs/create': ({ experiment_id: experiment, run_name: name, tags }) => {
      const id = `run${this.runs.size}`;
      const kept = new Map(tags.map((each) => [each.key, each.value]));
      this.runs.set(id, {
        experiment,
        name,
        status: 'RUNNING',
        endTime: undefined,
        metrics: [],
        params: new Map(),
        tags: kept,
      });
      return { run: this.#shown(id) };
    },
    'runs/search': ({ experiment_ids: ids, filter }) => {
      const [, name, value] = /^tags\.`([^`]+)` = '([^']*)'$/.exec(filter) ?? this.#violation(`filter ${filter}`);
      const found = [...this.runs].filter(([, run]) => ids.includes(run.experiment) && run.tags.get(name!) === value);
      return found.length === 0 ? {} : { runs: found.map(([id]) => this.#shown(id)) };
    },
    'runs/update': ({ run_id: id, status: at, end_time: endTime }) => {
      Object.assign(this.#run(id), { status: at, endTime });
      return { run_info: { run_id: id, status: at } };
    },
    'runs/log-batch': ({ run_id: id, metrics, params, tags }) => {
      const run = this.#run(id);
      for (const { key: name, value } of params) {
        if ((run.params.get(name) ?? value) !== value)
          throw new Refusal(400, 'INVALID_PARAMETER_VALUE', `changing param ${name}`);
        run.params.set(name, value);
      }
      for (const { key: name, value } of tags) run.tags.set(name, value);
      // What was logged before, as after a request whose answer was lost, is there once.
      const same = new Set(run.metrics.map((each) => JSON.stringify(each)));
      run.metrics.push(...metrics.filter((each) => !same.has(JSON.stringify(each))));
      return {};
    },
    'registered-models/create': ({ name }) => {
      if (this.models.has(name)) throw new Refusal(400, 'RESOURCE_ALREADY_EXISTS');
      this.models.set(name, { versions: [], aliases: new Map() });
      return { registered_model: { name } };
    },
    'registered-models/alias': ({ name, alias, version }) => {
      this.#model(name).aliases.set(alias, version);
      return {};
    },
    'model-versions/search': ({ filter }) => {
      const [, name] = /^name='([^']*)'$/.exec(filter) ?? this.#violation(`filter ${filter}`);
      return { model_versions: this.#model(name!).versions };
    },
    'model-versions/create': (body) => {
      this.#run(body.run_id);
      const { versions } = this.#model(body.name);
      versions.push({ ...body, version: String(versions.length + 1) });
      return { model_version: versions.at(-1) };
    },
  };

  #model(name: string): KeptModel {
    const model = this.models.get(name);
    if (model === undefined) throw new Refusal(404, 'RESOURCE_DOES_NOT_EXIST');
    return model;
  }
}
