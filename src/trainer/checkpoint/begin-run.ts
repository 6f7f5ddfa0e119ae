// How a fit begins: from the newest checkpoint, from one that is named, with the weights of another file, or anew.

import type { Module } from '../../nn/module.ts';
import { manualSeed } from '../../tensor/generator.ts';
import type { GenericTrainerConfig, ResolvedConfig } from '../config/types.generated.ts';
import { resumeSource } from '../preemption/resume-source.ts';
import type { Ranks } from '../ranks/ranks.ts';
import type { TrainingRun } from '../run/run.ts';
import type { CheckpointManager, ResumedCheckpoint } from './checkpoint-manager.ts';
import type { RestoreOptions } from './state.ts';
import { describeWarmStart, type WeightsLoader, warmStart } from './warm-start.ts';

export interface BeginOptions {
  readonly model: Module;
  readonly config: ResolvedConfig;
  readonly checkpoints: CheckpointManager | undefined;
  readonly ranks: Ranks;
  /** Whether nothing was trained yet. */
  readonly isStart: boolean;
  readonly run: TrainingRun | undefined;
  /** `resumeFromCheckpoint` of the fit. */
  readonly wanted: string | undefined;
  readonly restore: RestoreOptions;
  /** How weights of another file fit, where that is what is wanted. */
  readonly warmStart: GenericTrainerConfig['warmStart'];
  readonly loader: WeightsLoader | undefined;
  /** What there is to say about it is added. */
  readonly warnings: string[];
}

/** Restores what there is to resume from; else seeds, where this is the start.
 *  @returns the checkpoint that the run goes on from.
 *  @throws {CheckpointError} for one that does not verify or fit, and where it is not clear from which to go on. */
export async function beginRun(options: BeginOptions): Promise<ResumedCheckpoint | undefined> {
  const { model, config, checkpoints, ranks, isStart, run, wanted, restore, loader, warnings } = options;
  // Ranks draw numbers of their own, the first those of a single process.
  if (isStart && config.seed !== undefined) manualSeed(config.seed + ranks.rank);
  const store = checkpoints?.store;
  const { from, warning } = await ranks.decide(async () =>
    resumeSource({
      stored: isStart && store ? (await store.list()).map(({ name }) => store.storage.pathOf(name)) : [],
      folder: store?.folder,
      wanted,
      goesOn: run ? run.isResumed : config.preemption.resumeFromLatestSymlink,
    }),
  );
  if (warning !== undefined && !run) warnings.push(warning); // a resumed run does what everyone expects of it
  if (from === undefined) {
    if (run?.isResumed && isStart) warnings.push('Begun again: the run had not saved a checkpoint yet');
    return undefined;
  }
  if (from !== 'newest' && (options.warmStart !== undefined || loader !== undefined)) {
    const loaded = await warmStart(model, from.path, { ...options.warmStart, loader });
    warnings.push(describeWarmStart(loaded));
    return undefined;
  }
  const resumed = (await checkpoints!.resume(from === 'newest' ? undefined : from.path, restore))!; // there is one to go on from, and a folder for those that follow
  warnings.push(...resumed.warnings);
  return resumed;
}
