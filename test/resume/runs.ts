// Runs of experiment.ts in processes of their own, and the comparison of two of them.
import { mkdtempSync, readdirSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect } from 'vitest';
import { verify } from '../../src/cli/verify/verify.ts';
import { load } from '../../src/serial/tensors.ts';
import { type Run, readRun } from '../../src/tracking/index.ts';
import { type Outcome, requireCompiled, runScript, sconce } from '../cli/sconce.ts';
import { differences } from './differences.ts';
import type { OPTIONS } from './experiment.ts';

const experiment = fileURLToPath(new URL('experiment.ts', import.meta.url));

/** The entries of a checkpoint that two equal runs may differ in: when it was written, where, what a clock on the wall has shown, and how it was computed. */
const WALL_CLOCK = [
  'environment.saved_at',
  'environment.run_id',
  'clocks.elapsedSeconds',
  'clocks.validatedAtSeconds',
  'clocks.savedAtSeconds',
  // Which changes no bit of a run.
  'hyper_parameters.performance.captureSteps',
];

/** Where two checkpoints differ, but for the clock on the wall. */
export function lastingDifferences(a: unknown, b: unknown): string[] {
  return differences(a, b).filter((path) => !WALL_CLOCK.includes(path.replace(/\.value$/, '')));
}

export interface EndedRun {
  readonly outcome: Outcome;
  readonly folder: string;
}

/** A folder for the runs of a test file. */
export function runsFolder(): { readonly path: string } {
  const folder = { path: '' };
  beforeAll(async () => {
    await requireCompiled();
    folder.path = realpathSync(mkdtempSync(join(tmpdir(), 'sconce-resume-')));
  });
  afterAll(() => rmSync(folder.path, { recursive: true }));
  return folder;
}

/** Trains in a process of its own.
 *  @param runs - the folder of runs; default a new one.  @param environment - variables beside those of this process. */
export async function trainNew(
  folder: string,
  settings: Partial<typeof OPTIONS> = {},
  { runs = mkdtempSync(join(folder, 'runs-')), environment }: { runs?: string; environment?: NodeJS.ProcessEnv } = {},
): Promise<EndedRun> {
  const set = Object.entries(settings).flatMap(([name, value]) => ['--set', `${name}=${value}`]);
  const outcome = await sconce(['train', experiment, '--runs', runs, ...set], folder, environment);
  const [name] = readdirSync(runs);
  return { outcome, folder: join(runs, name ?? '') };
}

/** Goes on with runs in one new process, one after the other. */
export async function resumeAll(runs: readonly string[], folder: string): Promise<Outcome> {
  return runScript(fileURLToPath(new URL('resume-all.mjs', import.meta.url)), runs, folder);
}

export const lastCheckpoint = (run: string): Promise<unknown> =>
  load(join(run, 'checkpoints', 'latest.ckpt'), { keepFloats: true });

/** Names of a run's checkpoints, oldest first. */
export const checkpointNames = (run: string): string[] =>
  readdirSync(join(run, 'checkpoints'))
    .filter((name) => /^epoch.*\.ckpt$/.test(name))
    .sort();

/** What was measured, without the time at which, that steps took, and what was taken of the machine. */
export const measured = ({ metrics }: Run): object[] =>
  metrics.flatMap(({ time: _time, values, ...rest }) => {
    const lasting = Object.entries(values).filter(([name]) => !/^(profile|system)\//.test(name));
    return lasting.length === 0 ? [] : [{ ...rest, values: Object.fromEntries(lasting) }];
  });

/** What a run's log warns of. */
export const warningsOf = ({ events }: Run): string[] =>
  events.flatMap((event) => (event.event === 'warning' ? [event.message] : []));

/** Expects that a run has ended as another has: every entry of its last checkpoint and every record of its log. */
export async function expectSameEnd(run: string, reference: string): Promise<void> {
  const records = (await readRun(reference)).metrics.flatMap(({ values }) => Object.values(values));
  expect(records.every(Number.isFinite)).toBe(true); // everything is equal where everything is NaN
  expect(lastingDifferences(await lastCheckpoint(run), await lastCheckpoint(reference))).toEqual([]);
  expect(measured(await readRun(run))).toEqual(measured(await readRun(reference)));
  await expectTidy(run);
}

/** Expects that a run's folder has checkpoints that verify, links to them, and nothing that a save has left behind. */
export async function expectTidy(run: string): Promise<void> {
  const folder = join(run, 'checkpoints');
  const others = readdirSync(folder).filter((name) => !/^epoch_\d.*\.ckpt(\.abandoned)?$/.test(name));
  expect(others.filter((name) => !['best.ckpt', 'latest.ckpt'].includes(name))).toEqual([]);
  const files = await verify(folder);
  expect(files.length).toBeGreaterThan(0);
  expect(files.filter(({ problem }) => problem !== undefined)).toEqual([]);
}
