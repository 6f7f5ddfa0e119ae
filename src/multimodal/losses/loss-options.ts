// Checks the options of a loss, all problems at once, and the rules that several losses share.

import { ConfigError } from '../../errors.ts';
import { choice, count, flag, optionProblems, type Rule } from '../../metrics/options.ts';

/** The rules of a loss's options: exactly its options, so that none is forgotten. */
export type LossRules<Options> = Readonly<Record<keyof Options & string, Rule>>;

const isNumber = (value: unknown): value is number => typeof value === 'number' && Number.isFinite(value);

export const above = (least: number): Rule => [`a number above ${least}`, (value) => isNumber(value) && value > least];
export const atLeast = (least: number): Rule => [
  `a number of at least ${least}`,
  (value) => isNumber(value) && value >= least,
];
export const anyNumber: Rule = ['a finite number', isNumber];
/** What a share of something may be when the whole makes no sense. */
export const share: Rule = ['a number from 0 to below 1', (value) => isNumber(value) && value >= 0 && value < 1];
/** A fraction as 0.9 is refused: it would mean less than one percent. */
export const percentile: Rule = [
  'a percentile, 0 or a number from 1 to 100',
  (value) => isNumber(value) && (value === 0 || (value >= 1 && value <= 100)),
];
export const reductions: Rule = choice('mean', 'sum', 'none');
export { choice, count, flag, type Rule };

/** @param further - what no rule of a single option can say; asked for the options that were given, if they are an object.
 *  @throws {ConfigError} that lists every problem. */
export function checkLossOptions<Options extends object>(
  loss: string,
  options: Options,
  rules: LossRules<Options>,
  further: (given: Options) => readonly string[] = () => [],
): void {
  const problems = optionProblems(options, rules);
  const isObject = typeof options === 'object' && options !== null && !Array.isArray(options);
  if (isObject) problems.push(...further(options));
  if (problems.length > 0) throw new ConfigError(`make ${loss}`, problems);
}
