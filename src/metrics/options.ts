// Checks the options of a metric, all at once.

import { ConfigError } from '../errors.ts';

/** What an option has to be, and whether a value is. */
export type Rule = readonly [wanted: string, isFit: (value: unknown) => boolean];

const isCount = (value: unknown, least: number): boolean => Number.isSafeInteger(value) && (value as number) >= least;

export const count = (least = 1): Rule => [`an integer of at least ${least}`, (value) => isCount(value, least)];
export const integer: Rule = ['an integer', (value) => Number.isSafeInteger(value)];
export const flag: Rule = ['true or false', (value) => typeof value === 'boolean'];
export const text: Rule = ['a name', (value) => typeof value === 'string' && value !== ''];
export const choice = (...values: readonly unknown[]): Rule => [
  `one of ${values.map(show).join(', ')}`,
  (value) => values.includes(value),
];
export const texts: Rule = [
  'a list of names that differ',
  (value) => Array.isArray(value) && value.every(text[1]) && new Set(value).size === value.length,
];

/** @param rules - of every option there is.  @param required - those that have to be given.
 *  @throws {ConfigError} that lists every problem. */
export function checkOptions(
  action: string,
  options: unknown,
  rules: Readonly<Record<string, Rule>>,
  required: readonly string[] = [],
): void {
  const problems = optionProblems(options, rules, required);
  if (problems.length > 0) throw new ConfigError(action, problems);
}

/** What is wrong with options, one line a problem: for who has more to say than rules of single options can. */
export function optionProblems(
  options: unknown,
  rules: Readonly<Record<string, Rule>>,
  required: readonly string[] = [],
): string[] {
  if (typeof options !== 'object' || options === null || Array.isArray(options))
    return [`expected an options object, got ${show(options)}`];
  const given = Object.entries(options).filter(([, value]) => value !== undefined);
  const names = given.map(([name]) => name);
  const problems = given.flatMap(([name, value]) => {
    const rule = Object.hasOwn(rules, name) ? rules[name] : undefined;
    if (!rule) return [`${name}: expected one of ${Object.keys(rules).join(', ')}, got an unknown option`];
    return rule[1](value) ? [] : [`${name}: expected ${rule[0]}, got ${show(value)}`];
  });
  const missing = required.filter((name) => !names.includes(name));
  return [...problems, ...missing.map((name) => `${name}: expected ${rules[name]![0]}, got none`)];
}

export function show(value: unknown): string {
  if (typeof value === 'string') return `"${value}"`;
  if (Array.isArray(value)) return `[${value.map(show).join(', ')}]`;
  if (typeof value === 'function') return 'a function';
  return typeof value === 'object' && value !== null ? 'an object' : String(value);
}
