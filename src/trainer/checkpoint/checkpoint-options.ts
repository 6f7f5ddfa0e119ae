// What a configuration says to the `CheckpointManager`, in its own terms.

import type { ResolvedConfig } from '../config/types.generated.ts';
import type { CheckpointOptions } from './checkpoint-manager.ts';

export function checkpointOptionsOf(
  { checkpoint, preemption }: Pick<ResolvedConfig, 'checkpoint' | 'preemption'>,
  folder: string,
): CheckpointOptions {
  const without = {
    rng: !checkpoint.saveRng,
    optimizer_state_dicts: !checkpoint.saveOptimizer,
    scheduler_state_dicts: !checkpoint.saveScheduler,
  };
  return {
    folder,
    everySteps: checkpoint.saveEveryNSteps,
    everyEpochs: checkpoint.saveEveryNEpochs,
    everyMinutes: checkpoint.saveEveryNMinutes,
    keepLast: checkpoint.maxCheckpoints,
    keepTopK: checkpoint.keepTopK,
    monitor: checkpoint.monitorMetric,
    mode: checkpoint.monitorMode,
    savesBest: checkpoint.saveBest,
    isAsynchronous: checkpoint.asynchronous,
    maxWaitSeconds: preemption.maxCheckpointSec,
    template: checkpoint.filenameTemplate,
    without: Object.entries(without).flatMap(([name, isLeftOut]) => (isLeftOut ? [name] : [])),
  };
}
