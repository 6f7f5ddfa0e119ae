// `WandbLogger`: a run in Weights & Biases, sent by a client of our own or left as an offline run for `wandb sync`.
import { join } from 'node:path';
import type { Histogram, LoggedImage, Matrix } from '../../data-records.ts';
import type { LoggedEnd, Logger, RunInfo } from '../../logger.ts';
import type { Clocks, MetricValues } from '../../run-format.ts';
import { openLog } from '../open-error.ts';
import { checkArtifact } from './artifact.ts';
import { histogramValue, htmlMedia, imageMedia, matrixMedia, matrixPanel, textMedia } from './media.ts';
import { OpenRun } from './open-run.ts';
import {
  findApiKey,
  type WandbArtifact,
  type WandbLoggerOptions,
  type WandbSettings,
  wandbSettings,
} from './options.ts';

/** Logs to Weights & Biases, or writes what `wandb sync` sends there later.
 *  Rule: what is logged at one step is one row of the run's history, at `clocks.step`; the summary has the last value of each key. Matrices are W&B's chart of
 *  confusion matrices over a table, pictures are images, figures and texts are pages. An interrupted run is `preempted` there, one that failed `failed`.
 *  A run that goes on from a checkpoint goes on in the same run of W&B, and what it has there of later steps is taken out of its history.
 *  Everything is written first to an offline run in the run's folder, within half a second, and sent from memory beside the training. When it has all
 *  arrived the offline run is removed; else it stays, and a warning says how to send it. No API key is a warning too.
 *  The key is WANDB_API_KEY or the one in ~/.netrc, the server WANDB_BASE_URL.
 *  @throws {TypeError} that lists every option that is wrong.
 *  Source: the requests and files of Python's wandb 0.30.0, which tests hold these against.
 *  @example
 *  import { WandbLogger } from 'sconce/tracking';
 *  const logger = new WandbLogger({ project: 'digits', mode: 'offline', tags: ['baseline'] });
 *  logger.name; // 'wandb' */
export class WandbLogger implements Logger {
  readonly name = 'wandb';
  readonly #settings: WandbSettings;
  #run: OpenRun | undefined;
  #isOpen = false;

  constructor(options: WandbLoggerOptions = {}) {
    this.#settings = wandbSettings(options);
  }

  /** Where people look at the run in W&B; undefined while the server has not answered. */
  get url(): string | undefined {
    return this.#run?.url;
  }

  /** The folder of the offline run, for `wandb sync`; undefined before the logger is open. It is there while not all has arrived. */
  get folder(): string | undefined {
    return this.#run?.folder;
  }

  get closeWithinMs(): number | undefined {
    return this.#run?.closeWithinMs;
  }

  open(run: RunInfo): void {
    const { mode, baseUrl, folder } = this.#settings;
    this.#isOpen = true;
    if (mode === 'disabled') return;
    const apiKey = mode === 'online' ? findApiKey(baseUrl) : undefined;
    const parent = folder ?? join(run.folder ?? '.', 'wandb');
    const settings = this.#settings;
    this.#run = openLog(parent, () => new OpenRun({ settings, run, apiKey, parent, now: Date.now }));
    if (mode === 'online' && apiKey === undefined)
      run.warn(
        `Cannot log to W&B: expected an API key for ${baseUrl} in WANDB_API_KEY or ~/.netrc, got none; the run stays offline in ${this.#run.folder}, and \`wandb sync ${this.#run.folder}\` sends it`,
      );
  }

  logMetrics(values: MetricValues, { step }: Clocks): void {
    this.#open()?.log(step, values);
  }

  logHistogram(key: string, histogram: Histogram, { step }: Clocks): void {
    this.#open()?.log(step, { [key]: histogramValue(histogram) });
  }

  /** Logs the matrix as a table at `{key}_table`, which the chart at `key` shows. */
  logMatrix(key: string, matrix: Matrix, { step }: Clocks): void {
    const tableKey = `${key}_table`;
    const run = this.#open();
    run?.logMedia(tableKey, matrixMedia(tableKey, matrix, step), step);
    run?.addPanel(key, matrixPanel(key, tableKey));
  }

  logImage(key: string, image: LoggedImage, { step }: Clocks): void {
    this.#open()?.logMedia(key, imageMedia(key, image, step), step);
  }

  logFigure(key: string, svg: string, { step }: Clocks): void {
    this.#open()?.logMedia(key, htmlMedia(key, svg, step), step);
  }

  logText(key: string, text: string, { step }: Clocks): void {
    this.#open()?.logMedia(key, textMedia(key, text, step), step);
  }

  /** Makes files a version of an artifact, as a model of the run, with aliases beside `latest`. Where nothing is sent or the server does not take it, the
   *  offline run keeps it, with copies of the files. A file that the server has already is not sent again.
   *  @returns which of both; `disabled` where nothing was done.
   *  @throws {TypeError} that lists what is wrong with the artifact.  @throws {RangeError} if a file is larger than 2 GiB. */
  async uploadArtifact(artifact: WandbArtifact): Promise<'uploaded' | 'offline' | 'disabled'> {
    checkArtifact(artifact);
    return (await this.#open()?.uploadArtifact(artifact)) ?? 'disabled';
  }

  flush(): void {
    if (this.#isOpen) this.#run?.flush();
  }

  async close(end: LoggedEnd = { status: 'finished' }): Promise<void> {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    await this.#run?.close(end);
  }

  /** @returns undefined for a logger that is disabled. @throws {Error} if it is not open. */
  #open(): OpenRun | undefined {
    if (this.#isOpen) return this.#run;
    throw new Error('Cannot log to W&B: expected an open logger, got one that is closed');
  }
}
