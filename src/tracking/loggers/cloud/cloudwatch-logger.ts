// Logs to Amazon CloudWatch Logs through Amazon's client. Credentials, region and AWS_ENDPOINT_URL come from where that client looks.
import { checkOptions, type OptionNames } from '../../../nn/layer-options.ts';
import type { LoggedEnd, Logger, RunInfo } from '../../logger.ts';
import type { Clocks, MetricValues, RunEvent } from '../../run-format.ts';
import { DeliveryError } from '../delivery-error.ts';
import { Outbox } from '../outbox.ts';
import { OUTBOX_DEFAULTS, type OutboxOptions } from '../outbox-options.ts';
import { fitted, type LogLine, LogLines, packageOf } from './log-line.ts';

export interface CloudWatchLoggerOptions {
  /** The group that has the run's stream; made where there is none. Default '/sconce/runs'. */
  readonly logGroup?: string;
  /** Default: the run's name and id. */
  readonly logStream?: string;
  /** Default: where Amazon's client looks (AWS_REGION, the profile). */
  readonly region?: string;
  /** How requests are gathered, tried again and given up: see `Outbox`. */
  readonly outbox?: Pick<
    OutboxOptions<unknown>,
    'maxItems' | 'maxBytes' | 'everyMs' | 'timeoutMs' | 'closeWithinMs' | 'retryFromMs' | 'retryToMs'
  >;
  /** The wall clock, in milliseconds since 1970. */
  readonly now?: () => number;
}

/** What one request takes: events, and bytes with 26 more for each. */
const MAX_EVENTS = 10_000;
const MAX_REQUEST_BYTES = 1_048_576;
const EVENT_BYTES = 26;
/** What every region takes as one event. */
const MAX_EVENT_BYTES = 256 * 1024 - EVENT_BYTES;
const MAX_SPAN_MS = 23 * 3600 * 1000;

type Client = typeof import('@aws-sdk/client-cloudwatch-logs');

/** Logs metrics, events and texts as JSON, one record of `metrics.jsonl` an event with the run's id and name: the filter `{ $.event = "warning" }` finds warnings.
 *  Histograms and pictures have no place there. A request that arrived without its answer is made again, so that an outage may leave records twice.
 *  A service that fails or hangs holds up the end of a run for `outbox.closeWithinMs` (10 s) at most. Needs `@aws-sdk/client-cloudwatch-logs`.
 *  @throws {TypeError} for an unknown option; `open` throws where the client is not installed. */
export class CloudWatchLogger implements Logger {
  readonly name = 'cloudwatch';
  readonly #options: CloudWatchLoggerOptions;
  #outbox: Outbox<LogLine> | undefined;
  #lines: LogLines | undefined;
  #release: () => void = () => {};

  constructor(options: CloudWatchLoggerOptions = {}) {
    const known = {
      ...{ logGroup: true, logStream: true, region: true, outbox: true, now: true },
    } satisfies OptionNames<CloudWatchLoggerOptions>;
    checkOptions(this, known, options);
    this.#options = options;
  }

  get closeWithinMs(): number {
    return this.#options.outbox?.closeWithinMs ?? OUTBOX_DEFAULTS.closeWithinMs;
  }

  async open(run: RunInfo): Promise<void> {
    const {
      logGroup = '/sconce/runs',
      logStream = `${run.name}-${run.id}`,
      region,
      outbox,
      now = Date.now,
    } = this.#options;
    const aws = await packageOf(
      'CloudWatch',
      '@aws-sdk/client-cloudwatch-logs@3.1169.0',
      () => import('@aws-sdk/client-cloudwatch-logs'),
    );
    const client = new aws.CloudWatchLogsClient({ maxAttempts: 1, ...(region === undefined ? {} : { region }) });
    const stream = new LogStream(aws, client, {
      group: logGroup,
      stream: logStream.replace(/[:*]/g, '_'),
      warn: run.warn,
    });
    this.#release = () => client.destroy();
    this.#lines = new LogLines(run, now);
    this.#outbox = new Outbox<LogLine>({
      ...outbox,
      name: this.name,
      warn: run.warn,
      maxBatch: MAX_REQUEST_BYTES,
      // So that neither the bytes nor the number of events is too large.
      sizeOf: ({ text }) => Math.max(Buffer.byteLength(text) + EVENT_BYTES, Math.ceil(MAX_REQUEST_BYTES / MAX_EVENTS)),
      bytesOf: ({ text }) => 2 * text.length,
      send: (lines, signal) => stream.put(lines, signal),
    });
    this.#outbox.add(fitted(this.#lines.start(run), MAX_EVENT_BYTES));
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
    this.#outbox = undefined;
    await outbox?.close();
    this.#release();
  }

  #add(lineOf: (lines: LogLines) => LogLine): void {
    if (this.#outbox === undefined)
      throw new Error('Cannot log to CloudWatch: expected an open logger, got a closed one');
    this.#outbox.add(fitted(lineOf(this.#lines!), MAX_EVENT_BYTES));
  }
}

interface LogPlace {
  readonly group: string;
  readonly stream: string;
  warn(message: string): void;
}

/** One stream of a group; both are made with the first request. */
class LogStream {
  readonly #aws: Client;
  readonly #client: InstanceType<Client['CloudWatchLogsClient']>;
  readonly #place: LogPlace;
  #isMade = false;

  constructor(aws: Client, client: InstanceType<Client['CloudWatchLogsClient']>, place: LogPlace) {
    this.#aws = aws;
    this.#client = client;
    this.#place = place;
  }

  async put(lines: readonly LogLine[], signal: AbortSignal): Promise<void> {
    const { group: logGroupName, stream: logStreamName, warn } = this.#place;
    try {
      await this.#make(signal);
      // In the order of time, which a clock that was set back does not keep; of one day at most.
      const events = lines
        .map(({ time, text }) => ({ timestamp: time, message: text }))
        .sort((a, b) => a.timestamp - b.timestamp);
      for (let from = 0; from < events.length; ) {
        let to = from + 1;
        while (to < events.length && events[to]!.timestamp - events[from]!.timestamp < MAX_SPAN_MS) to += 1;
        const command = new this.#aws.PutLogEventsCommand({
          logGroupName,
          logStreamName,
          logEvents: events.slice(from, to),
        });
        const { rejectedLogEventsInfo: rejected } = await this.#client.send(command, { abortSignal: signal });
        if (rejected !== undefined)
          warn(`Cannot log to cloudwatch: expected every record to be taken, got ${JSON.stringify(rejected)}`);
        from = to;
      }
    } catch (error) {
      throw this.#judged(error);
    }
  }

  async #make(signal: AbortSignal): Promise<void> {
    if (this.#isMade) return;
    const { group: logGroupName, stream: logStreamName } = this.#place;
    const isThere = (error: unknown): void => {
      if (!(error instanceof this.#aws.ResourceAlreadyExistsException)) throw error;
    };
    const options = { abortSignal: signal };
    const stream = new this.#aws.CreateLogStreamCommand({ logGroupName, logStreamName });
    try {
      await this.#client.send(stream, options).catch(isThere);
    } catch (error) {
      // The group is made only where it is missing: not everybody may.
      if (!(error instanceof this.#aws.ResourceNotFoundException)) throw error;
      await this.#client.send(new this.#aws.CreateLogGroupCommand({ logGroupName }), options).catch(isThere);
      await this.#client.send(stream, options).catch(isThere);
    }
    this.#isMade = true;
  }

  /** Errors of the service with what follows; others, as of the network, are tried again. */
  #judged(error: unknown): unknown {
    if (error instanceof this.#aws.ResourceNotFoundException) this.#isMade = false; // deleted meanwhile: made anew
    const isService = error instanceof this.#aws.CloudWatchLogsServiceException;
    const message = error instanceof Error ? `Cannot put log events: ${error.name}: ${error.message}` : String(error);
    if (!isService) {
      const isNobody =
        error instanceof Error && (error.name === 'CredentialsProviderError' || error.message === 'Region is missing');
      return isNobody ? new DeliveryError(message, { after: 'stop', cause: error }) : error;
    }
    const { httpStatusCode: status = 500 } = error.$metadata;
    const isPassing =
      status >= 500 || status === 429 || /Throttl|LimitExceeded|OperationAborted|ResourceNotFound/.test(error.name);
    const isRefused = /AccessDenied|UnrecognizedClient|ExpiredToken|InvalidSignature|IncompleteSignature/.test(
      error.name,
    );
    return new DeliveryError(message, { after: isPassing ? 'retry' : isRefused ? 'stop' : 'skip', cause: error });
  }
}
