// Names of experiments out of their parameters: readable where that is exact, with a hash where it is not.

import { createHash } from 'node:crypto';
import { ConfigError } from '../errors.ts';
import { describeValue } from '../trainer/config/problems.ts';
import { sanitize, shortenKey } from './abbreviations.ts';
import { type Parameters, unflatten } from './dot-paths.ts';

/** How experiments are named; the long words are model-training-framework's. */
export type NamingStrategy = 'hash' | 'parameter' | 'timestamp' | 'hash_based' | 'parameter_based' | 'timestamp_based';

/** No name of an experiment is longer. */
export const MAX_NAME_LENGTH = 120;

/** A name that a folder can have: other characters become `_`; nothing left is 'experiment'. */
export function sanitizeName(name: string): string {
  return sanitize(name).slice(0, MAX_NAME_LENGTH) || 'experiment';
}

/** `{base}_{hash}`, `{base}_[key_value][key_value]` or `{base}_{YYYYmmdd_HHMMSS}_{hash}` (UTC).
 *  Rule of 'parameter': keys sorted and abbreviated, nested values as `{key.value,key.value}`, lists joined by `_`. Names of different parameters differ: where a
 *  text was cut, a key is not plain, or the whole is too long, 8 digits of the parameters' SHA-256 stand behind. Two spellings of one name (weight_decay, weightDecay;
 *  learning_rate, lr; a dot path and the object it means) are one parameter.
 *  @param options.at - the time of 'timestamp', default now.
 *  @throws {ConfigError} for values that are no JSON, and a dot path that goes through a value.
 *  Source: model-training-framework, config/naming.py; its numbers collide (1, 10 and 100 are all "1"), and its unknown keys are cut to three letters.
 *  @example
 *  import { experimentName } from 'sconce/experiments';
 *  experimentName('mnist', { learning_rate: 1e-4, batch_size: 100 }, { strategy: 'parameter' }); // 'mnist_[batch_100][lr_1e-4]'
 *  experimentName('mnist', { optimizer: { type: 'adam', lr: 10 } }); // 'mnist_[optim_{lr.10,type.adam}]' */
export function experimentName(
  base: string,
  parameters: Parameters,
  options: { readonly strategy?: NamingStrategy; readonly at?: Date } = {},
): string {
  const { strategy = 'parameter', at = new Date() } = options;
  const nested = unflatten(parameters, 'name an experiment');
  const stem = sanitizeName(base);
  const hash = hashOf(nested);
  const kind = strategy.replace(/_based$/, '');
  if (kind === 'hash') return withEnding(stem, `_${hash.slice(0, 8)}`);
  if (kind === 'timestamp') return withEnding(stem, `_${stamp(at)}_${hash.slice(0, 6)}`);
  if (kind === 'parameter') return parameterName(stem, nested, hash);
  throw new ConfigError('name an experiment', [
    `strategy: expected one of hash, parameter, timestamp, got ${describeValue(strategy)}`,
  ]);
}

/** A name that is not taken: by parameters, else by hash, by time, and by hash with a counter.
 *  @example
 *  import { suggestExperimentName } from 'sconce/experiments';
 *  suggestExperimentName('run', ['run_[lr_1]'], { lr: 1 }); // 'run_09703c87' */
export function suggestExperimentName(
  base: string,
  existing: Iterable<string>,
  parameters: Parameters,
  options: { readonly at?: Date } = {},
): string {
  const taken = new Set(existing);
  for (const strategy of ['parameter', 'hash', 'timestamp'] as const) {
    const name = experimentName(base, parameters, { ...options, strategy });
    if (!taken.has(name)) return name;
  }
  const hash = hashOf(unflatten(parameters, 'name an experiment')).slice(0, 8);
  for (let counter = 1; ; counter++) {
    const name = withEnding(sanitizeName(base), `_${hash}_${counter}`);
    if (!taken.has(name)) return name;
  }
}

/** Names of many experiments of one base, which all differ: a hash that two have is written longer. */
export function experimentNames(
  base: string,
  sets: readonly Parameters[],
  options: { readonly strategy?: NamingStrategy; readonly at?: Date } = {},
): string[] {
  const taken = new Set<string>();
  return sets.map((parameters) => {
    let name = experimentName(base, parameters, options);
    for (let digits = 16; taken.has(name); digits += 8) {
      const hash = hashOf(unflatten(parameters, 'name an experiment')).slice(0, digits);
      name = withEnding(sanitizeName(base), digits > 64 ? `_${hash}_${taken.size}` : `_${hash}`);
    }
    taken.add(name);
    return name;
  });
}

function parameterName(stem: string, parameters: Parameters, hash: string): string {
  const parts = sortedEntries(parameters).map(([key, value]) => {
    const short = shortenKey(key);
    const shown = showValue(value);
    return { text: `[${short.text}_${shown.text}]`, key: short.text, isExact: short.isExact && shown.isExact };
  });
  if (parts.length === 0) return stem;
  const isExact = parts.every((part) => part.isExact) && new Set(parts.map(({ key }) => key)).size === parts.length;
  const whole = `${stem}_${parts.map(({ text }) => text).join('')}`;
  if (isExact && whole.length <= MAX_NAME_LENGTH) return whole;
  const room = MAX_NAME_LENGTH - 9;
  let name = `${stem.slice(0, room - 1)}_`;
  for (const { text } of parts) {
    if (name.length + text.length > room) break;
    name += text;
  }
  return `${name.replace(/_$/, '')}_${hash.slice(0, 8)}`;
}

/** A value in a name. Exact: nothing else is written so. */
function showValue(value: unknown): { text: string; isExact: boolean } {
  if (value === null) return { text: 'none', isExact: true };
  if (typeof value === 'boolean') return { text: value ? 'T' : 'F', isExact: true };
  if (typeof value === 'number') return { text: showNumber(value), isExact: true };
  if (typeof value === 'string') {
    const isPlain = /^[A-Za-z][A-Za-z0-9.-]{0,23}$/.test(value) && !['T', 'F', 'none', 'empty'].includes(value);
    return isPlain
      ? { text: value, isExact: true }
      : { text: sanitize(value).slice(0, value.length > 24 ? 10 : 24) || 'text', isExact: false };
  }
  if (Array.isArray(value)) {
    if (value.length === 0) return { text: 'empty', isExact: true };
    // One number in a list looks like the number, and words could be parts of others.
    const isExact = value.length > 1 && value.every((each) => typeof each === 'number');
    return { text: value.map((each) => showValue(each).text).join('_'), isExact };
  }
  const parts = sortedEntries(value as Parameters).map(([key, each]) => {
    const short = shortenKey(key);
    const shown = showValue(each);
    return { key: short.text, text: `${short.text}.${shown.text}`, isExact: short.isExact && shown.isExact };
  });
  const isExact = parts.every((part) => part.isExact) && new Set(parts.map(({ key }) => key)).size === parts.length;
  return { text: `{${parts.map(({ text }) => text).join(',')}}`, isExact };
}

/** The shorter of plain and exponential; both are the number itself. */
function showNumber(value: number): string {
  const plain = String(value === 0 ? 0 : value).replace('e+', 'e');
  const exponential = value.toExponential().replace('e+', 'e');
  return plain.length <= exponential.length ? plain : exponential;
}

const sortedEntries = (parameters: Parameters): [string, unknown][] =>
  Object.entries(parameters).sort(([a], [b]) => (a < b ? -1 : 1));

/** SHA-256 of the parameters as JSON with sorted keys. */
function hashOf(parameters: Parameters): string {
  return createHash('sha256').update(sortedJson(parameters)).digest('hex');
}

/** JSON with sorted keys: equal for equal parameters. */
export function sortedJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(sortedJson).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value === 0 ? 0 : value);
  return `{${sortedEntries(value as Parameters)
    .map(([key, each]) => `${JSON.stringify(key)}:${sortedJson(each)}`)
    .join(',')}}`;
}

const withEnding = (stem: string, ending: string): string => stem.slice(0, MAX_NAME_LENGTH - ending.length) + ending;

/** `20261126_101500`. */
function stamp(date: Date): string {
  return date.toISOString().replace(/[-:]/g, '').replace('T', '_').slice(0, 15);
}
