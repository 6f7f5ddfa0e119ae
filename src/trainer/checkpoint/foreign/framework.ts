// Checkpoints of model-training-framework, format version 1.

import { CheckpointError } from '../../../errors.ts';
import { Tensor } from '../../../tensor/tensor.ts';
import { type ConvertedCheckpoint, holdsAnything } from '../lightning.ts';
import { isDict, type StoredDict } from '../stored.ts';
import { checkpointOf, clocksOf, countUnder, historyOf, listOf } from './conversion.ts';

const system = 'model-training-framework';

export function isFramework(value: StoredDict): boolean {
  return 'format_version' in value && 'model_state_dict' in value && 'global_step' in value;
}

/** Their file inside an epoch has a position that means nothing to our loaders: the epoch is begun again. One of an epoch's end counts that epoch as
 *  running still, which it does not here: theirs stepped its schedules a second time.
 *  @throws {CheckpointError} for another version than 1. */
export function fromFramework(value: StoredDict, path: string): ConvertedCheckpoint {
  if (value.format_version !== 1)
    throw new CheckpointError(
      `Cannot read "${path}", a checkpoint of ${system}: expected format version 1, got ${String(value.format_version)}`,
      { path },
    );
  // Files from before there were several optimizers have one state and no list.
  const optimizers = listOf(value.optimizer_state_dicts ?? value.optimizer_state_dict);
  const schedulers = listOf(value.scheduler_state_dicts ?? value.scheduler_state_dict).filter(
    (state) => state !== null,
  );
  const epoch = countUnder(value, 'epoch', { path, system }) + (endsEpoch(value) ? 1 : 0);
  const step = countUnder(value, 'global_step', { path, system });
  const scaler = value.amp_scaler_state;
  const rng = isDict(value.rng_states) ? value.rng_states.torch_cpu : undefined;
  const checkpoint = checkpointOf(
    {
      model_state_dict: value.model_state_dict,
      optimizer_state_dicts: optimizers,
      scheduler_state_dicts: schedulers,
      // Theirs is one for all optimizers.
      scaler: holdsAnything(scaler) ? optimizers.map(() => scaler) : null,
      rng: rng instanceof Tensor ? { torch_cpu: rng } : null,
      clocks: clocksOf({ step, epoch, numOptimizers: optimizers.length }),
      metrics: { history: historyOf(listOf(value.metrics_history).filter(isDict)) },
      hyper_parameters: isDict(value.config_snapshot) ? value.config_snapshot : {},
    },
    system,
  );
  const known = ['format_version', 'save_timestamp', 'epoch', 'global_step', 'model_state_dict', 'experiment_name'];
  known.push('optimizer_state_dicts', 'optimizer_state_dict', 'scheduler_state_dicts', 'scheduler_state_dict');
  known.push('amp_scaler_state', 'rng_states', 'metrics', 'metrics_history', 'config_snapshot', 'config');
  return {
    value: checkpoint,
    dropped: Object.keys(value).filter((key) => !known.includes(key) && holdsAnything(value[key])),
  };
}

/** Whether the epoch in the file is done: only then theirs has its metrics, or is behind its schedules. */
function endsEpoch(value: StoredDict): boolean {
  const phase = isDict(value.resume_state) ? String(value.resume_state.phase).toUpperCase() : '';
  return (
    /SCHEDULER_EPOCH_STEP|EPOCH_END/.test(phase) || (holdsAnything(value.metrics) && !/TRAINING_COMPLETE/.test(phase))
  );
}
