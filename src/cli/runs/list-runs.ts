// The runs of a folder, as `sconce runs` lists them: how each stands, by its summary or by the end of its log.

import { open, readdir, stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Finding } from '../../tracking/diagnosis/finding.ts';
import { type Clocks, decodeRecord, runPaths } from '../../tracking/run-format.ts';
import { readSummary } from '../../tracking/summary.ts';
import { readAsked } from '../asked.ts';
import { processOf, wasKilled } from '../run-process.ts';
import type { RunStatus } from './status.ts';

/** One run. */
export interface ListedRun {
  readonly name: string;
  readonly status: RunStatus;
  readonly epoch: number;
  readonly step: number;
  /** The best values of metrics that have a better direction; without a summary, the last values. */
  readonly metrics: Readonly<Record<string, number>>;
  /** When it began, ISO 8601. */
  readonly startedAt: string;
  /** Absolute. */
  readonly folder: string;
  /** Why it failed or was interrupted. */
  readonly message?: string;
  readonly tags: readonly string[];
  /** What its metrics say about how it went, where its summary has that, the worst first. */
  readonly findings?: readonly Finding[];
}

/** Reads every run in a folder, newest first, and in those of its folders that are no runs, as a sweep has one for each combination.
 *  @throws {Error} where the folder cannot be read; its `cause` has the system's code. */
export async function listRuns(runsFolder: string): Promise<ListedRun[]> {
  const names = await foldersIn(resolve(runsFolder)).catch((cause: Error) => {
    const found = 'code' in cause && cause.code === 'ENOENT' ? 'none there' : cause.message;
    throw new Error(`Cannot list the runs of "${runsFolder}": expected a folder, got ${found}`, { cause });
  });
  const runs = await Promise.all(
    names.map(async (name) => {
      const folder = resolve(runsFolder, name);
      const run = await readListed(folder, name);
      if (run) return [run];
      const inner = await foldersIn(folder).catch(() => []); // deleted meanwhile, or somebody else's
      return await Promise.all(inner.map((each) => readListed(resolve(folder, each), each)));
    }),
  );
  return runs
    .flat()
    .filter((run) => run !== undefined)
    .sort((a, b) => (a.startedAt < b.startedAt ? 1 : -1));
}

async function foldersIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  return entries.filter((entry) => entry.isDirectory() && !entry.name.startsWith('.')).map(({ name }) => name);
}

async function readListed(folder: string, name: string): Promise<ListedRun | undefined> {
  const { config } = runPaths(folder);
  const began = await stat(config).catch(() => undefined);
  if (began === undefined) return undefined;
  const asked = await readAsked(folder, 'list').catch(() => ({}) as Record<string, unknown>); // cut off by a kill
  const { tags } = Object(asked.configuration) as { tags?: unknown };
  const own = {
    name,
    startedAt: began.mtime.toISOString(),
    folder,
    tags: Array.isArray(tags) ? tags.map(String) : [],
  };
  const isRunning = (await processOf(folder)) !== undefined;
  const summary = isRunning || (await wasKilled(folder)) ? undefined : await readSummary(folder);
  if (!summary) return { ...own, status: isRunning ? 'running' : 'killed', ...(await readEnd(folder)) };
  const { clocks, best, final, status, message, diagnosis } = summary;
  const shown = Object.keys(best).length > 0 ? best : final;
  return {
    ...own,
    status,
    epoch: clocks.epoch,
    step: clocks.step,
    metrics: Object.fromEntries(Object.entries(shown).map(([key, { value }]) => [key, value])),
    ...(message === undefined ? {} : { message }),
    ...(diagnosis === undefined ? {} : { findings: diagnosis }),
  };
}

const TAIL_BYTES = 1 << 16;

/** Where a run without a summary stands: the last records of its log. */
async function readEnd(folder: string): Promise<Pick<ListedRun, 'epoch' | 'step' | 'metrics'>> {
  let at: Clocks = { step: 0, microStep: 0, epoch: 0 };
  const metrics: Record<string, number> = {};
  for (const line of await lastLines(runPaths(folder).metrics)) {
    const record = decoded(line);
    if (!record) continue;
    at = record;
    if (record.kind === 'metrics') Object.assign(metrics, record.values);
  }
  return { epoch: at.epoch, step: at.step, metrics };
}

function decoded(line: string): ReturnType<typeof decodeRecord> | undefined {
  try {
    return decodeRecord(line);
  } catch {
    return undefined; // the header, a line that is being written, or the rest of one that begins before the tail
  }
}

async function lastLines(path: string): Promise<string[]> {
  const file = await open(path).catch(() => undefined);
  if (!file) return []; // nothing was logged yet
  try {
    const { size } = await file.stat();
    const length = Math.min(size, TAIL_BYTES);
    const { buffer } = await file.read(Buffer.alloc(length), 0, length, size - length);
    return buffer.toString('utf8').split('\n');
  } finally {
    await file.close();
  }
}
