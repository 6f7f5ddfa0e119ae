// State dicts of schedules: what is read has to have the entries and the kinds of values that the schedule has itself.

import { CheckpointError } from '../../errors.ts';
import { describe } from './options.ts';

/** Which entries may be absent, or present without being used. */
export interface StateExceptions {
  /** Kept as they are where the state has none: other versions of PyTorch do not write them. */
  readonly optional?: readonly string[];
  /** Read by somebody else, or by nobody. */
  readonly ignored?: readonly string[];
}

/** Takes the entries of `current` out of a state dict, as copies.
 *  Numbers may come as objects that keep 1.0 apart from 1, lists as tuples.
 *  @throws {CheckpointError} that lists entries which are missing, unknown or of another kind.  @internal */
export function readEntries<S extends object>(
  maker: string,
  current: S,
  state: object,
  { optional = [], ignored = [] }: StateExceptions = {},
): S {
  if (typeof state !== 'object' || state === null)
    throw new CheckpointError(`Cannot load a state into ${maker}: expected a dict, got ${describe(state)}`);
  const given =
    state instanceof Map ? new Map<unknown, unknown>(state) : new Map<unknown, unknown>(Object.entries(state));
  const problems: string[] = [];
  const read: Record<string, unknown> = {};
  for (const [key, own] of Object.entries(current)) {
    if (!given.has(key)) {
      if (optional.includes(key)) read[key] = own;
      else problems.push(`"${key}", got none`);
      continue;
    }
    const value = readLike(own, given.get(key));
    if (value instanceof Mismatch) problems.push(`${value.expected} for "${key}", got ${describe(given.get(key))}`);
    else read[key] = value;
  }
  const unknown = [...given.keys()].filter(
    (key) => !Object.hasOwn(current, String(key)) && !ignored.includes(String(key)),
  );
  if (unknown.length > 0) problems.push(`no other entries, got "${unknown.join('", "')}"`);
  if (problems.length > 0)
    throw new CheckpointError(`Cannot load a state into ${maker}: expected ${problems.join('; expected ')}`);
  return read as S;
}

/** A copy that shares no list with the schedule. @internal */
export function copyEntries<S extends object>(entries: S): S {
  return structuredClone(entries);
}

class Mismatch {
  readonly expected: string;
  constructor(expected: string) {
    this.expected = expected;
  }
}

/** The value in the form of `own`, or what was expected. */
function readLike(own: unknown, value: unknown): unknown {
  if (typeof own === 'number') return isNumber(value) ? Number(value) : new Mismatch('a number');
  if (own === null) return value === null || isNumber(value) ? copyOf(value) : new Mismatch('None');
  if (own instanceof Map) return readCounts(own, value);
  if (Array.isArray(own)) return readList(own, value);
  if (typeof own === 'object') {
    const isDict = typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Map);
    if (!isDict || String(Object.keys(value).sort()) !== String(Object.keys(own).sort()))
      return new Mismatch(`a dict of { ${Object.keys(own).join(', ')} }`);
    return allOrMismatch(Object.entries(own), ([key, each]) => [key, readLike(each, Reflect.get(value, key))] as const);
  }
  return typeof value === typeof own ? value : new Mismatch(`a ${typeof own}`);
}

function readList(own: readonly unknown[], value: unknown): unknown {
  // Lists of numbers have one for each group; lists of dicts are phases, of which there may be more or fewer.
  const isOfDicts = typeof own[0] === 'object' && own[0] !== null;
  if (!Array.isArray(value) || (isOfDicts ? value.length === 0 : value.length !== own.length))
    return new Mismatch(isOfDicts ? 'a list of dicts' : `a list of ${own.length}`);
  const read = Array.from(value, (each, i) => readLike(own[isOfDicts ? 0 : i], each));
  return read.find((each) => each instanceof Mismatch) ?? read;
}

/** A Counter: how often each step is in a list. */
function readCounts(own: ReadonlyMap<unknown, unknown>, value: unknown): unknown {
  // An empty dict is read as a plain object; JSON makes the same of a Map, whatever it holds.
  const isEmpty = own.size === 0 && typeof value === 'object' && value !== null && Object.keys(value).length === 0;
  const entries = value instanceof Map ? [...value] : [];
  if (!(value instanceof Map || isEmpty) || !entries.flat().every(isNumber)) return new Mismatch('a dict of counts');
  return new Map(entries.map(([step, count]) => [Number(step), Number(count)]));
}

function allOrMismatch<T>(items: readonly T[], read: (item: T) => readonly [string, unknown]): unknown {
  const entries = items.map(read);
  return entries.find(([, each]) => each instanceof Mismatch)?.[1] ?? Object.fromEntries(entries);
}

const isNumber = (value: unknown): boolean =>
  typeof value !== 'boolean' && typeof (value as object | undefined)?.valueOf() === 'number';

const copyOf = (value: unknown): unknown => (value === null ? null : Number(value));
