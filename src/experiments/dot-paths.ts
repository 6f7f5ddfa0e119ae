// Parameters by dot path and as nested objects: `{ 'optimizer.lr': 1 }` and `{ optimizer: { lr: 1 } }` are the same.

import { ConfigError } from '../errors.ts';
import { describeValue } from '../trainer/config/problems.ts';

/** Values by name, dot path, or nested. Values are JSON: numbers, texts, booleans, null, lists and objects of them. */
export type Parameters = Readonly<Record<string, unknown>>;

const isNested = (value: unknown): value is Parameters =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Dot paths as nested objects; nothing is shared with what was given.
 *  @throws {ConfigError} for values that are no JSON, and a path that goes through a value. */
export function unflatten(parameters: Parameters, action: string): Record<string, unknown> {
  const problems: string[] = [];
  const nested = {};
  place(parameters, '', nested, problems);
  if (problems.length > 0) throw new ConfigError(action, problems);
  return nested;
}

function place(from: Parameters, path: string, into: Record<string, unknown>, problems: string[]): void {
  for (const [key, value] of Object.entries(from)) {
    const here = path === '' ? key : `${path}.${key}`;
    if (value === undefined) continue;
    const parts = key.split('.');
    const last = parts.pop()!;
    if (last === '' || parts.includes('') || [...parts, last].includes('__proto__')) {
      problems.push(`${here}: expected names between dots, got "${key}"`);
      continue;
    }
    let target: unknown = into;
    for (const part of parts) {
      const holder = target as Record<string, unknown>;
      if (!Object.hasOwn(holder, part)) holder[part] = {};
      target = holder[part];
      if (!isNested(target)) break;
    }
    if (!isNested(target)) {
      problems.push(`${here}: expected an object before "${last}", got ${describeValue(target)} set by another key`);
      continue;
    }
    const holder = target as Record<string, unknown>;
    if (isNested(value)) {
      const before = Object.hasOwn(holder, last) ? holder[last] : undefined;
      if (before !== undefined && !isNested(before)) {
        problems.push(`${here}: expected a value or an object, got both`);
        continue;
      }
      holder[last] ??= {};
      place(value, here, holder[last] as Record<string, unknown>, problems);
    } else if (Object.hasOwn(holder, last)) problems.push(`${here}: expected it once, got it twice`);
    else if (isJson(value)) holder[last] = structuredClone(value);
    else problems.push(`${here}: expected a value that JSON has, got ${describeValue(value)}`);
  }
}

function isJson(value: unknown): boolean {
  if (Array.isArray(value)) return value.every((each) => isJson(each));
  if (typeof value === 'number') return Number.isFinite(value);
  if (isNested(value)) return Object.values(value).every(isJson);
  return value === null || typeof value === 'string' || typeof value === 'boolean';
}

/** Nested objects as dot paths; lists and empty objects are values. */
export function flatten(parameters: Parameters, path = ''): Record<string, unknown> {
  const flat: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(parameters)) {
    const here = path === '' ? key : `${path}.${key}`;
    if (isNested(value) && Object.keys(value).length > 0) Object.assign(flat, flatten(value, here));
    else flat[here] = value;
  }
  return flat;
}

/** A copy of an object with values at dot paths.
 *  @throws {ConfigError} for a path that goes through a value. */
export function withParameters(base: Parameters, parameters: Parameters, action: string): Record<string, unknown> {
  const result = structuredClone(base) as Record<string, unknown>;
  const problems: string[] = [];
  for (const [path, value] of Object.entries(flatten(unflatten(parameters, action)))) {
    const parts = path.split('.');
    const last = parts.pop()!;
    let holder = result;
    for (const part of parts) {
      if (!Object.hasOwn(holder, part) || holder[part] === null) holder[part] = {};
      const next = holder[part];
      if (!isNested(next)) {
        problems.push(`${path}: expected an object at "${part}", got ${describeValue(next)}`);
        holder = {};
      } else holder = next as Record<string, unknown>;
    }
    holder[last] = structuredClone(value);
  }
  if (problems.length > 0) throw new ConfigError(action, problems);
  return result;
}
