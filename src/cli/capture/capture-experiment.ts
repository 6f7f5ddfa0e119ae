// `sconce capture`: runs an experiment's training captured until its steps were replayed, and tells what became of them.

import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { runPaths } from '../../tracking/run-format.ts';
import type { ExplainedPart } from '../../trainer/loop/captured-part.ts';
import { CaptureEnd, TrainingRun } from '../../trainer/run/run.ts';
import { prepareProgram } from '../program-of-run.ts';

/** Trains in a folder that goes again, as far as it takes.
 *  @param settings - `name=value` texts.  @param replays - of each part, timed.
 *  @returns the parts of a step; one that cannot be captured has its reason.
 *  @throws {Error} for an experiment or settings that cannot be run, and for a program that fits no trainer or ends too soon. */
export async function captureExperiment(
  entry: string,
  settings: readonly string[],
  replays: number,
): Promise<readonly ExplainedPart[]> {
  if (!existsSync(resolve(entry)))
    throw new Error(`Cannot capture "${entry}": expected a file with an experiment, got none there`);
  const folder = await mkdtemp(join(tmpdir(), 'sconce-capture-'));
  try {
    await mkdir(runPaths(folder).code, { recursive: true });
    const program = await prepareProgram(entry, settings, folder);
    for (const warning of program.warnings) console.error(`warning: ${warning}`);
    await program.run(new TrainingRun(folder, { isResumed: false, captureReplays: replays }));
  } catch (error) {
    if (error instanceof CaptureEnd) return error.parts;
    throw error;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  throw new Error(
    `Cannot capture "${entry}": expected a program that fits a trainer made with \`run\` until its steps were replayed ${replays} times, got one that ended before; give it more epochs or fewer --replays`,
  );
}
