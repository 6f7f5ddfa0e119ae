// Writes what a run logs into event files, which TensorBoard shows.
import { checkOptions, type OptionNames } from '../../../nn/layer-options.ts';
import type { Histogram, LoggedImage, Matrix } from '../../data-records.ts';
import { pngInfo } from '../../images/png-info.ts';
import type { LoggedEnd, Logger, RunInfo } from '../../logger.ts';
import { renderPng } from '../../plots/png.ts';
import type { Clocks, MetricValues } from '../../run-format.ts';
import { placeOf } from '../run-place.ts';
import { EventFile } from './event-file.ts';
import {
  type EventPlace,
  fileVersionEvent,
  histogramEvent,
  imageEvent,
  sessionEndEvent,
  sessionInfoEvent,
  sessionStartEvent,
  textEvent,
} from './events.ts';
import { flatHyperparameters, type Hyperparameters } from './hyperparameters.ts';
import { matrixMarkdown } from './matrix-markdown.ts';
import { ScalarEncoder } from './scalar-encoder.ts';

/** Figures that wait at most to become pixels. */
const MAX_WAITING_FIGURES = 64;

export interface TensorBoardLoggerOptions {
  /** Folder of the event files. Default: `tensorboard` in the run's folder; without one, `tb_logs/{name}-{id}`. */
  readonly folder?: string;
  /** In place of `folder`, one for all runs, in which each has a folder: `{logDir}/{name}`. */
  readonly logDir?: string;
  /** What the table of runs shows. Default: the run's whole configuration. */
  readonly hyperparameters?: Hyperparameters;
  /** The wall clock, in milliseconds since 1970. */
  readonly now?: () => number;
}

/** Writes scalars, histograms, images, texts, figures (as PNG), matrices (as tables of text) and hyperparameters.
 *  `tensorboard --logdir …` shows them.
 *  Rule: a key is the tag, optimizer steps are the step. Numbers are rounded to float32, as all writers of scalars for TensorBoard do; the run's
 *  metrics.jsonl has them whole. Each process writes a file of its own; that of a run that goes on begins with a record by which readers leave out what
 *  earlier ones have beyond. What was logged half a second ago is in the file. Two of a run in one folder are a warning.
 *  @throws {TypeError} for an unknown option, and for both places.
 *  @example
 *  import { TensorBoardLogger } from 'sconce/tracking';
 *  const logger = new TensorBoardLogger({ logDir: 'tb' });
 *  logger.name; // 'tensorboard' */
export class TensorBoardLogger implements Logger {
  readonly name = 'tensorboard';
  readonly #options: TensorBoardLoggerOptions;
  readonly #now: () => number;
  readonly #scalars = new ScalarEncoder();
  #file: EventFile | undefined;
  #folder = '';
  #step = 0;
  #warn: RunInfo['warn'] = () => {};
  /** Figures on their way, one after the other. */
  #figures: Promise<void> = Promise.resolve();
  #numFigures = 0;

  constructor(options: TensorBoardLoggerOptions = {}) {
    const places = { folder: true, logDir: true } as const;
    const known = { ...places, hyperparameters: true, now: true } satisfies OptionNames<TensorBoardLoggerOptions>;
    checkOptions(this, known, options);
    if (options.folder !== undefined && options.logDir !== undefined)
      throw new TypeError('Cannot make TensorBoardLogger: expected folder or logDir, got both');
    this.#options = options;
    this.#now = options.now ?? Date.now;
  }

  /** Where event files lie, once it is open. */
  get folder(): string {
    return this.#folder;
  }

  async open(run: RunInfo): Promise<void> {
    await this.close();
    const { folder, logDir, hyperparameters } = this.#options;
    this.#folder = folder ?? placeOf(run, { logDir, within: 'tensorboard', otherwise: 'tb_logs' });
    this.#warn = run.warn;
    if (run.claim?.(this.#folder) === false)
      run.warn(
        `Two loggers write event files to ${this.#folder}, where TensorBoard shows each value twice; leave one out, or give it a folder of its own`,
      );
    this.#step = run.resumedFrom?.step ?? 0;
    const seconds = this.#now() / 1000;
    this.#file = new EventFile(this.#folder, seconds, run.warn);
    this.#file.append(fileVersionEvent(seconds));
    // TensorBoard takes the first start of a run for its beginning, and each further one for a restart. Of the step itself values stay: not all come again.
    const { resumedFrom } = run;
    this.#file.append(sessionStartEvent({ seconds, step: resumedFrom === undefined ? 0 : resumedFrom.step + 1 }));
    const info = hyperparameters ?? flatHyperparameters(run.config);
    this.#file.append(sessionInfoEvent(info, '', { seconds, step: 0 }));
  }

  logMetrics(values: MetricValues, clocks: Clocks): void {
    const file = this.#requireOpen();
    const data = this.#scalars.encode(values, this.#placeOf(clocks));
    file.append(data);
  }

  logHistogram(key: string, histogram: Histogram, clocks: Clocks): void {
    this.#requireOpen().append(histogramEvent(key, histogram, this.#placeOf(clocks)));
  }

  logImage(key: string, image: LoggedImage, clocks: Clocks): void {
    const numChannels = image.format === 'png' ? pngInfo(image.bytes).numChannels : 3;
    this.#requireOpen().append(imageEvent(key, image, numChannels, this.#placeOf(clocks)));
  }

  logText(key: string, text: string, clocks: Clocks): void {
    this.#requireOpen().append(textEvent(key, text, this.#placeOf(clocks)));
  }

  logMatrix(key: string, matrix: Matrix, clocks: Clocks): void {
    this.#requireOpen().append(textEvent(key, matrixMarkdown(matrix), this.#placeOf(clocks)));
  }

  /** Beside the run; the file has it when it is drawn. */
  logFigure(key: string, svg: string, clocks: Clocks): void {
    const file = this.#requireOpen();
    const place = this.#placeOf(clocks);
    if (this.#numFigures >= MAX_WAITING_FIGURES) {
      this.#warn(
        `Cannot log every figure to tensorboard: expected ${MAX_WAITING_FIGURES} at most that wait to be drawn, got more`,
      );
      return;
    }
    this.#numFigures += 1;
    this.#figures = this.#figures.then(async () => {
      try {
        const bytes = await renderPng(svg);
        const { width, height, numChannels } = pngInfo(bytes);
        file.append(imageEvent(key, { bytes, format: 'png', width, height }, numChannels, place));
      } catch (error) {
        this.#warn(`Cannot log figure "${key}" to tensorboard: ${error instanceof Error ? error.message : error}`);
      } finally {
        this.#numFigures -= 1;
      }
    });
  }

  flush(): void {
    this.#file?.flush();
  }

  /** Waits for figures. A run that was interrupted has not ended: it goes on in another file. */
  async close(end?: LoggedEnd): Promise<void> {
    const file = this.#file;
    this.#file = undefined;
    if (!file) return;
    await this.#figures;
    if (end && end.status !== 'interrupted') {
      const place = { seconds: this.#now() / 1000, step: this.#step };
      file.append(sessionEndEvent(end.status === 'finished', place));
    }
    file.close();
  }

  #requireOpen(): EventFile {
    if (this.#file) return this.#file;
    throw new Error('Cannot log to tensorboard: expected an open logger, got a closed one');
  }

  #placeOf({ step }: Clocks): EventPlace {
    this.#step = step;
    return { seconds: this.#now() / 1000, step };
  }
}
