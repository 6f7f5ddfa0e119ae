// Checkpoints that a user saves and loads by a path of their own, beside those of the run's folder.

import { CheckpointError } from '../../errors.ts';
import type { StateDict } from '../../nn/module.ts';
import { checkState } from '../../nn/module-state.ts';
import { scope } from '../../tensor/scope.ts';
import { assembleCheckpoint, partsOf, runIdOf } from '../checkpoint/checkpoint-manager.ts';
import { type Checkpoint, record, storedNumber } from '../checkpoint/format.ts';
import { readCheckpoint } from '../checkpoint/readers.ts';
import { type RestoreOptions, StateRegistry } from '../checkpoint/state.ts';
import { readFrom, writeTo } from '../checkpoint/storage/open-storage.ts';
import type { ModulesOfRun } from '../loop/modules-of-run.ts';
import type { Ranks } from '../ranks/ranks.ts';

const MODEL = 'model_state_dict';
const OPTIMIZERS = 'optimizer_state_dicts';

/** Parts that have a place in a trainer without a fit, and are restored at once. The others wait for the loaders, schedules and callbacks of the next fit. */
const AT_ONCE = [MODEL, OPTIMIZERS, 'scaler', 'gradients', 'clocks', 'metrics.history', 'metrics.validation'];

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

/** What a checkpoint says beside the state of the parts. */
export interface CheckpointFacts {
  /** What the user had put into it. */
  readonly extra: Readonly<Record<string, unknown>>;
  /** Epochs completed. */
  readonly epoch: number;
  /** Optimizer updates. */
  readonly step: number;
}

/** The same with all that the file holds, by its own keys. */
export interface FileFacts extends CheckpointFacts {
  readonly file: Readonly<Record<string, unknown>>;
}

/** @throws {CheckpointError} for a file whose clocks or extra are none. */
export function factsOf({ clocks, extra }: Checkpoint): CheckpointFacts {
  const { epoch, step } = record(clocks, 'clocks');
  return {
    extra: record(extra ?? {}, 'extra'),
    epoch: storedNumber(epoch, 'clocks.epoch', { isCount: true }),
    step: storedNumber(step, 'clocks.step', { isCount: true }),
  };
}

/** How a checkpoint is loaded. */
export interface LoadCheckpointOptions {
  /** Whether the weights have to be the model's, name by name. Default true. */
  readonly strict?: boolean;
  /** Looks at what the file says before anything is restored; what it throws ends the load. */
  readonly check?: (facts: FileFacts) => void;
}

/** How a checkpoint is saved. */
export interface SaveCheckpointOptions {
  /** Makes what is written of the checkpoint: keys that another system reads, and the checkpoint itself under `sconce`, where loading finds it. Called at once. Default: the checkpoint. */
  readonly layout?: (checkpoint: Readonly<Record<string, unknown>>) => Readonly<Record<string, unknown>>;
}

/** What is asked of the trainer. */
export interface OwnCheckpointsHost {
  /** Registers the parts that the trainer has without a fit. */
  register(registry: StateRegistry): void;
  /** Every part, while there is a fit or behind one. */
  registry(): StateRegistry | undefined;
  run(): ModulesOfRun;
  /** The processes that train together. */
  ranks(): Ranks;
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
  async save(
    path: string,
    extra: Readonly<Record<string, unknown>>,
    { layout = (checkpoint) => checkpoint }: SaveCheckpointOptions = {},
  ): Promise<void> {
    const hyperParameters = this.#host.hyperParameters();
    const run = { hyperParameters, extra, runId: this.#host.runId() };
    const ranks = this.#host.ranks();
    // What is detached for the file goes at once: left to its collection, it would count as memory of its own and set V8 to collect after every few saves.
    let written: Promise<void> | undefined;
    scope(() => {
      const checkpoint = layout(assembleCheckpoint(this.#statesNow(), run));
      written = ranks.decide(() => writeTo(path, checkpoint)); // which reads all tensors before its first wait
    }, 'checkpoint');
    await written;
  }

  #statesNow(): ReadonlyMap<string, unknown> {
    const ofFit = this.#waiting === undefined ? this.#host.registry() : undefined;
    if (ofFit) return ofFit.collect();
    const registry = new StateRegistry();
    this.#host.register(registry);
    return new Map([...registry.collect(), ...(this.#waiting ?? [])]);
  }

  /** Restores what has a place already; the rest waits for the next fit. Files of other systems are taken too.
   *  @throws {CheckpointError} for a file that does not verify, or whose state is not this trainer's; model and optimizer are as before then. */
  async load(path: string, { strict = true, check }: LoadCheckpointOptions = {}): Promise<LoadedCheckpoint> {
    const { value } = await readFrom(path);
    const { checkpoint, system } = readCheckpoint(value, path);
    const states = partsOf(checkpoint);
    const registry = new StateRegistry();
    this.#host.register(registry);
    const { model, modules } = this.#host.run();
    const weights = record(checkpoint.model_state_dict, 'model_state_dict') as StateDict; // checked next
    checkState(model, weights, { strict });
    for (const [name, module] of Object.entries(modules)) {
      const state = states.get(`modules.${name}`);
      if (state !== undefined) checkState(module, record(state, `modules.${name}`) as StateDict);
    }
    const missing = registry.names.filter((name) => name.startsWith('modules.') && !states.has(name));
    if (missing.length > 0 && strict && system === undefined)
      throw new CheckpointError(
        `Cannot load "${path}": expected the state of ${missing.join(', ')}, got a file of a run without; make the trainer with what that run was trained with, or take its weights alone: model.loadStateDict((await load(path)).model_state_dict)`,
        { path },
      );
    check?.({ ...factsOf(checkpoint), file: value as FileFacts['file'] }); // it has been read as a checkpoint
    const restore = (isWanted: (name: string) => boolean): void => {
      const now = new Map([...states].filter(([name]) => isWanted(name)));
      registry.restore(now, { fresh: registry.names.filter((name) => !now.has(name)) });
    };
    restore((name) => name === OPTIMIZERS); // which check all of it before they take any
    restore((name) => isAtOnce(name) && name !== OPTIMIZERS && name !== MODEL);
    model.loadStateDict(weights, { strict });
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
