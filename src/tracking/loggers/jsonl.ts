// Writes a run's log to `metrics.jsonl`: lines are buffered, written a few times a second, and synced to the disk at checkpoints.
import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import type { Histogram, LoggedImage, Matrix } from '../data-records.ts';
import type { Logger } from '../logger.ts';
import {
  type Clocks,
  type EventRecord,
  encodeRecord,
  type HeaderRecord,
  headerRecord,
  type MetricValues,
  RUN_FORMAT_VERSION,
  type RunEvent,
} from '../run-format.ts';
import { cutAtCheckpoint, parseLog, type ResumePoint } from '../run-log.ts';
import { openLog } from './open-error.ts';
import { WriteTimer } from './write-timer.ts';

/** A buffer of this size is written at once, however little time has passed. */
const BUFFER_LIMIT_CHARS = 64 * 1024;

export interface JsonlLoggerOptions {
  /** How long a record waits at most, while the event loop turns, before it is written; one after a while without any goes at the next turn. Milliseconds, default 500. */
  readonly flushEveryMs?: number;
  /** The wall clock, in milliseconds since 1970. */
  readonly now?: () => number;
}

/** The logger of a run's folder.
 *  A record costs one `JSON.stringify`; writing happens on a timer, so that what was logged a second before a crash is on disk. A write that
 *  fails (a full disk) is reported by the next call, and its lines are kept and tried again with the next write. */
export class JsonlLogger implements Logger {
  readonly name = 'jsonl';
  /** Of the log's file. */
  readonly path: string;
  #fd: number | undefined;
  #id = '';
  readonly #flushEveryMs: number;
  readonly #now: () => number;
  #pending = '';
  #unwritten: Buffer = Buffer.alloc(0);
  #timer: WriteTimer | undefined;
  #failure: unknown;

  /** @param path - the log's file; pictures go into a folder `media` beside it. */
  constructor(path: string, options: JsonlLoggerOptions = {}) {
    this.path = path;
    this.#flushEveryMs = options.flushEveryMs ?? 500;
    this.#now = options.now ?? Date.now;
  }

  /** The run's own, as the log's header has it; empty before the log is open. */
  get id(): string {
    return this.#id;
  }

  /** Starts the log, or takes it up where the run goes on from a checkpoint: no step stands in it twice.
   *  @throws {Error} if there is the log of another run, or the file cannot be written.
   *  @throws {SyntaxError} if the log is damaged before its last line. */
  open({ id, resumedFrom }: { readonly id: string; readonly resumedFrom: ResumePoint | undefined }): void {
    openLog(this.path, () => {
      if (resumedFrom !== undefined && existsSync(this.path)) this.#resume(resumedFrom);
      else this.#create(id);
    });
  }

  #create(id: string): void {
    if (existsSync(this.path))
      throw new Error(
        `Cannot start the log of a run: expected no file ${this.path}, got one; resume that run or choose another folder`,
      );
    mkdirSync(dirname(this.path), { recursive: true });
    this.#begin(headerRecord(this.#now(), id), []);
  }

  /** Rule: what was logged beyond the checkpoint is taken out of the log and kept, record by record, in the `resumed` event, so that no step
   *  stands twice. A line that was cut off when the earlier process died is removed. The file is replaced in one step. */
  #resume(at: ResumePoint): void {
    const log = parseLog(readFileSync(this.path, 'utf8'), this.path);
    const { kept, dropped } = cutAtCheckpoint(log, at);
    const { step, microStep, epoch, checkpoint } = at;
    const time = this.#now();
    const from = checkpoint === undefined ? {} : { checkpoint };
    const resumed: EventRecord = { kind: 'event', event: 'resumed', ...from, step, microStep, epoch, time, dropped };
    this.#begin({ ...log.header, version: RUN_FORMAT_VERSION }, [...kept, encodeRecord(resumed)]);
  }

  #begin(header: HeaderRecord, lines: readonly string[]): void {
    if (this.#fd !== undefined)
      throw new Error(`Cannot open the log ${this.path}: expected one that is closed, got it open`);
    writeAtOnce(this.path, [encodeRecord(header), ...lines].join('\n'));
    this.#id = header.id;
    this.#fd = openSync(this.path, 'a');
    this.#timer = new WriteTimer(() => this.#write(), { everyMs: this.#flushEveryMs });
  }

  logMetrics(values: MetricValues, clocks: Clocks): void {
    this.#append(encodeRecord({ kind: 'metrics', ...this.#place(clocks), values }));
  }

  logHistogram(key: string, histogram: Histogram, clocks: Clocks): void {
    this.#append(encodeRecord({ kind: 'histogram', key, ...this.#place(clocks), histogram }));
  }

  logMatrix(key: string, matrix: Matrix, clocks: Clocks): void {
    this.#append(encodeRecord({ kind: 'matrix', key, ...this.#place(clocks), matrix }));
  }

  logText(key: string, text: string, clocks: Clocks): void {
    this.#append(encodeRecord({ kind: 'text', key, ...this.#place(clocks), text }));
  }

  /** Records a picture, which becomes a file. */
  logImage(key: string, image: LoggedImage, clocks: Clocks): void {
    const { bytes, format, width, height, caption } = image;
    const path = this.#writeMedia(key, clocks, format === 'jpeg' ? 'jpg' : format, bytes);
    const size = { width, height, ...(caption === undefined ? {} : { caption }) };
    this.#append(encodeRecord({ kind: 'image', key, path, ...this.#place(clocks), ...size }));
  }

  logFigure(key: string, svg: string, clocks: Clocks): void {
    const path = this.#writeMedia(key, clocks, 'svg', svg);
    this.#append(encodeRecord({ kind: 'figure', key, path, ...this.#place(clocks) }));
  }

  #place({ step, microStep, epoch }: Clocks): Clocks & { time: number } {
    return { step, microStep, epoch, time: this.#now() };
  }

  /** @returns the file's path, relative to the log's folder. One of the same key and step is replaced. */
  #writeMedia(key: string, { step }: Clocks, ending: string, content: Uint8Array | string): string {
    this.#requireOpen();
    const path = join('media', folderOfKey(key), `${step}.${ending}`);
    const file = join(dirname(this.path), path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, content);
    return path;
  }

  /** Records an event. It is on the disk when this returns; a warning need not be, and what begins a checkpoint is with the system. */
  logEvent(event: RunEvent, clocks: Clocks): void {
    this.#append(encodeRecord({ kind: 'event', ...event, ...this.#place(clocks) }));
    if (event.event === 'warning') return;
    this.flush();
    if (event.event === 'checkpointStarted') return; // the loop waits for no disk
    fsyncSync(this.#requireOpen());
  }

  /** Hands everything recorded so far to the operating system. @throws {Error} if that fails. */
  flush(): void {
    this.#write();
    this.#throwFailure();
  }

  close(): void {
    const fd = this.#fd;
    if (fd === undefined) return;
    this.#timer?.stop();
    this.#write();
    this.#fd = undefined;
    closeSync(fd);
    this.#throwFailure();
  }

  #append(line: string): void {
    this.#requireOpen();
    this.#pending += `${line}\n`;
    if (this.#pending.length >= BUFFER_LIMIT_CHARS) this.#timer?.run();
    else this.#timer?.expect();
    this.#throwFailure();
  }

  #requireOpen(): number {
    if (this.#fd !== undefined) return this.#fd;
    throw new Error(`Cannot log to ${this.path}: expected an open log, got one that is closed`);
  }

  /** Writes what is buffered. A failure waits in `#failure` for the next caller, because a timer has nobody to throw to. */
  #write(): void {
    const fd = this.#fd;
    if (fd === undefined) return;
    if (this.#pending !== '') {
      this.#unwritten = Buffer.concat([this.#unwritten, Buffer.from(this.#pending)]);
      this.#pending = '';
    }
    try {
      while (this.#unwritten.length > 0) {
        this.#unwritten = this.#unwritten.subarray(writeSync(fd, this.#unwritten));
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
    const isFull = ['ENOSPC', 'EDQUOT'].includes(String(Object(cause).code));
    const wayOut = isFull ? '; make room, then go on from the last checkpoint, as by sconce resume' : '';
    throw new Error(`Cannot write the run's log ${this.path}: ${reason}${wayOut}`, { cause });
  }
}

/** A key as folders below `media`, `val/samples` as two. */
function folderOfKey(key: string): string {
  const parts = key.split('/').map((part) => part.replace(/[^\p{L}\p{N}@_. -]+/gu, '-').replace(/^\.*$/, '-'));
  return join(...parts.map((part) => part.slice(0, 80)));
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
