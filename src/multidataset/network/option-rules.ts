// Rules for options of a network's parts, beside those that metrics have.

import { count, optionProblems, type Rule, show } from '../../metrics/options.ts';

const isNumber = (value: unknown): value is number => typeof value === 'number' && Number.isFinite(value);

export const finite: Rule = ['a finite number', isNumber];
export const above = (least: number): Rule => [`a number above ${least}`, (value) => isNumber(value) && value > least];
export const atLeast = (least: number): Rule => [
  `a number of at least ${least}`,
  (value) => isNumber(value) && value >= least,
];
/** Share of elements that dropout sets to zero. */
export const dropoutShare: Rule = ['a number from 0 to below 1', (value) => isNumber(value) && value >= 0 && value < 1];

const isOddCount = (value: unknown): boolean => count()[1](value) && (value as number) % 2 === 1;
/** A kernel that keeps the size of what it goes over. */
export const oddCount: Rule = ['an odd integer above 0', isOddCount];

/** One value for every layer, or one a layer. */
export const eachLayer = ([wanted, isFit]: Rule): Rule => [
  `${wanted}, or a list of such`,
  (value) => (Array.isArray(value) ? value.length > 0 && value.every(isFit) : isFit(value)),
];

/** What is wrong with the options of a part that is told the channels before it. */
export function channelProblems(
  name: string,
  channels: unknown,
  options: unknown,
  rules: Readonly<Record<string, Rule>>,
  required: readonly string[] = [],
): string[] {
  const [wanted, isFit] = count();
  const own = isFit(channels) ? [] : [`${name}: expected ${wanted}, got ${show(channels)}`];
  return [...own, ...optionProblems(options, rules, required)];
}

/** The options that a file gives: what is null there is not given. The part that takes them checks them. */
export function given<Options extends object>(options: Readonly<Record<string, unknown>>): Options {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== null)) as Options;
}
