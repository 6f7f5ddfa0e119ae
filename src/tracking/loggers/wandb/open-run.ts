// A run that `WandbLogger` has open: every value goes into its transaction log, and beside that to the server where it is one of mode `online`.
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { LoggedEnd, RunInfo } from '../../logger.ts';
import { Outbox } from '../outbox.ts';
import { WriteTimer } from '../write-timer.ts';
import { WandbApi } from './api.ts';
import type { ArtifactPlace } from './artifact.ts';
import { ArtifactUploads } from './artifact-uploads.ts';
import { toExtendedJson } from './extended-json.ts';
import type { Media } from './media.ts';
import { OfflineRun } from './offline-run.ts';
import type { WandbArtifact, WandbSettings } from './options.ts';
import type { RunFacts, Tree } from './records.ts';
import * as records from './records.ts';
import { closingFiles, rankedMetric, runEnvironment, runFacts, wandbConfig } from './run-facts.ts';
import { type Outgoing, RunSender } from './run-sender.ts';
import { lineOf, type Row, RunValues } from './run-values.ts';

/** How often W&B is told that the run is alive; it takes one for dead that is silent for minutes. */
const HEARTBEAT_MS = 30_000;
/** Default limits of a request, and of the wait for the server at the end. */
const TIMEOUT_MS = 30_000;
const CLOSE_WITHIN_MS = 10_000;
/** Rows that wait for the server at most; the log has them all. */
const MAX_WAITING = 50_000;
/** Characters of one request. */
const MAX_REQUEST = 4_000_000;

export interface OpenRunOptions {
  readonly settings: WandbSettings;
  readonly run: RunInfo;
  /** Undefined: nothing is sent. */
  readonly apiKey: string | undefined;
  /** Where the offline run is written. */
  readonly parent: string;
  readonly now: () => number;
}

export class OpenRun {
  readonly #options: OpenRunOptions;
  readonly #facts: RunFacts;
  readonly #environment: records.RunEnvironment;
  readonly #best: Readonly<Record<string, 'min' | 'max'>>;
  readonly #values: RunValues;
  readonly #panels: Record<string, Tree> = {};
  readonly #offline: OfflineRun;
  readonly #timer: WriteTimer;
  readonly #artifacts: ArtifactUploads;
  #api: WandbApi | undefined;
  #sender: RunSender | undefined;
  #outbox: Outbox<Outgoing> | undefined;
  #heartbeat: NodeJS.Timeout | undefined;
  #url: string | undefined;

  constructor(options: OpenRunOptions) {
    const { settings, run, parent, now } = options;
    const startTime = now();
    const step = run.resumedFrom?.step;
    const id = settings.id ?? run.id;
    this.#options = options;
    this.#environment = runEnvironment(startTime);
    this.#best = settings.best ?? rankedMetric(run.config);
    this.#values = new RunValues(startTime, this.#best);
    mkdirSync(parent, { recursive: true });
    const resumed = step === undefined ? undefined : OfflineRun.resume(parent, id, step);
    const isOnServerAlone = resumed === undefined && existsSync(urlPath(parent, id));
    this.#facts = runFacts(settings, run, startTime, isOnServerAlone ? step : undefined);
    this.#offline = resumed ?? OfflineRun.create(parent, id, startTime, this.#firstRecords());
    this.#timer = new WriteTimer(() => this.#write());
    for (const { values } of this.#offline.earlier.rows) this.#values.takeOver(values);
    if (options.apiKey !== undefined) this.#goOnline(options.apiKey);
    this.#artifacts = this.#artifactUploads();
  }

  /** Where people look at the run; undefined until the server has answered. */
  get url(): string | undefined {
    return this.#url;
  }

  /** The offline run. */
  get folder(): string {
    return this.#offline.folder;
  }

  /** How long `close` takes at most: as long again where artifacts are under way. */
  get closeWithinMs(): number {
    const { closeWithinMs = CLOSE_WITHIN_MS } = this.#options.settings;
    return this.#artifacts.isUploading ? 2 * closeWithinMs : closeWithinMs;
  }

  log(step: number, values: Tree): void {
    const ended = this.#values.add(step, values, this.#options.now());
    if (ended !== undefined) this.#settle(ended);
    this.#timer.expect();
  }

  logMedia(key: string, media: Media, step: number): void {
    this.#offline.writeFile(media.path, media.content);
    this.log(step, { [key]: media.value });
    this.#offline.log.append(records.filesRecord([media.path]));
    this.#outbox?.add({ kind: 'files', paths: [media.path] });
  }

  /** Adds one of W&B's charts. */
  addPanel(key: string, panel: Tree): void {
    if (key in this.#panels) return;
    this.#panels[key] = panel;
    this.#offline.log.append(records.configRecord({ _wandb: { visualize: { [key]: panel } } }));
    this.#outbox?.add({ kind: 'config' });
  }

  /** @returns whether the server has it now, or the offline run. */
  uploadArtifact(artifact: WandbArtifact): Promise<'uploaded' | 'offline'> {
    return this.#artifacts.upload(artifact);
  }

  /** Hands everything to the operating system. */
  flush(): void {
    this.#timer.run();
  }

  /** Sends what is left, in bounded time. What did not arrive stays as an offline run, which is said. */
  async close({ status }: LoggedEnd): Promise<void> {
    const exitCode = { finished: 0, failed: 1, interrupted: 143 }[status];
    const isPreempted = status === 'interrupted';
    await this.#artifacts.finish();
    const row = this.#values.end();
    if (row !== undefined) this.#settle(row);
    this.#timer.stop();
    clearInterval(this.#heartbeat);
    this.#end(exitCode, isPreempted);
    if (this.#outbox === undefined) return;
    this.#outbox.add({ kind: 'end', exitCode, isPreempted });
    await this.#outbox.close();
    if (this.#outbox.counts.lost === 0 && this.#sender?.isComplete && this.#artifacts.numKept === 0)
      this.#offline.remove();
    else
      this.#options.run.warn(
        `Not all of this run is in W&B; it stays in ${this.folder}, and \`wandb sync ${this.folder}\` sends it`,
      );
  }

  #end(exitCode: number, isPreempted: boolean): void {
    const { log } = this.#offline;
    const runtime = Math.floor((this.#options.now() - this.#facts.startTime) / 1000);
    log.setTail([]);
    log.append(records.summaryRecord(this.#values.summary));
    if (isPreempted) log.append(records.preemptingRecord());
    log.append(records.exitRecord(exitCode, runtime));
    try {
      log.close();
    } catch (error) {
      this.#sayNotWritten(error);
    }
  }

  #goOnline(apiKey: string): void {
    const { settings, run } = this.#options;
    const { baseUrl, resume, sendEveryMs = 5_000, timeoutMs = TIMEOUT_MS, closeWithinMs = CLOSE_WITHIN_MS } = settings;
    const { retryFromMs = 500 } = settings;
    const warn = (message: string): void => run.warn(message);
    const api = new WandbApi(baseUrl, apiKey);
    this.#api = api;
    const sender = new RunSender({
      api,
      baseUrl,
      facts: this.#facts,
      resume,
      fromStep: run.resumedFrom?.step,
      folder: this.folder,
      config: () => toExtendedJson(this.#wandbConfig()),
      summary: () => toExtendedJson(this.#values.summary),
      onBegun: (summary, url) => this.#begun(summary, url),
      closingFiles: () => closingFiles(this.#wandbConfig(), this.#environment, toExtendedJson(this.#values.summary)),
      warn,
    });
    this.#sender = sender;
    this.#outbox = new Outbox<Outgoing>({
      name: 'W&B',
      warn,
      send: (items, signal) => sender.send(items, signal),
      sizeOf: (item) => (item.kind === 'history' ? item.line.length : 100),
      maxBatch: MAX_REQUEST,
      maxItems: MAX_WAITING,
      everyMs: sendEveryMs,
      timeoutMs,
      retryFromMs,
      closeWithinMs,
    });
    this.#outbox.add({ kind: 'heartbeat' });
    const { rows, files } = this.#offline.earlier;
    if (files.length > 0) this.#outbox.add({ kind: 'files', paths: files });
    for (const row of rows) this.#send(row, true);
    this.#heartbeat = setInterval(() => this.#outbox?.add({ kind: 'heartbeat' }), HEARTBEAT_MS).unref();
  }

  #artifactUploads(): ArtifactUploads {
    const { settings, run } = this.#options;
    return new ArtifactUploads({
      facts: this.#facts,
      folder: this.folder,
      timeoutMs: settings.timeoutMs ?? TIMEOUT_MS,
      closeWithinMs: settings.closeWithinMs ?? CLOSE_WITHIN_MS,
      place: () => this.#artifactPlace(),
      append: (record) => this.#offline.log.append(record),
      warn: (message) => run.warn(message),
    });
  }

  async #artifactPlace(): Promise<Omit<ArtifactPlace, 'signal'> | undefined> {
    await this.#outbox?.flush();
    const begun = this.#sender?.run;
    if (begun === undefined || this.#api === undefined) return undefined;
    const { entity, project } = begun;
    return { api: this.#api, entity, project, runId: this.#facts.id, step: this.#values.step };
  }

  #begun(summary: Tree, url: string): void {
    const own = this.#values.summary;
    this.#url = url;
    this.#values.takeOver({ ...summary, ...own });
    writeFileSync(urlPath(this.#options.parent, this.#facts.id), `${url}\n`);
  }

  #wandbConfig(): Tree {
    return wandbConfig(this.#facts.config, this.#environment, this.#best, this.#panels);
  }

  #firstRecords(): Uint8Array[] {
    const metrics = Object.entries(this.#best).map(([key, mode]) => records.metricRecord(key, mode));
    const about = [records.runRecord(this.#facts), records.environmentRecord(this.#environment)];
    return [records.headerRecord(), ...about, ...metrics];
  }

  /** A row that no longer changes goes into the log and to the server. */
  #settle(row: Row): void {
    this.#offline.log.append(records.historyRecord(row.step, row.values));
    this.#send(row, false);
  }

  #send(row: Row, isFromEarlier: boolean): void {
    this.#outbox?.add({ kind: 'history', step: row.step, line: lineOf(row), isFromEarlier });
  }

  /** The row that still grows and the summary are the log's tail: they are written over when they have grown. */
  #write(): void {
    try {
      this.#writeLog();
    } catch (error) {
      this.#sayNotWritten(error);
      this.#timer.again(1_000);
    }
  }

  #sayNotWritten(error: unknown): void {
    const reason = error instanceof Error ? error.message : String(error);
    this.#options.run.warn(`Cannot write the offline run ${this.folder}: ${reason}`);
  }

  #writeLog(): void {
    const { open, summary } = this.#values;
    const row = open === undefined ? [] : [records.historyRecord(open.step, open.values)];
    this.#offline.log.setTail([...row, records.summaryRecord(summary)]);
    this.#offline.log.write();
  }
}

/** Says that the server knows the run, and where people look at it. */
const urlPath = (parent: string, id: string): string => join(parent, `run-${id}.url`);
