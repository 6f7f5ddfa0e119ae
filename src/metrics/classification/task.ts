// What is classified: the options that all metrics of classification share.

import { ConfigError } from '../../errors.ts';
import { checkOptions, choice, count, integer, type Rule, text, texts } from '../options.ts';

export interface ClassificationOptions {
  /** 'binary': is it, or not, as targets 0 and 1. 'multiclass': one of several classes. 'multilabel': each of several labels, or not. */
  readonly task: 'binary' | 'multiclass' | 'multilabel';
  /** Of task 'multiclass', at least 2. */
  readonly numClasses?: number;
  /** Of task 'multilabel', at least 2. */
  readonly numLabels?: number;
  /** A target with this value does not count. Default: all count. */
  readonly ignoreIndex?: number;
  /** Names of the classes or labels, for values by class and for matrices. Default: their numbers. */
  readonly classNames?: readonly string[];
  /** The value's name. Default: that of the metric, as in 'accuracy'. */
  readonly name?: string;
}

/** From a probability or a logit to a decision, in tasks 'binary' and 'multilabel'. */
export interface ThresholdOptions {
  /** A probability above it counts as 1. Default 0.5. */
  readonly threshold?: number;
}

export interface Task {
  readonly kind: ClassificationOptions['task'];
  /** Classes, or labels; of a binary task 1. */
  readonly size: number;
  readonly ignoreIndex: number | undefined;
  readonly classNames: readonly string[];
}

export const RULES: Readonly<Record<string, Rule>> = {
  task: choice('binary', 'multiclass', 'multilabel'),
  numClasses: count(2),
  numLabels: count(2),
  ignoreIndex: integer,
  classNames: texts,
  name: text,
};

export const THRESHOLD: Rule = [
  'a probability between 0 and 1',
  (value) => typeof value === 'number' && value >= 0 && value <= 1,
];

/** @param rules - of the options that a metric has beside.
 *  @throws {ConfigError} that lists every problem. */
export function taskOf(
  label: string,
  options: ClassificationOptions,
  rules: Readonly<Record<string, Rule>>,
  isFit: (task: Task) => readonly string[] = () => [],
): Task {
  const action = `make ${label}`;
  checkOptions(action, options, { ...RULES, ...rules }, ['task']);
  const { task: kind, numClasses, numLabels, ignoreIndex, classNames } = options;
  const wanted = {
    numClasses: kind === 'multiclass',
    numLabels: kind === 'multilabel',
    threshold: kind !== 'multiclass',
  };
  const problems = Object.entries(wanted).flatMap(([name, isWanted]) => {
    const isGiven = Reflect.get(options, name) !== undefined;
    if (isGiven && !isWanted) return [`${name}: expected none with task "${kind}", got one`];
    return !isGiven && isWanted && name !== 'threshold'
      ? [`${name}: expected ${RULES[name]![0]} with task "${kind}", got none`]
      : [];
  });
  const size = (kind === 'multiclass' ? numClasses : kind === 'multilabel' ? numLabels : 1) ?? 1;
  const numNames = kind === 'binary' ? 2 : size;
  if (classNames && classNames.length !== numNames)
    problems.push(`classNames: expected ${numNames} names, got ${classNames.length}`);
  const names = classNames ?? Array.from({ length: numNames }, (_, i) => String(i));
  const task = { kind, size, ignoreIndex, classNames: names };
  problems.push(...isFit(task));
  if (problems.length > 0) throw new ConfigError(action, problems);
  return task;
}

/** Values of the classes as a metric gives them: one, or one each. */
export function namedValues(
  name: string,
  values: readonly number[],
  classNames: readonly string[],
): Record<string, number> {
  if (values.length === 1) return { [name]: values[0]! };
  return Object.fromEntries(values.map((value, i) => [`${name}_${classNames[i]}`, value]));
}
