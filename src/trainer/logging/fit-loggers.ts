// The loggers of one fit: made of the configuration, the user's own and the run's log; opened before it, closed behind it.

import { basename } from 'node:path';
import { InterruptedError } from '../../errors.ts';
import type { Logger, RunInfo } from '../../tracking/logger.ts';
import { LoggerList } from '../../tracking/loggers/logger-list.ts';
import type { Clocks } from '../loop/clocks.ts';
import type { TrainingRun } from '../run/run.ts';

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
  #say: ((message: string) => void) | undefined;
  readonly #options: FitLoggersOptions;
  #isOver = false;

  constructor(options: FitLoggersOptions) {
    const { loggers, record, clocks } = options;
    this.#options = options;
    this.list = new LoggerList(loggers, { record, clocks: () => clocks });
  }

  /** Opens the loggers, runs the loop's body, and tells them how it ended.
   *  @param say - takes their warnings while it runs. */
  async around<T>(body: () => Promise<T>, say: (message: string) => void): Promise<T> {
    await this.list.open({ ...this.#options.run, warn: (message) => this.#warn(message) });
    this.#say = say;
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
    this.#say = undefined;
    this.#isOver = true;
    if (error === undefined) await this.list.close({ status });
    else await this.list.close({ status, message: error instanceof Error ? error.message : String(error) });
  }

  #warn(message: string): void {
    const { warnings, record, clocks } = this.#options;
    if (this.#say) this.#say(message);
    else if (!this.#isOver) warnings.push(message);
    else {
      record?.logEvent?.({ event: 'warning', message }, clocks);
      process.emitWarning(message, 'SconceWarning');
    }
  }
}

/** What loggers are told of the run.
 *  @param parts.name - of a trainer whose run has no folder. */
export function runInfoOf(parts: {
  readonly id: string;
  readonly run: TrainingRun | undefined;
  /** Of the trainer, as plain data. */
  readonly config: unknown;
  readonly clocks: Readonly<Clocks>;
  readonly name: string;
}): Omit<RunInfo, 'warn'> {
  const { id, run, config, name } = parts;
  const { step, microStep, epoch } = parts.clocks;
  const isResumed = run?.isResumed || microStep > 0;
  return {
    id,
    name: run ? basename(run.folder) : name,
    folder: run?.folder,
    config: run ? { run: run.readConfig(), trainer: config } : { trainer: config },
    tags: run?.tags ?? [],
    resumedFrom: isResumed ? { step, microStep, epoch } : undefined,
  };
}
