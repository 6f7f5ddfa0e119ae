// `splitClasses`: the classes of a data set as tasks, a few classes each; the split-MNIST protocol on any classification data set.

import { Purpose, permutation } from '../../data/philox.ts';
import { ConfigError } from '../../errors.ts';
import { choice, count, optionProblems, type Rule } from '../../metrics/options.ts';
import { tensor } from '../../tensor/from-data.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { type Pair, seedRule } from '../data/loaders.ts';
import { type ContinualTask, classesOf, type PairSource, readPairs, sourceProblems } from './task.ts';

/** What a model is told, and what it has to say: see `splitClasses`. */
export type ContinualScenario = 'task' | 'domain' | 'class';

export interface SplitClassesOptions {
  /** In how many tasks the classes are split, as many in each; this or `classesPerTask`. Default 5. */
  readonly numTasks?: number | undefined;
  /** How many classes a task has; this or `numTasks`. */
  readonly classesPerTask?: number | undefined;
  /** Default 'task'. */
  readonly scenario?: ContinualScenario | undefined;
  /** Draws which classes come together, and their order. Default: classes in their own order, as split MNIST has them. */
  readonly seed?: number | undefined;
  /** At most so many training samples for each task, the first of them. Default: all. */
  readonly samplesPerTask?: number | undefined;
}

const ACTION = 'split classes';
const rules: Readonly<Record<string, Rule>> = {
  numTasks: count(2),
  classesPerTask: count(),
  scenario: choice('task', 'domain', 'class'),
  seed: seedRule,
  samplesPerTask: count(),
};

/** The classes of a data set as tasks that come one after the other.
 *
 *  The scenario says what a model is told and what it has to say. 'task': which task a sample is of is known, and the model decides between the task's outputs; as adaptiveneuralnetwork does.
 *  'domain': the task is not known, but only the place of a class in its task is asked for (of the digits 0, 1 | 2, 3 | …, whether a digit is even), so that all tasks have the same outputs.
 *  'class': the task is not known, and the model decides between all classes.
 *
 *  All samples are read into memory, in the order of their source.
 *  @param data - for training and for tests: loaders of `[inputs, classes]`, as `loadDigits` gives them, or datasets of such pairs.
 *  @throws {ConfigError} for options that do not fit, classes that cannot be split so, and classes of tests that training has not.
 *  Source: the protocol, Zenke et al. 2017, arXiv:1703.04200; the scenarios, van de Ven and Tolias 2019, arXiv:1904.07734; adaptiveneuralnetwork, split_mnist_benchmark.
 *  @example
 *  import { createSyntheticLoaders, splitClasses } from 'sconce/adaptive';
 *  const tasks = await splitClasses(createSyntheticLoaders({ numSamples: 100, inputDim: 8, numClasses: 4 }), { numTasks: 2 });
 *  tasks.map(({ name, outputs }) => [name, ...outputs!]); // [['classes 0, 1', 0, 1], ['classes 2, 3', 2, 3]] */
export async function splitClasses(
  data: readonly [train: PairSource, test: PairSource],
  options: SplitClassesOptions = {},
): Promise<ContinualTask[]> {
  const problems = optionProblems(options, rules);
  if (options.numTasks !== undefined && options.classesPerTask !== undefined)
    problems.push('numTasks, classesPerTask: expected one of them, got both');
  if (!Array.isArray(data) || data.length !== 2) problems.push('data: expected [train, test], got something else');
  else problems.push(...['train', 'test'].flatMap((name, index) => sourceProblems(name, data[index])));
  if (problems.length > 0) throw new ConfigError(ACTION, problems);
  const [train, test] = [await readPairs(data[0]), await readPairs(data[1])];
  const [labels, testLabels] = [classesOf(train[1]), classesOf(test[1])];
  const groups = groupsOf(
    [...new Set(labels)].sort((a, b) => a - b),
    options,
  );
  checkTests(groups, testLabels);
  const { scenario = 'task', samplesPerTask = Number.POSITIVE_INFINITY } = options;
  return groups.map((classes) => ({
    name: `classes ${classes.join(', ')}`,
    train: partOf(train, labels, { classes, scenario, most: samplesPerTask }),
    test: partOf(test, testLabels, { classes, scenario, most: Number.POSITIVE_INFINITY }),
    ...(scenario === 'task' ? { outputs: classes } : {}),
  }));
}

function groupsOf(classes: readonly number[], { numTasks, classesPerTask, seed }: SplitClassesOptions): number[][] {
  const size = classesPerTask ?? classes.length / (numTasks ?? 5);
  const number = classes.length / size;
  if (!Number.isInteger(size) || !Number.isInteger(number) || number < 2)
    throw new ConfigError(ACTION, [
      classesPerTask === undefined
        ? `numTasks: expected a divisor of the ${classes.length} classes, got ${numTasks ?? 5}`
        : `classesPerTask: expected a divisor of the ${classes.length} classes that leaves two tasks, got ${classesPerTask}`,
    ]);
  const order =
    seed === undefined
      ? classes
      : Array.from(permutation(classes.length, { seed, epoch: 0, purpose: Purpose.split }), (at) => classes[at]!);
  return Array.from({ length: number }, (_, task) => order.slice(task * size, (task + 1) * size));
}

function checkTests(groups: readonly number[][], labels: readonly number[]): void {
  const [tested, known] = [new Set(labels), new Set(groups.flat())];
  const problems = [...tested]
    .filter((value) => !known.has(value))
    .map((value) => `test: expected classes of training, got ${value}`);
  for (const group of groups)
    if (!group.some((value) => tested.has(value)))
      problems.push(`test: expected samples of the classes ${group.join(', ')}, got none`);
  if (problems.length > 0) throw new ConfigError(ACTION, problems);
}

interface Part {
  readonly classes: readonly number[];
  readonly scenario: ContinualScenario;
  readonly most: number;
}

function partOf([inputs]: Pair, labels: readonly number[], { classes, scenario, most }: Part): Pair {
  const places = labels.flatMap((label, place) => (classes.includes(label) ? [place] : [])).slice(0, most);
  const saidOf = (label: number): number => (scenario === 'domain' ? classes.indexOf(label) : label);
  return [inputs.indexSelect(0, int64(places)), int64(places.map((place) => saidOf(labels[place]!)))];
}

function int64(values: readonly number[]): Tensor {
  return tensor(BigInt64Array.from(values, BigInt));
}
