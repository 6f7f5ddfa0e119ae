// A run's files on s3:// or gs:// while it runs: what changed is uploaded every so often, and everything at the end.

import { readdir, stat } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { checkOptions, type OptionNames } from '../../nn/layer-options.ts';
import type { Logger, RunInfo } from '../../tracking/logger.ts';
import { DeliveryError } from '../../tracking/loggers/delivery-error.ts';
import { Outbox } from '../../tracking/loggers/outbox.ts';
import type { OutboxOptions } from '../../tracking/loggers/outbox-options.ts';
import type { Bucket } from '../checkpoint/storage/bucket.ts';
import { bucketOf } from '../checkpoint/storage/open-storage.ts';

export interface RunFolderStreamOptions {
  /** As in 's3://bucket/runs' or 'gs://bucket/runs'; the run's files are at `{to}/{name}/`. */
  readonly to: string;
  /** How often files are looked at, in milliseconds. Default 30,000. */
  readonly everyMs?: number;
  /** A file of so many bytes is uploaded once a second at most, one of twice as many every two seconds; not at the end. Default 1 MiB. */
  readonly bytesPerSecond?: number;
  /** How uploads are tried again and given up: see `Outbox`. A file has 120 s, the end of a run 30 s where nothing is said. */
  readonly outbox?: Pick<OutboxOptions<unknown>, 'timeoutMs' | 'closeWithinMs' | 'retryFromMs' | 'retryToMs'>;
}

/** What is not uploaded: checkpoints have a place of their own (`checkpoint.rootDir`), and files that are being written a name that says so. */
const LEFT_OUT = /^checkpoints(\/|$)|(^|\/)\.|\.tmp$/;

const CLOSE_WITHIN_MS = 30_000;

interface Uploaded {
  readonly version: string;
  readonly bytes: number;
  readonly atMs: number;
}

/** Keeps a copy of a run's folder in a bucket: log, tables, event files, pictures, configuration, code, and at the end summary and report; no checkpoints.
 *  Rule: every `everyMs` files that have changed are uploaded whole, one after the other; large ones less often (`bytesPerSecond`). At the end of a fit, and
 *  when the run's folder is complete, everything that has changed is uploaded. An upload that fails is made again. The bucket's end of a log may be cut
 *  inside a line while the run goes on, as after a crash.
 *  A service that fails or hangs holds up the end of a fit, and of a run, for `outbox.closeWithinMs` (30 s) at most. Needs the client of the bucket (`docs/checkpoints.md`).
 *  @throws {TypeError} for an unknown option. @throws {RangeError} for an address of another kind. */
export class RunFolderStream implements Logger {
  readonly name = 'stream';
  readonly #options: Required<Omit<RunFolderStreamOptions, 'outbox'>> & Pick<RunFolderStreamOptions, 'outbox'>;
  readonly #place: ReturnType<typeof bucketOf>;
  readonly #uploaded = new Map<string, Uploaded>();
  #bucket: Promise<Bucket> | undefined;
  #run: RunInfo | undefined;
  #outbox: Outbox<string> | undefined;
  #timer: NodeJS.Timeout | undefined;
  /** Paths that wait to be uploaded. */
  readonly #queued = new Set<string>();
  #look: Promise<void> = Promise.resolve();

  constructor(options: RunFolderStreamOptions) {
    const known = {
      to: true,
      everyMs: true,
      bytesPerSecond: true,
      outbox: true,
    } satisfies OptionNames<RunFolderStreamOptions>;
    checkOptions(this, known, options);
    this.#options = { everyMs: 30_000, bytesPerSecond: 1 << 20, ...options };
    this.#place = bucketOf(options.to);
  }

  get closeWithinMs(): number {
    return this.#options.outbox?.closeWithinMs ?? CLOSE_WITHIN_MS;
  }

  open(run: RunInfo): void {
    clearInterval(this.#timer);
    this.#run = run;
    if (run.folder === undefined) {
      run.warn(
        `Cannot stream to "${this.#options.to}": expected a run with a folder, got a trainer without one; nothing is uploaded`,
      );
      return;
    }
    this.#outbox = this.#newOutbox(run);
    this.#timer = setInterval(() => {
      this.#look = this.#look.then(() => this.#queueChanged({ isEnd: false }));
    }, this.#options.everyMs).unref();
  }

  /** What is logged is in the folder's own files. */
  logMetrics(): void {}

  async close(): Promise<void> {
    clearInterval(this.#timer);
    this.#timer = undefined;
    const outbox = this.#outbox;
    this.#outbox = undefined;
    if (outbox === undefined) return;
    const until = performance.now() + this.closeWithinMs;
    await this.#look;
    await outbox.flush(); // a file that is on its way may have changed since
    await this.#queueChanged({ isEnd: true }, outbox);
    await outbox.close(Math.max(0, until - performance.now()));
  }

  /** Uploads what has been written since `close`: the summary and the report. */
  async finish(): Promise<void> {
    if (this.#run?.folder === undefined) return;
    await this.close();
    // The run's own log is closed by now.
    this.#run = { ...this.#run, warn: (message) => process.emitWarning(message, 'SconceWarning') };
    const outbox = this.#newOutbox(this.#run);
    await this.#queueChanged({ isEnd: true }, outbox);
    await outbox.close();
  }

  #newOutbox({ warn }: RunInfo): Outbox<string> {
    this.#queued.clear();
    return new Outbox<string>({
      ...{ timeoutMs: 120_000, closeWithinMs: CLOSE_WITHIN_MS, ...this.#options.outbox },
      ...{ name: this.#options.to, warn, maxBatch: 1, everyMs: 0 },
      send: async ([path], signal) => this.#upload(path!, signal),
    });
  }

  async #upload(path: string, signal: AbortSignal): Promise<void> {
    const { folder, name } = this.#run!;
    const from = join(folder!, path);
    const before = await stat(from).catch(() => undefined);
    if (before === undefined) {
      this.#queued.delete(path); // the file is gone
      return;
    }
    this.#bucket ??= this.#place.open();
    this.#bucket.catch(() => {
      this.#bucket = undefined;
    });
    const key = [this.#place.key, name, path].filter((part) => part !== '').join('/');
    try {
      await (await this.#bucket).uploadFile(key, from, { signal });
    } catch (error) {
      throw isRefused(error)
        ? new DeliveryError(`Cannot upload "${path}": ${error.message.replace(/\s+/g, ' ').trim()}`, {
            after: 'stop',
            cause: error,
          })
        : error;
    }
    this.#queued.delete(path); // what has changed since is another version, and another upload
    this.#uploaded.set(path, { version: versionOf(before), bytes: before.size, atMs: performance.now() });
  }

  async #queueChanged({ isEnd }: { isEnd: boolean }, outbox = this.#outbox): Promise<void> {
    const { folder, warn } = this.#run!;
    try {
      for (const path of await filesIn(folder!)) {
        if (this.#queued.has(path) || !(await this.#isDue(path, isEnd))) continue;
        this.#queued.add(path);
        outbox?.add(path);
      }
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      warn(`Cannot stream to "${this.#options.to}": expected to read "${folder}", got: ${reason}`);
    }
  }

  async #isDue(path: string, isEnd: boolean): Promise<boolean> {
    const facts = await stat(join(this.#run!.folder!, path)).catch(() => undefined);
    const last = this.#uploaded.get(path);
    if (facts === undefined || last?.version === versionOf(facts)) return false;
    const waitMs = ((last?.bytes ?? 0) / this.#options.bytesPerSecond) * 1000;
    return isEnd || last === undefined || performance.now() - last.atMs >= waitMs;
  }
}

/** Whether the next file would fare no better: no credentials, no region, no access, no such bucket. */
function isRefused(error: unknown): error is Error {
  if (!(error instanceof Error)) return false;
  const { $metadata, code } = error as { $metadata?: { httpStatusCode?: number }; code?: unknown };
  const isNobody =
    error.name === 'CredentialsProviderError' ||
    /^(Region is missing|Could not load the default credentials)/.test(error.message);
  return isNobody || [401, 403, 404].includes($metadata?.httpStatusCode ?? Number(code));
}

const versionOf = ({ size, mtimeMs }: { size: number; mtimeMs: number }): string => `${size} ${mtimeMs}`;

/** Paths of a run's files, `/` between the parts. */
async function filesIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  const paths = files.map(({ parentPath, name }) => relative(folder, join(parentPath, name)).split(sep).join('/'));
  return paths.filter((path) => !LEFT_OUT.test(path)).sort();
}
