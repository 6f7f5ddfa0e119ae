// The loggers of one fit: made of the configuration, the user's own and the run's log; opened before it, closed behind it.

import { InterruptedError } from '../../errors.ts';
import type { Logger, RunInfo } from '../../tracking/logger.ts';
import { LoggerList } from '../../tracking/loggers/logger-list.ts';
import type { Clocks } from '../loop/clocks.ts';

export interface FitLoggersOptions {
  readonly loggers: readonly Logger[];
  /** The run's own log, open already. */
  readonly record: Logger | undefined;
  readonly clocks: Readonly<Clocks>;
  readonly run: Omit<RunInfo, 'warn'>;
  /** What is said before the loop runs is added. */
  readonly warnings: string[];
}

/** Carries what loggers have to say to wherever the run is. */
export class FitLoggers {
  readonly list: LoggerList;
  /** Set while the loop runs. */
  say: ((message: string) => void) | undefined;
  readonly #options: FitLoggersOptions;
  #isOver = false;

  constructor(options: FitLoggersOptions) {
    const { loggers, record, clocks } = options;
    this.#options = options;
    this.list = new LoggerList(loggers, { record, clocks: () => clocks });
  }

  async open(): Promise<void> {
    await this.list.open({ ...this.#options.run, warn: (message) => this.#warn(message) });
  }

  /** Runs the loop's body, and tells the loggers how it ended. */
  async around<T>(body: () => Promise<T>): Promise<T> {
    try {
      const result = await body();
      await this.#close('finished');
      return result;
    } catch (error) {
      await this.#close(error instanceof InterruptedError ? 'interrupted' : 'failed', error);
      throw error;
    }
  }

  async #close(status: 'finished' | 'interrupted' | 'failed', error?: unknown): Promise<void> {
    this.say = undefined;
    this.#isOver = true;
    if (error === undefined) await this.list.close({ status });
    else await this.list.close({ status, message: error instanceof Error ? error.message : String(error) });
  }

  #warn(message: string): void {
    const { warnings, record, clocks } = this.#options;
    if (this.say) this.say(message);
    else if (!this.#isOver) warnings.push(message);
    else {
      record?.logEvent?.({ event: 'warning', message }, clocks);
      process.emitWarning(message, 'SconceWarning');
    }
  }
}
