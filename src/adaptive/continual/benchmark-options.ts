// What a continual-learning benchmark is told, and what may be wrong with it.

import { ConfigError } from '../../errors.ts';
import { count, optionProblems, type Rule, text } from '../../metrics/options.ts';
import { Module } from '../../nn/module.ts';
import type { AnyOptimizer } from '../../optim/optimizer.ts';
import type { Device } from '../../tensor/device.ts';
import type { Logger } from '../../tracking/logger.ts';
import { describeValue } from '../../trainer/config/problems.ts';
import type { TrainerCallback } from '../../trainer/faces/trainer-callbacks.ts';
import type { TrainingRun } from '../../trainer/run/run.ts';
import { isOptimizer } from '../../trainer/trainer-problems.ts';
import { seedRule } from '../data/loaders.ts';
import type { ContinualMethod } from './method.ts';
import { type ContinualTask, taskProblems } from './task.ts';
import type { ClassLoss } from './task-outputs.ts';

export interface ContinualBenchmarkOptions {
  /** Learnt in this order; at least two. */
  readonly tasks: readonly ContinualTask[];
  /** One for all tasks, as it would be in a life. */
  readonly optimizer: AnyOptimizer;
  /** Default: `FineTuning`. */
  readonly method?: ContinualMethod | undefined;
  /** From outputs and classes to the loss. Where tasks have outputs of their own, those of other tasks are minus infinity. Default: cross entropy. */
  readonly criterion?: ClassLoss | undefined;
  /** Default 1. */
  readonly epochsPerTask?: number | undefined;
  /** Samples in a batch, default 32. */
  readonly batchSize?: number | undefined;
  /** Decides the order of samples, and whatever draws from the default generators in training. Default 42. */
  readonly seed?: number | undefined;
  /** Gradients are scaled so that their joint norm is at most this. Default: they are not. */
  readonly maxGradNorm?: number | undefined;
  /** Where the model is moved to. Default: it stays where it is. */
  readonly device?: Device | undefined;
  /** A folder for what the benchmark has reached (`continual.pt`, behind each epoch and each task), its result (`result.json`) and its picture (`accuracy-matrix.svg`). The same benchmark, begun again with
   *  the same folder, goes on there. Default: nothing is kept. */
  readonly folder?: string | undefined;
  /** Callbacks of the trainer: see `Trainer`. */
  readonly callbacks?: readonly TrainerCallback[] | undefined;
  readonly loggers?: readonly Logger[] | undefined;
  /** A run's folder that the log goes to; its report shows the picture and the measures. */
  readonly run?: TrainingRun | undefined;
}

const any: Rule = ['something', () => true]; // looked at on its own, or by the trainer
const list: Rule = ['a list', Array.isArray];
const positive: Rule = ['a number above 0', (value) => typeof value === 'number' && value > 0];
const rules: Readonly<Record<string, Rule>> = {
  ...{ tasks: any, optimizer: ['an optimizer', isOptimizer], method: ['a method with a name', isMethod] },
  criterion: ['a Module', (value) => value instanceof Module],
  ...{ epochsPerTask: count(), batchSize: count(), seed: seedRule, maxGradNorm: positive },
  ...{ device: any, folder: text, callbacks: list, loggers: list, run: any },
};

function isMethod(value: unknown): boolean {
  return typeof value === 'object' && value !== null && text[1]((value as { readonly name?: unknown }).name);
}

/** @throws {ConfigError} that lists everything that does not fit. */
export function checkBenchmark(model: unknown, options: ContinualBenchmarkOptions): void {
  const problems = model instanceof Module ? [] : [`model: expected a Module, got ${describeValue(model)}`];
  problems.push(...optionProblems(options, rules, ['optimizer']));
  if (typeof options === 'object' && options !== null) problems.push(...taskProblems(options.tasks));
  if (problems.length > 0) throw new ConfigError('run a continual-learning benchmark', problems);
}
