// `sconce evaluate`: the validation of a run's own program with the weights of one of its checkpoints.

import { existsSync } from 'node:fs';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { runPaths } from '../tracking/run-format.ts';
import { EvaluationEnd, TrainingRun } from '../trainer/run/run.ts';
import { readAsked } from './asked.ts';
import { reopenProgram } from './program-of-run.ts';

/** What was measured, and of what. Paths as the user would write them. */
export interface RunEvaluation {
  readonly run: string;
  readonly checkpoint: string;
  readonly values: Readonly<Record<string, number>>;
}

/** Evaluates; nothing in the run's folder changes.
 *  @param target - a run's folder, or one of its checkpoints.
 *  @param checkpoint - `best`, `latest`, or a file. Default: the best one, or the latest where none is best.
 *  @throws {Error} for what is no run, and for a program that fits no trainer. */
export async function evaluateRun(target: string, checkpoint?: string): Promise<RunEvaluation> {
  const isFile = /\.(?:ckpt|pt|pth)$/.test(target);
  if (isFile && checkpoint !== undefined)
    throw new Error(`Cannot evaluate "${target}": expected a run's folder beside --checkpoint, got a checkpoint`);
  const folder = resolve(isFile ? join(dirname(resolve(target)), '..') : target);
  const asked = await readAsked(folder, 'evaluate');
  const path = isFile ? existing(target, [resolve(target)]) : findCheckpoint(target, folder, checkpoint);
  const program = await reopenProgram(folder, asked);
  const run = new TrainingRun(folder, { isResumed: true, evaluate: { checkpoint: path } });
  try {
    await program.run(run);
  } catch (error) {
    if (!(error instanceof EvaluationEnd)) throw error;
    return { run: shown(folder), checkpoint: shown(path), values: error.values };
  }
  throw new Error(
    `Cannot evaluate "${target}": expected a program that fits a trainer made with \`run\`, got one that did not`,
  );
}

function findCheckpoint(target: string, folder: string, wanted: string | undefined): string {
  const { checkpoints } = runPaths(folder);
  const named = (name: string): string => join(checkpoints, `${name}.ckpt`);
  if (wanted === undefined) return existing(target, [named('best'), named('latest')]);
  if (wanted === 'best' || wanted === 'latest') return existing(target, [named(wanted)]);
  return existing(target, [resolve(wanted), join(checkpoints, basename(wanted))]);
}

/** @throws {Error} where none of them is there. */
function existing(target: string, paths: readonly string[]): string {
  const found = paths.find((path) => existsSync(path));
  if (found !== undefined) return found;
  throw new Error(`Cannot evaluate "${target}": expected a checkpoint, got none at ${paths.map(shown).join(' or ')}`);
}

const shown = (path: string): string => relative(process.cwd(), path) || '.';
