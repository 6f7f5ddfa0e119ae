// Names of fields in messages as the document writes them, and paths in it for what is said of fields.

import type { z } from 'zod';
import { shapeOf, unwrap } from '../trainer/config/schema-keys.ts';
import { PART_FIELDS, TRAINING_NAMES } from './experiment-schema.ts';
import { type ConfigNode, type MapNode, nodeAt } from './node.ts';
import type { DocumentProblem } from './read-experiment.ts';
import { camelCased, inSnakeCase, snakeCased } from './spelling.ts';

const OTHERS = [
  ...Object.keys(PART_FIELDS),
  'train_metrics',
  'custom_params',
  'customParams',
  'experiment_config',
  'experimentConfig',
];

/** A document writes its fields in camelCase where most are written so, else in snake_case. */
export class DocumentSpelling {
  readonly #root: MapNode;
  readonly #names: ReadonlySet<string>;
  readonly #isCamel: boolean;
  readonly #byMap = new Map<MapNode, ReadonlyMap<string, string>>();

  constructor(root: MapNode, schema: z.core.$ZodType) {
    this.#root = root;
    this.#names = new Set(namesIn(schema));
    const keys = [...keysOf(root)];
    const numCamel = keys.filter((key) => /^[a-z][a-z0-9]*[A-Z]/.test(key)).length;
    this.#isCamel = numCamel > keys.filter((key) => /^[a-z].*_/.test(key)).length;
  }

  /** A message with the names of fields as the document writes them. */
  text(message: string): string {
    return this.#isCamel ? message : inSnakeCase(message, this.#names);
  }

  /** A problem that was told as `performance.clipGradNorm: expected …`. */
  problem(line: string): DocumentProblem {
    const end = line.indexOf(': ');
    const path = this.#written(line.slice(0, end).split('.'));
    return { path, text: this.text(line.slice(end + 2)) };
  }

  /** The path as it is written. A field that is not there may stand under `training`; what is not there at all is spelt as the document spells. */
  #written(path: readonly string[]): (string | number)[] {
    const written = this.#follow(path);
    if (nodeAt(this.#root, written)) return written;
    const alias = Object.keys(TRAINING_NAMES).find((name) => TRAINING_NAMES[name]!.join('.') === path.join('.'));
    const other = alias === undefined ? written : this.#follow(['training', alias]);
    return nodeAt(this.#root, other) ? other : written;
  }

  /** Keys of a map by their spelling in camelCase. */
  #camelKeys(map: MapNode): ReadonlyMap<string, string> {
    const known = this.#byMap.get(map) ?? new Map([...map.entries.keys()].map((key) => [camelCased(key), key]));
    this.#byMap.set(map, known);
    return known;
  }

  #follow(path: readonly string[]): (string | number)[] {
    let node: ConfigNode | undefined = this.#root;
    return path.map((key) => {
      const map: MapNode | undefined = node?.kind === 'map' ? node : undefined;
      const isPlace = node?.kind === 'list' && /^\d+$/.test(key);
      const own = map && (map.entries.has(key) ? key : this.#camelKeys(map).get(key));
      node = nodeAt(node ?? this.#root, isPlace ? [Number(key)] : own === undefined ? ['\0'] : [own]);
      if (isPlace) return Number(key);
      return own ?? (this.#isCamel || !this.#names.has(key) ? key : snakeCased(key));
    });
  }
}

function* namesIn(schema: z.core.$ZodType): Generator<string> {
  const inner = unwrap(schema);
  const { element } = inner as Partial<z.ZodArray>;
  if (element) yield* namesIn(element);
  for (const [name, field] of Object.entries(shapeOf(inner) ?? {})) {
    yield name;
    yield* namesIn(field);
  }
}

/** But those of sections whose keys are not fields. */
function* keysOf(node: ConfigNode): Generator<string> {
  if (node.kind === 'list') for (const item of node.items) yield* keysOf(item);
  if (node.kind !== 'map') return;
  for (const [key, entry] of node.entries) {
    yield key;
    if (!OTHERS.includes(key)) yield* keysOf(entry.node);
  }
}
