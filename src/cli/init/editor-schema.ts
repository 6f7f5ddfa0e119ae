// What editors check and complete configuration files by: the schema of experiments as JSON Schema, with keys in snake_case.

import { z } from 'zod';
import { experimentSchema } from '../../config/experiment-schema.ts';
import { snakeCased } from '../../config/spelling.ts';

type Json = Record<string, unknown>;

/** Parts are objects with type and options of their own, or names. */
const PART = {
  anyOf: [
    { type: 'string' },
    { type: 'object', properties: { type: { type: 'string' } }, required: ['type'], additionalProperties: true },
  ],
};
const PARTS = { type: 'array', items: PART };
const NAMED: Readonly<Record<string, object>> = {
  ...{ model: PART, loss: PART, step: PART, optimizer: PART, scheduler: PART },
  ...{ optimizers: PARTS, schedulers: PARTS, callbacks: PARTS, metrics: PARTS },
  data: { type: 'object', properties: { train: {}, val: {}, test: {}, input: {}, target: {} } },
};

/** A JSON Schema (2020-12). */
export function editorSchema(): Json {
  const schema = inSnakeCase(z.toJSONSchema(experimentSchema, { io: 'input', unrepresentable: 'any' })) as Json;
  const properties = schema.properties as Json;
  for (const [name, shape] of Object.entries(NAMED)) properties[name] = { ...(properties[name] as Json), ...shape };
  properties.extends = {
    description: 'Configuration files under this one, whose values it changes',
    anyOf: [{ type: 'string' }, { type: 'array', items: { type: 'string' } }],
  };
  properties.$schema = { type: 'string' };
  return schema;
}

function inSnakeCase(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(inSnakeCase);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, entry]) => {
      if (key !== 'properties')
        return [key, key === 'required' ? (entry as string[]).map(snakeCased) : inSnakeCase(entry)];
      const fields = Object.entries(entry as Json).map(([name, field]) => [snakeCased(name), inSnakeCase(field)]);
      return [key, Object.fromEntries(fields)];
    }),
  );
}
