// How the problems of a configuration are worded: by path, with what was expected and what was found, all in one list.

import type { z } from 'zod';
import { FORMER_KEYS } from './former-keys.ts';

/** For a schema's second place: what it takes, as in 'an integer above 0'. Every way of missing it is told with the same words. */
export const wanted = (text: string): { error: string } => ({ error: text });

/** One line a problem: `checkpoint.maxCheckpoints: expected an integer above 0, got -1`.
 *  @param keysAt - the known keys of the object at a path, for unknown ones. */
export function describeIssues(
  issues: readonly z.core.$ZodIssue[],
  config: unknown,
  keysAt: (path: readonly PropertyKey[]) => readonly string[],
): string[] {
  return issues.flatMap((issue) => {
    const path = issue.path.join('.');
    const given = valueAt(config, issue.path);
    if (issue.code === 'unrecognized_keys') {
      return issue.keys.map((key) => {
        const whole = join(path, key);
        return `${whole}: ${describeFormer(whole, valueAt(given, [key])) ?? describeUnknown(key, keysAt(issue.path))}`;
      });
    }
    return [`${path || 'config'}: expected ${issue.message}, got ${describeValue(given)}${wayOut(issue, given)}`];
  });
}

/** What to write in place of a value that is nearly right. */
function wayOut(issue: z.core.$ZodIssue, given: unknown): string {
  const { message: expected } = issue;
  if (expected.startsWith('a list') && given !== undefined && !Array.isArray(given)) return '; put it into one: […]';
  if (typeof given !== 'string') return '';
  if (/^an? (?:number|integer)/.test(expected) && given.trim() !== '' && Number.isFinite(Number(given)))
    return `; write ${Number(given)}, without quotation marks`;
  if (expected.startsWith('true')) {
    const isYes = /^(?:yes|on|y)$/i.test(given);
    return isYes || /^(?:no|off|n)$/i.test(given) ? `; write ${isYes}` : '';
  }
  const values = issue.code === 'invalid_value' ? issue.values.map(String) : [];
  const near = nearest(given, values);
  // "16-mixed" may be either of two.
  return near === undefined || near !== nearest(given, values.toReversed()) ? '' : `; did you mean "${near}"?`;
}

/** What is said of a key that another system has; undefined for others. */
function describeFormer(path: string, given: unknown): string | undefined {
  const name = path.replaceAll(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
  const former = Object.hasOwn(FORMER_KEYS, name) ? FORMER_KEYS[name] : undefined;
  if (!former) return undefined;
  const expected = former.instead === undefined ? 'nothing' : `${former.instead} in its place`;
  return `expected ${expected}, got ${describeValue(given)}${former.why === undefined ? '' : `; ${former.why}`}`;
}

/** What is said of a key that nobody knows: `expected one of a, b, got an unknown key; did you mean a?` */
export function describeUnknown(key: string, known: readonly string[]): string {
  const near = nearest(key, known);
  // A long list hides the name that was meant.
  if (near === undefined && known.length > 20)
    return `expected a known key, got an unknown key; docs/configuration.md lists the ${known.length} of this place`;
  const expected = near !== undefined && known.length > 8 ? 'a known key' : `one of ${known.join(', ')}`;
  return `expected ${expected}, got an unknown key${near === undefined ? '' : `; did you mean ${near}?`}`;
}

/** A value as messages show it: strings quoted, arrays whole, objects by their class. */
export function describeValue(value: unknown): string {
  if (value === undefined) return 'none';
  if (typeof value === 'string') return JSON.stringify(value);
  if (typeof value === 'function') return 'a function';
  if (Array.isArray(value)) return `[${value.map(describeValue).join(', ')}]`;
  if (typeof value !== 'object' || value === null) return String(value);
  const name: unknown = value.constructor?.name;
  if (typeof name !== 'string' || name === '' || name === 'Object') return 'an object';
  return `${/^[AEIOU]/i.test(name) ? 'an' : 'a'} ${name}`;
}

const join = (path: string, key: string): string => (path === '' ? key : `${path}.${key}`);

function valueAt(config: unknown, path: readonly PropertyKey[]): unknown {
  let value = config;
  for (const key of path) value = (value as Record<PropertyKey, unknown>)[key]; // the schema found a problem there: all before it are objects
  return value;
}

/** The known key that was probably meant: the same but for case and underscores, or for two letters at most. */
function nearest(key: string, known: readonly string[]): string | undefined {
  const plain = (text: string): string => text.toLowerCase().replaceAll('_', '');
  const own = plain(key);
  const distances = known.map((candidate) => {
    const other = plain(candidate);
    return Math.abs(own.length - other.length) > 2 ? Number.POSITIVE_INFINITY : editDistance(own, other);
  });
  const least = Math.min(...distances);
  return least <= 2 ? known[distances.indexOf(least)] : undefined;
}

/** Letters to insert, delete or replace to make one text the other (Levenshtein). */
export function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      next.push(Math.min(row[j]! + 1, next[j - 1]! + 1, row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1)));
    }
    row = next;
  }
  return row[b.length]!;
}

/** One line for every key that nobody knows. */
export function unknownKeys(options: object, known: readonly string[]): string[] {
  return Object.keys(options)
    .filter((key) => !known.includes(key))
    .map((key) => `${key}: ${describeUnknown(key, known)}`);
}
