// Runs experiments: `sconce train` makes a run's folder for one, `sconce resume` goes on with the program that lies in such a folder.

import { existsSync } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { join, relative, resolve } from 'node:path';
import { noteMoved } from '../data/workers/bundle.ts';
import { InterruptedError } from '../errors.ts';
import { describeFinding } from '../tracking/diagnosis/finding.ts';
import { printProfile } from '../tracking/profile/profile-table.ts';
import { runPaths } from '../tracking/run-format.ts';
import { readSummary } from '../tracking/summary.ts';
import type { RestoreOptions } from '../trainer/checkpoint/state.ts';
import { requeueJob } from '../trainer/preemption/slurm.ts';
import { exitCodeOf } from '../trainer/preemption/stop-watch.ts';
import { type RunEnd, type RunReport, TrainingRun } from '../trainer/run/run.ts';
import { readAsked } from './asked.ts';
import { changesOf } from './configuration-changes.ts';
import { messageOf } from './describe-error.ts';
import { codePath } from './experiment-bundle.ts';
import { prepareProgram, type RunProgram, reopenProgram } from './program-of-run.ts';
import { fromPrimary, isPrimaryRank } from './ranks/from-primary.ts';
import { runBegunBefore, startedBy } from './run-of-job.ts';
import { noteProcess, requireNotRunning, startingFolder } from './run-process.ts';

/** Trains a new run; where SLURM has started this job again, or a launcher its ranks, goes on with the run that had begun.
 *  @param settings - `name=value` texts.  @param runsFolder - where the run's folder is made.
 *  @param options.traceBatches - how many batches are traced into the run's folder; default none.
 *  @throws {Error} for an experiment or settings that cannot be run; nothing is left of the run then. */
export async function trainExperiment(
  entry: string,
  settings: readonly string[],
  runsFolder: string,
  options: TrainOptions = {},
): Promise<void> {
  const file = resolve(entry);
  if (!existsSync(file)) throw new Error(`Cannot run "${entry}": expected a file with an experiment, got none there`);
  await trainProgram((folder) => prepareProgram(entry, settings, folder), runsFolder, options);
}

export interface TrainOptions {
  readonly traceBatches?: number | undefined;
}

/** The same for a program that is made ready otherwise.  @param prepare - makes it ready in the folder of a run that begins. */
export async function trainProgram(
  prepare: (folder: string) => Promise<RunProgram>,
  runsFolder: string,
  { traceBatches }: TrainOptions = {},
): Promise<void> {
  let prepared: PreparedRun | undefined; // in the process that makes the folder
  const begun = await fromPrimary(async () => {
    const made = await beginRun(prepare, runsFolder);
    if (typeof made === 'string') return { folder: made, isBegun: true };
    prepared = made;
    return { folder: made.folder, isBegun: false };
  });
  if (begun === undefined) return;
  if (begun.isBegun) return resumeExperiment(begun.folder);
  const { folder, program } = prepared ?? (await joinRun(begun.folder));
  await play(
    program,
    new TrainingRun(folder, { isResumed: false, ...(traceBatches === undefined ? {} : { traceBatches }) }),
  );
}

/** A run's folder with its program in it. */
interface PreparedRun {
  readonly folder: string;
  readonly program: RunProgram;
}

/** Makes the folder of a new run. Where a job or a launch that has begun a run is started again: gives the folder of that one. */
async function beginRun(
  prepare: (folder: string) => Promise<RunProgram>,
  runsFolder: string,
): Promise<PreparedRun | string> {
  const started = new Date();
  // The experiment says its name when it is imported, which takes a place to import it from.
  const starting = await startingFolder(runsFolder);
  try {
    await mkdir(runPaths(starting).code, { recursive: true });
    const program = await prepare(starting);
    const begun = await runBegunBefore(runsFolder, program.asked);
    if (begun !== undefined) {
      console.error(`${begun.by} again: going on with ${shown(begun.folder)}`);
      return begun.folder;
    }
    const folder = await nameRun(starting, runName(program.name, started));
    noteMoved(starting, folder);
    await new TrainingRun(folder, { isResumed: false }).create({ ...program.asked, ...startedBy() });
    console.error(`Run: ${shown(folder)}`);
    return { folder, program };
  } finally {
    await rm(starting, { recursive: true, force: true });
  }
}

/** The run that the first rank has made, as another rank finds it. */
async function joinRun(folder: string): Promise<PreparedRun> {
  if (!existsSync(folder)) {
    throw new Error(
      `Cannot train: expected the run's folder ${folder}, which the first rank has made, got none there; all machines need the disk that it lies on`,
    );
  }
  return { folder, program: await reopenProgram(folder, await readAsked(folder, 'train')) };
}

/** Goes on with a run from its newest checkpoint, with the program that it was started with. A run that is finished stays as it is.
 *  @param restore - what to do where checkpoint and program do not have the same parts. */
export async function resumeExperiment(runFolder: string, restore: RestoreOptions = {}): Promise<void> {
  const folder = resolve(runFolder);
  const found = await fromPrimary(async () => {
    const asked = await readAsked(runFolder, 'resume');
    if (asked.multidataset === undefined && !existsSync(codePath(folder))) {
      throw new Error(
        `Cannot resume "${runFolder}": expected the run's program at ${shown(codePath(folder))}, got none there`,
      );
    }
    if ((await readSummary(folder))?.status === 'finished') {
      console.error(`Finished already: ${shown(folder)}`);
      return { isFinished: true };
    }
    await requireNotRunning(folder);
    const changes = await changesOf(asked);
    if (changes.length > 0)
      console.error(
        `${shown(resolve(String(asked.entry)))} has changed since the run began, which goes on as it was:\n  ${changes.join('\n  ')}`,
      );
    return { isFinished: false };
  });
  if (found === undefined || found.isFinished) return;
  const { program } = await joinRun(folder);
  await play(program, new TrainingRun(folder, { isResumed: true, restore }));
}

/** Notes the process in the run's folder while it trains. */
async function play(program: RunProgram, run: TrainingRun): Promise<void> {
  if (!isPrimaryRank()) return trainBeside(program, run);
  const forgetProcess = await noteProcess(run.folder);
  try {
    await trainAndFinish(program, run);
  } finally {
    await forgetProcess();
  }
}

/** Trains as another rank than the first, which says and writes everything for all. */
async function trainBeside(program: RunProgram, run: TrainingRun): Promise<void> {
  try {
    await program.run(run);
  } catch (error) {
    if (!(error instanceof InterruptedError)) throw error;
    process.exitCode = exitCodeOf(error.signal);
  }
}

async function trainAndFinish(program: RunProgram, run: TrainingRun): Promise<void> {
  let report: RunReport | undefined;
  for (const warning of program.warnings) console.error(`warning: ${warning}`);
  try {
    report = await program.run(run);
  } catch (error) {
    const message = messageOf(error);
    if (!(error instanceof InterruptedError)) {
      await finishFailed(run, { status: 'failed', exitCode: 1, message });
      throw error;
    }
    process.exitCode = exitCodeOf(error.signal);
    await finishFailed(run, { status: 'interrupted', exitCode: process.exitCode, message: error.signal });
    console.error(`${message}\nGo on with: npx sconce resume ${shown(run.folder)}`);
    // The last thing of all: SLURM ends the job's processes for it.
    const requeued = run.requeuesJob ? await requeueJob(error.signal) : undefined;
    if (requeued !== undefined) console.error(requeued);
    return;
  }
  const path = await run.finish({ status: 'finished', exitCode: 0, ...(report ? { report } : {}) });
  if (run.profile) console.error(printProfile(run.profile()));
  const told = run.diagnosis.filter(({ severity }) => severity !== 'note');
  if (told.length > 0)
    console.error(
      ['How it went:', ...told.map((finding) => `  ${finding.severity}: ${describeFinding(finding)}`)].join('\n'),
    );
  console.error(path === undefined ? `Finished ${shown(run.folder)}` : `Finished. Report: ${shown(path)}`);
}

/** Writes how a run ended that did not end well. That this fails too, on a full disk for example, must not hide why. */
async function finishFailed(run: TrainingRun, end: RunEnd): Promise<void> {
  try {
    await run.finish(end);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    if (message !== end.message) console.error(message); // the same disk is full
  }
}

/** `emoji-clip-20261122-101500`. */
function runName(name: string, date: Date): string {
  const stamp = date.toISOString().replace(/[-:]/g, '').replace('T', '-').slice(0, 15);
  return `${name}-${stamp}`;
}

/** Gives a run's folder its name, with a number behind it where a second has more than one run. */
async function nameRun(starting: string, name: string): Promise<string> {
  for (let number = 1; ; number++) {
    const folder = join(starting, '..', number === 1 ? name : `${name}-${number}`);
    try {
      // Fails for a name that is taken: no run's folder is empty.
      await rename(starting, folder);
      return folder;
    } catch (error) {
      const isTaken = error instanceof Error && 'code' in error && ['ENOTEMPTY', 'EEXIST'].includes(String(error.code));
      if (!isTaken) throw error;
    }
  }
}

/** A path as the user would write it. */
function shown(path: string): string {
  return relative(process.cwd(), path) || '.';
}
