// An optimizer in a configuration: its type by name, its hyperparameters, and groups of parameters by patterns of their names.

import { type HyperparameterSpec, type Problem, problemOf } from '../../optim/hyperparameters.ts';
import { describeUnknown, describeValue } from '../config/problems.ts';
import { patternProblem } from './name-patterns.ts';
import { OPTIMIZER_TYPES, type OptimizerType } from './optimizer-types.ts';
import { isPlain, plainName, readEntries } from './option-names.ts';

/** A hyperparameter's value in a configuration. */
export type OptionValue = number | boolean | string | null | readonly (number | null)[];

/** Hyperparameters of some parameters, chosen by name. */
export interface OptimizerGroupConfig {
  /** Names of parameters: a whole name, a module's name for everything below it, with `*` for any characters; `/…/` is a regular expression. */
  readonly match: string | readonly string[];
  /** Factor on the optimizer's `lr`, in place of a rate of its own. */
  readonly lrScale?: number;
  readonly [hyperparameter: string]: OptionValue | readonly string[] | undefined;
}

/** What `optimizerFromConfig` reads. Keys may be spelt as here or as PyTorch spells them (`weight_decay`).
 *  Beside the fields below it has the hyperparameters of its type under the names of its class in `sconce.optim` or of PyTorch: `lr`, `weightDecay`, `betas`, `eps`, `amsgrad`, `momentum`, …
 *  What is left out is as the class has it by default, which are PyTorch's values. */
export interface OptimizerConfig {
  /** adam, adamw (the default), sgd, rmsprop, adagrad, adadelta, adamax, nadam, radam, asgd, adafactor, lion, muon, rprop or sparse_adam; PyTorch's class names do as well. */
  readonly type?: string;
  /** Which parameters it trains, by the patterns of a group's `match`. Default: all. */
  readonly parameters?: string | readonly string[];
  /** 'matrices': weight decay for parameters of two dimensions and more, none for biases and norms. Default 'all'. */
  readonly weightDecayOn?: 'all' | 'matrices';
  /** Later groups come before earlier ones, and before `weightDecayOn`. */
  readonly groups?: readonly OptimizerGroupConfig[];
  /** More hyperparameters; the same as to write them beside `type`. */
  readonly customParams?: Readonly<Record<string, OptionValue>>;
  readonly [hyperparameter: string]: unknown;
}

/** A group as it was read. */
export interface ReadGroup {
  readonly match: readonly string[];
  readonly lrScale: number | undefined;
  readonly options: Readonly<Record<string, unknown>>;
}

/** An optimizer's section as it was read. */
export interface ReadOptimizer {
  readonly type: OptimizerType;
  readonly options: Readonly<Record<string, unknown>>;
  readonly parameters: readonly string[] | undefined;
  readonly weightDecayOn: 'all' | 'matrices';
  readonly groups: readonly ReadGroup[];
}

/** What a section says, or what is wrong with it. */
export interface OptimizerReading {
  /** Undefined where there are problems. */
  readonly optimizer: ReadOptimizer | undefined;
  /** One line for each, under its path. */
  readonly problems: readonly string[];
  /** What is right and probably not meant. */
  readonly warnings: readonly string[];
}

const OWN = ['type', 'parameters', 'weightDecayOn', 'groups', 'customParams'];

/** Checks an optimizer's section without a model.
 *  @param path - of the section, for problems. */
export function readOptimizerConfig(config: unknown, path = 'optimizer'): OptimizerReading {
  if (!isPlain(config)) {
    const got = describeValue(config);
    return { optimizer: undefined, problems: [`${path}: expected an object, got ${got}`], warnings: [] };
  }
  const problems: string[] = [];
  const { entries, written } = readEntries(config, path, problems);
  const at = (name: string): string => written.get(name) ?? `${path}.${name}`;
  const type = typeOf(entries.get('type') ?? 'adamw');
  if (type === undefined) {
    const names = Object.keys(OPTIMIZER_TYPES);
    problems.push(`${at('type')}: expected one of ${names.join(', ')}, got ${describeValue(entries.get('type'))}`);
    return { optimizer: undefined, problems, warnings: [] };
  }
  const parameters = readMatch(entries.get('parameters'), at('parameters'), problems);
  const weightDecayOn = entries.get('weightDecayOn') ?? 'all';
  if (weightDecayOn !== 'all' && weightDecayOn !== 'matrices')
    problems.push(`${at('weightDecayOn')}: expected one of all, matrices, got ${describeValue(weightDecayOn)}`);
  else if (weightDecayOn === 'matrices' && specOf(type, 'weightDecay') === undefined)
    problems.push(`${at('weightDecayOn')}: expected none, as ${type.name} has no weight decay, got "matrices"`);
  for (const name of OWN) if (name !== 'groups') entries.delete(name);
  const groups = readGroups(type, entries, at('groups'), problems);
  entries.delete('groups');
  const options = readHyperparameters({ type, entries, at, own: OWN, problems });
  const isUnset = groups.some(({ lrScale }) => lrScale !== undefined) && options.lr === undefined;
  if (isUnset) problems.push(`${at('lr')}: expected a number beside the lrScale of a group, got none`);
  if (problems.length === 0) problems.push(...conflictsOf(type, options, path));
  const warnings =
    typeof options.lr === 'number' && options.lr > 1 && type.rule.hyperparameters.lr!.initial !== 1
      ? [`${at('lr')} is ${options.lr}: a learning rate above 1 is rarely meant`]
      : [];
  if (problems.length > 0) return { optimizer: undefined, problems, warnings };
  const optimizer = { type, options, parameters, weightDecayOn: weightDecayOn as 'all' | 'matrices', groups };
  return { optimizer, problems, warnings };
}

function typeOf(name: unknown): OptimizerType | undefined {
  return typeof name === 'string'
    ? Object.values(OPTIMIZER_TYPES).find((each) => plainName(each.name) === plainName(name))
    : undefined;
}

const specOf = (type: OptimizerType, name: string): HyperparameterSpec | undefined => type.rule.hyperparameters[name];

function readGroups(
  type: OptimizerType,
  section: ReadonlyMap<string, unknown>,
  path: string,
  problems: string[],
): ReadGroup[] {
  const given = section.get('groups') ?? [];
  if (!Array.isArray(given)) {
    problems.push(`${path}: expected a list of { match, … }, got ${describeValue(given)}`);
    return [];
  }
  return given.flatMap((group: unknown, i) => {
    if (!isPlain(group)) {
      problems.push(`${path}.${i}: expected { match, … }, got ${describeValue(group)}`);
      return [];
    }
    const { entries, written } = readEntries(group, `${path}.${i}`, problems);
    const at = (name: string): string => written.get(name) ?? `${path}.${i}.${name}`;
    const match = readMatch(entries.get('match'), at('match'), problems);
    if (match === undefined && !entries.has('match'))
      problems.push(`${at('match')}: expected names of parameters, got none`);
    const lrScale = entries.get('lrScale');
    if (lrScale !== undefined && !(typeof lrScale === 'number' && lrScale >= 0 && Number.isFinite(lrScale)))
      problems.push(`${at('lrScale')}: expected a number of at least 0, got ${describeValue(lrScale)}`);
    if (lrScale !== undefined && entries.has('lr'))
      problems.push(`${at('lrScale')}: expected none beside lr, got ${describeValue(lrScale)}`);
    entries.delete('match');
    entries.delete('lrScale');
    const options = readHyperparameters({ type, entries, at, own: ['match', 'lrScale'], problems });
    return [{ match: match ?? [], lrScale: lrScale as number | undefined, options }];
  });
}

function readMatch(given: unknown, path: string, problems: string[]): readonly string[] | undefined {
  if (given === undefined) return undefined;
  const list: unknown[] = Array.isArray(given) ? given : [given];
  if (list.length === 0 || !list.every((each) => typeof each === 'string' && each !== '')) {
    problems.push(`${path}: expected names of parameters, got ${describeValue(given)}`);
    return undefined;
  }
  for (const each of list as string[]) {
    const problem = patternProblem(each);
    if (problem !== undefined) problems.push(`${path}: ${problem}`);
  }
  return list as string[];
}

interface Hyperparameters {
  readonly type: OptimizerType;
  readonly entries: ReadonlyMap<string, unknown>;
  readonly at: (name: string) => string;
  /** Other keys that stand beside hyperparameters, for what is unknown. */
  readonly own: readonly string[];
  readonly problems: string[];
}

function readHyperparameters({ type, entries, at, own, problems }: Hyperparameters): Record<string, unknown> {
  const options: Record<string, unknown> = {};
  for (const [name, value] of entries) {
    const spec = specOf(type, name);
    if (spec === undefined) {
      const known = [...Object.keys(type.rule.hyperparameters), ...own];
      problems.push(`${at(name)}: ${describeUnknown(name, known)}`);
      continue;
    }
    const problem = problemOf(name, spec, value);
    if (problem) problems.push(`${at(name)}: ${inWords(problem, name)}`);
    else if (name === 'lr' && !Number.isFinite(value))
      problems.push(`${at(name)}: expected a finite number, got ${describeValue(value)}`);
    else options[name] = value === null ? undefined : value;
  }
  return options;
}

/** `expected a number of at least 0, got -1`: the path has the name already. */
function inWords([expected, got]: Problem, name: string): string {
  const words = expected.replace(` for ${name}`, '').replace(new RegExp(`^${name} `), 'a value ');
  return `expected ${words}, got ${got}`;
}

function conflictsOf(type: OptimizerType, options: Readonly<Record<string, unknown>>, path: string): string[] {
  const initial = Object.entries(type.rule.hyperparameters).map(([name, spec]) => [name, spec.initial]);
  const whole = { ...Object.fromEntries(initial), ...options };
  return (type.rule.conflicts?.(whole) ?? []).map(([expected, got]) => `${path}: expected ${expected}, got ${got}`);
}
