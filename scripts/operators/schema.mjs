// Reads libtorch's operator schemas from their text, as in `add.Tensor(Tensor self, Tensor other, *, Scalar alpha=1) -> Tensor`.

/** The pieces of a comma-separated list; commas inside brackets and quotes do not count. */
function splitList(text) {
  const pieces = [];
  let depth = 0;
  let quoted = false;
  let start = 0;
  for (let i = 0; i < text.length; i++) {
    const char = text[i];
    if (char === '"') quoted = !quoted;
    else if (quoted) continue;
    else if (char === '(' || char === '[') depth++;
    else if (char === ')' || char === ']') depth--;
    else if (char === ',' && depth === 0) {
      pieces.push(text.slice(start, i).trim());
      start = i + 1;
    }
  }
  pieces.push(text.slice(start).trim());
  return pieces.filter((piece) => piece !== '');
}

/** A type's parts: `Tensor(a!)?`, `int[2]`, `Tensor?[]`.
 *  `type` is without alias, length and outer `?`; `alias` is the name of what it writes to, where it writes. */
function parseType(text) {
  const alias = /\((\w+)!/.exec(text)?.[1];
  const match = /^(\w+)(\?)?(?:\[(\d*)\])?(\?)?$/.exec(text.replace(/\([^)]*\)/g, ''));
  if (!match) throw new Error(`Cannot read schema type ${text}`);
  const [, base, inner, length, outer] = match;
  if (length === undefined) return { type: base, isNullable: inner !== undefined, length: undefined, alias };
  return {
    type: `${base}${inner ?? ''}[]`,
    isNullable: outer !== undefined,
    length: length === '' ? undefined : Number(length),
    alias,
  };
}

/** An argument: its type's parts, `name`, `fallback` (the default's text, undefined where it is required), `isKeyword`. */
function parseArgument(text, isKeyword) {
  const equals = text.indexOf('=');
  const declaration = equals < 0 ? text : text.slice(0, equals);
  const space = declaration.lastIndexOf(' ');
  return {
    ...parseType(declaration.slice(0, space)),
    name: declaration.slice(space + 1),
    fallback: equals < 0 ? undefined : text.slice(equals + 1),
    isKeyword,
  };
}

/** A result: its type's parts and its name, where the schema names it. */
function parseResult(text) {
  const match = /^(.*?\S)(?: (\w+))?$/.exec(text.replace(/\(\w+ -> [^)]*\)/g, ''));
  return { ...parseType(match[1]), name: match[2] };
}

/** A schema: `key` (name and overload), `args`, `results`, and whether it gives back its own first argument, as in-place operators do. */
export function parseSchema(text) {
  const open = text.indexOf('(');
  const arrow = text.lastIndexOf(') -> ');
  const args = [];
  let isKeyword = false;
  for (const piece of splitList(text.slice(open + 1, arrow))) {
    if (piece === '*') isKeyword = true;
    else args.push(parseArgument(piece, isKeyword));
  }
  const given = text.slice(arrow + 5);
  const results = splitList(given.startsWith('(') ? given.slice(1, -1) : given).map(parseResult);
  const returnsFirst = results.length === 1 && results[0].alias !== undefined && results[0].alias === args[0]?.alias;
  return { key: text.slice(0, open), text, args, results, returnsFirst };
}
