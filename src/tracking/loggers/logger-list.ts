// `LoggerList`: several loggers as one, of which none can hurt another or the run.
import { resolve } from 'node:path';
import type { Histogram, LoggedImage, Matrix } from '../data-records.ts';
import type { LoggedEnd, Logger, RunInfo } from '../logger.ts';
import type { Clocks, MetricValues, RunEvent } from '../run-format.ts';
import { type AwaitAloudOptions, awaitAloud } from './await-aloud.ts';
import { requireFigure, requireHistogram, requireImage, requireMatrix, requireText } from './logged-data-checks.ts';

/** The methods that log. */
type LogMethod = Exclude<keyof Logger, 'name' | 'closeWithinMs' | 'open' | 'flush' | 'close'>;

export interface LoggerListOptions {
  /** The run's own log, which is told first and is open already: what it throws ends the run, and whoever opened it closes it. */
  readonly record?: Logger | undefined;
  /** Where the run stands, for what is logged without saying it. Default: at its start. */
  readonly clocks?: () => Clocks;
  /** How `close` says which loggers it waits for. */
  readonly waiting?: AwaitAloudOptions;
}

const START: Clocks = { step: 0, microStep: 0, epoch: 0 };

/** Tells each of its loggers everything that it has a method for. What one throws is a warning, once for each of its methods. One whose `open` fails is told nothing.
 *  What cannot be logged at all, as an image without bytes, is the caller's error. */
export class LoggerList implements Required<Omit<Logger, 'closeWithinMs'>> {
  readonly name = 'loggers';
  readonly #record: Logger | undefined;
  readonly #clocks: () => Clocks;
  readonly #loggers: readonly Logger[];
  readonly #closed = new Set<Logger>();
  readonly #said = new Set<string>();
  readonly #waiting: AwaitAloudOptions;
  #isOver = false;
  #warn: (message: string) => void = (message) => process.emitWarning(message, 'SconceWarning');

  constructor(loggers: readonly Logger[] = [], { record, clocks = () => START, waiting = {} }: LoggerListOptions = {}) {
    this.#waiting = waiting;
    this.#loggers = loggers;
    this.#record = record;
    this.#clocks = clocks;
  }

  /** All of them, the run's own log first. */
  get loggers(): readonly Logger[] {
    return this.#record ? [this.#record, ...this.#loggers] : this.#loggers;
  }

  /** Whether anybody logs. */
  get isEmpty(): boolean {
    return this.#record === undefined && this.#loggers.length === 0;
  }

  async open(run: RunInfo): Promise<void> {
    this.#warn = (message) => {
      if (!this.#said.has(message)) run.warn(message);
      this.#said.add(message);
    };
    const places = new Set<string>();
    const claim = (place: string): boolean => {
      const isFree = !places.has(resolve(place));
      places.add(resolve(place));
      return isFree;
    };
    const info: RunInfo = { ...run, warn: this.#warn, claim };
    this.#isOver = false;
    await Promise.all(this.#loggers.map((logger) => this.#attempt(logger, 'open', () => logger.open?.(info), true)));
  }

  logMetrics(values: MetricValues, clocks = this.#clocks()): void {
    this.#tell('logMetrics', values, clocks);
  }

  logEvent(event: RunEvent, clocks = this.#clocks()): void {
    this.#tell('logEvent', event, clocks);
  }

  logHistogram(key: string, histogram: Histogram, clocks = this.#clocks()): void {
    requireHistogram(key, histogram);
    this.#tell('logHistogram', key, histogram, clocks);
  }

  logMatrix(key: string, matrix: Matrix, clocks = this.#clocks()): void {
    requireMatrix(key, matrix);
    this.#tell('logMatrix', key, matrix, clocks);
  }

  logImage(key: string, image: LoggedImage, clocks = this.#clocks()): void {
    requireImage(key, image);
    this.#tell('logImage', key, image, clocks);
  }

  logFigure(key: string, svg: string, clocks = this.#clocks()): void {
    requireFigure(key, svg);
    this.#tell('logFigure', key, svg, clocks);
  }

  logText(key: string, text: string, clocks = this.#clocks()): void {
    requireText(key, text);
    this.#tell('logText', key, text, clocks);
  }

  flush(): void {
    this.#record?.flush?.();
    for (const logger of this.#open) this.#attemptNow(logger, 'flush', () => logger.flush?.());
  }

  /** Closes all but the run's own log, side by side, and says after a second which it waits for. */
  async close(end?: LoggedEnd): Promise<void> {
    const closing = this.#open.map((logger) => ({
      name: logger.name,
      withinMs: logger.closeWithinMs,
      done: this.#attempt(logger, 'close', () => logger.close(end)),
    }));
    await awaitAloud(closing, this.#waiting);
    for (const logger of this.#loggers) this.#closed.add(logger);
    this.#isOver = true;
  }

  get #open(): readonly Logger[] {
    return this.#closed.size === 0 ? this.#loggers : this.#loggers.filter((logger) => !this.#closed.has(logger));
  }

  #tell<M extends LogMethod>(method: M, ...args: Parameters<NonNullable<Logger[M]>>): void {
    call(this.#record, method, args);
    for (const logger of this.#loggers) {
      if (this.#closed.size > 0 && this.#closed.has(logger)) {
        if (this.#isOver) this.#sayClosed(logger);
        continue;
      }
      try {
        call(logger, method, args);
      } catch (error) {
        this.#sayFailed(logger, method, error);
      }
    }
  }

  #attemptNow(logger: Logger, method: string, task: () => void): void {
    try {
      task();
    } catch (error) {
      this.#sayFailed(logger, method, error);
    }
  }

  async #attempt(logger: Logger, method: string, task: () => void | Promise<void>, isNeeded = false): Promise<void> {
    try {
      await task();
      if (isNeeded) this.#closed.delete(logger);
    } catch (error) {
      if (isNeeded) this.#closed.add(logger);
      this.#sayFailed(logger, method, error);
    }
  }

  #sayClosed({ name }: Logger): void {
    const what = `Logger "${name}" is closed: what is logged behind a fit does not reach it`;
    if (this.#said.has(what) || this.#said.has(`Logger "${name}" failed in open`)) return;
    this.#warn(what); // which notes that it was said
  }

  #sayFailed(logger: Logger, method: string, error: unknown): void {
    const what = `Logger "${logger.name}" failed in ${method}`;
    if (this.#said.has(what)) return;
    this.#said.add(what);
    this.#warn(`${what}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function call<M extends LogMethod>(
  logger: Logger | undefined,
  method: M,
  args: Parameters<NonNullable<Logger[M]>>,
): void {
  const own = logger?.[method] as ((...args: Parameters<NonNullable<Logger[M]>>) => void) | undefined;
  own?.apply(logger, args);
}
