// A configuration without what its schema refuses: for checks between fields, which go on with the rest.

import type { z } from 'zod';

/** A copy that fits `schema`, without the values that do not. An entry of a list takes the whole list with it, one that is missing the object that
 *  should have it. */
export function withoutMisfits<T>(given: T, schema: z.ZodType<unknown, T>): T {
  const copy = isObject(given) && !Array.isArray(given) ? copyOf(given) : {};
  // What is left out may have been needed by what is around it: every turn leaves out something, at last everything.
  for (let issues = issuesOf(schema, copy); issues.length > 0; issues = issuesOf(schema, copy)) {
    for (const issue of issues) {
      const keys = issue.code === 'unrecognized_keys' ? issue.keys : [undefined];
      for (const key of keys) remove(copy, key === undefined ? issue.path : [...issue.path, key]);
    }
  }
  return copy as T;
}

const issuesOf = (schema: z.ZodType, value: unknown): readonly z.core.$ZodIssue[] =>
  schema.safeParse(value).error?.issues ?? [];

/** Whether a problem is of a section in which no field was left out: next to one that was, it might only follow from that. */
export function isBeside(issues: readonly z.core.$ZodIssue[]): (problem: string) => boolean {
  const touched = new Set(issues.filter(({ code }) => code !== 'unrecognized_keys').map(({ path }) => sectionOf(path)));
  const wrong = new Set(issues.map(({ path }) => path.join('.')));
  return (problem) => {
    const path = problem.slice(0, problem.indexOf(': '));
    const section = sectionOf(path.split('.'));
    return !wrong.has(path) && (section === '' || !touched.has(section));
  };
}

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;
const sectionOf = (path: readonly PropertyKey[]): string => path.slice(0, -1).join('.');

/** A copy of plain data; what is none stays as it is. */
function copyOf(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(copyOf);
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, copyOf(inner)]));
}

function remove(from: unknown, path: readonly PropertyKey[]): void {
  let owner = from as Record<PropertyKey, unknown>;
  for (const [i, key] of path.entries()) {
    const value = owner[key];
    const isMissingNext = i === path.length - 2 && isObject(value) && !(path.at(-1)! in value);
    if (i === path.length - 1 || !isObject(value) || Array.isArray(value) || isMissingNext) {
      delete owner[key];
      return;
    }
    owner = value as Record<PropertyKey, unknown>;
  }
}
