// Patterns of parameters' names in configurations: globs as `nn.freeze` has them, and regular expressions between slashes.

import { globToRegExp } from '../../nn/freeze.ts';
import { problemIn } from './option-names.ts';

/** @throws {SyntaxError} for what is no pattern. */
function expressionOf(pattern: string): RegExp {
  return pattern.length > 2 && pattern.startsWith('/') && pattern.endsWith('/')
    ? new RegExp(pattern.slice(1, -1))
    : globToRegExp(pattern);
}

/** What is wrong with a pattern, if anything. */
export function patternProblem(pattern: string): string | undefined {
  try {
    expressionOf(pattern);
    return undefined;
  } catch (error) {
    return `expected a pattern, got "${pattern}": ${problemIn(error)}`;
  }
}

/** Whether a name fits one of the patterns. */
export function nameFits(patterns: readonly string[]): (name: string) => boolean {
  const expressions = patterns.map(expressionOf);
  return (name) => expressions.some((expression) => expression.test(name));
}
