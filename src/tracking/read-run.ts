// Reads a run's folder: the log, the configuration and the summary, as plots, reports and commands need them.
import { readFile } from 'node:fs/promises';
import type { FigureRecord, HistogramRecord, ImageRecord, MatrixRecord, TextRecord } from './data-records.ts';
import { type EventRecord, type HeaderRecord, type MetricsRecord, runPaths } from './run-format.ts';
import { parseLog } from './run-log.ts';
import { type RunSummary, readSummary } from './summary.ts';

/** A run as its folder tells it. */
export interface Run {
  readonly folder: string;
  readonly header: HeaderRecord;
  readonly metrics: readonly MetricsRecord[];
  readonly events: readonly EventRecord[];
  readonly histograms: readonly HistogramRecord[];
  readonly matrices: readonly MatrixRecord[];
  /** Pictures that were logged, files in `media/`. */
  readonly media: readonly (ImageRecord | FigureRecord)[];
  readonly texts: readonly TextRecord[];
  /** What `config.json` holds; undefined where there is none. */
  readonly config: unknown;
  /** Undefined while the run goes on and after it was killed. */
  readonly summary: RunSummary | undefined;
  /** Whether the log's last line is cut off: its writer was killed, or is about to write the rest. */
  readonly isTorn: boolean;
}

/** One metric over a run: `values[i]` was measured at `steps[i]`. */
export interface MetricSeries {
  readonly steps: readonly number[];
  readonly values: readonly number[];
}

/** Reads the run in `folder`; one that is still being written gives what is there so far.
 *  @throws {Error} if there is no log.  @throws {SyntaxError} if a file is damaged or of a newer version. */
export async function readRun(folder: string): Promise<Run> {
  const paths = runPaths(folder);
  const text = await readIfPresent(paths.metrics);
  if (text === undefined) throw new Error(`Cannot read run "${folder}": expected a file metrics.jsonl, got none`);
  const { header, records, torn } = parseLog(text, paths.metrics);
  const configText = await readIfPresent(paths.config);
  return {
    folder,
    header,
    metrics: records.filter((record) => record.kind === 'metrics'),
    events: records.filter((record) => record.kind === 'event'),
    histograms: records.filter((record) => record.kind === 'histogram'),
    matrices: records.filter((record) => record.kind === 'matrix'),
    media: records.filter((record) => record.kind === 'image' || record.kind === 'figure'),
    texts: records.filter((record) => record.kind === 'text'),
    config: configText === undefined ? undefined : JSON.parse(configText),
    summary: await readSummary(folder),
    isTorn: torn !== '',
  };
}

/** The names of all metrics of a run, in the order in which they first appeared. */
export function metricKeys(run: Pick<Run, 'metrics'>): string[] {
  const keys = new Set<string>();
  for (const record of run.metrics) for (const key in record.values) keys.add(key);
  return [...keys];
}

/** The values of one metric with their steps; empty where the run has no such metric. */
export function metricSeries(run: Pick<Run, 'metrics'>, key: string): MetricSeries {
  const steps: number[] = [];
  const values: number[] = [];
  for (const record of run.metrics) {
    const value = record.values[key];
    if (value === undefined) continue;
    steps.push(record.step);
    values.push(value);
  }
  return { steps, values };
}

async function readIfPresent(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}
