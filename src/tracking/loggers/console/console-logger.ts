// Shows a run's values and events as lines of text, for a terminal or a job's log file.
import { checkOptions, type OptionNames } from '../../../nn/layer-options.ts';
import type { Logger, RunInfo } from '../../logger.ts';
import type { Clocks, MetricValues, RunEvent } from '../../run-format.ts';
import { WriteTimer } from '../write-timer.ts';
import { DEFAULT_LOG_FORMAT, LOG_LEVELS, type LogLevel, logFormatProblem, logFormatter } from './log-format.ts';
import { CONSOLE_VALUES, type ConsoleValues, mainValues, metricLines, printable } from './metric-lines.ts';

/** Where lines go: `process.stderr`, `process.stdout`, or anything with their methods. */
export interface ConsoleStream {
  readonly isTTY?: boolean | undefined;
  write(text: string): unknown;
  on?(event: 'error', listener: (error: Error) => void): unknown;
  removeListener?(event: 'error', listener: (error: Error) => void): unknown;
}

export interface ConsoleLoggerOptions {
  /** Lines of less are not shown. 'INFO' is what was measured, and checkpoints. Default 'INFO'. */
  readonly level?: LogLevel;
  /** As Python's logging writes it, with `asctime`, `levelname`, `message`, `name` and `process`. Default `[%(asctime)s] %(levelname)s: %(message)s`. */
  readonly format?: string;
  /** 'main' leaves out `profile/`, `system/`, `throughput/`, `gradients/`, `parameters/`, and in an epoch's summary the values of single loaders that are there over all.
   *  Default 'main'. */
  readonly shows?: ConsoleValues;
  /** Default: the process's standard error output. */
  readonly stream?: ConsoleStream;
  /** The wall clock, in milliseconds since 1970. */
  readonly now?: () => number;
}

/** Prints `Step 50 | train[loss=0.1234, dl_a/loss=0.2000] | lr=0.0010` at each log point, a summary and the loaders' shares at an epoch's end, and what
 *  happens to the run. What is logged at one step in several calls is one line: it waits for the next step, an event, a text, `flush` or `close`, and for
 *  half a second at most. Values have four decimals; files have them whole. A stream that ends (`| head`) is a warning, and the run goes on.
 *  @throws {TypeError} for an unknown option, level, choice of values or field of the format.
 *  Source: model-training-framework.
 *  @example
 *  import { ConsoleLogger } from 'sconce/tracking';
 *  const lines: string[] = [];
 *  const logger = new ConsoleLogger({ format: '%(levelname)s %(message)s', stream: { write: (text) => lines.push(text) } });
 *  logger.logMetrics({ 'train/loss': 0.12345, lr: 0.001 }, { step: 50, microStep: 50, epoch: 0 });
 *  logger.close();
 *  lines[0]!.trim(); // 'INFO Step 50 | train[loss=0.1235] | lr=0.0010' */
export class ConsoleLogger implements Logger {
  readonly name = 'console';
  readonly #level: number;
  readonly #format: ReturnType<typeof logFormatter>;
  readonly #stream: ConsoleStream;
  readonly #now: () => number;
  readonly #shownValues: ConsoleValues;
  /** Of the last step, until nothing more is expected of it. */
  #held: { readonly clocks: Clocks; readonly values: Record<string, number>; readonly time: number } | undefined;
  #timer: WriteTimer | undefined;
  #isClosed = false;
  #isGone = false;
  #warn: (message: string) => void = () => {};
  readonly #noteError = (error: Error): void => {
    if (this.#isGone) return;
    this.#isGone = true;
    this.#warn(`Cannot print what the run logs: ${error.message}; its files have it`);
  };

  constructor(options: ConsoleLoggerOptions = {}) {
    const known = { level: true, format: true, shows: true, stream: true, now: true } as const;
    checkOptions(this, known satisfies OptionNames<ConsoleLoggerOptions>, options);
    const { level = 'INFO', format = DEFAULT_LOG_FORMAT, shows = 'main', stream = process.stderr } = options;
    const problem = logFormatProblem(format);
    if (!LOG_LEVELS.includes(level))
      throw new TypeError(`Cannot make ConsoleLogger: expected level ${LOG_LEVELS.join(', ')}, got "${level}"`);
    if (!CONSOLE_VALUES.includes(shows))
      throw new TypeError(`Cannot make ConsoleLogger: expected shows ${CONSOLE_VALUES.join(', ')}, got "${shows}"`);
    if (problem !== undefined)
      throw new TypeError(`Cannot make ConsoleLogger: expected format ${problem}, got ${JSON.stringify(format)}`);
    this.#level = LOG_LEVELS.indexOf(level);
    this.#format = logFormatter(format);
    this.#stream = stream;
    this.#shownValues = shows;
    this.#now = options.now ?? Date.now;
  }

  open(run: Pick<RunInfo, 'warn'>): void {
    this.close();
    this.#isClosed = false;
    this.#isGone = false;
    this.#warn = run.warn;
    // Without somebody who hears it, the error of a stream ends the process.
    this.#stream.on?.('error', this.#noteError);
  }

  logMetrics(values: MetricValues, clocks: Clocks): void {
    if (!this.#shows('INFO')) return;
    const shown = this.#shownValues === 'all' ? values : mainValues(values);
    const held = this.#held;
    const joins =
      held?.clocks.step === clocks.step &&
      held.clocks.epoch === clocks.epoch &&
      !Object.keys(shown).some((key) => Object.hasOwn(held.values, key));
    if (!joins) this.flush();
    const { step, microStep, epoch } = clocks;
    this.#held ??= { clocks: { step, microStep, epoch }, values: Object.create(null), time: this.#now() };
    for (const key of Object.keys(shown)) this.#held.values[key] = shown[key]!;
    this.#timer ??= new WriteTimer(() => this.flush());
    this.#timer.expect();
  }

  /** Prints what waits. */
  flush(): void {
    const held = this.#held;
    this.#held = undefined;
    if (!held) return;
    for (const line of metricLines(held.values, held.clocks)) this.#print('INFO', line, held.time);
  }

  logEvent(event: RunEvent, { step }: Clocks): void {
    this.flush();
    const { level, message } = eventLine(event, step);
    this.#print(level, message);
  }

  logText(key: string, text: string, { step }: Clocks): void {
    this.flush();
    this.#print('INFO', `Step ${step} | ${printable(key)}: ${text.split(/\r?\n/).map(printable).join('\n')}`);
  }

  close(): void {
    if (!this.#isClosed) this.flush();
    this.#timer?.stop();
    this.#timer = undefined;
    this.#isClosed = true;
    this.#stream.removeListener?.('error', this.#noteError);
  }

  /** @throws {Error} after `close`. */
  #shows(level: LogLevel): boolean {
    if (this.#isClosed) throw new Error('Cannot print what the run logs: expected an open logger, got a closed one');
    return LOG_LEVELS.indexOf(level) >= this.#level && !this.#isGone;
  }

  #print(level: LogLevel, message: string, time = this.#now()): void {
    if (!this.#shows(level)) return;
    const line = this.#format({ level, message, time });
    // A progress bar stands on the terminal's last line: it gives way, and is drawn again below.
    this.#stream.write(`${this.#stream.isTTY === true ? '\r\u001b[K' : ''}${line}\n`);
  }
}

function eventLine(event: RunEvent, step: number): { level: LogLevel; message: string } {
  switch (event.event) {
    case 'checkpointStarted':
      return { level: 'DEBUG', message: `Checkpoint of step ${step} begun` };
    case 'checkpointSaved':
      return { level: 'INFO', message: `Checkpoint saved: ${printable(event.path)}` };
    case 'resumed':
      return { level: 'INFO', message: `Going on from ${printable(event.checkpoint ?? 'the start')}, step ${step}` };
    case 'warning':
      return { level: 'WARNING', message: printable(event.message) };
    case 'interrupted':
      return { level: 'WARNING', message: `Interrupted at step ${step}: ${printable(event.reason)}` };
    case 'failed':
      return { level: 'ERROR', message: `Failed at step ${step}: ${printable(event.message)}` };
    case 'finished':
      return { level: 'INFO', message: `Finished at step ${step}` };
  }
}
