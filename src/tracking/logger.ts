// The interface of a logger: where a run's metrics and events go. Each destination is a file in `loggers/`.
import type { Clocks, MetricValues, RunEvent } from './run-format.ts';

/** Takes what a run measures. Logging is synchronous and never waits for a disk or a server; a destination that has to wait does so in
 *  `flush` and `close`. */
export interface Logger {
  /** Records values measured at one point of the run. Non-finite values are recorded as they are. */
  logMetrics(values: MetricValues, clocks: Clocks): void;
  /** Records something that happened to the run. */
  logEvent(event: RunEvent, clocks: Clocks): void;
  /** Hands over everything recorded so far, so that a crash of the process no longer loses it. */
  flush(): Promise<void> | void;
  /** Flushes and lets go of files, timers and connections. Closing twice is allowed; logging afterwards is an error. */
  close(): Promise<void> | void;
}
