// What files of Python hold, as plain values for JSON.

/** Numbers of a record; what is none is left out. */
export function numbersIn(record: Readonly<Record<string, unknown>>): Record<string, number> {
  return Object.fromEntries(
    Object.entries(record).filter((entry): entry is [string, number] => typeof entry[1] === 'number'),
  );
}

/** A record under a key; an empty one where there is none. */
export function recordAt(value: unknown, key: string): Readonly<Record<string, unknown>> {
  const inner: unknown = Object(value)[key];
  return typeof inner === 'object' && inner !== null && !Array.isArray(inner) ? (inner as Record<string, unknown>) : {};
}

/** A value as JSON holds it: maps as objects, numbers that are not finite and big integers as their text, what JSON cannot hold as its kind. */
export function plainJson(value: unknown): unknown {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return value;
  if (typeof value === 'number') return Number.isFinite(value) ? value : String(value);
  if (typeof value === 'bigint') return String(value);
  if (Array.isArray(value)) return value.map(plainJson);
  if (value instanceof Map) return Object.fromEntries([...value].map(([key, each]) => [String(key), plainJson(each)]));
  if (typeof value !== 'object') return undefined;
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== null && prototype !== Object.prototype) return `<${value.constructor.name}>`;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, plainJson(each)]));
}
