// Sends a run to W&B's server, batch after batch as the outbox gives them: the run itself first, then files, then lines of its stream.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DeliveryError } from '../delivery-error.ts';
import type { StreamBody, WandbApi } from './api.ts';
import { type BegunRun, beginRun, upsert } from './begin-run.ts';
import { runUrl, type WandbResume } from './options.ts';
import { CREATE_RUN_FILES, type CreateRunFilesData } from './queries.ts';
import type { RunFacts, Tree } from './records.ts';

/** What waits to be sent. */
export type Outgoing =
  | { readonly kind: 'history'; readonly step: number; readonly line: string; readonly isFromEarlier: boolean }
  /** Files below the run's folder `files`. */
  | { readonly kind: 'files'; readonly paths: readonly string[] }
  /** The configuration has changed. */
  | { readonly kind: 'config' }
  | { readonly kind: 'heartbeat' }
  | { readonly kind: 'end'; readonly exitCode: number; readonly isPreempted: boolean };

export interface RunSenderOptions {
  readonly api: WandbApi;
  readonly baseUrl: string;
  readonly facts: RunFacts;
  readonly resume: WandbResume | undefined;
  readonly fromStep: number | undefined;
  /** Where `files` lies. */
  readonly folder: string;
  /** W&B's configuration of the run as it is now, as JSON. */
  config(): string;
  /** The summary as it is now, as JSON. */
  summary(): string;
  /** Told once, before anything else is sent: the summary that the server had, and where people look at the run. */
  onBegun(summary: Tree, url: string): void;
  /** Files that are made when the run ends. */
  closingFiles(): Readonly<Record<string, string>>;
  warn(message: string): void;
}

const MAX_TRIES_OF_A_FILE = 5;

export class RunSender {
  readonly #options: RunSenderOptions;
  readonly #uploaded = new Set<string>();
  readonly #triesOf = new Map<string, number>();
  #run: BegunRun | undefined;
  #numLines = 0;
  #isComplete = true;

  constructor(options: RunSenderOptions) {
    this.#options = options;
  }

  /** The run on the server; undefined before the first request. */
  get run(): BegunRun | undefined {
    return this.#run;
  }

  /** Whether everything that it was asked to send has arrived, and nothing was left out. */
  get isComplete(): boolean {
    return this.#isComplete;
  }

  async send(items: readonly Outgoing[], signal: AbortSignal): Promise<void> {
    const { api, facts, config } = this.#options;
    const isBegun = this.#run !== undefined;
    const run = this.#run ?? (await this.#begin(signal));
    const end = items.find((item) => item.kind === 'end');
    if (isBegun && items.some((item) => item.kind === 'config')) await upsert(api, facts, config(), signal);
    const paths = items.flatMap((item) => (item.kind === 'files' ? item.paths : []));
    const newPaths = [...new Set(paths)].filter((path) => !this.#uploaded.has(path));
    await this.#upload(newPaths, end === undefined ? {} : this.#options.closingFiles(), signal);
    const lines = this.#linesOf(items, run);
    const body = this.#streamBody(lines, newPaths, end);
    const path = `files/${[run.entity, run.project, facts.id].map(encodeURIComponent).join('/')}/file_stream`;
    if (await api.stream(path, body, signal))
      this.#options.warn('Somebody asked in W&B for this run to stop; it goes on, stop it where it runs');
    this.#numLines += lines.length; // sent again at the same place, where the answer did not come
  }

  async #begin(signal: AbortSignal): Promise<BegunRun> {
    const { api, facts, resume, fromStep, warn, config, baseUrl, onBegun } = this.#options;
    const run = await beginRun({ api, facts, config: config(), resume, fromStep, warn, signal });
    this.#run = run;
    this.#numLines = run.numLines;
    onBegun(run.summary, runUrl(baseUrl, run.entity, run.project, facts.id));
    return run;
  }

  /** Lines that the server does not have. */
  #linesOf(items: readonly Outgoing[], { lastStep }: BegunRun): string[] {
    const rows = items.filter((item) => item.kind === 'history');
    const isNew = ({ step, isFromEarlier }: (typeof rows)[number]): boolean =>
      isFromEarlier ? step > lastStep : step >= lastStep;
    if (rows.some((row) => !row.isFromEarlier && !isNew(row))) {
      this.#isComplete = false;
      this.#options.warn(`W&B has step ${lastStep} of this run already: what is logged before it is not sent there`);
    }
    return rows.filter(isNew).map(({ line }) => line);
  }

  #streamBody(lines: readonly string[], uploaded: readonly string[], end: Outgoing | undefined): StreamBody {
    const history = lines.length === 0 ? {} : { 'wandb-history.jsonl': { offset: this.#numLines, content: lines } };
    const hasSummary = lines.length > 0 || end !== undefined;
    const summary = hasSummary ? { 'wandb-summary.json': { offset: 0, content: [this.#options.summary()] } } : {};
    const files = { ...history, ...summary };
    const ended = end?.kind === 'end' ? { complete: true, exitcode: end.exitCode } : {};
    return {
      ...(Object.keys(files).length > 0 ? { files } : {}),
      ...(uploaded.length > 0 || end !== undefined ? { uploaded: [...uploaded, ...this.#closingNames(end)] } : {}),
      ...(end?.kind === 'end' && end.isPreempted ? { preempting: true } : {}),
      ...ended,
    };
  }

  #closingNames(end: Outgoing | undefined): string[] {
    return end === undefined ? [] : Object.keys(this.#options.closingFiles());
  }

  /** Uploads files of the run's folder, and texts by name. */
  async #upload(paths: readonly string[], texts: Readonly<Record<string, string>>, signal: AbortSignal): Promise<void> {
    const { api, facts, folder } = this.#options;
    const run = this.#run!;
    const present = paths.filter((path) => existsSync(join(folder, 'files', path)));
    if (present.length < paths.length) this.#isComplete = false;
    const names = [...present, ...Object.keys(texts)];
    if (names.length === 0) return;
    const variables = { entity: run.entity, project: run.project, run: facts.id, files: names };
    const answer = await api.graphql<CreateRunFilesData>(CREATE_RUN_FILES, variables, 'upload files', signal);
    const { files, uploadHeaders } = answer.createRunFiles ?? {};
    if (!Array.isArray(files))
      throw new Error('Cannot upload files: expected addresses in the answer of the server, got none');
    for (const name of names) {
      const url = files.find((file) => file.name === name)?.uploadUrl;
      const text = texts[name];
      const content = text === undefined ? new Uint8Array(readFileSync(join(folder, 'files', name))) : encode(text);
      if (typeof url === 'string') await this.#put(name, url, uploadHeaders ?? [], content, signal);
      else throw new Error(`Cannot upload ${name}: expected an address in the answer of the server, got none`);
    }
  }

  /** A file that does not get there is tried again at another address, and left out after a few times: the run's values wait for it. */
  async #put(
    name: string,
    url: string,
    headers: readonly string[],
    content: Uint8Array<ArrayBuffer>,
    signal: AbortSignal,
  ): Promise<void> {
    try {
      await this.#options.api.upload(url, headers, content, name, signal);
    } catch (error) {
      const numTries = (this.#triesOf.get(name) ?? 0) + 1;
      this.#triesOf.set(name, numTries);
      const reason = error instanceof Error ? error.message : String(error);
      const retryAfterMs = error instanceof DeliveryError ? error.retryAfterMs : undefined;
      if (numTries < MAX_TRIES_OF_A_FILE || signal.aborted)
        throw new DeliveryError(reason, { after: 'retry', retryAfterMs, cause: error });
      this.#isComplete = false;
      this.#options.warn(`${reason}; W&B does not get this file`);
    }
    this.#uploaded.add(name);
  }
}

const encode = (text: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(text);
