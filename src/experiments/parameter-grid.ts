// `ParameterGrid`: which combinations of parameters an experiment is run with.

import { isDeepStrictEqual } from 'node:util';
import { ConfigError } from '../errors.ts';
import { describeValue } from '../trainer/config/problems.ts';
import { type Distribution, distributionProblems, draw } from './distributions.ts';
import { flatten, type Parameters, unflatten } from './dot-paths.ts';
import { type GridDescription, gridFromDescription } from './grid-description.ts';

/** When a conditional parameter is there: for these values, by dot path, or where the function says so. */
export type When = Parameters | ((parameters: Parameters) => boolean);

/** No grid has more combinations. */
export const MAX_COMBINATIONS = 10_000;

interface Conditional {
  readonly key: string;
  readonly values: readonly unknown[];
  readonly when: When;
}

/** Combinations of parameters by dot path.
 *  Order of application: the product of base parameters, in the order in which they were added, the last one fastest → with each entry of the linked groups and
 *  parameter sets, of which there is one list → with each drawn value of the distributions → conditional parameters → computed ones → constraints → exclusions.
 *  A grid with nothing in it yields nothing. Functions see parameters as flat dot paths.
 *  Source: model-training-framework's ParameterGrid; what a computed parameter throws is not swallowed here.
 *  @example
 *  import { ParameterGrid } from 'sconce/experiments';
 *  const grid = new ParameterGrid('optimizers')
 *    .addParameter('optimizer.type', ['sgd', 'adam'])
 *    .addParameter('optimizer.lr', [0.1, 0.01])
 *    .addConditional('optimizer.momentum', [0.9], { 'optimizer.type': 'sgd' })
 *    .exclude({ 'optimizer.type': 'adam', 'optimizer.lr': 0.1 });
 *  grid.generate().length; // 3
 *  Object.values(grid.generate()[2]!); // ['adam', 0.01] */
export class ParameterGrid {
  readonly name: string;
  readonly description: string;
  readonly #base = new Map<string, readonly unknown[] | (() => readonly unknown[])>();
  readonly #linked: Parameters[] = [];
  readonly #distributions = new Map<string, Distribution>();
  readonly #conditionals: Conditional[] = [];
  readonly #computed = new Map<string, (parameters: Parameters) => unknown>();
  readonly #constraints: ((parameters: Parameters) => boolean)[] = [];
  readonly #exclusions: When[] = [];

  constructor(name: string, description = '') {
    if (typeof name !== 'string' || name === '')
      throw new ConfigError('make a grid', [`name: expected a text that is not empty, got ${describeValue(name)}`]);
    this.name = name;
    this.description = description;
  }

  /** A grid as a file describes it.  @throws {ConfigError} that lists what is wrong. */
  static from(description: GridDescription, name = 'grid'): ParameterGrid {
    return gridFromDescription(description, name, (given) => new ParameterGrid(given, description.description ?? ''));
  }

  /** Names that the grid sets, sorted. */
  get keys(): string[] {
    const keys = [
      ...this.#base.keys(),
      ...this.#linked.flatMap((set) => Object.keys(set)),
      ...this.#distributions.keys(),
    ];
    return [...new Set([...keys, ...this.#conditionals.map(({ key }) => key), ...this.#computed.keys()])].sort();
  }

  /** @param key - a dot path.  @param values - at least one. */
  addParameter(key: string, values: readonly unknown[]): this {
    this.#take(key);
    this.#base.set(key, this.#valuesOf(key, values));
    return this;
  }

  /** Base parameters as nested objects; a list is values, anything else one value. */
  addParameters(nested: Parameters): this {
    for (const [key, values] of Object.entries(flatten(nested)))
      this.addParameter(key, Array.isArray(values) ? (values as unknown[]) : [values]);
    return this;
  }

  /** Base parameter whose values a function gives when the grid is generated. */
  addFromFunction(key: string, values: () => readonly unknown[]): this {
    this.#take(key);
    if (typeof values !== 'function') throw this.#refused(`${key}: expected a function, got ${describeValue(values)}`);
    this.#base.set(key, values);
    return this;
  }

  /** Parameters that go together, entry by entry: lists of one length. */
  addLinkedParameters(group: Readonly<Record<string, readonly unknown[]>>): this {
    const entries = Object.entries(group);
    const problems = entries
      .filter(([, values]) => !Array.isArray(values))
      .map(([key]) => `${key}: expected a list of values`);
    const lengths = new Set(entries.map(([, values]) => values.length));
    if (entries.length === 0) problems.push('expected at least one parameter, got none');
    else if (problems.length === 0 && (lengths.size !== 1 || lengths.has(0)))
      problems.push(
        `expected lists of one length above 0, got ${entries.map(([key, values]) => `${key} with ${values.length}`).join(', ')}`,
      );
    if (problems.length > 0) throw this.#refused(...problems);
    const [[, first]] = entries as [[string, readonly unknown[]]];
    return this.addParameterSets(
      first.map((_, i) => Object.fromEntries(entries.map(([key, values]) => [key, values[i]]))),
    );
  }

  /** Whole combinations, each taken with every combination of the base parameters. */
  addParameterSets(sets: readonly Parameters[]): this {
    if (!Array.isArray(sets) || sets.length === 0)
      throw this.#refused(`expected a list of parameter sets, got ${describeValue(sets)}`);
    const flat = sets.map((set: Parameters) => flatten(unflatten(set, `add to grid "${this.name}"`)));
    for (const key of new Set(flat.flatMap((set) => Object.keys(set)))) this.#take(key, 'sets');
    this.#linked.push(...flat);
    return this;
  }

  /** A parameter that is there only where `when` holds. */
  addConditional(key: string, values: readonly unknown[], when: When): this {
    // The same key may depend on several conditions; that they exclude each other is checked when it is set.
    if (!this.#conditionals.some((each) => each.key === key)) this.#take(key);
    if (typeof when !== 'function' && (typeof when !== 'object' || when === null))
      throw this.#refused(`${key}: expected parameters or a function for when, got ${describeValue(when)}`);
    this.#conditionals.push({
      ...{ key, values: this.#valuesOf(key, values) },
      when: typeof when === 'function' ? when : flatten(unflatten(when, `add to grid "${this.name}"`)),
    });
    return this;
  }

  /** A parameter that follows from the others. */
  addComputed(key: string, compute: (parameters: Parameters) => unknown): this {
    this.#take(key);
    if (typeof compute !== 'function')
      throw this.#refused(`${key}: expected a function, got ${describeValue(compute)}`);
    this.#computed.set(key, compute);
    return this;
  }

  /** A parameter whose values are drawn, 10 unless `numSamples` says otherwise. */
  addDistribution(key: string, distribution: Distribution): this {
    this.#take(key);
    const problems = distributionProblems(distribution, key);
    if (problems.length > 0) throw this.#refused(...problems);
    this.#distributions.set(key, distribution);
    return this;
  }

  /** Keeps the combinations for which the function holds. */
  addConstraint(keep: (parameters: Parameters) => boolean): this {
    if (typeof keep !== 'function') throw this.#refused(`expected a function, got ${describeValue(keep)}`);
    this.#constraints.push(keep);
    return this;
  }

  /** Leaves out combinations that have all of these values, or for which the function holds. */
  exclude(what: When): this {
    if (typeof what === 'function') this.#exclusions.push(what);
    else {
      const flat = flatten(unflatten(what, `exclude from grid "${this.name}"`));
      const unknown = Object.keys(flat).filter((key) => !this.keys.includes(key));
      if (unknown.length > 0 || Object.keys(flat).length === 0)
        throw this.#refused(`exclude: expected some of ${this.keys.join(', ')}, got ${unknown.join(', ') || 'none'}`);
      this.#exclusions.push(flat);
    }
    return this;
  }

  /** All combinations, as flat dot paths.
   *  @throws {RangeError} for more than 10,000 before constraints and exclusions.
   *  @throws {ConfigError} for a function that gives what no parameter can be, and for one that throws, with its error as cause. */
  generate(): Parameters[] {
    if (this.keys.length === 0) return [];
    let sets: Parameters[] = [{}];
    for (const [key, given] of this.#base)
      sets = this.#product(sets, key, typeof given === 'function' ? this.#valuesOf(key, given()) : given);
    if (this.#linked.length > 0) {
      this.#limit(sets.length * this.#linked.length);
      sets = sets.flatMap((set) => this.#linked.map((entry) => ({ ...set, ...entry })));
    }
    for (const [key, distribution] of this.#distributions) sets = this.#product(sets, key, draw(distribution, key));
    for (const { key, values, when } of this.#conditionals) {
      sets = sets.flatMap((set) => {
        if (!this.#holds(when, set, `when of ${key}`)) return [set];
        if (Object.hasOwn(set, key))
          throw this.#refused(`${key}: expected conditions that exclude each other, got two that hold`);
        return values.map((value) => ({ ...set, [key]: value }));
      });
      this.#limit(sets.length);
    }
    for (const [key, compute] of this.#computed)
      sets = sets.map((set) => ({ ...set, [key]: this.#call(() => compute(set), key, set) }));
    sets = sets.filter((set) => this.#constraints.every((keep) => this.#holds(keep, set, 'a constraint')));
    sets = sets.filter((set) => !this.#exclusions.some((what) => this.#holds(what, set, 'an exclusion')));
    // A computed value may be anything: everything is checked once more.
    for (const set of sets) unflatten(set, `generate grid "${this.name}"`);
    return sets;
  }

  [Symbol.iterator](): Iterator<Parameters> {
    return this.generate()[Symbol.iterator]();
  }

  /** How many combinations there are. */
  get length(): number {
    return this.generate().length;
  }

  /** The grid as a file has it.
   *  @throws {ConfigError} for one with functions, which no file can hold. */
  toJSON(): GridDescription {
    const functions = [
      ...[...this.#base].filter(([, values]) => typeof values === 'function').map(([key]) => key),
      ...this.#conditionals.filter(({ when }) => typeof when === 'function').map(({ key }) => key),
      ...this.#computed.keys(),
      ...this.#constraints.map(() => 'a constraint'),
      ...this.#exclusions.filter((what) => typeof what === 'function').map(() => 'an exclusion'),
    ];
    if (functions.length > 0)
      throw new ConfigError(`save grid "${this.name}"`, [
        `expected values alone, got functions: ${functions.join(', ')}`,
      ]);
    return {
      name: this.name,
      ...(this.description === '' ? {} : { description: this.description }),
      ...(this.#base.size === 0 ? {} : { parameters: Object.fromEntries(this.#base) as Record<string, unknown[]> }),
      ...(this.#linked.length === 0 ? {} : { sets: this.#linked }),
      ...(this.#distributions.size === 0 ? {} : { distributions: Object.fromEntries(this.#distributions) }),
      ...(this.#conditionals.length === 0
        ? {}
        : { conditional: this.#conditionals.map((each) => ({ ...each, when: each.when as Parameters })) }),
      ...(this.#exclusions.length === 0 ? {} : { exclude: this.#exclusions as Parameters[] }),
    };
  }

  #refused(...problems: string[]): ConfigError {
    return new ConfigError(`add to grid "${this.name}"`, problems);
  }

  /** Notes a key. @throws {ConfigError} for one that is there. */
  #take(key: string, as?: 'sets'): void {
    if (typeof key !== 'string' || key === '')
      throw this.#refused(`expected a parameter's name, got ${describeValue(key)}`);
    const linked = this.#linked.some((set) => Object.hasOwn(set, key));
    const others = [this.#base.has(key), this.#distributions.has(key), this.#computed.has(key)];
    if (others.includes(true) || this.#conditionals.some((each) => each.key === key) || (linked && as !== 'sets'))
      throw this.#refused(`${key}: expected it once, got it twice`);
  }

  #valuesOf(key: string, values: unknown): readonly unknown[] {
    if (!Array.isArray(values) || values.length === 0)
      throw this.#refused(`${key}: expected a list of at least one value, got ${describeValue(values)}`);
    for (const value of values) unflatten({ [key]: value }, `add to grid "${this.name}"`);
    return structuredClone(values) as unknown[];
  }

  #product(sets: readonly Parameters[], key: string, values: readonly unknown[]): Parameters[] {
    this.#limit(sets.length * values.length);
    return sets.flatMap((set) => values.map((value) => ({ ...set, [key]: value })));
  }

  #limit(count: number): void {
    if (count > MAX_COMBINATIONS)
      throw new RangeError(
        `Cannot generate grid "${this.name}": expected at most ${MAX_COMBINATIONS} combinations, got ${count}`,
      );
  }

  #holds(when: When, set: Parameters, what: string): boolean {
    if (typeof when !== 'function')
      return Object.entries(when).every(([key, value]) => isDeepStrictEqual(set[key], value));
    const answer: unknown = this.#call(() => when(set), what, set);
    if (typeof answer !== 'boolean')
      throw new ConfigError(`generate grid "${this.name}"`, [
        `${what}: expected true or false, got ${describeValue(answer)}`,
      ]);
    return answer;
  }

  #call<T>(run: () => T, what: string, set: Parameters): T {
    try {
      return run();
    } catch (cause) {
      const reason = cause instanceof Error ? cause.message : String(cause);
      const problem = `${what}: expected a value for ${JSON.stringify(set)}, got an error: ${reason}`;
      throw new ConfigError(`generate grid "${this.name}"`, [problem], { cause });
    }
  }
}
