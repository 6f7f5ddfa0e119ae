// Decides from the facts what is generated: the operator table, the members of each surface, the raw calls, and what is left out and why.

import { RAW_FUNCTIONS, whyDropped, whyExcluded } from './policy.mjs';
import { parseSchema } from './schema.mjs';
import { mergeOverloads } from './signature.mjs';
import { camelCase, hasResultType, isSupported } from './types.mjs';

/** The surfaces whose members are functions or methods. */
const SURFACES = ['method', 'function', 'nn', 'linalg', 'fft', 'special', 'property'];

/** @param facts - the parsed operators.facts.json.
 *  @returns `operators` (the table's strings), `surfaces` (members by surface), `raw`, and `excluded` (by surface: name -> reason). */
export function planSurface(facts) {
  const schemas = new Map(Object.entries(facts.schemas).map(([key, text]) => [key, parseSchema(text)]));
  const excluded = Object.fromEntries(SURFACES.map((surface) => [surface, {}]));
  const wanted = [];
  for (const surface of SURFACES) {
    for (const [name, entry] of Object.entries(facts[surface])) {
      const keys = entry.overloads.filter((key) => !whyDropped(surface, name, key) && isUsable(schemas.get(key)));
      const reason =
        whyExcluded(surface, name, entry.overloads) ??
        (keys.length === 0 ? 'its types have no form in TypeScript' : undefined);
      if (reason) excluded[surface][name] = reason;
      else wanted.push({ surface, name, entry, keys });
    }
  }
  const rawKeys = [...Object.values(facts.internal), ...RAW_FUNCTIONS.map((name) => facts.function[name])].flatMap(
    (entry) => entry.overloads,
  );
  const table = [...new Set([...wanted.flatMap(({ keys }) => keys), ...rawKeys])].sort();
  const indexOf = new Map(table.map((key, i) => [key, i]));
  const surfaces = Object.fromEntries(SURFACES.map((surface) => [surface, []]));
  for (const { surface, name, entry, keys } of wanted) {
    const overloads = keys.map((key) => ({
      schema: schemas.get(key),
      index: indexOf.get(key),
      wrapped: entry.wrapsNumber?.[key],
    }));
    const isMethod = surface === 'method' || surface === 'property';
    surfaces[surface].push({ ...mergeOverloads(camelCase(name), overloads, isMethod), page: entry.page });
  }
  return {
    operators: table.map((key) => writeOperator(schemas.get(key))),
    surfaces,
    raw: [...new Set(rawKeys)].sort().map((key) => ({ schema: schemas.get(key), index: indexOf.get(key) })),
    excluded,
  };
}

/** The table's form of an operator: `add.Tensor(self,other,alpha)`. */
function writeOperator({ key, args }) {
  return `${key}(${args.map((arg) => arg.name).join(',')})`;
}

function isUsable(schema) {
  return isSupported(schema) && hasResultType(schema);
}
