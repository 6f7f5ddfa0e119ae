// A run on an MLflow server: found again or made with the first request, told its params once, and ended.

import type { RequestSignal } from '../web-types.ts';
import type { Entry, Metric, MLflowClient, MLflowRun, RunStatus } from './mlflow-client.ts';
import { chunked, MAX_ENTRIES, MLflowNames, paramsOf, tag } from './mlflow-names.ts';

/** The tag by which a run is found again. */
export const RUN_ID_TAG = 'sconce.run_id';

export interface MLflowRunOptions {
  readonly experiment: string;
  readonly runName: string;
  /** The one of `RUN_ID_TAG` among them. */
  readonly tags: Readonly<Record<string, string>>;
  readonly config: unknown;
  readonly startTime: number;
  warn(message: string): void;
}

/** Every method may be called again after it failed. */
export class MLflowRunHandle {
  readonly #client: MLflowClient;
  readonly #options: MLflowRunOptions;
  #run: MLflowRun | undefined;
  /** What is still to be told of params and tags, in lists of what one request takes. */
  #toTell: { params?: readonly Entry[]; tags?: readonly Entry[] }[] = [];
  #isFound = false;

  constructor(client: MLflowClient, options: MLflowRunOptions) {
    this.#client = client;
    this.#options = options;
  }

  /** Finds or makes the run, and tells its params. Nothing once that is done. */
  async begin(signal: RequestSignal): Promise<MLflowRun> {
    this.#run ??= await this.#findOrCreate(signal);
    const run = this.#run;
    if (this.#isFound) await this.#client.updateRun(run.id, { status: 'RUNNING' }, signal);
    this.#isFound = false;
    for (let next = this.#toTell[0]; next !== undefined; next = this.#toTell[0]) {
      await this.#client.logBatch(run.id, next, signal);
      this.#toTell.shift();
    }
    return run;
  }

  async logMetrics(metrics: readonly Metric[], signal: RequestSignal): Promise<void> {
    await this.#client.logBatch(this.#run!.id, { metrics }, signal);
  }

  /** Leaves it out, with a warning, where the server does not take artifacts. */
  async putArtifact(path: string, bytes: Uint8Array, signal: RequestSignal): Promise<void> {
    const { artifactUri } = this.#run!;
    if (this.#client.takesArtifacts(artifactUri)) return this.#client.putArtifact(artifactUri, path, bytes, signal);
    this.#options.warn(
      `Cannot put pictures and texts among the artifacts of MLflow: expected a server that takes them (mlflow server --serve-artifacts), got artifacts at "${artifactUri}"; they are left out`,
    );
  }

  async end(status: RunStatus, endTime: number, signal: RequestSignal): Promise<void> {
    await this.#client.updateRun(this.#run!.id, { status, endTime }, signal);
  }

  async #findOrCreate(signal: RequestSignal): Promise<MLflowRun> {
    const { experiment, runName, startTime, config } = this.#options;
    const tags = Object.entries(this.#options.tags).map(([key, value]) => tag(new MLflowNames().of(key), value));
    const experimentId = await this.#client.experimentId(experiment, signal);
    const own = tags.find(({ key }) => key === RUN_ID_TAG)!;
    const found = await this.#client.findRun(experimentId, own, signal);
    const params = paramsOf(config, new MLflowNames());
    const run =
      found ??
      (await this.#client.createRun(
        { experimentId, name: runName, startTime, tags: tags.slice(0, MAX_ENTRIES) },
        signal,
      ));
    const rest = found === undefined ? tags.slice(MAX_ENTRIES) : tags;
    this.#isFound = found !== undefined;
    this.#toTell = [
      ...Array.from(chunked(rest, MAX_ENTRIES), (some) => ({ tags: some })),
      ...Array.from(chunked(this.#newOf(params, run), MAX_ENTRIES), (some) => ({ params: some })),
    ];
    return run;
  }

  /** Params that the run has not got. One that has another value cannot be changed: a warning. */
  #newOf(params: readonly Entry[], { params: had }: MLflowRun): Entry[] {
    const before = new Map(had.map(({ key, value }) => [key, value]));
    const changed = params.filter(({ key, value }) => before.has(key) && before.get(key) !== value);
    if (changed.length > 0) {
      const { key, value } = changed[0]!;
      this.#options.warn(
        `MLflow keeps the params that the run began with: ${key} is ${value} now and stays ${before.get(key)} there${changed.length > 1 ? `, and so do ${changed.length - 1} more` : ''}`,
      );
    }
    return params.filter(({ key }) => !before.has(key));
  }
}
