// Values drawn for a parameter: a pure function of the distribution, its seed and the parameter's name.

import { Purpose, RandomStream } from '../data/philox.ts';
import { describeUnknown, describeValue } from '../trainer/config/problems.ts';

/** What a parameter's values are drawn from. */
export type Distribution = { readonly numSamples?: number; readonly seed?: number } & (
  | {
      readonly type: 'uniform' | 'loguniform';
      readonly low: number;
      readonly high: number;
      readonly isInteger?: boolean;
    }
  | { readonly type: 'normal'; readonly mean?: number; readonly std?: number }
  | { readonly type: 'choice'; readonly choices: readonly unknown[] }
);

const FIELDS: Readonly<Record<string, readonly string[]>> = {
  uniform: ['low', 'high', 'isInteger'],
  loguniform: ['low', 'high', 'isInteger'],
  normal: ['mean', 'std'],
  choice: ['choices'],
};

/** One line for everything wrong with a distribution. */
export function distributionProblems(distribution: Distribution, path: string): string[] {
  const given = distribution as unknown as Readonly<Record<string, unknown>>;
  const own = FIELDS[String(given.type)];
  const types = Object.keys(FIELDS).join(', ');
  if (own === undefined) return [`${path}.type: expected one of ${types}, got ${describeValue(given.type)}`];
  const known = ['type', 'numSamples', 'seed', ...own];
  const problems = Object.keys(given)
    .filter((key) => !known.includes(key))
    .map((key) => `${path}.${key}: ${describeUnknown(key, known)}`);
  const expect = (isFine: boolean, key: string, wanted: string): void => {
    if (!isFine) problems.push(`${path}.${key}: expected ${wanted}, got ${describeValue(given[key])}`);
  };
  const { numSamples = 10, seed = 0 } = distribution;
  expect(Number.isSafeInteger(numSamples) && numSamples > 0, 'numSamples', 'an integer above 0');
  expect(Number.isSafeInteger(seed) && seed >= 0, 'seed', 'an integer from 0 on');
  if (distribution.type === 'normal') {
    const { mean = 0, std = 1 } = distribution;
    expect(Number.isFinite(mean), 'mean', 'a number');
    expect(Number.isFinite(std) && std >= 0, 'std', 'a number of at least 0');
  } else if (distribution.type === 'choice') {
    expect(Array.isArray(distribution.choices) && distribution.choices.length > 0, 'choices', 'a list of values');
  } else {
    const { low, high, isInteger = false } = distribution;
    const isLog = distribution.type === 'loguniform';
    expect(Number.isFinite(low) && (!isLog || low > 0), 'low', isLog ? 'a number above 0' : 'a number');
    expect(Number.isFinite(high) && high >= low, 'high', 'a number of at least low');
    expect(typeof isInteger === 'boolean', 'isInteger', 'true or false');
    if (isInteger) expect(Math.ceil(low) <= Math.floor(high), 'high', 'an integer between low and high');
  }
  return problems;
}

/** The values, in the order in which they are drawn.
 *  Rule: uniform in [low, high); loguniform e^u with u uniform between the logarithms; normal by Box and Muller; choice with replacement.
 *  With `isInteger` every integer from low to high, both included, can come; values that come twice stay twice. */
export function draw(distribution: Distribution, key: string): unknown[] {
  const { numSamples = 10, seed = 0 } = distribution;
  // Parameters with one seed draw apart: each has the stream of its name.
  const stream = new RandomStream({ seed, epoch: wordOf(key), purpose: Purpose.parameters });
  const uniform = (): number => ((stream.next() >>> 5) * 2 ** 26 + (stream.next() >>> 6)) / 2 ** 53;
  const one = (): unknown => {
    if (distribution.type === 'choice') return distribution.choices[stream.below(distribution.choices.length)];
    if (distribution.type === 'normal') {
      const { mean = 0, std = 1 } = distribution;
      return mean + std * Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform());
    }
    const { low, high, isInteger = false } = distribution;
    const [from, to] = isInteger ? [Math.ceil(low), Math.floor(high) + 1] : [low, high];
    if (distribution.type === 'uniform') {
      const value = from + (to - from) * uniform();
      return isInteger ? Math.min(to - 1, Math.floor(value)) : value;
    }
    const value = Math.exp(Math.log(from) + (Math.log(to) - Math.log(from)) * uniform());
    return isInteger ? Math.min(to - 1, Math.max(from, Math.floor(value))) : Math.min(high, Math.max(low, value));
  };
  return Array.from({ length: numSamples }, one);
}

/** A word for a name: FNV-1a. */
function wordOf(text: string): number {
  let hash = 0x811c9dc5;
  for (const byte of Buffer.from(text)) hash = Math.imul(hash ^ byte, 0x01000193);
  return hash >>> 0;
}
