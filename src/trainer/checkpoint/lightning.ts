// Checkpoints in the layout of PyTorch Lightning: `Trainer.fit(ckpt_path=…)` goes on from them, `load_from_checkpoint` takes their weights.
// Source: lightning.pytorch 2.6, trainer/connectors/checkpoint_connector.py (dump_checkpoint) and loops/progress.py.

import { CheckpointError } from '../../errors.ts';
import { startClocks } from '../loop/clocks.ts';
import { CHECKPOINT_KEYS, type Checkpoint, FORMAT, record, VERSION } from './format.ts';

/** The version of Lightning whose layout is written; its own migrations take older ones. */
const layoutVersion = '2.6.0';
const versionKey = 'pytorch-lightning_version';
const precisionKey = 'MixedPrecision';

/** What became of a checkpoint in another layout. */
export interface ConvertedCheckpoint {
  readonly value: Record<string, unknown>;
  /** Keys of the old one that the new layout has no place for. */
  readonly dropped: readonly string[];
}

export function isSconceCheckpoint(value: unknown): value is Checkpoint {
  return isRecord(value) && value.format === FORMAT && 'model_state_dict' in value;
}

export function isLightningCheckpoint(value: unknown): value is Record<string, unknown> {
  return isRecord(value) && versionKey in value && 'state_dict' in value;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Map);
}

/** A file that Lightning takes weights from and that has nothing to go on training with. */
export function lightningFromWeights(weights: unknown): Record<string, unknown> {
  return { epoch: 0, global_step: 0, [versionKey]: layoutVersion, state_dict: weights, loops: loops(noProgress) };
}

/** A Sconce checkpoint as Lightning would have written it at the same moment. */
export function toLightning(checkpoint: Checkpoint): ConvertedCheckpoint {
  const clocks = record(checkpoint.clocks ?? {}, 'clocks');
  const count = (key: string): number => (typeof clocks[key] === 'number' ? clocks[key] : 0);
  const optimizers = list(checkpoint.optimizer_state_dicts);
  const schedulers = list(checkpoint.scheduler_state_dicts);
  const progress: Progress = {
    epoch: count('epoch'),
    step: count('step'),
    batches: count('microStep'),
    batchInEpoch: count('batchInEpoch'),
    numSchedulers: schedulers.length,
  };
  const scalers = list(checkpoint.scaler);
  const hyperParameters = checkpoint.hyper_parameters;
  const hasHyperParameters = isRecord(hyperParameters) && Object.keys(hyperParameters).length > 0;
  const value: Record<string, unknown> = {
    epoch: progress.epoch,
    global_step: progress.step,
    [versionKey]: layoutVersion,
    state_dict: checkpoint.model_state_dict,
    loops: loops(progress),
    callbacks: {},
    optimizer_states: optimizers,
    lr_schedulers: schedulers,
    ...(scalers.length === 1 ? { [precisionKey]: scalers[0] } : {}),
    ...(hasHyperParameters ? { hparams_name: 'kwargs', hyper_parameters: hyperParameters } : {}),
  };
  const kept = ['format', 'version', 'model_state_dict', 'optimizer_state_dicts', 'scheduler_state_dicts', 'clocks'];
  if (scalers.length === 1) kept.push('scaler');
  if (hasHyperParameters) kept.push('hyper_parameters');
  return { value, dropped: CHECKPOINT_KEYS.filter((key) => !kept.includes(key) && holdsAnything(checkpoint[key])) };
}

/** A Lightning checkpoint as a Sconce one. A run resumes from it with `fresh` for what Lightning does not keep: loaders, rng, gradients and metrics. */
export function fromLightning(checkpoint: Readonly<Record<string, unknown>>): ConvertedCheckpoint {
  const fit = isRecord(checkpoint.loops) ? checkpoint.loops.fit_loop : undefined;
  const completed = (path: string, key: string): number | undefined => {
    const counts = isRecord(fit) && isRecord(fit[path]) ? fit[path].total : undefined;
    const count = isRecord(counts) ? counts[key] : undefined;
    return typeof count === 'number' ? count : undefined;
  };
  const step = number(checkpoint, 'global_step');
  // A file of an epoch's end says in `epoch` which epoch that was, and in its loops that its batches are done.
  const epoch = completed('epoch_progress', 'processed') ?? number(checkpoint, 'epoch');
  const batches = completed('epoch_loop.batch_progress', 'completed') ?? step;
  const optimizers = list(checkpoint.optimizer_states);
  const scaler = checkpoint[precisionKey] ?? checkpoint.native_amp_scaling_state;
  const value: Record<string, unknown> = {
    ...Object.fromEntries(CHECKPOINT_KEYS.map((key) => [key, null])),
    format: FORMAT,
    version: VERSION,
    model_state_dict: checkpoint.state_dict,
    optimizer_state_dicts: optimizers,
    scheduler_state_dicts: list(checkpoint.lr_schedulers),
    scaler: isRecord(scaler) ? [scaler] : null,
    clocks: { ...startClocks(), step, microStep: batches, epoch, pending: optimizers.map(() => 0) },
    callbacks: {},
    metrics: {},
    extra: {},
    hyper_parameters: checkpoint.hyper_parameters ?? {},
    environment: { lightning: checkpoint[versionKey] },
  };
  const known = ['epoch', 'global_step', versionKey, 'state_dict', 'loops', 'optimizer_states', 'lr_schedulers'];
  known.push(precisionKey, 'native_amp_scaling_state', 'hyper_parameters', 'hparams_name');
  const dropped = Object.keys(checkpoint).filter((key) => !known.includes(key) && holdsAnything(checkpoint[key]));
  return { value, dropped };
}

function number(checkpoint: Readonly<Record<string, unknown>>, key: string): number {
  const value = checkpoint[key];
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0) return value;
  throw new CheckpointError(`Cannot read a Lightning checkpoint: expected a count under "${key}", got ${typeof value}`);
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** Whether a value is worth a word where it is left out: neither None nor empty. */
export function holdsAnything(value: unknown): boolean {
  if (value === null || value === undefined) return false;
  return typeof value !== 'object' || value instanceof Map || Object.keys(value).length > 0;
}

/** How far a run is. */
interface Progress {
  /** Epochs completed. */
  readonly epoch: number;
  readonly step: number;
  readonly batches: number;
  readonly batchInEpoch: number;
  readonly numSchedulers: number;
}

const noProgress: Progress = { epoch: 0, step: 0, batches: 0, batchInEpoch: 0, numSchedulers: 0 };

/** The counters of Lightning's loops. Between epochs they are as after the end of a fit, inside one as after the end of a batch. */
function loops({ epoch, step, batches, batchInEpoch, numSchedulers }: Progress): Record<string, unknown> {
  const all = (count: number): Record<string, number> => ({
    ready: count,
    completed: count,
    started: count,
    processed: count,
  });
  const pair = (total: unknown, current: unknown): Record<string, unknown> => ({ total, current });
  const ready = (count: number): Record<string, number> => ({ ready: count, completed: count });
  const started = (count: number): Record<string, number> => ({ ready: count, completed: count, started: count });
  const isInside = batchInEpoch > 0;
  const epochs = { ...all(epoch), ...(isInside ? { ready: epoch + 1, started: epoch + 1 } : {}) };
  const evaluation = {
    state_dict: {},
    batch_progress: { ...pair(all(0), all(0)), is_last_batch: false },
  };
  return {
    fit_loop: {
      state_dict: {},
      'epoch_loop.state_dict': { _batches_that_stepped: step },
      'epoch_loop.batch_progress': { ...pair(all(batches), all(batchInEpoch)), is_last_batch: !isInside && epoch > 0 },
      'epoch_loop.scheduler_progress': pair(ready(numSchedulers * epoch), ready(0)),
      'epoch_loop.automatic_optimization.state_dict': {},
      'epoch_loop.automatic_optimization.optim_progress': {
        optimizer: { step: pair(ready(step), ready(0)), zero_grad: pair(started(step), started(0)) },
      },
      'epoch_loop.manual_optimization.state_dict': {},
      'epoch_loop.manual_optimization.optim_step_progress': pair(ready(0), ready(0)),
      'epoch_loop.val_loop.state_dict': {},
      'epoch_loop.val_loop.batch_progress': evaluation.batch_progress,
      epoch_progress: pair(epochs, { ...epochs }),
    },
    validate_loop: evaluation,
    test_loop: evaluation,
    predict_loop: { state_dict: {}, batch_progress: pair(all(0), all(0)) },
  };
}
