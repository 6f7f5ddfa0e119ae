// What is wrong with what a trainer and its `fit` are given: everything at once, before anything is started or written.

import {
  type BatchLoader,
  valLoaderNames as defaultValNames,
  MultiDataLoader,
  type NamedLoader,
  trainLoaderNames,
} from '../data/index.ts';
import { ConfigError } from '../errors.ts';
import { Module } from '../nn/module.ts';
import { LBFGS } from '../optim/lbfgs.ts';
import type { AnyOptimizer } from '../optim/optimizer.ts';
import { configuredCallbacks, twofoldCallbacks } from './callbacks/configured.ts';
import { loaderProblems, scheduleOf } from './config/loader-problems.ts';
import { describeValue, unknownKeys } from './config/problems.ts';
import { readConfig } from './config/schema.ts';
import type { ResolvedConfig } from './config/types.generated.ts';
import { CallbackList } from './loop/events.ts';
import { allModules, type ModulesOfRun } from './loop/modules-of-run.ts';
import {
  type PlacedScheduler,
  placeScheduler,
  type SchedulerEntry,
  schedulerProblems,
} from './loop/scheduler-entry.ts';
import { least } from './loop/settings.ts';
import { configuredMonitors, twofoldMonitors } from './monitors/configured-monitors.ts';
import type { FitOptions, GenericTrainerOptions } from './trainer-options.ts';

const TRAINER_OPTIONS = [
  'config',
  'model',
  'modules',
  'optimizers',
  'schedulers',
  'callbacks',
  'trainMetrics',
  'valMetrics',
  'aggregate',
  'metricNaming',
  'loggers',
  'run',
];
const FIT_OPTIONS = ['trainLoaders', 'valLoaders', 'maxEpochs', 'resumeFromCheckpoint', 'resume', 'valLoaderNames'];

/** The options of a trainer, checked. */
export interface CheckedTrainerOptions {
  readonly config: ResolvedConfig;
  readonly callbacks: CallbackList;
  readonly schedulers: readonly PlacedScheduler[];
  readonly warnings: readonly string[];
}

/** @throws {ConfigError} that lists everything that is wrong. */
export function checkTrainerOptions(options: GenericTrainerOptions): CheckedTrainerOptions {
  const { model, modules = {}, optimizers, schedulers = [], callbacks = [], loggers = [] } = options;
  const problems = unknownKeys(options, TRAINER_OPTIONS);
  if (!(model instanceof Module)) problems.push(`model: expected a Module, got ${describeValue(model)}`);
  problems.push(...moduleProblems(modules));
  problems.push(...listProblems('optimizers', optimizers, 'an optimizer', isOptimizer));
  const areOptimizers = Array.isArray(optimizers) && optimizers.every(isOptimizer);
  if (areOptimizers && optimizers.length === 0) problems.push('optimizers: expected at least one, got none');
  if (areOptimizers) problems.push(...closureProblems(optimizers));
  if (areOptimizers && model instanceof Module && moduleProblems(modules).length === 0)
    problems.push(...parameterProblems({ model, modules }, optimizers));
  const placed = placeSchedulers(schedulers, areOptimizers ? optimizers : [], problems);
  problems.push(...metricProblems(options));
  const { metricNaming } = options;
  if (metricNaming !== undefined && typeof metricNaming !== 'function')
    problems.push(`metricNaming: expected a function, got ${describeValue(metricNaming)}`);
  problems.push(...listProblems('loggers', loggers, 'a logger', hasMethods('logMetrics', 'close')));
  const areCallbacks = Array.isArray(callbacks);
  if (!areCallbacks) problems.push(notAList('callbacks', callbacks));
  const onError = options.config?.hooks?.continueOnHookError === true ? 'log' : 'raise';
  const { config, problems: configProblems, warnings } = readConfig(options.config ?? {});
  const given = areCallbacks ? callbacks : [];
  const twofold = config ? [...twofoldCallbacks(config, given), ...twofoldMonitors(config, given)] : [];
  problems.push(...twofold);
  const configured = config && twofold.length === 0 ? configuredCallbacks(config, given) : [];
  const all = [...configured, ...given, ...(config && twofold.length === 0 ? configuredMonitors(config, given) : [])];
  const ordered = collect(problems, () => new CallbackList(all, { onError }));
  problems.push(...configProblems);
  if (config) problems.push(...aggregateProblems(options.aggregate, config.validation.aggregation));
  if (areOptimizers) {
    for (const id of new Set(config?.perLoaderOptimizerId?.filter((id) => id >= optimizers.length)))
      problems.push(`perLoaderOptimizerId: expected optimizers from 0 to ${optimizers.length - 1}, got ${id}`);
  }
  if (problems.length > 0) throw new ConfigError('make a GenericTrainer', problems);
  return { config: config!, callbacks: ordered!, schedulers: placed, warnings }; // both are there where there is no problem
}

function metricProblems({ trainMetrics = [], valMetrics = [] }: GenericTrainerOptions): string[] {
  const methods = ['update', 'compute', 'reset'];
  const stored = 'a metric with state(), loadState() and merge(), which a checkpoint keeps';
  const isStored = hasMethods(...methods, 'state', 'loadState', 'merge');
  const problems = [
    ...listProblems('trainMetrics', trainMetrics, stored, isStored),
    ...listProblems('valMetrics', valMetrics, 'a metric', hasMethods(...methods)),
  ];
  if (problems.length > 0) return problems;
  const all: readonly unknown[] = [...trainMetrics, ...valMetrics];
  const nameOf = (i: number): string =>
    i < trainMetrics.length ? `trainMetrics.${i}` : `valMetrics.${i - trainMetrics.length}`;
  return all.flatMap((metric, i) => {
    const first = all.indexOf(metric);
    return first === i ? [] : [`${nameOf(i)}: expected a metric of its own, got that of ${nameOf(first)}`];
  });
}

function aggregateProblems(aggregate: unknown, aggregation: string): string[] {
  if (aggregation !== 'custom')
    return aggregate === undefined
      ? []
      : [`aggregate: expected validation.aggregation "custom" with it, got "${aggregation}"`];
  if (typeof aggregate === 'function') return [];
  return [`aggregate: expected a function with validation.aggregation "custom", got ${describeValue(aggregate)}`];
}

/** Schedules at their places; what is wrong with them is added to `problems`. */
function placeSchedulers(
  schedulers: readonly SchedulerEntry[],
  optimizers: readonly AnyOptimizer[],
  problems: string[],
): PlacedScheduler[] {
  problems.push(
    ...listProblems('schedulers', schedulers, 'a { scheduler, interval, monitor, optimizerIndex }', isEntry),
  );
  const entries = Array.isArray(schedulers) && optimizers.length > 0 ? schedulers.filter(isEntry) : [];
  const placed = entries.map((entry) => placeScheduler(entry, optimizers));
  problems.push(...placed.flatMap((entry, i) => schedulerProblems(entry, i, optimizers)));
  return placed;
}

/** @throws {ConfigError} that lists everything that is wrong. */
export function checkSchedulers(
  schedulers: readonly SchedulerEntry[],
  optimizers: readonly AnyOptimizer[],
): readonly PlacedScheduler[] {
  const problems: string[] = [];
  const placed = placeSchedulers(schedulers, optimizers, problems);
  if (problems.length > 0) throw new ConfigError('set schedules', problems);
  return placed;
}

/** What `fit` needs to know of its trainer to be checked. */
export interface FitSituation {
  readonly config: ResolvedConfig;
  readonly hasTrainingStep: boolean;
  readonly hasValidationStep: boolean;
  /** Whether checkpoints have a folder. */
  readonly keepsCheckpoints: boolean;
  /** Batches in an epoch at most, beside what the configuration says. */
  readonly limitTrainBatches: number | undefined;
}

/** The loaders of a fit, checked. */
export interface CheckedLoaders {
  readonly train: MultiDataLoader<unknown>;
  readonly val: readonly NamedLoader<unknown>[];
}

/** @throws {ConfigError} that lists everything that is wrong. */
export function checkFitOptions(options: FitOptions, situation: FitSituation): CheckedLoaders {
  const { trainLoaders, valLoaders = [], valLoaderNames, maxEpochs = 1, resumeFromCheckpoint, resume } = options;
  const { config, hasTrainingStep, hasValidationStep, keepsCheckpoints } = situation;
  const problems = unknownKeys(options, FIT_OPTIONS);
  const expect = (isMet: boolean, path: string, wantedAndGot: string): void => {
    if (!isMet) problems.push(`${path}: expected ${wantedAndGot}`);
  };
  expect(hasTrainingStep, 'training step', 'a function, got none; call setTrainingStep() before fit()');
  const isCount = Number.isSafeInteger(maxEpochs) && maxEpochs > 0;
  expect(isCount, 'maxEpochs', `an integer above 0, got ${describeValue(maxEpochs)}`);
  const isPath = resumeFromCheckpoint === undefined || typeof resumeFromCheckpoint === 'string';
  expect(isPath, 'resumeFromCheckpoint', `the path of a checkpoint, got ${describeValue(resumeFromCheckpoint)}`);
  expect(
    resumeFromCheckpoint === undefined || keepsCheckpoints,
    'resumeFromCheckpoint',
    'a folder for the checkpoints that follow, got none; set checkpoint.rootDir',
  );
  problems.push(...unknownKeys(resume ?? {}, ['drop', 'fresh']).map((problem) => `resume.${problem}`));
  const train = checkTrainLoaders(trainLoaders, situation, problems);
  problems.push(...listProblems('valLoaders', valLoaders, 'a DataLoader', isLoader));
  if (!Array.isArray(valLoaders)) throw new ConfigError('fit', problems);
  expect(
    valLoaders.length === 0 || hasValidationStep,
    'validation step',
    'a function, got none; call setValidationStep() before fit() with valLoaders',
  );
  valLoaders.forEach((loader, i) => {
    expect(
      loader?.length !== Number.POSITIVE_INFINITY || loader.isEndless === false,
      `valLoaders.${i}`,
      'a loader that ends, got one without an end',
    );
  });
  const hasLosses = !config.trainLoaderConfig.lossMix || valLoaders.length === trainLoaders?.length;
  expect(
    hasLosses,
    'valLoaders',
    `one for each training loader, ${trainLoaders?.length}, whose losses trainLoaderConfig.lossMix follows, got ${valLoaders.length}`,
  );
  // One configuration serves runs with and without validation.
  const configured = valLoaders.length > 0 ? config.valLoaderConfig.dataloaderNames : undefined;
  expect(
    valLoaderNames === undefined || configured === undefined,
    'valLoaderNames',
    'none beside valLoaderConfig.dataloaderNames, got names',
  );
  const givenNames = { valLoaderNames, 'valLoaderConfig.dataloaderNames': configured };
  for (const [path, names] of Object.entries(givenNames)) {
    const isFit = names === undefined || names.length === valLoaders.length;
    expect(isFit, path, `one entry a loader, ${valLoaders.length}, got ${names?.length}`);
  }
  const twice = valLoaderNames?.find((name, i) => valLoaderNames.indexOf(name) !== i);
  expect(twice === undefined, 'valLoaderNames', `names that differ, got "${twice}" twice`);
  if (problems.length > 0) throw new ConfigError('fit', problems);
  const names = valLoaderNames ?? configured ?? defaultValNames(valLoaders.length, train!.names); // there is one where there is no problem
  return { train: train!, val: valLoaders.map((loader, i) => ({ name: names[i]!, loader })) };
}

function checkTrainLoaders(
  loaders: readonly BatchLoader<unknown>[],
  { config, limitTrainBatches }: FitSituation,
  problems: string[],
): MultiDataLoader<unknown> | undefined {
  const before = problems.length;
  problems.push(...listProblems('trainLoaders', loaders, 'a DataLoader', isLoader));
  if (!Array.isArray(loaders)) return undefined;
  if (loaders.length === 0) problems.push('trainLoaders: expected at least one loader, got none');
  loaders.forEach((loader, i) => {
    const same = loaders.indexOf(loader);
    if (same !== i) problems.push(`trainLoaders.${i}: expected a loader of its own, got that of place ${same}`);
  });
  if (loaders.length > 0 && loaders.every((loader) => loader?.length === 0))
    problems.push('trainLoaders: expected batches, got none in any loader; look at the data, batchSize and dropLast');
  problems.push(...loaderProblems(config, loaders.length));
  if (problems.length > before) return undefined;
  const { cycleShortLoaders, maxBatchesPerEpoch, prefetchCapTotalBatches } = config.trainLoaderConfig;
  const names = config.trainLoaderConfig.dataloaderNames ?? trainLoaderNames(loaders.length);
  try {
    return new MultiDataLoader({
      loaders: loaders.map((loader, i) => ({ name: names[i]!, loader })),
      ...scheduleOf(config),
      cycleShortLoaders,
      maxBatchesPerEpoch: least(maxBatchesPerEpoch, prefetchCapTotalBatches, limitTrainBatches),
    });
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    // Lengths that make no epoch: what is said after "Cannot …: ".
    problems.push(`trainLoaders: ${error.message.replace(/^Cannot [^:]*: /, '')}`);
    return undefined;
  }
}

/** Problems of a list and its entries. A single thing where a list is due is what people write first. */
export function listProblems(path: string, list: unknown, what: string, isFit: (entry: unknown) => boolean): string[] {
  if (!Array.isArray(list)) return [notAList(path, list)];
  return list.flatMap((entry: unknown, i) =>
    isFit(entry) ? [] : [`${path}.${i}: expected ${what}, got ${describeValue(entry)}`],
  );
}

function notAList(path: string, got: unknown): string {
  const isSingle = typeof got === 'object' && got !== null;
  return `${path}: expected a list, got ${describeValue(got)}${isSingle ? '; put it into one: […]' : ''}`;
}

const hasMethods =
  (...names: readonly string[]) =>
  (value: unknown): boolean =>
    typeof value === 'object' &&
    value !== null &&
    names.every((name) => typeof Reflect.get(value, name) === 'function');
export const isOptimizer = hasMethods('step', 'zeroGrad', 'parameters', 'stateDict', 'loadStateDict');
const isScheduler = hasMethods('step', 'stateDict', 'loadStateDict');
export const isLoader = (value: unknown): boolean =>
  hasMethods('setEpoch', 'state', 'loadState')(value) && Symbol.asyncIterator in (value as object);
const isEntry = (value: unknown): value is SchedulerEntry =>
  typeof value === 'object' && value !== null && isScheduler(Reflect.get(value, 'scheduler'));

/** Names are keys of a checkpoint. */
function moduleProblems(modules: unknown): string[] {
  if (typeof modules !== 'object' || modules === null || Array.isArray(modules) || modules instanceof Module)
    return [`modules: expected modules by name, as in { loss }, got ${describeValue(modules)}`];
  return Object.entries(modules).flatMap(([name, module]: [string, unknown]) => {
    if (!/^\w+$/.test(name)) return [`modules: expected names of letters, digits and _, got ${JSON.stringify(name)}`];
    return module instanceof Module ? [] : [`modules.${name}: expected a Module, got ${describeValue(module)}`];
  });
}

function closureProblems(optimizers: readonly AnyOptimizer[]): string[] {
  return optimizers.flatMap((optimizer, i) =>
    optimizer instanceof LBFGS
      ? [
          `optimizers.${i}: expected one that evaluates the loss once a step, got LBFGS; call its step(closure) in a loop of your own`,
        ]
      : [],
  );
}

/** A checkpoint holds the parameters of the model and of the modules beside it; another one that is trained would be lost. What a module beside the model would learn, if an optimizer had it, stays as it was made. */
function parameterProblems({ model, modules }: ModulesOfRun, optimizers: readonly AnyOptimizer[]): string[] {
  const own = new Set(allModules({ model, modules }).flatMap((module) => module.parameters()));
  const stray = optimizers.flatMap((optimizer, i) => {
    const count = optimizer.parameters().filter((parameter) => !own.has(parameter)).length;
    if (count === 0) return [];
    return [
      `optimizers.${i}: expected parameters of the model, got ${count} that it does not have; make them part of the model, or give their module as modules: { loss }, or no checkpoint would hold them`,
    ];
  });
  const trained = new Set(optimizers.flatMap((optimizer) => optimizer.parameters()));
  const idle = Object.entries(modules).flatMap(([name, module]) => {
    const missed = [...module.namedParameters()].filter(([, each]) => each.requiresGrad && !trained.has(each));
    if (missed.length === 0) return [];
    const names = missed.map(([parameter]) => parameter).join(', ');
    return [
      `modules.${name}: expected its parameters in an optimizer, got none that has ${names}; add module.parameters() to one, or freeze them by requiresGrad_(false)`,
    ];
  });
  return [...stray, ...idle];
}

/** Runs a check that reports by ConfigError, and takes its problems over. */
function collect<T>(problems: string[], check: () => T): T | undefined {
  try {
    return check();
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    problems.push(...error.problems);
    return undefined;
  }
}
