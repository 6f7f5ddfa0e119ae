// Collects everything that is wrong with an options object, so that one error reports all of it.
import { ConfigError } from '../errors.ts';

/** The problems of one options object, one line each: `batchSize: expected an integer above 0, got 0`. */
export class OptionProblems {
  readonly lines: string[] = [];

  /** Notes a problem of `option` unless `isMet`. */
  expect(isMet: boolean, option: string, expectation: { readonly wanted: string; readonly got: unknown }): void {
    if (!isMet) this.lines.push(`${option}: expected ${expectation.wanted}, got ${describe(expectation.got)}`);
  }

  /** Notes every key of `options` that is not one of `known`: a misspelt option would else be ignored. */
  expectKnown(options: object, known: readonly string[]): void {
    // A number, as in `new WeightedRandomSampler(weights, 500)` of PyTorch, has no keys and would be ignored too.
    const isObject = typeof options === 'object' && options !== null && !Array.isArray(options);
    this.expect(isObject, 'options', { wanted: `an object with ${known.join(', ')}`, got: options });
    if (!isObject) return;
    for (const option of Object.keys(options)) {
      this.expect(known.includes(option), option, {
        wanted: `one of the options ${known.join(', ')}`,
        got: 'an unknown one',
      });
    }
  }

  /** @throws {ConfigError} naming every problem, where there is one. */
  throwIfAny(action: string): void {
    if (this.lines.length > 0) throw new ConfigError(action, this.lines);
  }
}

/** True for an integer above 0. */
export function isPositiveInteger(value: unknown): boolean {
  return Number.isSafeInteger(value) && (value as number) > 0;
}

function describe(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(describe).join(', ')}]`;
  return value === undefined ? 'none' : String(value);
}
