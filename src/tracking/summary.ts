// `summary.json`: how a run ended, with its final and best metrics, durations, counts and versions.
import { readFile, rename, writeFile } from 'node:fs/promises';
import { z } from 'zod';
import type { Finding } from './diagnosis/finding.ts';
import type { Environment } from './environment.ts';
import type { RunProfile } from './profile/run-profile.ts';
import { runProfileSchema } from './profile/run-profile-schema.ts';
import { type Clocks, encodeValues, type MetricsRecord, runPaths } from './run-format.ts';

/** The version of summary.json that this package writes, and the newest that it reads. */
export const SUMMARY_VERSION = 1;

/** Which direction of a metric is better. */
export type BestMode = 'min' | 'max';

const nonFinite = z.enum(['NaN', 'Infinity', '-Infinity']).transform(Number);
const measured = z.object({ value: z.union([z.number(), nonFinite]), step: z.number(), epoch: z.number() });
const environmentSchema = z.object({
  node: z.string(),
  system: z.string(),
  cpu: z.string(),
  cores: z.number(),
  memoryBytes: z.number(),
  command: z.array(z.string()),
  gitCommit: z.string().optional(),
  libtorch: z.object({ version: z.string(), source: z.string(), threads: z.number() }).optional(),
  packages: z.record(z.string(), z.string()),
});
const findingSchema = z.object({
  rule: z.string(),
  severity: z.enum(['note', 'warning', 'critical']),
  message: z.string(),
  advice: z.string().optional(),
});
const summarySchema = z.object({
  format: z.literal('sconce-summary'),
  version: z.number().max(SUMMARY_VERSION),
  status: z.enum(['finished', 'interrupted', 'failed']),
  exitCode: z.number(),
  message: z.string().optional(),
  startedAt: z.string(),
  endedAt: z.string(),
  clocks: z.object({ step: z.number(), microStep: z.number(), epoch: z.number() }),
  final: z.record(z.string(), measured),
  best: z.record(z.string(), measured.extend({ mode: z.enum(['min', 'max']) })),
  durations: z.object({
    totalMs: z.number(),
    setupMs: z.number().optional(),
    trainMs: z.number().optional(),
    dataWaitMs: z.number().optional(),
    validationMs: z.number().optional(),
    checkpointMs: z.number().optional(),
    epochsMs: z.array(z.number()),
  }),
  counts: z.record(z.string(), z.number()),
  profile: runProfileSchema.optional(),
  advice: z.array(findingSchema).optional(),
  diagnosis: z.array(findingSchema).optional(),
  environment: environmentSchema,
});

/** A metric's value with the point of the run at which it was measured. */
export interface MeasuredValue {
  readonly value: number;
  readonly step: number;
  readonly epoch: number;
}

/** Where the time went. What was not measured is left out; the parts need not add up to the total. */
export interface RunDurations {
  readonly totalMs: number;
  /** From the start of the process to the first step. */
  readonly setupMs?: number | undefined;
  /** Inside training steps, waiting for data included. */
  readonly trainMs?: number | undefined;
  /** Waiting for the next batch. */
  readonly dataWaitMs?: number | undefined;
  readonly validationMs?: number | undefined;
  readonly checkpointMs?: number | undefined;
  /** Each epoch from its first step to the end of its validation. */
  readonly epochsMs: readonly number[];
}

/** How a run ended. */
export interface RunSummary {
  readonly status: 'finished' | 'interrupted' | 'failed';
  readonly exitCode: number;
  /** Why the run failed or was interrupted. */
  readonly message?: string | undefined;
  /** ISO 8601, as in `2026-11-22T10:00:00.000Z`. */
  readonly startedAt: string;
  readonly endedAt: string;
  readonly clocks: Clocks;
  /** The last value of every metric. */
  readonly final: Readonly<Record<string, MeasuredValue>>;
  /** The best value of the metrics that have a better direction. */
  readonly best: Readonly<Record<string, MeasuredValue & { readonly mode: BestMode }>>;
  readonly durations: RunDurations;
  /** Whole numbers by name, such as `parameters`, `trainSamples`. */
  readonly counts: Readonly<Record<string, number>>;
  /** Where the time of the last process went, if that was measured. */
  readonly profile?: RunProfile | undefined;
  /** What to do about it. */
  readonly advice?: readonly Finding[] | undefined;
  /** What the metrics say about how the run went, the worst first. */
  readonly diagnosis?: readonly Finding[] | undefined;
  readonly environment: Environment;
}

/** The last value of every metric in `records`, in the order in which the metrics first appeared. An epoch's summary, which says again what was measured, is left out. */
export function finalMetrics(records: readonly MetricsRecord[]): Record<string, MeasuredValue> {
  const final = new Map<string, MeasuredValue>();
  for (const { step, epoch, values } of records) {
    for (const [key, value] of Object.entries(values)) {
      if (!key.startsWith('epoch_summary/')) final.set(key, { value, step, epoch });
    }
  }
  return Object.fromEntries(final);
}

/** The best value of each metric that `modes` names, the earliest of equals. NaN is never best; a metric without any other value is left out. */
export function bestMetrics(
  records: readonly MetricsRecord[],
  modes: Readonly<Record<string, BestMode>>,
): Record<string, MeasuredValue & { mode: BestMode }> {
  const best = new Map<string, MeasuredValue & { mode: BestMode }>();
  for (const { step, epoch, values } of records) {
    for (const [key, mode] of Object.entries(modes)) {
      const value = values[key];
      if (value === undefined || Number.isNaN(value)) continue;
      const previous = best.get(key);
      const isBetter = previous === undefined || (mode === 'min' ? value < previous.value : value > previous.value);
      if (isBetter) best.set(key, { value, step, epoch, mode });
    }
  }
  return Object.fromEntries(best);
}

/** Writes `summary.json` in the run's folder; a reader sees the old file or the new one, never half of one. */
export async function writeSummary(folder: string, summary: RunSummary): Promise<void> {
  const { final, best, ...rest } = summary;
  const file = {
    format: 'sconce-summary',
    version: SUMMARY_VERSION,
    ...rest,
    final: encodeMeasured(final),
    best: encodeMeasured(best),
  };
  const path = runPaths(folder).summary;
  await writeFile(`${path}.tmp`, `${JSON.stringify(file, null, 2)}\n`);
  await rename(`${path}.tmp`, path);
}

/** Reads `summary.json` of the run in `folder`; undefined if there is none (the run goes on, or was killed).
 *  @throws {SyntaxError} if the file is not a summary that this version reads. */
export async function readSummary(folder: string): Promise<RunSummary | undefined> {
  const path = runPaths(folder).summary;
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
  const parsed = summarySchema.safeParse(JSON.parse(text));
  if (!parsed.success) throw new SyntaxError(`Cannot read ${path}: ${z.prettifyError(parsed.error)}`);
  const { format: _format, version: _version, ...summary } = parsed.data;
  return summary;
}

function encodeMeasured(entries: Readonly<Record<string, MeasuredValue>>): Record<string, object> {
  return Object.fromEntries(
    Object.entries(entries).map(([key, entry]) => [key, { ...entry, ...encodeValues({ value: entry.value }) }]),
  );
}
