// The schema of configuration files for editors: what completes keys and marks mistakes while a file is written.

import { z } from 'zod';
import { experimentSchema, PART_FIELDS } from './experiment-schema.ts';
import { snakeCased } from './spelling.ts';

type Json = { [key: string]: unknown };

/** JSON Schema (draft 2020-12) of configuration files: every field in snake_case and in camelCase, with what it does and its default. A value may be an
 *  environment variable, and null where it is left out. A YAML file names it in its first line: `# yaml-language-server: $schema=./experiment.schema.json`;
 *  a JSON file by `"$schema"`.
 *  @example
 *  import { editorSchema } from 'sconce/config';
 *  const { properties } = editorSchema();
 *  'max_time' in properties && 'maxTime' in properties; // true */
export function editorSchema(): { readonly $schema: string; readonly properties: Record<string, unknown> } & Json {
  const made = z.toJSONSchema(experimentSchema, {
    io: 'input',
    unrepresentable: 'any',
    override: ({ jsonSchema }) => {
      // What a program leaves out has its default in the description of the type.
      if (jsonSchema.type === 'integer' && jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
    },
  }) as Json;
  const schema = spelled(made, []);
  const properties = schema.properties as Record<string, Json>;
  for (const key of Object.keys(PART_FIELDS)) properties[key] = { ...partSchema(key), ...properties[key] };
  properties.extends = {
    description: 'Files under this one: objects are merged, everything else is replaced',
    ...oneOrMore({ type: 'string' }),
  };
  properties.$schema = { type: 'string' };
  return { ...schema, $schema: 'https://json-schema.org/draft/2020-12/schema', title: 'sconce experiment', properties };
}

const oneOrMore = (schema: Json): Json => ({ anyOf: [schema, { type: 'array', items: schema }] });

/** A part is its name, or an object with `type` and options. */
function partSchema(key: string): Json {
  const part: Json = {
    anyOf: [
      { type: 'string' },
      { type: 'object', required: ['type'], properties: { type: { type: 'string', description: 'Its name' } } },
    ],
  };
  if (key === 'data') return { type: 'object' };
  return ['optimizers', 'schedulers', 'callbacks', 'metrics', 'trainMetrics'].includes(key)
    ? { type: 'array', items: part }
    : part;
}

/** A variable in place of any value. */
const VARIABLE: Json = { type: 'string', pattern: '\\$\\{[A-Za-z_]' };

/** Adds the other spelling of every key, and variables and null to every value. */
function spelled(schema: Json, path: readonly string[]): Json {
  if (Array.isArray(schema.anyOf)) return { ...schema, anyOf: schema.anyOf.map((each) => spelled(each as Json, path)) };
  if (schema.type === 'array' && isJson(schema.items)) return { ...schema, items: spelled(schema.items, path) };
  if (!isJson(schema.properties)) return schema;
  const properties = Object.entries(schema.properties).flatMap(([key, value]) => {
    const { description, default: fallback, ...rest } = spelled(value as Json, [...path, key]);
    const isEmpty = Object.keys(rest).length === 0;
    const field: Json = {
      ...(description === undefined ? {} : { description }),
      ...(isJson(fallback) || fallback === undefined ? {} : { default: fallback }),
      ...(isEmpty ? {} : { anyOf: [rest, VARIABLE, { type: 'null' }] }),
    };
    const snake = snakeCased(key);
    return [[snake, field] as const, ...(snake === key ? [] : [[key, field] as const])];
  });
  return { ...schema, properties: Object.fromEntries(properties) };
}

const isJson = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value);
