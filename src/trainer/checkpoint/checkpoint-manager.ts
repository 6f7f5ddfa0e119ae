// `CheckpointManager`: when a checkpoint is due, what goes into it, and how a run comes back from it.

import { basename } from 'node:path';
import { CheckpointError, ConfigError } from '../../errors.ts';
import { PyFloat } from '../../serial/values.ts';
import { libtorchVersion, numThreads } from '../../tensor/process.ts';
import type { Clocks } from '../loop/clocks.ts';
import { asCheckpoint, CHECKPOINT_KEYS, FORMAT, record, storedNumber, VERSION } from './format.ts';
import type { RestoreOptions, StateRegistry } from './state.ts';
import { CheckpointStore, checkpointName } from './store.ts';

export interface CheckpointOptions {
  /** Folder of the files. */
  readonly folder: string;
  /** Save after so many optimizer steps. Default: not by steps. */
  readonly everySteps?: number | undefined;
  /** Save after so many epochs. Default 1. */
  readonly everyEpochs?: number | undefined;
  /** Newest files that stay, beside the best. Default 5. */
  readonly keepLast?: number | undefined;
  /** The metric that says which checkpoint is best, as in 'val/loss' or 'val_loss'. Default: none is. */
  readonly monitor?: string | undefined;
  /** Default 'min'. */
  readonly mode?: 'min' | 'max' | undefined;
}

/** The moment at which a checkpoint is written. */
export interface SaveMoment {
  readonly clocks: Readonly<Clocks>;
  /** Whether some accumulation window is part full: then a step has several moments. */
  readonly isInsideWindow: boolean;
  /** Metrics of this moment, for `monitor`. */
  readonly values?: Readonly<Record<string, number>>;
}

/** Where a run goes on from. */
export interface ResumedCheckpoint {
  readonly path: string;
  /** What the user had put into it. */
  readonly extra: Readonly<Record<string, unknown>>;
  /** What the run goes on without, for its log. */
  readonly warnings: readonly string[];
}

interface BestState {
  readonly value: number | null;
  readonly step: number;
}

/** Saves and restores all parts of a run that are registered. */
export class CheckpointManager {
  readonly store: CheckpointStore;
  /** The file written or resumed from last. */
  lastPath: string | undefined;
  readonly #options: CheckpointOptions;
  readonly #registry: StateRegistry;
  readonly #describe: () => { hyperParameters: unknown; extra: unknown };
  #savedAt: string | undefined;
  #best: BestState = { value: null, step: 0 };

  /** @param describe - the run's configuration and what the user adds, asked at every save. */
  constructor(
    options: CheckpointOptions,
    registry: StateRegistry,
    describe: () => { hyperParameters: unknown; extra: unknown },
  ) {
    this.#options = options;
    this.#registry = registry;
    this.#describe = describe;
    this.store = new CheckpointStore(options.folder, { keepLast: options.keepLast ?? 5 });
    registry.register('metrics.best', {
      state: () => ({ ...this.#best, value: this.#best.value === null ? null : new PyFloat(this.#best.value) }),
      loadState: (state) => {
        const { value, step } = record(state, 'metrics.best');
        this.#best = {
          value: value === null ? null : storedNumber(value, 'metrics.best.value'),
          step: storedNumber(step, 'metrics.best.step', { isCount: true }),
        };
      },
    });
  }

  /** Whether a checkpoint is due after this step or epoch; a pure function of the clocks. */
  isDue(after: 'step' | 'epoch', clocks: Readonly<Clocks>): boolean {
    const { everySteps, everyEpochs = 1 } = this.#options;
    if (after === 'step') return everySteps !== undefined && clocks.step > 0 && clocks.step % everySteps === 0;
    return clocks.epoch % everyEpochs === 0;
  }

  /** Whether the newest file is of this very moment. */
  isSavedAt(clocks: Readonly<Clocks>): boolean {
    return this.#savedAt === momentOf(clocks);
  }

  /** Writes a checkpoint; when the Promise resolves it is on the disk. @returns the file's path. */
  async save({ clocks, isInsideWindow, values = {} }: SaveMoment): Promise<string> {
    const isBest = this.#noteBest(clocks, values);
    const checkpoint = this.#assemble();
    const path = await this.store.write(checkpoint, checkpointName(clocks, isInsideWindow), { isBest });
    this.#savedAt = momentOf(clocks);
    this.lastPath = path;
    return path;
  }

  /** Checks that an epoch with all that it measures has the monitored metric.
   *  @throws {ConfigError} listing the metrics that there are. */
  requireMonitor(values: Readonly<Record<string, number>>): void {
    const { monitor } = this.#options;
    if (monitor === undefined || findMetric(values, monitor) !== undefined) return;
    throw new ConfigError('choose the best checkpoint', [
      `checkpoint.monitorMetric: expected one of ${Object.keys(values).join(', ')}, got "${monitor}"`,
    ]);
  }

  #noteBest(clocks: Readonly<Clocks>, values: Readonly<Record<string, number>>): boolean {
    const { monitor, mode = 'min' } = this.#options;
    const value = monitor === undefined ? undefined : findMetric(values, monitor);
    // NaN is never best.
    if (value === undefined || Number.isNaN(value)) return false;
    const { value: before } = this.#best;
    const isBetter = before === null || (mode === 'min' ? value < before : value > before);
    if (isBetter) this.#best = { value, step: clocks.step };
    return isBetter;
  }

  #assemble(): Record<string, unknown> {
    const { hyperParameters, extra } = this.#describe();
    const checkpoint: Record<string, unknown> = Object.fromEntries(CHECKPOINT_KEYS.map((key) => [key, null]));
    checkpoint.format = FORMAT;
    checkpoint.version = VERSION;
    checkpoint.callbacks = {};
    checkpoint.metrics = {};
    for (const [name, state] of this.#registry.collect()) {
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
    };
    return checkpoint;
  }

  /** Restores the newest checkpoint that verifies, or the one given.
   *  @returns where the run goes on from, or undefined where there is no checkpoint yet.
   *  @throws {CheckpointError} where none verifies or its parts are not this run's. */
  async resume(path?: string, options: RestoreOptions = {}): Promise<ResumedCheckpoint | undefined> {
    const found = path === undefined ? await this.store.readLatest() : await this.store.read(path);
    if (!found) return undefined;
    const checkpoint = asCheckpoint(found.value, found.path);
    try {
      this.#registry.restore(partsOf(checkpoint), options);
    } catch (error) {
      if (!(error instanceof CheckpointError)) throw error;
      throw new CheckpointError(`${error.message}\n  in "${found.path}"`, { cause: error, path: found.path });
    }
    this.lastPath = found.path;
    if (path === undefined) {
      const { step } = record(checkpoint.clocks, 'clocks');
      const isBest = this.#best.value !== null && this.#best.step === step;
      await this.store.pointAt(basename(found.path), { isBest });
    }
    const warnings: string[] = [];
    if (found.rejected.length > 0)
      warnings.push(
        `Resumed from "${basename(found.path)}": what is newer is damaged\n  ${found.rejected.join('\n  ')}`,
      );
    const [drop, fresh] = [options.drop ?? [], options.fresh ?? []];
    if (drop.length > 0) warnings.push(`Resumed without the saved state of ${drop.join(', ')}`);
    if (fresh.length > 0) warnings.push(`Resumed with a new start of ${fresh.join(', ')}`);
    return { path: found.path, extra: record(checkpoint.extra ?? {}, 'extra'), warnings };
  }
}

/** A metric by its name, or by the spelling of systems that came before: `val_loss` for `val/loss`. */
export function findMetric(values: Readonly<Record<string, number>>, name: string): number | undefined {
  return values[name] ?? values[name.replace('_', '/')];
}

const NESTED = ['callbacks', 'metrics'];
const FACTS = ['format', 'version', 'extra', 'hyper_parameters', 'environment'];

/** The states in a checkpoint by the names of their parts. */
function partsOf(checkpoint: Readonly<Record<string, unknown>>): Map<string, unknown> {
  const parts = new Map<string, unknown>();
  for (const [key, value] of Object.entries(checkpoint)) {
    if (FACTS.includes(key) || value === null) continue;
    if (NESTED.includes(key))
      for (const [name, state] of Object.entries(record(value, key))) parts.set(`${key}.${name}`, state);
    else parts.set(key, value);
  }
  return parts;
}

const momentOf = (clocks: Readonly<Clocks>): string => `${clocks.epoch}:${clocks.microStep}:${clocks.step}`;
