// A stage as the trainer plays it, whether a configuration described it or a strategy was given.

import { ConfigError } from '../../errors.ts';
import type { Module } from '../../nn/module.ts';
import type { AnyOptimizer } from '../../optim/optimizer.ts';
import { LambdaLR } from '../../optim/schedules/lambda.ts';
import { WarmupCosineScheduler } from '../../optim/schedules/warmup-decay.ts';
import { getRngState, setRngState } from '../../tensor/generator.ts';
import { scope } from '../../tensor/scope.ts';
import type { StatefulScheduler } from '../../trainer/checkpoint/run-state.ts';
import { OPTIMIZER_TYPES } from '../../trainer/optimization/optimizer-types.ts';
import { componentProblems, freezeComponents, groupsByRate, ratesOf } from './component-groups.ts';
import { CrossModalStrategy } from './cross-modal-strategy.ts';
import { EndToEndStrategy } from './end-to-end-strategy.ts';
import { SingleModalityStrategy } from './single-modality-strategy.ts';
import type { StageConfig, StageSchedulerConfig, StrategyName } from './stage-config.ts';
import { createLoss, stageLoss } from './stage-losses.ts';
import type { TrainingStrategy } from './training-strategy.ts';

/** How a stage is watched and saved. */
export interface StageRules {
  readonly epochs: number;
  readonly earlyStopping: boolean;
  readonly patience: number;
  readonly monitorMetric: string;
  readonly monitorMode: 'min' | 'max';
  readonly evaluationMetrics: readonly string[];
  readonly clipGradNorm: number | undefined;
  readonly mixedPrecision: boolean;
  readonly gradientAccumulationSteps: number;
}

export interface PlannedStage extends StageRules {
  /** From 0. */
  readonly index: number;
  readonly name: string;
  /** Undefined where nothing says it: then any loader will do. */
  readonly batchSize: number | undefined;
  /** What has to be the same when the stage goes on. */
  readonly settings: Readonly<Record<string, unknown>>;
  /** Freezes the model's parts and makes loss, optimizer and schedule. @param totalSteps - updates of the whole stage. */
  begin(totalSteps: number): TrainingStrategy;
}

/** By the names that the documents have for stages. */
const BY_STAGE: Readonly<Record<string, StrategyName>> = {
  modality_specific_learning: 'single_modality',
  cross_modal_fusion: 'cross_modal',
  end_to_end_fine_tuning: 'end_to_end',
};

const STRATEGIES = {
  single_modality: SingleModalityStrategy,
  cross_modal: CrossModalStrategy,
  end_to_end: EndToEndStrategy,
} as const;

/** A stage of a configuration. Components say in the end what is frozen; every group's rate is the optimizer's times its component's factor. */
export function plannedFromConfig(config: StageConfig, index: number, model: Module): PlannedStage {
  const { name, epochs, batchSize, earlyStopping, patience, monitorMetric, monitorMode, evaluationMetrics } = config;
  const { clipGradNorm, mixedPrecision, gradientAccumulationSteps } = config;
  const { epochs: _, evaluationMetrics: __, ...settings } = config;
  return {
    ...{ index, name, epochs, batchSize, earlyStopping, patience, monitorMetric, monitorMode, evaluationMetrics },
    ...{ clipGradNorm: clipGradNorm ?? undefined, mixedPrecision, gradientAccumulationSteps },
    settings: JSON.parse(JSON.stringify(settings)) as Record<string, unknown>,
    begin: (totalSteps) => beginFromConfig(config, model, totalSteps),
  };
}

function beginFromConfig(config: StageConfig, model: Module, totalSteps: number): TrainingStrategy {
  const strategy = makeStrategy(config, model);
  strategy.freeze();
  freezeComponents(model, config.components);
  const lossFn = config.losses.length > 0 ? stageLoss(config.losses, model) : strategy.makeLoss();
  strategy.lossFn = lossFn.to({ device: strategy.device });
  const { name, lr, ...others } = config.optimizer;
  const groups = groupsByRate(model, ratesOf(model, config.components), { lr, otherFactor: 1, beside: lossFn });
  const type = OPTIMIZER_TYPES[name]!; // checked with the options
  const known = Object.entries(others).filter(([option]) => Object.hasOwn(type.rule.hyperparameters, option));
  const optimizer = type.make(groups, { lr, ...Object.fromEntries(known) });
  strategy.optimizer = optimizer;
  strategy.scheduler = makeScheduler(config.scheduler, optimizer, totalSteps);
  return strategy;
}

function makeStrategy(config: StageConfig, model: Module): TrainingStrategy {
  const Strategy = STRATEGIES[config.strategy ?? BY_STAGE[config.name] ?? 'end_to_end'];
  return new Strategy({ ...camelCasedKeys(config.strategyParams), model });
}

const camelCasedKeys = (given: Readonly<Record<string, unknown>>): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(given).map(([key, value]) => [
      key.replaceAll(/_([a-z])/g, (_, letter: string) => letter.toUpperCase()),
      value,
    ]),
  );

/** @param total - updates of the stage. */
function makeScheduler(
  config: StageSchedulerConfig,
  optimizer: AnyOptimizer,
  total: number,
): StatefulScheduler | undefined {
  const { name, warmupSteps, warmupRatio, minLrRatio } = config;
  const warmup = Math.min(warmupSteps, Math.ceil(warmupRatio * total));
  if (name === 'constant') return undefined;
  if (name === 'linear_warmup')
    return new LambdaLR(optimizer, (step) => {
      if (step + 1 < warmup) return (step + 1) / warmup;
      return 1 + (minLrRatio - 1) * Math.min(1, (step + 1 - warmup) / Math.max(1, total - warmup));
    });
  const minLr = optimizer.paramGroups.map(({ lr }) => lr * minLrRatio);
  return new WarmupCosineScheduler(optimizer, {
    warmupSteps: name === 'cosine' ? 0 : warmup,
    ...{ totalSteps: total, minLr },
  });
}

/** What is wrong with a stage of a configuration for this model, one line each. */
export function stageProblems(config: StageConfig, index: number, model: Module): string[] {
  const path = `stages.${index}`;
  const problems = componentProblems(model, config.components, `${path}.components`);
  for (const [i, { name, params }] of config.losses.entries())
    problems.push(...lossProblems(name, params, model, `${path}.losses.${i}`));
  if (!Object.hasOwn(OPTIMIZER_TYPES, config.optimizer.name))
    problems.push(
      `${path}.optimizer.name: expected one of ${Object.keys(OPTIMIZER_TYPES).join(', ')}, got "${config.optimizer.name}"`,
    );
  try {
    makeStrategy(config, model);
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    problems.push(`${path}.strategyParams: ${error.message.replace(/^Cannot [^:]*: /, '')}`);
  }
  return problems;
}

/** What is wrong with a loss, found by making it. Generators are left as they were. */
function lossProblems(
  name: string,
  params: StageConfig['losses'][number]['params'],
  model: Module,
  path: string,
): string[] {
  const generator = getRngState();
  try {
    scope(() => createLoss(name, params, model));
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.problems.map((problem) => `${path}: ${problem}`);
    if (error instanceof TypeError) return [`${path}: ${error.message.replace(/^Cannot [^:]*: /, '')}`];
    throw error;
  } finally {
    setRngState(generator);
  }
}

/** A stage with a strategy of the user's. */
export interface StrategyEntry {
  readonly strategy: TrainingStrategy;
  readonly epochs: number;
}

export function plannedFromStrategy(
  name: string,
  { strategy, epochs }: StrategyEntry,
  index: number,
  rules: Omit<StageRules, 'epochs'>,
): PlannedStage {
  return {
    ...{ index, name, epochs, ...rules, batchSize: undefined },
    settings: JSON.parse(
      JSON.stringify({
        strategy: strategy.constructor.name,
        ...strategy.config,
        ...rules,
        evaluationMetrics: undefined,
      }),
    ) as Record<string, unknown>,
    begin: () => {
      strategy.initializeStrategy();
      return strategy;
    },
  };
}
