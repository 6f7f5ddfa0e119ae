// MLflow's REST API 2.0 by fetch: the requests that a logger and a registry of models need, with the fields of MLflow's service.proto and model_registry.proto.
import { refusalOf } from '../delivery-error.ts';
import type { RequestBlob, RequestSignal } from '../web-types.ts';

/** Where the server is and who asks. */
export interface MLflowAddress {
  /** As in 'http://localhost:5000'. Default: MLFLOW_TRACKING_URI. */
  readonly trackingUri?: string | undefined;
  /** Default: MLFLOW_TRACKING_TOKEN. */
  readonly token?: string | undefined;
  /** Default: MLFLOW_TRACKING_USERNAME, or what the address has. */
  readonly username?: string | undefined;
  /** Default: MLFLOW_TRACKING_PASSWORD, or what the address has. */
  readonly password?: string | undefined;
}

export interface Metric {
  readonly key: string;
  /** JSON has no other numbers: they are their names, as Protocol Buffers write them. */
  readonly value: number | 'NaN' | 'Infinity' | '-Infinity';
  /** Milliseconds since 1970. */
  readonly timestamp: number;
  readonly step: number;
}

/** A param or a tag. */
export interface Entry {
  readonly key: string;
  readonly value: string;
}

export type RunStatus = 'RUNNING' | 'FINISHED' | 'FAILED' | 'KILLED';

/** A run as far as it is used here. */
export interface MLflowRun {
  readonly id: string;
  readonly artifactUri: string;
  readonly params: readonly Entry[];
}

/** A version of a registered model as far as it is used here. */
export interface MLflowModelVersion {
  readonly version: string;
  readonly tags: readonly Entry[];
}

/** One server. Nothing is asked before the first method is called. */
export class MLflowClient {
  readonly #root: string;
  readonly #headers: Readonly<Record<string, string>>;

  /** @throws {TypeError} without an address, or with one that is none of http and https. */
  constructor({ trackingUri, token, username, password }: MLflowAddress = {}) {
    const { MLFLOW_TRACKING_URI, MLFLOW_TRACKING_TOKEN, MLFLOW_TRACKING_USERNAME, MLFLOW_TRACKING_PASSWORD } =
      process.env;
    const text = trackingUri ?? MLFLOW_TRACKING_URI ?? '';
    const url = URL.canParse(text) ? new URL(text) : undefined;
    if (url === undefined || !/^https?:$/.test(url.protocol))
      throw new TypeError(
        `Cannot reach MLflow: expected trackingUri or MLFLOW_TRACKING_URI as "http://localhost:5000", got ${text === '' ? 'none' : `"${text}"`}; files and databases of MLflow need its server`,
      );
    const user = username ?? MLFLOW_TRACKING_USERNAME ?? decodeURIComponent(url.username);
    const secret = password ?? MLFLOW_TRACKING_PASSWORD ?? decodeURIComponent(url.password);
    const bearer = token ?? MLFLOW_TRACKING_TOKEN;
    const basic = user === '' ? undefined : `Basic ${Buffer.from(`${user}:${secret}`).toString('base64')}`;
    const authorization = bearer === undefined || user !== '' ? basic : `Bearer ${bearer}`;
    this.#headers = authorization === undefined ? {} : { authorization };
    this.#root = `${url.origin}${url.pathname.replace(/\/+$/, '')}`;
  }

  /** Of an experiment that has this name; it is created where there is none. */
  async experimentId(name: string, signal: RequestSignal): Promise<string> {
    const found = await this.#findExperiment(name, signal);
    if (found !== undefined) return found;
    const made = await this.#post('experiments/create', { name }, signal, ['RESOURCE_ALREADY_EXISTS']);
    // Another run was quicker.
    const id = made === undefined ? await this.#findExperiment(name, signal) : textAt(made, 'experiment_id');
    if (id !== undefined) return id;
    throw new Error(
      `Cannot create experiment "${name}" of MLflow: expected it to be there, got one that was deleted at the same time`,
    );
  }

  async #findExperiment(name: string, signal: RequestSignal): Promise<string | undefined> {
    const query = `experiments/get-by-name?experiment_name=${encodeURIComponent(name)}`;
    const answer = await this.#ask('GET', query, undefined, signal, ['RESOURCE_DOES_NOT_EXIST']);
    if (answer === undefined) return undefined;
    const experiment = recordAt(answer, 'experiment');
    if (experiment.lifecycle_stage !== 'deleted') return textAt(experiment, 'experiment_id');
    throw new Error(
      `Cannot log to experiment "${name}" of MLflow: expected an active one, got one that was deleted; restore it or choose another name`,
    );
  }

  /** The newest run of an experiment that has this tag. */
  async findRun(experimentId: string, tag: Entry, signal: RequestSignal): Promise<MLflowRun | undefined> {
    const filter = `tags.\`${tag.key}\` = '${tag.value.replaceAll("'", '')}'`;
    const body = { experiment_ids: [experimentId], filter, run_view_type: 'ACTIVE_ONLY', max_results: 1 };
    const { runs } = (await this.#post('runs/search', body, signal))!;
    return Array.isArray(runs) && runs.length > 0 ? runOf(runs[0]) : undefined;
  }

  async createRun(
    run: { experimentId: string; name: string; startTime: number; tags: readonly Entry[] },
    signal: RequestSignal,
  ): Promise<MLflowRun> {
    const { experimentId: experiment_id, name: run_name, startTime: start_time, tags } = run;
    const answer = await this.#post('runs/create', { experiment_id, run_name, start_time, tags }, signal);
    return runOf(recordAt(answer!, 'run'));
  }

  async updateRun(
    runId: string,
    change: { status: RunStatus; endTime?: number },
    signal: RequestSignal,
  ): Promise<void> {
    const end = change.endTime === undefined ? {} : { end_time: change.endTime };
    await this.#post('runs/update', { run_id: runId, status: change.status, ...end }, signal);
  }

  /** At most 1,000 of all together, 100 params, 100 tags. */
  async logBatch(
    runId: string,
    {
      metrics = [],
      params = [],
      tags = [],
    }: { metrics?: readonly Metric[]; params?: readonly Entry[]; tags?: readonly Entry[] },
    signal: RequestSignal,
  ): Promise<void> {
    await this.#post('runs/log-batch', { run_id: runId, metrics, params, tags }, signal);
  }

  /** Whether the server itself takes the artifacts of a run with this address. */
  takesArtifacts(artifactUri: string): boolean {
    return artifactUri.startsWith('mlflow-artifacts:');
  }

  /** Puts a file among a run's artifacts, through the server. */
  async putArtifact(
    artifactUri: string,
    path: string,
    body: Uint8Array | RequestBlob,
    signal: RequestSignal,
  ): Promise<void> {
    const inside = new URL(artifactUri).pathname.replace(/^\/+|\/+$/g, '');
    const place = `${inside}/${path}`.split('/').map(encodeURIComponent).join('/');
    const response = await fetch(`${this.#root}/api/2.0/mlflow-artifacts/artifacts/${place}`, {
      method: 'PUT',
      headers: { ...this.#headers, 'content-type': 'application/octet-stream' },
      body: body as Uint8Array<ArrayBuffer> | RequestBlob,
      signal,
    });
    if (!response.ok) throw await refusalOf(response, `put ${path} among the artifacts of MLflow`, { stopsAt: [] });
    await response.arrayBuffer();
  }

  /** Makes a registered model where there is none of this name. */
  async createRegisteredModel(name: string, signal: RequestSignal): Promise<void> {
    await this.#post('registered-models/create', { name }, signal, ['RESOURCE_ALREADY_EXISTS']);
  }

  /** All versions of a model. */
  async modelVersions(name: string, signal: RequestSignal): Promise<MLflowModelVersion[]> {
    const versions: MLflowModelVersion[] = [];
    let token = '';
    do {
      const page = token === '' ? '' : `&page_token=${encodeURIComponent(token)}`;
      const query = `model-versions/search?filter=${encodeURIComponent(`name='${name}'`)}${page}`;
      const answer = (await this.#ask('GET', query, undefined, signal))!;
      const { model_versions: found, next_page_token: next } = answer;
      if (Array.isArray(found)) versions.push(...found.map(modelVersionOf));
      token = typeof next === 'string' ? next : '';
    } while (token !== '');
    return versions;
  }

  async createModelVersion(
    version: { name: string; source: string; runId: string; tags: readonly Entry[]; description?: string | undefined },
    signal: RequestSignal,
  ): Promise<MLflowModelVersion> {
    const { name, source, runId: run_id, tags, description } = version;
    const more = description === undefined ? {} : { description };
    const answer = await this.#post('model-versions/create', { name, source, run_id, tags, ...more }, signal);
    return modelVersionOf(recordAt(answer!, 'model_version'));
  }

  async setModelAlias(name: string, alias: string, version: string, signal: RequestSignal): Promise<void> {
    await this.#post('registered-models/alias', { name, alias, version }, signal);
  }

  #post(
    path: string,
    body: object,
    signal: RequestSignal,
    expected: readonly string[] = [],
  ): Promise<Answer | undefined> {
    return this.#ask('POST', path, body, signal, expected);
  }

  /** @param expected - error codes of MLflow that are an answer here: undefined is returned. */
  async #ask(
    method: string,
    path: string,
    body: object | undefined,
    signal: RequestSignal,
    expected: readonly string[] = [],
  ): Promise<Answer | undefined> {
    const response = await fetch(`${this.#root}/api/2.0/mlflow/${path}`, {
      method,
      headers: { ...this.#headers, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal,
    });
    const answer = response.clone();
    if (response.ok) return (await response.json()) as Answer;
    const code = await answer.json().then(
      (error: unknown) => textAt(error, 'error_code'),
      () => undefined, // not MLflow's form; told below as it is
    );
    if (code !== undefined && expected.includes(code)) {
      await response.body?.cancel();
      return undefined;
    }
    throw await refusalOf(response, `ask MLflow for ${path.split('?', 1)[0]}`);
  }
}

type Answer = Readonly<Record<string, unknown>>;

function recordAt(value: unknown, key: string): Answer {
  const inner: unknown = Object(value)[key];
  if (typeof inner === 'object' && inner !== null) return inner as Answer;
  throw new SyntaxError(`Cannot read MLflow's answer: expected an object under "${key}", got ${typeof inner}`);
}

function textAt(value: unknown, key: string): string | undefined {
  const text: unknown = Object(value)[key];
  return typeof text === 'string' ? text : undefined;
}

function requiredText(value: unknown, key: string): string {
  const text = textAt(value, key);
  if (text === undefined)
    throw new SyntaxError(`Cannot read MLflow's answer: expected a text under "${key}", got none`);
  return text;
}

function entriesAt(value: unknown, key: string): Entry[] {
  const list: unknown = Object(value)[key];
  return Array.isArray(list)
    ? list.map((each) => ({ key: requiredText(each, 'key'), value: textAt(each, 'value') ?? '' }))
    : [];
}

function runOf(value: unknown): MLflowRun {
  const info = recordAt(value, 'info');
  return {
    id: requiredText(info, 'run_id'),
    artifactUri: textAt(info, 'artifact_uri') ?? '',
    params: entriesAt(Object(value).data, 'params'),
  };
}

function modelVersionOf(value: unknown): MLflowModelVersion {
  return { version: String(Object(value).version), tags: entriesAt(value, 'tags') };
}
