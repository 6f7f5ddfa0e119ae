// Checks what a readout is made of, all at once.

import { ConfigError } from '../../../errors.ts';
import { flag, optionProblems, type Rule } from '../../../metrics/options.ts';
import { unknownKeys } from '../../../trainer/config/problems.ts';

const isNumber = (value: unknown): value is number => typeof value === 'number' && Number.isFinite(value);

export const positive: Rule = ['a number above 0', (value) => isNumber(value) && value > 0];
export const notNegative: Rule = ['a number of at least 0', (value) => isNumber(value) && value >= 0];

/** Of readouts with two sides. */
export const EI_RULES = {
  bias: flag,
  initialStdEx: positive,
  initialStdInh: positive,
  weightConstraintFn: ['the name of an activation', (value) => typeof value === 'string'] as Rule,
};

/** @throws {ConfigError} that lists every problem of the sizes and the options. */
export function checkReadout(
  name: string,
  sizes: { readonly inChannels: number; readonly nUnits: number },
  options: unknown,
  rules: Readonly<Record<string, Rule>>,
): void {
  const problems = [
    ...Object.entries(sizes).flatMap(([size, value]) =>
      Number.isSafeInteger(value) && value > 0 ? [] : [`${size}: expected an integer above 0, got ${String(value)}`],
    ),
    ...settingProblems(options, rules),
  ];
  if (problems.length > 0) throw new ConfigError(`make ${name}`, problems);
}

function settingProblems(options: unknown, rules: Readonly<Record<string, Rule>>): string[] {
  if (typeof options !== 'object' || options === null) return optionProblems(options, rules);
  const known = Object.fromEntries(Object.entries(options).filter(([name]) => Object.hasOwn(rules, name)));
  return [...optionProblems(known, rules), ...unknownKeys(options, Object.keys(rules))];
}

/** Options that are given: in YAML null is one that is not. */
export function withoutNulls(options: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== null));
}
