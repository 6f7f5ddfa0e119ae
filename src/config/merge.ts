// Puts one configuration over another: objects are merged, everything else is replaced.

import type { ConfigNode, MapEntry, MapNode } from './node.ts';
import { camelCased } from './spelling.ts';

/** Objects whose keys are data of the user's: there `a_b` and `aB` are two keys. */
const FREE_FORM = ['experimentConfig', 'customParams', 'hooks.hookConfigs', 'slurm.extraArgs', 'warmStart.rename'];

/** Whether keys at a path, or above it, are the user's own. @param path - keys in camelCase. */
export function isFreeForm(path: readonly string[]): boolean {
  return FREE_FORM.some((free) => `${path.join('.')}.`.startsWith(`${free}.`));
}

/** Objects are merged key by key, whichever way the key is spelt; lists are replaced. An object whose `type` is another one is replaced too: options of
 *  the one do not fit the other. */
export function mergeNodes(base: ConfigNode, over: ConfigNode, path: readonly string[] = []): ConfigNode {
  if (base.kind !== 'map' || over.kind !== 'map' || hasOtherType(base, over)) return over;
  const entries = new Map(base.entries);
  const bySpelling = isFreeForm(path)
    ? undefined
    : new Map([...base.entries.keys()].map((key) => [camelCased(key), key]));
  for (const [key, entry] of over.entries) {
    const same = base.entries.has(key) ? key : bySpelling?.get(camelCased(key));
    const before: MapEntry | undefined = same === undefined ? undefined : base.entries.get(same);
    if (same !== undefined) entries.delete(same);
    const node = before ? mergeNodes(before.node, entry.node, [...path, camelCased(key)]) : entry.node;
    entries.set(key, { place: entry.place, node });
  }
  return { kind: 'map', place: over.place, entries };
}

/** The key of `map` that means the same as `key`. */
export function sameKey(map: MapNode, key: string, path: readonly string[]): string | undefined {
  if (map.entries.has(key)) return key;
  if (isFreeForm(path)) return undefined;
  const plain = camelCased(key);
  return [...map.entries.keys()].find((each) => camelCased(each) === plain);
}

function hasOtherType(base: MapNode, over: MapNode): boolean {
  const [before, after] = [base, over].map((map) => map.entries.get('type')?.node);
  if (before?.kind !== 'scalar' || after?.kind !== 'scalar') return false;
  return before.value !== after.value;
}
