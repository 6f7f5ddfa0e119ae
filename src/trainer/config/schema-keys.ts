// Looks into a schema: the keys that an object has at a path.

import type { z } from 'zod';

/** A schema without what wraps it: defaults, optional, read-only. */
export function unwrap(schema: z.core.$ZodType): z.core.$ZodType {
  const { innerType } = schema._zod.def as { innerType?: z.core.$ZodType };
  return innerType === undefined ? schema : unwrap(innerType);
}

/** The fields of an object's schema; undefined for a schema of anything else. */
export function shapeOf(schema: z.core.$ZodType): Readonly<Record<string, z.core.$ZodType>> | undefined {
  return (unwrap(schema) as Partial<z.ZodObject>).shape;
}

const ownField = (shape: ReturnType<typeof shapeOf>, key: string): z.core.$ZodType | undefined =>
  shape && Object.hasOwn(shape, key) ? shape[key] : undefined;

/** The known keys of the object at `path`, where places in lists are passed over; none where there is no object. */
export function keysAt(schema: z.core.$ZodType, path: readonly PropertyKey[]): readonly string[] {
  let found: z.core.$ZodType | undefined = schema;
  for (const key of path) {
    const inner: z.core.$ZodType = unwrap(found);
    const { element } = inner as Partial<z.ZodArray>;
    found = element ?? ownField(shapeOf(inner), String(key));
    if (!found) return [];
  }
  return Object.keys(shapeOf(found) ?? {});
}
