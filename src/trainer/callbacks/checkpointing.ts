// `Checkpointing`: what a run keeps of itself, said by a callback. The run's one checkpoint manager carries it out.

import { basename, dirname } from 'node:path';
import { ConfigError } from '../../errors.ts';
import type { CheckpointOptions } from '../checkpoint/checkpoint-manager.ts';
import { templateProblem } from '../checkpoint/names.ts';
import { describeValue, unknownKeys } from '../config/problems.ts';
import type { Callback } from '../loop/events.ts';
import type { LoopContext } from '../loop/loop-context.ts';

export interface CheckpointingOptions {
  /** Folder and name of the files, as in 'checkpoints/model_{epoch:03d}.ckpt'; a name without `{step}` gets one. Default: the run's own. */
  readonly filepath?: string;
  /** The metric that ranks, as in 'val/loss' or 'val_loss'. Default 'val/loss' with `saveBestOnly` or `saveTopK`, else none. */
  readonly monitor?: string;
  /** Whether less or more of the metric is better. Default 'min'. */
  readonly mode?: 'min' | 'max';
  /** Save where the metric is better than at every save before, and else at the end of the run alone. Default false. */
  readonly saveBestOnly?: boolean;
  /** How many of the best stay, beside the newest. Default: as the configuration says, which is 0. */
  readonly saveTopK?: number;
  /** Epochs between two saves. Default: as the configuration says, which is 1. */
  readonly everyNEpochs?: number;
  /** Optimizer steps between two saves. Default: not by steps. */
  readonly everyNSteps?: number;
}

const OPTIONS = ['filepath', 'monitor', 'mode', 'saveBestOnly', 'saveTopK', 'everyNEpochs', 'everyNSteps'];

/** Says when a run saves, what ranks its checkpoints and which stay, in place of the configuration's `checkpoint`. The files are the run's own ones, from which it
 *  is resumed; there is no second kind. A run has one at most.
 *  @throws {ConfigError} that lists every option that is wrong.
 *  Source: adaptiveneuralnetwork's ModelCheckpoint and model-training-framework's ModelCheckpointHook, which only logs.
 *  @example
 *  import { Checkpointing } from 'sconce/trainer';
 *  new Checkpointing({ filepath: 'checkpoints/model_{epoch}.ckpt', monitor: 'val_loss', saveBestOnly: true }).folder; // 'checkpoints' */
export class Checkpointing implements Callback {
  readonly name = 'Checkpointing';
  /** The folder of the files, where `filepath` says one. */
  readonly folder: string | undefined;
  readonly #options: CheckpointingOptions;
  readonly #saved: string[] = [];

  constructor(options: CheckpointingOptions = {}) {
    const problems = problemsOf(options);
    if (problems.length > 0) throw new ConfigError('make Checkpointing', problems);
    this.#options = options;
    const folder = options.filepath === undefined ? '.' : dirname(options.filepath);
    this.folder = folder === '.' ? undefined : folder;
  }

  /** Files that were saved in this process and may since have been removed for newer ones, oldest first. */
  get saved(): readonly string[] {
    return this.#saved;
  }

  checkpointSaved(_context: LoopContext, path: string): void {
    this.#saved.push(path);
  }

  /** What it says of a checkpoint manager. @internal */
  get managerOptions(): Partial<CheckpointOptions> {
    const { filepath, mode, saveBestOnly = false, saveTopK, everyNEpochs, everyNSteps } = this.#options;
    const monitor = this.#options.monitor ?? (saveBestOnly || saveTopK !== undefined ? 'val/loss' : undefined);
    const given: Partial<CheckpointOptions> = {
      template: filepath === undefined ? undefined : templateOf(filepath),
      ...{ monitor, mode, keepTopK: saveTopK },
      savesBest: monitor === undefined ? undefined : true,
      everyEpochs: saveBestOnly ? Number.POSITIVE_INFINITY : everyNEpochs,
      everySteps: everyNSteps,
    };
    return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
  }
}

function templateOf(filepath: string): string {
  const name = basename(filepath);
  return name.includes('{step') ? name : name.replace(/(\.\w+)?$/, '_step_{step:06d}$1');
}

function problemsOf(options: CheckpointingOptions): string[] {
  const problems = unknownKeys(options, OPTIONS);
  const expect = (isMet: boolean, name: keyof CheckpointingOptions, wanted: string): void => {
    if (options[name] !== undefined && !isMet)
      problems.push(`${name}: expected ${wanted}, got ${describeValue(options[name])}`);
  };
  const { filepath, monitor, mode, saveBestOnly, saveTopK } = options;
  const isText = typeof filepath === 'string' && filepath !== '';
  expect(isText, 'filepath', 'a path');
  const problem = isText ? templateProblem(templateOf(filepath)) : undefined;
  if (problem !== undefined) problems.push(`filepath: ${problem}`);
  expect(typeof monitor === 'string' && monitor !== '', 'monitor', 'the name of a metric');
  expect(mode === 'min' || mode === 'max', 'mode', 'min or max');
  expect(typeof saveBestOnly === 'boolean', 'saveBestOnly', 'true or false');
  expect(Number.isSafeInteger(saveTopK) && saveTopK! >= 0, 'saveTopK', 'an integer from 0 on');
  for (const name of ['everyNEpochs', 'everyNSteps'] as const) {
    expect(Number.isSafeInteger(options[name]) && options[name]! > 0, name, 'an integer above 0');
    expect(saveBestOnly !== true, name, 'none beside saveBestOnly');
  }
  return problems;
}
