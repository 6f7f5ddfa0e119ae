// Checkpoints of multimodal_insight_engine's `CheckpointManager`.

import type { ConvertedCheckpoint } from '../lightning.ts';
import { isDict, type StoredDict } from '../stored.ts';
import { checkpointOf, clocksOf, countUnder, historyOf, listOf } from './conversion.ts';

const system = 'multimodal_insight_engine';

export function isInsightEngine(value: StoredDict): boolean {
  return ['model_state_dict', 'optimizer_state_dict', 'current_epoch', 'global_step'].every((key) => key in value);
}

/** Where our checkpoints have, under `extra`, what theirs keep beside states: current_epoch, global_step, best_val_metric, patience_counter and history. */
export const TRAINING_STATE = 'training_state';

const STATES = ['model_state_dict', 'optimizer_state_dict', 'scheduler_state_dict'];
const COUNTS = ['current_epoch', 'global_step', 'best_val_metric', 'patience_counter', 'history'];

/** Their `current_epoch` is the epoch that was just done. What somebody had added to a file of theirs is `extra` here. */
export function fromInsightEngine(value: StoredDict, path: string): ConvertedCheckpoint {
  const epoch = countUnder(value, 'current_epoch', { path, system }) + 1;
  const step = countUnder(value, 'global_step', { path, system });
  const optimizers = listOf(value.optimizer_state_dict);
  const checkpoint = checkpointOf(
    {
      model_state_dict: value.model_state_dict,
      optimizer_state_dicts: optimizers,
      scheduler_state_dicts: listOf(value.scheduler_state_dict),
      clocks: clocksOf({ step, epoch, numOptimizers: optimizers.length }),
      metrics: { history: historyOf(epochsOf(value.history, epoch)) },
      extra: {
        ...Object.fromEntries(Object.entries(value).filter(([key]) => ![...STATES, ...COUNTS].includes(key))),
        [TRAINING_STATE]: Object.fromEntries(COUNTS.flatMap((key) => (key in value ? [[key, value[key]]] : []))),
      },
    },
    system,
  );
  return { value: checkpoint, dropped: [] };
}

/** Lists by name as one record an epoch: of those that have a value for each. */
function epochsOf(history: unknown, numEpochs: number): StoredDict[] {
  const lists = Object.entries(isDict(history) ? history : {}).filter(
    (entry): entry is [string, unknown[]] => Array.isArray(entry[1]) && entry[1].length === numEpochs,
  );
  return Array.from({ length: numEpochs }, (_, i) => Object.fromEntries(lists.map(([name, list]) => [name, list[i]])));
}
