// The checkpoint: its top-level keys, and what is put into them so that `torch.load(path, weights_only=True)` opens it and PyTorch's classes take it.
//
// | key                   | what it holds                                                                                        |
// |-----------------------|------------------------------------------------------------------------------------------------------|
// | format, version       | 'sconce' and the version of this table                                                               |
// | model_state_dict      | model.load_state_dict(…)                                                                             |
// | modules               | by name, modules beside the model (a loss that learns or keeps something): module.load_state_dict(…)     |
// | optimizer_state_dicts | a list: optimizers[i].load_state_dict(…)                                                             |
// | scheduler_state_dicts | a list: schedulers[i].load_state_dict(…)                                                             |
// | scaler                | None, or with precision 'fp16-mixed' a list: GradScaler.load_state_dict(…) of each optimizer            |
// | ema                   | None where the run has none; else kind, num_updates, averages by the names of model_state_dict            |
// | gradients             | by parameter name (modules.{name}.… beside the model): gradients of windows that are half full       |
// | loaders               | positions of the loaders after the last batch that was trained on                                    |
// | rng                   | torch_cpu: torch.set_rng_state(…)                                                                    |
// | ranks                 | None, or of several processes a list: what each has of its own of rng, gradients and metrics             |
// | clocks                | counts (step, microStep, epochs completed, …), seconds, and pending micro-batches of each optimizer   |
// | callbacks             | by name                                                                                              |
// | metrics               | unfinished means, the history of epochs, and which checkpoints are best                              |
// | extra                 | what the user puts there                                                                             |
// | hyper_parameters      | the run's configuration                                                                              |
// | environment           | versions, where and when it was written                                                              |

import { CheckpointError } from '../../errors.ts';
import type { AnyOptimizer } from '../../optim/optimizer.ts';
import type { OptimizerStateDict } from '../../optim/state-dict.ts';
import { PyDict, PyFloat, tupleOf } from '../../serial/values.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { migrate, VERSION } from './migrations.ts';

export { VERSION };
export const FORMAT = 'sconce';

/** Top-level keys in the order in which they are written. */
export const CHECKPOINT_KEYS = [
  'format',
  'version',
  'model_state_dict',
  'modules',
  'optimizer_state_dicts',
  'scheduler_state_dicts',
  'scaler',
  'ema',
  'gradients',
  'loaders',
  'rng',
  'ranks',
  'clocks',
  'callbacks',
  'metrics',
  'extra',
  'hyper_parameters',
  'environment',
] as const;

/** A checkpoint as it lies in the file. */
export type Checkpoint = Record<(typeof CHECKPOINT_KEYS)[number], unknown>;

/** An optimizer's state as PyTorch writes it: hyperparameters that Python holds as float are floats, `betas` a tuple. */
export function encodeOptimizer(optimizer: AnyOptimizer): unknown {
  const { state, param_groups } = optimizer.stateDict();
  const kinds = optimizer.hyperparameterKinds;
  const encode = (key: string, value: unknown): unknown => {
    if (value === undefined || value === null) return null;
    if (kinds[key] === 'float') return new PyFloat(value as number);
    if (kinds[key] === 'floats')
      return tupleOf((value as readonly (number | null)[]).map((each) => (each === null ? null : new PyFloat(each))));
    return value;
  };
  const floats = new Set(optimizer.floatStates);
  const encodeEntries = (entries: Readonly<Record<string, unknown>>): Record<string, unknown> =>
    Object.fromEntries(
      Object.entries(entries).map(([name, value]) => [name, floats.has(name) ? new PyFloat(value as number) : value]),
    );
  const groups = param_groups.map((group) =>
    Object.fromEntries(Object.entries(group).map(([key, value]) => [key, encode(key, value)])),
  );
  return {
    state: new Map(Array.from(state, ([index, entries]) => [index, encodeEntries(entries)])),
    param_groups: groups,
  };
}

/** The reverse; also reads what PyTorch's optimizers wrote. */
export function decodeOptimizer(stored: unknown): OptimizerStateDict {
  const { state, param_groups } = record(stored, 'optimizer_state_dicts');
  // An empty dict is read as a plain object.
  const entries = state instanceof Map ? state : new Map<number, Record<string, Tensor>>();
  if (!Array.isArray(param_groups))
    throw new CheckpointError('Cannot read an optimizer state: expected a list of param_groups');
  return {
    state: entries as Map<number, Record<string, Tensor>>,
    param_groups: param_groups as Record<string, unknown>[],
  };
}

/** What Python holds as float in the states of schedules, whatever the number. */
const SCHEDULER_FLOATS = new Set([
  ...['base_lrs', '_last_lr', 'max_lrs', 'min_lrs', 'default_min_lr', 'eta_min', 'warmup_start_lr'],
  ...['gamma', 'factor', 'start_factor', 'end_factor', 'power', 'total_size', 'step_ratio', 'end_step'],
  ...['base_momentums', 'max_momentums', 'threshold', 'eps', 'best', 'mode_worse'],
]);

/** A schedule's state, or that of a composed one, as PyTorch writes it: what Python holds as float is a float, milestones are a Counter. */
export function encodeScheduler(state: object): unknown {
  const encode = (key: string, value: unknown): unknown => {
    if (Array.isArray(value)) return value.map((each) => encode(key, each));
    if (value instanceof Map) return new PyDict(value, { kind: 'Counter' });
    if (typeof value === 'number' && SCHEDULER_FLOATS.has(key)) return new PyFloat(value);
    return typeof value === 'object' && value !== null ? encodeScheduler(value) : value;
  };
  return Object.fromEntries(Object.entries(state).map(([key, value]) => [key, encode(key, value)]));
}

/** A loss scale's state with what Python holds as float. */
export function encodeScaler(state: object): unknown {
  const isCount = (key: string): boolean => key === 'growth_interval' || key === '_growth_tracker';
  const entries: [string, number][] = Object.entries(state);
  return Object.fromEntries(entries.map(([key, value]) => [key, isCount(key) ? value : new PyFloat(value)]));
}

/** A value of a checkpoint that has to be a dict.
 *  @throws {CheckpointError} naming the key. */
export function record(value: unknown, key: string): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new CheckpointError(
      `Cannot read a checkpoint: expected a dict under "${key}", got ${value === null ? 'None' : typeof value}`,
    );
  }
  return value as Record<string, unknown>;
}

/** A value of a checkpoint that has to be a number; `isCount` for one that counts something.
 *  @throws {CheckpointError} naming the key. */
export function storedNumber(value: unknown, key: string, { isCount = false } = {}): number {
  const isFine = typeof value === 'number' && (!isCount || (Number.isSafeInteger(value) && value >= 0));
  if (isFine) return value;
  const got = typeof value === 'number' ? value : value === null ? 'None' : typeof value;
  throw new CheckpointError(
    `Cannot read a checkpoint: expected a ${isCount ? 'count' : 'number'} under "${key}", got ${got}`,
  );
}

/** A value of a checkpoint that has to be a list.
 *  @throws {CheckpointError} naming the key. */
export function storedList(value: unknown, key: string): readonly unknown[] {
  if (Array.isArray(value)) return value;
  throw new CheckpointError(
    `Cannot read a checkpoint: expected a list under "${key}", got ${value === null ? 'None' : typeof value}`,
  );
}

/** Checks format, version and keys of what a file held, and brings it to today's version.
 *  @throws {CheckpointError} for another format, a newer version or keys that are missing. */
export function asCheckpoint(value: unknown, path: string): Checkpoint {
  const stored = record(value, '(the whole file)');
  if (stored.format !== FORMAT) {
    throw new CheckpointError(
      `Cannot resume from "${path}": expected a Sconce checkpoint, got a file without its format key; load() reads weights from it`,
      { path },
    );
  }
  const checkpoint = migrate(stored, path);
  const missing = CHECKPOINT_KEYS.filter((key) => !(key in checkpoint));
  if (missing.length > 0)
    throw new CheckpointError(`Cannot resume from "${path}": expected all keys, got none for ${missing.join(', ')}`, {
      path,
    });
  return checkpoint as Checkpoint;
}
