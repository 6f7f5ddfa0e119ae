// Makes an experiment of its parts: model, data, optimizers, schedules, step and trainer, in an order that a resumed run repeats.

import { type ModuleUrl, MultiDataLoader, type NamedLoader } from '../../data/index.ts';
import { valLoaderNames } from '../../data/multi-loader/names.ts';
import { ConfigError } from '../../errors.ts';
import type { MergeableMetric } from '../../metrics/metric.ts';
import { Module } from '../../nn/module.ts';
import type { AnyOptimizer } from '../../optim/optimizer.ts';
import { manualSeed } from '../../tensor/generator.ts';
import { ProgressCallback } from '../callbacks/progress.ts';
import { scheduleOf } from '../config/loader-problems.ts';
import { readConfig } from '../config/schema.ts';
import type { GenericTrainerConfig } from '../config/types.generated.ts';
import { GenericTrainer } from '../generic-trainer.ts';
import { type ModulesOfRun, namedParametersOf } from '../loop/modules-of-run.ts';
import type { SchedulerEntry } from '../loop/scheduler-entry.ts';
import { standsFor } from '../loop/step-facts.ts';
import type { OptimizerConfig } from '../optimization/optimizer-config.ts';
import { optimizerFromConfig } from '../optimization/optimizer-from-config.ts';
import type { SchedulerConfig } from '../optimization/scheduler-config.ts';
import { schedulerFromConfig } from '../optimization/scheduler-from-config.ts';
import type { TrainingRun } from '../run/run.ts';
import type { ExperimentParts, LoaderParts, PlacedPart } from './experiment-parts.ts';
import { makeLoader } from './loaders.ts';
import type { PartContexts, PartResults } from './part-kinds.ts';
import type { Registry } from './registry.ts';
import { standardStep } from './standard-step.ts';

/** An experiment that can be trained and evaluated. */
export interface AssembledExperiment {
  readonly trainer: GenericTrainer;
  readonly train: readonly NamedLoader<unknown>[];
  readonly val: readonly NamedLoader<unknown>[];
  readonly test: readonly NamedLoader<unknown>[];
}

export interface AssembleOptions {
  readonly registry: Registry;
  readonly maxEpochs: number;
  readonly run: TrainingRun;
  /** The run's own program, from which worker threads make data. */
  readonly program?: ModuleUrl | undefined;
}

/** Makes everything that `parts` names. Random numbers are drawn in this order: the model's, the loss's, then those of optimizers and schedules, from the experiment's seed.
 *  @throws {ConfigError} that names the part and its place in the file. */
export async function assemble(
  parts: ExperimentParts,
  config: GenericTrainerConfig,
  options: AssembleOptions,
): Promise<AssembledExperiment> {
  const { registry, run } = options;
  const train = await makeLoaders(
    parts.train,
    namesOf(parts.train, config.trainLoaderConfig?.dataloaderNames, 'dl'),
    config,
    options,
  );
  const trainNames = train.map(({ name }) => name);
  const valNames = config.valLoaderConfig?.dataloaderNames ?? valLoaderNames(parts.val.length, trainNames);
  const val = await makeLoaders(
    parts.val,
    parts.val.map(({ name }, i) => name ?? valNames[i] ?? `val_dl${i}`),
    config,
    options,
  );
  const test = await makeLoaders(parts.test, namesOf(parts.test, undefined, 'test'), config, options);
  if (config.seed !== undefined) manualSeed(config.seed);
  const model = await at(parts.model, () => registry.build('model', parts.model.spec, {}));
  const loss = parts.loss && (await at(parts.loss, () => registry.build('loss', parts.loss!.spec, { model })));
  const modules = loss instanceof Module ? { loss } : {};
  const optimizers = await makeEach(parts.optimizers, (part) => makeOptimizer(part, { model, modules }, registry));
  const { dataloaderNumWorkers: _, prefetchFactor: __, pinMemory: ___, ...performance } = config.performance ?? {}; // the loaders have them
  const configured: GenericTrainerConfig = {
    ...config,
    performance,
    trainLoaderConfig: { ...config.trainLoaderConfig, dataloaderNames: trainNames },
  };
  const totalSteps = updatesOf(train, configured, options.maxEpochs);
  const making = { optimizers, registry, maxEpochs: options.maxEpochs, totalSteps };
  const schedulers = (await makeEach(parts.schedulers, (part) => makeSchedulers(part, making))).flat();
  const metrics = await makeEach(parts.metrics, ({ spec }) => registry.build('metric', spec, {}));
  const trainMetrics = await makeEach(parts.trainMetrics, ({ spec }) => registry.build('metric', spec, {}));
  const named = await makeEach(parts.callbacks, ({ spec }) => registry.build('callback', spec, { model, run }));
  const showsProgress = parts.showsProgress && run.captureReplays === undefined;
  const callbacks = showsProgress ? [...named, new ProgressCallback()] : named;
  const trainer = new GenericTrainer({
    config: configured,
    model,
    modules,
    optimizers,
    schedulers,
    callbacks,
    valMetrics: metrics,
    trainMetrics: trainMetrics as readonly unknown[] as readonly MergeableMetric<never[]>[], // the trainer refuses those that are not
    run,
  });
  const step = await makeStep(parts, { model, loss, metrics, trainMetrics, registry });
  trainer.setTrainingStep(standsFor((...args) => step.training(...args), step.training));
  trainer.setValidationStep((...args) => (step.validation ?? step.training)(...args));
  return { trainer, train, val, test };
}

async function makeStep(
  parts: ExperimentParts,
  made: PartContexts['step'] & { readonly registry: Registry },
): Promise<PartResults['step']> {
  const { input, target, step } = parts;
  if (!step)
    return standardStep({ ...made, model: made.model as Module & { forward(input: never): unknown }, input, target });
  return at(step, () => made.registry.build('step', step.spec, made));
}

async function makeOptimizer(
  { spec, isOurs }: PlacedPart,
  { model, modules }: ModulesOfRun,
  registry: Registry,
): Promise<AnyOptimizer> {
  if (isOurs) return optimizerFromConfig(asObject(spec) as OptimizerConfig, model, { modules }); // it has been checked
  const parameters = [...namedParametersOf({ model, modules })].map(([, parameter]) => parameter);
  return registry.build('optimizer', spec, { model, parameters });
}

interface SchedulerMaking {
  readonly optimizers: readonly AnyOptimizer[];
  readonly registry: Registry;
  readonly maxEpochs: number;
  readonly totalSteps: number | undefined;
}

async function makeSchedulers(
  { spec, beside, isOurs }: PlacedPart,
  { optimizers, registry, maxEpochs, totalSteps }: SchedulerMaking,
): Promise<SchedulerEntry[]> {
  const { interval, monitor, optimizer: index = 0 } = beside;
  const optimizer = optimizers[index as number];
  if (optimizer === undefined)
    throw new ConfigError('make a schedule', [
      `optimizer: expected a number from 0 to ${optimizers.length - 1}, got ${String(index)}`,
    ]);
  if (isOurs) {
    const length = { totalEpochs: maxEpochs, ...(totalSteps === undefined ? {} : { totalSteps }) };
    return schedulerFromConfig(asObject(spec) as SchedulerConfig, optimizer, length); // it has been checked
  }
  const numMoves = interval === 'epoch' ? maxEpochs : totalSteps;
  const scheduler = await registry.build('scheduler', spec, { optimizer, numMoves });
  const entry = {
    scheduler,
    ...(interval === undefined ? {} : { interval: interval as NonNullable<SchedulerEntry['interval']> }), // the trainer checks both
    ...(monitor === undefined ? {} : { monitor: monitor as string }),
  };
  return [entry];
}

const asObject = (spec: PlacedPart['spec']): object => (typeof spec === 'string' ? { type: spec } : spec);

/** Updates of the whole run; undefined where nobody knows how long an epoch is. */
function updatesOf(
  train: readonly NamedLoader<unknown>[],
  config: GenericTrainerConfig,
  maxEpochs: number,
): number | undefined {
  const { config: resolved } = readConfig(config);
  if (!resolved) return undefined; // the trainer says what is wrong with it
  const { cycleShortLoaders, maxBatchesPerEpoch, prefetchCapTotalBatches } = resolved.trainLoaderConfig;
  const { length } = new MultiDataLoader({
    loaders: train,
    ...scheduleOf(resolved),
    cycleShortLoaders,
    maxBatchesPerEpoch,
    prefetchCapTotalBatches,
  });
  if (!Number.isFinite(length)) return undefined;
  const perEpoch = Math.ceil(length / resolved.performance.gradientAccumulationSteps);
  return Math.min(perEpoch * maxEpochs, resolved.maxSteps ?? Number.POSITIVE_INFINITY);
}

async function makeLoaders(
  loaders: readonly LoaderParts[],
  names: readonly string[],
  config: GenericTrainerConfig,
  { registry, program }: AssembleOptions,
): Promise<NamedLoader<unknown>[]> {
  const { seed = 0, performance = {} } = config;
  const making = { registry, seed, performance, program };
  return makeEach(loaders, async (parts, i) => ({ name: names[i]!, loader: await makeLoader(parts, making) }));
}

/** Names from the file, the configuration's where it has a list, else counted. */
function namesOf(loaders: readonly LoaderParts[], configured: readonly string[] | undefined, prefix: string): string[] {
  return loaders.map(({ name }, i) => name ?? configured?.[i] ?? `${prefix}${i}`);
}

/** One after the other, each under its place in the file. */
async function makeEach<P extends { readonly path: PlacedPart['path'] }, T>(
  parts: readonly P[],
  make: (part: P, index: number) => Promise<T>,
): Promise<T[]> {
  const made: T[] = [];
  for (const [i, part] of parts.entries()) made.push(await at(part, () => make(part, i)));
  return made;
}

/** Names the place in the file where something cannot be made. */
async function at<T>({ path }: { readonly path: PlacedPart['path'] }, make: () => Promise<T>): Promise<T> {
  try {
    return await make();
  } catch (error) {
    throw placed(error, path);
  }
}

/** An error of a part's builder that says which part it was. */
export class PartError extends Error {
  readonly path: PlacedPart['path'];

  constructor(path: PlacedPart['path'], cause: Error) {
    super(`${path.join('.')}: ${cause.message}`, { cause });
    this.name = 'PartError';
    this.path = path;
  }
}

function placed(error: unknown, path: PlacedPart['path']): unknown {
  return error instanceof Error && !(error instanceof PartError) ? new PartError(path, error) : error;
}
