// The interface of a logger: where a run's metrics, events, pictures and texts go. Each destination is a file or folder in `loggers/`.
import type { Histogram, LoggedImage, Matrix } from './data-records.ts';
import type { Clocks, MetricValues, RunEvent } from './run-format.ts';

/** What a logger is told before anything else. */
export interface RunInfo {
  /** The run's own, the same in all of its processes. */
  readonly id: string;
  readonly name: string;
  /** Where the run writes to; undefined for a trainer without a run. */
  readonly folder: string | undefined;
  /** What the run was asked to do, as plain data: its hyperparameters. */
  readonly config: Readonly<Record<string, unknown>>;
  readonly tags: readonly string[];
  /** Where the run goes on: what an earlier process logged beyond is void. Undefined for a run that begins. */
  readonly resumedFrom: Clocks | undefined;
  /** Says something that the run survives, as a server that does not answer or a full disk. The same text is said once. */
  warn(message: string): void;
  /** Takes a file or a folder for one of the run's loggers. @returns false where another one has taken it. Not there where a logger is opened by itself. */
  claim?(place: string): boolean;
}

/** How a run ended, for its loggers. */
export interface LoggedEnd {
  readonly status: 'finished' | 'interrupted' | 'failed';
  readonly message?: string;
}

/** Takes what a run measures. Constructors do no I/O; a destination leaves out the methods for which it has no place.
 *  Methods that log are synchronous, take any number, NaN and infinite ones included, and never wait for a disk or a server. What they throw is a warning
 *  that the run survives. */
export interface Logger {
  /** As in `tensorboard`; for warnings. */
  readonly name: string;
  /** How long `close` takes at most, in milliseconds, where it waits for a server: said where somebody waits. */
  readonly closeWithinMs?: number | undefined;
  /** Opens files and connections: once before each fit, after `close` too. */
  open?(run: RunInfo): void | Promise<void>;
  /** Records values measured at one point of the run. */
  logMetrics(values: MetricValues, clocks: Clocks): void;
  /** Records something that happened to the run. */
  logEvent?(event: RunEvent, clocks: Clocks): void;
  logHistogram?(key: string, histogram: Histogram, clocks: Clocks): void;
  logMatrix?(key: string, matrix: Matrix, clocks: Clocks): void;
  logImage?(key: string, image: LoggedImage, clocks: Clocks): void;
  /** @param svg - a standalone picture. */
  logFigure?(key: string, svg: string, clocks: Clocks): void;
  logText?(key: string, text: string, clocks: Clocks): void;
  /** Hands everything recorded so far to the operating system, so that a crash of the process no longer loses it. What has to wait for a server does that in `close`. */
  flush?(): void;
  /** Hands over everything and lets go of files, timers and connections, in bounded time. Closing twice is allowed; logging afterwards is an error. */
  close(end?: LoggedEnd): void | Promise<void>;
}
