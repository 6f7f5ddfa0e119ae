// What native code calls back: each callback runs in a scope of its own, which the addon ends.

import { open } from '../call.ts';
import { Scope } from '../scope.ts';

/** Runs what the addon called. The addon has opened a scope of its table and frees what is made inside; here the tensors learn whose they are.
 *  @param label - for messages about tensors that are used after the callback, as in `backward of Square`. */
export function inCallback<T>(label: string, body: (scope: Scope) => T): T {
  const parent = open.scope;
  const current = new Scope(label, parent);
  open.scope = current;
  try {
    return body(current);
  } finally {
    open.scope = parent;
    current.isEnded = true;
  }
}

/** What a value is, for messages. */
export function describeValue(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  if (typeof value === 'object') return Array.isArray(value) ? 'an array' : `a ${value.constructor?.name ?? 'object'}`;
  return `${typeof value} ${typeof value === 'string' ? JSON.stringify(value) : String(value)}`;
}
