// Logs to an MLflow server: metrics, the configuration as params, pictures and texts as artifacts, and how the run ended.
import { checkOptions, type OptionNames } from '../../../nn/layer-options.ts';
import type { LoggedImage, Matrix } from '../../data-records.ts';
import type { LoggedEnd, Logger, RunInfo } from '../../logger.ts';
import type { Clocks, MetricValues } from '../../run-format.ts';
import { Outbox } from '../outbox.ts';
import { OUTBOX_DEFAULTS, type OutboxOptions } from '../outbox-options.ts';
import type { RequestSignal } from '../web-types.ts';
import { type Metric, type MLflowAddress, MLflowClient, type RunStatus } from './mlflow-client.ts';
import { chunked, MAX_METRICS, MLflowNames, metricValue } from './mlflow-names.ts';
import { MLflowRunHandle, RUN_ID_TAG } from './mlflow-run.ts';

export interface MLflowLoggerOptions extends MLflowAddress {
  /** The experiment that has the run; made where there is none. Default: MLFLOW_EXPERIMENT_NAME, else 'Default'. */
  readonly experiment?: string;
  /** Default: the run's name. */
  readonly runName?: string;
  /** Tags beside those of the run. */
  readonly tags?: Readonly<Record<string, string>>;
  /** How requests are gathered, tried again and given up: see `Outbox`. */
  readonly outbox?: Pick<
    OutboxOptions<unknown>,
    'maxItems' | 'everyMs' | 'timeoutMs' | 'closeWithinMs' | 'retryFromMs' | 'retryToMs'
  >;
  /** The wall clock, in milliseconds since 1970. */
  readonly now?: () => number;
}

/** What is sent, in order. */
export type MLflowItem =
  | { readonly kind: 'metrics'; readonly metrics: readonly Metric[] }
  | { readonly kind: 'artifact'; readonly path: string; readonly bytes: Uint8Array }
  | { readonly kind: 'end'; readonly status: RunStatus; readonly time: number };

const STATUS = { finished: 'FINISHED', failed: 'FAILED', interrupted: 'KILLED' } as const;

/** Logs to MLflow's REST API. The run is found again by its id (tag `sconce.run_id`): a run that goes on is one run in MLflow.
 *  Rule: metrics with step and time, NaN and infinite ones as they are; the configuration flattened to params (`optimizer.lr`); names with `_` for characters that
 *  MLflow does not take. Pictures, figures, matrices and texts are artifacts, where the server takes them (`mlflow server --serve-artifacts`); else they are
 *  left out with a warning. Histograms and events have no place there. MLflow keeps what it has: values that an earlier process logged beyond the checkpoint, and
 *  params that were changed since, stay as they are.
 *  A server that fails or hangs is tried again, and holds up the end of a run for `outbox.closeWithinMs` (10 s) at most.
 *  @throws {TypeError} for an unknown option, and without an address. */
export class MLflowLogger implements Logger {
  readonly name = 'mlflow';
  readonly #options: MLflowLoggerOptions;
  readonly #client: MLflowClient;
  readonly #now: () => number;
  readonly #names = new MLflowNames();
  #outbox: Outbox<MLflowItem> | undefined;

  constructor(options: MLflowLoggerOptions = {}) {
    const known = {
      ...{ trackingUri: true, token: true, username: true, password: true, experiment: true, runName: true },
      ...{ tags: true, outbox: true, now: true },
    } satisfies OptionNames<MLflowLoggerOptions>;
    checkOptions(this, known, options);
    this.#options = options;
    this.#client = new MLflowClient(options);
    this.#now = options.now ?? Date.now;
  }

  get closeWithinMs(): number {
    return this.#options.outbox?.closeWithinMs ?? OUTBOX_DEFAULTS.closeWithinMs;
  }

  open(run: RunInfo): void {
    const {
      experiment = process.env.MLFLOW_EXPERIMENT_NAME ?? 'Default',
      runName = run.name,
      tags = {},
      outbox,
    } = this.#options;
    const all: Record<string, string> = {
      [RUN_ID_TAG]: run.id,
      'mlflow.source.type': 'LOCAL',
      'mlflow.source.name': process.argv[1] ?? 'node',
      ...Object.fromEntries(run.tags.map((each) => [`sconce.tag.${each}`, 'true'])),
      ...(run.resumedFrom === undefined ? {} : { 'sconce.resumed_from_step': String(run.resumedFrom.step) }),
      ...tags,
    };
    const handle = new MLflowRunHandle(this.#client, {
      ...{ experiment, runName, tags: all, config: run.config, startTime: this.#now(), warn: run.warn },
    });
    this.#outbox = new Outbox<MLflowItem>({
      ...outbox,
      name: this.name,
      warn: run.warn,
      maxBatch: MAX_METRICS,
      sizeOf: (item) => (item.kind === 'metrics' ? item.metrics.length : MAX_METRICS), // others go alone
      bytesOf: (item) => (item.kind === 'artifact' ? item.bytes.length : 0),
      send: (items, signal) => this.#send(handle, items, signal),
    });
  }

  logMetrics(values: MetricValues, { step }: Clocks): void {
    const timestamp = this.#now();
    const metrics = Object.entries(values).map(([key, value]) => {
      if (typeof value !== 'number')
        throw new TypeError(`Cannot log metric "${key}": expected a number, got ${typeof value}`);
      return { key: this.#names.of(key), value: metricValue(value), timestamp, step };
    });
    for (const some of chunked(metrics, MAX_METRICS)) this.#add({ kind: 'metrics', metrics: some });
  }

  logImage(key: string, { bytes, format }: LoggedImage, { step }: Clocks): void {
    this.#addArtifact(artifactPath('images', key, step, format === 'jpeg' ? 'jpg' : format), bytes);
  }

  logFigure(key: string, svg: string, { step }: Clocks): void {
    this.#addArtifact(artifactPath('figures', key, step, 'svg'), Buffer.from(svg));
  }

  logText(key: string, text: string, { step }: Clocks): void {
    this.#addArtifact(artifactPath('texts', key, step, 'txt'), Buffer.from(text));
  }

  /** As a table in MLflow's form: a column of row names, and one for each of the matrix. */
  logMatrix(key: string, { rows, columns, values, rowLabel }: Matrix, { step }: Clocks): void {
    const table = { columns: [rowLabel, ...columns], data: rows.map((row, i) => [row, ...values[i]!]) };
    this.#addArtifact(artifactPath('tables', key, step, 'json'), Buffer.from(JSON.stringify(table)));
  }

  async close(end?: LoggedEnd): Promise<void> {
    const outbox = this.#outbox;
    this.#outbox = undefined;
    outbox?.add({ kind: 'end', status: STATUS[end?.status ?? 'finished'], time: this.#now() });
    await outbox?.close();
  }

  #add(item: MLflowItem): void {
    if (this.#outbox === undefined) throw new Error('Cannot log to MLflow: expected an open logger, got a closed one');
    this.#outbox.add(item);
  }

  #addArtifact(path: string, bytes: Uint8Array): void {
    this.#add({ kind: 'artifact', path, bytes });
  }

  /** Gets metrics, or one other thing. */
  async #send(run: MLflowRunHandle, items: readonly MLflowItem[], signal: RequestSignal): Promise<void> {
    await run.begin(signal);
    const metrics = items.flatMap((item) => (item.kind === 'metrics' ? item.metrics : []));
    if (metrics.length > 0) await run.logMetrics(metrics, signal);
    for (const item of items) {
      if (item.kind === 'artifact') await run.putArtifact(item.path, item.bytes, signal);
      if (item.kind === 'end') await run.end(item.status, item.time, signal);
    }
  }
}

/** `images/val/confusion/step_000010.png`. */
function artifactPath(kind: string, key: string, step: number, ending: string): string {
  const name = key.split('/').map((part) => (/^\.*$/.test(part) ? '_' : part.replace(/[^\w.\- ]/g, '_')));
  return `${kind}/${name.join('/')}/step_${String(step).padStart(6, '0')}.${ending}`;
}
