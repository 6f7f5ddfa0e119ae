// Checkpoints of multimodal_insight_engine's `CheckpointManager`.

import { type ConvertedCheckpoint, holdsAnything } from '../lightning.ts';
import { isDict, type StoredDict } from '../stored.ts';
import { checkpointOf, clocksOf, countUnder, historyOf, listOf } from './conversion.ts';

const system = 'multimodal_insight_engine';

export function isInsightEngine(value: StoredDict): boolean {
  return ['model_state_dict', 'optimizer_state_dict', 'current_epoch', 'global_step'].every((key) => key in value);
}

/** Their `current_epoch` is the epoch that was just done. */
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
    },
    system,
  );
  const known = [
    'model_state_dict',
    'optimizer_state_dict',
    'scheduler_state_dict',
    'current_epoch',
    'global_step',
    'history',
  ];
  // What ranked and what waited there depends on a trainer of theirs.
  return {
    value: checkpoint,
    dropped: Object.keys(value).filter((key) => !known.includes(key) && holdsAnything(value[key])),
  };
}

/** Lists by name as one record an epoch: of those that have a value for each. */
function epochsOf(history: unknown, numEpochs: number): StoredDict[] {
  const lists = Object.entries(isDict(history) ? history : {}).filter(
    (entry): entry is [string, unknown[]] => Array.isArray(entry[1]) && entry[1].length === numEpochs,
  );
  return Array.from({ length: numEpochs }, (_, i) => Object.fromEntries(lists.map(([name, list]) => [name, list[i]])));
}
