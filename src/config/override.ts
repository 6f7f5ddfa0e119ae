// Single values over a configuration: `performance.clip_grad_norm=0.5`, as `--set` gives them.

import { describeValue } from '../trainer/config/problems.ts';
import { type Environment, scalarOf, withEnvironment } from './environment.ts';
import { sameKey } from './merge.ts';
import type { ConfigNode, MapNode } from './node.ts';
import type { Place, PlacedProblem } from './place.ts';
import { readYaml } from './read-yaml.ts';
import { camelCased } from './spelling.ts';

/** A value for a path. */
export interface Override {
  readonly path: readonly string[];
  readonly node: ConfigNode;
  readonly place: Place;
}

/** Reads `path=value`. The value is a number, true, false, null, a list or an object as YAML writes them in one line (`[1, 2]`, `{ type: adamw }`), or else a
 *  text.
 *  @param problems - takes what is wrong. */
export async function readOverride(
  given: string,
  environment: Environment,
  problems: PlacedProblem[],
): Promise<Override | undefined> {
  const place = { source: `--set ${given}` };
  const [, name, text] = /^([^=]*)=(.*)$/s.exec(given) ?? [];
  const path = name?.trim().split('.') ?? [];
  if (text === undefined || path.some((key) => key === '')) {
    problems.push({ place, text: 'expected a path and a value, as performance.clip_grad_norm=0.5, got another text' });
    return undefined;
  }
  let node: ConfigNode = { kind: 'scalar', place, value: scalarOf(text.trim()) };
  if (/^\s*[[{"']/.test(text)) {
    const reading = await readYaml(text, place.source);
    problems.push(...reading.problems.map((problem) => ({ ...problem, place })));
    if (!reading.node) return undefined;
    node = atPlace(reading.node, place);
  }
  return { path, place, node: withEnvironment(node, environment, problems) };
}

/** A value as nodes, all of one place. */
export function nodeOf(value: unknown, place: Place): ConfigNode {
  if (Array.isArray(value)) return { kind: 'list', place, items: value.map((item) => nodeOf(item, place)) };
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value).filter(([, inner]) => inner !== undefined);
    return {
      kind: 'map',
      place,
      entries: new Map(entries.map(([key, inner]) => [key, { place, node: nodeOf(inner, place) }])),
    };
  }
  return { kind: 'scalar', place, value: (value ?? null) as string | number | boolean | null }; // a configuration has no others
}

/** The same values, all of one place. */
function atPlace(node: ConfigNode, place: Place): ConfigNode {
  if (node.kind === 'scalar') return { ...node, place };
  if (node.kind === 'list') return { ...node, place, items: node.items.map((item) => atPlace(item, place)) };
  const entries = [...node.entries].map(([key, entry]) => [key, { place, node: atPlace(entry.node, place) }] as const);
  return { ...node, place, entries: new Map(entries) };
}

/** Puts a value in its place. Objects on the way are made where there are none; a list takes the number of an entry that it has.
 *  @param problems - takes a path that leads nowhere. */
export function applyOverride(root: MapNode, override: Override, problems: PlacedProblem[]): MapNode {
  return replaced(root, override, { at: 0, problems }) as MapNode; // a map gives a map
}

function replaced(
  node: ConfigNode | undefined,
  override: Override,
  { at, problems }: { at: number; problems: PlacedProblem[] },
): ConfigNode {
  const { path, place } = override;
  if (at === path.length) return override.node;
  const key = path[at]!;
  const next = { at: at + 1, problems };
  const refuse = (wanted: string, got: string): void => {
    problems.push({
      place,
      text: `${path.join('.')}: expected ${wanted} at ${path.slice(0, at).join('.')}, got ${got}`,
    });
  };
  if (node?.kind === 'list') {
    const isThere = /^\d+$/.test(key) && Number(key) < node.items.length;
    if (!isThere) refuse(`a number from 0 to ${node.items.length - 1} for the list`, JSON.stringify(key));
    const items = node.items.map((item, i) => (isThere && i === Number(key) ? replaced(item, override, next) : item));
    return { ...node, items };
  }
  if (node?.kind === 'scalar' && node.value !== null) {
    refuse('an object', describeValue(node.value));
    return node;
  }
  const map: MapNode = node?.kind === 'map' ? node : { kind: 'map', place, entries: new Map() };
  const own = sameKey(map, key, path.slice(0, at).map(camelCased)) ?? key;
  const inner = replaced(map.entries.get(own)?.node, override, next);
  return { ...map, entries: new Map([...map.entries, [own, { place, node: inner }]]) };
}
