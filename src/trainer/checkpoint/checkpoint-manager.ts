// `CheckpointManager`: when a checkpoint is due, what goes into it, how it is written beside the loop, and how a run comes back from it.

import { CheckpointError } from '../../errors.ts';
import { libtorchVersion, numThreads } from '../../tensor/process.ts';
import { scope } from '../../tensor/scope.ts';
import type { Clocks } from '../loop/clocks.ts';
import { requireMetric } from '../loop/find-metric.ts';
import { Ranks } from '../ranks/ranks.ts';
import { CHECKPOINT_KEYS, FORMAT, record, VERSION } from './format.ts';
import type { CheckpointNaming } from './names.ts';
import { Ranking } from './ranking.ts';
import { readCheckpoint } from './readers.ts';
import type { StoredCheckpoint } from './retention.ts';
import { SavesUnderWay } from './saves-under-way.ts';
import type { RestoreOptions, StateRegistry } from './state.ts';
import { readFrom } from './storage/open-storage.ts';
import type { CheckpointStorage } from './storage/storage.ts';
import { CheckpointStore, type FoundCheckpoint } from './store.ts';

export interface CheckpointOptions {
  /** Folder of the files. */
  readonly folder: string;
  /** Save after so many optimizer steps. Default: not by steps. */
  readonly everySteps?: number | undefined;
  /** Save after so many epochs. Default 1. */
  readonly everyEpochs?: number | undefined;
  /** Save at the first boundary that is so many minutes behind the last save. Default: not by time. */
  readonly everyMinutes?: number | undefined;
  /** Newest files that stay, beside the best. Default 5. */
  readonly keepLast?: number | undefined;
  /** How many of the best by `monitor` stay, beside the newest. Default 0. */
  readonly keepTopK?: number | undefined;
  /** The metric that says which checkpoint is best, as in 'val/loss' or 'val_loss'. Default: none is. */
  readonly monitor?: string | undefined;
  /** Default 'min'. */
  readonly mode?: 'min' | 'max' | undefined;
  /** Save whenever `monitor` is better than at every save before, and let `best.ckpt` stand for that file. Default true. */
  readonly savesBest?: boolean | undefined;
  /** Write beside the loop, which waits for the copy alone. Default true; false: `save` resolves when the file is durable. */
  readonly isAsynchronous?: boolean | undefined;
  /** How long a save may wait for the one before; after that it is left out, with a warning. Default: as long as it takes. */
  readonly maxWaitSeconds?: number | undefined;
  /** Parts that are left out of the files: a run resumes from them with `fresh` for each. Default: none. */
  readonly without?: readonly string[] | undefined;
  /** Names of the files, see `CheckpointNames`. Default 'epoch_{epoch:03d}_step_{step:06d}.ckpt'. */
  readonly template?: string | undefined;
  /** Names of another kind. Default: by the template. */
  readonly names?: CheckpointNaming | undefined;
  /** What touches the files. Default: the folder's, a disk or a bucket. */
  readonly storage?: CheckpointStorage | undefined;
  /** The processes that train together: the first writes, for all. Default: this one alone. */
  readonly ranks?: Ranks | undefined;
  /** Checkpoints that stay whatever their age. Default: none but the best. */
  readonly stays?: ((checkpoint: StoredCheckpoint) => boolean) | undefined;
}

/** The moment at which a checkpoint is written. */
export interface SaveMoment {
  readonly clocks: Readonly<Clocks>;
  /** Whether some accumulation window is part full: then a step has several moments. */
  readonly isInsideWindow: boolean;
  /** Whether the run ends here: then there is no limit on how long the save before may take. Default false. */
  readonly isForced?: boolean;
  /** What was measured at this very moment, for `monitor`; what was measured before does not rank this one. */
  readonly values?: Readonly<Record<string, number>>;
  /** Whether this file is a candidate for the best; without it their ranking stays as it is. Default true. */
  readonly isRanked?: boolean;
}

/** What a checkpoint says of its run, beside the state of its parts. */
export interface RunDescription {
  readonly hyperParameters: unknown;
  /** The user's own. */
  readonly extra: unknown;
  /** By which loggers know the run. */
  readonly runId?: string | undefined;
}

/** A checkpoint that is durable. */
export interface CommittedCheckpoint {
  readonly path: string;
  readonly step: number;
  /** From the begin of the save until then. */
  readonly durationMs: number;
}

/** Where a run goes on from. */
export interface ResumedCheckpoint {
  readonly path: string;
  /** What the user had put into it. */
  readonly extra: Readonly<Record<string, unknown>>;
  /** By which loggers know the run; undefined where the file does not say. */
  readonly runId: string | undefined;
  /** What the run goes on without, for its log. */
  readonly warnings: readonly string[];
}

/** Saves and restores all parts of a run that are registered. */
export class CheckpointManager {
  readonly store: CheckpointStore;
  /** The file written or resumed from last; with a save under way the one that is being written. */
  lastPath: string | undefined;
  readonly #options: CheckpointOptions;
  readonly #registry: StateRegistry;
  readonly #describe: () => RunDescription;
  readonly #ranks: Ranks;
  readonly #ranking: Ranking;
  readonly #saves = new SavesUnderWay();
  /** The clocks of the file written or resumed from last. */
  #saved: Readonly<Record<string, unknown>> | undefined;

  /** @param describe - the run's configuration and what the user adds, asked at every save. */
  constructor(options: CheckpointOptions, registry: StateRegistry, describe: () => RunDescription) {
    this.#options = options;
    this.#registry = registry;
    this.#describe = describe;
    this.#ranks = options.ranks ?? Ranks.alone;
    const { folder, storage = folder, keepLast = 5, monitor, mode = 'min', keepTopK = 0 } = options;
    const { template, names, stays } = options;
    this.store = new CheckpointStore(storage, { keepLast, template, names, stays });
    this.#ranking = new Ranking({ monitor, mode, topK: keepTopK });
    registry.register('metrics.best', this.#ranking);
  }

  /** Whether a checkpoint is due after this step, epoch or measurement: by the clocks, or because `values` has the best of `monitor` so far. */
  isDue(
    after: 'step' | 'epoch' | 'measurement',
    clocks: Readonly<Clocks>,
    values: Readonly<Record<string, number>> = {},
  ): boolean {
    const { everySteps, everyEpochs = 1, everyMinutes, savesBest = true } = this.#options;
    if (savesBest && this.#ranking.isBetter(values)) return true;
    if (after === 'measurement') return false;
    const minutes = (clocks.elapsedSeconds - clocks.savedAtSeconds) / 60;
    if (everyMinutes !== undefined && minutes >= everyMinutes) return true;
    if (after === 'epoch') return clocks.epoch % everyEpochs === 0;
    if (everySteps === undefined || clocks.step === 0 || clocks.step % everySteps !== 0) return false;
    return clocks.step !== this.#saved?.step || clocks.validatedAt !== this.#saved.validatedAt;
  }

  /** Whether the newest file, or the one that is being written, is of this very moment. */
  isSavedAt(clocks: Readonly<Clocks>): boolean {
    const saved = this.#saved;
    return saved !== undefined && MOMENT.every((clock) => saved[clock] === clocks[clock]);
  }

  /** Begins a checkpoint. Waits for the one before, if that is still being written (`waitMs`); then the promise resolves when the copy is taken, and
   *  without `isAsynchronous` when the file is durable. What goes wrong later, `committed` and `finish` throw. */
  async save({ clocks, isInsideWindow, isForced = false, values = {}, isRanked = true }: SaveMoment): Promise<void> {
    const { isAsynchronous = true, savesBest = true, maxWaitSeconds = Number.POSITIVE_INFINITY } = this.#options;
    const began = performance.now();
    const name = await this.#ranks.decide(async () => {
      if (!(await this.#saves.makeRoom(isForced ? undefined : 1000 * maxWaitSeconds))) return undefined;
      await this.store.prepare();
      return this.store.nameOf(clocks, isInsideWindow, { values });
    });
    if (name === undefined) return;
    const isBest = isRanked && this.#ranking.add(name, clocks.step, values) && savesBest;
    const kept = this.#ranking.names;
    const path = this.store.storage.pathOf(name);
    const { step } = clocks;
    // What is detached for the file goes at once: left to its collection, it would count as memory of its own and set V8 to collect after every few saves.
    scope(() => {
      const checkpoint = this.#assemble();
      if (!this.#ranks.isPrimary) return undefined;
      // The copy is taken inside this call.
      const written = this.store.write(checkpoint, name, { isBest, kept, inBackground: isAsynchronous });
      this.#saves.begin(
        written.then(({ warnings }) => ({ path, step, durationMs: performance.now() - began, warnings })),
      );
      return isAsynchronous ? undefined : checkpoint; // which a storage may read as long as it writes
    }, 'checkpoint');
    this.#saved = { ...clocks };
    this.lastPath = path;
    if (!isAsynchronous) await this.#saves.settle();
  }

  /** Whether `committed` or `warnings` have something to tell. */
  get hasNews(): boolean {
    return this.#saves.hasNews;
  }

  /** What has become durable since the last call.
   *  @throws what a save in the background failed with. */
  committed(): readonly CommittedCheckpoint[] {
    return this.#saves.takeCommitted();
  }

  /** What there is to say about saves since the last call: files that could not be deleted, and once that the loop had to wait. */
  warnings(): readonly string[] {
    return this.#saves.takeWarnings();
  }

  /** How long saves have waited for the one before them, in this process. */
  get waitMs(): number {
    return this.#saves.waitMs;
  }

  /** Waits until nothing is being written. @returns what has become durable since `committed` was called.
   *  @throws what a save in the background failed with. */
  async finish(): Promise<readonly CommittedCheckpoint[]> {
    await this.#saves.settle();
    return this.committed();
  }

  /** Checks that the monitored metric is among `names`, everything that is ever measured.
   *  @throws {ConfigError} listing them. */
  requireMonitor(names: readonly string[] | undefined): void {
    const { monitor } = this.#options;
    if (monitor !== undefined) requireMetric(names, monitor, 'checkpoint.monitorMetric', 'choose the best checkpoint');
  }

  #assemble(): Record<string, unknown> {
    return assembleCheckpoint(this.#registry.collect(this.#options.without), this.#describe());
  }

  /** Restores the newest checkpoint that verifies, or the one given.
   *  @returns where the run goes on from, or undefined where there is no checkpoint yet.
   *  @throws {CheckpointError} where none verifies or its parts are not this run's. */
  async resume(path?: string, options: RestoreOptions = {}): Promise<ResumedCheckpoint | undefined> {
    const found = await this.#find(path);
    if (!found) return undefined;
    const { checkpoint, system, dropped } = readCheckpoint(found.value, found.path);
    const parts = partsOf(checkpoint);
    // What another system does not keep starts anew without being asked for.
    const absent =
      system === undefined ? [] : this.#registry.names.filter((name) => !parts.has(name) && !NEEDED.includes(name));
    try {
      this.#registry.restore(parts, { ...options, fresh: [...(options.fresh ?? []), ...absent] });
    } catch (error) {
      if (!(error instanceof CheckpointError)) throw error;
      throw new CheckpointError(`${error.message}\n  in "${found.path}"`, { cause: error, path: found.path });
    }
    this.lastPath = found.path;
    this.#saved = record(checkpoint.clocks, 'clocks');
    if (path === undefined && this.#ranks.isPrimary) await this.#repair(found, checkpoint.clocks);
    const warnings: string[] = [];
    if (found.rejected.length > 0)
      warnings.push(`Resumed from "${nameIn(found.path)}": what is newer is damaged\n  ${found.rejected.join('\n  ')}`);
    const [drop, fresh] = [options.drop ?? [], options.fresh ?? []];
    if (system !== undefined) warnings.push(describeForeign(system, absent, dropped));
    if (drop.length > 0) warnings.push(`Resumed without the saved state of ${drop.join(', ')}`);
    if (fresh.length > 0) warnings.push(`Resumed with a new start of ${fresh.join(', ')}`);
    return { path: found.path, extra: record(checkpoint.extra ?? {}, 'extra'), runId: runIdOf(checkpoint), warnings };
  }

  /** The first rank chooses; the others read the file that it has chosen. */
  async #find(path: string | undefined): Promise<FoundCheckpoint | undefined> {
    if (path !== undefined) return readFrom(path);
    if (this.#ranks.isAlone) return this.store.readLatest();
    let found: FoundCheckpoint | undefined;
    const chosen = await this.#ranks.decide(async () => {
      found = await this.store.readLatest();
      return found && { path: found.path, rejected: [...found.rejected] };
    });
    if (chosen === undefined || found !== undefined) return found;
    return { ...(await readFrom(chosen.path)), ...chosen };
  }

  /** Puts right what a process left undone that died between a file and its links, or what a time line has left in the ranking. */
  async #repair(found: FoundCheckpoint, clocks: unknown): Promise<void> {
    const name = nameIn(found.path);
    const { best } = this.#ranking;
    const isRanked = best?.name === name || (best?.name === '' && best.step === record(clocks, 'clocks').step);
    await this.store.pointAt(name, { isBest: isRanked && (this.#options.savesBest ?? true) });
    this.#ranking.keepOnly(new Set((await this.store.list()).map(({ name }) => name)));
  }
}

/** What no run goes on without, unless it is asked to. */
const NEEDED = ['model_state_dict', 'optimizer_state_dicts', 'scheduler_state_dicts', 'clocks'];

function describeForeign(system: string, absent: readonly string[], dropped: readonly string[]): string {
  const without = dropped.length > 0 ? `; it also has ${dropped.join(', ')}, with no place here` : '';
  return `Resumed from a checkpoint of ${system}, with a new start of ${absent.join(', ')}${without}`;
}

/** By which loggers know the run that wrote a checkpoint. */
export function runIdOf(checkpoint: Readonly<Record<string, unknown>>): string | undefined {
  const { environment } = checkpoint;
  const id =
    typeof environment === 'object' && environment !== null ? (environment as { run_id?: unknown }).run_id : undefined;
  return typeof id === 'string' && id !== '' ? id : undefined;
}

/** The value that a checkpoint's file holds. */
export function assembleCheckpoint(
  states: ReadonlyMap<string, unknown>,
  { hyperParameters, extra, runId }: RunDescription,
): Record<string, unknown> {
  const checkpoint: Record<string, unknown> = Object.fromEntries(CHECKPOINT_KEYS.map((key) => [key, null]));
  checkpoint.format = FORMAT;
  checkpoint.version = VERSION;
  checkpoint.modules = {};
  checkpoint.callbacks = {};
  checkpoint.metrics = {};
  for (const [name, state] of states) {
    const [key, ...rest] = name.split('.') as [string, ...string[]];
    if (rest.length === 0) checkpoint[key] = state;
    else (checkpoint[key] as Record<string, unknown>)[rest.join('.')] = state;
  }
  checkpoint.hyper_parameters = hyperParameters;
  checkpoint.extra = extra;
  checkpoint.environment = {
    libtorch: libtorchVersion(),
    node: process.version,
    threads: numThreads(),
    saved_at: new Date().toISOString(),
    run_id: runId ?? '',
  };
  return checkpoint;
}

const NESTED = ['modules', 'callbacks', 'metrics'];
const FACTS = ['format', 'version', 'extra', 'hyper_parameters', 'environment'];

/** The states in a checkpoint by the names of their parts. */
export function partsOf(checkpoint: Readonly<Record<string, unknown>>): Map<string, unknown> {
  const parts = new Map<string, unknown>();
  for (const [key, value] of Object.entries(checkpoint)) {
    if (FACTS.includes(key) || value === null) continue;
    if (NESTED.includes(key))
      for (const [name, state] of Object.entries(record(value, key))) parts.set(`${key}.${name}`, state);
    else parts.set(key, value);
  }
  return parts;
}

/** The last part of a path or address. */
const nameIn = (path: string): string => path.slice(path.lastIndexOf('/') + 1);

/** The clocks that tell one moment of a run from another. */
const MOMENT = ['epoch', 'microStep', 'step', 'validatedAt'] as const;
