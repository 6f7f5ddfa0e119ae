// Logs to Google Cloud Logging through Google's client. Credentials and project come from where that client looks (GOOGLE_APPLICATION_CREDENTIALS, the machine).
import { randomBytes } from 'node:crypto';
import { checkOptions, type OptionNames } from '../../../nn/layer-options.ts';
import type { LoggedEnd, Logger, RunInfo } from '../../logger.ts';
import type { Clocks, MetricValues, RunEvent } from '../../run-format.ts';
import { DeliveryError } from '../delivery-error.ts';
import { Outbox } from '../outbox.ts';
import { OUTBOX_DEFAULTS, type OutboxOptions } from '../outbox-options.ts';
import { fitted, type LogLine, LogLines, packageOf } from './log-line.ts';

export interface GoogleCloudLoggerOptions {
  /** Default: that of the credentials. */
  readonly projectId?: string;
  /** The log that has the entries of all runs. Default 'sconce'. */
  readonly logName?: string;
  /** Labels of every entry beside `run_id` and `run_name`. */
  readonly labels?: Readonly<Record<string, string>>;
  /** What Google's client is made with, as `{ keyFilename: 'key.json' }` or `{ apiEndpoint: … }`. */
  readonly clientOptions?: Readonly<Record<string, unknown>>;
  /** How requests are gathered, tried again and given up: see `Outbox`. */
  readonly outbox?: Pick<
    OutboxOptions<unknown>,
    'maxItems' | 'maxBytes' | 'everyMs' | 'timeoutMs' | 'closeWithinMs' | 'retryFromMs' | 'retryToMs'
  >;
  /** The wall clock, in milliseconds since 1970. */
  readonly now?: () => number;
}

const MAX_ENTRY_BYTES = 200 * 1024; // of 256 KB, which count labels and names too
const MAX_REQUEST_BYTES = 5_000_000; // of 10 MB

/** An entry with the id by which the service drops a second one. */
interface Entry extends LogLine {
  readonly id: string;
}

/** Logs metrics, events and texts as structured entries: `jsonPayload` is the record of `metrics.jsonl`, labels are the run's id and name, warnings and failures
 *  have their severity. Entries have ids, so that a request which is made again leaves each once. Histograms and pictures have no place there.
 *  A service that fails or hangs holds up the end of a run for `outbox.closeWithinMs` (10 s) at most. Needs `@google-cloud/logging`.
 *  @throws {TypeError} for an unknown option; `open` throws where the client is not installed. */
export class GoogleCloudLogger implements Logger {
  readonly name = 'google_cloud';
  readonly #options: GoogleCloudLoggerOptions;
  #outbox: Outbox<Entry> | undefined;
  #lines: LogLines | undefined;
  /** Of the process: with a count behind it an entry's id. */
  #prefix = '';
  #numEntries = 0;
  #release: () => Promise<void> = async () => {};

  constructor(options: GoogleCloudLoggerOptions = {}) {
    const known = {
      ...{ projectId: true, logName: true, labels: true, clientOptions: true, outbox: true, now: true },
    } satisfies OptionNames<GoogleCloudLoggerOptions>;
    checkOptions(this, known, options);
    this.#options = options;
  }

  get closeWithinMs(): number {
    return this.#options.outbox?.closeWithinMs ?? OUTBOX_DEFAULTS.closeWithinMs;
  }

  async open(run: RunInfo): Promise<void> {
    const { projectId, logName = 'sconce', labels = {}, clientOptions = {}, outbox, now = Date.now } = this.#options;
    const { Logging } = await packageOf(
      'Google Cloud',
      '@google-cloud/logging@11.4.0',
      () => import('@google-cloud/logging'),
    );
    const logging = new Logging({ ...clientOptions, ...(projectId === undefined ? {} : { projectId }) });
    const log = logging.log(logName, { partialSuccess: true });
    const own = { ...labels, run_id: run.id, run_name: run.name };
    const timeout = outbox?.timeoutMs ?? 10_000;
    this.#release = () => logging.loggingService.close();
    this.#lines = new LogLines(run, now);
    this.#prefix = randomBytes(8).toString('hex');
    this.#outbox = new Outbox<Entry>({
      ...outbox,
      name: this.name,
      warn: run.warn,
      maxBatch: MAX_REQUEST_BYTES,
      sizeOf: ({ text }) => Math.max(Buffer.byteLength(text) + 500, MAX_REQUEST_BYTES / 1000),
      bytesOf: ({ text }) => 2 * text.length,
      send: async (lines) => {
        const entries = lines.map(({ time, severity, id, text }) =>
          log.entry({ severity, timestamp: new Date(time), insertId: id, labels: own }, JSON.parse(text) as object),
        );
        // The outbox tries again, not the client.
        const gaxOptions = { timeout, retry: { retryCodes: [] } };
        await log.write(entries, { resource: { type: 'global' }, gaxOptions }).catch(judge);
      },
    });
    this.#add((made) => made.start(run));
  }

  logMetrics(values: MetricValues, clocks: Clocks): void {
    this.#add((lines) => lines.metrics(values, clocks));
  }

  logEvent(event: RunEvent, clocks: Clocks): void {
    this.#add((lines) => lines.event(event, clocks));
  }

  logText(key: string, text: string, clocks: Clocks): void {
    this.#add((lines) => lines.text(key, text, clocks));
  }

  async close(_end?: LoggedEnd): Promise<void> {
    const outbox = this.#outbox;
    if (outbox === undefined) return;
    this.#outbox = undefined;
    await outbox.close();
    await this.#release();
  }

  #add(lineOf: (lines: LogLines) => LogLine): void {
    if (this.#outbox === undefined)
      throw new Error('Cannot log to Google Cloud: expected an open logger, got a closed one');
    this.#numEntries += 1;
    const id = `${this.#prefix}-${this.#numEntries}`;
    this.#outbox.add({ ...fitted(lineOf(this.#lines!), MAX_ENTRY_BYTES), id });
  }
}

/** Codes of gRPC and of HTTP, of which the client gives either: what is wrong with the request, and who may not. */
const INVALID = [3, 9, 11, 12, 400];
const REFUSED = [5, 7, 16, 401, 403, 404];

/** @throws what follows of an error: others than these, as of the network, are tried again. */
function judge(error: unknown): never {
  const { code, message } = Object(error) as { code?: unknown; message?: unknown };
  const isNobody = /default credentials|Unable to detect a Project Id/i.test(String(message));
  const after = REFUSED.includes(Number(code)) || isNobody ? 'stop' : INVALID.includes(Number(code)) ? 'skip' : 'retry';
  throw new DeliveryError(`Cannot write log entries: ${String(message)}`, { after, cause: error });
}
