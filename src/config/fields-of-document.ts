// A document as the schema spells it: known keys in camelCase, whatever way they are written.

import type { z } from 'zod';
import { shapeOf, unwrap } from '../trainer/config/schema-keys.ts';
import { type ConfigNode, type MapNode, plainValue, type WrittenPath } from './node.ts';
import { camelCased } from './spelling.ts';

/** What was read, and what is wrong with its keys. */
export interface FieldReading {
  readonly value: Readonly<Record<string, unknown>>;
  readonly problems: readonly { readonly path: WrittenPath; readonly text: string }[];
}

/** Keys that the schema has, in its spelling; others as they are. `null` is a field that is left out. */
export function readFields(root: MapNode, schema: z.ZodType): FieldReading {
  const problems: { path: WrittenPath; text: string }[] = [];
  const value = read(root, schema, { path: [], problems }) as Record<string, unknown>; // a map gives an object
  const { $schema, ...fields } = value; // an editor's
  if ($schema !== undefined && typeof $schema !== 'string')
    problems.push({ path: ['$schema'], text: 'expected the address of a schema, got another value' });
  return { value: fields, problems };
}

interface Where {
  readonly path: WrittenPath;
  readonly problems: { path: WrittenPath; text: string }[];
}

function read(node: ConfigNode, schema: z.core.$ZodType | undefined, { path, problems }: Where): unknown {
  const inner = schema && unwrap(schema);
  if (node.kind === 'list') {
    const element = (inner as Partial<z.ZodArray> | undefined)?.element;
    return node.items.map((item, i) => read(item, element, { path: [...path, i], problems }));
  }
  const shape = inner && shapeOf(inner);
  if (node.kind === 'scalar' || !shape) return plainValue(node);
  const fields = new Map<string, unknown>();
  const written = new Map<string, string>();
  for (const [key, entry] of node.entries) {
    const plain = camelCased(key);
    const name = Object.hasOwn(shape, plain) ? plain : key;
    const where = { path: [...path, key], problems };
    if (written.has(name))
      problems.push({ path: where.path, text: `expected the field once, got ${written.get(name)} too` });
    written.set(name, key);
    const isLeftOut = entry.node.kind === 'scalar' && entry.node.value === null && Object.hasOwn(shape, name);
    if (!isLeftOut) fields.set(name, read(entry.node, Object.hasOwn(shape, name) ? shape[name] : undefined, where));
  }
  return Object.fromEntries(fields);
}
