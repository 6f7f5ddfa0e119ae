// Named operations with parameters, as transforms and datafilters are: their tables, the check of what a file says, and the making.

import { camelCased, inSnakeCase, snakeCased } from '../../../config/spelling.ts';
import { ConfigError } from '../../../errors.ts';
import { optionProblems, type Rule } from '../../../metrics/options.ts';
import { describeUnknown } from '../../../trainer/config/problems.ts';
import { type FieldProblem, isObject } from './fields.ts';

/** An operation that files can name. */
export interface OpMaker<C, T> {
  /** Its parameters, in camelCase; `check` where something else knows them. */
  readonly rules?: Readonly<Record<string, Rule>>;
  /** @throws {ConfigError} for parameters that do not fit. */
  readonly check?: (options: Readonly<Record<string, unknown>>) => unknown;
  readonly required?: readonly string[];
  /** The parameter that a value alone stands for, as in `unsqueeze: 1`. */
  readonly bare?: string;
  /** Other spellings of parameters that files have, in camelCase. */
  readonly aliases?: Readonly<Record<string, string>>;
  /** @param options - checked by the rules. */
  make(options: Readonly<Record<string, unknown>>, context: C): T;
}

export type OpTable<C, T> = Readonly<Record<string, OpMaker<C, T>>>;

/** What is wrong with an operation, with paths below its name. */
export function opProblems(table: OpTable<never, unknown>, name: string, params: unknown): FieldProblem[] {
  const maker = find(table, name);
  if (!maker)
    return [
      { path: [], text: describeUnknown(name, Object.keys(table)).replaceAll(/(known|unknown) key/g, '$1 name') },
    ];
  const options = readParams(maker, params);
  const { rules = {}, required, check } = maker;
  const names = new Set(Object.keys(rules));
  const lines = check && isObject(options) ? checkProblems(check, options) : optionProblems(options, rules, required);
  return lines.map((line) => {
    const [, option, text] = /^(\w+): (.*)$/s.exec(line) ?? [undefined, undefined, line];
    return { path: option === undefined ? [] : [snakeCased(option)], text: inSnakeCase(text!, names) };
  });
}

function checkProblems(
  check: (options: Readonly<Record<string, unknown>>) => unknown,
  options: Readonly<Record<string, unknown>>,
): readonly string[] {
  try {
    check(options);
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
}

/** Makes an operation that was checked. */
export function makeOp<C, T>(table: OpTable<C, T>, name: string, params: unknown, context: C): T {
  const maker = find(table, name)!;
  return maker.make(readParams(maker, params) as Readonly<Record<string, unknown>>, context); // was checked
}

function find<C, T>(table: OpTable<C, T>, name: string): OpMaker<C, T> | undefined {
  const own = Object.hasOwn(table, name) ? name : snakeCased(name);
  return Object.hasOwn(table, own) ? table[own] : undefined;
}

/** Options in camelCase. What is no object stays, for the rules to refuse it. */
function readParams({ bare, aliases = {} }: OpMaker<never, unknown>, params: unknown): unknown {
  if (!isObject(params)) return bare === undefined ? params : { [bare]: params };
  return Object.fromEntries(
    Object.entries(params).map(([key, value]) => {
      const name = camelCased(key);
      return [Object.hasOwn(aliases, name) ? aliases[name]! : name, value];
    }),
  );
}
