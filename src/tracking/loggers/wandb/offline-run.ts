// The folder of an offline run: W&B's transaction log and the files that it names, in the layout that `wandb sync` takes.
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { readRecord } from './records.ts';
import type { Row } from './run-values.ts';
import { readTransactionLog, TransactionLog } from './transaction-log.ts';

/** What an earlier process left of the same run. */
export interface EarlierRun {
  readonly rows: readonly Row[];
  /** Paths of files, below `files`. */
  readonly files: readonly string[];
}

export class OfflineRun {
  /** Which `wandb sync` takes. */
  readonly folder: string;
  readonly log: TransactionLog;
  /** Empty for a run that begins here. */
  readonly earlier: EarlierRun;

  private constructor(folder: string, log: TransactionLog, earlier: EarlierRun) {
    this.folder = folder;
    this.log = log;
    this.earlier = earlier;
  }

  /** Begins the folder of a run in `parent`. @param now - in milliseconds since 1970; part of the name. */
  static create(parent: string, id: string, now: number, first: readonly Uint8Array[]): OfflineRun {
    const time = new Date(now).toISOString().replace(/\D/g, '');
    const name = `offline-run-${time.slice(0, 8)}_${time.slice(8, 14)}-${id}`;
    const taken = new Set(foldersOf(parent, id));
    let folder = join(parent, name);
    for (let number = 2; taken.has(folder); number += 1)
      folder = join(
        parent,
        name.replace(/^offline-run-\d+_\d+/, (start) => `${start}_${number}`),
      );
    mkdirSync(join(folder, 'files'), { recursive: true });
    return new OfflineRun(folder, new TransactionLog(logPath(folder, id), first), { rows: [], files: [] });
  }

  /** Goes on with the newest folder of the run: what it has of later steps than `step`, its summary and its end are gone.
   *  @returns undefined where there is none. @throws {SyntaxError} if its log is another file. */
  static resume(parent: string, id: string, step: number): OfflineRun | undefined {
    const folder = foldersOf(parent, id).at(-1);
    if (folder === undefined) return undefined;
    const rows: Row[] = [];
    const files: string[] = [];
    const kept = readTransactionLog(logPath(folder, id)).filter((record) => {
      const known = readRecord(record);
      if (known.kind === 'files') files.push(...known.paths);
      if (known.kind !== 'history') return known.kind !== 'end';
      if (known.step <= step) rows.push(known);
      return known.step <= step;
    });
    // What `wandb sync` notes of a run that it has sent; it would not send it again.
    for (const ending of ['.synced', '.syncstate']) rmSync(logPath(folder, id) + ending, { force: true });
    return new OfflineRun(folder, new TransactionLog(logPath(folder, id), kept), { rows, files });
  }

  /** Writes one of the run's files. */
  writeFile(path: string, content: Uint8Array): void {
    const file = join(this.folder, 'files', path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, content);
  }

  /** Takes the folder away: all that it has has arrived. */
  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

const logPath = (folder: string, id: string): string => join(folder, `run-${id}.wandb`);

/** Oldest first. */
function foldersOf(parent: string, id: string): string[] {
  const names = readdirSync(parent, { withFileTypes: true }).filter(
    (entry) => entry.isDirectory() && /^offline-run-[\d_]+-/.test(entry.name) && entry.name.endsWith(`-${id}`),
  );
  return names.map(({ name }) => join(parent, name)).sort();
}
