// Checkpoints that a user saves and loads by a path of their own, beside those of the run's folder.

import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { CheckpointError } from '../../errors.ts';
import type { StateDict } from '../../nn/module.ts';
import { save } from '../../serial/tensors.ts';
import { assembleCheckpoint, partsOf, runIdOf } from '../checkpoint/checkpoint-manager.ts';
import { asCheckpoint, record } from '../checkpoint/format.ts';
import { type RestoreOptions, StateRegistry } from '../checkpoint/state.ts';
import { readFrom } from '../checkpoint/storage/open-storage.ts';

/** Parts that have a place in a trainer without a fit, and are restored at once. The others wait for the loaders, schedules and callbacks of the next fit. */
const AT_ONCE = [
  'model_state_dict',
  'optimizer_state_dicts',
  'scaler',
  'gradients',
  'clocks',
  'metrics.history',
  'metrics.validation',
];

/** Modules beside the model have theirs too. */
const isAtOnce = (name: string): boolean => AT_ONCE.includes(name) || name.startsWith('modules.');

/** The best of a run's folder is that folder's business. */
const OF_FOLDER = 'metrics.best';

/** What a loaded checkpoint held beside the state of the parts. */
export interface LoadedCheckpoint {
  readonly path: string;
  /** What the user had put into it. */
  readonly extra: Readonly<Record<string, unknown>>;
  /** By which loggers know the run that wrote it; undefined where the file does not say. */
  readonly runId: string | undefined;
}

/** What is asked of the trainer. */
export interface OwnCheckpointsHost {
  /** Registers the parts that the trainer has without a fit. */
  register(registry: StateRegistry): void;
  /** Every part, while there is a fit or behind one. */
  registry(): StateRegistry | undefined;
  loadModel(state: StateDict, strict: boolean): void;
  hyperParameters(): unknown;
  runId(): string;
}

/** Saves and loads, and keeps what a loaded checkpoint has for the next fit. */
export class OwnCheckpoints {
  readonly #host: OwnCheckpointsHost;
  #waiting: ReadonlyMap<string, unknown> | undefined;
  #path = '';

  constructor(host: OwnCheckpointsHost) {
    this.#host = host;
  }

  /** Writes a checkpoint of this moment; when the promise resolves, it is on the disk. */
  async save(path: string, extra: Readonly<Record<string, unknown>>): Promise<void> {
    const states = this.#statesNow();
    await mkdir(dirname(path), { recursive: true });
    await save(
      assembleCheckpoint(states, { hyperParameters: this.#host.hyperParameters(), extra, runId: this.#host.runId() }),
      path,
    );
  }

  #statesNow(): ReadonlyMap<string, unknown> {
    const ofFit = this.#waiting === undefined ? this.#host.registry() : undefined;
    if (ofFit) return ofFit.collect();
    const registry = new StateRegistry();
    this.#host.register(registry);
    return new Map([...registry.collect(), ...(this.#waiting ?? [])]);
  }

  /** Restores what has a place already; the rest waits for the next fit.
   *  @throws {CheckpointError} for a file that does not verify, or whose state is not this trainer's. */
  async load(path: string, { strict }: { strict: boolean }): Promise<LoadedCheckpoint> {
    const checkpoint = asCheckpoint((await readFrom(path)).value, path);
    const states = partsOf(checkpoint);
    const registry = new StateRegistry();
    this.#host.register(registry);
    const now = new Map([...states].filter(([name]) => isAtOnce(name) && name !== 'model_state_dict'));
    const fresh = registry.names.filter((name) => !now.has(name));
    this.#host.loadModel(record(checkpoint.model_state_dict, 'model_state_dict') as StateDict, strict); // which refuses what is no tensor
    registry.restore(now, { fresh });
    this.#waiting = new Map([...states].filter(([name]) => !isAtOnce(name)));
    this.#path = path;
    return { path, extra: record(checkpoint.extra ?? {}, 'extra'), runId: runIdOf(checkpoint) };
  }

  /** Whether a fit has to begin with what was loaded. */
  get isWaiting(): boolean {
    return this.#waiting !== undefined;
  }

  /** Gives the parts of a fit what was loaded for them. @returns the file that the run goes on from.
   *  @throws {CheckpointError} that lists state which nobody claims and parts that miss theirs. */
  begin(registry: StateRegistry, { drop = [], fresh = [] }: RestoreOptions): string {
    const waiting = this.#waiting!; // the caller has asked
    const hasLoaders = waiting.has('loaders');
    // What was saved before the first fit has nothing for its loaders, and for schedules that come with a fit: they start here.
    const isKept = (name: string, state: unknown): boolean => {
      if (name === OF_FOLDER) return registry.names.includes(name);
      return hasLoaders || name !== 'scheduler_state_dicts' || !Array.isArray(state) || state.length > 0;
    };
    const states = new Map([...waiting].filter(([name, state]) => isKept(name, state)));
    const starts = registry.names.filter((name) => isAtOnce(name) || name === OF_FOLDER || !hasLoaders);
    const isMissing = (name: string): boolean => !states.has(name);
    try {
      registry.restore(states, { drop, fresh: [...new Set([...starts.filter(isMissing), ...fresh])] });
    } catch (error) {
      if (!(error instanceof CheckpointError)) throw error;
      throw new CheckpointError(`${error.message}\n  in "${this.#path}"`, { cause: error, path: this.#path });
    }
    this.#waiting = undefined;
    return this.#path;
  }
}
