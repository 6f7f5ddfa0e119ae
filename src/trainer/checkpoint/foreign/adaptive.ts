// Checkpoints of adaptiveneuralnetwork: of its `Trainer`, and of the older `TrainingLoop`, which has its configuration beside.

import { type ConvertedCheckpoint, holdsAnything } from '../lightning.ts';
import { isDict, type StoredDict } from '../stored.ts';
import { checkpointOf, clocksOf, countUnder, historyOf, listOf, stepsIn } from './conversion.ts';

const system = 'adaptiveneuralnetwork';

export function isAdaptive(value: StoredDict): boolean {
  return ['model_state_dict', 'optimizer_state_dict', 'epoch', 'metrics_history'].every((key) => key in value);
}

/** Their `epoch` is the one that was started last, and is done when they save. They count no updates: the optimizer's own count stands for it. What a user
 *  had added beside is `extra` here. */
export function fromAdaptive(value: StoredDict, path: string): ConvertedCheckpoint {
  const {
    model_state_dict,
    optimizer_state_dict,
    epoch: _,
    metrics_history,
    scaler_state_dict,
    config,
    ...extra
  } = value;
  const optimizers = listOf(optimizer_state_dict);
  const step = stepsIn(optimizers) ?? 0;
  const epoch = countUnder(value, 'epoch', { path, system }) + 1;
  const checkpoint = checkpointOf(
    {
      model_state_dict,
      optimizer_state_dicts: optimizers,
      scheduler_state_dicts: [],
      scaler: holdsAnything(scaler_state_dict) ? [scaler_state_dict] : null,
      clocks: clocksOf({ step, epoch, numOptimizers: optimizers.length }),
      metrics: { history: historyOf(listOf(metrics_history).filter(isDict)) },
      hyper_parameters: isDict(config) ? config : {},
      extra,
    },
    system,
  );
  return { value: checkpoint, dropped: [] };
}
