// Which parts make up a run's state, and how each is stored under its key of the checkpoint.

import type { MultiDataLoader, MultiDataLoaderState } from '../../data/index.ts';
import { CheckpointError } from '../../errors.ts';
import type { MetricState } from '../../metrics/metric.ts';
import type { Module, StateDict } from '../../nn/module.ts';
import type { GradScaler } from '../../optim/grad-scaler.ts';
import type { AnyOptimizer } from '../../optim/optimizer.ts';
import { PyFloat } from '../../serial/values.ts';
import { noGrad } from '../../tensor/autograd.ts';
import { fromBytes, randint } from '../../tensor/create.ts';
import { getRngState, manualSeed, setRngState } from '../../tensor/generator.ts';
import { Tensor } from '../../tensor/tensor.ts';
import { type Clocks, COUNTS } from '../loop/clocks.ts';
import type { Callback } from '../loop/events.ts';
import type { EpochRecord, LastValidation } from '../loop/loop-options.ts';
import { type ModulesOfRun, namedParametersOf } from '../loop/modules-of-run.ts';
import { addMetrics, type MetricsCollector, type MetricsState } from '../metrics/metrics-collector.ts';
import type { TrainMetrics } from '../metrics/train-metrics.ts';
import { RankStates } from '../ranks/rank-states.ts';
import { Ranks } from '../ranks/ranks.ts';
import {
  decodeOptimizer,
  encodeOptimizer,
  encodeScaler,
  encodeScheduler,
  record,
  storedList,
  storedNumber,
} from './format.ts';
import type { StateRegistry } from './state.ts';

/** A schedule that can be saved. */
export interface StatefulScheduler {
  /** The optimizer whose learning rates it sets, where it says so. */
  readonly optimizer?: unknown;
  /** @param metric - one, for a schedule of interval 'metric'. */
  step(...metric: never[]): void;
  stateDict(): object;
  loadStateDict(state: never): void;
}

export interface RunParts {
  readonly model: Module;
  /** Beside the model, by name. */
  readonly modules: Readonly<Record<string, Module>>;
  readonly optimizers: readonly AnyOptimizer[];
  readonly schedulers: readonly { readonly scheduler: StatefulScheduler }[];
  /** The loss scale of each optimizer, where there are any. */
  readonly scalers: readonly GradScaler[] | undefined;
  /** Undefined without a fit, as `metrics`. */
  readonly loaders: MultiDataLoader<unknown> | undefined;
  readonly metrics: MetricsCollector | undefined;
  readonly trainMetrics: TrainMetrics | undefined;
  readonly clocks: Clocks;
  /** Micro-batches in each optimizer's window. */
  readonly pending: number[];
  readonly history: EpochRecord[];
  readonly lastValidation: LastValidation;
  readonly callbacks: readonly Callback[];
  /** The processes that train together. Default: this one alone. */
  readonly ranks?: Ranks | undefined;
}

/** Registers everything that decides how the run goes on. */
export function registerRunState(registry: StateRegistry, parts: RunParts): RankStates {
  const {
    model,
    modules,
    optimizers,
    schedulers,
    scalers,
    loaders,
    metrics,
    trainMetrics,
    clocks,
    pending,
    history,
    lastValidation,
    callbacks,
    ranks = Ranks.alone,
  } = parts;
  const rankStates = new RankStates(ranks, registry);
  registry.register('model_state_dict', {
    state: () => model.stateDict(),
    loadState: (state) => {
      model.loadStateDict(record(state, 'model_state_dict') as StateDict);
    },
  });
  for (const [name, module] of Object.entries(modules)) {
    if (Object.keys(module.stateDict()).length === 0) continue; // nothing to lose
    const key = `modules.${name}`;
    registry.register(key, {
      state: () => module.stateDict(),
      loadState: (state) => {
        module.loadStateDict(record(state, key) as StateDict);
      },
    });
  }
  registry.register('optimizer_state_dicts', {
    state: () => optimizers.map((optimizer) => encodeOverRanks(optimizer, ranks)),
    loadState: (state) =>
      each(state, optimizers, 'optimizer_state_dicts', (optimizer, stored) =>
        optimizer.loadStateDict(decodeOptimizer(stored)),
      ),
  });
  registry.register('scheduler_state_dicts', {
    state: () => schedulers.map(({ scheduler }) => encodeScheduler(scheduler.stateDict())),
    loadState: (state) =>
      each(state, schedulers, 'scheduler_state_dicts', ({ scheduler }, stored) =>
        scheduler.loadStateDict(record(stored, 'scheduler_state_dicts') as never),
      ),
  });
  if (scalers) {
    registry.register('scaler', {
      state: () => scalers.map((scaler) => encodeScaler(scaler.stateDict())),
      loadState: (state) =>
        each(state, scalers, 'scaler', (scaler, stored) => scaler.loadStateDict(record(stored, 'scaler') as never)),
    });
  }
  rankStates.register(registry, 'gradients', {
    state: () => (pending.some((count) => count > 0) ? gradientsOf(parts) : {}),
    loadState: (state) => restoreGradients(parts, record(state, 'gradients') as StateDict),
    merge: (states) => meanOf(states as StateDict[]),
    loadMerged: (state) => restoreGradients(parts, record(state, 'gradients') as StateDict),
  });
  if (loaders) {
    rankStates.register(registry, 'loaders', {
      state: () => loaders.state(),
      loadState: (state) => loaders.loadState(state as MultiDataLoaderState),
      merge: ([first]) => first, // they stand at the same place
      loadMerged: (state) => loaders.loadState(state as MultiDataLoaderState),
    });
  }
  rankStates.register(registry, 'rng', {
    state: () => {
      const bytes = getRngState();
      return { torch_cpu: fromBytes(bytes, [bytes.length], 'uint8') };
    },
    loadState: restoreGenerator,
    merge: ([first]) => first,
    loadMerged: (state, rank) => {
      restoreGenerator(state);
      if (rank > 0) manualSeed(randint(0, 2 ** 31, []).item() + rank);
    },
  });
  registry.register('clocks', {
    state: () => ({ ...(floats({ ...clocks }) as object), ...pick(clocks, COUNTS), pending: [...pending] }),
    loadState: (state) => {
      const stored = record(state, 'clocks');
      const isCount = (key: string): boolean => (COUNTS as readonly string[]).includes(key);
      const counts = Object.keys(clocks).map((key) => [
        key,
        storedNumber(stored[key], `clocks.${key}`, { isCount: isCount(key) }),
      ]);
      const windows = storedList(stored.pending, 'clocks.pending').map((count) =>
        storedNumber(count, 'clocks.pending', { isCount: true }),
      );
      if (windows.length !== pending.length) {
        throw new CheckpointError(
          `Cannot resume: expected ${pending.length} counts under "clocks.pending", one an optimizer, got ${windows.length}`,
        );
      }
      Object.assign(clocks, Object.fromEntries(counts));
      pending.splice(0, pending.length, ...windows);
    },
  });
  if (metrics) {
    rankStates.register(registry, 'metrics.train', {
      state: () => metrics.state(),
      loadState: (state) => metrics.loadState(record(state, 'metrics.train')),
      merge: (states) => addMetrics(states as MetricsState[]),
      loadMerged: (state, rank) => metrics.loadState(rank === 0 ? record(state, 'metrics.train') : {}),
      encode: floats,
    });
  }
  if (trainMetrics && !trainMetrics.isEmpty) {
    rankStates.register(registry, 'metrics.train_metrics', {
      state: () => trainMetrics.state(),
      loadState: (state) => trainMetrics.loadState(storedList(state, 'metrics.train_metrics')),
      merge: (states) => trainMetrics.merged(states as MetricState[][]),
      loadMerged: (state, rank) => {
        if (rank === 0) trainMetrics.loadState(storedList(state, 'metrics.train_metrics'));
        else trainMetrics.reset();
      },
    });
  }
  registry.register('metrics.history', {
    state: () => history.map(({ epoch, ...values }) => ({ epoch, values: floats(values) })),
    loadState: (state) => {
      const records = storedList(state, 'metrics.history').map((entry): EpochRecord => {
        const { epoch, values } = record(entry, 'metrics.history');
        return {
          epoch: storedNumber(epoch, 'metrics.history.epoch', { isCount: true }),
          ...numbersOf(values, 'metrics.history.values'),
        };
      });
      history.splice(0, history.length, ...records);
    },
  });
  registry.register('metrics.validation', {
    state: () => {
      const { epoch, microStep, values } = lastValidation;
      return { epoch, microStep, values: floats(values) };
    },
    loadState: (state) => {
      const { epoch, microStep = -1, values } = record(state, 'metrics.validation');
      lastValidation.epoch = storedNumber(epoch, 'metrics.validation.epoch');
      lastValidation.microStep = storedNumber(microStep, 'metrics.validation.microStep'); // not in files from before it was kept
      lastValidation.values = numbersOf(values, 'metrics.validation.values');
    },
  });
  for (const callback of callbacks) {
    if (!callback.state || !callback.loadState) continue;
    const key = callback.stateKey ?? `callbacks.${callback.name}`;
    registry.register(key, {
      state: () => callback.state!(),
      loadState: (state) => callback.loadState!(record(state, key)),
    });
  }
  return rankStates;
}

/** An optimizer's state; where it lies on several ranks it is brought to the one that writes. */
function encodeOverRanks(optimizer: AnyOptimizer, ranks: Ranks): unknown {
  optimizer.consolidateStateDict?.();
  return optimizer.consolidateStateDict === undefined || ranks.isPrimary ? encodeOptimizer(optimizer) : null;
}

/** Pairs a list of states with its parts.
 *  @throws {CheckpointError} where their numbers differ. */
function each<T>(state: unknown, parts: readonly T[], key: string, load: (part: T, state: unknown) => void): void {
  if (!Array.isArray(state) || state.length !== parts.length) {
    const got = Array.isArray(state) ? state.length : typeof state;
    throw new CheckpointError(
      `Cannot resume: expected a list of ${parts.length} under "${key}", got ${Array.isArray(state) ? 'one of ' : ''}${got}`,
    );
  }
  parts.forEach((part, i) => {
    load(part, state[i]);
  });
}

/** @throws {CheckpointError} for what is no table of numbers. */
function numbersOf(values: unknown, key: string): Record<string, number> {
  const entries = Object.entries(record(values, key));
  return Object.fromEntries(entries.map(([name, value]) => [name, storedNumber(value, `${key}.${name}`)]));
}

/** Numbers of a nest as Python floats. */
function floats(value: unknown): unknown {
  if (typeof value === 'number') return new PyFloat(value);
  if (Array.isArray(value)) return value.map(floats);
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, floats(entry)]));
  return value;
}

function pick<T extends object, K extends keyof T>(value: T, keys: readonly K[]): Pick<T, K> {
  return Object.fromEntries(keys.map((key) => [key, value[key]])) as Pick<T, K>;
}

function gradientsOf(run: ModulesOfRun): StateDict {
  const gradients: StateDict = {};
  for (const [name, parameter] of namedParametersOf(run)) {
    const gradient = parameter.grad;
    if (gradient) gradients[name] = gradient;
  }
  return gradients;
}

function restoreGradients(run: ModulesOfRun, gradients: Readonly<StateDict>): void {
  for (const [name, parameter] of namedParametersOf(run)) {
    const gradient: unknown = Object.hasOwn(gradients, name) ? gradients[name] : undefined;
    if (gradient !== undefined && !(gradient instanceof Tensor)) {
      throw new CheckpointError(`Cannot resume: expected a tensor under "gradients.${name}", got ${typeof gradient}`);
    }
    parameter.grad = gradient;
  }
}

function restoreGenerator(state: unknown): void {
  const { torch_cpu: stored } = record(state, 'rng');
  if (!(stored instanceof Tensor))
    throw new CheckpointError(`Cannot resume: expected a tensor under "rng.torch_cpu", got ${typeof stored}`);
  setRngState(stored.toBytes());
}

/** What the gradients of ranks are averaged to. */
function meanOf(states: readonly StateDict[]): StateDict {
  const names = new Set(states.flatMap((state) => Object.keys(state)));
  const mean = (name: string): Tensor => {
    const found = states.flatMap((state) => (Object.hasOwn(state, name) ? [state[name]!] : []));
    return found.reduce((sum, each) => sum.add(each)).div(states.length);
  };
  return noGrad(() => Object.fromEntries(Array.from(names, (name) => [name, mean(name)])));
}
