// `CheckpointManager`: the files of a training of two modalities, by the names of multimodal_insight_engine and in Sconce's one format.

import { existsSync, mkdirSync } from 'node:fs';
import { CheckpointError, ConfigError } from '../../errors.ts';
import { checkOptions, type Rule, show, text } from '../../metrics/options.ts';
import { Module, type StateDict } from '../../nn/module.ts';
import { checkState } from '../../nn/module-state.ts';
import type { AnyOptimizer } from '../../optim/optimizer.ts';
import { type Device, isDeviceName } from '../../tensor/device.ts';
import { formatFixed } from '../../tracking/number-format.ts';
import { assembleCheckpoint } from '../../trainer/checkpoint/checkpoint-manager.ts';
import {
  decodeOptimizer,
  encodeOptimizer,
  encodeScheduler,
  record,
  storedList,
} from '../../trainer/checkpoint/format.ts';
import { readCheckpoint } from '../../trainer/checkpoint/readers.ts';
import type { StatefulScheduler } from '../../trainer/checkpoint/run-state.ts';
import { placeAndName, readFrom, storageOf, writeTo } from '../../trainer/checkpoint/storage/open-storage.ts';
import { factsOf } from '../../trainer/faces/own-checkpoints.ts';
import { moveBatch } from '../../trainer/loop/batch.ts';
import { startClocks } from '../../trainer/loop/clocks.ts';
import { ATTACH, type CheckpointHost, type RestoredCheckpoint } from './checkpoint-host.ts';
import {
  decodeState,
  encodeState,
  type HistoryDict,
  STATE_NAMES,
  splitState,
  type TrainingState,
  type TrainingStateUpdate,
} from './checkpoint-state.ts';

export interface CheckpointManagerOptions {
  readonly model: Module;
  readonly optimizer: AnyOptimizer;
  /** A folder, which is made at once, or an address as s3://bucket/prefix or gs://bucket/prefix. */
  readonly checkpointDir: string;
  readonly scheduler?: StatefulScheduler | undefined;
  /** Where tensors among the extra state come back; weights go where the model's are. Default 'cpu'. */
  readonly device?: Device | undefined;
}

/** What `loadCheckpoint` has found: nothing where there is no file; `currentEpoch` is the one to go on with. Extra state lies beside it under its names. */
export type LoadedState = { readonly [K in keyof TrainingState]?: TrainingState[K] } & Readonly<
  Record<string, unknown>
>;

const has = (...methods: string[]): ((value: unknown) => boolean) => {
  return (value) => methods.every((name) => typeof (value as Record<string, unknown> | null)?.[name] === 'function');
};

const OPTIONS: Readonly<Record<keyof CheckpointManagerOptions, Rule>> = {
  model: ['a Module', (value) => value instanceof Module],
  optimizer: ['an optimizer', has('step', 'stateDict', 'loadStateDict')],
  checkpointDir: text,
  scheduler: ['a schedule', has('step', 'stateDict', 'loadStateDict')],
  device: ['a device', (value) => typeof value === 'string' && isDeviceName(value)],
};

/** Saves and loads a training: weights, optimizer, schedule, counts, history, and whatever else it is given. A file is written whole or not at all; `torch.load` opens it, and so do the other trainers of
 *  Sconce. The manager of a `MultimodalTrainer` writes everything that an exact resume takes, one of a subclass that is assigned to it too.
 *
 *  | method | file |
 *  |---|---|
 *  | `getCheckpointPath({ epoch, metricValue })` | `checkpoint_epoch_{epoch}.pt`, `checkpoint_epoch_{epoch}_metric_{metricValue, 4 digits}.pt` |
 *  | `saveBestCheckpoint` | `best_model.pt` |
 *
 *  Nothing is deleted. Source: multimodal_insight_engine, trainers/multimodal/checkpoint_manager.py.
 *  @example
 *  import { mkdtempSync } from 'node:fs';
 *  import { CheckpointManager } from 'sconce/multimodal';
 *  const model = new nn.Linear(2, 1);
 *  const checkpointDir = mkdtempSync('/tmp/sconce-');
 *  const manager = new CheckpointManager({ model, optimizer: new optim.AdamW(model.parameters()), checkpointDir });
 *  const path = manager.getCheckpointPath({ epoch: 5, metricValue: 0.85 });
 *  await manager.saveCheckpoint(path, { currentEpoch: 5, globalStep: 1000, experimentId: 'exp123' });
 *  const state = await manager.loadCheckpoint(path);
 *  state.currentEpoch; // 6
 *  state.experimentId; // 'exp123' */
export class CheckpointManager {
  readonly model: Module;
  readonly optimizer: AnyOptimizer;
  readonly scheduler: StatefulScheduler | undefined;
  readonly checkpointDir: string;
  readonly device: Device;
  /** The last epoch that is done, from 0; after a load the one to go on with. */
  currentEpoch = 0;
  globalStep = 0;
  bestValMetric = 0;
  /** Evaluations since the best one. */
  patienceCounter = 0;
  history: HistoryDict = {};
  #host: CheckpointHost | undefined;

  /** @throws {ConfigError} that lists every problem of the options. @throws {CheckpointError} where the folder cannot be made. @throws {RangeError} for an address of another kind. */
  constructor(options: CheckpointManagerOptions) {
    checkOptions('make CheckpointManager', options, OPTIONS, ['model', 'optimizer', 'checkpointDir']);
    const { model, optimizer, checkpointDir, scheduler, device = 'cpu' } = options;
    storageOf(checkpointDir); // which knows the address
    if (!checkpointDir.includes('://')) makeFolder(checkpointDir);
    this.model = model;
    this.optimizer = optimizer;
    this.scheduler = scheduler;
    this.checkpointDir = checkpointDir;
    this.device = device;
  }

  /** @internal */
  [ATTACH](host: CheckpointHost | undefined): void {
    this.#host = host;
  }

  /** Writes a file, and makes its folder where there is none. When the promise resolves, it is on the disk or in the bucket.
   *  @param path - a path or an address, whatever `checkpointDir` is.
   *  @param state - counts and history in place of those of the manager, which stay as they are; and more under names of your own, plain values and tensors, which loading gives back.
   *  @throws {ConfigError} that lists what is wrong with the state. @throws {CheckpointError} where it cannot be written; what was there before still is. */
  async saveCheckpoint(
    path: string,
    state: TrainingStateUpdate & Readonly<Record<string, unknown>> = {},
  ): Promise<void> {
    const action = `save checkpoint "${path}"`;
    checkPath(action, path);
    const { state: given, rest } = splitState(action, state);
    const now = { ...this.#state, ...given };
    const extra = encodeState(now, rest);
    if (this.#host) return this.#host.save(path, extra);
    const clocks = { ...startClocks(), step: now.globalStep, microStep: now.globalStep, validatedAt: now.globalStep };
    const states = new Map<string, unknown>([
      ['model_state_dict', this.model.stateDict()],
      ['optimizer_state_dicts', [encodeOptimizer(this.optimizer)]],
      ['scheduler_state_dicts', this.scheduler ? [encodeScheduler(this.scheduler.stateDict())] : []],
      ['clocks', { ...clocks, epoch: now.currentEpoch + 1, pending: [0] }],
    ]);
    await writeTo(path, assembleCheckpoint(states, { hyperParameters: {}, extra }));
  }

  /** Loads a file of this class, of a trainer, or of multimodal_insight_engine. The schedule's state is taken where both sides have one.
   *  @returns counts, history and extra state; an empty object, with a warning, where there is no file.
   *  @throws {CheckpointError} for a file that does not verify or whose state is not this model's; nothing has changed then. */
  async loadCheckpoint(path: string): Promise<LoadedState> {
    checkPath('load a checkpoint', path);
    if (!(await isThere(path))) {
      process.emitWarning(`Checkpoint not found: ${path}`, 'SconceWarning');
      return {};
    }
    let found: ReturnType<typeof decodeState> | undefined;
    const check = ({ extra, epoch, step }: RestoredCheckpoint): void => {
      found = decodeState(extra, { epoch, step });
    };
    if (this.#host)
      check(await this.#host.load(path, check)); // a host need not have checked before
    else await this.#load(path, check);
    const { state, rest } = found!; // a load without an error has checked
    this.updateState({ ...state, currentEpoch: state.currentEpoch + 1 });
    return { ...(moveBatch(rest, { device: this.device }) as Record<string, unknown>), ...this.#state };
  }

  async #load(path: string, check: (found: RestoredCheckpoint) => void): Promise<void> {
    const { model, optimizer, scheduler } = this;
    const { checkpoint } = readCheckpoint((await readFrom(path)).value, path);
    try {
      const weights = record(checkpoint.model_state_dict, 'model_state_dict') as StateDict; // checked next
      checkState(model, weights);
      check(factsOf(checkpoint));
      const [optimizerState, ...others] = storedList(checkpoint.optimizer_state_dicts, 'optimizer_state_dicts');
      if (optimizerState === undefined || others.length > 0)
        throw new CheckpointError(
          `Cannot read a checkpoint: expected the state of one optimizer, got ${others.length + (optimizerState === undefined ? 0 : 1)}`,
        );
      const [schedule] = storedList(checkpoint.scheduler_state_dicts ?? [], 'scheduler_state_dicts');
      const before = scheduler?.stateDict();
      if (scheduler && schedule !== undefined)
        scheduler.loadStateDict(record(schedule, 'scheduler_state_dicts') as never);
      try {
        optimizer.loadStateDict(decodeOptimizer(optimizerState)); // which checks all of it before it takes any
      } catch (error) {
        scheduler?.loadStateDict(before as never);
        throw error;
      }
      model.loadStateDict(weights);
    } catch (error) {
      if (!(error instanceof CheckpointError)) throw error;
      const { missing, unexpected, mismatched } = error;
      const fields = { cause: error, path, missing, unexpected, mismatched };
      throw new CheckpointError(`${error.message}\n  in "${path}"`, fields);
    }
  }

  /** The newest *.pt or *.pth of `checkpointDir` by when it was written; undefined where there is none. */
  async getLatestCheckpoint(): Promise<string | undefined> {
    const storage = storageOf(this.checkpointDir);
    const files = [...(await storage.times())].filter(([name]) => /\.pth?$/.test(name));
    // Files of one moment by their epochs.
    files.sort(([a, timeA], [b, timeB]) => timeA - timeB || a.localeCompare(b, 'en', { numeric: true }));
    const [name] = files.at(-1) ?? [];
    return name === undefined ? undefined : storage.pathOf(name);
  }

  /** The path for the file of an epoch; nothing is written. @throws {ConfigError} that lists every problem of the options. */
  getCheckpointPath(options: { readonly epoch: number; readonly metricValue?: number | undefined }): string {
    const isEpoch = (value: unknown): boolean => Number.isSafeInteger(value) && (value as number) >= 0;
    const rules: Record<string, Rule> = { epoch: ['a count', isEpoch], metricValue: NUMBER };
    checkOptions('name a checkpoint', options, rules, ['epoch']);
    const { epoch, metricValue } = options;
    const metric = metricValue === undefined ? '' : `_metric_${formatFixed(metricValue, 4)}`;
    return storageOf(this.checkpointDir).pathOf(`checkpoint_epoch_${epoch}${metric}.pt`);
  }

  /** Writes `best_model.pt`, whether it is better or not: who calls has decided that. @throws {ConfigError} that lists every problem of the options. */
  async saveBestCheckpoint(options: {
    readonly metricValue: number;
    readonly currentEpoch: number;
    readonly globalStep: number;
    readonly history: HistoryDict;
  }): Promise<void> {
    const any: Rule = ['a value', (value) => value !== undefined];
    const rules = { metricValue: NUMBER, currentEpoch: any, globalStep: any, history: any };
    checkOptions('save the best checkpoint', options, rules, Object.keys(rules));
    const { metricValue, ...state } = options;
    const path = storageOf(this.checkpointDir).pathOf('best_model.pt');
    await this.saveCheckpoint(path, { ...state, bestValMetric: metricValue, patienceCounter: this.patienceCounter });
  }

  /** Takes what is given; the rest stays. @throws {ConfigError} that lists every problem of it; then nothing has changed. */
  updateState(state: TrainingStateUpdate): void {
    const { state: given, rest } = splitState('update the state', state);
    const unknown = Object.keys(rest);
    if (unknown.length > 0)
      throw new ConfigError(
        'update the state',
        unknown.map((name) => `${name}: expected one of ${STATE_NAMES.join(', ')}, got an unknown name`),
      );
    const { history = this.history, ...counts } = given;
    Object.assign(this, counts);
    this.history = copyOf(history);
  }

  get #state(): TrainingState {
    const { currentEpoch, globalStep, bestValMetric, patienceCounter, history } = this;
    return { currentEpoch, globalStep, bestValMetric, patienceCounter, history: copyOf(history) };
  }
}

const NUMBER: Rule = ['a number', (value) => typeof value === 'number'];

const copyOf = (history: HistoryDict): HistoryDict =>
  Object.fromEntries(Object.entries(history).map(([name, values]) => [name, [...values]]));

function checkPath(action: string, path: string): void {
  if (typeof path !== 'string' || path === '' || path.endsWith('/'))
    throw new ConfigError(action, [`path: expected the name of a file, got ${show(path)}`]);
}

export async function isThere(path: string): Promise<boolean> {
  if (!path.includes('://')) return existsSync(path);
  const [place, name] = placeAndName(path);
  return (await storageOf(place).list()).includes(name);
}

function makeFolder(path: string): void {
  try {
    mkdirSync(path, { recursive: true });
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new CheckpointError(`Cannot keep checkpoints in "${path}": ${reason}`, { path, cause });
  }
}
