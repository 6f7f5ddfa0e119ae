// Values as files hold them: dicts of which nothing is known yet.

/** A dict with string keys. */
export type StoredDict = Readonly<Record<string, unknown>>;

export function isDict(value: unknown): value is StoredDict {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || prototype === Object.prototype;
}
