// A configuration as it was written: values with their places. Nodes are never changed; what composes them makes new ones.

import type { Place } from './place.ts';

export type ConfigNode = ScalarNode | ListNode | MapNode;

export interface ScalarNode {
  readonly kind: 'scalar';
  readonly place: Place;
  readonly value: string | number | boolean | null;
}

export interface ListNode {
  readonly kind: 'list';
  readonly place: Place;
  readonly items: readonly ConfigNode[];
}

export interface MapNode {
  readonly kind: 'map';
  readonly place: Place;
  /** By key as it is written. */
  readonly entries: ReadonlyMap<string, MapEntry>;
}

export interface MapEntry {
  /** Of the key. */
  readonly place: Place;
  readonly node: ConfigNode;
}

/** Keys and places in lists, as they are written. */
export type WrittenPath = readonly (string | number)[];

/** Plain data, with keys as they are written. */
export function plainValue(node: ConfigNode): unknown {
  if (node.kind === 'scalar') return node.value;
  if (node.kind === 'list') return node.items.map(plainValue);
  return Object.fromEntries([...node.entries].map(([key, entry]) => [key, plainValue(entry.node)]));
}

/** The node at a path; undefined where there is none. */
export function nodeAt(node: ConfigNode, path: WrittenPath): ConfigNode | undefined {
  let found: ConfigNode | undefined = node;
  for (const key of path) {
    if (found?.kind === 'map') found = found.entries.get(String(key))?.node;
    else if (found?.kind === 'list') found = found.items[Number(key)];
    else return undefined;
  }
  return found;
}

/** The place of what is at a path, of its key where it has one; where there is nothing, of what is nearest above. */
export function placeAt(node: ConfigNode, path: WrittenPath): Place {
  let [found, place]: [ConfigNode | undefined, Place] = [node, node.place];
  for (const key of path) {
    const entry: MapEntry | undefined = found?.kind === 'map' ? found.entries.get(String(key)) : undefined;
    const item: ConfigNode | undefined = found?.kind === 'list' ? found.items[Number(key)] : undefined;
    if (!entry && !item) return place;
    place = (entry ?? item)!.place;
    found = entry?.node ?? item;
  }
  return place;
}

/** A map with an entry in place of the one of that key, or behind the others. */
export function withEntry(map: MapNode, key: string, entry: MapEntry): MapNode {
  return { ...map, entries: new Map([...map.entries, [key, entry]]) };
}
