// How a rank ended, in types that need no other package.
import type { RankError } from '../environment/error-file.ts';

/** A signal of the system, as SIGKILL. */
export type SignalName = `SIG${string}`;

/** How a rank ended. */
export interface RankEnd {
  readonly rank: number;
  /** The machine that it ran on. */
  readonly node: number;
  /** The exit code; undefined where a signal ended it. */
  readonly code?: number | undefined;
  /** The signal that ended it. */
  readonly signal?: SignalName | undefined;
  /** When, in milliseconds since 1970. */
  readonly endedAtMs: number;
  /** Whether the launcher had asked it to end before, since another rank had failed. */
  readonly wasEnded: boolean;
  /** The error that it wrote, or that starting it gave. */
  readonly error?: RankError | undefined;
  /** The last lines of its standard error. */
  readonly lastLines: string;
}
