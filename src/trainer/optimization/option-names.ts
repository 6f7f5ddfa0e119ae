// Options as files spell them: camelCase, snake_case or PyTorch's own names, each to one name.

import { describeValue } from '../config/problems.ts';

/** `weight_decay`, `weightDecay` -> `weightDecay`; PyTorch's `T_max` -> `tMax`. */
export function camelCase(name: string): string {
  const joined = name.replace(/_+([a-zA-Z0-9])/g, (_, letter: string) => letter.toUpperCase());
  return joined.charAt(0).toLowerCase() + joined.slice(1);
}

/** A type's name without what spellings differ in: `one_cycle`, `OneCycle` and `one-cycle` are one. */
export function plainName(name: string): string {
  return name.toLowerCase().replace(/[_\-\s]/g, '');
}

/** The entries of a section by their camelCase names, those of `customParams` among them.
 *  @param path - of the section, for problems. */
export function readEntries(
  given: object,
  path: string,
  problems: string[],
): { readonly entries: Map<string, unknown>; readonly written: ReadonlyMap<string, string> } {
  const entries = new Map<string, unknown>();
  const written = new Map<string, string>();
  const take = (from: object, prefix: string): void => {
    for (const [key, value] of Object.entries(from)) {
      const name = camelCase(key);
      if (value === undefined) continue;
      if (name === 'customParams' && prefix === path) {
        if (isPlain(value)) take(value, `${prefix}.${key}`);
        else if (value !== null) problems.push(`${prefix}.${key}: expected an object, got ${describeValue(value)}`);
      } else if (entries.has(name)) {
        problems.push(`${prefix}.${key}: expected it once, got ${written.get(name)} as well`);
      } else {
        entries.set(name, value);
        written.set(name, `${prefix}.${key}`);
      }
    }
  };
  take(given, path);
  return { entries, written };
}

/** Whether a value is an object of entries. */
export function isPlain(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** An error's text without its `Cannot make X: `, for a line under a path. */
export function problemIn(error: unknown): string {
  if (!(error instanceof RangeError || error instanceof TypeError || error instanceof SyntaxError)) throw error;
  return error.message.replace(/^Cannot [^:]*: /, '');
}
