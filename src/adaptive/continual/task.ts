// A task of a continual-learning benchmark: samples to learn, samples to be tested on, and between which outputs it decides.

import { type BatchLoader, DataLoader, type Dataset, TensorDataset } from '../../data/index.ts';
import { cat } from '../../tensor/ops.generated.ts';
import { adopt, scope } from '../../tensor/scope.ts';
import { Tensor } from '../../tensor/tensor.ts';
import { describeValue } from '../../trainer/config/problems.ts';
import { isLoader } from '../../trainer/trainer-problems.ts';
import type { Pair } from '../data/loaders.ts';

/** One of the tasks that are learnt one after the other. */
export interface ContinualTask {
  /** What figures and messages call it. */
  readonly name: string;
  /** Inputs [N, …] and classes [N] of int64 to learn. */
  readonly train: Pair;
  /** The same to be tested on. */
  readonly test: Pair;
  /** Which of the model's outputs stand for the classes of this task, where the model is told which task a sample is of: loss and accuracy then decide between these alone. Default: between all. */
  readonly outputs?: readonly number[];
}

/** Where samples come from: a loader of batches `[inputs, classes]`, or a dataset of such pairs. */
export type PairSource = BatchLoader<Readonly<Pair>> | Dataset<Readonly<Pair>>;

/** Rows read at a time from a dataset. */
const ROWS = 1024;

/** Everything that a source has, in its order; of a loader that shuffles, that of its first epoch. Memory: all of it. */
export async function readPairs(source: PairSource): Promise<Pair> {
  const loader = isLoader(source)
    ? (source as BatchLoader<Readonly<Pair>>)
    : new DataLoader<Readonly<Pair>, Readonly<Pair>>({ dataset: source as Dataset<Readonly<Pair>>, batchSize: ROWS });
  loader.setEpoch(0); // the same order every time
  const batches: Pair[] = [];
  for await (const [inputs, classes] of loader) batches.push([inputs, classes]);
  return scope(() => {
    adopt(batches);
    return [cat(batches.map(([inputs]) => inputs)), cat(batches.map(([, classes]) => classes))] as const;
  }) as Pair;
}

/** What is wrong with a source, as lines of an error. */
export function sourceProblems(name: string, source: unknown): string[] {
  const given = source as { readonly get?: unknown; readonly length?: unknown } | undefined;
  const isDataset = typeof given?.get === 'function' && typeof given.length === 'number';
  if (isLoader(source) || isDataset) return [];
  return [`${name}: expected a DataLoader or a dataset of [input, class], got ${describeValue(source)}`];
}

/** What is wrong with a benchmark's tasks, as lines of an error. */
export function taskProblems(tasks: unknown): string[] {
  if (!Array.isArray(tasks)) return [`tasks: expected a list of tasks, got ${describeValue(tasks)}`];
  if (tasks.length < 2) return [`tasks: expected at least two, got ${tasks.length}`];
  const problems = tasks.flatMap((task, index) => problemsOfTask(task as ContinualTask, `tasks[${index}]`));
  if (problems.length > 0) return problems;
  const list = tasks as readonly ContinualTask[];
  const names = list.map(({ name }) => name);
  const repeated = names.find((name, index) => names.indexOf(name) !== index);
  if (repeated !== undefined) problems.push(`tasks: expected names that differ, got "${repeated}" twice`);
  const numTold = list.filter(({ outputs }) => outputs !== undefined).length;
  if (numTold > 0 && numTold < list.length)
    problems.push(`tasks: expected outputs for all tasks or for none, got them for ${numTold} of ${list.length}`);
  const all = list.flatMap(({ outputs = [] }) => outputs);
  const shared = all.find((output, index) => all.indexOf(output) !== index);
  if (shared !== undefined) problems.push(`tasks: expected outputs of one task each, got ${shared} twice`);
  return problems;
}

function problemsOfTask(task: ContinualTask | undefined, path: string): string[] {
  if (typeof task !== 'object' || task === null) return [`${path}: expected a task, got ${describeValue(task)}`];
  const problems: string[] = [];
  if (typeof task.name !== 'string' || task.name === '')
    problems.push(`${path}.name: expected a name, got ${describeValue(task.name)}`);
  for (const part of ['train', 'test'] as const) problems.push(...pairProblems(`${path}.${part}`, task[part]));
  const { outputs } = task;
  const isList =
    Array.isArray(outputs) && outputs.length > 0 && outputs.every((at) => Number.isSafeInteger(at) && at >= 0);
  if (outputs !== undefined && !isList)
    problems.push(`${path}.outputs: expected places of outputs from 0, got ${describeValue(outputs)}`);
  if (isList && problems.length === 0) problems.push(...outputProblems(task, path));
  return problems;
}

function pairProblems(path: string, pair: unknown): string[] {
  if (!Array.isArray(pair) || pair.length !== 2 || !pair.every((part) => part instanceof Tensor))
    return [`${path}: expected [inputs, classes], got ${describeValue(pair)}`];
  const [inputs, classes] = pair as unknown as Pair;
  if (classes.ndim !== 1 || classes.dtype !== 'int64')
    return [`${path}: expected classes [N] of int64, got ${classes.dtype} [${classes.shape.join(', ')}]`];
  if (inputs.shape[0] !== classes.shape[0] || classes.shape[0] === 0)
    return [`${path}: expected as many inputs as classes, and some, got ${inputs.shape[0]} and ${classes.shape[0]}`];
  return [];
}

/** Classes have to be among the task's own outputs. */
function outputProblems({ outputs = [], train, test }: ContinualTask, path: string): string[] {
  const known = new Set(outputs);
  return Object.entries({ train, test }).flatMap(([part, [, classes]]) => {
    const stranger = classesOf(classes).find((value) => !known.has(value));
    if (stranger === undefined) return [];
    return [`${path}.${part}: expected classes among its outputs ${outputs.join(', ')}, got ${stranger}`];
  });
}

/** The classes of samples as numbers. Sync: waits for the device. */
export function classesOf(classes: Tensor): number[] {
  return Array.from(classes.toArray() as (bigint | number)[], Number);
}

/** A pair as a dataset. */
export const datasetOf = (pair: Pair): TensorDataset<Pair> => new TensorDataset<Pair>(pair);
