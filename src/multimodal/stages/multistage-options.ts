// Checks the options of a `MultistageTrainer`, all at once, and makes its stages of them.

import { ConfigError } from '../../errors.ts';
import { Module } from '../../nn/module.ts';
import { describeValue, unknownKeys } from '../../trainer/config/problems.ts';
import { isLoader } from '../../trainer/trainer-problems.ts';
import type { MultistageTrainerOptions } from './multistage-trainer.ts';
import { type PlannedStage, plannedFromConfig, plannedFromStrategy, stageProblems } from './planned-stage.ts';
import { TrainingConfig } from './training-config.ts';
import { TrainingStrategy } from './training-strategy.ts';

/** Of stages of `strategies`; a configuration says them for each of its stages. */
const OF_STRATEGIES = [
  ...['earlyStopping', 'earlyStoppingPatience', 'monitorMetric', 'monitorMode', 'clipGradNorm', 'mixedPrecision'],
  'gradientAccumulationSteps',
] as const;

const OPTIONS = [
  ...['model', 'trainDataloader', 'valDataloader', 'testDataloader', 'config', 'strategies', 'checkpointDir', 'logDir'],
  ...['device', 'callbacks', 'loggers', 'seed', 'checkpointFrequency', 'saveEverySteps', 'evaluateAfterStage'],
  ...OF_STRATEGIES,
];

type Options = MultistageTrainerOptions;

/** @throws {ConfigError} that lists everything that does not fit. */
export function checkMultistage(options: Options): void {
  const problems = unknownKeys(options, OPTIONS);
  const expect = (name: keyof Options, isFit: (value: unknown) => boolean, wanted: string, isNeeded = false): void => {
    const value = options[name];
    if ((value !== undefined || isNeeded) && !isFit(value))
      problems.push(`${name}: expected ${wanted}, got ${describeValue(value)}`);
  };
  const isCount = (value: unknown): boolean => Number.isSafeInteger(value) && (value as number) > 0;
  const isStageLoader = (value: unknown): boolean => typeof value === 'function' || isLoader(value);
  const isFlag = (value: unknown): boolean => typeof value === 'boolean';
  const isText = (value: unknown): boolean => typeof value === 'string' && value !== '';
  expect('model', (value) => value instanceof Module, 'a Module', true);
  expect('trainDataloader', isStageLoader, 'a loader, or a function that makes one for a stage', true);
  expect('valDataloader', isStageLoader, 'a loader, or a function that makes one for a stage');
  expect('testDataloader', isLoader, 'a loader');
  expect('config', (value) => value instanceof TrainingConfig, 'a TrainingConfig');
  expect('callbacks', (value) => Array.isArray(value) || typeof value === 'function', 'a list, or a function');
  expect('loggers', Array.isArray, 'a list of loggers');
  expect('seed', (value) => Number.isSafeInteger(value) && (value as number) >= 0, 'an integer from 0 on');
  for (const name of ['checkpointFrequency', 'saveEverySteps', 'earlyStoppingPatience'] as const)
    expect(name, isCount, 'an integer above 0');
  expect('gradientAccumulationSteps', isCount, 'an integer above 0');
  for (const name of ['evaluateAfterStage', 'earlyStopping', 'mixedPrecision'] as const)
    expect(name, isFlag, 'true or false');
  for (const name of ['checkpointDir', 'logDir', 'monitorMetric'] as const) expect(name, isText, 'a text');
  expect('monitorMode', (value) => value === 'min' || value === 'max', 'min or max');
  expect('clipGradNorm', (value) => value === null || (typeof value === 'number' && value > 0), 'a number above 0');
  if (problems.length === 0) problems.push(...problemsBetween(options));
  if (problems.length > 0) throw new ConfigError('make a MultistageTrainer', problems);
}

function problemsBetween(options: Options): string[] {
  const { config, strategies, model, valDataloader } = options;
  if ((config === undefined) === (strategies === undefined))
    return [`config: expected one of config and strategies, got ${config ? 'both' : 'neither'}`];
  if (config) {
    const beside = OF_STRATEGIES.filter((name) => options[name] !== undefined);
    return [
      ...(config.stages.length === 0 ? ['config.stages: expected at least one stage, got none'] : []),
      ...beside.map(
        (name) => `${name}: expected none beside config, whose stages say it, got ${describeValue(options[name])}`,
      ),
      ...config.stages.flatMap((stage, i) => stageProblems(stage, i, model)),
      ...config.stages.flatMap(({ earlyStopping, monitorMetric }, i) =>
        monitorProblems(`stages.${i}.monitorMetric`, { isStopping: earlyStopping, monitorMetric, valDataloader }),
      ),
    ];
  }
  const entries = Object.entries(strategies!);
  const { earlyStopping = false, monitorMetric = 'val_loss' } = options;
  return [
    ...(entries.length === 0 ? ['strategies: expected at least one stage, got none'] : []),
    ...entries.flatMap(([name, entry]) => strategyProblems(name, entry, model)),
    ...monitorProblems('monitorMetric', { isStopping: earlyStopping, monitorMetric, valDataloader }),
  ];
}

function monitorProblems(
  path: string,
  { isStopping, monitorMetric, valDataloader }: { isStopping: boolean; monitorMetric: string; valDataloader: unknown },
): string[] {
  if (valDataloader !== undefined || !isStopping || !monitorMetric.startsWith('val')) return [];
  return [
    `${path}: expected a metric of the training without a valDataloader, got "${monitorMetric}"; give a valDataloader, monitor "train_loss", or set earlyStopping to false`,
  ];
}

function strategyProblems(name: string, entry: unknown, model: Module): string[] {
  const { strategy, epochs } = (entry ?? {}) as { strategy?: unknown; epochs?: unknown };
  const problems: string[] = [];
  if (!/^(?!\.{1,2}$)[^/\\\0]{1,200}$/.test(name))
    problems.push(`strategies: expected names that folders can have, got ${describeValue(name)}`);
  if (!(strategy instanceof TrainingStrategy))
    problems.push(`strategies.${name}.strategy: expected a TrainingStrategy, got ${describeValue(strategy)}`);
  else if (strategy.model !== model)
    problems.push(`strategies.${name}.strategy: expected a strategy of the trainer's model, got one of another`);
  if (!(Number.isSafeInteger(epochs) && (epochs as number) > 0))
    problems.push(`strategies.${name}.epochs: expected an integer above 0, got ${describeValue(epochs)}`);
  return problems;
}

/** The stages in their order. */
export function planStages(options: Options): PlannedStage[] {
  const { config, strategies = {}, model } = options;
  if (config) return config.stages.map((stage, index) => plannedFromConfig(stage, index, model));
  const rules = {
    earlyStopping: options.earlyStopping ?? false,
    patience: options.earlyStoppingPatience ?? 5,
    monitorMetric: options.monitorMetric ?? 'val_loss',
    monitorMode: options.monitorMode ?? ('min' as const),
    evaluationMetrics: ['val_loss'],
    clipGradNorm: options.clipGradNorm === undefined ? 1 : (options.clipGradNorm ?? undefined),
    mixedPrecision: options.mixedPrecision ?? true,
    gradientAccumulationSteps: options.gradientAccumulationSteps ?? 1,
  };
  return Object.entries(strategies).map(([name, entry], index) => plannedFromStrategy(name, entry, index, rules));
}
