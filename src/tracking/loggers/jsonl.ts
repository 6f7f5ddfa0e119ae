// Writes a run's log to `metrics.jsonl`: lines are buffered, written a few times a second, and synced to the disk at checkpoints.
import { closeSync, existsSync, fsyncSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Logger } from '../logger.ts';
import {
  type Clocks,
  type EventRecord,
  encodeRecord,
  headerRecord,
  type MetricValues,
  RUN_FORMAT_VERSION,
  type RunEvent,
} from '../run-format.ts';
import { cutAtCheckpoint, parseLog, type ResumePoint } from '../run-log.ts';

/** A buffer of this size is written at once, however little time has passed. */
const BUFFER_LIMIT_CHARS = 64 * 1024;

export interface JsonlLoggerOptions {
  /** How long a record waits at most, while the event loop turns, before it is written. Milliseconds, default 500. */
  readonly flushEveryMs?: number;
  /** The wall clock, in milliseconds since 1970. */
  readonly now?: () => number;
}

/** The logger of a run's folder.
 *  A record costs one `JSON.stringify`; writing happens on a timer, so that what was logged a second before a crash is on disk. A write that
 *  fails (a full disk) is reported by the next call, and its lines are kept and tried again with the next write. */
export class JsonlLogger implements Logger {
  readonly #path: string;
  readonly #fd: number;
  readonly #flushEveryMs: number;
  readonly #now: () => number;
  #pending = '';
  #unwritten: Buffer = Buffer.alloc(0);
  #timer: NodeJS.Timeout | undefined;
  #failure: unknown;
  #isClosed = false;
  readonly #flushAtExit = (): void => this.#write();

  private constructor(path: string, fd: number, options: JsonlLoggerOptions) {
    this.#path = path;
    this.#fd = fd;
    this.#flushEveryMs = options.flushEveryMs ?? 500;
    this.#now = options.now ?? Date.now;
    process.once('exit', this.#flushAtExit);
  }

  /** Starts the log of a new run. @throws {Error} if the file is there already, or cannot be written. */
  static create(path: string, options: JsonlLoggerOptions = {}): JsonlLogger {
    if (existsSync(path))
      throw new Error(
        `Cannot start the log of a run: expected no file ${path}, got one; resume that run or choose another folder`,
      );
    writeAtOnce(path, encodeRecord(headerRecord((options.now ?? Date.now)())));
    return new JsonlLogger(path, openSync(path, 'a'), options);
  }

  /** Takes up the log of a run that resumes from a checkpoint.
   *  Rule: what was logged beyond the checkpoint is taken out of the log and kept, record by record, in the `resumed` event, so that no step
   *  stands twice. A line that was cut off when the earlier process died is removed. The file is replaced in one step.
   *  @throws {SyntaxError} if the log is damaged before its last line. */
  static resume(path: string, at: ResumePoint, options: JsonlLoggerOptions = {}): JsonlLogger {
    const log = parseLog(readFileSync(path, 'utf8'), path);
    const { kept, dropped } = cutAtCheckpoint(log, at);
    const { step, microStep, epoch, checkpoint } = at;
    const time = (options.now ?? Date.now)();
    const from = checkpoint === undefined ? {} : { checkpoint };
    const resumed: EventRecord = { kind: 'event', event: 'resumed', ...from, step, microStep, epoch, time, dropped };
    const header = encodeRecord({ ...log.header, version: RUN_FORMAT_VERSION });
    writeAtOnce(path, [header, ...kept, encodeRecord(resumed)].join('\n'));
    return new JsonlLogger(path, openSync(path, 'a'), options);
  }

  logMetrics(values: MetricValues, clocks: Clocks): void {
    const { step, microStep, epoch } = clocks;
    this.#append(encodeRecord({ kind: 'metrics', step, microStep, epoch, time: this.#now(), values }));
  }

  /** Records an event. It is on the disk when this returns; a warning need not be, and what begins a checkpoint is with the system. */
  logEvent(event: RunEvent, clocks: Clocks): void {
    const { step, microStep, epoch } = clocks;
    this.#append(encodeRecord({ kind: 'event', ...event, step, microStep, epoch, time: this.#now() }));
    if (event.event === 'warning') return;
    this.flush();
    if (event.event === 'checkpointStarted') return; // the loop waits for no disk
    fsyncSync(this.#fd);
  }

  /** Hands everything recorded so far to the operating system. @throws {Error} if that fails. */
  flush(): void {
    this.#write();
    this.#throwFailure();
  }

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    process.removeListener('exit', this.#flushAtExit);
    this.#write();
    closeSync(this.#fd);
    this.#throwFailure();
  }

  #append(line: string): void {
    if (this.#isClosed) throw new Error(`Cannot log to ${this.#path}: expected an open log, got one that was closed`);
    this.#pending += `${line}\n`;
    this.#timer ??= setTimeout(() => this.#write(), this.#flushEveryMs);
    if (this.#pending.length >= BUFFER_LIMIT_CHARS) this.#write();
    this.#throwFailure();
  }

  /** Writes what is buffered. A failure waits in `#failure` for the next caller, because a timer has nobody to throw to. */
  #write(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#pending !== '') {
      this.#unwritten = Buffer.concat([this.#unwritten, Buffer.from(this.#pending)]);
      this.#pending = '';
    }
    try {
      while (this.#unwritten.length > 0) {
        this.#unwritten = this.#unwritten.subarray(writeSync(this.#fd, this.#unwritten));
      }
    } catch (error) {
      this.#failure = error;
    }
  }

  #throwFailure(): void {
    if (this.#failure === undefined) return;
    const cause = this.#failure;
    this.#failure = undefined;
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new Error(`Cannot write the run's log ${this.#path}: ${reason}`, { cause });
  }
}

/** Makes a log of these lines, in one step: a process that dies meanwhile leaves the log before, or none, and never a piece. */
function writeAtOnce(path: string, lines: string): void {
  const replacement = `${path}.tmp`;
  const fd = openSync(replacement, 'w');
  try {
    writeWhole(fd, Buffer.from(`${lines}\n`));
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
  renameSync(replacement, path);
  syncFolder(dirname(path));
}

/** Makes a rename inside the folder last beyond a power failure. */
function syncFolder(folder: string): void {
  const fd = openSync(folder, 'r');
  fsyncSync(fd);
  closeSync(fd);
}

function writeWhole(fd: number, bytes: Buffer): void {
  for (let rest = bytes; rest.length > 0; ) rest = rest.subarray(writeSync(fd, rest));
}
