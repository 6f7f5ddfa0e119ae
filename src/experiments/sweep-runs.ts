// A sweep's folder: which experiments it has begun, and how far each one is.

import { existsSync, readFileSync } from 'node:fs';
import { mkdir, open, readdir, readFile, rename, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { ConfigError } from '../errors.ts';
import { type MeasuredValue, type MetricsRecord, readRun, readSummary, runPaths } from '../tracking/index.ts';
import { decodeRecord } from '../tracking/run-format.ts';
import type { Parameters } from './dot-paths.ts';
import { sortedJson } from './naming.ts';

/** How far an experiment of a sweep is. */
export type SweepStatus = 'pending' | 'running' | 'finished' | 'failed' | 'interrupted';

/** One experiment of a sweep and its run. */
export interface SweepRun {
  readonly name: string;
  readonly parameters: Parameters;
  readonly status: SweepStatus;
  /** The run's folder, once there is one. */
  readonly folder: string | undefined;
  /** Why it failed or was interrupted. */
  readonly message: string | undefined;
  /** Where it stands, as far as its log says. */
  readonly step: number | undefined;
  readonly epoch: number | undefined;
  /** The last values of all metrics. */
  readonly final: Readonly<Record<string, MeasuredValue>>;
  /** Seconds of the run's last process. */
  readonly seconds: number | undefined;
}

/** What a sweep was begun with; `sweep.json`. */
interface SweepRecord {
  readonly format: 'sconce-sweep';
  readonly version: 1;
  readonly experiment: string;
  readonly base: Parameters;
  readonly experiments: readonly { readonly name: string; readonly parameters: Parameters }[];
}

/** Opens a sweep's folder, or makes it.
 *  @returns the experiments, under the names that they were begun with.
 *  @throws {ConfigError} for a folder of another experiment or base: its runs would be compared with others. */
export async function openSweep(
  folder: string,
  asked: Omit<SweepRecord, 'format' | 'version'>,
): Promise<{ name: string; parameters: Parameters }[]> {
  const path = join(folder, 'sweep.json');
  let before: SweepRecord | undefined;
  if (existsSync(path)) {
    before = JSON.parse(await readFile(path, 'utf8')) as SweepRecord;
    if (before.format !== 'sconce-sweep' || before.version !== 1)
      throw new ConfigError('sweep', [
        `${path}: expected a sweep of version 1, got ${String(before.format)} ${String(before.version)}`,
      ]);
    const problems = [];
    if (before.experiment !== asked.experiment)
      problems.push(
        `experiment: expected "${before.experiment}", as the sweep in "${folder}" was begun, got "${asked.experiment}"; give this one another name`,
      );
    if (!isDeepStrictEqual(before.base, JSON.parse(JSON.stringify(asked.base))))
      problems.push(
        `set: expected ${JSON.stringify(before.base)}, as the sweep in "${folder}" was begun, got ${JSON.stringify(asked.base)}; give this one another name`,
      );
    if (problems.length > 0) throw new ConfigError('sweep', problems);
  }
  const known = new Map(before?.experiments.map(({ name, parameters }) => [sortedJson(parameters), name]));
  const experiments = asked.experiments.map(({ name, parameters }) => ({
    name: known.get(sortedJson(parameters)) ?? name,
    parameters,
  }));
  const others = before?.experiments.filter(({ name }) => !experiments.some((each) => each.name === name)) ?? [];
  await mkdir(folder, { recursive: true });
  const record: SweepRecord = {
    format: 'sconce-sweep',
    version: 1,
    ...asked,
    experiments: [...experiments, ...others],
  };
  await writeFile(`${path}.tmp`, `${JSON.stringify(record, null, 2)}\n`);
  await rename(`${path}.tmp`, path);
  return experiments;
}

/** The newest run in an experiment's folder that can be gone on with. */
export async function findRun(folder: string): Promise<string | undefined> {
  if (!existsSync(folder)) return undefined;
  const runs: { path: string; time: number }[] = [];
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    // A run that was killed before it had written what it was asked to do has not begun.
    if (!entry.isDirectory() || entry.name.startsWith('.') || !existsSync(runPaths(path).config)) continue;
    runs.push({ path, time: (await stat(runPaths(path).config)).mtimeMs });
  }
  return runs.sort((a, b) => b.time - a.time)[0]?.path;
}

/** How an experiment stands, by what lies in its folder: one without a summary, or with that of a signal, is to be gone on with. */
export async function lookAt(folder: string, experiment: { name: string; parameters: Parameters }): Promise<SweepRun> {
  const run = await findRun(folder);
  const blank = { message: undefined, step: undefined, epoch: undefined, final: {}, seconds: undefined };
  if (run === undefined) return { ...experiment, ...blank, status: 'pending', folder: undefined };
  const summary = await readSummary(run);
  if (summary === undefined)
    return { ...experiment, ...blank, status: 'interrupted', folder: run, ...(await lastValues(run)) };
  return {
    ...experiment,
    ...{ status: summary.status, folder: run, message: summary.message },
    ...{ step: summary.clocks.step, epoch: summary.clocks.epoch },
    ...{ final: summary.final, seconds: summary.durations.totalMs / 1000 },
  };
}

/** All that a run has measured; nothing for one that has no log. */
export async function recordsOf(run: string | undefined): Promise<readonly MetricsRecord[]> {
  if (run === undefined || !existsSync(runPaths(run).metrics)) return [];
  return (await readRun(run)).metrics;
}

const TAIL_BYTES = 16_384;

/** The newest values of a log that is being written, from its end alone. */
export async function lastValues(run: string): Promise<Partial<Pick<SweepRun, 'step' | 'epoch' | 'final'>>> {
  const path = runPaths(run).metrics;
  if (!existsSync(path)) return {};
  const file = await open(path);
  try {
    const { size } = await file.stat();
    const from = Math.max(0, size - TAIL_BYTES);
    const { buffer, bytesRead } = await file.read(Buffer.alloc(size - from), 0, size - from, from);
    // The first line is the header or cut, and the last may be being written.
    const lines = buffer.toString('utf8', 0, bytesRead).split('\n').slice(1, -1);
    const final: Record<string, MeasuredValue> = {};
    let at: { step: number; epoch: number } | undefined;
    for (const line of lines) {
      const record = decodeRecord(line);
      if (record.kind !== 'metrics') continue;
      at = { step: record.step, epoch: record.epoch };
      for (const [key, value] of Object.entries(record.values)) final[key] = { value, ...at };
    }
    return at === undefined ? {} : { ...at, final };
  } finally {
    await file.close();
  }
}

/** The process that trains in a folder, if it is at work: one that a sweep before had left behind.
 *  Where /proc is there, a process of another program with the same number is told apart. */
export function workingProcess(folder: string): number | undefined {
  const path = join(folder, 'process.json');
  if (!existsSync(path)) return undefined;
  const { pid } = JSON.parse(readFileSync(path, 'utf8')) as { pid: number };
  try {
    process.kill(pid, 0);
  } catch {
    return undefined; // no such process, or another user's
  }
  const commandLine = `/proc/${pid}/cmdline`;
  if (
    existsSync('/proc/self/cmdline') &&
    !(existsSync(commandLine) && readFileSync(commandLine, 'utf8').includes(folder))
  )
    return undefined;
  return pid;
}
