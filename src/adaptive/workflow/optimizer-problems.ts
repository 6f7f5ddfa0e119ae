// The section `optimizer` of a workflow as an optimizer and a schedule of a configuration file, and what is wrong with it.

import { readOptimizerConfig } from '../../trainer/optimization/optimizer-config.ts';
import { OPTIMIZER_TYPES } from '../../trainer/optimization/optimizer-types.ts';
import { plainName } from '../../trainer/optimization/option-names.ts';
import { schedulerConfigProblems } from '../../trainer/optimization/scheduler-from-config.ts';
import { describeChoice } from './name-choice.ts';
import { unreadProblems } from './workflow-defaults.ts';
import type { WorkflowFields, WorkflowOptimizer } from './workflow-fields.ts';

/** Hyperparameters of the section by their names in an optimizer. */
const HYPERPARAMETERS = ['weightDecay', 'momentum', 'betas', 'eps'] as const;

const isTaken = (name: string, hyperparameter: string): boolean => {
  const type = Object.values(OPTIMIZER_TYPES).find((each) => plainName(each.name) === plainName(name));
  return type !== undefined && Object.hasOwn(type.rule.hyperparameters, hyperparameter);
};

/** The part `optimizer` of a file. */
export function optimizerPart(optimizer: WorkflowOptimizer): {
  readonly type: string;
  readonly [option: string]: unknown;
} {
  const { name, learningRate } = optimizer;
  const taken = HYPERPARAMETERS.filter((each) => isTaken(name, each)).map((each) => [each, optimizer[each]]);
  return { type: name, lr: learningRate, ...Object.fromEntries(taken) };
}

/** The part `scheduler` of a file; undefined for none. It moves at the end of epochs, as schedules of adaptiveneuralnetwork do. */
export function schedulerPart({
  optimizer: { scheduler, schedulerParams },
  training: { earlyStoppingMetric },
}: WorkflowFields): { readonly type: string; readonly [option: string]: unknown } | undefined {
  if (scheduler === undefined) return undefined;
  const isPlateau = ['plateau', 'reduceonplateau', 'reducelronplateau'].includes(plainName(scheduler));
  return isPlateau
    ? { type: 'reduce_on_plateau', monitor: earlyStoppingMetric, ...schedulerParams }
    : { type: scheduler, interval: 'epoch', ...schedulerParams };
}

/** One line a problem, under the names of fields in camelCase. */
export function optimizerProblems(fields: WorkflowFields): string[] {
  const { optimizer, dataset } = fields;
  const { name, scheduler, schedulerParams } = optimizer;
  const { problems } = readOptimizerConfig(optimizerPart(optimizer), 'optimizer');
  const lines = problems.map((line) =>
    line.startsWith('optimizer.type:')
      ? `optimizer.name: ${describeChoice(name, Object.keys(OPTIMIZER_TYPES))}`
      : line.replace(/^optimizer\.lr:/, 'optimizer.learningRate:'),
  );
  const isKnown = !lines.some((line) => line.startsWith('optimizer.name:'));
  const names = HYPERPARAMETERS.filter((each) => !isTaken(name, each));
  if (isKnown) lines.push(...unreadProblems('optimizer', optimizer, { names, reader: `the optimizer "${name}"` }));
  const part = schedulerPart(fields);
  if (part !== undefined) {
    lines.push(
      ...schedulerConfigProblems(part, 'optimizer.schedulerParams').map((line) =>
        line.replace(/^optimizer\.schedulerParams\.type:/, 'optimizer.scheduler:'),
      ),
    );
    if (part.type === 'reduce_on_plateau' && dataset.valSplit === 0)
      lines.push(
        `optimizer.scheduler: expected a share dataset.valSplit above 0 with "${scheduler}", which goes by a validation, got 0`,
      );
  } else if (Object.keys(schedulerParams).length > 0)
    lines.push(
      'optimizer.schedulerParams: expected nothing without a scheduler, got an object; name one, or leave it out',
    );
  return lines;
}
